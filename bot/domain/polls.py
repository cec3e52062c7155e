"""Several times for one meeting: who is asked which suit, and at which times there is a quorum. Derived.

An answer counts while its human is the person whom the call would ask. So the quorum shown for a time is the
one that the call gets, and nobody is confirmed for a time that they have not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import worktime
from bot.domain.attendance import enough
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimeAnswer, TimePoll
from bot.domain.escalation import SHARE
from bot.domain.meeting import AfterMove, after_move

#: The working time within which answers are awaited, at most SHARE of what is left until the first time.
TO_ANSWER = timedelta(hours=24)
#: With less working time left, all hours count.
LEAST_LEFT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TimeStanding:
    """One of the times: which agencies it suits, and whether they are enough if only those came.

    The agencies in `cannot` have answered with other times, or with none.
    """

    at: datetime
    coming: tuple[Involvement, ...]
    cannot: tuple[Involvement, ...]
    silent: tuple[Involvement, ...]
    enough: bool

    @property
    def missing(self) -> tuple[Involvement, ...]:
        """The agencies from which nobody has promised to come."""
        return (*self.cannot, *self.silent)


def stands(file: CaseFile, poll: TimePoll) -> bool:
    """Return whether one of the times can still be chosen: the meeting has not been changed meanwhile."""
    if not file.open:
        return False
    if poll.meeting_id is None:
        return True
    meeting = file.meeting(poll.meeting_id)
    return meeting.live and meeting.sequence == poll.sequence


def standing_poll(file: CaseFile) -> TimePoll | None:
    """Return the times that are proposed now; those that can no longer be chosen go with the next change."""
    return next((poll for poll in file.polls if stands(file, poll)), None)


def times_ahead(poll: TimePoll, now: datetime) -> list[datetime]:
    return [at for at in poll.starts if at > now]


def closes_at(file: CaseFile, now: datetime, starts: Sequence[datetime]) -> datetime:
    """Return until when answers are awaited, well before the first time."""
    hours, zone, first = file.team.rules.work_hours, file.team.time_zone, min(starts)
    left = worktime.working_time_between(now, first, hours, zone)
    if left < LEAST_LEFT:
        return now + (first - now) * SHARE
    return worktime.add_working_hours(now, min(TO_ANSWER, left * SHARE), hours, zone)


# --- who is asked, and who has answered


def parts(file: CaseFile, poll: TimePoll) -> list[Involvement]:
    """Return the agencies that get a duty to attend by the call, or have one at the meeting to be moved."""
    if poll.meeting_id is None:
        return list(file.current())
    return [file.involvement(d.involvement_id) for d in file.duties_of(poll.meeting_id)]


def would_be_asked(file: CaseFile, poll: TimePoll) -> Iterator[tuple[Involvement, str]]:
    """Yield each agency with the id of the person the call will ask; a move may ask several, or nobody."""
    for part in parts(file, poll):
        if poll.meeting_id is None:
            lead = file.lead(part.id)
            if lead is not None:
                yield part, lead.person_id
            continue
        duty = file.duty_at(poll.meeting_id, part.id)
        for ask, becomes in after_move(file, duty) if duty is not None else ():
            if becomes is AfterMove.ASKED:
                yield part, ask.person_id


def polled(file: CaseFile, poll: TimePoll) -> list[tuple[Involvement, str]]:
    """Return those of `would_be_asked` who have confirmed taushetsplikt: only they see the times."""
    return [
        (part, person_id)
        for part, person_id in would_be_asked(file, poll)
        if any(seat.confirmed for seat in file.seats_of(person_id, part.id))
    ]


def asked_in_slack(file: CaseFile, poll: TimePoll) -> list[tuple[Involvement, str]]:
    """Return the people whom the bot asks which times suit, each with their agency."""
    return [(part, person) for part, person in polled(file, poll) if file.reached_directly(person, part.id)]


def asked_of(file: CaseFile, poll: TimePoll, person_id: str) -> list[Involvement]:
    """Return the agencies for which the bot asks this person."""
    return [part for part, person in asked_in_slack(file, poll) if person == person_id]


def answer_of(file: CaseFile, poll: TimePoll, part: Involvement, person_id: str) -> TimeAnswer | None:
    wanted = (poll.id, part.id, person_id)
    answers = (a for a in file.time_answers if (a.poll_id, a.involvement_id, a.person_id) == wanted)
    return next(answers, None)


def answers_for(file: CaseFile, poll: TimePoll, part: Involvement) -> list[TimeAnswer]:
    """Return the answers that count for an agency."""
    found = (answer_of(file, poll, part, person) for p, person in polled(file, poll) if p.id == part.id)
    return [answer for answer in found if answer is not None]


def suiting(file: CaseFile, poll: TimePoll, person_id: str) -> tuple[datetime, ...] | None:
    """Return the times that suit a person; None while an agency that they are asked for has no answer."""
    answers = [answer_of(file, poll, part, person_id) for part in asked_of(file, poll, person_id)]
    given = [answer.suits for answer in answers if answer is not None]
    return given[0] if given and len(given) == len(answers) else None


def unanswered(file: CaseFile, poll: TimePoll, person_id: str, now: datetime) -> bool:
    """Return whether the bot asks this person, and they have not answered for each of their agencies."""
    asked = bool(times_ahead(poll, now) and asked_of(file, poll, person_id))
    return asked and suiting(file, poll, person_id) is None


def all_answered(file: CaseFile, poll: TimePoll) -> bool:
    return all(answers_for(file, poll, part) for part in parts(file, poll))


# --- which time is best


def time_standings(file: CaseFile, poll: TimePoll, now: datetime) -> list[TimeStanding]:
    """Return for each time that is still ahead, soonest first, the agencies by their answer about it."""
    answers = {part: answers_for(file, poll, part) for part in parts(file, poll)}
    found = []
    for at in times_ahead(poll, now):
        coming = tuple(part for part, given in answers.items() if any(at in a.suits for a in given))
        cannot = tuple(part for part, given in answers.items() if given and part not in coming)
        silent = tuple(part for part, given in answers.items() if not given)
        found.append(TimeStanding(at, coming, cannot, silent, enough(file, (part.id for part in coming))))
    return found


def best_time(standings: Sequence[TimeStanding]) -> TimeStanding | None:
    """Return the time with a quorum, then with most agencies; of equally good ones the soonest."""
    return min(standings, key=lambda s: (not s.enough, -len(s.coming), s.at), default=None)
