"""The entities of a workspace, the payloads sent to the app, and the app's calls."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["public", "private", "im"]
#: The subtype of Slack's line about a pin. Source: docs.slack.dev/reference/events/message/pinned_item.
PINNED = "pinned_item"


@dataclass
class User:
    """A person or a bot. `handle` is their name in tests and exercises."""

    id: str
    handle: str
    display_name: str
    real_name: str
    team: str = ""
    is_bot: bool = False
    bot_id: str = ""
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_admin: bool = False
    tz: str = "Europe/Oslo"
    locale: str = "nb-NO"
    #: From when until when notifications are paused, in UNIX seconds.
    muted: tuple[int, int] | None = None
    updated: int = 0


@dataclass
class Message:
    """A stored message; `ts` is its identity in its channel."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    subtype: str = ""
    edited: Json | None = None
    by_bot: bool = False
    extra: Json = field(default_factory=dict)


@dataclass
class Ephemeral:
    """A message that only one person sees, and that no API returns."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    from_slack: bool = False


@dataclass
class Channel:
    """A public or private channel, or a direct message."""

    id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    archived: bool = False
    shared_with: list[str] = field(default_factory=list)
    """The ids of the organisations that it is shared with by Slack Connect."""
    is_general: bool = False
    pins: list[str] = field(default_factory=list)
    """The ts of its pinned messages."""

    @property
    def is_room(self) -> bool:
        """True for a channel that people join and leave, False for a direct message."""
        return self.kind in ("public", "private")


@dataclass
class File:
    """An uploaded file, which only its uploader sees until it is shared."""

    id: str
    name: str
    title: str
    user: str
    created: int
    length: int
    content: bytes = b""
    uploaded: bool = False
    completed: bool = False
    deleted: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass
class View:
    """A modal in a person's stack, or a person's Home tab, with what they have filled in."""

    id: str
    user: str
    payload: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """The view's blocks, each with a block_id."""
        blocks: list[Json] = self.payload["blocks"]
        return blocks

    @property
    def inputs(self) -> list[Json]:
        """The input blocks."""
        return [block for block in self.blocks if block["type"] == "input"]


@dataclass(frozen=True)
class Change:
    """A change in the workspace, for the event sender and the activity log."""

    kind: Literal[
        "message_posted",
        "message_changed",
        "message_deleted",
        "ephemeral",
        "member_joined",
        "member_left",
        "channel_created",
        "channel_archived",
        "channel_unarchived",
        "channel_renamed",
        "channel_converted",
        "channel_shared",
        "channel_unshared",
        "channel_deleted",
        "user_changed",
        "modal_shown",
        "modal_closed",
        "home_published",
        "home_opened",
        "file_shared",
    ]
    channel: str = ""
    user: str = ""
    by: str = ""
    message: Message | Ephemeral | None = None
    previous: Message | None = None
    view: View | None = None
    detail: str = ""


EnvelopeType = Literal["events_api", "slash_commands", "interactive"]


@dataclass
class Attempt:
    """One envelope sent over one socket."""

    envelope_id: str
    socket: int
    sent: float
    retry_attempt: int | None = None
    retry_reason: str = ""
    acked_after: float | None = None
    """Real seconds until the acknowledgement, or None."""
    lost: bool = False
    """True if its socket closed, or the time ran out, before it was acknowledged."""


@dataclass
class Delivery:
    """One payload for the app, sent in one or more envelopes."""

    type: EnvelopeType
    payload: Json
    accepts_response_payload: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    acked: bool = False
    answer: Json | None = None
    """The payload of the first acknowledgement."""
    gave_up: bool = False
    """True if it was not acknowledged in time and will not be sent again."""
    settled: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def over(self) -> bool:
        """True once it is given up, or acknowledged with no further envelope to wait for."""
        copies = all(attempt.acked_after is not None or attempt.lost for attempt in self.attempts)
        return self.gave_up or (self.acked and copies)

    @property
    def name(self) -> str:
        """The event type, the command, or the interaction type."""
        if self.type == "events_api":
            return str(self.payload["event"]["type"])
        return str(self.payload.get("command") or self.payload["type"])

    def envelope(self, socket: int, retry_attempt: int | None, retry_reason: str) -> tuple[Attempt, Json]:
        attempt = Attempt(str(uuid.uuid4()), socket, time.monotonic(), retry_attempt, retry_reason)
        self.attempts.append(attempt)
        envelope: Json = {
            "envelope_id": attempt.envelope_id,
            "payload": self.payload,
            "type": self.type,
            "accepts_response_payload": self.accepts_response_payload,
        }
        if retry_attempt is not None:
            envelope |= {"retry_attempt": retry_attempt, "retry_reason": retry_reason}
        return attempt, envelope

    def acknowledge(self, attempt: Attempt, answer: Json | None) -> None:
        """Note an acknowledgement. Only the answer of the first counts."""
        if attempt.acked_after is None:
            attempt.acked_after = time.monotonic() - attempt.sent
        if not self.acked and not self.gave_up:
            self.acked = True
            self.answer = answer
        self.settled.set()

    @property
    def lost(self) -> bool:
        """True if no envelope sent so far can be acknowledged any more."""
        return all(attempt.lost for attempt in self.attempts)

    def overdue(self) -> None:
        """Mark the envelopes that were not acknowledged in time as lost."""
        for attempt in self.attempts:
            attempt.lost = attempt.lost or attempt.acked_after is None

    def give_up(self) -> None:
        """Stop waiting for an acknowledgement."""
        if not self.acked:
            self.gave_up = True
        self.settled.set()


@dataclass
class Call:
    """One Web API call as seen by the server."""

    method: str
    arguments: Json
    answer: Json | str | None
    """The JSON body, the plain text, or None if no answer was sent."""
    status: int | None
    """The HTTP status, or None if there was no answer."""
    time: str
    """The moved time, ISO 8601."""
    fault: str = ""
    """The fault it met."""

    @property
    def ok(self) -> bool:
        """True if the answer told the caller that the call succeeded."""
        return isinstance(self.answer, dict) and self.answer.get("ok") is True

    @property
    def error(self) -> str:
        """The error code in the answer, or an empty string."""
        return str(self.answer.get("error", "")) if isinstance(self.answer, dict) else ""
