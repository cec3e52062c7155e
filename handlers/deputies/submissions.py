"""The forms about deputies and hand-overs."""

from __future__ import annotations

from bot.domain.case.entities import DeclineReason
from bot.usecases.deputies.hand_over import HandOver, hand_over
from bot.usecases.deputies.naming import NameDeputy, RefuseDeputy, name_deputy, refuse_deputy
from handlers.answers.modals import DECIDES
from handlers.deputies.commands import handover_view, naming_view
from handlers.slack.requests import SubmissionRequest


async def chosen_ask(request: SubmissionRequest) -> None:
    await request.replace(await naming_view(request, request.fields.needed("ask")))


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
    await request.replace(await handover_view(request, request.fields.needed("seat")))


async def handed_over(request: SubmissionRequest) -> None:
    await request.act_and_close(hand_over, HandOver(request.metadata, request.fields.needed("colleague")))
