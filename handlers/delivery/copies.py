"""Copies of a message: a call of a process that ended can land after another process has posted the message.

An update can land late in the same way, over a newer update.
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


async def reconcile_copies(services: DeliveryServices, claim: Claim) -> None:
    """Delete an entry's messages that are not remembered, and update the remembered ones if it has changed.

    A channel that is gone has none.

    Raises:
        RetryAfter: the entry is being delivered. What it just posted is not remembered yet, so the check
            waits until that is over.
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
    person = await services.database.read(lambda uow: uow.get(Person, recipient or ""))
    return await services.posting.opened(Place(None, person))
