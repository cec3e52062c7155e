"""The sandbox: a local Slack workspace."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Mapping
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from sandbox import cast, channels
from sandbox.activity import ActivityLog
from sandbox.clock import MovableClock
from sandbox.faults import Faults
from sandbox.model import User
from sandbox.people.person import Person
from sandbox.settings import Manifest, Settings
from sandbox.socket.connections import Sockets, Tasks
from sandbox.socket.events import Events
from sandbox.socket.interactions import Interactions, InteractionTokens
from sandbox.web_api.api import WebApi
from sandbox.web_api.context import Context
from sandbox.workspace import Workspace

BOT_TOKEN = "xoxb-0-sandbox"  # noqa: S105  (opens nothing but this workspace)
APP_TOKEN = f"xapp-1-{cast.APP_ID}-0-sandbox"


class Sandbox:
    """A local Slack that an unmodified bot talks to, running inside its `async with` block::

    async with Sandbox(manifest="manifest.yaml") as sandbox:
        ...  # start the bot with sandbox.api_url, sandbox.bot_token and sandbox.app_token
        await sandbox.connected()
        await sandbox.person("koordinator").types("/tot")
    """

    def __init__(
        self,
        manifest: Mapping[str, Any] | str | os.PathLike[str],
        *,
        clock: MovableClock | None = None,
        settings: Settings | None = None,
        port: int = 0,
        page: ASGIApp | None = None,
    ) -> None:
        """`page` is served at the root of the same server, where Slack has no routes."""
        self.bot_token = BOT_TOKEN
        self.app_token = APP_TOKEN
        self.clock = clock or MovableClock()
        self.settings = settings or Settings()
        self.workspace = Workspace(Manifest.load(manifest), self.clock, self.settings)
        self._tasks = Tasks()
        self._persons: dict[str, Person] = {}
        tokens = InteractionTokens(self.settings)
        self._server = Server(port)
        self.sockets = Sockets(self.workspace, self._tasks, self._server.cut, self._server.stall)
        self._events = Events(self.workspace, self.sockets)
        self.interactions = Interactions(
            self.workspace, self.sockets, tokens, lambda key: self._url(f"/respond/{key}")
        )
        self.activity = ActivityLog(self.workspace)
        context = Context(self.workspace, self.sockets, tokens, self._url, self._socket_url)
        api = WebApi(context, self.interactions, self._tasks, self._server.cut, BOT_TOKEN, APP_TOKEN)
        self._server.app = api.app(page)

    @property
    def api_url(self) -> str:
        """For `AsyncWebClient(base_url=…)`."""
        return self._url("/api/")

    @property
    def page_url(self) -> str:
        """The address of the page, if there is one."""
        return self._url("/")

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def faults(self) -> Faults:
        return self.workspace.faults

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.port}{path}"

    def _socket_url(self, ticket: str) -> str:
        return f"ws://127.0.0.1:{self._server.port}/link?ticket={ticket}&app_id={cast.APP_ID}"

    async def __aenter__(self) -> Sandbox:
        await self._server.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.faults.clear()
        await self._tasks.end()
        await self._server.__aexit__()

    async def connected(self, least: int = 1, *, within: float = 60.0) -> None:
        """Wait until the bot has opened its socket."""
        await self.sockets.connected(least, within=within)

    async def acked(self, *, within: float = 60.0) -> None:
        """Wait until everything sent to the bot is acknowledged; the bot may still be at work."""
        await self.sockets.acked(within=within)

    # People

    def person(self, handle: str) -> Person:
        """Return the person with this handle, to act for them. Raise KeyError if there is none."""
        user = self.workspace.user(handle)
        if user.id not in self._persons:
            self._persons[user.id] = Person(self.workspace, self.interactions, self.activity, user)
        return self._persons[user.id]

    def add_person(self, handle: str, **traits: Any) -> Person:
        """Add a person to the workspace.

        `traits` are fields of User, such as `is_restricted=True` (guest), `is_ultra_restricted=True`
        (single-channel guest), `is_bot=True`, `deleted=True`, or `is_stranger=True, team="T0OTHER"`.
        """
        user_id = traits.pop("id", None) or self.workspace.new_id("U")
        user = cast.member(handle, user_id)
        for trait, value in traits.items():
            if not hasattr(user, trait):
                raise TypeError(f"a user has no {trait!r}")
            setattr(user, trait, value)
        channels.join_workspace(self.workspace, user)
        return self.person(handle)

    def user(self, handle: str) -> User:
        """Return the user with this handle. Raise KeyError if there is none."""
        return self.workspace.user(handle)


_LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 1.0
#: Longer than clients keep an idle connection: otherwise one could close while a call is sent on it.
_IDLE_SECONDS = 60
# Makes a connection end with a reset instead of an orderly close.
_LINGER_ZERO = struct.pack("ii", 1, 0)


class Server:
    """Serves an app; unlike `uvicorn.Server` it takes no signals and starts and stops without polling."""

    def __init__(self, port: int) -> None:
        self.app = Starlette()
        """To be set before it is entered."""
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self.port = port

    async def __aenter__(self) -> Server:
        self._config = uvicorn.Config(
            self.app,
            host=_LOOPBACK,
            port=self.port,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            timeout_keep_alive=_IDLE_SECONDS,
        )
        self._config.load()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, host=_LOOPBACK, port=self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        if self._state.tasks:
            # They end now that their connections are gone.
            await asyncio.wait(set(self._state.tasks), timeout=_GRACE_SECONDS)

    def _protocol(self) -> asyncio.Protocol:
        made = self._config.http_protocol_class  # the httptools one in C if it is installed, as with NiceGUI
        return made(self._config, self._state, app_state={})  # type: ignore[call-arg]

    def cut(self, connection: HTTPConnection) -> None:
        """Reset the connection that this request or WebSocket came over."""
        for protocol in self._protocols(connection):
            raw: socket.socket = protocol.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            protocol.transport.abort()

    def stall(self, connection: HTTPConnection) -> None:
        """Stop answering pings on this WebSocket."""
        for protocol in self._protocols(connection):
            # The pong is taken out of the send buffer and dropped.
            protocol.handle_ping = protocol.conn.data_to_send

    def _protocols(self, connection: HTTPConnection) -> list[Any]:
        here = None if connection.client is None else tuple(connection.client)
        open_ones: list[Any] = list(self._state.connections)
        return [o for o in open_ones if tuple(o.transport.get_extra_info("peername") or ()) == here]
