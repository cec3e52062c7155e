"""The Socket Mode connection to Slack: replaced when it is quiet, opened before the old one is closed.

The SDK's own client retried with an address that Slack accepts only once, allowed a handshake five minutes,
and closed the old connection first (docs/decisions/0125).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from aiohttp import ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSCloseCode, WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from handlers.delivery.calls import RateLimited, Undelivered, call
from handlers.slack.inflight import InFlight

log = structlog.get_logger(__name__)
#: Seconds allowed for a new connection, from asking for its address to Slack's «hello».
HANDSHAKE = 15.0
#: Seconds between two pings; a connection that is silent for half as long after a ping is lost.
PING = 10.0
#: Seconds without a message after which a connection is replaced: it may be deaf even if it answers pings.
QUIET = 240.0
#: Seconds without a message after which a connection that was not replaced counts as disconnected.
DEAF = 540.0
#: Seconds before another try, at first and at most. One that lasted `LASTED` seconds is replaced at once.
SHORTEST, LONGEST = 0.5, 15.0
LASTED = 30.0
#: Seconds for answering over an old connection what it brought, and again for Slack to close it.
GOODBYE = 3.0
_NORMAL_CLOSURE = WSCloseCode.OK.to_bytes(2, "big")


class ShutOut(Exception):
    """Slack's first message is not «hello» but, for example, `too_many_websockets`."""


@dataclass(eq=False, slots=True)
class _Connection:
    """One WebSocket. `heard` is when it was opened or last brought a message, by monotonic time."""

    websocket: ClientWebSocketResponse
    heard: float = field(default_factory=time.monotonic)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when Slack wants it closed, or it is closed."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when no more messages come."""
    left: bool = False
    """Return whether nothing more is sent over it."""
    answering: set[asyncio.Task[None]] = field(default_factory=set)

    async def wears_out(self) -> None:
        """Wait until it is over, or has been quiet for `QUIET` seconds."""
        while not self.over.is_set() and (left := self.heard + QUIET - time.monotonic()) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self.over.wait()

    async def close(self) -> None:
        """Answer what it has brought, and close it; what is on its way is read until Slack closes it too."""
        if self.answering:
            await asyncio.wait(self.answering, timeout=GOODBYE)
        self.left = True
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self.websocket.send_frame(_NORMAL_CLOSURE, WSMsgType.CLOSE)
                await self.ended.wait()
        await self.websocket.close()


@dataclass(eq=False, repr=False)
class Socket:
    """Keeps one connection. `address` is for the first connection; each later one asks for a new address."""

    app: AsyncApp
    client: AsyncWebClient
    session: ClientSession
    token: str
    inflight: InFlight
    address: str | None = None
    #: Set once there has been a connection.
    opened: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _current: _Connection | None = field(default=None, init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _closed: bool = field(default=False, init=False)

    def connected(self) -> bool:
        """Return whether people's requests arrive, as far as can be known."""
        current = self._current
        if current is None or current.websocket.closed:
            return False
        return time.monotonic() - current.heard < DEAF

    async def run(self) -> None:
        """Keep a connection until `close`."""
        pause = SHORTEST
        while not self._closed:
            began, wait = time.monotonic(), pause
            try:
                connection = await self._replace()
                await connection.wears_out()
            except RateLimited as limited:
                wait = max(limited.after.total_seconds(), pause)
            except (Undelivered, ShutOut, aiohttp.ClientError, OSError, TimeoutError) as error:
                why = str(error) if isinstance(error, Undelivered | ShutOut) else type(error).__name__
                log.warning("socket.refused", why=why)
            if time.monotonic() - began > LASTED:
                pause = SHORTEST
                continue
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST)

    async def close(self) -> None:
        """Accept no more requests, and answer those that have arrived."""
        self._closed = True
        if self._current is not None:
            await self._current.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _replace(self) -> _Connection:
        """Open a new connection and close the old one.

        Raises:
            Undelivered, ShutOut, ClientError, OSError, TimeoutError: there is no new one. The old one stays
                open, except after ShutOut.
        """
        old = self._current
        try:
            async with asyncio.timeout(HANDSHAKE):
                websocket = await self._open()
        except ShutOut:
            # The old connection may be the one too many, and may be deaf.
            if old is not None:
                await old.close()
            raise
        fresh = self._current = _Connection(websocket)
        if old is not None and old.websocket.closed:
            log.warning("socket.back")
        elif old is not None:
            self._start(old.close())
        self._start(self._read(fresh))
        self.opened.set()
        if self._closed:
            await fresh.close()
        return fresh

    async def _open(self) -> ClientWebSocketResponse:
        address, self.address = self.address, None
        if address is None:
            opened = await call(self.client.apps_connections_open(app_token=self.token))
            address = str(opened["url"])
        websocket = await self.session.ws_connect(
            address,
            heartbeat=PING,
            timeout=ClientWSTimeout(ws_close=GOODBYE),
            proxy=self.client.proxy,
            ssl=self.client.ssl or True,
        )
        try:
            first = _content(await websocket.receive())
            if first.get("type") != "hello":
                raise ShutOut(str(first.get("reason", "no hello")))
        except BaseException:
            self._start(websocket.close())
            raise
        return websocket

    async def _read(self, connection: _Connection) -> None:
        try:
            async for frame in connection.websocket:
                content = _content(frame)
                if content.get("type") == "disconnect":
                    log.info("socket.leaves", reason=content.get("reason"))
                    connection.over.set()
                elif not self._closed and (request := SocketModeRequest.from_dict(content)) is not None:
                    connection.heard = time.monotonic()
                    task = self._start(self._answer(connection, request))
                    connection.answering.add(task)
                    task.add_done_callback(connection.answering.discard)
        finally:
            connection.over.set()
            connection.ended.set()
            if connection is self._current and not self._closed:
                log.warning("socket.lost")

    async def _answer(self, connection: _Connection, request: SocketModeRequest) -> None:
        """Let Bolt answer one envelope, over the connection that brought it or its replacement."""
        with self.inflight.one():
            response = await run_async_bolt_app(self.app, request)
            if response.status != 200:
                return
            answer: Any = response.body or None
            if answer and response.headers.get("content-type", [""])[0].startswith("application/json"):
                answer = json.loads(answer)
            elif answer:
                answer = {"text": answer}
            if connection.left and self._current is not None:
                connection = self._current
            with contextlib.suppress(ConnectionError):
                await connection.websocket.send_json(
                    SocketModeResponse(request.envelope_id, answer).to_dict()
                )

    def _start(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _content(frame: aiohttp.WSMessage) -> dict[str, Any]:
    """Return the JSON object of a frame; empty if it is not JSON, as some of Slack's frames are not."""
    if frame.type is not WSMsgType.TEXT:
        return {}
    try:
        content = json.loads(frame.data)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
