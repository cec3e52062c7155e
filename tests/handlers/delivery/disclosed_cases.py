"""Cases in many states, with a canary in every field, for `test_disclosure`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.calendar import CalendarEntry, Post, Trouble
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import (
    Answer,
    Approval,
    Arrival,
    Ask,
    Attendance,
    CaseQuestion,
    Correction,
    DeclineReason,
    EscalationStep,
    FormerRoom,
    Pause,
    PauseReason,
    Phase,
    QuorumReason,
    Rhythm,
    RoomTrouble,
    Seat,
    SeatEnd,
    SeatRole,
    StepKind,
    Via,
)
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, LiaisonInvitation
from bot.domain.case.polls import TimeAnswer, TimePoll
from bot.domain.directory.entities import NotOurs
from tests.handlers.cases import KINDS, NOW, STARTS, amend, base, with_deputy
from tests.storage.entities import REFERS, lacking

CODE, NOTE, PLACE, LINK, ROOM = "qzcode", "qznote", "qzplace", "qzlink", "C0QZROOM"
ACTION, NEED = "qzaction", "Qzneed"
#: Never in any message: it would reveal which shelter it is.
SHELTER = ("qzrealshelter", "qztitleshelter", "qzmailshelter", "U0QZSHELTER")
CONTENT = (CODE, NOTE, PLACE, LINK, ROOM, ACTION, NEED)
#: Shared by the police, who ask in the room, and the coordinators.
QUESTION, ANSWER = "qzquestion", "qzanswer"


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


def _let_go(file: CaseFile, key: str) -> CaseFile:
    """Release an agency from the duty to attend; nobody of it is asked."""
    duty_id = next(a.duty_id for a in file.asks if a.id == f"ask-{key}")
    return amend(amend(file, f"ask-{key}", withdrawn_at=NOW), duty_id, withdrawn_at=NOW)


def _states() -> Iterator[tuple[str, CaseFile]]:
    file = with_canaries(base())
    declined = {"answer": Answer.DECLINED, "reason": DeclineReason.COURT, "answered_at": NOW}
    yield "unanswered", file
    yield "asked after taushetsplikt", amend(file, "ask-police", asked_at=NOW)
    yield "declined", amend(file, "ask-police", **declined)
    yield "deputy asked", with_deputy(file)
    yield "deputy confirmed", with_deputy(file, confirmed=True, answer=Answer.CONFIRMED)
    yield "deputy declined", with_deputy(file, confirmed=True, **declined)
    named: dict[str, Any] = {"named_by": "police"}
    waits = with_deputy(file, approval=Approval.WAITS, **named)
    yield "deputy waits", replace(waits, seats=tuple(s for s in waits.seats if s.id != "seat-deputy"))
    refused = with_deputy(file, approval=Approval.REFUSED, withdrawn_at=NOW, **named)
    yield "deputy refused", replace(refused, seats=tuple(s for s in refused.seats if s.id != "seat-deputy"))
    yield "handed over", _handed_over(file)
    yield "out of the room", amend(file, "seat-police", left_at=NOW)
    yield "no answer recorded", amend(file, "ask-counsel", told_at=NOW, told_via=Via.PHONE)
    yield "shelter confirmed", amend(file, "seat-shelter", acknowledged_at=NOW, acknowledged_via=Via.PHONE)
    yield "shelter on Slack by itself", amend(file, "seat-shelter", acknowledged_at=NOW)
    yield "asked anew", amend(file, "ask-police", sequence=1)
    yield "moved before taushetsplikt", _moved_unconfirmed(with_deputy(file))
    over = amend(amend(file, "part-police", ended_at=NOW), "ask-police", withdrawn_at=NOW)
    yield "part over", amend(over, "seat-police", ended_at=NOW, end=SeatEnd.PART_OVER)
    for key in ("police", "social"):
        said = {"not_ours": NotOurs.OTHER_DISTRICT, "not_ours_at": NOW, "not_ours_by": key}
        yield f"not the case of {key}", amend(_let_go(file, key), f"part-{key}", **said)
    passed = amend(file, "seat-social", ended_at=NOW, end=SeatEnd.PASSED_ON)
    yield "passed on", amend(passed, "ask-social", withdrawn_at=NOW)
    cancelled = amend(with_deputy(file, confirmed=True), "meeting", cancelled_at=NOW)
    yield "deputy let go", amend(cancelled, "seat-deputy", ended_at=NOW, end=SeatEnd.NOT_NEEDED)
    for key in ("counsel", "shelter"):
        again = {"deputy_for": "ask-police", "asked_at": NOW, "asked_anew": True, "ring_anew": True}
        sent = amend(file, f"ask-{key}", **again, sequence=1)
        yield f"deputy from {key} asked of another time", amend(sent, "meeting", sequence=1)
    closed = amend(file, "case", closed_at=NOW, delete_on=date(2026, 12, 30))
    yield "closed", closed
    yield "declined by calendar", amend(file, "ask-police", answer=Answer.DECLINED, answered_at=NOW)
    yield "much is agreed", with_much_agreed(file)
    entries = tuple(_entry(file, ask_id) for ask_id in ("ask-police", "ask-counsel"))
    yield "perhaps, and mail waits", replace(file, entries=entries)
    yield from _held(file)
    liaison = Liaison("liaison", "case", STARTS.date(), NOW, "qztitle", "seat-guest")
    guest = Seat("seat-guest", "case", "guest", SeatRole.LIAISON, NOW)
    asked = replace(file, seats=(*file.seats, guest), liaisons=(liaison,))
    standing = Pause("standstill", "case", PauseReason.NOT_NOW, STARTS.date(), "part-police", NOW)
    yield "waits", replace(file, pauses=(standing,))
    yield "no longer waits", replace(file, pauses=(replace(standing, ended_at=NOW),))
    held = amend(amend(file, "case", phase=Phase.WORKING, rhythm=Rhythm.WEEKLY), "meeting", registered_at=NOW)
    yield "working, with a rhythm", held
    yield "liaison asked", asked
    invitation = LiaisonInvitation(
        "invitation", "case", "liaison", "meeting", "guest", "0123456789abcdef", NOW, 0
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
    yield from _rooms(file)
    yield "several times, for a call", with_times(file)
    yield "several times, for a move", with_times(file, moves=True)
    yield from _with_one_more(file)


def _with_one_more(file: CaseFile) -> Iterator[tuple[str, CaseFile]]:
    """Fill each empty field separately; later additions to the case are included."""
    first: tuple[Any, ...] = (
        file.meetings[0],
        file.involvements[0],
        file.seats[2],
        file.duties[0],
        file.asks[0],
    )
    for thing in (file.case, file.room, file.coordinators[0], *first):
        for name, found in lacking(thing).items():
            others = {"leader": "second", ("leader",): ("second",), name: NOTE, (name,): (NOTE,)}
            value = NOW.date() if type(found) is date else others.get(found, found)
            if found not in REFERS.values():
                yield f"{thing.id} with {name}", amend(file, thing.id, **{name: value})


def _rooms(file: CaseFile) -> Iterator[tuple[str, CaseFile]]:
    """Rooms that are no longer closed, with everybody inside; and people whom Slack does not let in."""
    people = tuple(file.persons)
    for trouble in RoomTrouble:
        yield f"room {trouble}", amend(file, "room", trouble=trouble, trouble_at=NOW, members=people)
    former = FormerRoom("former", "case", "p4qx", "C0OLD", NOW, people)
    yield "a new room", replace(file, former_rooms=(former,))
    yield "an old room is emptied", replace(file, former_rooms=(replace(former, emptied_at=NOW),))
    yield "some are left out", amend(file, "room", left_out=people)


def _moved_unconfirmed(file: CaseFile) -> CaseFile:
    """Nobody of any agency has confirmed, and each is asked again, by a new message, because of a move."""
    file = amend(file, "meeting", sequence=1, moved_from=STARTS - timedelta(days=1))
    for seat in file.seats:
        if seat.involvement_id is not None:
            file = amend(file, seat.id, acknowledged_at=None, asked_at=NOW - timedelta(hours=1))
    for ask in file.asks:
        file = amend(file, ask.id, asked_at=NOW, asked_anew=True, sequence=1)
    return file


def _held(file: CaseFile) -> Iterator[tuple[str, CaseFile]]:
    """The meeting has begun with some present; and registered, corrected, with absent agencies."""
    at = STARTS + timedelta(minutes=2)
    came = tuple(
        Arrival(f"arrival-{key}", "case", "meeting", key, at, f"duty-{key}") for key in ("police", "shelter")
    )
    yield "begun", replace(file, arrivals=(*came, Arrival("arrival-lead", "case", "meeting", "lead", at)))
    yield "led by the police", amend(file, "meeting", chair="police")
    named = amend(file, "meeting", quorum_reason=QuorumReason.CANNOT_WAIT)
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
    yield from _on_record(held)
    yield from _asked_in_the_room(file)


def _on_record(held: CaseFile) -> Iterator[tuple[str, CaseFile]]:
    """The police are on record and child welfare is not: after the closing, past its deletion date."""
    said = amend(held, "part-police", on_record=True)
    for what, day in (("closed", date(2026, 12, 30)), ("waits", date(2026, 11, 30))):
        over = amend(said, "case", closed_at=NOW, delete_on=day)
        for key in ("police", "child"):
            ended = {"ended_at": NOW, "end": SeatEnd.CASE_CLOSED, "acknowledged_at": NOW}
            over = amend(amend(over, f"part-{key}", ended_at=NOW), f"seat-{key}", **ended)
        yield f"on record of the police, {what}", over


def _asked_in_the_room(file: CaseFile) -> Iterator[tuple[str, CaseFile]]:
    question = CaseQuestion("question", "case", NOW, "police", QUESTION)
    yield "guidance asked in the room", replace(file, questions=(question,))
    late = replace(question, asked_at=NOW - timedelta(days=14))
    yield "guidance waited for", replace(file, questions=(late,))
    answered = replace(question, answers=1, answer=ANSWER, answered_by="lead")
    yield "guidance answered", replace(file, questions=(answered,))


def with_chain(file: CaseFile) -> CaseFile:
    """Every asked agency has gone through its chain; the second contact of the police leads it."""
    steps = tuple(
        EscalationStep(f"step-{a.id}-{kind}", "case", a.duty_id, a.id, 0, kind, NOW, _turned_to(a, kind))
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
    """Actions and needs of every agency, one of each without an agency; and the police have a leader."""
    actions = tuple(
        CaseAction(f"action-{key}", "case", f"part-{key}", "A", date(2026, 11, 20), NOW, "lead", text=ACTION)
        for key in KINDS
    )
    day = date(2026, 12, 1)
    deadlines = tuple(Deadline(f"own-{key}", "case", day, NOW, f"part-{key}", text=ACTION) for key in KINDS)
    reflection = Deadline("reflection", "case", day, NOW, None, "A")
    placement = Placement("placement", "case", "A", date(2026, 11, 1), day, NOW)
    needs = tuple(CaseNeed(f"need-{key}", "case", NEED, NOW, f"part-{key}", NOW) for key in KINDS)
    nobodys = CaseNeed("need", "case", NEED, NOW)
    return replace(
        amend(file, "contact-police2", leader=True),
        actions=actions,
        needs=(*needs, nobodys),
        deadlines=(*deadlines, reflection),
        placements=(placement,),
    )


def with_times(file: CaseFile, *, moves: bool = False) -> CaseFile:
    """Two times are proposed; the police have answered, and the shelter's answer is recorded."""
    starts = (STARTS + timedelta(days=2), STARTS + timedelta(days=3))
    closes = NOW + timedelta(hours=2)
    poll = TimePoll("poll", "case", "lead", NOW, closes, starts, 60, PLACE, f"https://{LINK}.example/", NOTE)
    answers = tuple(
        TimeAnswer(f"time-{key}", "case", "poll", f"part-{key}", key, NOW, key, starts[:1])
        for key in ("police", "shelter")
    )
    file = amend(file, "seat-shelter", acknowledged_at=NOW, acknowledged_via=Via.PHONE)
    of_move: dict[str, Any] = {"meeting_id": "meeting", "sequence": 0} if moves else {}
    return replace(file, polls=(replace(poll, **of_move),), time_answers=answers)


def _entry(file: CaseFile, ask_id: str) -> CalendarEntry:
    ask = file.ask(ask_id)
    assert ask is not None
    to = (f"qzmail{ask.person_id}@mail.example", f"qzuid{ask_id}", f"qztoken{ask_id}")
    times = (NOW, STARTS - timedelta(hours=1), STARTS, NOW)
    written = (f"entry-{ask_id}", *to, *times, ask.sequence)
    state: dict[str, Any] = {"post": Post.LEAVING, "trouble": Trouble.LOGIN, "tentative": True}
    return CalendarEntry(*written, case_id="case", ask_id=ask_id, **state)


STATES = dict(_states())
MOMENTS = (NOW, STARTS - timedelta(minutes=5), STARTS + timedelta(minutes=5), STARTS + timedelta(hours=20))
