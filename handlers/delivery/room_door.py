"""The one door to a room, for whatever is posted there."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.case.file import CaseFile
from handlers.blocks.context import File, Message
from handlers.delivery.calls import NotReady, RetryAfter
from handlers.delivery.posting import Place

#: What is for a room in trouble is looked at again after this long: the longer, the older the trouble.
SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=1)


def room_place(file: CaseFile | None, wanted: Message | File | None, now: datetime) -> Place:
    """The one door to a room: nothing passes it that is not to be read by others than the room's people.

    Raises:
        RetryAfter: the room is in trouble.
        NotReady: it is not there yet, or not any more.
    """
    room = file.room if file is not None else None
    if wanted is not None:
        if room is not None and room.trouble is not None:
            raise RetryAfter(min(max((now - (room.trouble_at or now)) / 4, SOONEST), LATEST))
        if room is None or room.channel_id is None or room.archived:
            raise NotReady
    return Place(room.channel_id if room is not None else None)
