"""Shared by the tests of mail: a bot with mail servers, and the sent mails."""

from __future__ import annotations

import email
import io
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from email.policy import default
from pathlib import Path
from typing import Any

import structlog

from bot.cli.demo import Rehearsal, rehearse
from bot.logs import set_up
from sandbox.exercises import steps
from sandbox.exercises.runner import ExerciseRunner
from sandbox.mail.calendar import scheduling_part
from sandbox.mail.servers import MailServers, SentMail
from sandbox.model import Call
from sandbox.server import Sandbox
from tests.databases import fast_folder, sqlite_url
from tests.e2e import kit
from tests.forks import reader_forked
from tests.handlers.mail.debian import Servers
from tests.lock_screen import assert_lock_screens_neutral, assert_mails_neutral
from tests.stories.standing import Standing, left

Playing = tuple[Rehearsal, ExerciseRunner, MailServers]
EXIT, WELFARE, UDI = "exit@politi.example", "kontakt@barnevern.example", "post@udi.example"
ANSWERED = "Du kommer på møtet"


@asynccontextmanager
async def playing(database_url: str, **how: Any) -> AsyncIterator[Playing]:
    settings = {"starts": kit.STARTS, "sandbox": kit.quick(), **how}
    with reader_forked():
        async with rehearse(database_url, mail=True, **settings) as rehearsal:
            assert rehearsal.runner.mail is not None
            yield rehearsal, rehearsal.runner, rehearsal.runner.mail
            assert_mails_neutral(rehearsal.runner.mail)
            assert_lock_screens_neutral(rehearsal.runner.sandbox.workspace)


#: Beginnings played in this process: the saved state, and what had been sent to Slack and by mail.
_FOLDER = tempfile.TemporaryDirectory(prefix="tot-mail-", dir=fast_folder())
_BEGUN: dict[tuple[Any, ...], tuple[Standing, list[Call], list[SentMail]]] = {}


def calling(database_url: str, *agencies: str) -> AbstractAsyncContextManager[Playing]:
    """Play as `playing`, with a case to which these agencies are `called`."""
    return begun(database_url, called, *agencies)


@asynccontextmanager
async def begun(url: str, begin: Callable[..., Awaitable[object]], *agencies: str) -> AsyncIterator[Playing]:
    """Play as `playing`, with this beginning: it is played once, and copied into the SQLite file."""
    database, key = Path(url.removeprefix("sqlite:///")), (begin, *agencies)
    if key not in _BEGUN:
        folder = Path(tempfile.mkdtemp(dir=_FOLDER.name))
        async with playing(sqlite_url(Path(shutil.copy(database, folder)))) as (_, runner, mail_servers):
            await begin(runner, *agencies)
            standing = Standing(folder, left(runner.sandbox), runner.now())
            _BEGUN[key] = standing, runner.sandbox.workspace.calls, mail_servers.sent
    standing, calls, sent = _BEGUN[key]
    standing.copy_to(database.parent)
    async with playing(url, starts=standing.at, furnish=standing.furnish) as playing_on:
        _, runner, mail_servers = playing_on
        runner.sandbox.workspace.calls[:0] = calls
        for mail in sent:
            mail_servers.sent.append(mail)
            mail_servers.mailbox(mail.recipient).put(mail.raw)
            mail_servers.calendar(mail.recipient).receive(mail.raw)
        # A starting bot checks every room.
        await runner.until_idle()
        yield playing_on


async def called(runner: ExerciseRunner, *agencies: str, **fields: Any) -> str:
    """Open a case with a meeting in two days; police and child welfare, if in it, confirm taushetsplikt."""
    room = await kit.open_case(runner, *agencies, **fields)
    for agency, handle in (("Politiet", "politi-exit"), ("Barneverntjenesten", "barnevern")):
        if agency in agencies:
            await kit.confirm(runner, handle)
    return room


async def by_phone(runner: ExerciseRunner) -> None:
    """Record, as the coordinator, that the person who is not on Slack has confirmed taushetsplikt."""
    koordinator = runner.person("koordinator")
    await koordinator.presses("Registrer svar", in_="tot-bot")
    await koordinator.sees_modal()
    await koordinator.fills(steps.CONFIRMS)
    await kit.send(runner, koordinator)


async def comes(runner: ExerciseRunner, within: float = kit.IN_TIME) -> None:
    """Accept as the police in their calendar; the mail is read and applied."""
    assert runner.mail is not None
    runner.mail.answer(EXIT, "ACCEPTED", "google")
    await runner.mail.read(within=within)
    await runner.until_idle()
    await runner.person("politi-exit").sees(ANSWERED, in_="tot-bot")


def words_of(sent: list[SentMail]) -> list[tuple[str, str, int]]:
    """Return (recipient, method, SEQUENCE) of each mail that carries a calendar object."""
    found = []
    for mail in sent:
        part = scheduling_part(mail.raw)
        if part is not None:
            event = part[1].walk("VEVENT")[0]
            found.append((mail.recipient, part[0], int(str(event["SEQUENCE"]))))
    return found


def uids_of(sent: list[SentMail]) -> list[str]:
    parts = (scheduling_part(mail.raw) for mail in sent)
    return [str(part[1].walk("VEVENT")[0]["UID"]) for part in parts if part is not None]


def everything_in(raw: bytes) -> Iterator[str]:
    """Yield every header and every part of a mail, decoded, and every file name."""
    for part in email.message_from_bytes(raw, policy=default).walk():
        yield from (f"{name}: {value}" for name, value in part.items())
        yield str(part.get_filename() or "")
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            text = content.decode()
            yield text
            yield text.replace("\r\n ", "")


def read(raw: bytes) -> tuple[str, str]:
    """Return a mail's subject and plain text."""
    mail = email.message_from_bytes(raw, policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    return str(mail["Subject"]), body.get_content()


def logged() -> io.StringIO:
    """Return the log from now on, as an operator reads it."""
    lines = io.StringIO()
    set_up(json=False)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(lines))
    return lines


def environment(sandbox: Sandbox, mail_servers: MailServers | Servers, database_url: str) -> dict[str, str]:
    """Return the environment of a `tot` that works with this Slack and these mail servers."""
    return {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_BASE_URL": sandbox.api_url,
        "DATABASE_URL": database_url,
        "TOT_MAIL_FROM": mail_servers.address,
        "TOT_SMTP_URL": mail_servers.smtp_url,
        "TOT_IMAP_URL": mail_servers.imap_url,
        "TOT_MAIL_AUTHSERV_ID": mail_servers.authserv_id,
        "TOT_MAIL_CA": str(mail_servers.authority),
    }
