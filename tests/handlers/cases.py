"""One handmade case, and scenes of it, for the tests of the blocks.

`base` has a meeting tomorrow and six agencies: the police and child welfare on Slack with a confirmed seat,
the social services asked and not confirmed, a counsel reached only by mail, a shelter under a cover name, and
health, which is only expected. `amend` changes one thing in it, found by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from bot.domain import notifications as shapes
from bot.domain.case.actions import CaseAction
from bot.domain.case.entities import (
    Answer,
    Ask,
    Case,
    DeclineReason,
    Duty,
    Involvement,
    Meeting,
    Phase,
    Room,
    Seat,
    SeatRole,
    StepKind,
    Via,
)
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import (
    Agency,
    AgencyKind,
    Contact,
    Coordinator,
    Ground,
    Person,
    Reason,
    Team,
    TeamRules,
)
from bot.domain.language import Language
from bot.domain.notifications import Kind, Notification, Params
from bot.domain.overview.told import subject_of
from bot.texts.words import Words, words
from handlers.blocks.context import File, Message, RenderContext
from handlers.delivery.declarations import CaseMessage
from handlers.subjects import joined

ASKED = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # 09:00 in Oslo
ORGANIZER = "noreply@calendar.invalid"
REGISTRY = joined().notifications
NOW = ASKED + timedelta(minutes=30)
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)  # 10:00 in Oslo

RULES = TeamRules(places=("Rådhuset, rom 2",))
TEAM = Team("team", "tot", "TOT Bergen", "Mandat", Language.NB, "Europe/Oslo", RULES)
KINDS = {
    "police": (AgencyKind.POLICE, "Politiet", Reason.INVESTIGATION, Ground.LEGAL),
    "child": (AgencyKind.CHILD_WELFARE, "Barneverntjenesten", Reason.CHILD_PROTECTION, Ground.LEGAL),
    "social": (AgencyKind.SOCIAL_SERVICES, "Sosialtjenesten", Reason.INCOME, Ground.CONSENT),
    "counsel": (AgencyKind.VICTIMS_COUNSEL, "Bistandsadvokaten", Reason.LEGAL_AID, Ground.CONSENT),
    "shelter": (AgencyKind.CRISIS_CENTRE, "Krisesenteret i Vika", Reason.HOUSING, Ground.CONSENT),
    "health": (AgencyKind.HEALTH, "Helsetjenesten", Reason.HEALTH, Ground.CONSENT),
}
CONFIRMED = ("police", "child")
ASKED_AGENCIES = ("police", "child", "social", "counsel", "shelter")


#: People whom Slack reaches; the counsel has only a work mail.
ON_SLACK = (
    *("lead", "second", "police", "police2", "child", "social", "shelter", "health"),
    "guest",
    "stranger",
)
LINES = {"police": "55 00 00 63", "shelter": "55 00 00 01"}


def _agency(key: str) -> Agency:
    kind, name, _, _ = KINDS[key]
    cover = "botilbud 1" if key == "shelter" else None
    return Agency(f"agency-{key}", "team", key, kind, name, cover_name=cover, duty_line=LINES.get(key))


def base() -> CaseFile:
    """Return the case, with nothing answered yet."""
    contacts = [Contact(f"contact-{key}", f"agency-{key}", key, 1, title="Vakt") for key in KINDS]
    persons = {p: Person(p, f"U0{p.upper()}", f"{p}@mail.example") for p in ON_SLACK}
    ends_at, place, note = STARTS + timedelta(hours=1), "Rådhuset, rom 2", "Hvem gjør hva de neste dagene"
    meeting = Meeting("meeting", "case", STARTS, ends_at, ASKED, place=place, note=note)
    return CaseFile(
        team=TEAM,
        case=Case("case", "team", "k7f3", Phase.ACUTE, 3, "lead", ASKED, asked_by="agency-police"),
        room=Room("room", "case", "C0ROOM", "rom-k7f3", members=("lead",)),
        involvements=tuple(map(_part, KINDS)),
        seats=(
            Seat("seat-lead", "case", "lead", SeatRole.COORDINATOR, ASKED, acknowledged_at=ASKED),
            Seat("seat-second", "case", "second", SeatRole.COORDINATOR, ASKED),
            *map(_seat, ASKED_AGENCIES),
        ),
        meetings=(meeting,),
        duties=tuple(Duty(f"duty-{key}", "case", "meeting", f"part-{key}", ASKED) for key in ASKED_AGENCIES),
        asks=tuple(map(_ask, ASKED_AGENCIES)),
        agencies={f"agency-{key}": _agency(key) for key in KINDS},
        contacts=(*contacts, Contact("contact-police2", "agency-police", "police2", 2)),
        coordinators=(Coordinator("c1", "team", "lead", ASKED), Coordinator("c2", "team", "second", ASKED)),
        persons={**persons, "counsel": Person("counsel", work_mail="counsel@mail.example")},
    )


def _part(key: str) -> Involvement:
    persons, (_, _, reason, ground) = "AB" if key == "police" else "ABC", KINDS[key]
    asked = None if key == "health" else ASKED
    return Involvement(f"part-{key}", "case", f"agency-{key}", persons, reason, ground, asked_at=asked)


def _seat(key: str) -> Seat:
    seat = Seat(f"seat-{key}", "case", key, SeatRole.AGENCY, ASKED, f"part-{key}")
    if key not in CONFIRMED:
        return seat
    confirmed_at = ASKED + timedelta(minutes=5)
    return replace(seat, acknowledged_at=confirmed_at, acknowledged_via=Via.SLACK, acknowledged_by=key)


def _ask(key: str) -> Ask:
    uid = f"{key.encode().hex():0<32}"
    return Ask(f"ask-{key}", "case", f"duty-{key}", "meeting", key, uid, ASKED, 0)


def amend(file: CaseFile, id: str, /, **changes: Any) -> CaseFile:
    """Return the file with changed fields of the object with this id."""
    for name in ("case", "room", "team"):
        if id == name:
            return _with(file, name, replace(getattr(file, name), **changes))
    for name in ("involvements", "seats", "meetings", "duties", "asks", "contacts", "coordinators"):
        things = getattr(file, name)
        if any(thing.id == id for thing in things):
            return _with(file, name, tuple(replace(t, **changes) if t.id == id else t for t in things))
    for name in ("agencies", "persons"):
        things = getattr(file, name)
        if id in things:
            return _with(file, name, {**things, id: replace(things[id], **changes)})
    raise KeyError(id)


def _with(file: CaseFile, name: str, value: Any) -> CaseFile:
    return replace(file, **{name: value})


#: The fields of an unanswered ask.
UNANSWERED: dict[str, Any] = {"answer": None, "reason": None, "answered_at": None, "answered_by": None}


def with_deputy(file: CaseFile, *, confirmed: bool = False, **ask: Any) -> CaseFile:
    """Return the file after the police have declined, and named their second contact as deputy."""
    declined = {"answer": Answer.DECLINED, "reason": DeclineReason.COURT, "answered_at": NOW}
    principal = file.ask("ask-police")
    assert principal is not None
    seat = Seat("seat-deputy", "case", "police2", SeatRole.DEPUTY, NOW, "part-police", "meeting")
    if confirmed:
        seat = replace(seat, acknowledged_at=NOW, acknowledged_via=Via.SLACK)
    asked = {"id": "ask-deputy", "person_id": "police2", "uid": "dd" * 16, "deputy_for": "ask-police"}
    deputy = replace(principal, **asked | UNANSWERED | ask)
    file = amend(file, "ask-police", **declined, answered_by="police")
    return replace(file, seats=(*file.seats, seat), asks=(*file.asks, deputy))


def ctx(
    file: CaseFile,
    kind: Kind,
    subject: str,
    reader: str | None = None,
    *,
    params: Params | None = None,
    language: Language = Language.NB,
    now: datetime = NOW,
) -> RenderContext:
    """Return one delivery of the case to a reader, None for the room."""
    notification = Notification(kind, subject, case_id=file.case.id, recipient=reader, params=params)
    person = file.persons[reader] if reader else None
    return RenderContext(file, notification, person, _read_at(language, now), now, ORGANIZER)


@cache
def _read_at(language: Language, now: datetime) -> Words:
    """Cached: hundreds of thousands of scenes are read at a few moments."""
    return words(language).read_at(now)


def render(ctx: RenderContext) -> Message | File | None:
    """Return the message or file as it should be posted; None for a kind without a message."""
    declared = REGISTRY[ctx.notification.kind]
    return declared.shown(ctx) if isinstance(declared, CaseMessage) else None


def messages(
    file: CaseFile,
    kind: Kind,
    reader: str | None,
    moments: Iterable[datetime],
    about: Iterable[tuple[str, Params | None]],
) -> Iterator[tuple[RenderContext, Message | File]]:
    """Yield each delivery about one of these, subjects with params, at each moment that has a message."""
    person = file.persons[reader] if reader else None
    for subject, params in about:
        notification = Notification(kind, subject, case_id=file.case.id, recipient=reader, params=params)
        # Nearly always it is about nothing of theirs, which depends on no time.
        if subject_of(file, notification) is None:
            continue
        for now in moments:
            delivery = RenderContext(file, notification, person, _read_at(Language.NB, now), now, ORGANIZER)
            made = render(delivery)
            if made is not None:
                yield delivery, made


#: Parameters of the first notification of each params type.
_OF_SHAPE: dict[type[shapes.Params], shapes.Params] = {
    type(params): params
    for params in (
        shapes.At(NOW),
        shapes.ChainStep(StepKind.REMINDER, 0, NOW),
        shapes.Copies(1, "D1", 2),
        shapes.ContactDecision(approved=True, at=NOW),
        shapes.Day(NOW.date()),
        shapes.HeldAnswer("text", None, None, NOW, 0),
        shapes.Occurrence("1"),
        shapes.PersonsChange("B"),
        shapes.PlacementChange(ended=False),
        shapes.PlannedFor("waits", NOW + timedelta(hours=1)),
        shapes.ReportPeriod(shared=True, first=NOW.date(), last=NOW.date(), asked_at=NOW),
        shapes.Revision(0),
        shapes.Undeleted("police"),
        shapes.Waited("2", NOW, stored=False, why=("refused.case-closed",)),
        shapes.Undelivered(Kind.SUMMONS, "police", "0"),
        shapes.Withdrawn(NOW, NOW - timedelta(days=1)),
    )
}


def some_params(kind: Kind) -> shapes.Params | None:
    """Return this kind's parameters; the question of taushetsplikt is a first one."""
    if kind.params is None or kind in (Kind.ACKNOWLEDGEMENT, Kind.CASE_ACKNOWLEDGEMENT):
        return None
    return _OF_SHAPE[kind.params]


#: All kinds shown as a message of one case.
CASE_MESSAGES = [kind for kind, declared in REGISTRY.items() if isinstance(declared, CaseMessage)]


def busy(file: CaseFile, actions: int) -> CaseFile:
    """Return the file with this many open actions, in turn of each agency that has been asked."""
    parts = [i.id for i in file.involvements if i.ended_at is None and i.asked_at is not None]
    days = (date(2026, 11, 28) + timedelta(days=n % 23) for n in range(actions))
    made = (
        CaseAction(f"action-{n}", "case", parts[n % len(parts)], "A", day, NOW, "lead", text="avtale tid")
        for n, day in enumerate(days)
    )
    return replace(file, actions=tuple(made))
