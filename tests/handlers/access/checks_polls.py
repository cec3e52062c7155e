"""How the rows about several times for one meeting are tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.access import Action
from bot.domain.case.entities import Phase
from handlers.polls import messages as polls_messages
from tests.handlers.access.check import NOT_OWNERS, OTHERS, Trial
from tests.handlers.access.checks_duty import case_file, choice
from tests.handlers.access.workspace import Court


def _at(court: Court, day: int, clock: str) -> dict[str, Any]:
    return {"selected_date_time": int(court.runner.day(day, clock).timestamp())}


async def proposed(court: Court, *, refused: Sequence[str] = ()) -> str:
    """In the working phase two times are proposed by the form for one; the id of the poll."""
    await court.command("koordinator", "/tot fase", phase=choice(Phase.WORKING))
    times: dict[str, Any] = {"starts_at": _at(court, 10, "09:00"), "second_time": _at(court, 11, "10:00")}
    await court.command("koordinator", "/tot møte", refused=refused, fill=("place",), **times)
    return await _poll(court)


async def _poll(court: Court) -> str:
    (poll,) = (await case_file(court)).polls
    return poll.id


async def propose_times(court: Court) -> None:
    """A coordinator who has confirmed, for a call and for a move; they are taken back by one too."""
    poll = await proposed(court, refused=OTHERS)
    await court.person("politi-exit").sees("Hvilke tider passer", in_="tot-bot")
    await court.press("koordinator", polls_messages.WITHDRAW_TIMES, value=poll, refused=OTHERS, opens=False)
    await court.runner.until_idle()
    assert (await case_file(court)).polls == ()
    times: dict[str, Any] = {"other_time": _at(court, 10, "09:00"), "second_time": _at(court, 11, "10:00")}
    await court.command("koordinator", "/tot flytt", refused=OTHERS, **times)
    await court.person("politi-exit").sees("kan bli flyttet", in_="tot-bot")


async def answer_times(court: Court) -> None:
    """The one whom the call would ask, once they have confirmed taushetsplikt."""
    poll = await proposed(court)
    for button in (polls_messages.TIME_SUITS, polls_messages.TIME_NOT, polls_messages.TIME_WITH_DEPUTY):
        await court.press("politi-exit", button, refused=NOT_OWNERS, opens=False)
        await court.runner.until_idle()
    await court.press("politi-exit", polls_messages.NO_TIME, value=poll, refused=NOT_OWNERS, opens=False)
    await court.runner.until_idle()
    await court.person("politi-exit").sees("Ingen av tidene passer", in_="tot-bot")


async def times_on_behalf(court: Court) -> None:
    """Recorded for an agency by a coordinator who has confirmed."""
    poll = await proposed(court)
    await court.press("koordinator", polls_messages.RECORD_TIMES, value=poll, refused=OTHERS)
    assert len((await case_file(court)).time_answers) == 1


async def time_called(court: Court) -> None:
    poll = await proposed(court)
    at = _at(court, 10, "09:00")["selected_date_time"]
    await court.press(
        "koordinator", polls_messages.CALL_TIME, value=f"{poll}|{at}", refused=OTHERS, opens=False
    )
    await court.runner.until_idle()
    file = await case_file(court)
    assert file.polls == ()
    assert at in {int(meeting.starts_at.timestamp()) for meeting in file.meetings}


POLLS: Mapping[Action, Trial] = {
    Action.PROPOSE_TIMES: Trial(
        propose_times, "/meeting /move form meeting form move form times_review withdraw_times"
    ),
    Action.ANSWER_TIMES: Trial(answer_times, "time_suits time_not time_with_deputy no_time"),
}
