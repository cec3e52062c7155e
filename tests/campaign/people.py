"""People who go on as people do while the bot is killed: they look, type, fill in, confirm, and try again."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter

from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.visibility import CouldNot
from tests.e2e import kit

CONTACTS = ("politi-exit", "politi-vakt", "barnevern", "sosialtjenesten", "helse")
#: Open cases are planned anew at each start: more of them only make starts longer.
MOST_CASES = 4
COULD_NOT = (CouldNot, TimeoutError, ConnectionError)


class People:
    """Acts until told to stop. `sent` and `unsure` are forms that open a case: taken, or who knows."""

    def __init__(self, runner: ExerciseRunner, chance: random.Random) -> None:
        self._runner = runner
        self._chance = chance
        self.did: Counter[str] = Counter()
        self.sent = self.unsure = 0

    async def act(self, until: float) -> None:
        while time.monotonic() < until:
            doing = self._chance.choice(
                (self._opens_case, self._confirms, self._looks, self._asks, self._writes)
            )
            name = doing.__name__.removeprefix("_").replace("_", " ")
            try:
                async with asyncio.timeout(25):
                    await doing()
                self.did[name] += 1
            except COULD_NOT:
                self.did[f"{name}, in vain"] += 1
            await asyncio.sleep(self._chance.uniform(0.1, 1.5))

    async def _opens_case(self) -> None:
        koordinator = self._runner.person("koordinator")
        if self.sent + self.unsure >= MOST_CASES:
            # Up to the review, which is a draft that is written.
            await kit.fill_in_case(self._runner, ["Politiet"], when="i overmorgen kl 10")
            await koordinator.closes(whole_stack=True)
            return
        agencies = self._chance.sample(["Politiet", "Barneverntjenesten", "Sosialtjenesten"], 2)
        await kit.fill_in_case(self._runner, agencies, when="i overmorgen kl 10")
        self.unsure += 1
        for _ in range(5):
            try:
                await self._runner.sends(koordinator)
            except COULD_NOT:
                # As anybody would: the form stands there still, and is sent again.
                await asyncio.sleep(1)
            else:
                break
        self.unsure -= 1
        self.has_sent(taken=koordinator.modal is None)

    def has_sent(self, *, taken: bool) -> None:
        """Count a form that opens a case. Where it is not closed at once, it says what has become of it."""
        self.sent += taken
        self.unsure += not taken

    async def _confirms(self) -> None:
        who = self._runner.person(self._chance.choice(CONTACTS))
        await who.presses(self._chance.choice((kit.CONFIRM, "Jeg kommer")), in_="tot-bot", within=0.1)

    async def _looks(self) -> None:
        await self._runner.person(self._chance.choice(CONTACTS)).opens_home()

    async def _asks(self) -> None:
        await self._runner.person(self._chance.choice(CONTACTS)).types("/tot hjelp")

    async def _writes(self) -> None:
        await self._runner.person(self._chance.choice(CONTACTS)).writes("hei")
