"""The Slack events that the bot handles, with the fields that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.slack.payloads import Channel, Payload


class Said(Payload):
    """The content of a message. A forwarded message is an attachment; so is the preview of a link."""

    user: str | None = None
    bot_id: str | None = None
    text: str | None = None
    files: tuple[dict[str, Any], ...] | None = None
    attachments: tuple[dict[str, Any], ...] | None = None
    blocks: tuple[dict[str, Any], ...] | None = None
    ts: str = ""

    @property
    def pieces(self) -> list[str]:
        """All its texts, one by one. A person's blocks are left out: they say no more than the text."""
        blocks = self.blocks if self.bot_id else None
        return [self.text or "", *_written(self._forwarded), *_written(blocks or ())]

    @property
    def has_files(self) -> bool:
        """Return whether it, or a message forwarded in it, has files."""
        return bool(self.files) or any(a.get("files") for a in self._forwarded)

    @property
    def _forwarded(self) -> list[dict[str, Any]]:
        """The attachments without link previews, which Slack makes from the linked page."""
        return [
            a
            for a in self.attachments or ()
            if a.get("is_msg_unfurl") or a.get("is_share") or not (a.get("from_url") or a.get("original_url"))
        ]


#: Keys of the visible texts in attachments and blocks. `fallback` repeats them, with numbers of Slack's own.
_READ = ("text", "pretext", "title", "value", "footer", "alt_text", "label", "url")


def _written(part: Any) -> Iterator[str]:
    """Yield every text in an attachment or a block, at any depth."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if isinstance(value, str) and key in _READ:
                yield value
            else:
                yield from _written(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _written(each)


class MessageEvent(Said):
    """message: a new or changed message, in a direct message with the bot or in a room."""

    channel: str
    channel_type: str = ""
    user_team: str | None = None
    subtype: str | None = None
    message: Said | None = None
    previous_message: Said | None = None


class MemberEvent(Payload):
    """member_joined_channel, member_left_channel."""

    user: str
    channel: str
    inviter: str = ""


class RoomEvent(Payload):
    """group_left, group_archive, group_rename … and their channel_ twins: a change of a room.

    A rename event holds a channel object, the others only the channel's id.
    """

    channel: str | Channel

    @property
    def id(self) -> str:
        return self.channel if isinstance(self.channel, str) else self.channel.id


class AccountEvent(Payload):
    """user_change, with Slack's user object."""

    user: dict[str, Any]


class HomeEvent(Payload):
    """app_home_opened."""

    user: str
    user_team: str | None = None
    tab: str = ""
