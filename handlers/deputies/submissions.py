"""The forms about deputies and hand-overs."""

from __future__ import annotations

from bot.domain.case.entities import DeclineReason
from bot.domain.errors import NobodyToAsk
from bot.usecases.deputies.hand_over import HandOver, hand_over, see_successors
from bot.usecases.deputies.naming import NameDeputy, RefuseDeputy, name_deputy, refuse_deputy, see_naming
from handlers.answers.modals import DECIDES
from handlers.deputies.modals import deputy_form, handover_form
from handlers.slack.requests import Submitted


async def chosen_ask(submitted: Submitted) -> None:
    """The meeting has been chosen; the form comes in its place."""
    ask_id = submitted.fields.needed("ask")
    file, ask, deputies = await submitted.look(lambda uow, actor: see_naming(uow, actor, ask_id))
    if not deputies:
        raise NobodyToAsk
    await submitted.replace(deputy_form(submitted.words, file, ask, deputies))


async def named(submitted: Submitted) -> None:
    """A deputy is named."""
    fields = submitted.fields
    command = NameDeputy(
        submitted.metadata,
        fields.needed("deputy"),
        fields.choice("reason", DeclineReason),
        DECIDES in fields.options(DECIDES),
    )
    await submitted.act(name_deputy, command)
    await submitted.done()


async def refused(submitted: Submitted) -> None:
    """A deputy is refused, with the reason."""
    await submitted.act(refuse_deputy, RefuseDeputy(submitted.metadata, submitted.fields.text("refusal")))
    await submitted.done()


async def chosen_seat(submitted: Submitted) -> None:
    """The seat has been chosen; the form comes in its place."""
    seat_id = submitted.fields.needed("seat")
    file, seat, contacts = await submitted.look(lambda uow, actor: see_successors(uow, actor, seat_id))
    if not contacts:
        raise NobodyToAsk
    await submitted.replace(handover_form(submitted.words, file, seat, contacts))


async def handed_over(submitted: Submitted) -> None:
    """A seat is handed over."""
    await submitted.act(hand_over, HandOver(submitted.metadata, submitted.fields.needed("colleague")))
    await submitted.done()
