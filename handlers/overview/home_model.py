"""The content of one person's Home, chosen from the cases by what they may see. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.domain.attendance import absences_asked
from bot.domain.case.entities import Ask, CaseQuestion, Duty, Involvement, Meeting, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll
from bot.domain.deputies import awaits_decision
from bot.domain.directory.entities import Contact, Person, Team
from bot.domain.escalation import wanted_by
from bot.domain.joint import JointMeetingView
from bot.domain.links import Linked, linked_to
from bot.domain.notifications import Kind
from bot.domain.on_record import own_parts
from bot.domain.overview.told import is_summoned, may_read
from bot.domain.polls import standing_poll, unanswered
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases.convening import ConveningView
from bot.usecases.guidance import GuidanceView
from bot.usecases.notifications import home_notification
from bot.usecases.ports import Draft
from handlers.blocks.context import RenderContext
from handlers.involvement.messages import may_be_asked, said_no

#: What waits for one person in a case; a duty that was not met waits for the reason.
Waiting = Seat | Ask | TimePoll | CaseQuestion | Duty


@dataclass(frozen=True, slots=True)
class Appointment:
    """A coming meeting of the person, for each agency; without `ask` as a coordinator or as a liaison."""

    file: CaseFile
    meeting: Meeting
    ask: Ask | None


@dataclass(frozen=True)
class HomeModel:
    """Everything that one person's Home shows, chosen from `files` by what they may see at `now` (aware UTC).

    `coordinated` are the teams that they coordinate now, with what is asked of them (`guidance`, `requests`);
    `contacts` are what they are in agencies; `all_teams` are the teams whose mandates are shown.
    """

    person: Person
    files: Sequence[CaseFile]
    coordinated: Sequence[Team] = ()
    _: KW_ONLY
    words: Words
    now: datetime
    zone: ZoneInfo = OSLO
    contacts: Sequence[Contact] = ()
    guidance: Sequence[GuidanceView] = ()
    requests: Sequence[ConveningView] = ()
    joint: Sequence[JointMeetingView] = ()
    all_teams: Sequence[Team] = ()
    unfinished: Draft | None = None

    def seen(self, file: CaseFile) -> RenderContext:
        """Return a case as the person sees it."""
        return RenderContext(file, home_notification(self.person.id), self.person, self.words, self.now)

    @property
    def known(self) -> bool:
        """Return whether they coordinate, are a contact, or are in a case; a stranger reads what TOT is."""
        return bool(self.coordinated or self.contacts or self._seated or self.to_record)

    @cached_property
    def _seated(self) -> list[CaseFile]:
        return [f for f in self.files if f.seats_of(self.person.id)]

    @cached_property
    def waiting(self) -> list[tuple[CaseFile, Waiting]]:
        """The open questions to the person in their cases, the one wanted first at the top."""
        found = [(f, item) for f in self._seated for item in _waiting_in(self, f)]
        return sorted(found, key=lambda each: _due(*each))

    @property
    def to_settle(self) -> list[tuple[CaseFile, Involvement]]:
        """The agencies that say that the case is not theirs, for a coordinator to settle."""
        said_so = ((f, part) for f in self._seated for part in f.involvements if part.not_ours is not None)
        return [(f, part) for f, part in said_so if may_read(f, Kind.NOT_OURS, part, self.person.id)]

    @property
    def to_record(self) -> list[tuple[CaseFile, Involvement]]:
        return [(f, p) for f in self.files for p in own_parts(f, self.person.id) if not p.on_record]

    @property
    def meetings(self) -> list[Appointment]:
        found = (each for f in self._seated if f.open for each in _meetings(self.person, f, self.now))
        return sorted(found, key=lambda each: each.meeting.starts_at)

    @cached_property
    def cases(self) -> list[CaseFile]:
        return [f for f in self._seated if f.open and _takes_part(self.person, f)]

    @cached_property
    def led(self) -> list[CaseFile]:
        """The cases that they coordinate, and for which they have confirmed taushetsplikt."""
        return [f for f in self.files if self.person.id in f.confirmed_coordinators()]

    def linked(self, file: CaseFile) -> list[Linked]:
        """Return a case's links to other cases for which the person is a confirmed coordinator."""
        return linked_to(file, self.led)


def _waiting_in(model: HomeModel, file: CaseFile) -> list[Waiting]:
    """Return the open questions to the person in one case: those wanted at the same time are shown so.

    Taushetsplikt to confirm, summonses to answer, a poll of which they have answered no time; for a
    coordinator deputies to approve, and questions asked in the room; for an agency's lead why nobody came.
    """
    person_id, ctx, now = model.person.id, model.seen(file), model.now
    seats = [
        s
        for s in file.seats_of(person_id)
        if not s.confirmed and may_be_asked(ctx, s) and not said_no(ctx, s)
    ]
    asks = [
        a
        for a in file.asks
        if a.person_id == person_id
        and a.open
        and is_summoned(file, a)
        and file.meeting(a.meeting_id).starts_at > now
    ]
    decides = person_id in file.confirmed_coordinators()
    named = [a for a in file.asks if decides and awaits_decision(file, a, now)]
    poll = standing_poll(file)
    times = [poll] if poll is not None and unanswered(file, poll, person_id, now) else []
    questions = [q for q in file.questions if may_read(file, Kind.CASE_QUESTION_WAITS, q, person_id)]
    return [*seats, *asks, *times, *named, *questions, *absences_asked(file, person_id)]


def _due(file: CaseFile, item: Waiting) -> datetime:
    """Return by when an answer is wanted; what has no such time comes last."""
    if isinstance(item, TimePoll):
        return item.closes_at
    asks = file.asks_of_seat(item) if isinstance(item, Seat) else [item] if isinstance(item, Ask) else []
    return min((wanted_by(file, ask) for ask in asks), default=datetime.max.replace(tzinfo=UTC))


def _takes_part(person: Person, file: CaseFile) -> bool:
    """Return True if the person is in the room for an agency, whatever else they are."""
    return person.id in file.room_people() and any(
        s.confirmed and s.role is not SeatRole.COORDINATOR for s in file.seats_of(person.id)
    )


def _meetings(person: Person, file: CaseFile, now: datetime) -> Iterator[Appointment]:
    own = [a for a in file.asks if a.person_id == person.id and is_summoned(file, a)]
    coordinates = person.id in file.confirmed_coordinators()
    for meeting in file.meetings:
        asks = [a for a in own if a.meeting_id == meeting.id]
        comes = coordinates or asks or _is_liaison_at(file, person, meeting)
        if meeting.live and meeting.ends_at > now and comes:
            yield from (Appointment(file, meeting, ask) for ask in asks or (None,))


def _is_liaison_at(file: CaseFile, person: Person, meeting: Meeting) -> bool:
    theirs = (x for x in file.live_liaisons() if x.seat_id in {s.id for s in file.seats_of(person.id)})
    return any(file.is_theirs(liaison, meeting) for liaison in theirs)
