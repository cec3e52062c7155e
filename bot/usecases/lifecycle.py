"""The life of a case: phase, pauses, closing, deletion, reopening, and undoing an opening by mistake."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.access import Action
from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.case.entities import Case, Involvement, Pause, PauseReason, Phase, Rhythm, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Link
from bot.domain.coordinating import in_order
from bot.domain.directory import on_call
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, Problem, Refusal, Refused, refuse
from bot.domain.notifications import Kind, Notification, Withdrawn
from bot.domain.on_record import goes_now, waits_for_record
from bot.domain.report.yearly import bare_facts
from bot.usecases.attendance import take_effect
from bot.usecases.authorization import CaseContext, enter, enter_case
from bot.usecases.case import Review, prompts_of, seat_coordinator, take_back_prompt
from bot.usecases.coordinating import note_acting
from bot.usecases.involvement import summons
from bot.usecases.involvement.summons import AskPreview, Chosen, who_is_asked
from bot.usecases.links import cut
from bot.usecases.meeting import withdraw_meeting
from bot.usecases.notifications import homes_notifications, standing_notification
from bot.usecases.outside import people_of
from bot.usecases.persons import close_person
from bot.usecases.ports import Posted, UnitOfWork
from bot.usecases.report import keep_counts
from bot.usecases.review import ReviewedCommand
from bot.usecases.room import reduce_former_rooms, replace_room
from bot.usecases.validation import FURTHEST, MeetingPlan, check_meeting, warnings


def change_phase(
    uow: UnitOfWork, actor: Person, case_id: str, *, phase: Phase, rhythm: Rhythm | None = None
) -> None:
    """Change the phase, and measure open answer windows again, from when each person was asked.

    A window that would be over already is measured from now, so that its end does not pass unnoticed.
    """
    here = enter_case(uow, actor, Action.CHANGE_PHASE, case_id)
    case = here.file().case
    if (case.phase, case.rhythm) == (phase, rhythm):
        return
    since = case.phase_since if case.phase is phase else uow.now
    uow.change(case, phase=phase, rhythm=rhythm, phase_since=since)


def pause_case(
    uow: UnitOfWork, actor: Person, case_id: str, *, reason: PauseReason, contact_on: date, owner: str
) -> None:
    """Let the case wait until a day on which the `owner` agency (by involvement id) makes contact.

    The room is told; the coordinators are offered to release the other agencies.
    """
    here = enter_case(uow, actor, Action.WAIT, case_id)
    if owner not in {i.id for i in here.file().current()}:
        raise Refused(Refusal.NO_LONGER_ASKED)
    new = Pause(
        id=uow.ids.new(),
        case_id=here.file().case.id,
        reason=reason,
        contact_on=contact_on,
        involvement_id=owner,
        since=uow.now,
    )
    if not uow.now < here.file().contact_at(new) < uow.now + FURTHEST:
        raise Invalid(Problem("contact_on", "invalid.contact-on"))
    if here.file().pause is not None:
        uow.change(here.file().pause, ended_at=uow.now)
    uow.add(new)


def take_up_case(uow: UnitOfWork, actor: Person, pause_id: str) -> None:
    """End this pause of the case; the room is told. Another pause is not ended by it."""
    here, pause = enter(uow, actor, Action.WAIT, Pause, pause_id)
    uow.change(pause if pause == here.file().pause else refuse(Refusal.NO_LONGER_ASKED), ended_at=uow.now)


# --- closing and deletion ------------------------------------------------------------------------


def see_closing(uow: UnitOfWork, actor: Person, where: str) -> CaseContext:
    """Refused while a meeting that has begun has no filled-in register: closing would lose who came."""
    here = enter_case(uow, actor, Action.CLOSE_CASE, where)
    begun = (m for m in here.file().meetings if m.live and m.starts_at <= uow.now)
    if not all(here.file().filled_in(m) for m in begun):
        raise Refused(Refusal.REGISTER_FIRST)
    return here


def deleted_on(file: CaseFile, now: datetime) -> date:
    """Return the date on which a case that is closed now would be deleted."""
    return file.team.day_of(now) + timedelta(days=file.team.rules.retention_days)


def close_case(uow: UnitOfWork, actor: Person, case_id: str) -> None:
    """Close the case. All involvements end; the confirmed coordinators keep the room until deletion."""
    file = see_closing(uow, actor, case_id).file()
    _end(uow, file, delete_on=deleted_on(file, uow.now))


def close_for(uow: UnitOfWork, actor: Person, case_id: str, *, what: str | None = None) -> str | None:
    """Close the case, or close it for one person, by letter; return the letter."""
    if what is None:
        close_case(uow, actor, case_id)
    else:
        close_person(uow, actor, case_id, what)
    return what


def _end(uow: UnitOfWork, file: CaseFile, **more: Any) -> Case:
    for meeting in file.meetings:
        if file.filled_in(meeting):
            take_effect(uow, file, meeting.id)
        elif meeting.live:
            withdraw_meeting(uow, file, meeting)
    for seat in uow.current(file).seats:
        if seat.live and not (seat.role is SeatRole.COORDINATOR and seat.confirmed):
            uow.change(seat, ended_at=uow.now, end=SeatEnd.CASE_CLOSED)
    for involvement in file.involvements:
        if involvement.live:
            uow.change(involvement, ended_at=uow.now)
    return uow.change(file.case, closed_at=uow.now, offered_to=None, **more)


def plan_purge(uow: UnitOfWork, case: Case) -> None:
    """Enqueue the purge of a case whose date has come: Slack is emptied first, then the rows are deleted.

    For a case that waits, update the messages that name a deletion date that has passed.
    """
    file = uow.case_file(case.id)
    if file is None:
        return
    if goes_now(file, uow.now):
        uow.enqueue(Notification(Kind.PURGE, case.id, case_id=case.id))
    elif waits_for_record(file, file.team.day_of(uow.now)):
        room = Notification(Kind.ROOM, case.id, case_id=case.id)
        uow.enqueue(room, standing_notification(case.id))


def begin_erasing(uow: UnitOfWork, case_id: str) -> Case | None:
    """Note that the case is being erased, before anything is; return it, or None if it must not be erased.

    Since its deletion was planned, a case may have been reopened, and maybe closed again: it then has no
    date, or another one. A case that an agency has taken off its record since waits.
    """
    file = uow.case_file(case_id)
    if file is None or file.case.purged_at is not None or not goes_now(file, uow.now):
        return None
    case = file.case
    return case if case.erasing_since is not None else uow.change(case, erasing_since=uow.now)


def forget_case(uow: UnitOfWork, case_id: str) -> None:
    """Remove what the database holds of a purged case, once none of the bot's messages are left in Slack.

    Its code is kept, so that it is not given out again while other people's messages may remain. Its years,
    number of persons and asking agency, and the report's numbers, are kept. All else is destroyed with its
    key, in every backup too.
    """
    file = uow.case_file(case_id)
    if file is None or file.open or file.case.purged_at is not None:
        return
    uow.enqueue(*homes_notifications(file))
    keep_counts(uow, file)
    for half in uow.find(Link, case_id=case_id):
        cut(uow, half)
    for posted in uow.find(Posted, case_id=case_id):
        uow.remove(posted)
    reduce_former_rooms(uow, file)
    uow.change(file.case, **bare_facts(file.case, file.team, uow.now))
    uow.audit(AuditEntry(Event.PURGED, BOT, case_id))
    uow.erase(f"case/{case_id}")


# --- opened by mistake ---------------------------------------------------------------------------


def can_be_undone(file: CaseFile, now: datetime) -> bool:
    """Return whether nothing has happened in the case: no meeting has begun, no action is agreed."""
    begun = (m for m in file.meetings if m.starts_at <= min(m.cancelled_at or now, now))
    return file.open and not any(begun) and not file.actions


def see_undoing(
    uow: UnitOfWork, actor: Person, case_id: str
) -> tuple[CaseContext, dict[str, datetime], bool]:
    """The case, the people who are told that it is gone, or that nobody asks them any more, and whether
    something that prompted the case waits again.
    """
    here = enter_case(uow, actor, Action.UNDO_OPENING, case_id)
    if not can_be_undone(here.file(), uow.now):
        raise Refused(Refusal.NOTHING_HERE, "undoable")
    return here, _told(uow, here), bool(prompts_of(uow, here.file().case))


def _told(uow: UnitOfWork, here: CaseContext) -> dict[str, datetime]:
    """The people, by id, to whom the bot has written about the case, and when they were first asked.

    Also its other coordinators, and when the case was opened.
    """
    file = here.file()
    written = {each.person_id for each in uow.find(Posted, case_id=file.case.id)}
    coordinators = {each.person_id for each in file.coordinators if each.until is None}
    asked = {seat.person_id: seat.asked_at for seat in reversed(file.seats)}
    told = {id: asked.get(id, file.case.opened_at) for id in written - coordinators if id is not None}
    told |= dict.fromkeys(coordinators, file.case.opened_at)
    return {id: told[id] for id in sorted(told) if id != here.actor.id}


def undo_opening(uow: UnitOfWork, actor: Person, case_id: str) -> None:
    """Delete a case that was opened by mistake; people are told as in `see_undoing`.

    Calendars are told before its key is destroyed. The messages to people belong to no case, since they
    outlive this one.
    """
    here, told, _ = see_undoing(uow, actor, case_id)
    file, now = here.file(), uow.now
    take_back_prompt(uow, file.case)
    gone = _end(uow, file, delete_on=file.team.day_of(now), erasing_since=now, undone=True)
    uow.enqueue(
        *(
            Notification(Kind.UNDONE, file.team.id, recipient=id, params=Withdrawn(now, asked_at))
            for id, asked_at in told.items()
        )
    )
    plan_purge(uow, gone)


# --- opening again -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """The parts that are asked again, by involvement id, and the first meeting after the reopening.

    `chosen` are the people to ask, by agency id, where the coordinator has chosen them.
    """

    case_id: str
    chosen: tuple[tuple[str, Chosen], ...] = ()
    _: KW_ONLY
    phase: Phase
    parts: tuple[str, ...]
    meeting: MeetingPlan


@dataclass(frozen=True, slots=True)
class ReopenReview(Review):
    """A reopening as shown before anything is sent.

    `coordinators` are those who are asked for taushetsplikt again; the others have kept the room since the
    closing. `new_room`: the old one cannot be used.
    """

    here: CaseContext
    new_room: bool


def in_at_closing(file: CaseFile) -> list[Involvement]:
    """The parts that only the closing ended, of agencies that are still the team's."""
    return [
        i
        for i in file.involvements
        if i.ended_at is not None
        and i.ended_at == file.case.closed_at
        and i.not_ours is None
        and not file.agencies[i.agency_id].retired
    ]


def see_reopenable(uow: UnitOfWork, actor: Person, where: str) -> CaseContext:
    here = enter_case(uow, actor, Action.REOPEN_CASE, where, closed_too=True)
    if here.file().open:
        raise Refused(Refusal.NOTHING_HERE, "closed")
    if here.file().case.is_being_erased:
        raise Refused(Refusal.NOTHING_HERE, "erased")
    if not any(i.asked_at is not None for i in in_at_closing(here.file())):
        raise Refused(Refusal.NOTHING_HERE, "in-at-closing")
    return here


def review_reopening(uow: UnitOfWork, actor: Person, command: ReopenCase) -> ReopenReview:
    """Check the meeting, and name the humans who would be asked. Changes nothing."""
    here = see_reopenable(uow, actor, command.case_id)
    file = here.file()
    asked = [i for i in in_at_closing(file) if i.asked_at is not None and i.id in command.parts]
    problems = [] if asked else [Problem("parts", "invalid.no-agency")]
    plan = check_meeting(file.team, command.meeting, uow.now, *problems)
    coordinators, persons = people_of(uow, file.team.id)
    stay = set(in_order(file))
    return ReopenReview(
        file.team,
        tuple(_who_is_asked(uow, file, i, dict(command.chosen).get(i.agency_id)) for i in asked),
        tuple(persons[id] for id in coordinators if id not in stay),
        tuple(file.agency_of(i.id) for i in in_at_closing(file) if i.asked_at is None),
        plan,
        warnings(uow, file.team, plan, file=file, coordinator_id=actor.id, phase=command.phase),
        here,
        file.room.trouble is not None,
    )


def _who_is_asked(uow: UnitOfWork, file: CaseFile, part: Involvement, chosen: Chosen | None) -> AskPreview:
    """The chosen person, otherwise the agency's confirmed seat holder at the closing, if they take calls now.

    Without either, the same person as in a new case.
    """
    held = {
        seat.person_id
        for seat in file.seats
        if file.left_by_closing(seat)
        and (seat.involvement_id, seat.role) == (part.id, SeatRole.AGENCY)
        and seat.acknowledged_at is not None
    }
    now = (c for c in file.contacts_of(part.agency_id) if on_call.within_hours(c, uow.now, file.team))
    had_it = next((Chosen(contact.id) for contact in now if contact.person_id in held), None)
    return who_is_asked(uow, file.team, file.agency_of(part.id), chosen or had_it, file)


def reopen_case(uow: UnitOfWork, actor: Person, command: ReopenCase, review: ReopenReview) -> None:
    """Open the case again, and ask everybody again, taushetsplikt first.

    The agencies' parts go on, with their needs, actions and dates. Agencies that are not asked stay out;
    those that were only expected are expected again. Pauses and liaisons end. The coordinators who kept the
    room have been bound all along; the others are asked.
    """
    file = review.here.file()
    before = file.case
    told = {each.agency.id: each for each in review.told}
    revived = [i for i in in_at_closing(file) if i.asked_at is None or i.agency_id in told]
    since = before.phase_since if before.phase is command.phase else uow.now
    uow.change(before, closed_at=None, delete_on=None, phase=command.phase, phase_since=since)
    if file.pause is not None:
        uow.change(file.pause, ended_at=uow.now)
    for liaison in file.liaisons:
        if liaison.ended_at is None:
            uow.change(liaison, ended_at=before.closed_at)
    for part in revived:
        asked_at = None if part.asked_at is None else uow.now
        again = uow.change(part, ended_at=None, asked_at=asked_at, on_record=None)
        if part.agency_id in told:
            summons.offer_seat(uow, file.team, again, told[part.agency_id])
    asked = {person.id for person in review.coordinators}
    for seat in file.seats:
        if seat.role is SeatRole.COORDINATOR and seat.live and seat.person_id in asked:
            uow.change(seat, ended_at=uow.now, end=SeatEnd.CASE_CLOSED)
    for person in review.coordinators:
        seat_coordinator(uow, before.id, person.id)
    note_acting(review.here)
    for person_id in file.room_people():
        summons.note_return(uow, file, person_id)
    meeting = summons.add_meeting(uow, before.id, review.meeting)
    summons.summon(uow, uow.current(file), meeting)
    if review.new_room:
        replace_room(uow, uow.current(file))


REOPEN_CASE = ReviewedCommand(ReopenCase, review_reopening, reopen_case)
