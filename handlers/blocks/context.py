"""Input and output of the functions that build blocks: pure data on both sides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.calendar.invite import Invite, build_publish
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.notifications import Notification
from bot.texts.words import Words
from bot.usecases.ports import UnitOfWork

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it should stand. What a locked phone shows of it, it has no say in (`lock_screen`).

    `answer_by`, an aware datetime, is until when its reader has to answer.
    """

    blocks: list[Block] = field(default_factory=list)
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file as it should stand. The name is opaque; what has to be said of it stands in a message beside it.

    `alt` is what a screen reader says instead of a picture.
    """

    name: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class RenderContext:
    """One delivery: the case as it is now, what it is about, who reads it, in which words.

    `recipient` is None for the room. `now` is an aware UTC datetime, at which `words` are read. `organizer`
    is the e-mail address of calendar entries; `by_mail` tells whether a mail server is set. `stands`: a
    message of this notification is there already, so that its reader has been told.
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
        """The recipient, of what is never told the room."""
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
    """One delivery that is of no single case: what it is about, who reads it, in which words.

    `now` is aware UTC; `organizer` is the e-mail address of calendar entries; `mail_is_read` tells whether
    the bot mails, and reads what is answered.
    """

    uow: UnitOfWork
    notification: Notification
    person: Person
    words: Words
    now: datetime
    organizer: str
    mail_is_read: bool = False


def entry_file(
    ctx: RenderContext | PersonRenderContext,
    team: Team,
    uid: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    stamped_at: datetime,
    *,
    asked: bool = True,
) -> File:
    """A meeting for the reader's calendar, as it stands beside the message about it (`Invite`)."""
    when = (starts_at, ends_at, stamped_at, team.time_zone)
    content = build_publish(Invite(uid, sequence, *when, ctx.organizer, ctx.words.language, asked=asked))
    return File(f"mote-{uid[:8]}.ics", content)


def escape(text: str) -> str:
    """Text from people or data for mrkdwn: no mention, link or channel can come of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
