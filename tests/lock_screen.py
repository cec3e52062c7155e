"""Every kind of message as a locked phone shows it, and every mail as a mail server sees it.

docs/interface.md has both (`tests.docs.interface`). An exercise passes in everything that was sent: each call
to Slack and each mail is checked against the same closed sets.
"""

from __future__ import annotations

import email
import email.header
import email.policy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from functools import cache, partial
from itertools import chain, islice, product
from typing import Any, cast

from icalendar import Calendar

from bot.calendar.mail import build_mail
from bot.domain.case.calendar import Trouble
from bot.domain.case.file import CaseFile
from bot.domain.convening import NotConvened
from bot.domain.directory.entities import Contact, Person
from bot.domain.joint import JointEntry, JointMeetingView
from bot.domain.language import Language
from bot.domain.leftovers import Leftovers
from bot.domain.notifications import (
    ContactDecision,
    HeldAnswer,
    Kind,
    Notification,
    Params,
    PlannedFor,
    Revision,
    Waited,
)
from bot.domain.worktime import OSLO
from bot.texts.words import Words, words
from bot.usecases.convening import ConveningView
from handlers import convening, drill
from handlers.blocks.context import File, Message, PersonRenderContext, RenderContext
from handlers.blocks.lock_screen import lock_screen
from handlers.delivery.mail import MailDelivery
from handlers.directory import messages as directory_messages
from handlers.directory.roster_page import roster_page
from handlers.guidance import messages as guidance_messages
from handlers.joint import messages as joint_messages
from handlers.leftovers import leftovers_message
from handlers.lifecycle.undoing import undone
from handlers.overview.card import card
from handlers.overview.home_model import HomeModel
from handlers.overview.waiting import open_asks, summary, wait_over
from handlers.report import duty
from handlers.report import yearly as of_year
from sandbox.mail.servers import MailServers
from sandbox.workspace import Workspace
from tests.bot.report.test_shown import report
from tests.bot.report.years import SIX_A_YEAR, yearly
from tests.handlers import outside
from tests.handlers.cases import CASE_MESSAGES, NOW, TEAM, base, ctx, messages, render
from tests.handlers.delivery.disclosed_cases import MOMENTS, STATES
from tests.handlers.delivery.test_disclosure import READERS, all_params, subjects
from tests.stories.judges import locked_phone

Made = Message | File
#: All sentences that a locked phone may show.
SENTENCES = ("new", "reminder", "urgent", "answer-by", "calendar-file", "file")
#: Kinds that leave no message in Slack.
NO_MESSAGE = {
    *(Kind.HOME, Kind.STANDING, Kind.COPIES, Kind.PURGE, Kind.FORGET, Kind.ESCALATION, Kind.MEETING_TURNS),
    *(Kind.LIAISON_ENDS, Kind.MAIL_INVITE, Kind.JOINT_MAIL, Kind.DRILL_MAIL, Kind.ITEM_TURNS),
}
KINDS = [kind for kind in Kind if kind not in NO_MESSAGE]
_CLOCK = r"\d\d:\d\d"


@cache
def pattern(language: Language) -> re.Pattern[str]:
    """Return a pattern for the closed set in one language."""
    return re.compile("|".join(_sentence(words(language), key, _CLOCK) for key in SENTENCES))


def _sentence(said: Words, key: str, clock: str) -> str:
    name = f"lock-screen.{key}"
    return re.escape(said(name, clock="CLOCK") if key == "answer-by" else said(name)).replace("CLOCK", clock)


def is_harmless(text: object) -> bool:
    return isinstance(text, str) and any(pattern(language).fullmatch(text) for language in Language)


# --- every kind of message


@cache
def shown(kind: Kind, language: Language) -> frozenset[str]:
    """Return the sentences of this kind's samples, with 21:20 for a clock time; none if it has no sample."""
    said = words(language)
    found = (lock_screen(said, kind, made, NOW, OSLO) for made in samples(kind, language))
    return frozenset(re.sub(_CLOCK, "21:20", text) for text in found)


@cache
def samples(kind: Kind, language: Language) -> tuple[Made, ...]:
    """Return messages of this kind: all from the plain case, otherwise one from a case that has any."""
    if kind not in CASE_MESSAGES:
        made = OF_NO_CASE[kind](words(language).read_at(NOW), base()) if kind in OF_NO_CASE else None
        return (made,) if made is not None else ()
    said = words(language)
    made_of = (render(replace(each, words=said.read_at(each.now))) for each in _deliveries(kind))
    return tuple(made for made in made_of if made is not None)


@cache
def _deliveries(kind: Kind) -> tuple[RenderContext, ...]:
    """Return the deliveries behind `samples`, found once for all languages."""
    plain = tuple(_that_say_something(kind, [base()], MOMENTS[:1]))
    return plain or tuple(islice(_that_say_something(kind, STATES.values(), MOMENTS), 1))


def _that_say_something(
    kind: Kind, files: Iterable[CaseFile], moments: Iterable[Any]
) -> Iterable[RenderContext]:
    for file in files:
        about = list(product(subjects(file), all_params(kind)))
        for reader in READERS:
            for delivery, _ in messages(file, kind, reader, moments, about):
                yield delivery


def _decided(file: CaseFile) -> ConveningView:
    asked = outside.request(file)
    answer = {"convened": False, "reason": NotConvened.GUIDANCE, "decided_at": NOW, "decided_by": "lead"}
    decided = replace(asked.asked, **cast(Any, answer))
    return replace(asked, asked=decided)


def _contact(kind: Kind, params: ContactDecision | None) -> Callable[[Words, CaseFile], Made | None]:
    def make(said: Words, file: CaseFile) -> Made | None:
        contact = Contact("new", "agency-police", "police2", 3, title="Vakt", waits=True)
        notification = Notification(kind, "new", recipient="lead", params=params)
        agency, person = file.agencies["agency-police"], file.persons["police2"]
        return directory_messages.contact_message(said, notification, agency, contact, person)

    return make


def _by_mail(file: CaseFile) -> JointMeetingView:
    """Return the joint meeting, with one invitation that does not arrive."""
    now = outside.meeting_view(file)
    own = now.invitation_of("police")
    assert own is not None
    entry = JointEntry(
        *("entry", "police@mail.example", "0a" * 16, "0b" * 10, NOW, NOW, NOW + timedelta(hours=1), NOW, 0),
        trouble=Trouble.LOGIN,
        joint_id="joint",
        invitation_id=own.id,
    )
    person = Person("police", work_mail="police@mail.example")
    return replace(now, entries=(entry,), persons={**now.persons, "police": person})


def _held(said: Words, file: CaseFile) -> Message | None:
    now = outside.meeting_view(file)
    answer = HeldAnswer("text", None, None, NOW, 0)
    return joint_messages.held(said, now, now.invited[0], answer)


def _reported(kind: Kind, said: Words, _: CaseFile) -> Made | None:
    return duty.SHOWS[kind](said, report())


def _yearly(kind: Kind, said: Words, _: CaseFile) -> Made | None:
    return of_year.SHOWS[kind](said, replace(yearly(2026, SIX_A_YEAR), shared=True))


_PLANNED = PlannedFor("waits", NOW)
_Show = Callable[[PersonRenderContext, Any], Made | None]
#: Each kind outside cases: the function that renders it, its object, its reader, and its parameters.
_OUTSIDE: Mapping[Kind, tuple[_Show, Callable[[CaseFile], Any], str, Params | None]] = {
    Kind.GUIDANCE_ASKED: (guidance_messages.asked, outside.standing, "lead", None),
    Kind.GUIDANCE_STANDS: (guidance_messages.stands, outside.standing, "police", None),
    Kind.GUIDANCE_ANSWER: (guidance_messages.answer, outside.answered, "police", Revision(1)),
    Kind.GUIDANCE_TALK: (guidance_messages.talk, outside.answered, "police", Revision(0)),
    Kind.GUIDANCE_ENTRY: (guidance_messages.entry, outside.answered, "police", Revision(0)),
    Kind.GUIDANCE_WAITS: (guidance_messages.waits, outside.standing, "lead", _PLANNED),
    Kind.CONVENE_ASKED: (convening.asked, outside.request, "lead", None),
    Kind.CONVENE_STANDS: (convening.stands, outside.request, "police", None),
    Kind.CONVENE_DECIDED: (convening.decided, _decided, "police", None),
    Kind.CONVENE_WAITS: (convening.waits, outside.request, "lead", _PLANNED),
    Kind.JOINT_CALLED: (joint_messages.called, outside.meeting_view, "lead", None),
    Kind.JOINT_INVITED: (joint_messages.invited, outside.meeting_view, "police", Revision(0)),
    Kind.JOINT_ENTRY: (joint_messages.entry, outside.meeting_view, "police", Revision(0)),
    Kind.JOINT_POST: (joint_messages.undelivered, _by_mail, "lead", None),
    Kind.JOINT_SOON: (joint_messages.soon, outside.meeting_view, "police", _PLANNED),
    Kind.JOINT_REGISTER: (joint_messages.register, outside.meeting_view, "lead", _PLANNED),
    Kind.DRILL_ASKED: (drill.asked, outside.a_drill, "police", None),
    Kind.DRILL_REMINDED: (drill.reminded, outside.a_drill, "police", None),
    Kind.DRILL_HELD: (drill.held, outside.a_drill, "lead", None),
}


def _outside(kind: Kind) -> Callable[[Words, CaseFile], Made | None]:
    show, of, reader, params = _OUTSIDE[kind]
    return lambda said, file: show(outside.ctx(said, kind, reader, params), of(file))


LEFT = Leftovers("left", TEAM.id, date(2026, 12, 1), ("https://team.example/archives/C1/p1",))
OF_NO_CASE: Mapping[Kind, Callable[[Words, CaseFile], Made | None]] = {
    Kind.ROOM: lambda w, f: card(ctx(f, Kind.ROOM, "case", language=w.language)),
    Kind.SUMMARY: lambda w, f: summary(HomeModel(f.persons["lead"], [], words=w, now=NOW)),
    Kind.WAIT_OVER: lambda w, f: wait_over(w, OSLO, Waited("1", NOW, stored=False)),
    Kind.OPEN_ASKS: lambda w, f: open_asks(HomeModel(f.persons["lead"], [], words=w, now=NOW)),
    Kind.ROSTER_PAGE: lambda w, f: roster_page(w, [outside.a_roster(f)], date(2026, 12, 1)),
    Kind.APPOINTED: lambda w, f: directory_messages.appointed(w, TEAM),
    Kind.COORDINATOR_GONE: lambda w, f: directory_messages.coordinator_gone(
        *(w, TEAM, f.persons["lead"], "gone"), alone=True
    ),
    Kind.CONTACT_APPROVAL: _contact(Kind.CONTACT_APPROVAL, None),
    Kind.CONTACT_DECIDED: _contact(Kind.CONTACT_DECIDED, ContactDecision(approved=True, at=NOW)),
    Kind.LEFT_STANDING: lambda w, f: leftovers_message(w, LEFT),
    Kind.UNDONE: lambda w, f: undone(w, TEAM, NOW, coordinates=False),
    **{k: partial(_reported, k) for k in (Kind.REPORT, Kind.REPORT_SHEET)},
    **{k: partial(_yearly, k) for k in (Kind.YEARLY, Kind.YEARLY_SHEET)},
    **{kind: _outside(kind) for kind in _OUTSIDE},
    Kind.JOINT_HELD: _held,
}


# --- what was actually sent to Slack


def assert_lock_screens_neutral(workspace: Workspace) -> None:
    """Check every message, file and whisper that was sent against the closed set, as after every story."""
    assert any(call.method == "chat.postMessage" for call in workspace.calls), "nothing was sent"
    for call in workspace.calls:
        locked_phone(call)


# --- mail


_ADDRESS = r"[\w.+'-]+@[\w.-]+"
_BOUNDARY = r'boundary="=+\d+=="'
#: Every header allowed in the bot's mails, in any part, and its allowed content.
HEADERS: Mapping[str, str] = {
    "From": r"[a-z]+\+(doctor-)?[0-9a-f]{12,20}@[a-z.]+"
    r"|(Møtekalender|Meeting calendar) <[a-z]+\+[0-9a-f]{20}@[a-z.]+>",
    "To": _ADDRESS,
    "Subject": "(Endret: |Utgår: |Endra: |Går ut: )?Møte|Møte: kan du (ringe|ringje)\\?"
    "|(Changed: |Withdrawn: )?Meeting|Meeting: could you call\\?"
    "|Prøve: svar på denne e-posten|Test: please answer this e-mail",
    "Date": r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000",
    "Message-ID": r"<[0-9a-f]{20}\.r?[0-9.]+@[a-z.]+>",
    "MIME-Version": r"1\.0",
    "Content-Type": rf'multipart/(mixed|alternative); {_BOUNDARY}|text/plain; charset="utf-8"'
    r'|text/calendar; (method="(REQUEST|CANCEL)"; )?charset="utf-8"(; method="(REQUEST|CANCEL)")?'
    r'|application/ics; name="invite\.ics"',
    "Content-Transfer-Encoding": "base64|quoted-printable|7bit",
    "Content-Disposition": r'attachment; filename="invite\.ics"',
}
#: The same for the calendar object, by property, without those of the time zone.
PROPERTIES: Mapping[str, str] = {
    "VERSION": r"2\.0",
    "PRODID": "-//calendar//NONSGML v1//EN",
    "CALSCALE": "GREGORIAN",
    "METHOD": "PUBLISH|REQUEST|CANCEL",
    "UID": "[0-9a-f]{32}",
    "SEQUENCE": r"\d+",
    "ORGANIZER": "mailto:" + _ADDRESS,
    "ATTENDEE": "mailto:" + _ADDRESS,
    "SUMMARY": "Møte|Meeting",
    "CLASS": "PRIVATE",
    "STATUS": "CONFIRMED|CANCELLED",
}
#: Times; the place and the words, which other tests check.
_OTHERS = {"DTSTAMP", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION"}


def assert_mails_neutral(servers: MailServers) -> None:
    """Check every mail that was sent, and the name in the bot's greeting, against the closed sets."""
    for sent in servers.sent:
        neutral_mail(sent.raw)
    assert servers.smtp.greetings <= {servers.address.rpartition("@")[2]}, servers.smtp.greetings


def neutral_mail(raw: bytes) -> None:
    for part in email.message_from_bytes(raw).walk():
        for name, value in part.items():
            assert name in HEADERS, f"{name}: {value}"
            assert re.fullmatch(HEADERS[name], _decoded(value)), f"{name}: {value}"
        if part.get_content_type() in ("text/calendar", "application/ics"):
            neutral_calendar(cast(bytes, part.get_payload(decode=True)))


def neutral_calendar(content: bytes) -> None:
    calendar = Calendar.from_ical(content)
    for component in chain([calendar], calendar.walk("VEVENT")):
        for name, value in component.property_items(recursive=False):
            if name in ("BEGIN", "END") or name in _OTHERS:
                continue
            assert name in PROPERTIES, name
            assert re.fullmatch(PROPERTIES[name], str(value)), f"{name}: {value}"


def _decoded(value: str) -> str:
    parts = email.header.decode_header(re.sub(r"\r?\n\s+", " ", value))
    return "".join(p.decode(c or "ascii") if isinstance(p, bytes) else p for p, c in parts)


class _NoServer:
    async def send(self, mail: EmailMessage) -> None:
        raise NotImplementedError


def mails(language: Language) -> dict[str, EmailMessage]:
    """Return every sort of mail, by its subject."""
    said = words(language)
    delivery = MailDelivery(_NoServer(), cast(Any, None), organizer="kalender@kommune.example", counted=True)
    entry = _by_mail(base()).entries[0]
    found = {}
    for told in (entry, replace(entry, sequence=1), replace(entry, sequence=2, cancelled=True)):
        mail = delivery.invite(said, told, TEAM, place=None, on_slack=True, answered="NEEDS-ACTION")
        found[str(mail["Subject"])] = mail
    test = delivery.plain("0d" * 10, entry.address, said("mail.drill-subject"), NOW)
    drilled = build_mail(test, said("mail.drill"))
    return {**found, str(drilled["Subject"]): drilled}


# --- as tables


def in_bokmaal() -> list[str]:
    """Return each sentence in bokmål."""
    said = words(Language.NB)
    return [re.sub(r"\\(.)", r"\1", _sentence(said, key, "21:20")) for key in SENTENCES]


def by_header() -> list[tuple[str, str]]:
    """Return the rows: each header of a mail, with example values."""
    found: dict[str, dict[str, None]] = {}
    for mail in mails(Language.NB).values():
        for part in email.message_from_bytes(mail.as_bytes()).walk():
            for name, value in part.items():
                text = re.sub(r'boundary="[^"]*"', 'boundary="…"', _decoded(value))
                found.setdefault(name, {})[text] = None
    return [(name, " · ".join(f"`{text}`" for text in texts)) for name, texts in found.items()]
