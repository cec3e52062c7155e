"""What a workspace is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["public", "private", "im", "mpim"]


@dataclass
class User:
    """A person or a bot. `handle` is how the driver and the transcripts speak of them."""

    id: str
    handle: str
    display_name: str
    real_name: str
    email: str = ""
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
    updated: int = 0


@dataclass
class Message:
    """A stored message; `ts` is its identity in its channel."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    thread_ts: str = ""
    subtype: str = ""
    edited: Json | None = None
    by_bot: bool = False
    extra: Json = field(default_factory=dict)


@dataclass
class Ephemeral:
    """A message that one person sees, and that no API reads back."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    from_slack: bool = False


@dataclass
class Channel:
    """A public or private channel, a direct message or a group direct message."""

    id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)
    """Thread parent ts → the ts of its replies."""
    archived: bool = False
    is_general: bool = False
    topic: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    previous_names: list[str] = field(default_factory=list)

    @property
    def is_room(self) -> bool:
        """True for channels that people join and leave, false for direct messages."""
        return self.kind in ("public", "private")


@dataclass
class File:
    """An uploaded file; it belongs to nobody else until it is shared. `alt` describes a picture."""

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
    alt: str = ""


@dataclass
class View:
    """A modal in somebody's stack, or somebody's Home tab, with what the person has filled in."""

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


@dataclass(frozen=True)
class Change:
    """Something that happened in the workspace, for the event sender and the moments."""

    kind: Literal[
        "message_posted",
        "message_changed",
        "message_deleted",
        "ephemeral",
        "member_joined",
        "member_left",
        "channel_created",
        "channel_changed",
        "channel_archived",
        "channel_unarchived",
        "user_changed",
        "user_joined",
        "modal_shown",
        "modal_closed",
        "home_published",
        "home_opened",
        "file_shared",
        "file_deleted",
    ]
    channel: str = ""
    user: str = ""
    by: str = ""
    message: Message | Ephemeral | None = None
    previous: Message | None = None
    view: View | None = None
    detail: str = ""
