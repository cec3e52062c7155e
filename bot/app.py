"""The one composition root: settings in, a running bot out."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from functools import partial

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.daily_jobs import DailyJobs
from bot.health import Health
from bot.logs import quiet_libraries, set_up
from bot.mail_server import IMAP, SMTP, mail_server, tls_context
from bot.scheduler import Scheduler
from bot.settings import LogFormat, Settings, load
from bot.usecases.effects import enqueue_effects
from bot.usecases.ports import Clock
from handlers.delivery.deliverer import Deliverer
from handlers.delivery.dispatcher import Dispatcher
from handlers.delivery.gate import Gate
from handlers.delivery.mail import MailDelivery
from handlers.delivery.posting import Posting
from handlers.delivery.rooms import Rooms
from handlers.delivery.services import DeliveryServices
from handlers.mail.inbox import Mailbox
from handlers.mail.smtp import Smtp
from handlers.room.events import check_accounts
from handlers.slack.app import register
from handlers.slack.inflight import CountingSocket
from handlers.slack.retry import RetryOnce
from handlers.slack.services import Services
from handlers.subjects import joined
from storage.database import open_database

log = structlog.get_logger(__name__)
#: Seconds within which a Web API call has to be answered.
TIME_OUT = 10
#: Seconds that whoever waits for an answer has at the end; Slack itself waits three.
GRACE = 3.0
#: The calendar needs an organiser also where no mail address is set.
NO_MAIL = "noreply@calendar.invalid"


class Bot:
    """One process of the bot. `start`, then `stop`; `idle` waits until all that is due has been delivered."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.database = open_database(
            *(settings.database_url, self.clock, settings.secret, settings.keystore),
            follow_up=enqueue_effects,
        )

    async def start(self) -> None:
        """Check the schema, connect, begin to deliver.

        Raises:
            SchemaError: the database is not at the version that this program needs.
            KeyringError: the keys are not those of this database.
            SlackApiError: Slack does not know the token.
        """
        quiet = quiet_libraries()
        await self.database.check_schema()
        await asyncio.to_thread(self.database.keyring.forget_old_master)
        await self.database.finish_erasing()
        settings = self.settings
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIME_OUT), middlewares=(Gate(self.clock),)
        )
        # No other retries by the SDK: after a dropped connection it would post twice. The outbox retries.
        self.client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_base_url,
            session=self._session,
            timeout=TIME_OUT,
            retry_handlers=[RetryOnce()],
        )
        workspace = (await self.client.auth_test())["team_id"]
        mail = self._mail()
        posting = Posting(self.client, self._session, self.database, self.clock)
        delivery = DeliveryServices(
            *(self.client, self.database, self.database.outbox, self.clock),
            posting=posting,
            rooms=Rooms(self.client, self.database),
            organizer=settings.mail_from or NO_MAIL,
            language=settings.language,
            mail=mail,
        )
        subjects = joined()
        deliverer = Deliverer(delivery, subjects.notifications)
        self.dispatcher = Dispatcher(
            self.database.outbox, self.clock, deliverer.deliver, deliverer.gave_up, deliverer.on_lost_lease
        )
        self.daily_jobs = DailyJobs(self.database, self.clock, settings)
        # Without a name Bolt looks one up in the source of every caller, which takes long.
        app = AsyncApp(client=self.client, logger=quiet, name="tot-bot")
        services = Services(
            self.database,
            self.clock,
            settings.language,
            subjects.commands,
            by_mail=mail is not None,
            workspace_id=str(workspace),
        )
        self.scheduler = Scheduler(
            *(self.database, self.database.outbox),
            daily=self.daily_jobs.daily,
            anchor=self.daily_jobs.anchor,
            accounts=partial(check_accounts, services, self.client),
        )
        self._inflight = services.inflight
        register(app, services, subjects)
        self._socket = CountingSocket(app, settings.slack_app_token.get_secret_value(), services.inflight)
        mailbox = self._mailbox()
        self.health = Health(
            self.database,
            self.database.outbox,
            self._connected,
            self.daily_jobs.backup_is_late,
            mailbox,
        )
        self._dispatching = asyncio.create_task(self.dispatcher.run())
        self._reading = asyncio.create_task(mailbox.run()) if mailbox is not None else None
        self.mailbox = mailbox
        await self._socket.connect_async()  # type: ignore[no-untyped-call]
        if settings.health_port is not None:
            await self.health.start(settings.health_port)
        await self.scheduler.plan()
        await self.scheduler.check_rooms()
        await self.scheduler.anchor()
        await self.scheduler.daily()
        self.scheduler.start()
        log.info("started")

    def _mail(self) -> MailDelivery | None:
        settings = self.settings
        if settings.smtp_url is None or settings.mail_from is None:
            return None
        server = mail_server(settings.smtp_url.get_secret_value(), SMTP)
        return MailDelivery(
            Smtp(server, tls_context(settings.mail_ca), self.clock),
            self.database,
            organizer=settings.mail_from,
            counted=settings.imap_url is not None,
        )

    def _mailbox(self) -> Mailbox | None:
        settings = self.settings
        if settings.imap_url is None or settings.mail_from is None:
            return None
        server = mail_server(settings.imap_url.get_secret_value(), IMAP)
        context = tls_context(settings.mail_ca)
        return Mailbox(
            server,
            context,
            self.database,
            organizer=settings.mail_from,
            authserv_id=settings.mail_authserv_id,
        )

    async def _connected(self) -> bool:
        return bool(await self._socket.client.is_connected())

    async def idle(self) -> None:
        """Wait until nobody waits for an answer, and nothing that is due is left to deliver."""
        await self._inflight.over()
        await self.dispatcher.idle()

    async def clock_moved(self) -> None:
        """Do what would have been done meanwhile, after the clock has been moved."""
        await self.scheduler.plan()
        self.dispatcher.notify()

    async def stop(self) -> None:
        """Answer whoever waits, take no more, finish what is under way; the next start delivers the rest."""
        self.scheduler.stop()
        await self._inflight.over(within=GRACE)
        await self._socket.close_async()  # type: ignore[no-untyped-call]
        if self.mailbox is not None and self._reading is not None:
            self.mailbox.stop()
            await self._reading
        await self.dispatcher.stop()
        self._dispatching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._dispatching
        await self.health.stop()
        await self.scheduler.anchor()
        await self.database.close()
        await self._session.close()
        log.info("stopped")


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then drain."""
    bot = Bot(settings)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    await bot.start()
    gc.freeze()  # what has been loaded stays: no collection need look through it again
    await stopping.wait()
    await bot.stop()


def run_bot() -> None:
    """Run until told to stop. What keeps it from starting is told in one line."""
    settings = load(Settings)
    set_up(json=settings.log_format is LogFormat.JSON)
    asyncio.run(run(settings))
