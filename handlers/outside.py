"""Items outside cases are forgotten after a while."""

from __future__ import annotations

from bot.domain.notifications import Kind
from bot.usecases.outside import forget_item
from bot.usecases.ports import Claim, Posted
from handlers.delivery.calls import NotDeleted
from handlers.delivery.declarations import Job
from handlers.delivery.services import DeliveryServices
from handlers.slack.declarations import Subject


async def forget(services: DeliveryServices, claim: Claim) -> None:
    """Delete what the bot posted of an item, forget it.

    Raises:
        NotDeleted: Slack lets something stand. Nothing is forgotten before that is gone.
    """
    item = claim.notification.item or ""
    posted = await services.database.read(lambda uow: uow.find(Posted, item=item))
    gone = [await services.posting.take_away(each) for each in posted]
    if not all(gone):
        raise NotDeleted
    await services.database.write(lambda uow: forget_item(uow, item))


OUTSIDE = Subject("outside", notifications=(Job(Kind.FORGET, forget),))
