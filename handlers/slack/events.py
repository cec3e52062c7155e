"""The events that the bot hears, as far as it looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.slack.payloads import Payload


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
        """All that is written in it, each piece by itself. A person's blocks say no more than the text."""
        blocks = self.blocks if self.bot_id else None
        return [self.text or "", *_written(self._forwarded), *_written(blocks or ())]

    @property
    def has_files(self) -> bool:
        """Its own, or those of a message that is forwarded with it."""
        return bool(self.files) or any(a.get("files") for a in self._forwarded)

    @property
    def _forwarded(self) -> list[dict[str, Any]]:
        """The attachments but for previews, which Slack makes of the page behind a link."""
        return [
            a
            for a in self.attachments or ()
            if a.get("is_msg_unfurl") or a.get("is_share") or not (a.get("from_url") or a.get("original_url"))
        ]


#: Where attachments and blocks keep what is read. The fallback repeats it, with numbers of Slack's own.
_READ = ("text", "pretext", "title", "value", "footer", "alt_text", "label", "url")


def _written(part: Any) -> Iterator[str]:
    """Every text in an attachment or a block, however deep."""
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
    inviter: str = ""


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
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    team_id: str | None = None
    enterprise_user: dict[str, Any] | None = None


class AccountEvent(Payload):
    """user_change."""

    user: Account


class HomeEvent(Payload):
    """app_home_opened."""

    user: str
    tab: str = ""


class Revoked(Payload):
    """app_uninstalled, tokens_revoked: the latter names whose tokens, people's («oauth») or bots'."""

    type: str
    tokens: dict[str, tuple[str, ...]] | None = None
