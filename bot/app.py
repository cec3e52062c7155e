"""The composition root: makes a running bot from the settings."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import systemd
from bot.clock import SteadyClock, SystemClock
from bot.daily_jobs import DailyJobs
from bot.domain.errors import NotActive
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.ephemeral import ephemeral
from bot.health import ERASED_WITHIN, Health, Pulse
from bot.logs import quiet_libraries, set_up
from bot.mail_server import tls_context
from bot.scheduler import Scheduler
from bot.settings import HINTS, Settings, SettingsError, load
from bot.tasks import Tasks
from bot.usecases.effects import enqueue_effects
from bot.usecases.ports import Clock
from handlers.delivery.calls import (
    OUT_OF_ORDER_CODES,
    OutcomeUnknown,
    RateLimited,
    SlackRefused,
    Undelivered,
    call,
)
from handlers.delivery.deliverer import Deliverer
from handlers.delivery.dispatcher import Dispatcher
from handlers.delivery.gate import Gate
from handlers.delivery.mail import MailDelivery
from handlers.delivery.posting import Posting
from handlers.delivery.rooms import Rooms
from handlers.delivery.services import DeliveryServices, RenderServices
from handlers.delivery.slack_time import SlackTime
from handlers.delivery.wanted import Wanted
from handlers.room.events import check_accounts
from handlers.slack.app import register
from handlers.slack.services import SLACK_WAITS, Services
from handlers.slack.slow_reply import tell_abandoned
from handlers.slack.socket import Socket
from handlers.subjects import joined
from storage.database import Condition, SqlDatabase
from storage.waiting import WaitingFolder

if TYPE_CHECKING:
    from handlers.mail.inbox import Mailbox

log = structlog.get_logger(__name__)
#: Timeout of a Web API call, in seconds.
API_TIMEOUT = 10
#: The same for what a start asks: nothing is delivered before, and asking twice changes nothing.
START_TIMEOUT = 4.0
#: Longest pause between two tries at the start while Slack does not answer, in seconds.
LONGEST_PAUSE = 30.0
#: How often the bot checks that its token is valid, in seconds.
TOKEN_CHECKED_EVERY = 120.0
#: The organiser in calendars if no mail address is set: they need one.
PLACEHOLDER_ORGANIZER = "noreply@calendar.invalid"


class Bot:
    """One process of the bot. Call `start`, then `stop`; `idle` waits until everything due is delivered."""

    client: AsyncWebClient
    dispatcher: Dispatcher

    def __init__(
        self, settings: Settings, clock: Clock | None = None, slack_waits: float = SLACK_WAITS
    ) -> None:
        self.settings, self._slack_waits = settings, slack_waits
        self.clock = clock or SystemClock()
        self._steady, self._slack_time = SteadyClock(self.clock), SlackTime(self.clock)
        keyring = settings.keyring()
        self.database = SqlDatabase(settings.database_url, self.clock, keyring, follow_up=enqueue_effects)
        self.daily_jobs = DailyJobs(self.database, self.clock, settings)
        self.health = Health(self.pulse, self.stock)
        self._tasks = Tasks()
        self._running = AsyncExitStack()
        self._started = False
        self.standby = False
        self._refusal: str | None = None
        self._socket: Socket | None = None
        self.mailbox: Mailbox | None = None

    async def start(self) -> None:
        """Check the database, answer health checks, wait for Slack and start to deliver."""
        try:
            await self._start()
        except BaseException:
            await self._running.aclose()
            raise
        self._started = True
        log.info("started")

    async def _start(self) -> None:
        quiet = quiet_libraries()
        settings, running = self.settings, self._running
        gate = Gate(self._steady)
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=API_TIMEOUT),
            middlewares=(self._if_active, gate, self._slack_time),
        )
        running.push_async_callback(self._session.close)
        running.push_async_callback(self.database.close)
        await self.database.check_schema()
        self.standby = True
        if settings.health_port is not None:
            running.push_async_callback(self.health.stop)
            await self.health.start(settings.health_port)
        running.push_async_callback(self._tasks.stop)
        self._tasks.start(
            "watchdog",
            lambda: systemd.feed_watchdog(lambda s: not self._started or self.dispatcher.looks_on(s)),
        )
        await self.database.hold(self._stand_by)
        self.standby = False
        # Ready even without Slack: everything that the bot has to deliver is in the database.
        systemd.notify("READY=1", "STATUS=waiting for Slack")
        # No retries by the SDK: after a dropped connection it would post twice. The outbox retries.
        self.client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_base_url,
            session=self._session,
            timeout=API_TIMEOUT,
            retry_handlers=[],
        )
        workspace = await self._ask_until_answered("SLACK_BOT_TOKEN", self.client.auth_test, "team_id")
        mail = self._mail()
        posting = Posting(self.client, self._session, self.database, self._steady, self._slack_time)
        delivery = DeliveryServices(
            **self._render_services,
            client=self.client,
            database=self.database,
            outbox=self.database.outbox,
            posting=posting,
            rooms=Rooms(self.client, self.database),
            mail=mail,
        )
        subjects = joined()
        self.dispatcher = Dispatcher(
            self.database.outbox,
            self._steady,
            Deliverer(delivery, subjects.notifications),
            ahead=self.clock_ahead,
            active=self.database.lock.confirmed,
        )
        # Without a name Bolt searches the source of every caller for one, which takes long.
        app = AsyncApp(client=self.client, logger=quiet, name="tot-bot")
        services = Services(
            self.database,
            self.clock,
            self.client,
            workspace,
            gate,
            WaitingFolder(settings.waiting_folder, settings.secret_key),
            subjects.commands,
            subjects.placed,
            by_mail=mail is not None,
            mail_is_read=mail is not None and mail.counted,
            slack_waits=self._slack_waits,
        )
        self.scheduler = Scheduler(
            self.database,
            self.database.outbox,
            daily=self.daily_jobs.daily,
            anchor=self.daily_jobs.anchor,
            accounts=partial(check_accounts, services, self.client),
            erase=self.database.finish_erasing,
        )
        await self.scheduler.erase()
        self._inflight = services.inflight
        register(app, services, subjects)
        self._tasks.start("waiting", partial(tell_abandoned, services))
        self._tasks.start("dispatcher", self.dispatcher.run)
        running.push_async_callback(self.dispatcher.stop)
        self.mailbox = self._mailbox()
        if self.mailbox is not None:
            self._tasks.start("mailbox", self.mailbox.run)
            running.push_async_callback(self._stop_reading, self.mailbox)
        await self._connect(app)
        running.push_async_callback(self._inflight.over, within=self._slack_waits)
        self._tasks.start("token", self._watch_token)
        await self.scheduler.plan()
        await self.scheduler.check_rooms()
        await self.scheduler.anchor()
        await self.scheduler.daily()
        self.scheduler.start()
        self._tasks.start("clock", self.scheduler.follow_clock)
        running.callback(self.scheduler.stop)
        systemd.notify("STATUS=running")

    async def _stand_by(self) -> None:
        log.info("standing by")
        systemd.notify("READY=1", "STATUS=standing by")

    async def _if_active(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Send a request unless another process may have taken over."""
        if not self.database.lock.confirmed():
            raise aiohttp.ClientConnectionError("not active")
        return await handler(request)

    async def _ask_until_answered(self, setting: str, ask: Callable[[], Awaitable[Any]], has: str) -> str:
        """Ask Slack until it answers, and return the field `has` of the answer; health shows the wait."""
        pause = 1.0
        while True:
            try:
                answer = await call(asyncio.wait_for(ask(), START_TIMEOUT))
                if has not in answer:
                    raise OutcomeUnknown(f"an answer without {has}")
            except RateLimited as limited:
                self._refusal, wait = "ratelimited", limited.after.total_seconds()
            except Undelivered as error:
                if isinstance(error, SlackRefused) and error.code not in OUT_OF_ORDER_CODES:
                    refused = f"{setting} is refused by Slack ({error.code}): {HINTS[setting]}"
                    raise SettingsError(refused) from None
                self._refusal, wait = str(error), pause
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._refusal = None
                return str(answer[has])
            log.warning("slack.waiting", code=self._refusal, seconds=wait)
            await asyncio.sleep(wait)

    async def _connect(self, app: AsyncApp) -> None:
        """Open the socket. Raise SettingsError if Slack refuses the token."""
        token = self.settings.slack_app_token.get_secret_value()
        url = await self._ask_until_answered(
            "SLACK_APP_TOKEN", lambda: self.client.apps_connections_open(app_token=token), "url"
        )
        self._socket = Socket(app, self.client, self._session, token, self._inflight, url)
        self._running.push_async_callback(self._socket.close)
        self._tasks.start("socket", self._socket.run)
        await self._socket.opened.wait()

    async def _watch_token(self) -> None:
        """Check the token regularly: a bot that sends nothing would not learn that it is invalid."""
        while True:
            await asyncio.sleep(TOKEN_CHECKED_EVERY)
            try:
                await call(self.client.auth_test())
            except SlackRefused as refusal:
                log.error("slack.unusable", code=refusal.code)
                self._refusal = refusal.code
            except Undelivered:
                continue
            else:
                self._refusal = None

    async def _stop_reading(self, mailbox: Mailbox) -> None:
        mailbox.stop()
        await self._tasks.ended("mailbox")

    def _mail(self) -> MailDelivery | None:
        settings = self.settings
        if settings.smtp_url is None or settings.mail_from is None:
            return None
        # Imported only if mail is set up: it takes nearly a tenth of the start.
        from handlers.mail.smtp import Smtp

        smtp = Smtp(settings.smtp_url, tls_context(settings.mail_ca), self._steady)
        counted = settings.imap_url is not None
        return MailDelivery(smtp, self.database, organizer=settings.mail_from, counted=counted)

    def _mailbox(self) -> Mailbox | None:
        settings = self.settings
        if settings.imap_url is None or settings.mail_from is None:
            return None
        from handlers.mail.inbox import Mailbox

        return Mailbox(
            settings.imap_url,
            tls_context(settings.mail_ca),
            self.database,
            organizer=settings.mail_from,
            authserv_id=settings.mail_authserv_id,
            is_outage=self.database.outbox.is_outage,
        )

    # --- for health

    @property
    def _render_services(self) -> dict[str, Any]:
        """The parameters of `RenderServices`."""
        settings = self.settings
        return {
            "clock": self._slack_time,
            "organizer": settings.mail_from or PLACEHOLDER_ORGANIZER,
            "language": Language.NB,
            "by_mail": settings.smtp_url is not None and settings.mail_from is not None,
        }

    async def unwanted(self) -> Counter[Kind]:
        """Count by kind the messages in Slack that this version would delete although no case changes."""
        busy = await self.database.outbox.busy()
        wanted = Wanted(RenderServices(**self._render_services), joined().notifications)
        return await self.database.read_slowly(lambda uow: Counter(wanted.unwanted(uow, busy)))

    async def stock(self) -> Condition:
        """Write to the database and return its figures. Errors of the database are raised."""
        await self.database.probe()
        return await self.database.condition(self.clock.now() - ERASED_WITHIN)

    def clock_ahead(self) -> timedelta:
        """Return how far the clock that decides what is due is ahead of Slack's."""
        ours = self._slack_time.ahead
        return timedelta(0) if ours is None else ours + self.database.outbox.database_clock_ahead

    def connected(self) -> bool:
        return self._socket is not None and self._socket.connected()

    def slack_refusal(self) -> str | None:
        """Return Slack's code for what an operator has to fix, or why it does not answer at the start."""
        return self._refusal or (self.dispatcher.refusal if self._started else None)

    def pulse(self, stock: Condition | None, error: str) -> Pulse:
        mailbox = self.mailbox
        return Pulse(
            stock=stock,
            database_error=error,
            connected=self.connected(),
            refusal=self.slack_refusal(),
            ready=self._started,
            clock_ahead=self.clock_ahead().total_seconds(),
            tasks=self._tasks.well() | (self.scheduler.well() if self._started else {}),
            backup=self.daily_jobs.backup_age(),
            unread=None if mailbox is None else mailbox.unread(),
            mails_set_aside=0 if mailbox is None else mailbox.set_aside,
            standby=self.standby,
        )

    # --- for the caller that started the bot

    async def idle(self) -> None:
        """Wait until every request is answered and everything due is delivered."""
        await self._inflight.over()
        await self.dispatcher.idle()

    async def clock_moved(self) -> None:
        """Catch up with what has become due after the clock was moved."""
        await self.scheduler.plan()
        self.dispatcher.notify()

    async def stop(self) -> None:
        """Answer open requests, take no new ones, finish work in progress; the next start does the rest."""
        systemd.notify("STOPPING=1")
        await self._running.aclose()
        log.info("stopped")


def told_to_stop() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    told = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    return told


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then drain. Both signals are handled from the first moment."""
    stopping = told_to_stop()
    bot = Bot(settings)
    starting, stopped = asyncio.create_task(bot.start()), asyncio.create_task(stopping.wait())
    lost = asyncio.create_task(bot.database.lock.lost.wait())
    await asyncio.wait({starting, stopped, lost}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        await starting
        gc.freeze()  # what is loaded by now stays: the garbage collector need not scan it again
        await asyncio.wait({stopped, lost}, return_when=asyncio.FIRST_COMPLETED)
        await bot.stop()
    else:
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await starting
    if lost.done():
        raise NotActive


def run_bot() -> None:
    """Run until told to stop. Raise SettingsError if the settings or the disk do not allow a start."""
    settings = load(Settings)
    set_up(json=not sys.stderr.isatty())
    refusal = None if settings.accept_ephemeral_disk else ephemeral(settings.files)
    if refusal is not None:
        raise SettingsError(refusal)
    asyncio.run(run(settings))
