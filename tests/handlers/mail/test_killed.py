"""The process is killed after the mail server has taken a mail, before that is stored."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.app import Bot
from bot.cli.manifest import MANIFEST
from bot.settings import Settings
from handlers.mail import reader
from sandbox.clock import MovableClock
from sandbox.mail.servers import MailServers
from sandbox.server import Sandbox
from tests.databases import opened, sqlite_first
from tests.e2e import kit
from tests.forks import Tot, reader_forked
from tests.handlers.mail.kit import environment, uids_of, words_of
from tests.handlers.mail.test_bad_mail import SLOW

LAWYER = "advokat@advokatene.example"
#: Longer than the wait before a possibly sent mail is sent again.
A_WHILE = timedelta(seconds=90)


@asynccontextmanager
async def servers(
    url: str,
) -> AsyncIterator[tuple[MovableClock, Sandbox, MailServers, dict[str, str]]]:
    """Yield a clock, Slack and mail, and the environment of a bot that works with them."""
    clock = MovableClock()
    async with (
        Sandbox(MANIFEST, clock=clock, settings=kit.quick()) as sandbox,
        MailServers(clock) as mail_servers,
    ):
        async with opened(url, clock) as database:
            await kit.know_partners(database)
        with reader_forked():
            yield clock, sandbox, mail_servers, environment(sandbox, mail_servers, url)


@asynccontextmanager
async def running(settings: dict[str, str]) -> AsyncIterator[Tot]:
    """Run `tot run` as an operator starts it."""
    process = Tot("run", environment={**os.environ, **settings})
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


@sqlite_first
async def test_one_more_copy_of_the_same_and_none_lost(database_url: str) -> None:
    async with servers(database_url) as (clock, sandbox, mail_servers, settings):
        async with running(settings) as process:
            mail_servers.on_sent(lambda sent: process.kill())
            await sandbox.connected(within=kit.IN_TIME)
            koordinator, lawyer = sandbox.person("koordinator"), sandbox.person("bistandsadvokat")
            await koordinator.types("/tot sak i overmorgen kl 10")
            await koordinator.sees_modal("Opprett sak")
            await koordinator.fills(
                {"Tjenester som spørres nå": ["Bistandsadvokaten"], "Sted": "Møterom Nord"}
            )
            assert not await koordinator.submits()
            await koordinator.sees_modal("Se over og send")
            assert not await koordinator.submits()
            await lawyer.sees("Jeg bekrefter taushetsplikten", in_="tot-bot")
            await lawyer.presses(kit.CONFIRM, in_="tot-bot")
            async with asyncio.timeout(kit.IN_TIME):
                assert await process.wait() == -9
        assert words_of(mail_servers.sent) == [(LAWYER, "REQUEST", 0)]
        clock.move(A_WHILE)
        bot = Bot(Settings(**settings), clock)  # type: ignore[arg-type]
        await bot.start()
        try:
            await bot.idle()
            assert words_of(mail_servers.sent) == [(LAWYER, "REQUEST", 0)] * 2
            assert len(set(uids_of(mail_servers.sent))) == 1
            (entry,) = mail_servers.invited(LAWYER)
            mail_servers.answer(LAWYER, "ACCEPTED", "google")
            await mail_servers.read()
            await bot.idle()
            await lawyer.sees("Du kommer på møtet", in_="tot-bot")
        finally:
            await bot.stop()
        assert len(mail_servers.sent) == 2
        assert entry.sequence == 0


@sqlite_first
async def test_killed_reading_it_takes_up_again(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with servers(database_url) as (clock, sandbox, mail_servers, settings):
        mail_servers.deliver(mail_servers.address, SLOW)
        mail_servers.deliver(mail_servers.address, b"From: a@b.example\r\n\r\nx")
        inbox = mail_servers.mailbox(mail_servers.address)
        async with running(settings) as process:
            await sandbox.connected(within=kit.IN_TIME)
            await kit.until(lambda: inbox.messages[0].fetched)
            process.kill()
        assert len(inbox.unseen) == 2, "it was still at the first"
        monkeypatch.setattr(reader, "LONGEST_READ", 1.0)
        bot = Bot(Settings(**settings), clock)  # type: ignore[arg-type]
        await bot.start()
        try:
            await mail_servers.read()
        finally:
            await bot.stop()
        assert [m.flags for m in inbox.messages] == [{"\\Seen", "\\Flagged"}, {"\\Seen"}]
