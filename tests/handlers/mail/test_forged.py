"""Answers that somebody else may have written are shown to the coordinators, never applied.

A mail's claims about itself count for nothing; the receiving server's verdict does (RFC 8601).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import cycle

from bot.domain.case.calendar import CalendarEntry, Post
from sandbox.exercises.runner import ExerciseRunner
from sandbox.mail import clients
from sandbox.mail.calendar import PartStat
from sandbox.mail.clients import Client
from sandbox.mail.servers import AUTHSERV_ID, MailServers
from tests.e2e.outside import call
from tests.handlers.mail.kit import ANSWERED, EXIT, UDI, begun, called, calling, comes, playing

#: The text that the person reads after each answer, so that successive answers are seen to be applied.
APPLIED: dict[PartStat, str] = {"ACCEPTED": ANSWERED, "TENTATIVE": "Du har svart «kanskje» i kalenderen"}
HELD = "Et svar på e-post er ikke registrert"
NOT_SURE = "Jeg kan ikke være sikker på hvem svaret er fra"
PASS = "dmarc=pass header.from=politi.example"
#: The server's findings about a mail, each in a separate header; «p» is the police's domain.
PASSES: dict[str, list[str]] = {
    "DMARC": [PASS],
    "DMARC, as a milter each": ["spf=pass smtp.mailfrom=p", PASS],
    "DKIM": ["dkim=pass header.d=p"],
    "DKIM of a domain below": ["spf=none; dkim=fail header.d=x.example; dkim=pass header.d=mail.p"],
    "SPF": ["spf=pass smtp.mailfrom=bounce@post.p"],
}
FAILS: dict[str, list[str]] = {
    "spf=fail; dkim=none": ["spf=fail smtp.mailfrom=p; dkim=none"],
    "nothing checked": ["none"],
    "DMARC fails": ["spf=pass smtp.mailfrom=p; dmarc=fail header.from=p"],
    "DMARC temperror": ["dkim=pass header.d=p; dmarc=temperror header.from=p"],
    "DMARC permerror": ["dmarc=permerror header.from=p"],
    "DMARC none": ["dkim=pass header.d=p; dmarc=none header.from=p"],
    "DMARC of another domain": ["dmarc=pass header.from=evil.example"],
    "DMARC of no domain": ["dmarc=pass"],
    "SPF softfail": ["spf=softfail smtp.mailfrom=p"],
    "SPF neutral": ["spf=neutral smtp.mailfrom=p"],
    "SPF of another domain": ["spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example"],
    "a domain that ends alike": ["dkim=pass header.d=evilp"],
    "a top domain": ["dkim=pass header.d=example"],
    "two results": ["dmarc=pass header.from=p; dmarc=fail header.from=p"],
    "two headers that differ": ["dmarc=fail header.from=p", PASS],
    "a comment that says pass": ["dmarc=fail (dmarc=pass header.from=p) header.from=p"],
    "a quoted string that says pass": ['spf=fail smtp.mailfrom="; dmarc=pass header.from=p"'],
    "no grammar": ["dmarc=pass header.from=p; ((("],
}


def answer(
    mail_servers: MailServers,
    runner: ExerciseRunner,
    head: str = "",
    client: Client = "google",
    said: PartStat = "ACCEPTED",
) -> tuple[str, bytes]:
    """Return the address and the mail that answers."""
    entry = mail_servers.invited(EXIT)[0]
    raw = clients.reply(client, entry, said, runner.sandbox.clock.now())
    return entry.organizer, head.encode() + raw


async def read(runner: ExerciseRunner, mail_servers: MailServers) -> str:
    """Read all mail that has come; return what the coordinator then sees."""
    await mail_servers.read()
    await runner.until_idle()
    assert mail_servers.mailbox(mail_servers.address).messages == []
    return "\n".join(runner.person("koordinator").reads("tot-bot"))


def written(found: Sequence[str]) -> list[str]:
    return [re.sub(r'([=@.]|evil)p(?=[;)"\s]|$)', r"\1politi.example", each) for each in found]


async def test_a_true_one_is_applied(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        for found, (said, seen) in zip(PASSES.values(), cycle(APPLIED.items())):
            mail_servers.deliver(*answer(mail_servers, runner, said=said), found=written(found))
            assert HELD not in await read(runner, mail_servers)
            await runner.person("politi-exit").sees(seen, in_="tot-bot")
            await runner.later(minutes=1)


async def test_nothing_else_is(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        for found in FAILS.values():
            mail_servers.deliver(*answer(mail_servers, runner), found=written(found))
        mail_servers.deliver(*answer(mail_servers, runner), sent_by="evil.example")
        mail_servers.deliver(*answer(mail_servers, runner), sent_by="")
        shown = await read(runner, mail_servers)
        assert shown.count(HELD) == 1
        assert NOT_SURE in shown.partition(HELD)[2]
        await runner.person("politi-exit").sees_no(ANSWERED, in_="tot-bot")


#: Claims of a mail about itself.
HEADS = (
    f"Authentication-Results: mx.evil.example; {PASS}\r\n",
    f"Authentication-Results: {AUTHSERV_ID}; {PASS}\r\n",
    f"authentication-results:\r\n {AUTHSERV_ID.upper()} 1;\r\n\t{PASS}\r\n",
    f"Authentication-Results: {PASS}\r\n",
    f"Authentication-Results: {AUTHSERV_ID}.evil.example; {PASS}\r\n",
    f"ARC-Authentication-Results: i=1; {AUTHSERV_ID}; {PASS}\r\n",
    f"Authentication-Results: (c) {AUTHSERV_ID}; {PASS}\r\n",
    "From: sjef@politi.example\r\n",
    # The server, which has no verdict on this mail, sees one line where Python sees two.
    f"Subject: x\rAuthentication-Results: {AUTHSERV_ID}; {PASS}\r\n",
)


async def test_a_header_that_came_with_the_mail_counts_for_nothing(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        for number, head in enumerate(HEADS, 1):
            to, raw = answer(mail_servers, runner, head)
            if head.startswith("Subject"):
                mail_servers.mailbox(mail_servers.address).put(f"Delivered-To: {to}\r\n".encode() + raw)
            else:
                mail_servers.deliver(to, raw, sent_by=None if head.startswith("From") else "evil.example")
            assert (await read(runner, mail_servers)).count(HELD) == number, head
            await runner.person("politi-exit").sees_no(ANSWERED, in_="tot-bot")
            await runner.later(hours=1)


async def test_without_the_setting_every_answer_is_held(sqlite_database_url: str) -> None:
    async with playing(sqlite_database_url, extra={"mail_authserv_id": None}) as (_, runner, mail_servers):
        await called(runner, "Politiet")
        mail_servers.answer(EXIT, "ACCEPTED", "google")
        held = (await read(runner, mail_servers)).partition(HELD)[2]
        assert NOT_SURE in held
        assert "Svaret var: kommer" in held.replace("*", "")
        await runner.person("politi-exit").sees_no(ANSWERED, in_="tot-bot")


async def test_a_flood_of_proposals_is_one_message(sqlite_database_url: str) -> None:
    """Thirty COUNTERs in the person's name, from elsewhere; then thirty genuine ones, and others again."""
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        to, raw = answer(mail_servers, runner, client="apple")
        for sent_by, shown in (("evil.example", False), (None, True)):
            for day in range(1, 31):
                counter = raw.replace(b"REPLY", b"COUNTER")
                counter = re.sub(rb"DTSTART:\d{8}", b"DTSTART:202701%02d" % day, counter)
                mail_servers.deliver(to, counter, sent_by=sent_by)
            await mail_servers.read()
            await runner.later(minutes=2)
            said = await read(runner, mail_servers)
            assert said.count(HELD) == 1
            assert ("Foreslått tid" in said) is shown
        # A stranger's mail hides no proposal.
        for sent_by in ("evil.example", ""):
            mail_servers.deliver(to, b"From: x@evil.example\r\n\r\nhei", sent_by=sent_by)
            mail_servers.deliver(to, raw, sent_by=sent_by)
        await mail_servers.read()
        await runner.later(minutes=2)
        assert "Foreslått tid" in (await read(runner, mail_servers)).partition(HELD)[2]
        await runner.later(hours=1)
        mail_servers.deliver(to, raw, sent_by="evil.example")
        assert (await read(runner, mail_servers)).count(HELD) == 2


async def test_a_time_that_no_clock_shows_keeps_nothing_back(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        to, raw = answer(mail_servers, runner, client="apple")
        for start in (b"99991231T235959Z", b"00010101T000000Z"):
            counter = re.sub(rb"DTSTART[^\r]*", b"DTSTART:" + start, raw.replace(b"REPLY", b"COUNTER"))
            mail_servers.deliver(to, counter)
            shown = await read(runner, mail_servers)
            assert HELD in shown
            assert "Foreslått tid" not in shown


def bounce(to: str, name: str) -> bytes:
    """Return a report as a mail server sends it (RFC 3464), about a mail with this Message-ID."""
    lines = [
        *("From: MAILER-DAEMON@evil.example", f"To: {to}", "MIME-Version: 1.0"),
        *('Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "", "--b"),
        *("Content-Type: message/delivery-status", "", "Reporting-MTA: dns; evil.example", ""),
        *(f"Final-Recipient: rfc822; {EXIT}", "Action: failed", "Status: 5.1.1", "", "--b"),
        *("Content-Type: text/rfc822-headers", "", f"Message-ID: <{name}>", "", "--b--", ""),
    ]
    return "\r\n".join(lines).encode()


async def test_a_forged_bounce_says_that_it_is_uncertain(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (rehearsal, runner, mail_servers):
        entry = mail_servers.invited(EXIT)[0]
        mail_servers.deliver(entry.organizer, bounce(entry.organizer, "another.0@kommune.example"))
        assert "usikkert" not in await read(runner, mail_servers)
        mail_servers.deliver(entry.organizer, bounce(entry.organizer, f"{entry.uid[:20]}.0@kommune.example"))
        shown = await read(runner, mail_servers)
        assert "Det er usikkert om invitasjonen kom fram" in shown
        assert "Invitasjonen kom ikke fram" not in shown
        (kept,) = await rehearsal.bot.database.read(lambda uow: uow.find(CalendarEntry))
        assert kept.post is Post.SENT
        await comes(runner)


async def test_a_joint_meetings_answer_is_judged_alike(sqlite_database_url: str) -> None:
    async with begun(sqlite_database_url, call) as (_, runner, mail_servers):
        entry = mail_servers.invited(UDI)[0]
        raw = clients.reply("google", entry, "ACCEPTED", runner.sandbox.clock.now())
        mail_servers.deliver(entry.organizer, raw, sent_by="evil.example")
        shown = await read(runner, mail_servers)
        assert NOT_SURE in shown
        assert "Kommer (0)" in shown
        mail_servers.deliver(entry.organizer, bounce(entry.organizer, f"{entry.uid[:20]}.0@kommune.example"))
        await mail_servers.read()
        await runner.later(minutes=2)
        shown = await read(runner, mail_servers)
        assert "Det er usikkert om invitasjonen kom fram" in shown
        assert "Disse fikk ikke e-posten" not in shown
        mail_servers.deliver(entry.organizer, raw)
        assert "Kommer (1)" in await read(runner, mail_servers)
