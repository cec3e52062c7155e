"""Buttons of several times for one meeting."""

from __future__ import annotations

from bot.domain.case.polls import TimeReply
from bot.usecases.polls.answers import AnswerTime, answer_time, see_times
from bot.usecases.polls.calling import CallTime, call_time
from bot.usecases.polls.proposing import WithdrawTimes, withdraw_times
from handlers.polls.modals import record_times_form
from handlers.slack.payloads import proposed_time
from handlers.slack.requests import ActionRequest


async def suits(request: ActionRequest) -> None:
    """Say that a time suits: «Passer»."""
    await _answer(request, TimeReply.SUITS)


async def with_deputy(request: ActionRequest) -> None:
    """Say that a deputy comes at that time: «Med vara»."""
    await _answer(request, TimeReply.WITH_DEPUTY)


async def does_not(request: ActionRequest) -> None:
    """Say that a time does not suit after all."""
    await _answer(request, TimeReply.NOT)


async def none_suits(request: ActionRequest) -> None:
    """Say that none of the times suits."""
    await request.act(answer_time, AnswerTime(request.value))


async def _answer(request: ActionRequest, reply: TimeReply) -> None:
    poll_id, at = proposed_time(request.value)
    await request.act(answer_time, AnswerTime(poll_id, at, reply))


async def call(request: ActionRequest) -> None:
    """Call the meeting at one of the times, or move it there: what was answered about it counts."""
    poll_id, at = proposed_time(request.value)
    await request.act(call_time, CallTime(poll_id, at))


async def record(request: ActionRequest) -> None:
    """Open the form that records which times suit an agency that was asked outside Slack."""
    file, poll = await request.look(see_times, request.value)
    await request.open(record_times_form(request.words, file, poll, request.now))


async def withdraw(request: ActionRequest) -> None:
    """Take the times back, and all that was answered."""
    await request.act(withdraw_times, WithdrawTimes(request.value))
