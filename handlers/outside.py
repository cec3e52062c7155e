"""Items outside cases are forgotten after a while."""

from __future__ import annotations

from bot.domain.notifications import Kind
from bot.usecases.outside import forget_item
from bot.usecases.ports import Claim, Posted
from handlers.delivery.declarations import Job
from handlers.delivery.services import DeliveryServices
from handlers.slack.declarations import Subject


async def forget(services: DeliveryServices, claim: Claim) -> None:
    item = claim.notification.item or ""
    for posted in await services.database.read(lambda uow: uow.find(Posted, item=item)):
        await services.posting.take_away(posted)
    await services.database.write(lambda uow: forget_item(uow, item))


OUTSIDE = Subject("outside", notifications=(Job(Kind.FORGET, forget),))
