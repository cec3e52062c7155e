"""The deletion of a case on its date: Slack is emptied, the room archived, the case forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Container
from datetime import timedelta

from bot.domain.case.entities import FormerRoom, Room
from bot.domain.leftovers import refused_long_enough
from bot.domain.notifications import Kind
from bot.domain.room import without_bot
from bot.usecases.effects import calendar_notifications
from bot.usecases.lifecycle import begin_erasing, forget_case
from bot.usecases.ports import Claim, Posted, UnitOfWork
from handlers.delivery.calls import NotDeleted, NotReady, RetryAfter, SlackRefused, Unusable
from handlers.delivery.declarations import Job
from handlers.delivery.services import DeliveryServices
from handlers.leftovers import leave_standing

#: How often it is looked whether others have a case in hand, before its deletion is put off, and the pause
#: between in seconds of real time.
_LOOKS = 50
_PAUSE = 0.1
#: How soon it is looked again whether calendars have been told by mail, or the list of what is left stands.
_SOON = timedelta(seconds=5)


async def purge(services: DeliveryServices, claim: Claim) -> None:
    """Delete what the bot posted of a case, archive its room, forget the case.

    Once it is known that the case is being erased nothing more is posted of it, and what has been begun is
    waited for: whoever posts something meanwhile deletes it again.

    Raises:
        NotReady: others have the case in hand.
        RetryAfter: a mail that calls a meeting off has not left, whose address goes with the key; or the
            coordinators do not have the list yet of rooms that the bot is not in.
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
    there = {room.channel_id: room for room in rooms if room.channel_id is not None and not room.archived}
    troubles = {channel: await services.rooms.trouble(room) for channel, room in there.items()}
    troubled = [channel for channel, trouble in troubles.items() if trouble is not None]
    troubled += [each.channel_id for each in former]
    standing = await _emptied(services, case_id, troubled, given_up=given_up)
    cleared = {channel: await services.posting.clear(case_id, channel) for channel in troubled}
    # Where the bot is outside, Slack says the same of what stands there as of what is gone.
    lost = [
        channel
        for channel, trouble in troubles.items()
        if trouble is not None and (without_bot(trouble) or not cleared[channel])
    ]
    lost += [each.channel_id for each in former if not await _left(services, each)]
    stay_open = [
        channel
        for channel, room in there.items()
        if channel not in lost and not await _archived(services, room, given_up=given_up)
    ]
    if standing or stay_open:
        await leave_standing(services, case.team_id, standing, [*stay_open, *lost])
    elif lost:
        try:
            await leave_standing(services, case.team_id, [], lost)
        except NotDeleted:
            # Nothing is tried again: only the list has to stand.
            raise RetryAfter(_SOON) from None
    mails = services.mail is not None and not given_up
    if mails and await database.read(lambda uow: _mails_wait(uow, case_id)):
        raise RetryAfter(_SOON)
    for channel in there.keys() & set(lost):
        await services.rooms.archive(there[channel], anyway=True)
    await database.write(lambda uow: forget_case(uow, case_id))


async def _emptied(
    services: DeliveryServices, case_id: str, troubled: Container[str], *, given_up: bool
) -> list[Posted]:
    """Take away what was posted, but in rooms that are `troubled`; return what Slack lets stand."""
    posted = await services.database.read(lambda uow: uow.find(Posted, case_id=case_id))
    reached = [each for each in posted if each.channel_id not in troubled]
    standing: list[Posted] = []
    # What tells that something stands goes last: as long as it does, it is true.
    for last in (False, True):
        of_this_turn = [each for each in reached if (each.kind is Kind.NOT_DELETED) is last]
        standing += [each for each in of_this_turn if not await services.posting.take_away(each)]
        if standing and not given_up:
            raise NotDeleted
    return standing


async def _left(services: DeliveryServices, former: FormerRoom) -> bool:
    """Leave a room that another has taken the place of; return whether the bot was in it, or has left it."""
    if former.emptied_at is not None:
        return True
    reached = await services.rooms.reaches(former.channel_id)
    if reached:
        await services.rooms.leave(former, cleared=False)
    return reached


def _mails_wait(uow: UnitOfWork, case_id: str) -> bool:
    """Return whether a calendar has yet to be told by mail that a meeting is off."""
    file = uow.case_file(case_id)
    return file is not None and any(calendar_notifications(file, uow.now))


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
        if not await services.outbox.others_have_case(claim):
            return
        await asyncio.sleep(_PAUSE)
    raise NotReady


PURGE = Job(Kind.PURGE, purge)
