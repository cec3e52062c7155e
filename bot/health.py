"""/healthz on a loopback port: the database, the socket, the oldest due row, the backup."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.usecases.ports import Database, Outbox, UnitOfWork

#: A row that has been due for longer, in seconds, means that deliveries have stopped.
OLDEST_DUE = 300.0


class Health:
    """Serves GET /healthz: 200 when all is well, else 503; the body says which part is not."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        connected: Callable[[], Awaitable[bool]],
        backup_is_late: Callable[[], bool],
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._connected = connected
        self._backup_is_late = backup_is_late
        self._runner: web.AppRunner | None = None

    async def state(self) -> dict[str, object]:
        """What /healthz tells: whether each part is well, and the oldest due row's wait in seconds."""
        try:
            await self._database.read(_teams)
            waited = await self._outbox.oldest_due()
            seconds = waited.total_seconds() if waited is not None else 0.0
            database = True
        except Exception:
            database, seconds = False, 0.0
        socket = await self._connected()
        backup = not self._backup_is_late()
        return {
            "ok": database and socket and backup and seconds < OLDEST_DUE,
            "database": database,
            "socket": socket,
            "backup": backup,
            "oldest_due_seconds": round(seconds, 1),
        }

    async def start(self, port: int) -> None:
        """Listen on 127.0.0.1 at this port."""
        app = web.Application()
        app.router.add_get("/healthz", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        state = await self.state()
        return web.json_response(state, status=200 if state["ok"] else 503)


def _teams(uow: UnitOfWork) -> int:
    return len(uow.teams())
