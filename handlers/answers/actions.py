"""Buttons that answer a summons."""

from __future__ import annotations

from bot.domain.case.entities import Answer
from bot.usecases.answers import AnswerSummons, answer_summons, see_call, see_deputies
from handlers.answers.modals import CALLS, decline_form, listed_in, record_answer_form
from handlers.slack.names import names_of
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest


async def confirm(request: ActionRequest) -> None:
    """Confirm that one comes: «Jeg kommer»."""
    ask_id, sequence = asked(request.value)
    await request.act(answer_summons, AnswerSummons(ask_id, Answer.CONFIRMED, sequence=sequence))


async def decline(request: ActionRequest) -> None:
    """Open the form for melde forfall."""
    ask_id, sequence = asked(request.value)
    file, ask, deputies = await request.look(see_deputies, ask_id, sequence)
    names = await names_of(request, [file.persons[c.person_id] for c in deputies])
    await request.open(decline_form(request.words, file, ask, deputies, names))


async def record_answer(request: ActionRequest) -> None:
    """Open the form that records how somebody was told outside Slack, and what they answered."""
    ask_id, sequence = asked(request.value)
    file, ask, deputies = await request.look(see_call, ask_id, sequence)
    listed = _listed(request, file.case.id)
    await request.open(record_answer_form(request.words, file, ask, deputies, listed))


def _listed(request: ActionRequest, case_id: str) -> str:
    """The list that the button stands in, if it is one in a window: there it comes back."""
    view = request.view
    if view is None or view.type != "modal":
        return ""
    return view.private_metadata if view.callback_id == CALLS else listed_in(case_id)
