"""The deletion of a case on its date: Slack is emptied, the room archived, the case forgotten."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Container
from datetime import timedelta

from bot.domain.case.entities import FormerRoom, Room
from bot.domain.leftovers import refused_long_enough
from bot.domain.notifications import Kind
from bot.domain.room import WITHOUT_BOT
from bot.usecases.effects import calendar_notifications
from bot.usecases.lifecycle import begin_erasing, forget_case
from bot.usecases.ports import Claim, Posted
from handlers.delivery.calls import NotDeleted, NotReady, RetryAfter, SlackRefused, Unusable
from handlers.delivery.declarations import Job
from handlers.delivery.rooms import by_slack_id
from handlers.delivery.services import DeliveryServices
from handlers.leftovers import hand_over_links

#: The most checks whether others have claimed work of a case before its deletion is put off, and the pause
#: between checks in seconds of real time.
_LOOKS = 50
_PAUSE = 0.1
#: The wait before checking again whether calendars have been told by mail, or the leftovers are listed.
_SOON = timedelta(seconds=5)


async def purge(services: DeliveryServices, claim: Claim) -> None:
    """Delete what the bot posted about a case, archive its room, forget the case.

    Once the case is marked as being erased nothing more is posted about it, and deliveries in progress are
    awaited: one that posts something meanwhile deletes it again. Whoever does not belong in the room is
    removed before the messages, which Slack may keep for a day.

    Raises:
        NotReady: other deliveries of the case are in progress.
        RetryAfter: a mail that calls a meeting off is not sent yet, and its address is lost with the key; or
            the coordinators do not yet have the list of rooms that the bot is not in.
        NotDeleted, SlackRefused: Slack refused to delete something. The case is forgotten when all is gone,
            or when Slack has refused for so long that the coordinators have the list of it.
    """
    database, case_id = services.database, claim.notification.subject
    case = await database.write(lambda uow: begin_erasing(uow, case_id))
    if case is None:
        return
    await _alone(services, claim)
    given_up = refused_long_enough(case.erasing_since, services.clock.now())
    file = await database.read(lambda uow: uow.case_file(case_id))
    if file is None:
        return
    room, former = file.room, file.former_rooms
    channel = None if room.archived else room.channel_id
    trouble = await services.rooms.trouble(room) if channel is not None else None
    if channel is not None:
        with contextlib.suppress(SlackRefused):
            await services.rooms.empty(channel, by_slack_id(file, file.room_people()).keys())
    troubled = [*([channel] if channel and trouble else []), *(each.channel_id for each in former)]
    standing = await _emptied(services, case_id, troubled, given_up=given_up)
    cleared = {each: await services.posting.clear(case_id, each) for each in troubled}
    # In a room without the bot, Slack answers the same for an existing message as for a deleted one.
    lost = trouble in WITHOUT_BOT or not cleared.get(channel or "", True)
    stays = channel is not None and not lost and not await _archived(services, room, given_up=given_up)
    left = [channel] if channel is not None and (lost or stays) else []
    left += [each.channel_id for each in former if not await _left(services, each)]
    if standing or left:
        try:
            await hand_over_links(services, case.team_id, standing, left)
        except NotDeleted:
            if standing or stays:
                raise
            # Nothing is deleted again: only the list has to be posted.
            raise RetryAfter(_SOON) from None
    mails = services.mail is not None and not given_up
    if mails and any(calendar_notifications(file, services.clock.now())):
        raise RetryAfter(_SOON)
    if lost:
        await services.rooms.archive(room, anyway=True)
    await database.write(lambda uow: forget_case(uow, case_id))


async def _emptied(
    services: DeliveryServices, case_id: str, troubled: Container[str], *, given_up: bool
) -> list[Posted]:
    """Delete what was posted, except in `troubled` rooms; return what Slack refused to delete."""
    posted = await services.database.read(lambda uow: uow.find(Posted, case_id=case_id))
    reached = [each for each in posted if each.channel_id not in troubled]
    standing: list[Posted] = []
    # The message that something was not deleted goes last: until then it is true.
    for last in (False, True):
        of_this_turn = [each for each in reached if (each.kind is Kind.NOT_DELETED) is last]
        standing += [each for each in of_this_turn if not await services.posting.take_away(each)]
        if standing and not given_up:
            raise NotDeleted
    return standing


async def _left(services: DeliveryServices, former: FormerRoom) -> bool:
    """Leave a former room; return whether the bot was in it, or had left it before."""
    if former.emptied_at is not None:
        return True
    reached = await services.rooms.reaches(former.channel_id)
    if reached:
        await services.rooms.leave(former, cleared=False)
    return reached


async def _archived(services: DeliveryServices, room: Room, *, given_up: bool) -> bool:
    """Return whether the room is archived, with nobody in it."""
    try:
        await services.rooms.archive(room)
    except Unusable:
        raise
    except (SlackRefused, NotDeleted):
        if not given_up:
            raise
        return False
    return True


async def _alone(services: DeliveryServices, claim: Claim) -> None:
    for _ in range(_LOOKS):
        if not await services.outbox.case_is_busy(claim):
            return
        await asyncio.sleep(_PAUSE)
    raise NotReady


PURGE = Job(Kind.PURGE, purge)
