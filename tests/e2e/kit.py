"""Shared steps of the tests through the front door: opening a case as people do, and reading everything."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.app import Bot
from bot.cli.demo import PARTNERS, Rehearsal, rehearse
from bot.usecases.directory.partners.reader import read_partners
from bot.usecases.directory.partners.transfer import import_partners
from bot.usecases.ports import UnitOfWork
from sandbox.activity import Activity
from sandbox.exercises import steps
from sandbox.exercises.runner import ExerciseRunner
from sandbox.exercises.steps import confirm as confirm
from sandbox.people.person import Person
from sandbox.people.visibility import Seen
from sandbox.server import Sandbox
from storage.database import SqlDatabase
from storage.schema import columns
from storage.schema.documents import DRAFT
from storage.unit_of_work import SqlUnitOfWork
from tests import watched
from tests.stories.town import CONFIRM as CONFIRM
from tests.stories.town import IN_TIME as IN_TIME
from tests.stories.town import STARTS as STARTS
from tests.stories.town import quick as quick

SIX = ("Politiet", "Barneverntjenesten", "Sosialtjenesten", "Bistandsadvokaten", "Helsetjenesten", "UDI")
#: Tables that concern only the deliveries themselves.
_OF_DELIVERIES = frozenset({"audit", "ledgers", "receipts"})
Dump = dict[str, list[tuple[Any, ...]]]
_ROWS = {
    table.name: select(table).order_by(*table.primary_key)
    for table in columns.metadata.sorted_tables
    if table.name not in _OF_DELIVERIES
}


async def know_partners(database: SqlDatabase) -> None:
    """Import the example's team and partners."""
    await database.write(partial(import_partners, file=read_partners(PARTNERS.read_text("utf-8"))))


async def fill_in_case(runner: ExerciseRunner, agencies: Sequence[str], *, when: str, **fields: Any) -> None:
    """Fill in the form that opens a case, as the coordinator, up to «Se over og send»."""
    koordinator = runner.person("koordinator")
    await koordinator.types(f"/tot sak {when}")
    await koordinator.sees_modal("Opprett sak")
    await koordinator.fills({"Tjenester som spørres nå": list(agencies), "Sted": "Møterom Nord", **fields})
    await runner.sends(koordinator)
    await koordinator.sees_modal("Se over og send")


async def open_case(
    runner: ExerciseRunner, *agencies: str, when: str = "i overmorgen kl 10", **fields: Any
) -> str:
    """Open a case as the coordinator; return the name of its room."""
    await steps.opens(runner, agencies, when, **fields)
    return rooms(runner.sandbox)[-1]


async def press(runner: ExerciseRunner, handle: str, label: str) -> None:
    """Press a button in the direct messages with the bot, and wait for the effects."""
    await steps.presses(runner, label, handle)


async def send(runner: ExerciseRunner, person: Person) -> None:
    """Submit the open form, and wait for the effects."""
    await runner.sends(person)
    await runner.until_idle()


async def until(holds: Callable[[], bool], within: float = IN_TIME) -> None:
    """Wait until a condition holds, for `within` seconds; AssertionError if it does not."""
    for _ in range(int(within / 0.05)):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come to hold")


async def send_form(runner: ExerciseRunner, handle: str, command: str, room: str, **fields: Any) -> None:
    """Type a command in a room, fill in the form, submit it, and also its review, if any."""
    person = runner.person(handle)
    await person.types(command, in_=room)
    await person.sees_modal()
    await person.fills({label.replace("_", " "): value for label, value in fields.items()})
    await runner.sends(person)
    if person.modal is not None and person.modal.title in ("Se over og send", "Ta ut en tjeneste"):
        await runner.sends(person)


async def submit_form(runner: ExerciseRunner, handle: str, command: str, room: str, **fields: Any) -> None:
    """Do the same, and wait for the effects."""
    await send_form(runner, handle, command, room, **fields)
    await runner.until_idle()


def rooms(sandbox: Sandbox) -> list[str]:
    found = [c.name for c in sandbox.workspace.channels.values() if c.kind == "private"]
    watched.CODES.update(name.removeprefix("rom-") for name in found)
    return found


def the_room(runner: ExerciseRunner) -> str:
    """Return the name of the only room."""
    (room,) = rooms(runner.sandbox)
    return room


def people_in(sandbox: Sandbox, room: str) -> set[str]:
    """Return the handles of those in a room, without the bot."""
    return set(sandbox.workspace.members(room)) - {"tot-bot"}


def direct(sandbox: Sandbox, handle: str) -> list[Seen]:
    return [seen for seen in sandbox.person(handle).messages("tot-bot") if seen.sender == "tot-bot"]


def told(sandbox: Sandbox, handle: str, words: str) -> list[str]:
    """Return the bot's current direct messages to somebody that contain these words."""
    return [seen.text for seen in direct(sandbox, handle) if words in seen.text]


def heading(text: str) -> str:
    """Return a message's first line, without what differs between plays.

    A question begins with its time: then it is the line that says who is needed. A reminder's has no time.
    """
    plain = text.strip().replace("*", "")
    asked = re.search(
        r"^\S+ ((?:trenger|spør om du kan være vara for) .* i TOT Bergen)\.$", plain, re.MULTILINE
    )
    if asked is not None and re.match(r"Møte |Akutt: |Kan du være med\?", plain):
        return asked[1]
    return re.sub(r"(?<=Vi venter på svar fra deg): .*", "", neutral(plain.split("\n", 1)[0]))


def neutral(text: str) -> str:
    """Return a text without what differs between plays: the code, file names, the order of coordinators."""
    text = re.sub(r"\b(sak|rom-|Sak) ?(?=[a-z0-9]{4}\b)(rom-)?[a-z0-9]{4}\b", r"\1 KODE", text)
    text = re.sub(r"mote-[0-9a-f]{12}", "mote-X", text)
    return re.sub(
        r"(?<=\*Koordinerer:\* ).*", lambda match: " og ".join(sorted(match[0].split(" og "))), text
    )


def everything(sandbox: Sandbox) -> dict[str, list[str]]:
    """Return all that people see of the bot: rooms, direct messages, Homes; and who is in each room."""
    codes = re.compile("|".join(name.removeprefix("rom-") for name in rooms(sandbox)) or r"\Z")

    def plain(text: str) -> str:
        return neutral(codes.sub("KODE", text))

    seen: dict[str, list[str]] = {}
    for user in sandbox.workspace.users.values():
        if user.is_bot or user.deleted:
            continue
        person = sandbox.person(user.handle)
        for place in person.channels():
            read = sorted(plain(m.text) for m in person.messages(place) if m.sender == "tot-bot")
            seen[f"{user.handle} in {plain(place)}"] = read
        if person.home:
            seen[f"{user.handle} at home"] = [plain(person.home)]
    return seen


_UNDISTURBED: dict[object, dict[str, list[str]]] = {}


async def undisturbed(url: str, play: Callable[[Rehearsal], Awaitable[None]]) -> dict[str, list[str]]:
    """Return everything that people see after this play if nothing goes wrong; it is played once."""
    if play not in _UNDISTURBED:
        async with rehearse(f"{url}-undisturbed", starts=STARTS, sandbox=quick()) as rehearsal:
            await play(rehearsal)
            _UNDISTURBED[play] = everything(rehearsal.runner.sandbox)
    return _UNDISTURBED[play]


async def dump(bot: Bot, *, drafts: bool = True) -> Dump:
    """Return the rows of all tables except those that every delivery changes; optionally without drafts."""

    def read(uow: UnitOfWork) -> Dump:
        assert isinstance(uow, SqlUnitOfWork)
        connection = uow.documents._connection
        found = {name: [tuple(row) for row in connection.execute(rows)] for name, rows in _ROWS.items()}
        found["documents"] = [row for row in found["documents"] if drafts or row[0] != DRAFT]
        return found

    return await bot.database.read(read)


def new_messages(moments: Iterable[Activity]) -> Counter[str]:
    """Count each person's new messages and mails: an edit rings no phone."""
    new = (m for m in moments if m.kind == "mail" or (m.kind == "message" and m.who == "tot-bot"))
    return Counter(handle for moment in new for handle in moment.seen_by)


def pin_lines(moments: Iterable[Activity]) -> Counter[str]:
    """Count each person's Slack lines about a pin, separately from the bot's messages."""
    return Counter(handle for m in moments if m.kind == "pinned" for handle in m.seen_by)
