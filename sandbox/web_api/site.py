"""What the methods work on, and what most of them ask first."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import scopes
from sandbox.errors import ApiError
from sandbox.model import Channel, ChannelKind, Json, User
from sandbox.pointers import Pointers
from sandbox.sockets import Sockets
from sandbox.web_api.arguments import Args
from sandbox.workspace import Workspace

_DEFAULT_PAGE = 100
_LARGEST_PAGE = 1000


@dataclass(frozen=True)
class Site:
    """The workspace and its edges, as the methods see them."""

    ws: Workspace
    sockets: Sockets
    pointers: Pointers
    url: Callable[[str], str]
    """The full address of a path on this server."""
    socket_url: Callable[[str], str]
    """The WebSocket address for a ticket."""

    @property
    def bot(self) -> str:
        """The bot's user id."""
        return self.ws.bot.id

    def user(self, user_id: str) -> User:
        """A user by id; `user_not_found`."""
        user = self.ws.users.get(user_id)
        if user is None:
            raise ApiError("user_not_found")
        return user

    def channel(self, channel_id: str) -> Channel:
        """A channel that the bot can see; `channel_not_found` also for a private one it is not in."""
        channel = self.ws.channels.get(channel_id)
        if channel is None or (channel.kind != "public" and self.bot not in channel.members):
            raise ApiError("channel_not_found")
        return channel

    def allowed_channel(self, args: Args, table: dict[ChannelKind, tuple[str, ...]]) -> Channel:
        """The argument `channel`, if the manifest has this family of scopes for its kind."""
        scopes.need_any_kind(self.ws, table)
        channel = self.channel(args.required("channel"))
        if channel.kind not in table:
            raise ApiError("method_not_supported_for_channel_type")
        scopes.need_for(self.ws, table, channel)
        return channel

    def room(self, args: Args, table: dict[ChannelKind, tuple[str, ...]]) -> Channel:
        """The same, if it is a room that the bot is in, and not archived."""
        channel = self.allowed_channel(args, table)
        if not channel.is_room:
            raise ApiError("method_not_supported_for_channel_type")
        if self.bot not in channel.members:
            raise ApiError("not_in_channel")
        if channel.archived:
            raise ApiError("is_archived")
        return channel


Method = Callable[[Site, Args], Json]


def page(site: Site, args: Args, items: list[Any]) -> tuple[list[Any], str]:
    """One page of a list and the cursor of the next; the cursor is opaque to clients."""
    given = cursor_text(args.text("cursor"))
    if given and not given.isdecimal():
        raise ApiError("invalid_cursor")
    start = int(given or 0)
    end = start + page_size(site, args)
    return items[start:end], cursor(str(end)) if end < len(items) else ""


def page_size(site: Site, args: Args) -> int:
    """The argument `limit`, as far as the workspace grants it."""
    size = args.number("limit", _DEFAULT_PAGE) or _DEFAULT_PAGE
    if not 1 <= size <= _LARGEST_PAGE:
        raise ApiError("invalid_limit")
    cap = site.ws.settings.page_cap
    return size if cap is None else min(size, cap)


def cursor(position: str) -> str:
    """A position in a list as an opaque cursor."""
    return base64.b64encode(f"next:{position}".encode()).decode()


def cursor_text(given: str) -> str:
    """The position in a cursor; `invalid_cursor`."""
    try:
        return base64.b64decode(given, validate=True).decode().removeprefix("next:")
    except (binascii.Error, ValueError) as error:
        raise ApiError("invalid_cursor") from error
