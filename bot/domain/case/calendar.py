"""The calendar entry of one person, as a case holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.case.entities import Ask
from bot.domain.case.links import LiaisonInvitation
from bot.domain.notifications import HeldAnswer

#: What a calendar entry is for: an ask, or a liaison's invitation.
Asked = Ask | LiaisonInvitation
#: How long a mail server may be away before the coordinators are told.
PATIENCE = timedelta(minutes=15)


class Post(StrEnum):
    """The delivery state of the newest message about an entry."""

    WAITING = "waiting"  # it has certainly not left
    LEAVING = "leaving"  # it may have left: an attempt was begun and its outcome is unknown
    SENT = "sent"  # the mail server accepted it
    REFUSED = "refused"  # the mail server, or a later one, permanently refused the address


class Trouble(StrEnum):
    """The reason why no mail can be sent. The mail waits until an operator fixes it."""

    NO_TLS = "no_tls"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    RELAY = "relay"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class MailedEntry:
    """One UID in one person's calendar, mailed to `address`.

    `token` is the random part of the address to which answers come. `sequence`, `stamped_at` and
    `cancelled` describe the newest message; `post` is whether it has left, `ask_sequence` the sequence of the
    ask that it carries. `starts_at` and `ends_at` are the meeting's times as last sent. The newest answer
    from the calendar is (`reply_sequence`, `reply_stamp`), applied at `replied_at`; `tentative` is whether it
    was «tentative», to the question asked then. `held` is the newest answer by mail that was not applied.
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
    held: HeldAnswer | None = None

    @property
    def message_name(self) -> str:
        """The beginning of the Message-ID of every mail about this entry."""
        return self.uid[:20]

    @property
    def has_left(self) -> bool:
        """Return whether the newest message may have reached the calendar."""
        return self.post in (Post.LEAVING, Post.SENT)

    @property
    def known(self) -> bool:
        """Return whether any message about the entry may have reached the calendar."""
        return self.has_left or self.sequence > 0

    @property
    def finished(self) -> bool:
        """Return whether the newest message is not tried again."""
        return self.post in (Post.SENT, Post.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry(MailedEntry):
    case_id: str
    ask_id: str | None = None
    invitation_id: str | None = None

    @property
    def about(self) -> str:
        return self.ask_id or self.invitation_id or ""
