"""What always holds of a case, whoever has done whatever at whatever time."""

from __future__ import annotations

from bot.domain.case.duty import StepKind
from bot.domain.case.entities import Answer, Approval, Ask, Meeting, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import SHELTERING
from tests.bot import cast


def always_holds(file: CaseFile) -> None:
    _the_room_is_for_those_entitled(file)
    _one_duty_a_meeting_and_agency(file)
    _what_has_ended_asks_nothing(file)
    _what_is_not_theirs_is_not_asked(file)
    _whoever_is_asked_has_a_seat(file)
    _deputies_go_with_their_meeting(file)
    _deputies_stand_in_for_a_forfall(file)
    _nobody_waiting_has_a_seat(file)
    _what_is_taken_over_ends_when_it_is_confirmed(file)
    _nobody_strange_has_a_seat(file)
    _windows_end_by_the_meeting(file)
    _no_step_is_taken_twice_or_for_nobody(file)
    assert file.named <= file.persons.keys(), "nobody is forgotten whom a case names"


def entitled(file: CaseFile) -> set[str]:
    """The room's people by the words of the access table, independently of the code under test."""
    if file.case.purged_at is not None:
        return set()
    can_be_there = {p.id for p in file.persons.values() if p.slack_id is not None and not p.deactivated}
    coordinators = {c.person_id for c in file.coordinators if c.until is None}
    parts = {
        i.id
        for i in file.involvements
        if i.ended_at is None
        and file.case.closed_at is None
        and file.agencies[i.agency_id].kind not in SHELTERING
    }
    meetings = {m.id for m in file.meetings if _may_run(m)}
    people = set()
    for seat in file.seats:
        if seat.ended_at is not None or seat.acknowledged_at is None:
            continue
        as_coordinator = seat.role is SeatRole.COORDINATOR and seat.person_id in coordinators
        as_holder = seat.role is SeatRole.AGENCY and seat.involvement_id in parts
        as_deputy = (
            seat.role is SeatRole.DEPUTY and seat.involvement_id in parts and seat.meeting_id in meetings
        )
        as_liaison = seat.role is SeatRole.LIAISON and file.case.closed_at is None
        if as_coordinator or as_holder or as_deputy or as_liaison:
            people.add(seat.person_id)
    return people & can_be_there


def _may_run(held: Meeting) -> bool:
    """Registered before its end a meeting runs on, and its deputies are in the room until it is over."""
    return held.cancelled_at is None and (held.registered_at is None or held.registered_at < held.ends_at)


def _the_room_is_for_those_entitled(file: CaseFile) -> None:
    """The people of each room are exactly those whom the access table entitles."""
    assert file.room_people() == entitled(file)


def _one_duty_a_meeting_and_agency(file: CaseFile) -> None:
    """An agency never has two open duties for one meeting, nor anybody asked beside one who has answered."""
    duties = [
        (d.meeting_id, file.involvement(d.involvement_id).agency_id)
        for d in file.duties
        if d.withdrawn_at is None and file.involvement(d.involvement_id).ended_at is None
    ]
    assert len(duties) == len(set(duties))
    own = [a for a in file.asks if a.live and a.deputy_for is None]
    begun = [a.duty_id for a in own if a.escalated_from is None]
    assert len(begun) == len(set(begun))
    for ask in own:
        assert ask.answer is None or [a for a in own if a.duty_id == ask.duty_id] == [ask]
    people = [(a.duty_id, a.person_id) for a in file.asks if a.live]
    assert len(people) == len(set(people))


def _what_has_ended_asks_nothing(file: CaseFile) -> None:
    """No ask stands for a part that has ended, a meeting called off, a withdrawn duty, a closed case."""
    for ask in file.asks:
        held, duty = file.meeting(ask.meeting_id), file.duty(ask.duty_id)
        if not ask.live or held.registered_at is not None:
            continue
        assert file.open
        assert held.cancelled_at is None
        assert duty.withdrawn_at is None
        assert file.involvement(duty.involvement_id).ended_at is None


def _what_is_not_theirs_is_not_asked(file: CaseFile) -> None:
    """An agency that has said so is asked nothing, and counted at no meeting but where it is present."""
    present = {a.duty_id for a in file.arrivals}
    for part in file.involvements:
        if part.not_ours is None:
            assert (part.not_ours_at, part.not_ours_by) == (None, None)
            continue
        ahead = [d for m in file.meetings if m.live for d in file.duties_of(m.id)]
        assert {d.id for d in ahead if d.involvement_id == part.id} <= present


def _whoever_is_asked_has_a_seat(file: CaseFile) -> None:
    """Every ask of a meeting ahead goes with a seat; every seat is of a contact of that agency."""
    contacts = {(c.agency_id, c.person_id) for c in cast.CONTACTS}
    for ask in file.asks:
        if ask.live and file.meeting(ask.meeting_id).live and not ask.awaits_approval:
            seated = any(ask in file.asks_of_seat(s) for s in file.seats_of(ask.person_id))
            assert seated or _handed_over(file, ask)
    for seat in file.seats:
        if seat.involvement_id is not None:
            agency = file.involvement(seat.involvement_id).agency_id
            assert (agency, seat.person_id) in contacts


def _handed_over(file: CaseFile, ask: Ask) -> bool:
    """One who handed over after the meeting had begun was asked, and is not any more."""
    ends = [s.end for s in file.seats if s.person_id == ask.person_id and not s.live]
    return SeatEnd.HANDED_OVER in ends


def _nobody_waiting_has_a_seat(file: CaseFile) -> None:
    """A deputy who is named and not approved has no seat at that meeting, nor an answer."""
    for ask in file.asks:
        if ask.approval in (Approval.WAITS, Approval.REFUSED):
            assert ask.answer is None
        if ask.awaits_approval and file.meeting(ask.meeting_id).live:
            part = file.duty(ask.duty_id).involvement_id
            assert not any(
                s.role is SeatRole.DEPUTY and (s.involvement_id, s.meeting_id) == (part, ask.meeting_id)
                for s in file.seats_of(ask.person_id)
            )


def _what_is_taken_over_ends_when_it_is_confirmed(file: CaseFile) -> None:
    """A seat that has been taken over does not stand beside the one that did."""
    for seat in file.seats:
        old = file.seat(seat.takes_over) if seat.takes_over else None
        if seat.live and seat.confirmed and old is not None:
            assert not old.live


def _deputies_go_with_their_meeting(file: CaseFile) -> None:
    """A deputy has a seat while the meeting and the question stand, and no longer."""
    for seat in file.seats:
        if not seat.live:
            continue
        assert seat.involvement_id is None or file.involvement(seat.involvement_id).ended_at is None
        assert file.open or (seat.role is SeatRole.COORDINATOR and seat.confirmed)
        if seat.role is SeatRole.DEPUTY:
            assert seat.meeting_id is not None
            held = file.meeting(seat.meeting_id)
            assert _may_run(held)
            assert not held.live or any(a.deputy_for is not None for a in file.asks_of_seat(seat))


def _deputies_stand_in_for_a_forfall(file: CaseFile) -> None:
    """Nobody deputises for somebody who comes, or who has yet to answer."""
    asks = {a.id: a for a in file.asks}
    for ask in file.asks:
        if ask.live and ask.deputy_for is not None and file.meeting(ask.meeting_id).live:
            principal = asks[ask.deputy_for]
            assert principal.answer is Answer.DECLINED or not principal.live


def _nobody_strange_has_a_seat(file: CaseFile) -> None:
    """Strangers and another team's coordinator are in no case, unless they were appointed."""
    appointed = {c.person_id for c in file.coordinators}
    seated = {s.person_id for s in file.seats}
    assert not (seated & {"stranger", "other-coordinator"}) - appointed


def _windows_end_by_the_meeting(file: CaseFile) -> None:
    """An answer window never outlasts the meeting, and is not over before it begins."""
    for ask in file.asks:
        held = file.meeting(ask.meeting_id)
        if ask.open and held.live and ask.asked_at < held.starts_at:
            assert ask.asked_at < ask.window_ends_at <= held.starts_at
            assert ask.sequence == held.sequence


def _no_step_is_taken_twice_or_for_nobody(file: CaseFile) -> None:
    """Each step once, later than the ask; nobody is asked twice because of silence; leaders have no seat."""
    assert len({(s.ask_id, s.sequence, s.kind) for s in file.steps}) == len(file.steps)
    turned_to = [(s.duty_id, s.sequence, s.person_id) for s in file.steps if s.kind is StepKind.NEXT_CONTACT]
    asked = [key for key in turned_to if key[2] is not None]
    assert len(asked) == len(set(asked))
    for step in file.steps:
        ask = next(a for a in file.asks if a.id == step.ask_id)
        assert step.duty_id == ask.duty_id
        if step.sequence == ask.sequence:
            assert ask.asked_at < step.taken_at
            held = file.meeting(ask.meeting_id)
            assert step.taken_at < held.starts_at or held.sequence != ask.sequence
