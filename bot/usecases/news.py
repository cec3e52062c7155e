"""News of a case: notifications that are sent once, because something in the case has changed.

They are found by comparing the case before a transaction with the case after it, so no use case has to say
whom its change concerns. Standing messages and planned ones follow from the case's state only
(`bot.usecases.effects`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from bot.domain.actions import agreed_together
from bot.domain.case.entities import (
    Answer,
    Approval,
    Attendance,
    Duty,
    Involvement,
    Meeting,
    Seat,
    SeatEnd,
    SeatRole,
    StepKind,
)
from bot.domain.case.file import CaseFile
from bot.domain.coordinating import in_charge
from bot.domain.notifications import At, Kind, Notification, PersonsChange, PlacementChange, Revision
from bot.domain.on_record import recording_parts
from bot.domain.overview.reminder_plan import room_now
from bot.domain.overview.told import ROOM_ONLY, is_summoned, tell
from bot.usecases.notifications import seat_notifications
from bot.usecases.ports import UnitOfWork

#: Ends of a seat that are read where its person was asked, without a new message.
READ_WHERE_ASKED = frozenset({SeatEnd.PASSED_ON, SeatEnd.COLLEAGUE_ANSWERED, SeatEnd.NOT_NEEDED})


@dataclass(frozen=True, slots=True)
class Change:
    """A case before and after a change; `by` is the person who made it, None where the bot did."""

    before: CaseFile
    after: CaseFile
    by: str | None
    now: datetime

    @property
    def stays_open(self) -> bool:
        return self.before.open and self.after.open

    @property
    def closed(self) -> bool:
        return self.before.open and not self.after.open

    def added(self, part: str) -> Iterator[Any]:
        """Yield the new entities in a list of the case, named by its attribute of `CaseFile`."""
        known = {each.id for each in getattr(self.before, part)}
        return (each for each in getattr(self.after, part) if each.id not in known)

    def changed(self, part: str) -> Iterator[tuple[Any, Any]]:
        """Yield the changed entities, each before and after."""
        before = {each.id: each for each in getattr(self.before, part)}
        for now in getattr(self.after, part):
            was = before.get(now.id)
            if was is not None and was != now:
                yield was, now

    def filled_in(self, part: str, name: str) -> Iterator[Any]:
        """Yield the entities in which a field has been filled in."""
        value = attrgetter(name)
        return (now for was, now in self.changed(part) if value(was) is None and value(now) is not None)

    @property
    def tell(self) -> Callable[..., Iterator[Notification]]:
        return partial(tell, self.after)


def news_of(uow: UnitOfWork, before: CaseFile, after: CaseFile) -> Iterator[Notification]:
    """Yield the notifications of a change; none for a case that is being erased."""
    change = Change(before, after, uow.acting, uow.now)
    if after.case.is_being_erased:
        return
    for rule in _NEWS:
        yield from rule(change)
    yield from _absences(uow, change)


# --- parts and seats -----------------------------------------------------------------------------


def _parts_over(c: Change) -> Iterator[Notification]:
    """Tell people that their part is over, each once; of several seats the confirmed one counts."""
    ended = (s for s in c.filled_in("seats", "ended_at") if s.involvement_id is not None)
    out = {
        seat.person_id: c.after.involvement(seat.involvement_id)
        for seat in sorted(ended, key=lambda s: s.acknowledged_at is not None)
        if seat.end not in READ_WHERE_ASKED or _is_spared(c, seat)
    }
    for person, part in sorted(out.items()):
        yield from c.tell(Kind.PART_OVER, part, to=[person])


def _is_spared(c: Change, seat: Seat) -> bool:
    """Return whether a deputy who had said yes is no longer needed; that a meeting is off is told instead."""
    if seat.end is not SeatEnd.NOT_NEEDED or seat.meeting_id is None:
        return False
    theirs = [a for a in c.after.asks if (a.person_id, a.meeting_id) == (seat.person_id, seat.meeting_id)]
    said_yes = any(a.deputy_for is not None and a.answer is Answer.CONFIRMED for a in theirs)
    return c.after.meeting(seat.meeting_id).cancelled_at is None and said_yes


def _handed_over(c: Change) -> Iterator[Notification]:
    """Tell the coordinators, and the new seat holder, even one who has confirmed as a deputy."""
    for seat in c.added("seats"):
        if seat.takes_over:
            yield from c.tell(Kind.HANDED_OVER, seat)
            yield from seat_notifications(c.after, seat)


def _contacts_gone(c: Change) -> Iterator[Notification]:
    """Tell the coordinators of an account that is gone, or a contact who left; ask who comes instead."""
    for seat in c.filled_in("seats", "ended_at"):
        left = seat.end is SeatEnd.LEFT and seat.role is SeatRole.AGENCY
        gone = seat.end is SeatEnd.DEACTIVATED
        if left or (gone and needs_successor(c.after, seat.involvement_id, seat.role)):
            yield from c.tell(Kind.CONTACT_GONE, seat)
            for new in c.added("seats"):
                if new.involvement_id == seat.involvement_id:
                    yield from seat_notifications(c.after, new)


def needs_successor(file: CaseFile, involvement_id: str | None, role: SeatRole) -> bool:
    """Return whether another person has to be asked for the agency of a seat that was lost."""
    part = file.involvement(involvement_id) if involvement_id is not None else None
    here = file.open and part is not None and part.live and part.not_ours is None
    return here and role is SeatRole.AGENCY


def _liaisons(c: Change) -> Iterator[Notification]:
    """Tell a liaison whose time is over, and the room, except at a closing."""
    over = c.before.live_liaisons() if c.closed else c.filled_in("liaisons", "ended_at")
    for liaison in over if c.before.open else ():
        told = c.tell(Kind.LIAISON_LEFT, liaison)
        yield from (each for each in told if each.recipient is not None or c.stays_open)


# --- meetings ------------------------------------------------------------------------------------


def _meetings_moved(c: Change) -> Iterator[Notification]:
    """Tell the coordinators except the one who moved it; those who are asked learn it from the ask."""
    for was, now in c.changed("meetings"):
        if now.sequence > was.sequence:
            yield from c.tell(Kind.MEETING_MOVED, now, but=c.by)


def _meetings_cancelled(c: Change) -> Iterator[Notification]:
    """Tell the room, all who had been asked, and liaisons who had it in their calendar."""
    for meeting in c.filled_in("meetings", "cancelled_at") if c.after.open else ():
        yield from c.tell(Kind.MEETING_CANCELLED, meeting, to={*ROOM_ONLY, *_asked_to(c.before, meeting)})


def _asked_to(file: CaseFile, meeting: Meeting) -> set[str]:
    asked = {a.person_id for a in file.asks if a.meeting_id == meeting.id and is_summoned(file, a)}
    theirs = (i for i in file.invitations if i.meeting_id == meeting.id and file.invitation_stands(i))
    return asked | {i.person_id for i in theirs}


def _minutes(c: Change) -> Iterator[Notification]:
    """Send the minutes to the room; tell the coordinators too if an agency is outside the room."""
    for meeting in c.filled_in("meetings", "registered_at"):
        yield from c.tell(Kind.MINUTES, meeting, to=None if c.after.outside_room() else ROOM_ONLY)


def _deputies_refused(c: Change) -> Iterator[Notification]:
    for was, ask in c.changed("asks"):
        if ask.approval is Approval.REFUSED and was.approval is not Approval.REFUSED:
            yield from c.tell(Kind.DEPUTY_REFUSED, ask)


def _steps(c: Change) -> Iterator[Notification]:
    """Tell the person that an escalation step turns to; the coordinators' call list updates automatically."""
    for step in c.added("steps"):
        if step.kind is StepKind.REMINDER and step.person_id is not None:
            yield from c.tell(Kind.UNANSWERED, c.after.ask(step.ask_id), Revision(step.sequence))
        elif step.kind is StepKind.LEADER:
            yield from c.tell(Kind.LEADER_ASKED, step)


def _absences(uow: UnitOfWork, c: Change) -> Iterator[Notification]:
    """Tell of agencies that stayed away without notice, when a register takes effect or is corrected.

    The agency's lead is asked for the reason; its leaders and the coordinators are told. If the agency stayed
    away from its previous meeting too, the coordinators get a text for the municipal director. An agency that
    was not reached is not at fault: that is in the minutes, and the register's form says what to do.
    """
    new = {meeting.id for meeting in c.filled_in("meetings", "registered_at")}
    corrected = {
        now.id
        for was, now in c.changed("duties")
        if (was.attendance, was.written_report) != (now.attendance, now.written_report)
    }
    for duty in c.after.duties:
        registered = c.after.meeting(duty.meeting_id).registered_at is not None
        away = duty.attendance is Attendance.ABSENT_WITHOUT_NOTICE and duty.withdrawn_at is None
        if away and registered and (duty.meeting_id in new or duty.id in corrected):
            yield from _absence(uow, c, duty)


def _absence(uow: UnitOfWork, c: Change, duty: Duty) -> Iterator[Notification]:
    for kind in (Kind.ABSENCE, Kind.ABSENCE_REASON, Kind.ABSENCE_TOLD):
        yield from c.tell(kind, duty)
    before = _stayed_away_before(uow, c.after, duty)
    if before is not None:
        yield from c.tell(Kind.DIRECTOR_TEXT, duty, At(before.starts_at))


def _stayed_away_before(uow: UnitOfWork, file: CaseFile, duty: Duty) -> Meeting | None:
    """The agency's previous meeting, in any case of the team, if it stayed away without notice there too."""
    this = file.meeting(duty.meeting_id)
    agency_id = file.involvement(duty.involvement_id).agency_id
    parts = [i.id for i in uow.find(Involvement, agency_id=agency_id)]
    duties = [d for d in uow.find(Duty, involvement_id=parts, withdrawn_at=None) if d.attendance is not None]
    found = uow.find(Meeting, id=[d.meeting_id for d in duties])
    meetings = {m.id: m for m in found if m.registered_at is not None}
    earlier = [
        (meetings[d.meeting_id].starts_at, d.id, d)
        for d in duties
        if d.meeting_id in meetings and d.id != duty.id and meetings[d.meeting_id].starts_at < this.starts_at
    ]
    if not earlier:
        return None
    last = max(earlier)[2]
    return meetings[last.meeting_id] if last.attendance is Attendance.ABSENT_WITHOUT_NOTICE else None


# --- the case itself -----------------------------------------------------------------------------


def _persons(c: Change) -> Iterator[Notification]:
    case = c.after.case
    if new := case.letters[c.before.case.persons :]:
        yield from c.tell(Kind.PERSONS_CHANGED, case, PersonsChange(new))
    for person in c.added("closed_persons"):
        yield from c.tell(Kind.PERSONS_CHANGED, case, PersonsChange(person.letter, closed=True))


def _pauses(c: Change) -> Iterator[Notification]:
    """Tell the room that the case waits."""
    for pause in c.added("pauses"):
        yield from c.tell(Kind.CASE_WAITS, pause)


def _closing(c: Change) -> Iterator[Notification]:
    case = c.after.case
    if c.closed:
        yield from c.tell(Kind.CASE_CLOSED, case, to=None if unreachable_parts(c.after) else ROOM_ONLY)
    elif c.after.open and not c.before.open:
        yield from c.tell(Kind.CASE_REOPENED, case, At(c.now))


def unreachable_parts(file: CaseFile) -> list[Involvement]:
    """The parts of a closed case that know of it, and of whose people at its end the bot can tell none."""
    left = (s for s in file.seats if file.left_by_closing(s) and file.has_confirmed(s))
    told = {s.involvement_id for s in left if file.reaches(s)}
    return [part for part in recording_parts(file) if part.id not in told]


def _offer(c: Change) -> Iterator[Notification]:
    """Tell the coordinator who is asked to take the case over; tell its holder when they have taken it."""
    was, now, case = c.before.case.offered_to, c.after.case.offered_to, c.after.case
    if was == now or not c.stays_open:
        return
    if now is not None:
        yield from c.tell(Kind.CASE_OFFERED, case, to=[now])
    elif was == c.by == case.in_charge and in_charge(c.before) is not None:
        yield from c.tell(Kind.OFFER_ANSWERED, case, At(c.now), to=[in_charge(c.before)])


def _questions(c: Change) -> Iterator[Notification]:
    for question in c.added("questions"):
        yield from c.tell(Kind.CASE_QUESTION, question)
    for was, now in c.changed("questions"):
        if now.answers > was.answers:
            yield from c.tell(Kind.CASE_ANSWER, now)


def _actions(c: Change) -> Iterator[Notification]:
    """Tell the people of the agency that owns an action, except the one who agreed it."""
    for action in c.added("actions"):
        first = agreed_together(c.after, action)[0]
        yield from c.tell(Kind.ACTION_AGREED, first, but=action.agreed_by)


def _placements(c: Change) -> Iterator[Notification]:
    """Tell the room, and tell the coordinators which agencies they have to inform."""
    for placement in c.added("placements"):
        yield from c.tell(Kind.PLACEMENT_TOLD, placement, PlacementChange(ended=False))
    for _, now in c.changed("placements"):
        change = PlacementChange(not now.live, now.ends_on if now.live else None)
        yield from c.tell(Kind.PLACEMENT_TOLD, now, change)


def _room(c: Change) -> Iterator[Notification]:
    """Tell the coordinators that the room is no longer a closed room of the case, or is one again."""
    before, room = c.before.room, c.after.room
    if room.trouble is not None and room.trouble_at not in (None, before.trouble_at):
        yield from room_now(c.after, room.trouble_at)
    since = before.trouble_at
    if since is not None and room.trouble is None and room.channel_id == before.channel_id:
        yield from c.tell(Kind.ROOM_SETTLED, c.after.case, At(since))


_NEWS: tuple[Callable[[Change], Iterator[Notification]], ...] = (
    _parts_over,
    _handed_over,
    _contacts_gone,
    _liaisons,
    _meetings_moved,
    _meetings_cancelled,
    _minutes,
    _deputies_refused,
    _steps,
    _persons,
    _pauses,
    _closing,
    _offer,
    _questions,
    _actions,
    _placements,
    _room,
)
