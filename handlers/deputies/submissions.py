"""The forms about deputies and hand-overs."""

from __future__ import annotations

from bot.domain.case.entities import DeclineReason
from bot.domain.errors import NobodyToAsk
from bot.usecases.deputies.hand_over import HandOver, hand_over, see_successors
from bot.usecases.deputies.naming import NameDeputy, RefuseDeputy, name_deputy, refuse_deputy, see_naming
from handlers.answers.modals import DECIDES
from handlers.deputies.modals import deputy_form, handover_form
from handlers.slack.requests import SubmissionRequest


async def chosen_ask(request: SubmissionRequest) -> None:
    ask_id = request.fields.needed("ask")
    file, ask, deputies = await request.look(see_naming, ask_id)
    if not deputies:
        raise NobodyToAsk
    await request.replace(deputy_form(request.words, file, ask, deputies))


async def named(request: SubmissionRequest) -> None:
    fields = request.fields
    command = NameDeputy(
        request.metadata,
        fields.needed("deputy"),
        fields.choice("reason", DeclineReason),
        DECIDES in fields.options(DECIDES),
    )
    await request.act_and_close(name_deputy, command)


async def refused(request: SubmissionRequest) -> None:
    await request.act_and_close(refuse_deputy, RefuseDeputy(request.metadata, request.fields.text("refusal")))


async def chosen_seat(request: SubmissionRequest) -> None:
    seat_id = request.fields.needed("seat")
    file, seat, contacts = await request.look(see_successors, seat_id)
    if not contacts:
        raise NobodyToAsk
    await request.replace(handover_form(request.words, file, seat, contacts))


async def handed_over(request: SubmissionRequest) -> None:
    await request.act_and_close(hand_over, HandOver(request.metadata, request.fields.needed("colleague")))
