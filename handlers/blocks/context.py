"""Input and output of the functions that build blocks: pure data on both sides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.calendar.invite import Invite, build
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Person
from bot.domain.notifications import Notification
from bot.texts.words import Words
from bot.usecases.ports import UnitOfWork

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Slack should show it, without the text on a locked phone (`lock_screen` makes that).

    `answer_by`, an aware datetime, is the deadline for its reader's answer.
    """

    blocks: list[Block] = field(default_factory=list)
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file as Slack should show it. Its name is opaque; a separate message says what it is about."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RenderContext:
    """One delivery: the case as it is now, the notification, its reader and their words.

    `recipient` is None for the room. `now` is an aware UTC datetime, at which `words` are read. `organizer`
    is the e-mail address of calendar entries; `by_mail` tells whether a mail server is set. `stands` tells
    whether a message of this notification is already posted, so that its reader has been told.
    """

    file: CaseFile
    notification: Notification
    recipient: Person | None
    words: Words
    now: datetime
    organizer: str = ""
    by_mail: bool = False
    stands: bool = False

    @property
    def reader(self) -> Person:
        """The recipient of a message that never goes to the room."""
        if self.recipient is None:
            raise LookupError
        return self.recipient

    @property
    def zone(self) -> ZoneInfo:
        """The team's zone, in which every time is shown."""
        return self.file.team.time_zone

    def agency(self, agency: Agency) -> str:
        return escape(agency.shown_name)


@dataclass(frozen=True, slots=True)
class PersonRenderContext:
    """One delivery about no single case: the notification, its reader and their words.

    `now` is aware UTC; `organizer` is the e-mail address of calendar entries.
    """

    uow: UnitOfWork
    notification: Notification
    person: Person
    words: Words
    now: datetime
    organizer: str


def calendar_file(invite: Invite) -> File:
    """Return a meeting as a calendar file, which is posted next to the message about it."""
    _, content = build(invite)
    return File(f"mote-{invite.uid[:8]}.ics", content)


def escape(text: str) -> str:
    """Escape text from people or data for mrkdwn, so that it makes no mention, link or channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
