"""Mail through the front door: real SMTP and IMAP over TLS, what people do, what their calendars show."""

from __future__ import annotations

import contextlib
import email
import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.domain.case.calendar import CalendarEntry
from bot.usecases.ports import Posted
from sandbox.mail.calendar import scheduling_part
from sandbox.mail.servers import MailServers, make_certificate
from tests.e2e import kit
from tests.e2e.kit import dump
from tests.handlers.mail.kit import (
    EXIT,
    UDI,
    WELFARE,
    Playing,
    begun,
    by_phone,
    called,
    calling,
    everything_in,
    logged,
    playing,
    uids_of,
    words_of,
)

RETRY = timedelta(seconds=61)


def opened(database_url: str) -> AbstractAsyncContextManager[Playing]:
    """A case with the police, who have not confirmed: no mail has been sent."""
    return begun(database_url, kit.open_case, "Politiet")


async def test_each_gets_an_own_invite_that_shows_buttons(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet", "Barneverntjenesten") as (_, runner, mail_servers):
        assert sorted(words_of(mail_servers.sent)) == [(EXIT, "REQUEST", 0), (WELFARE, "REQUEST", 0)]
        assert len(set(uids_of(mail_servers.sent))) == 2
        for sent in mail_servers.sent:
            mail = email.message_from_bytes(sent.raw)
            kinds = [part.get_content_type() for part in mail.walk()]
            assert kinds == [
                *("multipart/mixed", "multipart/alternative", "text/plain", "text/calendar"),
                "application/ics",
            ]
            _, calendar, content = scheduling_part(sent.raw) or ("", Calendar(), b"")
            event = calendar.walk("VEVENT")[0]
            assert str(event["ATTENDEE"]) == f"mailto:{sent.recipient}"
            told_by = parseaddr(mail["From"])[1]
            assert str(event["ORGANIZER"]) == f"mailto:{told_by}" == f"mailto:{sent.sender}"
            assert re.fullmatch(r"kalender\+[0-9a-f]{20}@kommune\.example", sent.sender)
            assert "Auto-Submitted" not in mail
            assert list(mail.walk())[-1].get_payload(decode=True) == content
            assert max(map(len, sent.raw.split(b"\r\n"))) <= 100
            assert sent.raw.replace(b"\r\n", b"").count(b"\n") == 0
        files = runner.sandbox.workspace.files.values()
        assert [f for f in files if f.name.endswith(".ics")] == [], "the calendar file is the fallback"


async def _down(mail_servers: MailServers, folder: Path, broken: bool) -> None:
    await (mail_servers.smtp.stop() if broken else mail_servers.smtp.start())


async def _no_starttls(mail_servers: MailServers, folder: Path, broken: bool) -> None:
    mail_servers.faults.starttls = not broken


async def _no_relay(mail_servers: MailServers, folder: Path, broken: bool) -> None:
    mail_servers.faults.relay = not broken


async def _wrong_certificate(mail_servers: MailServers, folder: Path, broken: bool) -> None:
    certificate = make_certificate(folder) if broken else mail_servers.authority
    mail_servers.smtp._context.load_cert_chain(certificate)


async def _wrong_name(mail_servers: MailServers, folder: Path, broken: bool) -> None:
    mail_servers.smtp._login = mail_servers.smtp._login[::-1]


@pytest.mark.parametrize(
    ("fault", "told", "after"),
    [
        (_down, "E-posttjeneren svarer ikke", 60),
        (_no_starttls, "tilbyr ikke kryptering", 0),
        (_no_relay, "vil ikke sende for meg", 0),
        (_wrong_certificate, "sertifikat er ikke til å stole på", 0),
        (_wrong_name, "avviser innloggingen", 0),
    ],
)
async def test_nothing_leaves_the_coordinator_is_told_and_the_outbox_keeps_it_until_it_is_mended(
    sqlite_database_url: str,
    tmp_path: Path,
    fault: Callable[[MailServers, Path, bool], Awaitable[None]],
    told: str,
    after: int,
) -> None:
    async with opened(sqlite_database_url) as (rehearsal, runner, mail_servers):
        await fault(mail_servers, tmp_path, True)
        await kit.confirm(runner, "politi-exit")
        await runner.later(minutes=after)
        await runner.person("koordinator").sees(told, in_="tot-bot")
        assert mail_servers.sent == []
        upcoming = await rehearsal.bot.database.outbox.upcoming(100)
        kinds = [u.notification.kind.value for u in upcoming]
        assert [kind for kind in kinds if kind.startswith("mail")] == ["mail_invite"]
        await runner.later(minutes=30)
        assert mail_servers.sent == []
        await fault(mail_servers, tmp_path, False)
        await runner.until(runner.now() + RETRY)
        assert words_of(mail_servers.sent) == [(EXIT, "REQUEST", 0)]
        await runner.person("koordinator").sees_no(told, in_="tot-bot")


async def test_a_connection_that_breaks_after_the_mail_was_taken(sqlite_database_url: str) -> None:
    async with opened(sqlite_database_url) as (_, runner, mail_servers):
        mail_servers.faults.hang_up = True
        await kit.confirm(runner, "politi-exit")
        assert words_of(mail_servers.sent) == [(EXIT, "REQUEST", 0)]
        mail_servers.faults.hang_up = False
        await runner.until(runner.now() + RETRY)
        first, second = mail_servers.sent
        assert words_of(mail_servers.sent) == [(EXIT, "REQUEST", 0)] * 2
        assert _without_boundaries(first.raw) == _without_boundaries(second.raw)
        assert len(mail_servers.invited(EXIT)) == 1


def _without_boundaries(raw: bytes) -> bytes:
    return re.sub(rb"={15}\d+==", b"", raw)


async def test_a_canary_in_every_field_appears_nowhere(sqlite_database_url: str) -> None:
    lines = logged()
    async with playing(sqlite_database_url) as (rehearsal, runner, mail_servers):
        room = await called(
            runner,
            *("Politiet", "Barneverntjenesten", "UDI"),
            **{"Dagsorden eller merknad": "kanarinotat", "Hvem ba om TOT?": "Politiet"},
        )
        await by_phone(runner)
        mail_servers.answer(WELFARE, "ACCEPTED", "google")
        await runner.until_idle()
        await kit.submit_form(runner, "koordinator", "/tot flytt fredag kl 12", room)
        (entry,) = mail_servers.invited(WELFARE)
        assert (entry.partstat, f"{entry.starts_at:%d %H}") == ("NEEDS-ACTION", "04 11")
        mail_servers.answer(UDI, "DECLINED", "outlook", comment="kanarikommentar")
        mail_servers.answer(EXIT, "DECLINED", "outlook", comment="kanarikommentar")
        await runner.until_idle()
        assert mail_servers.sent[-1].recipient == UDI, "nothing is mailed back to who is on Slack"
        last = email.message_from_bytes(mail_servers.sent[-1].raw)
        assert [part.get_content_type() for part in last.walk()] == ["text/plain"]
        assert "Ikke skriv grunnen" in last.get_payload(decode=True).decode()  # type: ignore[union-attr]
        assert mail_servers.mailbox(mail_servers.address).messages == []
        assert "kanarikommentar" not in repr(await dump(rehearsal.bot))
        await kit.submit_form(runner, "koordinator", "/tot avlys", room)
        code = room.removeprefix("rom-")
        names = [*("Politi", "Barnevern", "UDI", "Bergen", "TOT", "kanari", "sak ", "offer", "Etterforsker")]
        forbidden = [code, "tot", *names, "koordinator@", "Saksbehandler"]
        allowed = re.compile(r"(?i)@politi\.example|@barnevern\.example|@udi\.example")
        assert len(mail_servers.sent) == 10
        for sent in mail_servers.sent:
            for text in everything_in(sent.raw):
                bare = allowed.sub("", text)
                found = [f for f in forbidden if re.search(rf"(?<![a-z]){re.escape(f)}", bare)]
                assert not found, (found, text)
    said = lines.getvalue()
    assert not [f for f in (*forbidden[:1], "kanari", EXIT, UDI, "kalender+") if f in said]


async def test_purging_forgets_addresses_and_tokens(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (rehearsal, runner, mail_servers):
        await kit.submit_form(runner, "koordinator", "/tot lukk", kit.the_room(runner))
        assert words_of(mail_servers.sent) == [(EXIT, "REQUEST", 0), (EXIT, "CANCEL", 1)]
        await runner.later(days=45)
        left = await rehearsal.bot.database.read(lambda uow: (uow.find(CalendarEntry), uow.find(Posted)))
        assert left[0] == []
        with contextlib.suppress(LookupError):
            mail_servers.answer(EXIT, "ACCEPTED")
        await runner.until_idle()


async def test_whoever_is_released_does_not_hear_of_a_later_place(sqlite_database_url: str) -> None:
    """The mail that takes the meeting away has waited, and the meeting has got another link meanwhile."""
    secret = "https://meet.example.no/only-for-those-who-come"
    async with calling(sqlite_database_url, "Politiet", "UDI") as (_, runner, mail_servers):
        room = kit.the_room(runner)
        await by_phone(runner)
        assert (UDI, "REQUEST", 0) in words_of(mail_servers.sent)
        mail_servers.faults.starttls = False
        await kit.submit_form(runner, "koordinator", "/tot ut UDI", room)
        await kit.submit_form(runner, "koordinator", "/tot flytt", room, Lenke_til_videomøte=secret)
        mail_servers.faults.starttls = True
        await runner.later(minutes=3)
        assert (UDI, "CANCEL", 1) in words_of(mail_servers.sent)
        told = [
            part for sent in mail_servers.sent if sent.recipient == UDI for part in everything_in(sent.raw)
        ]
        assert not any(secret in part for part in told)
