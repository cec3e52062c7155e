"""The context of the methods: the workspace and their arguments."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from sandbox import scopes
from sandbox.api_errors import ApiError
from sandbox.model import Channel, ChannelKind, Json, User
from sandbox.socket.connections import Sockets
from sandbox.socket.interactions import InteractionTokens
from sandbox.workspace import Workspace

_DEFAULT_PAGE = 100


@dataclass(frozen=True)
class Context:
    ws: Workspace
    sockets: Sockets
    tokens: InteractionTokens
    url: Callable[[str], str]
    """The full address of a path on this server."""
    socket_url: Callable[[str], str]
    """The WebSocket address for a ticket."""

    @property
    def bot(self) -> str:
        return self.ws.bot.id

    def user(self, user_id: str) -> User:
        """Return a user by id, or raise `user_not_found`."""
        user = self.ws.users.get(user_id)
        if user is None:
            raise ApiError("user_not_found")
        return user

    def channel_of(self, target: str) -> str:
        """Return the channel id for chat.postMessage's target; a person's is their direct message."""
        user = self.ws.users.get(target)
        return target if user is None or user.deleted else self.ws.direct(self.bot, user.id).id

    def channel(self, channel_id: str) -> Channel:
        """Return a channel, or raise `channel_not_found`, also for a private one that the bot is not in."""
        channel = self.ws.channels.get(channel_id)
        if channel is None or (channel.kind != "public" and self.bot not in channel.members):
            raise ApiError("channel_not_found")
        return channel

    def allowed_channel(self, args: Args, table: dict[ChannelKind, tuple[str, ...]]) -> Channel:
        """Return the channel of argument `channel`, if the manifest has this family's scope for its kind."""
        # Without any scope of the family Slack does not look at the channel.
        scopes.need(self.ws, *(scope for scopes_of_kind in table.values() for scope in scopes_of_kind))
        channel = self.channel(args.required("channel"))
        scopes.need(self.ws, *table[channel.kind])
        return channel

    def room(self, args: Args, table: dict[ChannelKind, tuple[str, ...]]) -> Channel:
        """Return `allowed_channel`, if the bot is in it and it is not archived."""
        return self.joined(self.allowed_channel(args, table))

    def joined(self, channel: Channel) -> Channel:
        """Return this channel, if the bot is in it and it is not archived."""
        if self.bot not in channel.members:
            raise ApiError("not_in_channel")
        if channel.archived:
            raise ApiError("is_archived")
        return channel


def page(context: Context, args: Args, items: list[Any]) -> tuple[list[Any], str]:
    """Return one page of a list, and the cursor of the next, which is opaque to clients."""
    start = int(position(args) or 0)
    end = start + page_size(context, args)
    return items[start:end], cursor(str(end)) if end < len(items) else ""


def page_size(context: Context, args: Args) -> int:
    """Return the argument `limit`, capped by the workspace's settings."""
    size, cap = args.number("limit", _DEFAULT_PAGE), context.ws.settings.page_cap
    return size if cap is None else min(size, cap)


def cursor(at: str) -> str:
    """Return a position in a list as an opaque cursor."""
    return base64.b64encode(f"next:{at}".encode()).decode()


def position(args: Args) -> str:
    """Return the position in the argument `cursor`."""
    return base64.b64decode(args.text("cursor")).decode().removeprefix("next:")


_TRUE = (True, 1, "1", "true", "True")


async def merged(request: Request) -> Json:
    """Return the arguments of a request. The body overrides the query."""
    arguments: Json = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        arguments.update(json.loads(await request.body() or b"{}"))
        return arguments
    async with request.form() as form:
        return arguments | dict(form)


class Args:
    """Reads arguments as leniently as Slack: `1` is true, and nested values may be JSON strings."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def text(self, name: str, default: str = "") -> str:
        """Return a string; a number is converted to one."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, str) else str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise ApiError("invalid_arguments", f"[ERROR] missing required field: {name}")
        return value

    def given(self, name: str) -> bool:
        return self.values.get(name) is not None

    def flag(self, name: str) -> bool:
        return self.values.get(name) in _TRUE

    def number(self, name: str, default: int) -> int:
        return int(self.text(name) or default)

    def nested(self, name: str, malformed: str = "invalid_arguments") -> Any:
        """Return an object or a list, given as such or as JSON. `malformed` is the error if it is neither."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as error:
                raise ApiError(malformed) from error
        if not isinstance(value, (dict, list)):
            raise ApiError(malformed)
        return value

    def ids(self, name: str) -> list[str]:
        """Return ids separated by commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]


Method = Callable[[Context, Args], Json]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register a function as the Web API method of this name."""

    def register(function: Method) -> Method:
        METHODS[name] = function
        return function

    return register
