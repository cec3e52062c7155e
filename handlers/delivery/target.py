"""Where a message is to stand, and what is to stand there; the one door to a room."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.notifications import Notification
from bot.usecases.ports import Posted, UnitOfWork
from handlers.blocks.context import File, Message
from handlers.delivery.calls import NotReady, RetryAfter

#: What is for a room in trouble is looked at again after this long: the longer, the older the trouble.
SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, or a person's direct messages (`channel` may not be known yet)."""

    channel: str | None
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The wanted state for one claim (None: no message), the place, and the message posted now.

    `lock_screen` is the text of the notification of what is wanted.
    """

    wanted: Message | File | None
    place: Place
    posted: Posted | None
    key: str
    lock_screen: str

    @property
    def is_met(self) -> bool:
        """Return whether what stands is what is wanted."""
        if self.wanted is None or self.posted is None:
            return self.wanted is None and self.posted is None
        return self.posted.digest == digest(self.wanted)


def digest(wanted: Message | File) -> str:
    """A hash of all that a reader sees. The notification has been given when the message was posted."""
    if isinstance(wanted, File):
        return hashlib.sha256(wanted.content).hexdigest()
    return hashlib.sha256(json.dumps(wanted.blocks, sort_keys=True).encode()).hexdigest()


def find_posted(uow: UnitOfWork, notification: Notification, key: str) -> Posted | None:
    """Return what stands under this key, of what the notification is of."""
    found = uow.find(Posted, key=key, case_id=notification.case_id, item=notification.item)
    return next(iter(found), None)


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
