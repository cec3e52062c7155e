"""Where a message is to be shown, and what it shows; the only way into a room."""

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
from handlers.delivery.calls import NotReady, NotYet

#: Delays before a message to a room in trouble is tried again: the older the trouble, the longer.
SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, or a person's direct messages (`channel` may not be known yet)."""

    channel: str | None
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The wanted state for one claim (None: no message), the place, and the message posted now.

    `lock_screen` is the text of the wanted message's notification.
    """

    wanted: Message | File | None
    place: Place
    posted: Posted | None
    key: str
    lock_screen: str

    @property
    def is_met(self) -> bool:
        """Return whether Slack shows what is wanted."""
        if self.wanted is None or self.posted is None:
            return self.wanted is None and self.posted is None
        return self.posted.digest == digest(self.wanted)


def digest(wanted: Message | File) -> str:
    """Return a hash of all that a reader sees. The notification was shown when the message was posted."""
    if isinstance(wanted, File):
        return hashlib.sha256(wanted.content).hexdigest()
    return hashlib.sha256(json.dumps(wanted.blocks, sort_keys=True).encode()).hexdigest()


def find_posted(uow: UnitOfWork, notification: Notification, key: str) -> Posted | None:
    """Return the posted message with this key, of the notification's case or item."""
    found = uow.find(Posted, key=key, case_id=notification.case_id, item=notification.item)
    return next(iter(found), None)


def room_place(file: CaseFile | None, wanted: Message | File | None, now: datetime) -> Place:
    """Return a room as a place. All messages to rooms pass here, so that only the room's people read them.

    Raises:
        NotYet: the room is in trouble, which its coordinators can end.
        NotReady: the room does not exist yet, or no longer.
    """
    room = file.room if file is not None else None
    if wanted is not None:
        if room is not None and room.trouble is not None:
            raise NotYet(min(max((now - (room.trouble_at or now)) / 4, SOONEST), LATEST))
        if room is None or room.channel_id is None or room.archived:
            raise NotReady
    return Place(room.channel_id if room is not None else None)
