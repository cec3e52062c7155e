"""What the tests of mail share: a bot with mail servers, and what was sent."""

from __future__ import annotations

import email
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email.message import Message
from typing import Any

from bot.cli.demo import Rehearsal, rehearse
from sandbox.exercises import steps
from sandbox.exercises.runner import ExerciseRunner
from sandbox.mail.calendar import scheduling_part
from sandbox.mail.servers import MailServers, SentMail
from tests.e2e import kit
from tests.lock_screen import locked_phones_learn_nothing, mail_servers_learn_nothing

EXIT, WELFARE, UDI = "exit@politi.example", "kontakt@barnevern.example", "post@udi.example"


@asynccontextmanager
async def playing(
    database_url: str, **how: Any
) -> AsyncIterator[tuple[Rehearsal, ExerciseRunner, MailServers]]:
    settings = {"starts": kit.STARTS, "sandbox": kit.quick(), **how}
    async with rehearse(database_url, mail=True, **settings) as rehearsal:
        assert rehearsal.runner.mail is not None
        yield rehearsal, rehearsal.runner, rehearsal.runner.mail
        mail_servers_learn_nothing(rehearsal.runner.mail)
        locked_phones_learn_nothing(rehearsal.runner.sandbox.workspace)


async def called(runner: ExerciseRunner, *agencies: str, **fields: Any) -> str:
    """A case with a meeting in two days; police and child welfare, if in it, have confirmed taushetsplikt."""
    room = await kit.open_case(runner, *agencies, **fields)
    for agency, handle in (("Politiet", "politi-exit"), ("Barneverntjenesten", "barnevern")):
        if agency in agencies:
            await kit.confirm(runner, handle)
            await runner.until_idle()
    return room


async def by_phone(runner: ExerciseRunner) -> None:
    """The coordinator records that the one who is not on Slack has confirmed taushetsplikt."""
    koordinator = runner.person("koordinator")
    await koordinator.presses("Registrer svar", in_="tot-bot")
    await koordinator.sees_modal()
    await koordinator.fills(steps.CONFIRMS)
    await kit.send(runner, koordinator)


async def moves(runner: ExerciseRunner, room: str, when: str = "fredag kl 12") -> None:
    koordinator = runner.person("koordinator")
    await koordinator.types(f"/tot flytt {when}", in_=room)
    await koordinator.sees_modal("Flytt møte")
    await runner.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await kit.send(runner, koordinator)


def words_of(sent: list[SentMail]) -> list[tuple[str, str, int]]:
    """(recipient, method, SEQUENCE) of each mail that carries a calendar object."""
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
    """Every header and every part of a mail, decoded, and every file name."""
    mail: Message = email.message_from_bytes(raw)
    for part in mail.walk():
        for name, value in part.items():
            decoded = email.header.decode_header(value)
            yield (
                name
                + ": "
                + "".join(
                    text.decode(charset or "ascii", "replace") if isinstance(text, bytes) else text
                    for text, charset in decoded
                )
            )
        yield str(part.get_filename() or "")
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            text = content.decode()
            yield text
            yield text.replace("\r\n ", "")
