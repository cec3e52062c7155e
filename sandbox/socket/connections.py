"""Socket Mode: sockets, envelopes distributed over them, and retries of events that were not acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
from collections.abc import Callable, Coroutine
from typing import Any, Literal

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox import cast, limits
from sandbox.model import Attempt, Delivery, EnvelopeType, Json
from sandbox.workspace import Workspace

Handshake = Literal["reset", "hang"]
Reason = Literal["refresh_requested", "too_many_websockets"]


#: Seconds that a socket may stay open after it was asked to close.
_GRACE_SECONDS = 5.0


class _Socket:
    def __init__(self, number: int, websocket: WebSocket) -> None:
        self.number = number
        self.websocket = websocket
        self.leaving = False
        self.deaf = False

    async def send(self, message: Json) -> bool:
        if self.deaf:
            return True
        try:
            await self.websocket.send_text(json.dumps(message))
        except (WebSocketDisconnect, RuntimeError):
            # Broken, but its end has not been read yet: a retry must not choose this socket.
            self.leaving = True
            return False
        return True


class Sockets:
    """The app's sockets, and everything sent over them."""

    def __init__(
        self,
        ws: Workspace,
        tasks: Tasks,
        cut: Callable[[HTTPConnection], None],
        stall: Callable[[HTTPConnection], None],
    ) -> None:
        self._ws = ws
        self._tasks = tasks
        self._cut = cut
        self._stall = stall
        #: Faults of the next handshakes, in order: a reset, or no answer at all.
        self.handshakes: list[Handshake] = []
        self.full = False
        """There are ten already, whoever has them."""
        self.tried = 0
        """How many handshakes there have been."""
        self._tickets: set[str] = set()
        self._open: list[_Socket] = []
        self._turn = 0
        self._over = 0
        self._numbers = itertools.count(1)
        self._waiting: dict[str, tuple[Delivery, Attempt]] = {}

    @property
    def count(self) -> int:
        """The number of open sockets."""
        return len(self._open)

    def ticket(self) -> str:
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def connected(self, least: int = 1, *, within: float = 60.0) -> None:
        """Wait until the app has this many sockets that were not asked to close, or raise TimeoutError."""
        if await self._ws.changes.until(lambda: len(self._staying()) >= least, within) is None:
            raise TimeoutError(f"the app opened {len(self._staying())} sockets, not {least}")

    # The connection

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one connection from hello to close."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close(4001)
            return
        self._tickets.remove(ticket)
        self.tried += 1
        if self.handshakes:
            if self.handshakes.pop(0) == "reset":
                self._cut(websocket)
            else:
                await websocket.receive()  # until the app leaves: before accept it sends nothing
                await websocket.receive()
            return
        await websocket.accept()
        socket = _Socket(next(self._numbers), websocket)
        if self.full or self.count >= limits.SOCKETS:
            await socket.send(_disconnect("too_many_websockets"))
            await websocket.close()
            return
        self._open.append(socket)
        await socket.send(self._hello())
        self._ws.changes.notify()
        try:
            while True:
                self._acknowledge(await websocket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._open.remove(socket)
            for _, attempt in self._waiting.values():
                attempt.lost = attempt.lost or attempt.socket == socket.number
            self._ws.changes.notify()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count,
            "debug_info": {"host": "applink-sandbox"},
            "connection_info": {"app_id": cast.APP_ID},
        }

    def _acknowledge(self, text: str) -> None:
        message = json.loads(text)
        waiting = self._waiting.pop(message.get("envelope_id", ""), None)
        if waiting is None:
            return
        delivery, attempt = waiting
        delivery.acknowledge(attempt, message.get("payload"))
        self._ws.changes.notify()

    async def disconnect(self) -> None:
        """Ask every socket to close."""
        for socket in list(self._open):
            await socket.send(_disconnect("refresh_requested"))
            socket.leaving = True
            self._tasks.start(self._close_later(socket))

    async def _close_later(self, socket: _Socket) -> None:
        await self._ws.changes.until(lambda: socket not in self._open, _GRACE_SECONDS)
        if socket in self._open:
            with contextlib.suppress(RuntimeError):
                await socket.websocket.close()

    def drop(self) -> None:
        """Cut every socket without a disconnect message, as a failing network does."""
        for socket in list(self._open):
            self._cut(socket.websocket)

    def deafen(self) -> None:
        """Send nothing more over the open sockets, which still answer pings."""
        for socket in self._open:
            socket.deaf = True

    def stall(self) -> None:
        """Send nothing more over the open sockets, and answer no pings."""
        self.deafen()
        for socket in self._open:
            self._stall(socket.websocket)

    # Deliveries

    def send_event(self, payload: Json) -> Delivery:
        """Send an event, and retry it as Slack does until it is acknowledged."""
        delivery = Delivery("events_api", _frozen(payload))
        self._ws.deliveries.append(delivery)
        self._tasks.start(self._deliver_event(delivery))
        return delivery

    async def request(self, kind: EnvelopeType, payload: Json, *, answerable: bool) -> Delivery:
        """Send a command or an interaction once, and wait at most `ack_seconds` for its acknowledgement.

        Raise ConnectionError if no socket is open: Slack then says `dispatch_failed` at once.
        """
        return await self._once(Delivery(kind, _frozen(payload), accepts_response_payload=answerable), None)

    async def replay(self, delivery: Delivery) -> Delivery:
        """Send an old payload again in a new envelope, and wait for its acknowledgement."""
        again = Delivery(delivery.type, delivery.payload, delivery.accepts_response_payload)
        return await self._once(again, len(delivery.attempts) if delivery.type == "events_api" else None)

    async def _once(self, delivery: Delivery, retry: int | None) -> Delivery:
        self._ws.deliveries.append(delivery)
        if not await self._send(delivery, retry, "timeout" if retry else ""):
            delivery.give_up()
            raise ConnectionError("dispatch_failed")
        try:
            async with asyncio.timeout(self._ws.settings.ack_seconds):
                await delivery.settled.wait()
        except TimeoutError:
            delivery.give_up()
        self._ws.changes.notify()
        return delivery

    async def acked(self, *, within: float = 60.0) -> None:
        """Wait until every delivery is acknowledged or given up, including new ones."""
        if await self._ws.changes.until(self._all_over, within) is None:
            waiting = [delivery.name for delivery in self._ws.deliveries if not delivery.over]
            raise TimeoutError(f"not acknowledged: {', '.join(waiting)}")

    def _all_over(self) -> bool:
        # A finished delivery stays finished, so it is checked only once.
        deliveries = self._ws.deliveries
        while self._over < len(deliveries) and deliveries[self._over].over:
            self._over += 1
        return self._over == len(deliveries)

    async def _deliver_event(self, delivery: Delivery) -> None:
        reason, ack_seconds = "", self._ws.settings.ack_seconds
        for attempt, pause in enumerate((0.0, *self._ws.settings.retry_delays)):
            await asyncio.sleep(pause)
            while not await self._send(delivery, attempt, reason):
                await self._ws.changes.until(self._staying, within=3600.0)
            if await self._ws.changes.until(lambda: delivery.settled.is_set() or delivery.lost, ack_seconds):
                if delivery.settled.is_set():
                    return
            else:
                delivery.overdue()
            reason = "timeout"
        delivery.give_up()
        self._ws.changes.notify()

    async def _send(self, delivery: Delivery, retry_attempt: int | None, retry_reason: str) -> bool:
        copies = 2 if self._ws.deliver_twice else 1
        sent = [await self._send_once(delivery, retry_attempt, retry_reason) for _ in range(copies)]
        return any(sent)

    async def _send_once(self, delivery: Delivery, retry_attempt: int | None, retry_reason: str) -> bool:
        socket = self._next_socket()
        if socket is None:
            return False
        attempt, envelope = delivery.envelope(socket.number, retry_attempt, retry_reason)
        self._waiting[attempt.envelope_id] = (delivery, attempt)
        attempt.lost = not await socket.send(envelope)
        return not attempt.lost

    def _staying(self) -> list[_Socket]:
        return [socket for socket in self._open if not socket.leaving]

    def _next_socket(self) -> _Socket | None:
        staying = self._staying()
        if not staying:
            return None
        self._turn += 1
        return staying[self._turn % len(staying)]


def _frozen(payload: Json) -> Json:
    """Return a copy, so that later changes to the workspace do not change what was sent."""
    frozen: Json = json.loads(json.dumps(payload))
    return frozen


def _disconnect(reason: Reason) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}


class Tasks:
    """Holds references to running tasks, so that none is lost and none outlives the sandbox."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def end(self) -> None:
        """Cancel the running tasks and wait for them."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
