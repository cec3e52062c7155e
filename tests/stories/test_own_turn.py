"""A human plays a part of an exercise: any way to the same form counts, and no form is left open."""

from __future__ import annotations

import asyncio

from sandbox.exercises import steps
from sandbox.exercises.step_gate import StepGate
from tests.stories import story
from tests.stories.town import CONFIRM, Town

AGENCIES = ["Politiet", "Helsetjenesten"]


class Stage:
    """An exercise in progress, in which humans play these parts: the people of the town."""

    def __init__(self, town: Town, *humans: str) -> None:
        self.box = town.runner.sandbox
        self.gate = StepGate(self.box.activity, self.box.workspace.changes)
        self.runner = town.runner.with_step_gate(self.gate)
        self.gate.play()
        for handle in humans:
            self.gate.take(handle)

    async def announced(self, who: str, kind: str, text: str = "") -> None:
        """Wait until this step is announced; a failure shows the announced step."""

        def there() -> bool:
            step = self.gate.next
            return step is not None and (step.who, step.kind) == (who, kind) and text in step.text

        assert await self.box.workspace.changes.until(there, 20.0), self.gate.next


@story()
async def test_a_button_counts_as_the_command_and_another_answer_does_not(town: Town) -> None:
    stage = Stage(town, "koordinator", "politi-exit")
    koordinator, police = town.koordinator.person, town.politi_exit

    async def plays() -> None:
        room = await steps.opens(stage.runner, AGENCIES, "i overmorgen kl 10")
        await steps.confirm(stage.runner, "politi-exit")
        await steps.presses(stage.runner, "Jeg kommer", "politi-exit")
        await steps.fills_in(stage.runner, "/tot fase", room, {"Fase": "Arbeidsfase"})

    playing = asyncio.create_task(plays())
    await stage.announced("koordinator", "types")
    await koordinator.opens_home()
    await koordinator.presses("Opprett sak", in_="home")
    await stage.announced("koordinator", "fills")
    await koordinator.fills({"Tjenester som spørres nå": AGENCIES, "Sted": "Møterom Nord"})
    await koordinator.fills({"Når": town.runner.day(2)})
    for title in ("Opprett sak", "Se over og send"):
        await stage.announced("koordinator", "submits", title)
        await koordinator.submits()
    await stage.announced("koordinator", "closes")
    await koordinator.closes(whole_stack=True)
    await stage.announced("politi-exit", "presses", CONFIRM)
    await police.person.presses(CONFIRM, in_="tot-bot")
    await stage.announced("politi-exit", "presses", "Jeg kommer")
    await police.does("Kan ikke", {"Hvorfor": "møte i retten", "i stedet": "Vakthavende"}, in_="tot-bot")
    assert stage.gate.next is not None
    assert (stage.gate.next.text, stage.gate.waits_for_human) == ("Jeg kommer", True)
    stage.gate.skip()
    await stage.announced("koordinator", "types", "/tot fase")
    # A form that is sent as it was has been filled in.
    await town.koordinator.types("/tot fase", in_=town.room)
    await stage.announced("koordinator", "fills")
    await koordinator.submits()
    await asyncio.wait_for(playing, 5.0)
    await town.rest()
    town.koordinator.sees("*Fase:* arbeidsfase", in_=town.room)


@story()
async def test_a_human_may_be_ahead_may_skip_and_may_give_back(town: Town) -> None:
    stage, human = Stage(town, "helse"), town.helse.person

    async def begins() -> asyncio.Task[None]:
        """Let an exercise begin in which @helse writes twice, or a human in @helse's role."""

        async def writes_twice() -> None:
            for text in ("en", "to"):
                await stage.runner.person("helse").writes(text, "generelt")

        playing = asyncio.create_task(writes_twice())
        await stage.announced("helse", "writes", "en")
        return playing

    playing = await begins()
    for text in ("én", "to"):
        await human.writes(text, "generelt")
    await asyncio.wait_for(playing, 5.0)
    playing = await begins()
    stage.gate.skip()
    await stage.announced("helse", "writes", "to")
    stage.gate.skip()
    await asyncio.wait_for(playing, 5.0)
    assert human.reads("generelt") == ["én", "to"]
    playing = await begins()
    await human.writes("en, med mine ord", "generelt")
    await stage.announced("helse", "writes", "to")
    stage.gate.give_back("helse")
    await asyncio.wait_for(playing, 5.0)
    assert human.reads("generelt")[2:] == ["en, med mine ord", "to"]
    assert stage.gate.next is None
    # Time waits at the gate too.
    stage.gate.pause()
    before = town.now
    moving = asyncio.create_task(stage.runner.later(hours=1))
    await stage.announced("", "time")
    assert (town.now - before).total_seconds() < 60
    stage.gate.step()
    await asyncio.wait_for(moving, 5.0)
    assert (town.now - before).total_seconds() >= 3600
