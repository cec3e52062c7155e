"""The entry in one person's calendar, as a case holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.case.entities import Ask
from bot.domain.case.links import LiaisonInvitation
from bot.domain.notifications import HeldAnswer

#: What can be in somebody's calendar: what they are asked to come to, or may come to as a liaison.
Asked = Ask | LiaisonInvitation
#: How long a mail server may be away before the coordinators are told.
PATIENCE = timedelta(minutes=15)


class Post(StrEnum):
    """Delivery of the newest message about an entry."""

    WAITING = "waiting"  # it has surely not left
    LEAVING = "leaving"  # it may have left: an attempt was begun and its end is not known
    SENT = "sent"  # the mail server has taken it
    REFUSED = "refused"  # the mail server, or a later one, has refused the address for good


class Trouble(StrEnum):
    """The reason for which nothing can be sent: for an operator to mend. The mail waits."""

    NO_TLS = "no_tls"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    RELAY = "relay"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class MailedEntry:
    """One UID in one person's calendar, told by mail to `address`.

    `token` is the random part of the address to which answers come. `sequence`, `stamped_at` and
    `cancelled` are of the newest message; `post` says whether it has left. `ask_sequence` is the question's
    that it carries, `starts_at` and `ends_at` are the meeting's as last told. The newest answer from the
    calendar is (`reply_sequence`, `reply_stamp`), taken at `replied_at`; `tentative` while that was what it
    said. `held` are mails about it that were not used: the newest of each hour, oldest first.
    """

    id: str
    address: str
    uid: str
    token: str
    made_at: datetime
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    ask_sequence: int
    sequence: int = 0
    cancelled: bool = False
    post: Post = Post.WAITING
    trouble: Trouble | None = None
    reply_sequence: int | None = None
    reply_stamp: datetime | None = None
    replied_at: datetime | None = None
    tentative: bool = False
    held: tuple[HeldAnswer, ...] | None = None

    @property
    def message_name(self) -> str:
        """The beginning of the Message-ID of every mail about it."""
        return self.uid[:20]

    @property
    def has_left(self) -> bool:
        """Return whether the calendar may know of the newest message."""
        return self.post in (Post.LEAVING, Post.SENT)

    @property
    def known(self) -> bool:
        """Return whether the calendar may know of the entry at all."""
        return self.has_left or self.sequence > 0

    @property
    def finished(self) -> bool:
        """Return whether nothing more is tried with the newest message."""
        return self.post in (Post.SENT, Post.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry(MailedEntry):
    case_id: str
    ask_id: str | None = None
    invitation_id: str | None = None

    @property
    def about(self) -> str:
        return self.ask_id or self.invitation_id or ""
