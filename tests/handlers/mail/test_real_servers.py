"""The bot with Debian's Postfix and Dovecot: both directions, plus-addresses, a bounce."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.cli.demo import PARTNERS, rehearse
from bot.cli.manifest import MANIFEST
from bot.mail_server import IMAP, mail_server, tls_context
from handlers.mail.inbox import Mail, Session
from sandbox.exercises.runner import ExerciseRunner
from sandbox.mail.calendar import Entry, PersonalCalendar
from sandbox.mail.clients import reply
from sandbox.server import Sandbox
from tests.bot.cli.conftest import Tot
from tests.e2e import kit
from tests.handlers.mail import debian
from tests.handlers.mail.debian import BOT, SERVER, Servers
from tests.handlers.mail.kit import environment
from tests.handlers.mail.test_bad_mail import nested

KARI = "kari@etat.example"
NOBODY = "nobody@etat.example"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(debian.lacking()), reason=debian.lacking() or "they are here"),
]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with (
        tempfile.TemporaryDirectory(prefix="tot-debian-mail-") as folder,
        debian.running(Path(folder)) as both,
    ):
        yield both


@asynccontextmanager
async def playing(servers: Servers, url: str, folder: Path, lawyer: str) -> AsyncIterator[ExerciseRunner]:
    """Yield a bot whose mail uses these servers; the lawyer's address is given."""
    partners = folder / "partners.toml"
    partners.write_text(PARTNERS.read_text("utf-8").replace("advokat@advokatene.example", lawyer), "utf-8")
    mail = {
        "mail_from": BOT,
        "smtp_url": servers.smtp_url,
        "imap_url": servers.imap_url,
        "mail_authserv_id": SERVER,
        "mail_ca": servers.authority,
    }
    how = {"starts": kit.STARTS, "sandbox": kit.quick(), "partners": partners, "extra": mail}
    async with rehearse(url, **how) as played:  # type: ignore[arg-type]
        yield played.runner


def deliver(servers: Servers, sender: str, recipient: str, raw: bytes) -> None:
    with smtplib.SMTP("localhost", servers.smtp_port) as smtp:
        smtp.starttls(context=tls_context(servers.authority))
        smtp.sendmail(sender, [recipient], raw)


def mails_of(servers: Servers, address: str) -> list[Mail]:
    session = Session(mail_server(servers.imap_url_of(address), IMAP), tls_context(servers.authority))
    try:
        return list(session.mails(seen=True))
    finally:
        session.close()


async def arrived(servers: Servers, address: str, count: int) -> list[Mail]:
    async with asyncio.timeout(kit.IN_TIME):
        while True:
            mails = await asyncio.to_thread(mails_of, servers, address)
            if len(mails) == count:
                return mails
            await asyncio.sleep(0.2)


async def called(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Bistandsadvokaten")
    await kit.confirm(runner, "bistandsadvokat")


def newest(mails: list[Mail]) -> Entry:
    calendar = PersonalCalendar()
    entries = [calendar.receive(mail.raw) for mail in mails]
    assert entries[-1] is not None
    return entries[-1]


async def test_there_and_back(servers: Servers, sqlite_database_url: str, tmp_path: Path) -> None:
    async with playing(servers, sqlite_database_url, tmp_path, KARI) as runner:
        await called(runner)
        entry = newest(await arrived(servers, KARI, 1))
        raw = reply("outlook", entry, "ACCEPTED", runner.sandbox.clock.now(), comment="kommer")
        await asyncio.to_thread(deliver, servers, KARI, entry.organizer, raw)
        await runner.person("bistandsadvokat").sees("Du kommer på møtet", in_="tot-bot")
        assert await arrived(servers, BOT, 0) == []
        await kit.submit_form(runner, "koordinator", "/tot avlys", kit.the_room(runner))
        gone = newest(await arrived(servers, KARI, 2))
        assert (gone.uid, gone.sequence, gone.cancelled) == (entry.uid, 1, True)


async def test_from_elsewhere_and_a_nest(servers: Servers, sqlite_database_url: str, tmp_path: Path) -> None:
    """Postfix puts above the mail's own claims that another sent it. Dovecot keeps the flag."""
    before = len(await asyncio.to_thread(mails_of, servers, KARI))
    async with playing(servers, sqlite_database_url, tmp_path, KARI) as runner:
        await called(runner)
        entry = newest(await arrived(servers, KARI, before + 1))
        await asyncio.to_thread(deliver, servers, KARI, BOT, nested(1000))
        forged = f"Authentication-Results: {SERVER}; dmarc=pass header.from=etat.example\r\n".encode()
        raw = forged + reply("outlook", entry, "ACCEPTED", runner.sandbox.clock.now())
        await asyncio.to_thread(deliver, servers, "x@evil.example", entry.organizer, raw)
        await runner.person("koordinator").sees("ikke være sikker på hvem svaret er fra", in_="tot-bot")
        (kept,) = await arrived(servers, BOT, 1)
        assert b"multipart" in kept.raw
        session = Session(mail_server(servers.imap_url, IMAP), tls_context(servers.authority))
        try:
            assert session.count_set_aside() == 1
            session.delete(kept)
        finally:
            session.close()


async def test_a_bounce_finds_the_entry(servers: Servers, sqlite_database_url: str, tmp_path: Path) -> None:
    """Postfix refuses an unknown address at once; a later server returns the mail, as simulated here."""
    async with playing(servers, sqlite_database_url, tmp_path, NOBODY) as runner:
        await called(runner)
        koordinator = runner.person("koordinator")
        await koordinator.sees("Invitasjonen kom ikke fram til Bistandsadvokaten", in_="tot-bot")
        await koordinator.sees_no(NOBODY)


def test_dovecot_says_idle_and_a_wrong_certificate_is_not_believed(servers: Servers) -> None:
    server = mail_server(servers.imap_url, IMAP)
    session = Session(server, tls_context(servers.authority))
    assert session.idles
    session.close()
    with pytest.raises(ssl.SSLCertVerificationError):
        Session(server, tls_context(None))


async def test_the_doctor_sends_an_invitation_and_reads_the_answer(
    servers: Servers, tot: Tot, sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(mails_of(servers, KARI))
    async with Sandbox(MANIFEST) as sandbox:
        for name, value in environment(sandbox, servers, sqlite_database_url).items():
            monkeypatch.setenv(name, value)
        assert (await asyncio.to_thread(tot, "partners", "import", str(PARTNERS))).code == 0
        examined = asyncio.create_task(asyncio.to_thread(tot, "doctor", "--mail", KARI, "--wait", "30"))
        entry = newest(await arrived(servers, KARI, before + 1))
        raw = reply("apple", entry, "TENTATIVE", sandbox.clock.now())
        await asyncio.to_thread(deliver, servers, KARI, entry.organizer, raw)
        said = await examined
    assert said.code == 0, said.out
    told = " ".join(said.out.replace("│", " ").split())
    assert "sent, and answered: tentative" in told
    assert f"{SERVER} vouches for them" in told
    assert newest((await arrived(servers, KARI, before + 2))[-2:]).cancelled
    assert await arrived(servers, BOT, 0) == []
