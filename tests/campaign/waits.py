"""A form is sent while nothing can be written, so that its sender is told to wait: is the end told too?"""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from typing import Literal

from bot.domain.language import Language
from bot.texts.words import words
from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.person import Person
from tests.campaign.databases import Place
from tests.campaign.people import AGENCIES
from tests.campaign.processes import Bots
from tests.campaign.witness import STILL_WORKING, Verdict
from tests.e2e import kit

NOTHING = words(Language.NB)("wait-over.nothing", when="").split("*")[1]
DONE = words(Language.NB)("wait-over.done", when="").split("*")[1]
WHO = "koordinator"
How = Literal["killed", "closed", "left open"]
HOWS: list[How] = ["killed", "closed", "left open"]
#: Seconds for which nothing can be written after somebody has been told to wait.
HELD = (1.0, 4.0)


async def waits(
    runner: ExerciseRunner,
    bots: Bots,
    place: Place,
    chance: random.Random,
    at_rest: Callable[[], Awaitable[None]],
    verdict: Verdict,
    hows: list[How],
) -> int:
    """Return how many were told to wait; it is a violation where the end was not told, or another one."""
    told_to_wait = 0
    sandbox, person = runner.sandbox, runner.person(WHO)
    usual = dict(vars(sandbox.settings))
    vars(sandbox.settings).update(vars(kit.quick()))
    for how in hows:
        await bots.start(0)
        await sandbox.connected(within=kit.IN_TIME)
        await at_rest()
        sandbox.workspace.stacks.clear()
        await kit.fill_in_case(runner, AGENCIES, when="i overmorgen kl 10")
        rooms, messages = len(kit.rooms(sandbox)), len(said(runner))
        with place.locked():
            await runner.sends(person)
            if not _waits_in_form(person):
                verdict.add("waiting", f"{how}: nobody was told to wait, though nothing could be written")
                continue
            told_to_wait += 1
            await asyncio.sleep(chance.uniform(*HELD))
            if how == "killed":
                await bots.end(0, signal.SIGKILL)
            elif how == "closed":
                await person.closes(whole_stack=True)
        await bots.start(0)
        # Whether anybody has died is looked for every two seconds.
        await at_rest()

        def is_told(left_open: bool = how == "left open", before: int = messages) -> bool:
            return not _waits_in_form(person) if left_open else len(said(runner)) > before

        await sandbox.workspace.changes.until(is_told, kit.IN_TIME)
        await at_rest()
        new = said(runner)[messages:]
        opened = len(kit.rooms(sandbox)) - rooms
        if len(new) != (how != "left open") or _waits_in_form(person):
            verdict.add("waiting", f"{how}: told {new}, in the form: {_waits_in_form(person)}")
        if any((DONE in text) != bool(opened) or (NOTHING in text) == bool(opened) for text in new):
            verdict.add("told wrongly", f"{how}: {opened} opened, and told {new}")
    vars(sandbox.settings).update(usual)
    return told_to_wait


def _waits_in_form(person: Person) -> bool:
    return person.modal is not None and STILL_WORKING in person.modal.text


def said(runner: ExerciseRunner) -> list[str]:
    """The messages by which the coordinator was told how it ended."""
    return [m.text for m in kit.direct(runner.sandbox, WHO) if DONE in m.text or NOTHING in m.text]
