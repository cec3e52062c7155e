"""Reading the mailbox: with and without IDLE, through server restarts, once for each mail."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import text

from bot import health
from bot.mail_server import IMAP, mail_server, tls_context
from handlers.mail import inbox as mail_inbox
from handlers.mail.inbox import Session
from sandbox.clock import MovableClock
from sandbox.mail import clients
from sandbox.mail.servers import MailServers
from tests.e2e import kit
from tests.handlers.mail.kit import EXIT, called, calling, comes, logged, playing


async def test_it_is_read_without_idle(sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_inbox, "LOOK_EVERY", 0.1)
    lines = logged()
    async with playing(sqlite_database_url) as (rehearsal, runner, mail_servers):
        mail_servers.imap.idles = False
        await mail_servers.imap.stop()
        monkeypatch.setattr(mail_inbox, "PAUSE", 0.1)
        await mail_servers.imap.start()
        await called(runner, "Politiet")
        await comes(runner)
        refused = text("CREATE TRIGGER full BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, ''); END")
        await rehearsal.bot.database._transactions.write(lambda connection: connection.execute(refused))
        mail_servers.deliver(mail_servers.address, b"From: a@b.example\r\n\r\nx")
        await mail_servers.read(within=kit.IN_TIME)
    assert lines.getvalue().count("mailbox.answer-failed") == 3


async def test_a_mail_waits_for_a_database_that_is_out(
    sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_inbox, "LOOK_EVERY", 0.1)
    lines = logged()
    async with playing(sqlite_database_url) as (rehearsal, runner, mail_servers):
        mail_servers.imap.idles = False
        monkeypatch.setattr(mail_inbox, "PAUSE", 0.1)
        await mail_servers.imap.stop()
        await mail_servers.imap.start()
        await called(runner, "Politiet")
        write = rehearsal.bot.database._transactions.write
        await write(lambda connection: connection.execute(text("ALTER TABLE receipts RENAME TO away")))
        mail_servers.deliver(mail_servers.address, b"From: a@b.example\r\n\r\nx")
        await kit.until(lambda: lines.getvalue().count("mailbox.answer-failed") > mail_inbox.TRIES)
        await write(lambda connection: connection.execute(text("ALTER TABLE away RENAME TO receipts")))
        await mail_servers.read(within=kit.IN_TIME)
        assert (await rehearsal.bot.health.state())["mails_set_aside"] == 0


async def test_an_unread_mailbox_is_told(sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """/healthz turns red while the server is away for long, and green once it has been read again."""
    monkeypatch.setattr(mail_inbox, "PAUSE", 0.1)
    monkeypatch.setattr(health, "LONGEST_UNREAD", 0.5)
    async with playing(sqlite_database_url) as (rehearsal, runner, mail_servers):
        await runner.until_idle()

        async def becomes(well: bool) -> bool:
            async with asyncio.timeout(kit.IN_TIME):
                while (await rehearsal.bot.health.state())["mailbox"] is not well:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            return bool((await rehearsal.bot.health.state())["ok"])

        await mail_servers.imap.stop()
        assert not await becomes(False)
        monkeypatch.setattr(health, "LONGEST_UNREAD", 900.0)
        await mail_servers.imap.start()
        await called(runner, "Politiet")
        mail_servers.answer(EXIT, "ACCEPTED", "apple")
        await runner.until_idle()
        assert await becomes(True)
        assert rehearsal.bot.mailbox is not None
        assert rehearsal.bot.mailbox.unread() < 10


async def test_what_was_done_before_a_crash_is_only_deleted_after_it(sqlite_database_url: str) -> None:
    """The same message under the same number has had its effect; a copy with another number is held."""
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        entry = mail_servers.invited(EXIT)[0]
        raw = clients.reply("outlook", entry, "ACCEPTED", runner.sandbox.clock.now())
        mail_servers.deliver(entry.organizer, raw)
        await runner.until_idle()
        koordinator = runner.person("koordinator")
        inbox = mail_servers.mailbox(mail_servers.address)
        inbox.next_uid -= 1
        mail_servers.deliver(entry.organizer, raw)
        await runner.until_idle()
        await koordinator.sees_no("Et svar på e-post er ikke registrert", in_="tot-bot")
        mail_servers.deliver(entry.organizer, raw)
        await runner.until_idle()
        await koordinator.sees("Svaret gjelder ikke nå", in_="tot-bot")
        assert inbox.messages == []


@pytest.mark.parametrize("busy", [False, True])
async def test_what_arrives_just_before_the_waiting_is_noticed_at_once(busy: bool) -> None:
    """Before the answer to IDLE, or, `busy`, while the previous mail is being deleted."""
    async with MailServers(MovableClock()) as mail_servers:
        server = mail_server(mail_servers.imap_url, IMAP)
        session = await asyncio.to_thread(Session, server, tls_context(mail_servers.authority))
        stopping = threading.Event()
        mail_servers.deliver(mail_servers.address, b"Subject: one\r\n\r\n")
        (one,) = await asyncio.to_thread(lambda: list(session.mails()))
        if busy:
            mail_servers.deliver(mail_servers.address, b"Subject: two\r\n\r\n")
            await asyncio.to_thread(session.delete, one)
        else:
            await asyncio.to_thread(session.delete, one)
            mail_servers.deliver(mail_servers.address, b"Subject: two\r\n\r\n")
        waiting = asyncio.create_task(asyncio.to_thread(session.wait, stopping))
        done, _ = await asyncio.wait({waiting}, timeout=60)
        stopping.set()
        await waiting
        assert done, "it lies there until the waiting ends by itself"
        assert [m.size for m in await asyncio.to_thread(lambda: list(session.mails()))] == [len(one.raw)]
        await asyncio.to_thread(session.close)


async def test_a_giant_is_held_by_its_head(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        to = mail_servers.invited(EXIT)[0].organizer
        mail_servers.deliver(to, f"From: {EXIT}\r\nTo: {to}\r\n\r\n".encode() + b"x" * 2_100_000)
        await runner.until_idle()
        await runner.person("koordinator").sees("Jeg kan ikke lese det som ett svar", in_="tot-bot")
