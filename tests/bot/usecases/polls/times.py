"""Several times for one meeting, in a town: proposed, tapped, looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.answers import standing_of
from bot.domain.attendance import QuorumLack, lack_of
from bot.domain.case.entities import Meeting, Phase
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll, TimeReply
from bot.domain.polls import parts, time_standing
from bot.usecases.polls.answers import AnswerTime, answer_time
from bot.usecases.polls.calling import CallTime, call_time
from bot.usecases.polls.proposing import ProposeTimes, propose_times
from tests.bot.cast import DAY
from tests.bot.usecases.town import Town

SUITS, DEPUTY, NOT = TimeReply.SUITS, TimeReply.WITH_DEPUTY, TimeReply.NOT


async def working(town: Town, *agencies: str, confirmed: Iterable[str] = ()) -> str:
    """A case in the working phase, with a meeting in a day; these people have confirmed."""
    case = await town.open(*agencies, phase=Phase.WORKING)
    await town.confirm(case.id, *confirmed)
    return case.id


async def propose(
    town: Town, case_id: str, *days: int, meeting_id: str | None = None, first: timedelta = 5 * DAY
) -> TimePoll:
    """The coordinator proposes a time `first` from now, and one so many days after it for each of `days`."""
    plan = town.plan(first)
    more = [plan.starts_at + n * DAY for n in days or (1,)]
    second, third = [*more, None][:2]
    command = ProposeTimes(case_id, plan, second, third, meeting_id=meeting_id)
    return await town.do(propose_times, "coordinator", command)


async def taps(
    town: Town, poll: TimePoll, person_id: str, at: datetime | None, reply: TimeReply = SUITS
) -> None:
    await town.do(answer_time, person_id, AnswerTime(poll.id, at, reply))


async def calls(town: Town, poll: TimePoll, at: datetime) -> Meeting:
    return await town.do(call_time, "coordinator", CallTime(poll.id, at))


def shown(file: CaseFile, poll: TimePoll, at: datetime) -> tuple[set[str], QuorumLack | None]:
    """The agencies (by part) that are shown to come at that time, and what the quorum is shown to lack."""
    found = time_standing(file, poll, at)
    return {part.id for part in found.coming}, found.lack


def got(file: CaseFile, poll: TimePoll, meeting: Meeting) -> tuple[set[str], QuorumLack | None]:
    """The same of a meeting that was called, by where each agency then stands for it."""
    come = {p.id for p in parts(file, poll) if standing_of(file, p, file.meeting(meeting.id)).state.comes}
    return come, lack_of(file.team.rules.quorum, [file.agency_of(part).kind for part in sorted(come)])
