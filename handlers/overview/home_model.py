"""The content of one person's Home, chosen from the cases by what they may see. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.attendance import absences_asked
from bot.domain.case.entities import Ask, CaseQuestion, Duty, Involvement, Meeting, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll
from bot.domain.deputies import awaits_decision
from bot.domain.directory.entities import Person, Team
from bot.domain.links import Linked, linked_to
from bot.domain.notifications import Kind, Notification
from bot.domain.on_record import own_parts
from bot.domain.overview.told import is_summoned, may_read
from bot.domain.polls import standing_poll, unanswered
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases.notifications import home_notification
from bot.usecases.ports import Draft
from handlers.blocks.context import RenderContext
from handlers.involvement.messages import may_be_asked, said_no
from handlers.overview.home_outside import Outside

#: What waits for one person in a case; a duty that was not met waits for the reason.
Waiting = Seat | Ask | TimePoll | CaseQuestion | Duty


@dataclass(frozen=True, slots=True)
class Appointment:
    """A coming meeting of the person; without `ask` they come as a coordinator or as a liaison."""

    file: CaseFile
    meeting: Meeting
    ask: Ask | None


@dataclass(frozen=True, slots=True)
class TeamCases:
    """A team that the person coordinates, with the cases for which they have confirmed taushetsplikt."""

    team: Team
    cases: tuple[CaseFile, ...]


@dataclass(frozen=True, slots=True)
class HomeModel:
    """Everything that one person's Home shows, and nothing that it may not."""

    person: Person
    words: Words
    now: datetime
    zone: ZoneInfo
    known: bool
    waiting: tuple[tuple[CaseFile, Waiting], ...] = ()
    to_settle: tuple[tuple[CaseFile, Involvement], ...] = ()
    to_record: tuple[tuple[CaseFile, Involvement], ...] = ()
    meetings: tuple[Appointment, ...] = ()
    cases: tuple[CaseFile, ...] = ()
    teams: tuple[TeamCases, ...] = ()
    outside: Outside = field(default_factory=Outside)
    all_teams: tuple[Team, ...] = ()
    unfinished: Draft | None = None

    def seen(self, file: CaseFile) -> RenderContext:
        """Return a case as the person sees it."""
        return RenderContext(file, home_notification(self.person.id), self.person, self.words, self.now)

    def linked(self, file: CaseFile) -> list[Linked]:
        """Return a case's links to other cases for which the person is a confirmed coordinator."""
        return linked_to(file, (other for team in self.teams for other in team.cases))


def home_model(
    person: Person,
    files: Sequence[CaseFile],
    coordinated: Sequence[Team],
    *,
    words: Words,
    now: datetime,
    zone: ZoneInfo = OSLO,
    contact: bool = False,
    outside: Outside | None = None,
    all_teams: Sequence[Team] = (),
    unfinished: Draft | None = None,
) -> HomeModel:
    """Choose what `person` may see of `files`, at `now` (aware UTC).

    `coordinated` are the teams that they coordinate now, `contact` is true for a contact of some agency,
    `outside` has questions outside cases, asked by or of them, `all_teams` the teams whose mandates are
    shown. A person who coordinates nothing, is no contact and is in no case is a stranger: their Home says
    what TOT is.
    """
    files = [f for f in {f.case.id: f for f in files}.values() if f.case.purged_at is None]
    seated = [f for f in files if f.seats_of(person.id)]
    confirmed = [f for f in files if person.id in f.confirmed_coordinators()]
    teams = tuple(TeamCases(t, tuple(f for f in confirmed if f.team.id == t.id)) for t in coordinated)
    to_record = tuple((f, part) for f in files for part in own_parts(f, person.id) if not part.on_record)
    return HomeModel(
        person=person,
        words=words,
        now=now,
        zone=zone,
        known=bool(coordinated) or contact or bool(seated) or bool(to_record),
        waiting=tuple((f, item) for f in seated for item in waiting_for(person.id, f, words, now)),
        to_settle=tuple((f, part) for f in seated for part in _not_ours(person.id, f)),
        to_record=to_record,
        meetings=tuple(sorted(_meetings(person, seated, now), key=lambda a: a.meeting.starts_at)),
        cases=tuple(f for f in seated if f.open and _takes_part(person, f)),
        teams=teams,
        outside=outside or Outside(),
        all_teams=tuple(all_teams),
        unfinished=unfinished,
    )


def waiting_for(person_id: str, file: CaseFile, words: Words, now: datetime) -> list[Waiting]:
    """Return the open questions to a person in one case, in the order in which they are shown.

    Taushetsplikt to confirm, summonses to answer, a poll of which they have answered no time; for a
    coordinator deputies to approve, and questions asked in the room; for an agency's lead why nobody came.
    """
    notification = Notification(Kind.OPEN_ASKS, person_id, recipient=person_id)
    ctx = RenderContext(file, notification, file.persons.get(person_id), words, now)
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


def _not_ours(person_id: str, file: CaseFile) -> list[Involvement]:
    """The agencies that say that the case is not theirs, for a coordinator to settle."""
    said_so = (part for part in file.involvements if part.not_ours is not None)
    return [part for part in said_so if may_read(file, Kind.NOT_OURS, part, person_id)]


def _takes_part(person: Person, file: CaseFile) -> bool:
    """Return True if the person is in the room for an agency, whatever else they are."""
    return person.id in file.room_people() and any(
        s.confirmed and s.role is not SeatRole.COORDINATOR for s in file.seats_of(person.id)
    )


def _meetings(person: Person, files: Iterable[CaseFile], now: datetime) -> Iterable[Appointment]:
    for file in files:
        if not file.open:
            continue
        own = {a.meeting_id: a for a in file.asks if a.person_id == person.id and is_summoned(file, a)}
        coordinates = person.id in file.confirmed_coordinators()
        for meeting in file.meetings:
            comes = coordinates or meeting.id in own or _is_liaison_at(file, person, meeting)
            if meeting.live and meeting.ends_at > now and comes:
                yield Appointment(file, meeting, own.get(meeting.id))


def _is_liaison_at(file: CaseFile, person: Person, meeting: Meeting) -> bool:
    theirs = (x for x in file.live_liaisons() if x.seat_id in {s.id for s in file.seats_of(person.id)})
    return any(file.is_theirs(liaison, meeting) for liaison in theirs)
