"""The HTTP and WebSocket server, on loopback, in the running event loop."""

from __future__ import annotations

import asyncio
import socket
import struct
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 1.0
#: Longer than a client keeps a connection that it does not use, or one ends while a call is sent on it.
_IDLE_SECONDS = 60
# Lets a connection end by a reset instead of an orderly close.
_LINGER_ZERO = struct.pack("ii", 1, 0)


class Server:
    """Serves an app; unlike `uvicorn.Server` it takes no signals and starts and stops without polling."""

    def __init__(self, app: Starlette, port: int) -> None:
        self._config = uvicorn.Config(
            app,
            host=_LOOPBACK,
            port=port,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            timeout_keep_alive=_IDLE_SECONDS,
        )
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self.port = port

    async def __aenter__(self) -> Server:
        self._config.load()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, host=_LOOPBACK, port=self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        if self._state.tasks:
            # They end by themselves now that their connections are gone.
            await asyncio.wait(set(self._state.tasks), timeout=_GRACE_SECONDS)

    def _protocol(self) -> asyncio.Protocol:
        return H11Protocol(self._config, self._state, app_state={})

    def cut(self, connection: HTTPConnection) -> None:
        """Resets the connection that this request or WebSocket came over."""
        for open_one in list(self._state.connections):
            transport = open_one.transport
            peer = transport.get_extra_info("peername")
            if connection.client is not None and tuple(peer or ()) == tuple(connection.client):
                raw: socket.socket = transport.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
                transport.abort()
