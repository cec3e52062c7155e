"""/healthz on a loopback port: the database, the socket, the oldest due row, the backup, the mailbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import web

from bot.usecases.ports import Database, Outbox

#: A row that has been due for longer, in seconds, means that deliveries have stopped.
OLDEST_DUE = 300.0
#: Answers from calendars wait when the mailbox has not been read for longer, in seconds: three of the longest
#: waits between two looks.
LONGEST_UNREAD = 900.0


class Reading(Protocol):
    """The mailbox, as it is read."""

    @property
    def set_aside(self) -> int: ...
    def unread(self) -> float: ...


class Health:
    """Serves GET /healthz: 200 when all is well, else 503; the body says which part is not."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        connected: Callable[[], Awaitable[bool]],
        backup_is_late: Callable[[], bool],
        mailbox: Reading | None = None,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._connected = connected
        self._backup_is_late = backup_is_late
        self._mailbox = mailbox
        self._runner: web.AppRunner | None = None

    async def state(self) -> dict[str, object]:
        """The answer of /healthz: which parts are well, and the oldest due row's wait in seconds.

        Mails that were set aside are counted, and nothing is unwell for them: anybody can send such a one.
        """
        try:
            await self._database.read(lambda uow: len(uow.teams()))
            waited = await self._outbox.oldest_due()
            seconds = waited.total_seconds() if waited is not None else 0.0
            database = True
        except Exception:
            database, seconds = False, 0.0
        socket = await self._connected()
        backup = not self._backup_is_late()
        mailbox = self._mailbox is None or self._mailbox.unread() < LONGEST_UNREAD
        return {
            "ok": database and socket and backup and mailbox and seconds < OLDEST_DUE,
            "database": database,
            "socket": socket,
            "backup": backup,
            "mailbox": mailbox,
            "mails_set_aside": self._mailbox.set_aside if self._mailbox is not None else 0,
            "oldest_due_seconds": round(seconds, 1),
        }

    async def start(self, port: int) -> None:
        app = web.Application()
        app.router.add_get("/healthz", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        state = await self.state()
        return web.json_response(state, status=200 if state["ok"] else 503)
