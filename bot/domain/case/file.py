"""The case file: one case with all that belongs to it, and the status derived from it, never stored."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar

from bot.domain import worktime
from bot.domain.access import Action, Right
from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import (
    Arrival,
    Ask,
    Case,
    CaseContact,
    CaseQuestion,
    ClosedPerson,
    Correction,
    Duty,
    EscalationStep,
    FormerRoom,
    Involvement,
    Meeting,
    Pause,
    Phase,
    PhoneAnswer,
    Room,
    Seat,
    SeatEnd,
    SeatRole,
    Via,
)
from bot.domain.case.links import Liaison, LiaisonInvitation, Link, leaves_at
from bot.domain.case.polls import TimeAnswer, TimePoll
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team

T = TypeVar("T")
#: After this time somebody who has left a case counts as never having been in it.
LONG_OUT = timedelta(days=14)


class Standing(StrEnum):
    EXPECTED = "expected"
    ASKED = "asked"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True)
class CaseFile:
    """A snapshot of one case with the part of the directory that it touches.

    `agencies`, `contacts` and `coordinators` are the whole team's; `contacts` also includes the contacts that
    only this case knows (`case_contacts`). `persons` holds at least everyone named by them and by the seats,
    `named` the ids of the people whom the case itself names.
    """

    team: Team
    case: Case
    room: Room
    involvements: tuple[Involvement, ...]
    seats: tuple[Seat, ...]
    meetings: tuple[Meeting, ...]
    duties: tuple[Duty, ...]
    asks: tuple[Ask, ...]
    entries: tuple[CalendarEntry, ...] = ()
    steps: tuple[EscalationStep, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    corrections: tuple[Correction, ...] = ()
    closed_persons: tuple[ClosedPerson, ...] = ()
    links: tuple[Link, ...] = ()
    liaisons: tuple[Liaison, ...] = ()
    invitations: tuple[LiaisonInvitation, ...] = ()
    pauses: tuple[Pause, ...] = ()
    polls: tuple[TimePoll, ...] = ()
    time_answers: tuple[TimeAnswer, ...] = ()
    needs: tuple[CaseNeed, ...] = ()
    actions: tuple[CaseAction, ...] = ()
    placements: tuple[Placement, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    questions: tuple[CaseQuestion, ...] = ()
    former_rooms: tuple[FormerRoom, ...] = ()
    case_contacts: tuple[CaseContact, ...] = ()
    phone_answers: tuple[PhoneAnswer, ...] = ()
    agencies: dict[str, Agency] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    coordinators: tuple[Coordinator, ...] = ()
    persons: dict[str, Person] = field(default_factory=dict)
    named: frozenset[str] = frozenset()

    # --- lookups; a KeyError means that the id does not belong to this case

    @cached_property
    def _by_id(self) -> dict[tuple[type[Any], str | None], Any]:
        parts: chain[Any] = chain(self.involvements, self.meetings, self.duties)
        people: chain[Any] = chain(self.asks, self.seats, self.invitations)
        return {(type(each), each.id): each for each in chain(parts, people)}

    def _one(self, kind: type[T], id: str) -> T:
        found: T = self._by_id[kind, id]
        return found

    def involvement(self, id: str) -> Involvement:
        return self._one(Involvement, id)

    def meeting(self, id: str) -> Meeting:
        return self._one(Meeting, id)

    def duty(self, id: str) -> Duty:
        return self._one(Duty, id)

    def ask(self, id: str) -> Ask | None:
        return self._by_id.get((Ask, id))

    def seat(self, id: str | None) -> Seat | None:
        return self._by_id.get((Seat, id))

    def asked(self, id: str) -> Ask | LiaisonInvitation | None:
        """The subject of a calendar entry: the ask with this id, or a liaison's invitation."""
        return self.ask(id) or self._by_id.get((LiaisonInvitation, id))

    def agency_of(self, involvement_id: str) -> Agency:
        return self.agencies[self.involvement(involvement_id).agency_id]

    def part_of(self, of: Ask | EscalationStep | Seat) -> str:
        """Return the id of the involvement for which somebody is asked or has a seat; empty for none."""
        return of.involvement_id or "" if isinstance(of, Seat) else self.duty(of.duty_id).involvement_id

    def duty_stands(self, duty: Duty) -> bool:
        """Return whether an agency still has to come: the case, its part and the meeting are not over."""
        goes_on = self.involvement(duty.involvement_id).live and self.meeting(duty.meeting_id).live
        return self.open and duty.withdrawn_at is None and goes_on

    def duties_ahead(self, involvement_id: str, now: datetime) -> list[Duty]:
        """Return an agency's duties at meetings that have not begun."""
        due = (d for d in self.duties if d.involvement_id == involvement_id and self.duty_stands(d))
        return [d for d in due if self.meeting(d.meeting_id).starts_at > now]

    def agency_of_ask(self, ask: Ask | EscalationStep) -> Agency:
        return self.agency_of(self.part_of(ask))

    # --- people

    @property
    def open(self) -> bool:
        return self.case.closed_at is None

    @property
    def open_letters(self) -> str:
        closed = {c.letter for c in self.closed_persons}
        return "".join(letter for letter in self.case.letters if letter not in closed)

    def coordinates(self, person_id: str) -> bool:
        return any(c.person_id == person_id and c.until is None for c in self.coordinators)

    def seats_of(self, person_id: str, involvement_id: str | None = None) -> list[Seat]:
        """Return a person's live seats; with an agency's part, those for it, also as a deputy."""
        theirs = [s for s in self.seats if s.person_id == person_id and s.live]
        return [s for s in theirs if involvement_id in (None, s.involvement_id)]

    def left_by_closing(self, seat: Seat) -> bool:
        """Return whether the seat ended when the case was last closed, not at an earlier closing."""
        return seat.end is SeatEnd.CASE_CLOSED and seat.ended_at == self.case.closed_at

    def has_confirmed(self, seat: Seat) -> bool:
        """Return whether its person has confirmed taushetsplikt for it, or did before a reopening."""
        whose = seat.person_id, seat.involvement_id, seat.role
        return any(
            s.acknowledged_at is not None
            for s in self.seats
            if (s.person_id, s.involvement_id, s.role) == whose
            if s.id == seat.id or s.end is SeatEnd.CASE_CLOSED
        )

    def long_out(self, person_id: str, now: datetime) -> bool:
        """Return whether somebody left the case so long ago that they learn nothing more of it.

        A person whose seat ended with the closing does not count as out until the case is deleted.
        """
        theirs = [s for s in self.seats if s.person_id == person_id]
        if self.coordinates(person_id) or any(s.live or self.left_by_closing(s) for s in theirs):
            return False
        ended = [s.ended_at for s in theirs if s.ended_at is not None]
        return bool(ended) and max(ended) + LONG_OUT <= now

    def seats_for(self, involvement_id: str) -> list[Seat]:
        """Return an agency's live seats, oldest first, without deputies' seats."""
        return [
            s
            for s in self.seats
            if s.involvement_id == involvement_id and s.live and s.role is SeatRole.AGENCY
        ]

    def lead(self, involvement_id: str) -> Seat | None:
        """Return the seat of the agency's responsible person: its oldest confirmed one, or its oldest."""
        seats = self.seats_for(involvement_id)
        return next((s for s in seats if s.confirmed), seats[0] if seats else None)

    def on_slack(self, person_id: str) -> bool:
        person = self.persons.get(person_id)
        return person is not None and person.on_slack

    def can_be_asked(self, person_id: str) -> bool:
        person = self.persons.get(person_id)
        own = any(c.line for c in self.case_contacts if c.person_id == person_id)
        return person is not None and (person.can_be_asked or own)

    def own_line(self, agency_id: str, person_id: str | None) -> str | None:
        """Return the phone number of a contact of the agency whom only this case knows."""
        theirs = ((c.agency_id, c.person_id, c.line) for c in self.case_contacts)
        return next((line for *who, line in theirs if who == [agency_id, person_id]), None)

    def reached_directly(self, person_id: str, involvement_id: str) -> bool:
        """Return whether the bot may write to a person for this agency; if not, the coordinator does."""
        return self.on_slack(person_id) and not self.agency_of(involvement_id).reached_by_coordinator

    def reaches(self, of: Ask | Seat | EscalationStep | LiaisonInvitation) -> bool:
        """Return whether the bot may write to the person of an ask, a seat or the like about it."""
        if of.person_id is None:
            return False
        part = "" if isinstance(of, LiaisonInvitation) else self.part_of(of)
        return self.reached_directly(of.person_id, part) if part else self.on_slack(of.person_id)

    def room_people(self) -> frozenset[str]:
        """Return the ids of exactly the people who belong in the room now: SEE_ROOM of the access table.

        They are on Slack and have confirmed seats, none of a sheltering agency. After closing only the
        confirmed coordinators remain, after the purge nobody.
        """
        if self.case.purged_at is not None:
            return frozenset()
        return frozenset(s.person_id for s in self.seats if self.opens_room(s))

    def has_left(self, person_id: str) -> bool:
        """Return whether a person who may be in the room has left it and not yet said whether for good."""
        theirs = [s for s in self.seats_of(person_id) if self.opens_room(s)]
        return bool(theirs) and all(s.left_at is not None for s in theirs)

    def outside_room(self) -> list[Involvement]:
        """Return the agencies with confirmed taushetsplikt of which nobody is in the room."""
        out = set(self.room.left_out or ())
        inside = {id for id in self.room_people() if id not in out and not self.has_left(id)}
        return [
            i
            for i in self.current()
            if self.standing(i) is Standing.ACTIVE
            and not any(s.person_id in inside for s in self.seats_for(i.id))
        ]

    def opens_room(self, seat: Seat) -> bool:
        """Return whether this seat alone admits its person to the room of a case that is not purged."""
        if not seat.confirmed or not self.on_slack(seat.person_id):
            return False
        if seat.role is SeatRole.LIAISON:
            return self.open
        if seat.involvement_id is None:
            return self.coordinates(seat.person_id)
        return (
            self.open
            and self.involvement(seat.involvement_id).live
            and not self.agency_of(seat.involvement_id).reached_by_coordinator
        )

    def live_liaisons(self) -> list[Liaison]:
        """Return the liaisons whose time is not over, confirmed or not, oldest first."""
        if not self.open:
            return []
        seats = {s.id for s in self.seats if s.live}
        return [x for x in self.liaisons if x.ended_at is None and (x.seat_id is None or x.seat_id in seats)]

    def is_liaison(self, person_id: str) -> bool:
        return any(s.role is SeatRole.LIAISON and self.opens_room(s) for s in self.seats_of(person_id))

    def is_theirs(self, liaison: Liaison, meeting: Meeting) -> bool:
        """Return whether a liaison may come to a meeting: they are in the room now and when it begins."""
        seat = self.seat(liaison.seat_id)
        inside = seat is not None and self.opens_room(seat) and liaison in self.live_liaisons()
        return inside and meeting.live and meeting.starts_at < leaves_at(liaison.until, self.team)

    def invitation_stands(self, invitation: LiaisonInvitation) -> bool:
        liaison = next((x for x in self.liaisons if x.id == invitation.liaison_id), None)
        return liaison is not None and self.is_theirs(liaison, self.meeting(invitation.meeting_id))

    def confirmed_coordinators(self) -> list[str]:
        """Return the person ids of the coordinators who have confirmed taushetsplikt for this case."""
        return [s.person_id for s in self._coordinators_seats() if s.confirmed]

    def unconfirmed_coordinators(self) -> list[str]:
        """Return the person ids of the coordinators who are asked to confirm taushetsplikt and have not."""
        return [s.person_id for s in self._coordinators_seats() if not s.confirmed]

    def _coordinators_seats(self) -> Iterator[Seat]:
        seats = (s for s in self.seats if s.role is SeatRole.COORDINATOR and s.live)
        return (s for s in seats if self.coordinates(s.person_id))

    def contacts_of(self, agency_id: str) -> list[Contact]:
        """Return the agency's approved contacts, in order on call."""
        return sorted(
            (c for c in self.contacts if c.agency_id == agency_id and not c.retired and not c.waits),
            key=lambda c: (c.position, c.id),
        )

    def free_contacts(self, involvement_id: str, taken: Container[str], *moments: datetime) -> list[Contact]:
        """Return an agency's contacts, in order on call, who are not `taken` (person ids), or away then."""
        days = {self.team.day_of(at) for at in moments}
        return [
            c
            for c in self.contacts_of(self.agency_of(involvement_id).id)
            if c.person_id not in taken and self.can_be_asked(c.person_id) and not any(map(c.away, days))
        ]

    def leads_agency(self, person_id: str, agency_id: str) -> bool:
        return any(c.leader and c.person_id == person_id for c in self.contacts_of(agency_id))

    def leaders_reached(self, involvement_id: str) -> list[str]:
        """Return the person ids of an agency's leaders whom the bot may write to."""
        contacts = self.contacts_of(self.involvement(involvement_id).agency_id)
        leaders = (c.person_id for c in contacts if c.leader)
        return [person_id for person_id in leaders if self.reached_directly(person_id, involvement_id)]

    # --- agencies, meetings and asks

    def standing(self, involvement: Involvement) -> Standing:
        if not involvement.live:
            return Standing.ENDED
        if involvement.asked_at is None:
            return Standing.EXPECTED
        if any(s.confirmed for s in self.seats_for(involvement.id)):
            return Standing.ACTIVE
        return Standing.ASKED

    def current(self) -> Iterator[Involvement]:
        """Return the involvements that are asked and not ended, and whose agency has not said «not ours»."""
        return (i for i in self.involvements if i.asked_at is not None and i.live and i.not_ours is None)

    @property
    def pause(self) -> Pause | None:
        return next((s for s in self.pauses if s.ended_at is None), None)

    def contact_at(self, pause: Pause) -> datetime:
        return self.team.morning(pause.contact_on)

    def reminder_day(self, day: date) -> date:
        """Return the day itself; in the working phase the last working day that is not after it."""
        if self.case.phase is Phase.ACUTE or worktime.is_working_day(day):
            return day
        return worktime.add_working_days(day, -1)

    def waits(self, now: datetime) -> bool:
        """Return whether the case is paused, and the day of the next contact has not come."""
        return self.pause is not None and now < self.contact_at(self.pause)

    def next_meeting(self, now: datetime) -> Meeting | None:
        ahead = [m for m in self.meetings if m.live and m.ends_at > now]
        return min(ahead, key=lambda m: m.starts_at, default=None)

    def filled_in(self, meeting: Meeting) -> bool:
        """Return whether the register is already filled in and takes effect when the meeting is over."""
        duties = self.duties_of(meeting.id)
        return meeting.live and bool(duties) and all(d.attendance is not None for d in duties)

    def unregistered(self, now: datetime) -> list[Meeting]:
        over = (m for m in self.meetings if m.live and m.ends_at <= now and not self.filled_in(m))
        return sorted(over, key=lambda m: m.starts_at)

    def duties_of(self, meeting_id: str) -> list[Duty]:
        return [d for d in self.duties if d.meeting_id == meeting_id and d.withdrawn_at is None]

    def duty_at(self, meeting_id: str, involvement_id: str) -> Duty | None:
        return next((d for d in self.duties_of(meeting_id) if d.involvement_id == involvement_id), None)

    def asks_of(self, duty_id: str) -> list[Ask]:
        """Return the live asks of a duty, oldest first."""
        return [a for a in self.asks if a.duty_id == duty_id and a.live]

    def asks_of_seat(self, seat: Seat) -> list[Ask]:
        """Return the live asks that depend on this seat, for meetings neither called off nor registered.

        A deputy's seat carries the asks of its own meeting, an agency's seat all others.
        """

        theirs = self.seats_of(seat.person_id, self.part_of(seat))
        deputised = {s.meeting_id for s in theirs if s.role is SeatRole.DEPUTY}
        return [
            a
            for a in self.asks
            if a.live
            and a.person_id == seat.person_id
            and self.part_of(a) == seat.involvement_id
            and self.meeting(a.meeting_id).live
            and (a.meeting_id == seat.meeting_id if seat.meeting_id else a.meeting_id not in deputised)
        ]

    def deputies_of(self, ask: Ask) -> list[Ask]:
        return [a for a in self.asks_of(ask.duty_id) if a.deputy_for == ask.id]

    def stand_ins(self, ask: Ask) -> list[Ask]:
        """Return the asks that exist because this one is a forfall: its deputy's, and the deputy's deputy's.

        For the agency's own ask these are all deputies' asks of the duty.
        """
        if ask.deputy_for is None:
            return [a for a in self.asks_of(ask.duty_id) if a.deputy_for is not None]
        named = self.deputies_of(ask)
        return [*named, *(s for d in named for s in self.stand_ins(d))]

    def last_asked_to_confirm(self, seat: Seat) -> datetime:
        """Return when they were last asked to confirm taushetsplikt.

        Each deputy's seat asks again, and so does an agency that is asked again; so does a case that loses
        its only coordinator.
        """
        confirmed_at = seat.acknowledged_at
        times = [
            a.asked_at
            for a in self.asks
            if a.person_id == seat.person_id
            and self.part_of(a) == seat.involvement_id
            and seat.meeting_id in (None, a.meeting_id)
            and not a.awaits_approval
        ]
        times += [i.asked_at for i in self.current() if i.id == seat.involvement_id and i.asked_at]
        asked = self._left_alone() if seat.role is SeatRole.COORDINATOR else times
        since = (at for at in asked if confirmed_at is None or at < confirmed_at)
        return max([seat.asked_at, *since])

    def _left_alone(self) -> Iterator[datetime]:
        """Yield when the case lost its last coordinator who had confirmed taushetsplikt."""
        seats = [(s.acknowledged_at, s.ended_at) for s in self.seats if s.role is SeatRole.COORDINATOR]
        had = [(since, until) for since, until in seats if since is not None]
        for _, at in had:
            if at is not None and not any(
                since <= at and (until is None or until > at) for since, until in had
            ):
                yield at

    def awaits_confidentiality(self, ask: Ask) -> bool:
        """Return whether the person asked has yet to confirm taushetsplikt for this case."""
        return not any(s.confirmed for s in self.seats_of(ask.person_id, self.part_of(ask)))

    def must_be_called(self, ask: Ask) -> bool:
        """Return whether somebody has to ring: they have not answered, and the bot has not told them.

        Also if a message is not enough, since a coordinator told them a time that is no longer valid.
        """
        told = ask.told_via is Via.MAIL or self.reaches(ask)
        return ask.open and (bool(ask.ring_anew) or not told)


# --- what somebody may do in a case

#: The right that a confirmed seat gives. Coordinators' seats have their own rule in `rights_in_case`.
_OF_ROLE: Mapping[SeatRole, Right] = {
    SeatRole.AGENCY: Right.SEAT_HOLDER,
    SeatRole.DEPUTY: Right.DEPUTY,
    SeatRole.LIAISON: Right.LIAISON,
}


@dataclass(frozen=True, slots=True)
class Target:
    """The owner of an object in a case, as the access table needs it.

    `owner` is the id of the person to whom it belongs, who gets OWN. `part` is the involvement that it is
    for: a person to whom the bot may not write for that agency answers through the coordinator. `own_part` is
    the involvement to which a need, an action or a deadline belongs: a seat for it gives OWN_PART, one that
    the closing has ended gives LEFT_AT_CLOSING. With a `meeting`, a deputy for another meeting has no DEPUTY
    right, and a person in the room who was named to lead the meeting is its CHAIR.
    """

    owner: str | None = None
    part: str | None = None
    own_part: str | None = None
    meeting: Meeting | None = None


def rights_in_case(file: CaseFile, person_id: str, target: Target = Target()) -> frozenset[Right]:
    """Return a person's rights in a case: the union over all their roles in it."""
    meeting, own_part = target.meeting, target.own_part
    rights = {Right.ANYONE}
    if file.coordinates(person_id):
        rights.add(Right.TEAM_COORDINATOR)
        if person_id in file.confirmed_coordinators():
            rights.add(Right.CASE_COORDINATOR)
    for seat in file.seats_of(person_id):
        if seat.role is SeatRole.COORDINATOR:
            continue
        if not seat.confirmed:
            rights.add(Right.ASKED)
        elif file.opens_room(seat) and (meeting is None or seat.meeting_id in (None, meeting.id)):
            rights.add(_OF_ROLE[seat.role])
            if seat.role is SeatRole.AGENCY and seat.involvement_id == own_part:
                rights.add(Right.OWN_PART)
    if own_part is not None and any(_left_at_closing(file, s, person_id, own_part) for s in file.seats):
        rights.add(Right.LEFT_AT_CLOSING)
    if meeting is not None and meeting.chair == person_id and rights & Action.SEE_ROOM.rights:
        rights.add(Right.CHAIR)
    if any(file.leads_agency(person_id, part.agency_id) for part in file.current()):
        rights.add(Right.LEADER)
    reached = target.part is None or file.reached_directly(person_id, target.part)
    if target.owner == person_id and reached and file.on_slack(person_id):
        rights.add(Right.OWN)
    return frozenset(rights)


def _left_at_closing(file: CaseFile, seat: Seat, person_id: str, part: str) -> bool:
    return (
        (seat.person_id, seat.involvement_id, seat.role) == (person_id, part, SeatRole.AGENCY)
        and file.left_by_closing(seat)
        and file.has_confirmed(seat)
        and file.reaches(seat)
    )
