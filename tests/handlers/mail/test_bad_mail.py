"""A bad mail harms only itself: it is set aside, and the next is read."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.calendar.reply import LARGEST_MAIL, unreadable
from handlers.mail import reader
from handlers.mail.reader import MailReader, Unread, checked
from tests.e2e import kit
from tests.every import every
from tests.handlers.mail.kit import EXIT, calling, comes, logged

CANARY = "kanarifugl"


def nested(levels: int, head: str = "From: a@b.example\r\n") -> bytes:
    """Return multiparts within multiparts (RFC 2046, 5.1), which the parser enters one by one."""
    part = b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n'
    inside = b"".join(part % (n, n) for n in range(levels))
    return head.encode() + b"MIME-Version: 1.0\r\n" + inside + CANARY.encode()


def nested_calendar(levels: int) -> bytes:
    body = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + "BEGIN:VEVENT\r\n" * levels
    return f"From: a@b.example\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n{body}".encode()


#: Takes the parser some ten seconds of work.
SLOW = b"From: a@b.example\r\nContent-Type: text/calendar" + b'; a="b' * 200_000 + b"\r\n\r\nx"
#: Takes the parser minutes.
SLOWEST = b"From: a@b.example\r\nContent-Type: text/calendar" + b";" * 1_900_000 + b"\r\n\r\nx"
#: Mails that are odd in every way we could think of. The next mail must always be read.
ODD = {
    "100,000 nested multiparts": nested(100_000)[:2_000_000],
    "4,000 nested comments": b"From: " + b"(" * 4000 + b"a@b.example\r\n\r\nx",
    "2,000 nested events": nested_calendar(2000),
    "a line without end": b"From: a@b.example\r\nSubject: x\r\n\r\n" + b"x" * 1_900_000,
    "a header line without end": b"From: a@b.example\r\nSubject: " + b"x" * 1_900_000 + b"\r\n\r\nx",
    "a head without end": b"".join(b"X-%d: x\r\n" % n for n in range(150_000))[:1_990_000],
    "more than 2 MB of head": b"".join(b"X-%d: x\r\n" % n for n in range(250_000)),
    "more than 2 MB": b"From: a@b.example\r\n\r\n" + b"x" * 3_000_000,
    "a charset that there is not": b"Content-Type: text/calendar; charset=\xff\xfe\r\n\r\nBEGIN:VCALENDAR",
    "a codec that is none of text": b"Content-Type: text/calendar; charset=zip\r\n\r\nBEGIN:VCALENDAR",
    "surrogates": "From: \udcff@b.example\r\n\r\nx".encode("utf-8", "surrogatepass"),
    "NUL in every place": b"From: \0@b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
    b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:a\0b\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:\0@b\r\nEND:VEVENT\r\n"
    b"END:VCALENDAR\r\n",
    "no boundary": b"Content-Type: multipart/mixed\r\n\r\n--x\r\n",
    "an empty mail": b"",
    "many boundaries": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 30_000,
    "broken encoded words": b"From: =?x?b?" + b"=?" * 20_000 + b"\r\n\r\nx",
}


async def test_a_nest_of_multiparts_costs_itself_alone(sqlite_database_url: str) -> None:
    """It is kept, reported by its number, never by its content, and not read again.

    It needs no token; if it has an invitation's token the coordinator is told.
    """
    lines = logged()
    async with calling(sqlite_database_url, "Politiet") as (rehearsal, runner, mail_servers):
        to = mail_servers.invited(EXIT)[0].organizer
        mail_servers.deliver(mail_servers.address, nested(1000))
        mail_servers.deliver(to, nested(1000, f"From: {EXIT}\r\nTo: {to}\r\n"))
        await mail_servers.read(within=kit.IN_TIME)
        await runner.until_idle()
        koordinator = runner.person("koordinator")
        await koordinator.sees("Jeg klarte ikke å lese e-posten", in_="tot-bot")
        await koordinator.sees_no("slettet ulest", in_="tot-bot")
        await koordinator.sees_no(CANARY, in_="tot-bot")
        await comes(runner)
        kept = mail_servers.mailbox(mail_servers.address).messages
        assert all("\\Seen" in m.flags for m in kept)
        assert [CANARY.encode() in m.raw for m in kept if "\\Flagged" in m.flags] == [True, True]
        assert (await rehearsal.bot.health.state())["mails_set_aside"] == 2
        assert (await rehearsal.bot.health.state())["ok"]
    said = lines.getvalue()
    assert said.count("mailbox.set-aside") == 2
    assert "reference=1/1" in said
    assert CANARY not in said
    assert ".example" not in said


async def test_whatever_comes_the_next_is_read(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        to = mail_servers.invited(EXIT)[0].organizer
        for odd in ODD.values():
            mail_servers.deliver(mail_servers.address, odd)
            mail_servers.deliver(to, odd)
        await comes(runner, within=3 * kit.IN_TIME)


@pytest.mark.parametrize(
    ("longest", "strangers"),
    [(1.0, 0.3), pytest.param(reader.LONGEST_READ, reader.STRANGERS_READ, marks=pytest.mark.slow)],
)
async def test_a_strangers_slow_mails_hold_an_answer_up_for_seconds(
    sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch, longest: float, strangers: float
) -> None:
    """Each would take the parser minutes; they come to the bot's address, where anybody can send."""
    within = 2 * reader.LONGEST_READ
    monkeypatch.setattr(reader, "LONGEST_READ", longest)
    monkeypatch.setattr(reader, "STRANGERS_READ", strangers)
    async with calling(sqlite_database_url, "Politiet") as (_, runner, mail_servers):
        for _ in range(4):
            mail_servers.deliver(mail_servers.address, SLOWEST)
        await comes(runner, within)


def test_a_reader_has_neither_our_keys_nor_much_memory() -> None:
    mails = MailReader(threading.Event())
    try:
        unread = Unread(b"From: a@b.example\r\n\r\nx", 24, "tot@kommune.example", None)
        assert mails.read(unread).sender == "a@b.example"
        assert mails._process is not None
        process = Path(f"/proc/{mails._process.pid}")
        environment = process.joinpath("environ").read_bytes()
        assert b"TOT_" not in environment
        assert b"SLACK_" not in environment
        assert str(reader.MOST_MEMORY) in process.joinpath("limits").read_text("ascii")
        mails._process.kill()
        mails._process.wait()
        assert mails.read(unread).sender == "a@b.example", "no mail is to blame"
    finally:
        mails.close()


#: A reader taken over by a mail opens our files and reads our memory.
INTRUDER = """
import sys
from handlers.mail.confinement import give_up_files
print(give_up_files())
for way in ((sys.argv[1], "r"), (sys.argv[1] + "-new", "w"), (f"/proc/{sys.argv[2]}/environ", "r")):
    try:
        open(*way)
    except PermissionError:
        print("no")
"""
#: The bot, started like `tot run`, until its input ends.
KEEPING = """
import sys
from handlers.mail.confinement import disable_dumps
print(disable_dumps(), flush=True)
sys.stdin.read()
"""


def test_who_takes_the_reader_over_opens_none_of_our_files(tmp_path: Path) -> None:
    ours = tmp_path / "tot.db"
    ours.write_text("keys")
    bot = subprocess.Popen([sys.executable, "-c", KEEPING], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with bot:
        assert bot.stdout is not None
        assert bot.stdout.readline() == b"True\n"
        run = [sys.executable, "-c", INTRUDER, str(ours), str(bot.pid)]
        said = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
        assert bot.stdin is not None
        bot.stdin.close()
    if said[0] == "False":
        pytest.skip("this Linux has no Landlock")
    assert said == ["True", "no", "no", "no"]


@every(
    "answer",
    [
        pickle.dumps(unreadable()),
        b"{}",
        b'{"token": null, "sender": null, "trust": "vouched", "ignored": {}, "bounced": {}}',
        b'{"token": null, "sender": null, "trust": "surely", "ignored": {}}',
        b'{"token": null, "sender": null, "trust": "vouched", "reply": {"uid": "u", "sequence": 1}}',
        b'{"trust": "vouched", "held": {"doubt": "counter", "start": "9999-12-31T23:59:59Z"}}',
    ],
)
def test_an_answer_that_is_none_is_refused_and_never_unpickled(answer: bytes) -> None:
    with pytest.raises(ValueError, match=r"validation error|unpack|a year"):
        checked(answer)


#: A reader taken over by a mail accepts no more mails, and lives.
DEAF = """
import sys, time
from multiprocessing.connection import Connection
pipe = Connection(int(sys.argv[1]))
pipe.send_bytes(b"ready")
time.sleep(60)
"""


def test_one_that_takes_no_more_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_SERVE", DEAF)
    mails = MailReader(threading.Event())
    try:
        mail = Unread(b"From: a@b.example\r\n\r\n" + b"x" * LARGEST_MAIL, LARGEST_MAIL, "t@k.example", None)
        assert mails.read(mail, within=0.5) == unreadable()
        assert mails._process is None
    finally:
        mails.close()


async def test_it_stops_in_the_middle_of_one(sqlite_database_url: str) -> None:
    async with calling(sqlite_database_url, "Politiet") as (rehearsal, _, mail_servers):
        mail_servers.deliver(mail_servers.address, SLOW)
        (mail,) = mail_servers.mailbox(mail_servers.address).messages
        mailbox = rehearsal.bot.mailbox
        assert mailbox is not None
        await kit.until(lambda: mail.fetched and mailbox._reader._pipe is not None)
        async with asyncio.timeout(reader.LONGEST_READ / 2):
            await rehearsal.bot.stop()
        assert len(mail_servers.mailbox(mail_servers.address).unseen) == 1
