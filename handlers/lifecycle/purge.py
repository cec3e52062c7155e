"""The deletion of a case on its date: Slack is emptied, the room archived, the case forgotten."""

from __future__ import annotations

import asyncio

from bot.domain.case.entities import FormerRoom, Room
from bot.domain.leftovers import refused_long_enough
from bot.domain.notifications import Kind
from bot.usecases.lifecycle.closing import begin_erasing, forget_case
from bot.usecases.ports import Claim, Posted
from handlers.delivery.calls import NotDeleted, NotReady, SlackRefused, Unusable
from handlers.delivery.declarations import Job
from handlers.delivery.services import DeliveryServices
from handlers.leftovers import leave_standing

#: How often it is looked whether others have a case in hand, before its deletion is put off, and the pause
#: between in seconds of real time.
_LOOKS = 50
_PAUSE = 0.1


async def purge(services: DeliveryServices, claim: Claim) -> None:
    """Delete what the bot posted of a case, archive its room, forget the case.

    Once it is known that the case is being erased nothing more is posted of it, and what has been begun is
    waited for: whoever posts something meanwhile deletes it again.

    Raises:
        NotReady: others have the case in hand.
        NotDeleted, SlackRefused: Slack lets something stand. Nothing is forgotten before that is gone, or has
            been refused for so long that the coordinators have the list of it.
    """
    database, case_id = services.database, claim.notification.subject
    case = await database.write(lambda uow: begin_erasing(uow, case_id))
    if case is None:
        return
    await _alone(services, claim)
    given_up = refused_long_enough(case.erasing_since, services.clock.now())
    rooms = await database.read(lambda uow: uow.find(Room, case_id=case_id))
    former = await database.read(lambda uow: uow.find(FormerRoom, case_id=case_id))
    there = [(room, room.channel_id) for room in rooms if room.channel_id is not None and not room.archived]
    troubled = [channel for room, channel in there if await services.rooms.trouble(room) is not None]
    troubled += [each.channel_id for each in former]
    posted = await database.read(lambda uow: uow.find(Posted, case_id=case_id))
    within_reach = [each for each in posted if each.channel_id not in troubled]
    standing: list[Posted] = []
    # What tells that something stands goes last: as long as it does, it is true.
    for last in (False, True):
        of_this_turn = [each for each in within_reach if (each.kind is Kind.NOT_DELETED) is last]
        standing += [each for each in of_this_turn if not await services.posting.take_away(each)]
        if standing and not given_up:
            raise NotDeleted
    for channel in troubled:
        await services.posting.clear(case_id, channel)
    for each in former:
        if each.emptied_at is None and await services.rooms.reaches(each.channel_id):
            await services.rooms.leave(each, cleared=False)
    stay_open = [
        str(room.channel_id) for room in rooms if not await _archived(services, room, given_up=given_up)
    ]
    if standing or stay_open:
        await leave_standing(services, case.team_id, standing, stay_open)
    await database.write(lambda uow: forget_case(uow, case_id))


async def _archived(services: DeliveryServices, room: Room, *, given_up: bool) -> bool:
    try:
        await services.rooms.archive(room)
    except Unusable:
        raise
    except SlackRefused:
        if not given_up:
            raise
        return False
    return True


async def _alone(services: DeliveryServices, claim: Claim) -> None:
    for _ in range(_LOOKS):
        if not await services.outbox.others_have_case(claim):
            return
        await asyncio.sleep(_PAUSE)
    raise NotReady


PURGE = Job(Kind.PURGE, purge)
