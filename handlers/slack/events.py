"""The events that the bot hears, as far as it looks at them."""

from __future__ import annotations

from typing import Any

from handlers.slack.payloads import Payload


class Said(Payload):
    """The content of a message."""

    user: str | None = None
    bot_id: str | None = None
    text: str | None = None
    files: tuple[dict[str, Any], ...] | None = None
    ts: str = ""

    @property
    def words(self) -> str:
        """The text, empty if there is none."""
        return self.text or ""


class MessageEvent(Said):
    """message: in a direct message with the bot, or in a room; new, or changed."""

    channel: str
    channel_type: str = ""
    subtype: str | None = None
    message: Said | None = None
    previous_message: Said | None = None


class MemberEvent(Payload):
    """member_joined_channel, member_left_channel."""

    user: str
    channel: str
    event_ts: str = ""


class RenamedChannel(Payload):
    id: str


class RoomEvent(Payload):
    """group_left, group_archive, group_rename … and their channel_ twins: what has happened to a room.

    That of a new name tells more of the channel than its id.
    """

    channel: str | RenamedChannel

    @property
    def id(self) -> str:
        return self.channel if isinstance(self.channel, str) else self.channel.id


class Account(Payload):
    """A user, as user_change tells of them."""

    id: str
    deleted: bool = False


class AccountEvent(Payload):
    """user_change."""

    user: Account


class HomeEvent(Payload):
    """app_home_opened."""

    user: str
    tab: str = ""
