"""Copies of a message: what was on its way when a process ended lands when another has posted it.

So does what was to change a message, on what has changed it since.
"""

from __future__ import annotations

from functools import partial

from bot.domain.directory.entities import Person
from bot.domain.notifications import Copies
from bot.usecases.delivery import redeliver
from bot.usecases.notifications import refresh
from bot.usecases.ports import LANDS_WITHIN, Claim, Posted
from handlers.delivery.calls import RetryAfter, SlackRefused, Unusable
from handlers.delivery.services import DeliveryServices
from handlers.delivery.target import Place


async def delete_copies(services: DeliveryServices, claim: Claim) -> None:
    """Delete what stands of an entry and is not remembered. A channel that is gone has nothing.

    Raises:
        RetryAfter: the row is in hand. What it has just posted is not remembered yet, so it is looked when it
            is over.
    """
    notification = claim.notification
    op_id, copies = notification.subject, notification.params_as(Copies)
    if copies.changed and await services.outbox.begun(claim, op_id):
        raise RetryAfter(LANDS_WITHIN)
    try:
        channel = copies.channel or await _direct(services, notification.recipient)
        found = await services.posting.copies_of(op_id, channel, claim.enqueued_at)
    except Unusable:
        raise
    except SlackRefused:
        return
    if not found and not copies.changed:
        return
    if await services.outbox.begun(claim, op_id):
        raise RetryAfter(LANDS_WITHIN)
    case_id, item = notification.case_id, notification.item
    kept = await services.database.read(lambda uow: uow.find(Posted, op_id=op_id, case_id=case_id, item=item))
    for posted in kept if copies.changed else ():
        await services.database.write(partial(redeliver, notification=refresh(posted)))
    await services.posting.delete_copies(notification, channel, found, kept)


async def _direct(services: DeliveryServices, recipient: str | None) -> str:
    """The channel of the recipient's direct messages."""
    person = await services.database.read(lambda uow: uow.get(Person, recipient or ""))
    return await services.posting.opened(Place(None, person))
