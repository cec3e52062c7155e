"""Need to know: what any message may contain, decided here from the access table and not from the renderers.

Every field of the case holds a canary. Every kind of message is made about every subject for every
reader in many states; none may hold a canary that its reader is not entitled to at that moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar_entry import CalendarEntry, Trouble
from bot.domain.case import (
    Answer,
    Approval,
    Ask,
    Attendance,
    DeclineReason,
    Phase,
    QuorumReason,
    Seat,
    SeatEnd,
    SeatRole,
    Via,
)
from bot.domain.case_action import CaseAction
from bot.domain.case_file import CaseFile
from bot.domain.directory import Language
from bot.domain.duty import Arrival, Correction, Step, StepKind
from bot.domain.intents import Kind
from bot.domain.liaison import Liaison, LiaisonInvitation
from bot.domain.need import CaseNeed
from bot.domain.placement import Deadline, DeadlineKind, Placement
from bot.domain.rhythm import Rhythm
from bot.domain.standstill import Standstill, StandstillReason
from bot.texts import words
from handlers.blocks.documents import Documents, open_asks
from handlers.blocks.home import home_view
from handlers.blocks.home_model import home_model, waiting_for
from tests.handlers.blocks.cases import KINDS, NOW, STARTS, amend, base, scene, with_deputy
from tests.handlers.blocks.reading import shown

DOCUMENTS = Documents("noreply@tot.invalid")
CODE, NOTE, PLACE, LINK, ROOM = "qzcode", "qznote", "qzplace", "qzlink", "C0QZROOM"
ACTION, NEED = "qzaction", "Qzneed"
#: Never in any message: what would tell which shelter it is.
SHELTER = ("qzrealshelter", "qztitleshelter", "qzmailshelter", "U0QZSHELTER")
CONTENT = (CODE, NOTE, PLACE, LINK, ROOM, ACTION, NEED)
READERS = (
    None,
    "lead",
    "second",
    "police",
    "police2",
    "child",
    "social",
    "shelter",
    "health",
    "guest",
    "stranger",
)


def agency_name(key: str) -> str:
    return "qzcover" if key == "shelter" else f"qzagency{key}"


def duty_line(key: str) -> str:
    return f"qzline{key}"


def with_canaries(file: CaseFile) -> CaseFile:
    file = amend(file, "case", code=CODE)
    file = amend(file, "room", channel_id=ROOM, name=f"rom-{CODE}")
    file = amend(file, "meeting", note=NOTE, place=PLACE, link=f"https://{LINK}.example/")
    for key in KINDS:
        name = "qzrealshelter" if key == "shelter" else agency_name(key)
        cover = agency_name(key) if key == "shelter" else None
        line = duty_line(key) if key != "counsel" else None
        file = amend(file, f"agency-{key}", name=name, cover_name=cover, duty_line=line)
        file = amend(file, f"contact-{key}", title=f"qztitle{key}")
        file = amend(file, key, work_mail=f"qzmail{key}@mail.example")
    return amend(file, "shelter", slack_id="U0QZSHELTER")


def _states() -> Iterator[tuple[str, CaseFile]]:
    file = with_canaries(base())
    declined = {"answer": Answer.DECLINED, "reason": DeclineReason.COURT, "answered_at": NOW}
    yield "unanswered", file
    yield "declined", amend(file, "ask-police", **declined)
    yield "deputy asked", with_deputy(file)
    yield "deputy confirmed", with_deputy(file, confirmed=True, answer=Answer.CONFIRMED)
    yield "deputy declined", with_deputy(file, confirmed=True, **declined)
    named: dict[str, Any] = {"named_by": "police", "decides": True}
    waits = with_deputy(file, approval=Approval.WAITS, **named)
    yield "deputy waits", replace(waits, seats=tuple(s for s in waits.seats if s.id != "seat-deputy"))
    refused = with_deputy(file, approval=Approval.REFUSED, withdrawn_at=NOW, refusal="Nei.", **named)
    yield "deputy refused", replace(refused, seats=tuple(s for s in refused.seats if s.id != "seat-deputy"))
    yield "handed over", _handed_over(file)
    yield "no answer recorded", amend(file, "ask-counsel", told_at=NOW, told_via=Via.PHONE)
    yield "shelter confirmed", amend(file, "seat-shelter", acknowledged_at=NOW, acknowledged_via=Via.PHONE)
    yield "shelter on Slack by itself", amend(file, "seat-shelter", acknowledged_at=NOW)
    yield "asked anew", amend(file, "ask-police", sequence=1)
    yield "called off", amend(file, "meeting", cancelled_at=NOW, sequence=0)
    over = amend(amend(file, "part-police", ended_at=NOW), "ask-police", withdrawn_at=NOW)
    yield "part over", amend(over, "seat-police", ended_at=NOW, end=SeatEnd.PART_OVER)
    passed = amend(file, "seat-social", ended_at=NOW, end=SeatEnd.PASSED_ON)
    yield "passed on", amend(passed, "ask-social", withdrawn_at=NOW)
    cancelled = amend(with_deputy(file, confirmed=True), "meeting", cancelled_at=NOW)
    yield "deputy let go", amend(cancelled, "seat-deputy", ended_at=NOW, end=SeatEnd.NOT_NEEDED)
    yield "kick refused", amend(file, "room", kick_refused=True)
    yield "relieved", amend(file, "c1", until=NOW)
    closed = amend(file, "case", closed_at=NOW, delete_on=date(2026, 12, 30))
    yield "closed", closed
    yield "declined by calendar", amend(file, "ask-police", answer=Answer.DECLINED, answered_at=NOW)
    yield "much is agreed", with_much_agreed(file)
    entries = tuple(_entry(file, ask_id) for ask_id in ("ask-police", "ask-counsel"))
    yield "perhaps, and mail waits", replace(file, entries=entries)
    yield from _held(file)
    liaison = Liaison("liaison", "case", STARTS.date(), NOW, "lead", "qztitle", "seat-guest")
    guest = Seat("seat-guest", "case", "guest", SeatRole.LIAISON, NOW)
    asked = replace(file, seats=(*file.seats, guest), liaisons=(liaison,))
    standing = Standstill(
        "standstill", "case", StandstillReason.NOT_NOW, STARTS.date(), "part-police", NOW, "lead"
    )
    yield "waits", replace(file, standstills=(standing,))
    yield "no longer waits", replace(file, standstills=(replace(standing, ended_at=NOW),))
    held = amend(amend(file, "case", phase=Phase.WORKING, rhythm=Rhythm.WEEKLY), "meeting", registered_at=NOW)
    yield "working, with a rhythm", held
    yield "liaison asked", asked
    invitation = LiaisonInvitation(
        "invitation", "case", "liaison", "meeting", "guest", "0123456789abcdef@tot", NOW, 0
    )
    there = replace(amend(asked, "seat-guest", acknowledged_at=NOW), invitations=(invitation,))
    waiting = replace(_entry(file, "ask-police"), id="entry-guest", ask_id=None, invitation_id="invitation")
    yield "liaison", there
    yield "liaison, and mail waits", replace(there, entries=(waiting,))
    over = amend(asked, "seat-guest", acknowledged_at=NOW, ended_at=NOW)
    yield "liaison over", replace(over, liaisons=(replace(liaison, ended_at=NOW),), invitations=(invitation,))
    ended = tuple(s if s.person_id == "lead" else replace(s, ended_at=NOW) for s in closed.seats)
    yield "nobody answers", with_chain(file)
    answered = {"answer": Answer.CONFIRMED, "answered_at": NOW}
    yield "answered at last", amend(with_chain(file), "ask-police", **answered)
    gone = {"withdrawn_at": NOW, "overtaken_by": "police2"}
    yield "a colleague was first", amend(file, "ask-police", **gone)
    first = amend(file, "seat-social", ended_at=NOW, end=SeatEnd.COLLEAGUE_ANSWERED)
    yield "a colleague was first, unconfirmed", amend(first, "ask-social", **gone)
    yield "closed, seats ended", replace(closed, seats=ended)


def _held(file: CaseFile) -> Iterator[tuple[str, CaseFile]]:
    """The meeting begun with some there; and registered, corrected, with agencies that stayed away."""
    at = STARTS + timedelta(minutes=2)
    came = tuple(
        Arrival(f"arrival-{key}", "case", "meeting", key, at, f"duty-{key}", "lead")
        for key in ("police", "shelter")
    )
    yield "begun", replace(file, arrivals=(*came, Arrival("arrival-lead", "case", "meeting", "lead", at)))
    yield "led by the police", amend(file, "meeting", chair="police")
    named = amend(file, "meeting", quorum_reason=QuorumReason.CANNOT_WAIT, quorum_at=at, quorum_by="lead")
    yield "went on", named
    held = amend(named, "meeting", registered_at=NOW, chair="police")
    for key in ("child", "social", "counsel", "shelter"):
        held = amend(held, f"duty-{key}", attendance=Attendance.ABSENT_WITHOUT_NOTICE)
    held = amend(held, "duty-police", attendance=Attendance.LATE, written_report=True)
    held = amend(amend(held, "contact-police2", leader=True), "contact-police2", agency_id="agency-child")
    wrong = (Attendance.PRESENT, Attendance.ABSENT_WITHOUT_NOTICE, False, True)
    corrected = tuple(Correction(f"c-{d.id}", "case", d.id, NOW, "lead", *wrong) for d in held.duties)
    held = replace(held, arrivals=came, corrections=corrected)
    yield "registered", held
    yield "reason given", amend(held, "duty-child", absence_reason=DeclineReason.COURT)
    yield "registered and closed", amend(held, "case", closed_at=NOW, delete_on=date(2026, 12, 30))


def with_chain(file: CaseFile) -> CaseFile:
    """Every agency that is asked has gone through its chain; the second contact of the police leads it."""
    steps = tuple(
        Step(f"step-{a.id}-{kind}", "case", a.duty_id, a.id, 0, kind, NOW, _turned_to(a, kind))
        for a in file.asks
        for kind in StepKind
    )
    return amend(replace(file, steps=steps), "contact-police2", leader=True)


def _turned_to(ask: Ask, kind: StepKind) -> str | None:
    if kind is StepKind.LEADER:
        return "police2" if ask.id == "ask-police" else "shelter" if ask.id == "ask-shelter" else None
    return ask.person_id if kind is StepKind.REMINDER else None


def _handed_over(file: CaseFile) -> CaseFile:
    old = file.seat("seat-police")
    assert old is not None
    new = replace(old, id="seat-new", person_id="police2", acknowledged_at=None, takes_over=old.id)
    return replace(file, seats=(*file.seats, new))


def with_much_agreed(file: CaseFile) -> CaseFile:
    """Actions and needs of every agency, one of each that nobody has; and the police have a leader."""
    actions = tuple(
        CaseAction(f"action-{key}", "case", f"part-{key}", "A", date(2026, 11, 20), NOW, "lead", text=ACTION)
        for key in KINDS
    )
    day = date(2026, 12, 1)
    deadlines = tuple(
        Deadline(f"own-{key}", "case", DeadlineKind.OWN, day, NOW, key, f"part-{key}", text=ACTION)
        for key in KINDS
    )
    reflection = Deadline("reflection", "case", DeadlineKind.REFLECTION, day, NOW, "lead", None, "A")
    placement = Placement("placement", "case", "A", date(2026, 11, 1), day, NOW, "lead")
    needs = tuple(CaseNeed(f"need-{key}", "case", NEED, NOW, "lead", f"part-{key}", NOW) for key in KINDS)
    nobodys = CaseNeed("need", "case", NEED, NOW, "lead")
    return replace(
        amend(file, "contact-police2", leader=True),
        actions=actions,
        needs=(*needs, nobodys),
        deadlines=(*deadlines, reflection),
        placements=(placement,),
    )


def _entry(file: CaseFile, ask_id: str) -> CalendarEntry:
    ask = file.ask(ask_id)
    assert ask is not None
    return CalendarEntry(
        id=f"entry-{ask_id}",
        case_id="case",
        ask_id=ask_id,
        address=f"qzmail{ask.person_id}@mail.example",
        uid=f"qzuid{ask_id}",
        token=f"qztoken{ask_id}",
        made_at=NOW,
        starts_at=STARTS - timedelta(hours=1),
        ends_at=STARTS,
        stamped_at=NOW,
        ask_sequence=ask.sequence,
        trouble=Trouble.LOGIN,
        tentative=True,
    )


STATES = dict(_states())
MOMENTS = (NOW, STARTS - timedelta(minutes=5), STARTS + timedelta(minutes=5), STARTS + timedelta(hours=20))


def may_hold(file: CaseFile, reader: str | None, kind: Kind | None = None) -> set[str]:
    """The canaries that a reader is entitled to, by what they are in the case at this moment.

    The minutes and the question to the chair tell somebody in the room what stands there anyway.
    """
    names = {agency_name(key) for key in KINDS}
    outside = {"qztitlecounsel"}
    if reader is None:
        return {*CONTENT, *names, *outside}
    if reader in file.confirmed_coordinators():
        lines = {duty_line(key) for key in KINDS}
        return {*CONTENT, *names, *outside, *lines, "qzmailcounsel"}
    if reader in file.room_people() and kind in (Kind.MINUTES, Kind.QUORUM):
        return {*CONTENT, *names}
    if kind is Kind.ABSENCE_TOLD:
        return {agency_name(file.agencies[c.agency_id].key) for c in file.contacts if c.person_id == reader}
    own = {
        agency_name(file.agency_of(s.involvement_id).key)
        for s in file.seats_of(reader)
        if s.involvement_id and file.open and file.reached_directly(reader, s.involvement_id)
    }
    own |= {
        agency_name(file.agency_of(file.duty(s.duty_id).involvement_id).key)
        for s in file.steps
        if s.kind is StepKind.LEADER and (s.person_id, reader) == ("police2", "police2")
    }
    if reader in file.room_people():
        return {*CONTENT, *own}
    own |= {
        agency_name(file.agencies[c.agency_id].key)
        for c in file.contacts
        if c.leader and c.person_id == reader
    }
    return {PLACE, *own} if own else set()


CANARIES = frozenset(
    {
        *(*CONTENT, *SHELTER, "qzuid", "qztoken"),
        *(
            write(key)
            for key in KINDS
            for write in (agency_name, duty_line, "qztitle{}".format, "qzmail{}".format)
        ),
    }
)


def canaries_in(text: str) -> set[str]:
    return {canary for canary in CANARIES if canary in text}


def marks(kind: Kind) -> tuple[str, ...]:
    if kind is Kind.NOT_DELIVERED:
        return ("summons.0.police", "acknowledgement..shelter", "meeting_moved.0.room", "call_list..second")
    if kind is Kind.HELD_REPLY:
        return ("counter.declined.1764579600.a", "text.none.0.b", "nonsense", "")
    if kind is Kind.PERSONS_CHANGED:
        return ("closed.B", "added.C", "nonsense")
    if kind is Kind.ACKNOWLEDGEMENT:
        return ("",)
    if kind is Kind.PLACEMENT_TOLD:
        return ("begun", "ended")
    if kind is Kind.MEETING_MOVED:
        return ("0", "1", "1.1764579600")
    follows_sequence = kind in (Kind.SUMMONS, Kind.INVITE, Kind.UNANSWERED)
    return ("0", "1") if follows_sequence else ("0",)


def subjects(file: CaseFile) -> list[str]:
    return [
        "case",
        *(i.id for i in file.involvements),
        *(s.id for s in file.seats),
        *(m.id for m in file.meetings),
        *(a.id for a in file.asks),
        *(d.id for d in file.duties),
        *(s.id for s in file.steps),
        *(x.id for x in file.liaisons),
        *(x.id for x in file.invitations),
        *(x.id for x in file.standstills),
        *(a.id for a in file.actions),
        *(d.id for d in file.deadlines),
        *(p.id for p in file.placements),
    ]


@pytest.mark.parametrize("kind", DOCUMENTS.renderers)
def test_no_message_holds_what_its_reader_may_not_know(kind: Kind) -> None:
    made_once = False
    for (state, file), reader in product(STATES.items(), READERS):
        entitled = may_hold(file, reader, kind)
        for subject, now, mark in product(subjects(file), MOMENTS, marks(kind)):
            made = DOCUMENTS.render(scene(file, kind, subject, reader, mark=mark, now=now))
            if made is not None:
                made_once = True
                assert not canaries_in(shown(made)) - entitled, (state, reader, subject, mark, now)
    assert made_once, "this kind of message is never made, so nothing was seen of it"


@pytest.mark.parametrize("state", STATES)
def test_the_card_names_no_shelter(state: str) -> None:
    for now in MOMENTS:
        made = DOCUMENTS.card(scene(STATES[state], Kind.ROOM, "case", now=now))
        assert not canaries_in(shown(made)) - may_hold(STATES[state], None)


def homes(file: CaseFile, reader: str, now: datetime) -> Iterator[str]:
    reader_words, zone = words(Language.NB), ZoneInfo("Europe/Oslo")
    teams = [file.team] if file.coordinates(reader) else []
    for contact in (False, True):
        model = home_model(
            file.persons[reader], [file], teams, words=reader_words, now=now, zone=zone, contact=contact
        )
        yield shown(home_view(model)["blocks"])
    waiting = [(file, each) for each in waiting_for(reader, file, reader_words, now)]
    yield shown(open_asks(reader_words, zone, now, waiting))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("reader", [r for r in READERS if r is not None])
def test_home_holds_what_its_reader_may_know(state: str, reader: str) -> None:
    file = STATES[state]
    for now in MOMENTS:
        for seen in homes(file, reader, now):
            assert not canaries_in(seen) - may_hold(file, reader)


def test_strangers_to_the_case_get_nothing_at_all() -> None:
    for file, kind in product(STATES.values(), DOCUMENTS.renderers):
        for reader, subject in product(("stranger", "health", "shelter"), subjects(file)):
            for mark in marks(kind):
                assert DOCUMENTS.render(scene(file, kind, subject, reader, mark=mark)) is None


def test_notifications_hold_no_case_content() -> None:
    """What a locked phone shows: no code, no agency, no agenda."""
    for file, kind in product(STATES.values(), DOCUMENTS.renderers):
        for reader, subject, mark in product(READERS, subjects(file), marks(kind)):
            made = DOCUMENTS.render(scene(file, kind, subject, reader, mark=mark))
            if made is not None and kind is not Kind.CASE_ACKNOWLEDGEMENT:
                assert not canaries_in(made.text), (kind, reader)
