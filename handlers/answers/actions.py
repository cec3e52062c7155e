"""Buttons that answer a summons."""

from __future__ import annotations

from bot.domain.case.entities import Answer
from bot.domain.errors import MovedSince
from bot.usecases.answers import AnswerSummons, PutAnew, answer_summons, put_anew, see_call, see_deputies
from handlers.answers.modals import CALLS, decline_form, listed_in, record_answer_form
from handlers.slack.names import names_of
from handlers.slack.payloads import NO_TIME, asked
from handlers.slack.requests import ActionRequest


async def confirm(request: ActionRequest) -> None:
    """Confirm that one comes: «Jeg kommer»."""
    ask_id, sequence = await _with_time(request)
    await request.act(answer_summons, AnswerSummons(ask_id, Answer.CONFIRMED, sequence=sequence))


async def decline(request: ActionRequest) -> None:
    """Open the form for melde forfall."""
    ask_id, sequence = await _with_time(request)
    file, ask, deputies = await request.look(see_deputies, ask_id, sequence)
    names = await names_of(request, [file.persons[c.person_id] for c in deputies])
    await request.open(decline_form(request.words, file, ask, deputies, names))


async def record_answer(request: ActionRequest) -> None:
    """Open the form that records how somebody was told outside Slack, and what they answered."""
    ask_id, sequence = asked(request.value)
    file, ask, deputies = await request.look(see_call, ask_id, NO_TIME if sequence is None else sequence)
    listed = _listed(request, file.case.id)
    await request.open(record_answer_form(request.words, file, ask, deputies, listed))


def _listed(request: ActionRequest, case_id: str) -> str:
    """The list that the button stands in, if it is one in a window: there it comes back."""
    view = request.view
    if view is None or view.type != "modal":
        return ""
    return view.private_metadata if view.callback_id == CALLS else listed_in(case_id)


async def _with_time(request: ActionRequest) -> tuple[str, int]:
    """The ask, and which time was asked about.

    Raises:
        MovedSince: the button is from before buttons named it; the question is put anew.
    """
    ask_id, sequence = asked(request.value)
    if sequence is None:
        await request.act(put_anew, PutAnew(ask_id, request.receipt[-2]))
        raise MovedSince
    return ask_id, sequence
