"""The bot is killed at every step of opening a case and of a reminder, and restarted.

From outside: the sandbox holds a call at the wanted step, or the test holds the database, and then comes
SIGKILL. The bot knows nothing of it. Afterwards every message is posted once, none is missing, and there is
one room.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from sandbox.model import Json
from sandbox.server import Sandbox
from tests.databases import sqlite_first
from tests.e2e import kit
from tests.e2e.killable_bot import KillableBot, killable_stage

COMES = "Du kommer på møtet i sak KODE."
CALENDAR = "En fil til kalenderen din."
SOON = "Møtet i sak KODE begynner kl. 10"
ROLL_CALL = ("Møtet begynner: hvem er her?", "Møtet er over: hvem kom?")
WHO_CAME = "Hvem kom til møtet i sak KODE?"
POST, UPDATE = "chat.postMessage", "chat.update"
#: Seconds, with a margin, of the wait for what a dead process had sent.
LANDS_WITHIN = 21
Where = Callable[[Json], bool]


def to(sandbox: Sandbox, handle: str) -> Where:
    """Match calls to somebody's direct messages, by the person's id or the channel's."""
    person = sandbox.person(handle)
    direct = sandbox.workspace.direct(sandbox.workspace.bot.id, person.id)
    return lambda arguments: arguments.get("channel") in (person.id, direct.id)


def to_a_room(arguments: Json) -> bool:
    return str(arguments["channel"]).startswith("C")


class StepKiller:
    """Sets the faults of a step in advance, and kills there."""

    def __init__(self, runner: ExerciseRunner, mortal: KillableBot) -> None:
        self.runner, self.sandbox, self.mortal = runner, runner.sandbox, mortal

    def at(self, kind: Kind, method: str, where: Where | None = None, times: int = 1) -> Fault:
        return self.sandbox.faults.add(Fault(kind, method, where=where, times=times))

    async def kill(self, *faults: Fault) -> None:
        await self.mortal.killed_at(*faults)

    async def kill_again(self, *steps: tuple[Kind, str, Where | None]) -> None:
        """Restart, and kill when it has reached all of these steps, as soon as it need not wait."""
        faults = [self.at(*step) for step in steps]
        await self.mortal.start()
        killed = asyncio.create_task(self.mortal.killed_at(*faults))
        while not (await asyncio.wait({killed}, timeout=1))[0]:
            self.sandbox.clock.move(timedelta(seconds=LANDS_WITHIN))
        await killed

    async def recover(self) -> None:
        """Restart, and let it come to rest: messages sent but not there are waited for."""
        await self.mortal.start()
        await self.runner.until_idle()
        await self.runner.later(seconds=LANDS_WITHIN)


@sqlite_first
async def test_every_message_stands_once_wherever_the_bot_was_killed(
    database_url: str, tmp_path: Path
) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        hangman = StepKiller(runner, mortal)
        await runner.until_idle()
        await opening(hangman)
        await confirming(hangman)
        await reminding(hangman)


async def opening(hangman: StepKiller) -> None:
    """Kill from «Send» to the room, its card and the questions."""
    runner, exit_ = hangman.runner, to(hangman.sandbox, "politi-exit")
    await kit.fill_in_case(runner, ["Politiet", "Barneverntjenesten"], when="i overmorgen kl 10")
    # Committed and acknowledged, but no call has had any effect.
    nothing = hangman.at("hang_before", "*", times=-1)
    await runner.sends(runner.person("koordinator"))
    sent = hangman.sandbox.workspace.deliveries[-1]
    await hangman.kill(nothing)
    await hangman.kill_again(("hang_before", "conversations.create", None), ("hang_before", POST, exit_))
    await hangman.kill_again(("hang_after", "conversations.create", None), ("hang_after", POST, exit_))
    await hangman.kill_again(("hang_before", "conversations.invite", None))
    await hangman.kill_again(("hang_after", "conversations.invite", None))
    await hangman.kill_again(("hang_before", POST, to_a_room))
    await hangman.kill_again(("hang_after", POST, to_a_room))
    await hangman.recover()
    # A person who never learnt that the form was sent sends it again.
    assert sent.name == "view_submission"
    await hangman.sandbox.sockets.replay(sent)
    await runner.until_idle()
    once_each(
        hangman,
        {
            "koordinator": [],
            "vara-koordinator": ["Det er opprettet en sak i TOT Bergen"],
            "politi-exit": ["trenger Politiet i en sak i TOT Bergen"],
            "barnevern": ["trenger Barneverntjenesten i en sak i TOT Bergen"],
        },
    )
    (room,) = kit.rooms(hangman.sandbox)
    assert kit.people_in(hangman.sandbox, room) == {"koordinator"}


async def confirming(hangman: StepKiller) -> None:
    """Kill from «Jeg bekrefter» to the summons and its calendar file."""
    runner, sandbox = hangman.runner, hangman.sandbox
    exit_, child = to(sandbox, "politi-exit"), to(sandbox, "barnevern")
    steps = [hangman.at("hang_before", UPDATE, exit_)]
    steps.append(hangman.at("hang_before", "files.getUploadURLExternal"))
    await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
    await hangman.kill(*steps)
    await hangman.kill_again(
        ("hang_after", UPDATE, exit_), ("hang_after", "files.getUploadURLExternal", None)
    )
    await hangman.kill_again(("hang_before", "upload", None))
    await hangman.kill_again(("hang_after", "upload", None))
    await hangman.kill_again(("hang_before", "files.completeUploadExternal", None))
    await hangman.kill_again(("hang_after", "files.completeUploadExternal", None))
    await hangman.recover()
    # Another person; the kill comes when the summons is in the question but nobody has been told so.
    files = hangman.at("hang_before", "files.getUploadURLExternal", times=-1)
    held = hangman.at("hang_after", UPDATE, child)
    await runner.person("barnevern").presses(kit.CONFIRM, in_="tot-bot")
    await hangman.kill(held)
    assert files.hits <= 1
    await hangman.recover()
    for handle in ("politi-exit", "barnevern"):
        await runner.person(handle).presses("Jeg kommer", in_="tot-bot")
    await runner.until_idle()
    both = [COMES, CALENDAR]
    once_each(hangman, {"politi-exit": both, "barnevern": both})
    (room,) = kit.rooms(sandbox)
    assert kit.people_in(sandbox, room) == {"koordinator", "politi-exit", "barnevern"}


async def reminding(hangman: StepKiller) -> None:
    """Kill around a reminder to three people before the meeting, and the question afterwards."""
    runner, sandbox, mortal = hangman.runner, hangman.sandbox, hangman.mortal
    people = ("koordinator", "politi-exit", "barnevern")
    steps = [
        hangman.at("hang_before", POST, to(sandbox, "koordinator")),
        hangman.at("hang_after", POST, to(sandbox, "politi-exit")),
    ]
    await move(hangman, runner.day(2, "09:00"))
    await hangman.kill(*steps)
    await hangman.recover()
    once_each(hangman, {who: [SOON] for who in people}, only=SOON)
    posted = await mortal.posted()
    held = hangman.at("slow", POST, to(sandbox, "koordinator"))
    await move(hangman, runner.day(0, "11:00"))
    await mortal.killed_before_mark(held, posted)
    await hangman.recover()
    once_each(hangman, {"koordinator": [WHO_CAME]}, only=WHO_CAME)
    # After the mark nothing is left to redo.
    await mortal.kill()
    await hangman.recover()
    once_each(hangman, {"koordinator": [WHO_CAME]}, only=WHO_CAME)
    soon = (m for m in sandbox.activity if m.kind == "message" and kit.heading(m.text).startswith(SOON))
    assert Counter(who for m in soon for who in m.seen_by) == dict.fromkeys(people, 1)


async def move(hangman: StepKiller, when: datetime) -> None:
    """Set the clock to `when`, and tell the process."""
    hangman.sandbox.clock.move_to(when + timedelta(seconds=1))
    await hangman.mortal.clock_moved()


def once_each(hangman: StepKiller, expected: dict[str, list[str]], only: str = "") -> None:
    """Assert exactly these direct messages for these people, each once, and one card in one room."""
    sandbox = hangman.sandbox
    for handle, lines in expected.items():
        found = [kit.heading(m.text).partition(" tirsdag")[0] for m in kit.direct(sandbox, handle)]
        assert Counter(line for line in found if line.startswith(only)) == Counter(lines), handle
    (room,) = kit.rooms(sandbox)
    posted = [m for m in sandbox.person("koordinator").messages(room) if m.sender == "tot-bot"]
    assert [h for m in posted if (h := kit.heading(m.text)) not in ROLL_CALL] == ["Sak KODE"]
