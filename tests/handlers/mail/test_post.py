"""Mail through the front door: real SMTP and IMAP over TLS, what people do, what their calendars show."""

from __future__ import annotations

import contextlib
import email
import io
import re
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import pytest
import structlog
from icalendar import Calendar

from bot.domain.case.calendar import CalendarEntry
from bot.logs import set_up
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
    moves,
    playing,
    room_of,
    uids_of,
    words_of,
)

RETRY = timedelta(seconds=61)


def opened(database_url: str, *more: str) -> AbstractAsyncContextManager[Playing]:
    """A case with the police and these, of whom nobody has confirmed: no mail has been sent."""
    return begun(database_url, kit.open_case, "Politiet", *more)


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


async def test_answers_in_the_calendar_are_answers_and_leave_no_trace(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet", "Barneverntjenesten") as (
        rehearsal,
        runner,
        mail_servers,
    ):
        mail_servers.answer(WELFARE, "ACCEPTED", "google", comment="kråkeslottet")
        mail_servers.answer(EXIT, "DECLINED", "outlook", comment="kråkeslottet")
        await runner.until_idle()
        await runner.person("barnevern").sees("Du kommer på møtet", in_="tot-bot")
        await runner.person("koordinator").sees("Forfall uten vara", in_="tot-bot")
        exit_ = runner.person("politi-exit")
        await exit_.presses("Oppgi grunn og vara", in_="tot-bot")
        await exit_.fills({"Hvorfor kan du ikke?": "møte i retten", "Hvem kommer i stedet?": "vakt"})
        await kit.send(runner, exit_)
        await exit_.sees_no("Hva er grunnen", in_="tot-bot")
        assert words_of(mail_servers.sent)[2:] == [], "until the deputy is approved"
        await kit.press(runner, "koordinator", "Godkjenn")
        assert mail_servers.mailbox(mail_servers.address).messages == []
        assert words_of(mail_servers.sent)[2:] == [(EXIT, "CANCEL", 1)], (
            "and nothing is mailed back for an answer"
        )
        assert "kråkeslottet" not in repr(await dump(rehearsal.bot))


async def test_tentative_says_so(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        mail_servers.answer(EXIT, "TENTATIVE", "apple")
        await runner.until_idle()
        exit_ = runner.person("politi-exit")
        await exit_.sees("Du har svart «kanskje» i kalenderen", in_="tot-bot")
        await exit_.presses("Jeg kommer", in_="tot-bot")
        await runner.until_idle()
        await exit_.sees_no("kanskje", in_="tot-bot")


async def test_a_move_updates_and_a_release_takes_away(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet", "Barneverntjenesten") as (_, runner, mail_servers):
        room = room_of(runner)
        mail_servers.answer(WELFARE, "ACCEPTED", "google")
        await runner.until_idle()
        await moves(runner, room)
        assert sorted(words_of(mail_servers.sent)[2:]) == [(EXIT, "REQUEST", 1), (WELFARE, "REQUEST", 1)]
        (entry,) = mail_servers.invited(WELFARE)
        assert (entry.partstat, f"{entry.starts_at:%d %H}") == ("NEEDS-ACTION", "04 11")
        await kit.submit_form(runner, "koordinator", "/tot ut", room, Tjeneste="Politiet")
        assert words_of(mail_servers.sent)[4:] == [(EXIT, "CANCEL", 2)]
        assert mail_servers.invited(EXIT) == []
        await runner.person("politi-exit").sees("Kalenderen din får beskjed på e-post", in_="tot-bot")


async def test_by_mail_alone(sqlite_database_url: str) -> None:
    async with playing(sqlite_database_url) as (_, runner, mail_servers):
        await called(runner, "Politiet", "UDI", when="i dag kl 15")
        assert UDI not in [s.recipient for s in mail_servers.sent]
        await by_phone(runner)
        (entry,) = mail_servers.invited(UDI)
        assert entry.location == "Møterom Nord"
        await runner.person("koordinator").sees("har ikke svart", in_="tot-bot")
        await runner.later(hours=2)
        await runner.person("koordinator").sees("Ring disse", in_="tot-bot")
        mail_servers.answer(UDI, "DECLINED", "outlook")
        await runner.until_idle()
        last = email.message_from_bytes(mail_servers.sent[-1].raw)
        assert mail_servers.sent[-1].recipient == UDI
        assert [part.get_content_type() for part in last.walk()] == ["text/plain"]
        assert "Ikke skriv grunnen" in last.get_payload(decode=True).decode()  # type: ignore[union-attr]
        await runner.person("koordinator").sees("Forfall uten vara", in_="tot-bot")
        assert "udi" not in runner.sandbox.workspace.members(room_of(runner))


async def test_what_cannot_be_used_is_shown_to_the_coordinator(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        to = mail_servers.invited(EXIT)[0].organizer
        text = f"From: {EXIT}\r\nTo: {to}\r\nSubject: Re\r\n\r\nJeg kommer, kråkeslottet\r\n"
        mail_servers.deliver(to, text.encode())
        await runner.until_idle()
        koordinator = runner.person("koordinator")
        await koordinator.sees("jeg leser ikke hva som står der", in_="tot-bot")
        mail_servers.answer_as(EXIT, "kollega@politi.example", "ACCEPTED")
        mail_servers.deliver(
            mail_servers.address, b"From: a@b.example\r\nTo: kalender@kommune.example\r\n\r\nHei\r\n"
        )
        await mail_servers.read()
        await runner.later(minutes=2)
        seen = await koordinator.sees("Invitasjonen kan være videresendt", in_="tot-bot")
        assert "kråkeslottet" not in "\n".join(koordinator.reads("tot-bot"))
        assert "Svaret var: kommer" in str(seen).replace("*", "")
        (left,) = mail_servers.mailbox(mail_servers.address).messages
        assert (left.flags, b"Hei" in left.raw) == ({"\\Seen"}, True)


async def test_the_server_is_down_for_an_hour(sqlite_database_url: str) -> None:
    async with opened(sqlite_database_url, "Barneverntjenesten") as (_, runner, mail_servers):
        await mail_servers.smtp.stop()
        await kit.confirm(runner, "politi-exit", "barnevern")
        await runner.later(hours=1)
        await runner.person("koordinator").sees("E-posttjeneren svarer ikke", in_="tot-bot")
        assert mail_servers.sent == []
        await mail_servers.smtp.start()
        await runner.until(runner.now() + RETRY)
        assert sorted(words_of(mail_servers.sent)) == [(EXIT, "REQUEST", 0), (WELFARE, "REQUEST", 0)]
        await runner.person("koordinator").sees_no("E-posttjeneren svarer ikke", in_="tot-bot")


def _no_starttls(mail_servers: MailServers, folder: Path) -> None:
    mail_servers.faults.starttls = False


def _no_relay(mail_servers: MailServers, folder: Path) -> None:
    mail_servers.faults.relay = False


def _wrong_certificate(mail_servers: MailServers, folder: Path) -> None:
    mail_servers.smtp._context.load_cert_chain(make_certificate(folder))


def _wrong_name(mail_servers: MailServers, folder: Path) -> None:
    mail_servers.smtp._login = (b"tot", b"another")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (_no_starttls, "tilbyr ikke kryptering"),
        (_no_relay, "vil ikke sende for meg"),
        (_wrong_certificate, "sertifikat er ikke til å stole på"),
        (_wrong_name, "avviser innloggingen"),
    ],
)
async def test_nothing_leaves_the_coordinator_is_told_and_the_outbox_keeps_it(
    sqlite_database_url: str, tmp_path: Path, fault: object, told: str
) -> None:
    async with opened(sqlite_database_url) as (rehearsal, runner, mail_servers):
        assert callable(fault)
        fault(mail_servers, tmp_path)
        await kit.confirm(runner, "politi-exit")
        await runner.person("koordinator").sees(told, in_="tot-bot")
        assert mail_servers.sent == []
        upcoming = await rehearsal.bot.database.outbox.upcoming(100)
        assert [
            u.notification.kind.value for u in upcoming if u.notification.kind.value.startswith("mail")
        ] == ["mail_invite"]
        await runner.later(minutes=30)
        assert mail_servers.sent == []


async def test_it_leaves_once_the_fault_is_mended(sqlite_database_url: str) -> None:
    async with opened(sqlite_database_url) as (_, runner, mail_servers):
        mail_servers.faults.starttls = False
        await kit.confirm(runner, "politi-exit")
        mail_servers.faults.starttls = True
        await runner.until(runner.now() + RETRY)
        assert words_of(mail_servers.sent) == [(EXIT, "REQUEST", 0)]
        await runner.person("koordinator").sees_no("tilbyr ikke kryptering", in_="tot-bot")


async def test_a_refused_address_is_told_by_role(sqlite_database_url: str) -> None:
    async with opened(sqlite_database_url) as (_, runner, mail_servers):
        mail_servers.faults.refused.add(EXIT)
        await kit.confirm(runner, "politi-exit")
        koordinator = runner.person("koordinator")
        await koordinator.sees("Invitasjonen kom ikke fram til Politiet", in_="tot-bot")
        await koordinator.sees_no(EXIT)
        assert mail_servers.sent == []


async def test_a_busy_server_is_asked_again(sqlite_database_url: str) -> None:
    async with opened(sqlite_database_url) as (_, runner, mail_servers):
        mail_servers.faults.busy = True
        await kit.confirm(runner, "politi-exit")
        assert mail_servers.sent == []
        mail_servers.faults.busy = False
        await runner.until(runner.now() + RETRY)
        assert words_of(mail_servers.sent) == [(EXIT, "REQUEST", 0)]


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
    logged = io.StringIO()
    set_up(json=False)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(logged))
    async with playing(sqlite_database_url) as (_, runner, mail_servers):
        room = await called(
            runner,
            *("Politiet", "Barneverntjenesten", "UDI"),
            **{"Dagsorden eller merknad": "kanarinotat", "Hvem ba om TOT?": "Politiet"},
        )
        await by_phone(runner)
        await moves(runner, room)
        mail_servers.answer(UDI, "DECLINED", "outlook", comment="kanarikommentar")
        mail_servers.answer(EXIT, "DECLINED", "outlook", comment="kanarikommentar")
        await runner.until_idle()
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
    said = logged.getvalue()
    assert not [f for f in (*forbidden[:1], "kanari", EXIT, UDI, "kalender+") if f in said]


async def test_purging_forgets_addresses_and_tokens(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (rehearsal, runner, mail_servers):
        await kit.submit_form(runner, "koordinator", "/tot lukk", room_of(runner))
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
        room = room_of(runner)
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
