"""Health endpoints on a loopback port: /livez, /readyz, /healthz with reasons, /metrics.

A reason (red) stops people now and is worth waking somebody for; attention is work for tomorrow. Each line
says what is wrong, who has to act, and what they do.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from bot.daily_jobs import LATE, MISSED
from bot.domain.errors import TotError
from handlers.delivery.metrics import REGISTRY
from handlers.delivery.slack_time import WRONG_BY
from storage.database import Condition, FileGone

#: If a row has been due for longer than this, in seconds, deliveries have stopped.
OLDEST_DUE = 300.0
#: If the mailbox has not been read for longer than this, in seconds, answers from calendars wait there: three
#: times the longest interval between two reads.
LONGEST_UNREAD = 900.0
#: If the clock is wrong by more than this, in seconds, people are reminded at the wrong time.
CLOCK_MISLEADS = 300.0
#: Jobs that can wait until tomorrow; without the other jobs nobody is reminded and no room is checked.
FOR_TOMORROW = frozenset({"daily", "anchor", "erasing", "accounts", "tidy"})
#: Timeout of the database probe, in seconds: longer than the database's lock timeout.
DATABASE_TIME = 7.0
#: Time for a first try and one an hour later; if an erasure is not finished by then, Slack refuses it.
ERASED_WITHIN = timedelta(minutes=90)
#: How long the result of a database probe is cached, in seconds.
BELIEVED = 2.0


def whole_minutes(seconds: float) -> float:
    """Round down to whole minutes, so that metrics do not show to the second when something was sent."""
    return math.trunc(seconds / 60) * 60.0


#: The parts whose state /healthz reports.
PARTS = (
    *("database", "deliveries", "slack", "socket", "backup", "mailbox"),
    *("erasing", "outbox", "task", "clock", "cases", "room"),
)
_UNREAD = "`tot doctor` names them; docs/operate.md, «A delivery, or a case, that cannot be read»"
_GIVEN_UP = "operator: see Slack's code in delivery.refused in the log; the coordinators were told"
#: Lines for the figures of `Condition` that should be 0 ({} is the figure): those that stop people, and
#: others.
_NOW = {
    "set_aside": "outbox: {} deliveries cannot be read: operator: import the key store's export, or "
    "start the version that wrote them (docs/operate.md)",
    "unreadable": f"cases: {{}} documents or ledgers cannot be opened, so their messages wait: operator: "
    f"{_UNREAD}",
    "put_back": f"cases: {{}} are in an older state than the bot left them in: operator: {_UNREAD}",
    "open_rooms": "room: people outside a case can read its room: coordinators: do what the bot has written",
}
_TOMORROW = {
    "unerased": "erasing: {} deleted cases or questions still have a key: operator: check what locks "
    "the key store; the bot tries again every ten minutes",
    "refused_erasures": "erasing: {} past their date are not erased, since Slack refuses: operator: fix what "
    "deletion.refused in the log names",
    "leftovers": "erasing: {} erased cases or questions left something in Slack: coordinators: delete what "
    "your list links to, and press «Ryddet»",
}


@dataclass(frozen=True, slots=True)
class Pulse:
    """The state of a running bot and of its database, and the faults in it, a line each.

    `stock` is None if the database cannot be written; `database_error` then says why. `connected` is whether
    Slack is connected, `refusal` the code of an error that an operator has to fix, `ready` whether the start
    is over, `clock_ahead` how many seconds the clock is ahead of Slack's. `tasks` says of each long-lived
    task and job whether it is well. `backup` is the newest one's age, None if none are made; `unread`, the
    seconds since the mailbox was read, is None without a mailbox; `mails_set_aside` counts mails there that
    could not be read. With `standby` another process works, and this one waits until it is gone.
    """

    stock: Condition | None
    database_error: str
    connected: bool
    refusal: str | None
    ready: bool
    clock_ahead: float
    tasks: Mapping[str, bool]
    backup: timedelta | None
    unread: float | None
    mails_set_aside: int
    standby: bool

    @property
    def reasons(self) -> list[str]:
        """The faults that stop people now; on standby, only those of the database."""
        of_bot = () if self.standby else self._of_bot()
        return [line for now, line in (*self._of_database(), *of_bot) if now]

    @property
    def attention(self) -> list[str]:
        """The faults to fix in working hours; they stop nobody."""
        return [line for now, line in (*self._of_database(), *self._of_bot()) if not now]

    def _of_database(self) -> Iterator[tuple[bool, str]]:
        stock = self.stock
        if stock is None:
            yield True, f"database: cannot be written ({self.database_error}"
            return
        if stock.oldest_due >= OLDEST_DUE:
            due = f"deliveries: the oldest has been due for {stock.oldest_due:.0f} s"
            yield True, f"{due}: operator: see `slack` here, and delivery.failed or post.waits in the log"
        if unheard := stock.dead_kinds(waited_for=True):
            yield True, f"deliveries: given up, though open cases wait for them: {unheard}: {_GIVEN_UP}"
        for now, lines in ((True, _NOW), (False, _TOMORROW)):
            for counted, line in lines.items():
                if number := getattr(stock, counted):
                    yield now, line.format(number)
        if dead := stock.dead_kinds(waited_for=False):
            yield False, f"deliveries: given up in the last 30 days: {dead}: {_GIVEN_UP}"

    def _of_bot(self) -> Iterator[tuple[bool, str]]:
        if self.refusal is not None:
            mend = "operator: `tot doctor` says what to do"
            yield True, f"slack: {self.refusal}: nothing is delivered: {mend}"
        if not self.connected:
            lost = "not connected to Slack, so nothing that people type or press arrives"
            yield (
                True,
                f"socket: {lost}: operator: check the way to slack.com; the bot reconnects automatically",
            )
        if (wrong_by := abs(self.clock_ahead)) > WRONG_BY.total_seconds():
            way = "ahead of" if self.clock_ahead > 0 else "behind"
            mend = "operator: set it, also on the database's machine"
            yield wrong_by > CLOCK_MISLEADS, f"clock: {wrong_by:.0f} s {way} Slack's: {mend}"
        if self.backup is not None and self.backup >= LATE:
            hours = self.backup / timedelta(hours=1)
            yield self.backup >= MISSED, f"backup: none for {hours:.0f} h: operator: `tot doctor` says why"
        if self.unread is not None and self.unread >= LONGEST_UNREAD:
            waits = f"not read for {self.unread:.0f} s, and answers wait there"
            yield True, f"mailbox: {waits}: operator: check that TOT_IMAP_URL's server answers"
        for name, well in self.tasks.items():
            if not well:
                line = f"task: {name} keeps failing: operator: see its line in the log"
                yield name not in FOR_TOMORROW, line

    @property
    def notes(self) -> list[str]:
        """Facts that an operator wants to know although nothing is wrong."""
        found = []
        if self.standby:
            found.append("standby: another process is active; this one takes over when it ends")
        if self.backup is None:
            found.append("backup: TOT_BACKUP_DIR is not set, so the bot makes none")
        return found

    def as_json(self) -> dict[str, object]:
        reasons, attention = self.reasons, self.attention
        bad = {line.partition(":")[0] for line in (*reasons, *attention)}
        stock = self.stock or Condition()
        return {
            "ok": not reasons,
            "reasons": reasons,
            "attention": attention,
            "notes": self.notes,
            **{part: part not in bad for part in PARTS},
            "oldest_due_seconds": whole_minutes(stock.oldest_due),
            "dead": stock.dead,
            "leftovers": stock.leftovers,
            "set_aside": stock.set_aside,
            # Not a fault: anybody can send such a mail.
            "mails_set_aside": self.mails_set_aside,
        }


_GONE = "put the file back, or restore a backup (docs/operate.md)"
_MEND = "check its disk and locks, or that PostgreSQL runs and answers"


@dataclass(slots=True)
class Health:
    """The health endpoints.

    `count` writes to the database and returns its figures, or raises its errors, which `pulse` is then given.
    """

    pulse: Callable[[Condition | None, str], Pulse]
    count: Callable[[], Awaitable[Condition]]
    _runner: web.AppRunner | None = None
    _stock: tuple[float, Condition | None, str] = (float("-inf"), None, "")
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def state(self) -> dict[str, object]:
        """Return the answer of /healthz: which parts are well, why not, and the oldest due row's wait."""
        return (await self._look()).as_json()

    async def _look(self) -> Pulse:
        """Probe the database, once at a time and at most every few seconds, however often this is called."""
        async with self._looking:
            at, stock, error = self._stock
            if time.monotonic() - at > BELIEVED:
                try:
                    async with asyncio.timeout(DATABASE_TIME):
                        stock, error = await self.count(), ""
                except Exception as failure:
                    gone = isinstance(failure, FileGone)
                    stock, error = None, f"{type(failure).__name__}): operator: {_GONE if gone else _MEND}"
                self._stock = (time.monotonic(), stock, error)
        return self.pulse(stock, error)

    async def start(self, port: int) -> None:
        """Listen on the loopback address."""
        app = web.Application()
        app.router.add_get("/livez", self._live)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/healthz", self._healthy)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", port).start()
        except OSError as error:
            await self.stop()
            why = error.strerror or type(error).__name__
            raise TotError(
                f"TOT_HEALTH_PORT {port} cannot be used ({why}): is another bot running? If not, choose "
                "a free port"
            ) from None

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _live(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _ready(self, request: web.Request) -> web.Response:
        found = await self._look()
        ready = found.stock is not None and (found.standby or (found.ready and found.connected))
        return web.json_response({"ok": ready, "standby": found.standby}, status=200 if ready else 503)

    async def _healthy(self, request: web.Request) -> web.Response:
        state = await self.state()
        return web.json_response(state, status=200 if state["ok"] else 503)

    async def _metrics(self, request: web.Request) -> web.Response:
        body = generate_latest(REGISTRY) + generate_latest(_gauges(await self._look()))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _gauges(found: Pulse) -> CollectorRegistry:
    """Return the state at this moment, for Prometheus.

    Ages to the second would show each call to Slack and each mail read.
    """
    values = {name: value for name, value in found.as_json().items() if isinstance(value, int | float)}
    values["attention"] = len(found.attention)
    values["clock_ahead_seconds"] = whole_minutes(found.clock_ahead)
    if found.backup is not None:
        values["backup_age_seconds"] = found.backup.total_seconds()
    if found.unread is not None:
        # Only once it is too long ago.
        late = found.unread >= LONGEST_UNREAD
        values["mailbox_unread_seconds"] = whole_minutes(found.unread) if late else 0.0
    registry = CollectorRegistry()
    for name, value in values.items():
        Gauge(f"tot_{name}", "As in /healthz", registry=registry).set(value)
    up = Gauge("tot_task_up", "1 when a long-lived task is well", ["task"], registry=registry)
    for name, well in found.tasks.items():
        up.labels(name).set(well)
    return registry
