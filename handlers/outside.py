"""Items outside cases are forgotten after a while."""

from __future__ import annotations

from bot.domain.leftovers import refused_long_enough
from bot.domain.notifications import Kind
from bot.usecases.outside import begin_forgetting, forget_item
from bot.usecases.ports import Claim, Posted
from handlers.delivery.calls import NotDeleted
from handlers.delivery.declarations import Job
from handlers.delivery.services import DeliveryServices
from handlers.leftovers import leave_standing
from handlers.slack.declarations import Subject


async def forget(services: DeliveryServices, claim: Claim) -> None:
    """Delete what the bot posted of an item, forget it.

    Raises:
        NotDeleted: Slack lets something stand. Nothing is forgotten before that is gone, or has been refused
            for so long that the coordinators have the list of it.
    """
    item = claim.notification.item or ""
    found = await services.database.write(lambda uow: begin_forgetting(uow, item))
    if found is None:
        return
    posted = await services.database.read(lambda uow: uow.find(Posted, item=item))
    standing = [each for each in posted if not await services.posting.take_away(each)]
    if standing:
        if not refused_long_enough(found.erasing_since, services.clock.now()):
            raise NotDeleted
        await leave_standing(services, found.team_id, standing, [])
    await services.database.write(lambda uow: forget_item(uow, item))


OUTSIDE = Subject("outside", notifications=(Job(Kind.FORGET, forget),))
