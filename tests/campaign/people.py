"""People who act normally while the bot is killed: they look, type, fill in, confirm, and try again."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.activity import names
from sandbox.exercises.runner import ExerciseRunner
from sandbox.model import Message
from sandbox.people.ui_actions import Target, buttons
from sandbox.people.visibility import CouldNot, Surface
from tests.campaign.processes import Hindrances
from tests.campaign.witness import COMES, Pressed, Witness
from tests.e2e import kit

#: The agencies that each case asks, the last one by telephone; and the people asked.
AGENCIES = ("Politiet", "Barneverntjenesten", "Botilbud 1")
ASKED = ("politi-exit", "barnevern", "vara-koordinator")
#: Nothing waits for them, so no answer of the bot has a question's button.
OTHERS = ("politi-vakt", "sosialtjenesten", "helse")
#: Open cases are planned again at each start: more cases only make starts longer.
MOST_CASES = 4
#: What is tried this often, while the bot can hear, must succeed every other time.
OFTEN = 10
COULD_NOT = (CouldNot, TimeoutError, ConnectionError)


@dataclass
class People:
    """Acts until told to stop. `sent` and `unsure` count forms that open a case: accepted, or unknown."""

    _runner: ExerciseRunner
    _chance: random.Random
    _witness: Witness
    _hindrances: Hindrances
    did: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    unsure: int = 0

    async def act(self, until: float) -> None:
        while time.monotonic() < until:
            acts = [self.opens_case, self._looks, self._asks, self._writes]
            doing = self._chance.choice([*acts, *[self._answers] * 2 * bool(self._questions())])
            name = doing.__name__.removeprefix("_").replace("_", " ")
            since, hindered = time.time(), self._hindrances.now or not self._runner.sandbox.sockets.count
            try:
                async with asyncio.timeout(25):
                    await doing()
                self.did[name] += 1
            except COULD_NOT:
                hindered |= self._hindrances.now or self._hindrances.within(since, time.time()) > 0
                self.did[f"{name}, {'hindered' if hindered else 'in vain'}"] += 1
            await asyncio.sleep(self._chance.uniform(0.1, 1.5))

    def in_vain(self) -> Iterator[str]:
        """Yield what people have tried often and seldom achieved: then the bot has hardly been tested."""
        for name in {each.partition(",")[0] for each in self.did}:
            achieved, in_vain = self.did[name], self.did[f"{name}, in vain"]
            if achieved + in_vain >= OFTEN and achieved < in_vain:
                yield f"{name}: {achieved} of {achieved + in_vain}"

    async def opens_case(self) -> None:
        koordinator = self._runner.person("koordinator")
        await kit.fill_in_case(self._runner, AGENCIES, when="i overmorgen kl 10")
        if self.sent + self.unsure >= MOST_CASES:
            # Up to the review, which writes a draft.
            await koordinator.closes(whole_stack=True)
            return
        self.unsure += 1
        for _ in range(5):
            try:
                await self._runner.sends(koordinator)
            except COULD_NOT:
                # As anybody would: the form is still there, and is sent again.
                await asyncio.sleep(1)
            else:
                break
        # If the form is not closed at once, it says what has become of it.
        taken = koordinator.modal is None
        self.sent += taken
        self.unsure -= taken

    async def _answers(self) -> None:
        """Confirm, or say that one comes, as anybody who is asked."""
        await self._answer(*self._questions()[0])

    async def answer_all(self) -> None:
        """Have everybody who is asked confirm, if they are heard."""
        for who, target in self._questions():
            if target.words == kit.CONFIRM:
                with contextlib.suppress(*COULD_NOT):
                    await self._answer(who, target)

    def _questions(self) -> list[tuple[str, Target]]:
        """Return the buttons before people, in random order."""
        found = []
        for who in ASKED:
            for seen in kit.direct(self._runner.sandbox, who):
                surface = Surface(seen.source, seen.source.blocks, seen.text, {})
                offered = buttons(surface, names(self._runner.sandbox.workspace))
                found += [(who, each) for each in offered if each.words in (kit.CONFIRM, COMES)]
        return self._chance.sample(found, len(found))

    async def _answer(self, who: str, target: Target) -> None:
        await self._runner.person(who).presses_this(target)
        message = target.surface.what
        assert isinstance(message, Message)
        self._witness.pressed.append(Pressed(message.channel, message.ts, target.words, time.time()))

    async def _looks(self) -> None:
        await self._runner.person(self._chance.choice(ASKED)).opens_home()

    async def _asks(self) -> None:
        await self._runner.person(self._chance.choice(ASKED)).types("/tot hjelp")

    async def _writes(self) -> None:
        await self._runner.person(self._chance.choice(OTHERS)).writes("hei")
