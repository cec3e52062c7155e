"""Mail through the front door: real SMTP and IMAP over TLS, what people do, what their calendars show."""

from __future__ import annotations

import contextlib
import email
import re
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.domain.case.calendar import CalendarEntry
from bot.usecases.ports import Posted
from sandbox.exercises import EXERCISES
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
    read,
    uids_of,
    words_of,
)
from tests.ledgers import waiting_in

RETRY = timedelta(seconds=61)


def opened(database_url: str) -> AbstractAsyncContextManager[Playing]:
    """Open a case with the police, who have not confirmed: no mail has been sent."""
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


async def breaks(mail_servers: MailServers, fault: str, folder: Path, *, broken: bool) -> None:
    match fault:
        case "down":
            await (mail_servers.smtp.stop() if broken else mail_servers.smtp.start())
        case "certificate":
            certificate = make_certificate(folder) if broken else mail_servers.authority
            mail_servers.smtp._context.load_cert_chain(certificate)
        case "name":
            mail_servers.smtp._login = mail_servers.smtp._login[::-1]
        case _:
            setattr(mail_servers.faults, fault, not broken)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("down", "E-posttjeneren svarer ikke"),
        ("starttls", "tilbyr ikke kryptering"),
        ("relay", "vil ikke sende for meg"),
        ("sender", "vil ikke sende for meg"),
        ("certificate", "sertifikat er ikke til å stole på"),
        ("name", "avviser innloggingen"),
    ],
)
async def test_what_does_not_leave_is_told_and_kept_until_it_is_mended(
    sqlite_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str, told: str
) -> None:
    async with opened(sqlite_database_url) as (rehearsal, runner, mail_servers):
        await breaks(mail_servers, fault, tmp_path, broken=True)
        await kit.confirm(runner, "politi-exit")
        await runner.later(minutes=60 if fault == "down" else 0)
        await runner.person("koordinator").sees(told, in_="tot-bot")
        assert mail_servers.sent == []
        kinds = [entry.kind for entry in await waiting_in(rehearsal.bot.database)]
        assert [kind for kind in kinds if kind.startswith("mail")] == ["mail_invite"]
        await runner.later(minutes=30)
        assert mail_servers.sent == []
        assert "post.waits" in capsys.readouterr().out, "health is red, and names this line"
        assert "post.waits" in str((await rehearsal.bot.health.state())["reasons"])
        await breaks(mail_servers, fault, tmp_path, broken=False)
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
        raw, again = (re.sub(rb"={15}\d+==", b"", sent.raw) for sent in (first, second))
        assert raw == again, "but for its boundaries"
        assert len(mail_servers.invited(EXIT)) == 1


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
        mailed = len(mail_servers.sent)
        mail_servers.answer(UDI, "DECLINED", "outlook", comment="kanarikommentar")
        mail_servers.answer(EXIT, "DECLINED", "outlook", comment="kanarikommentar")
        await runner.until_idle()
        assert len(mail_servers.sent) == mailed, "nothing is mailed back"
        assert mail_servers.mailbox(mail_servers.address).messages == []
        assert "kanarikommentar" not in repr(await dump(rehearsal.bot))
        await kit.submit_form(runner, "koordinator", "/tot avlys", room)
        code = room.removeprefix("rom-")
        names = [*("Politi", "Barnevern", "UDI", "Bergen", "TOT", "kanari", "sak ", "offer", "Etterforsker")]
        forbidden = [code, "tot", *names, "koordinator@", "Saksbehandler"]
        allowed = re.compile(r"(?i)@politi\.example|@barnevern\.example|@udi\.example")
        assert len(mail_servers.sent) == 9
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
    """The mail that cancels the meeting was delayed, and meanwhile the meeting got another link."""
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
        told = [t for m in mail_servers.sent if m.recipient == UDI for t in everything_in(m.raw)]
        assert not any(secret in part for part in told)


EXERCISE = EXERCISES["avstemt-tid"]


async def test_whoever_has_said_that_the_time_suits_is_told_that_they_come(sqlite_database_url: str) -> None:
    async with playing(sqlite_database_url, starts=EXERCISE.STARTS) as (_, runner, mail_servers):
        await EXERCISE.play(runner)
        of = {to: [m for m in mail_servers.sent if m.recipient == to] for to in (EXIT, WELFARE)}
        said = {to: [" ".join(read(mail.raw)[1].split()) for mail in mails] for to, mails in of.items()}
        # The first meeting; the called one; the same, moved.
        (_, called, moved) = said[EXIT]
        assert "Du er meldt på møtet, og trenger ikke å svare." in called
        assert "Du er fortsatt påmeldt, og trenger ikke å svare." in moved
        assert "på nytt" not in moved
        assert "Du er invitert til et møte." in said[WELFARE][1], "they had not chosen that time"
        assert mail_servers.invited(EXIT)[-1].partstat == "ACCEPTED"
