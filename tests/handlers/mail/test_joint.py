"""A joint meeting by mail: people not on Slack are invited, sign up by calendar, and are told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.joint import JointEntry, JointInvitation
from sandbox.exercises.runner import ExerciseRunner
from sandbox.mail.calendar import scheduling_part
from sandbox.mail.servers import MailServers
from tests.e2e import kit
from tests.e2e.kit import dump
from tests.e2e.outside import AGENDA, TOPIC, call, change, texts
from tests.handlers.mail.kit import UDI, begun, everything_in, read, uids_of, words_of

#: Everybody in the cast's agencies who has only a work mail.
BY_MAIL = {
    *("vaktleder@barnevernvakt.example", "vara@sosialtjenesten.example", "vakt@advokatene.example"),
    UDI,
}
RETRY = timedelta(seconds=61)


def overview(runner: ExerciseRunner) -> str:
    return texts(runner, "koordinator").replace("*", "")


async def test_a_mail_tells_neither_topic_nor_agenda_and_obliges_nobody(sqlite_database_url: str) -> None:
    async with begun(sqlite_database_url, call) as (_, runner, mail_servers):
        assert sorted(words_of(mail_servers.sent)) == sorted((address, "REQUEST", 0) for address in BY_MAIL)
        assert len(set(uids_of(mail_servers.sent))) == len(BY_MAIL)
        by_mail = overview(runner).partition("Invitert på e-post, uten emnet:")[2].partition("Ikke på")[0]
        assert "UDI · Saksbehandler" in by_mail
        assert "ikke sendt" not in by_mail
        for sent in mail_servers.sent:
            said = "\n".join(everything_in(sent.raw))
            assert not any(word in said for word in (TOPIC, AGENDA, "anari", "TOT Bergen", "Institusjonen"))
            subject, text = read(sent.raw)
            _, calendar, _ = scheduling_part(sent.raw) or pytest.fail("no calendar object")
            assert subject == "Møte"
            assert "fellesmøte" not in said.lower(), "nothing tells it from a case's"
            assert " ".join(text.split()[-8:]) == "Hilsen Utekontakten Spørsmål? Ring 55 00 00 00."
            assert b"Utekontakten" not in calendar.to_ical()
            assert "Ikke skriv noe annet enn svaret." in text
            assert not re.search(r"\bsak", said, re.IGNORECASE), "there is no case"
            assert "fredag 4. desember 2026 kl. 12:00–13:00" in text
            attendee = calendar.walk("VEVENT")[0]["ATTENDEE"]
            assert attendee.params["ROLE"] == "REQ-PARTICIPANT"


async def test_a_reply_signs_up_until_nothing_stays_but_the_number(sqlite_database_url: str) -> None:
    """«Maybe» is kept when the place changes, not when the time does."""
    maybe = "har svart «kanskje» i kalenderen"
    async with begun(sqlite_database_url, call) as (rehearsal, runner, mail_servers):
        mail_servers.answer(UDI, "ACCEPTED", "outlook")
        await runner.until_idle()
        assert "Kommer (1): UDI · Saksbehandler" in overview(runner)
        await runner.later(minutes=1)
        mail_servers.answer(UDI, "TENTATIVE", "google")
        await runner.until_idle()
        assert "Kommer (0)" in overview(runner)
        for place in ("Møterom Nord", "Det store møterommet"):
            await change(runner, {"Sted": place})
            assert maybe in overview(runner)
        await change(runner, {"Når": runner.day(6, "13:00")})
        assert maybe not in overview(runner)
        mail_servers.answer(UDI, "TENTATIVE")
        await runner.until_idle()
        await change(runner, {"Sted": "Møterom Nord"})
        assert maybe in overview(runner)
        (entry,) = mail_servers.invited(UDI)
        mail_servers.answer(UDI, "DECLINED", "apple", comment="kråkeslottet")
        await runner.until_idle()
        assert "Kommer ikke (1): UDI · Saksbehandler" in overview(runner)
        assert maybe not in overview(runner)
        assert mail_servers.mailbox(mail_servers.address).messages == []
        assert len(mail_servers.sent) == 5 * len(BY_MAIL), "nothing is mailed back for an answer"
        assert "kråkeslottet" not in repr(await dump(rehearsal.bot))
        await runner.until(runner.day(6, "14:30"))
        koordinator = runner.person("koordinator")
        await koordinator.presses("Hvem kom?", in_="tot-bot")
        await koordinator.sees_modal("Hvem kom?")
        await koordinator.fills({"Kom": ["UDI · Saksbehandler"]})
        await kit.send(runner, koordinator)
        assert "Én kom." in overview(runner)
        await runner.until(runner.day(34))

        def left(uow: Any) -> list[Any]:
            return [*uow.find(JointEntry), *uow.find(JointInvitation)]

        assert await rehearsal.bot.database.read(left) == []
        mail_servers.deliver(entry.organizer, b"From: a@b.example\r\nTo: x\r\n\r\nHei\r\n")
        await runner.until_idle()
        assert mail_servers.mailbox(mail_servers.address).messages == [], "late, it is deleted unread"


async def test_a_move_that_waits_is_told_with_the_place_changed_after_it(sqlite_database_url: str) -> None:
    async with begun(sqlite_database_url, call) as (_, runner, mail_servers):
        mail_servers.answer(UDI, "ACCEPTED")
        await runner.until_idle()
        (uid,) = (e.uid for e in mail_servers.invited(UDI))
        mail_servers.faults.starttls = False
        review = await change(runner, {"Når": runner.day(6, "13:00")})
        assert "På e-post:" in review.replace("*", "")
        assert "Kommer (0)" in overview(runner)
        assert "UDI · Saksbehandler (e-posten er ikke sendt ennå)" in overview(runner)
        assert "tilbyr ikke kryptering" in texts(runner, "vara-koordinator")
        await change(runner, {"Sted": "Møterom Nord"})
        mail_servers.faults.starttls = True
        await runner.until(runner.now() + RETRY)
        assert "ikke sendt ennå" not in overview(runner)
        assert "tilbyr ikke kryptering" not in texts(runner, "vara-koordinator")
        (entry,) = mail_servers.invited(UDI)
        assert (entry.uid, entry.partstat, entry.location) == (uid, "NEEDS-ACTION", "Møterom Nord")
        assert f"{entry.starts_at:%d %H}" == "07 12"
        subject, text = read(last(mail_servers, UDI))
        assert subject == "Endret: Møte"
        assert "Tid eller sted for møtet er endret, så vi ber om svaret ditt på nytt." in text
        mail_servers.answer(UDI, "ACCEPTED")
        await runner.until_idle()
        assert "Kommer (1)" in overview(runner)
        await change(runner, {"Sted": "Det store møterommet"})
        (entry,) = mail_servers.invited(UDI)
        assert (entry.uid, entry.location) == (uid, "Det store møterommet")
        assert entry.partstat == "ACCEPTED", "the answer stands"
        assert "Du er fortsatt påmeldt" in read(last(mail_servers, UDI))[1]
        assert "Kommer (1)" in overview(runner)


def last(mail_servers: MailServers, address: str) -> bytes:
    return next(sent.raw for sent in reversed(mail_servers.sent) if sent.recipient == address)


async def test_what_cannot_be_used_is_shown_and_changes_nothing(sqlite_database_url: str) -> None:
    async with begun(sqlite_database_url, call) as (_, runner, mail_servers):
        (entry,) = mail_servers.invited(UDI)
        mail_servers.answer_as(UDI, "kollega@udi.example", "ACCEPTED")
        text = f"From: {UDI}\r\nTo: {entry.organizer}\r\nSubject: Re\r\n\r\nJeg kommer, kråkeslottet\r\n"
        await runner.until_idle()
        for handle in ("koordinator", "vara-koordinator"):
            assert "Jeg kan ikke være sikker på hvem svaret er fra" in texts(runner, handle)
        mail_servers.deliver(entry.organizer, text.encode())
        await mail_servers.read()
        await runner.later(minutes=2)
        for handle in ("koordinator", "vara-koordinator"):
            said = texts(runner, handle)
            assert "jeg leser ikke hva som står der" in said
            assert "kråkeslottet" not in said
            assert "ikke være sikker" not in said, "of an hour the newest is shown"
        assert "ikke være sikker" not in texts(runner, "helse")
        assert "Kommer (0)" in overview(runner)
        await runner.later(minutes=1)
        await change(runner, {"Når": runner.day(6, "13:00")})
        stale = mail_servers.calendar(UDI).entries[entry.uid]
        mail_servers.calendar(UDI).entries[entry.uid] = entry
        mail_servers.answer(UDI, "ACCEPTED", uid=entry.uid)
        mail_servers.calendar(UDI).entries[entry.uid] = stale
        await runner.until_idle()
        assert "Svaret gjelder ikke nå" in texts(runner, "koordinator")
        assert "ikke være sikker" not in texts(runner, "koordinator"), "that was about the old time"
        await change(runner, {"Sted": "Møterom Nord"})
        assert "Svaret gjelder ikke nå" in texts(runner, "koordinator")
        assert "Kommer (0)" in overview(runner)
