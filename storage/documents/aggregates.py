"""The aggregates: which entities form one document, how they are found, and what is kept after an erasure.

A document belongs to its root and has a key of its own, whose scope is its word and the root's id
(«guidance/<id>»). Its other entities name the root by a field. The installation's own documents, of no case,
are sealed with its key: the directory, the figures of what is gone, leftovers, and drafts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
    Count,
    Duty,
    EscalationStep,
    FormerRoom,
    Involvement,
    Meeting,
    Pause,
    PhoneAnswer,
    Room,
    Seat,
    SeatRole,
)
from bot.domain.case.links import Liaison, LiaisonInvitation, Link
from bot.domain.case.polls import TimeAnswer, TimePoll
from bot.domain.convening import Convening
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.drill import Drill, DrillAsk
from bot.domain.guidance import Guidance
from bot.domain.joint import JointEntry, JointInvitation, JointMeeting
from bot.domain.leftovers import Leftovers
from bot.domain.report.yearly import YearCount
from bot.usecases.ports import Draft
from storage.kinds import Kind
from storage.schema import documents as words

#: The name of a document, of word and root id: «case/<id>»; also the scope of its key if it has one.
Key = str


@dataclass(frozen=True, eq=False)
class Aggregate:
    """Entities that are read, changed and erased together.

    `kinds` begins with the root's. `kept` has the fields, by kind, that are kept of an erased document; other
    kinds are removed. A `single` aggregate is one document without a root.
    """

    word: str
    kinds: tuple[Kind[Any], ...]
    kept: Mapping[type[Any], frozenset[str]] = field(default_factory=dict)
    single: bool = False

    @property
    def root(self) -> type[Any]:
        return self.kinds[0].kind

    @property
    def only_key(self) -> Key:
        return f"{self.word}/{self.word}"

    def key_of(self, entity: Any) -> Key:
        """Return the key of the document that an entity belongs to."""
        return self.only_key if self.single else f"{self.word}/{getattr(entity, self.naming(type(entity)))}"

    def naming(self, kind: type[Any]) -> str:
        """Return the field of a kind that names the root."""
        return "id" if kind is self.root else f"{self.word}_id"


def _kept(*names: str) -> frozenset[str]:
    return frozenset(("id", "team_id", "purged_at", *names))


CASE = Aggregate(
    "case",
    (
        Kind(Case, "opened_at"),
        Kind(Room, "id"),
        Kind(FormerRoom, "left_at", part="former_rooms"),
        Kind(Involvement, "asked_at", part="involvements"),
        Kind(CaseContact, "id", part="case_contacts"),
        Kind(Meeting, "starts_at", part="meetings"),
        Kind(Seat, "asked_at", part="seats"),
        Kind(Duty, "created_at", part="duties"),
        Kind(Ask, "asked_at", part="asks"),
        Kind(PhoneAnswer, "at", part="phone_answers"),
        Kind(EscalationStep, "taken_at", part="steps"),
        Kind(Arrival, "at", part="arrivals"),
        Kind(Correction, "corrected_at", part="corrections"),
        Kind(CaseQuestion, "asked_at", part="questions"),
        Kind(ClosedPerson, "letter", part="closed_persons"),
        Kind(Link, "id", part="links"),
        Kind(Liaison, "since", part="liaisons"),
        Kind(LiaisonInvitation, "invited_at", part="invitations"),
        Kind(Pause, "since", part="pauses"),
        Kind(TimePoll, "proposed_at", part="polls"),
        Kind(TimeAnswer, "answered_at", part="time_answers"),
        Kind(CaseNeed, "noted_at", part="needs"),
        Kind(CaseAction, "agreed_at", part="actions"),
        Kind(Placement, "confirmed_at", part="placements"),
        Kind(Deadline, "set_at", part="deadlines"),
        Kind(CalendarEntry, "made_at", part="entries"),
    ),
    {
        Case: _kept("code", "phase", "persons", "opened_at", "asked_by", "closed_at", "undone"),
        Room: frozenset(("id", "case_id", "archived")),
        # Its code is never reused, just as a case's own: Slack keeps the name of an archived room.
        FormerRoom: frozenset(("id", "case_id", "code", "left_at", "emptied_at")),
    },
)
DIRECTORY = Aggregate(
    words.DIRECTORY,
    (
        Kind(Team, "key"),
        Kind(Person, "id"),
        Kind(Coordinator, "since"),
        Kind(Agency, "name"),
        Kind(Contact, "position"),
    ),
    single=True,
)
_ALL = (
    CASE,
    DIRECTORY,
    Aggregate(words.FIGURES, (Kind(Count, "month"), Kind(YearCount, "year")), single=True),
    Aggregate(words.OFFICE, (Kind(Leftovers, "noted_on"),), single=True),
    Aggregate(words.DRAFT, (Kind(Draft, "created_at"),)),
    Aggregate(
        "guidance",
        (Kind(Guidance, "asked_at"),),
        {Guidance: _kept("theme", "asked_at", "due_at", "in_time", "outcome", "closed_at")},
    ),
    Aggregate(
        "convening",
        (Kind(Convening, "asked_at"),),
        {Convening: _kept("agency_id", "urgency", "asked_at", "due_at", "convened", "reason", "closed_at")},
    ),
    Aggregate(
        "joint",
        (
            Kind(JointMeeting, "starts_at"),
            Kind(JointInvitation, "invited_at"),
            Kind(JointEntry, "made_at"),
        ),
        {
            JointMeeting: _kept(
                *("starts_at", "ends_at", "called_at", "number_came"),
                *("cancelled_at", "registered_at"),
            )
        },
    ),
    Aggregate("drill", (Kind(Drill, "begun_at"), Kind(DrillAsk, "id")), {Drill: _kept("begun_at")}),
)
AGGREGATES: Mapping[str, Aggregate] = {aggregate.word: aggregate for aggregate in _ALL}
AGGREGATE_OF: Mapping[type[Any], Aggregate] = {k.kind: a for a in _ALL for k in a.kinds}
KINDS: Mapping[type[Any], Kind[Any]] = {k.kind: k for a in _ALL for k in a.kinds}


def aggregate_of(key: Key) -> Aggregate:
    return AGGREGATES[key.partition("/")[0]]


def _seat(seat: Seat) -> Hashable:
    if seat.ended_at is not None:
        return None
    of_agency = seat.involvement_id if seat.role in (SeatRole.AGENCY, SeatRole.DEPUTY) else None
    return seat.role, seat.person_id, of_agency, seat.meeting_id if seat.role is SeatRole.DEPUTY else None


def _first_ask(ask: Ask) -> Hashable:
    """Return the duty of an agency's first ask: not of a deputy's, an escalated or a withdrawn one."""
    later = ask.deputy_for is not None or ask.escalated_from is not None or ask.withdrawn_at is not None
    return None if later else ask.duty_id


#: Marks that no two entities of a kind in one document may share; None means no mark.
UNIQUE_MARKS: Mapping[type[Any], tuple[Callable[[Any], Hashable], ...]] = {
    Team: (lambda t: t.key,),
    Person: (lambda p: p.slack_id, lambda p: p.work_mail),
    Room: (lambda _: "the room",),
    TimePoll: (lambda _: "the poll",),
    Involvement: (lambda i: i.agency_id if i.ended_at is None else None,),
    Seat: (_seat,),
    Duty: (lambda d: (d.meeting_id, d.involvement_id) if d.withdrawn_at is None else None,),
    Ask: (_first_ask,),
    # The same step of an ask is taken only once.
    EscalationStep: (lambda s: (s.ask_id, s.sequence, s.kind),),
    CaseNeed: (lambda n: n.need,),
    CaseAction: (lambda a: a.follows,),
    Coordinator: (lambda c: (c.team_id, c.person_id) if c.until is None else None,),
    Agency: (lambda a: (a.team_id, a.key),),
    Count: (lambda c: (c.team_id, c.agency_id, c.month, c.measure),),
    YearCount: (lambda c: (c.team_id, c.year, c.measure),),
    ClosedPerson: (lambda p: p.letter,),
    LiaisonInvitation: (lambda i: (i.liaison_id, i.meeting_id),),
    Pause: (lambda p: "the pause" if p.ended_at is None else None,),
    Placement: (lambda p: p.person if p.ended_at is None else None,),
    CalendarEntry: (lambda e: None if e.cancelled else (e.ask_id, e.invitation_id),),
    JointEntry: (lambda e: None if e.cancelled else e.invitation_id,),
}
