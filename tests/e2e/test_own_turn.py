"""A human plays a part of an exercise: whatever leads to the same counts, and no form is left open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.cli.demo import rehearse
from sandbox.exercises import EXERCISES, steps
from sandbox.exercises.runner import ExerciseRunner
from sandbox.exercises.step_gate import StepGate
from sandbox.people.person import Person
from tests.e2e import kit

ROOM = 20.0
"""Seconds that a step may take on a busy machine."""


@dataclass
class Stage:
    """An exercise that is played with a human in it."""

    runner: ExerciseRunner
    gate: StepGate

    async def announced(self, who: str, kind: str, text: str = "") -> None:
        """Wait until this step is announced; what stands announced instead is told."""
        found = await self.runner.sandbox.workspace.changes.until(
            lambda: (
                self.gate.next is not None
                and (self.gate.next.who, self.gate.next.kind) == (who, kind)
                and text in self.gate.next.text
            ),
            ROOM,
        )
        assert found, self.gate.next

    def human(self, handle: str) -> Person:
        """The same person, as somebody on the page plays them."""
        return self.runner.sandbox.person(handle)


@pytest.fixture
async def stage(play_url: str) -> AsyncIterator[Stage]:
    async with rehearse(
        play_url, starts=EXERCISES["forste-sak"].STARTS, sandbox=kit.quick(), mail=True
    ) as rehearsal:
        box = rehearsal.runner.sandbox
        gate = StepGate(box.activity, box.workspace.changes)
        gate.play()
        yield Stage(rehearsal.runner.with_step_gate(gate), gate)


async def _case(runner: ExerciseRunner) -> None:
    room = await steps.opens(runner, ["Politiet", "Helsetjenesten"], "i overmorgen kl 10")
    await steps.confirm(runner, "politi-exit")
    await steps.presses(runner, "Jeg kommer", "politi-exit")
    await steps.fills_in(runner, "/tot fase", room, {"Fase": "Arbeidsfase"})


async def test_a_button_counts_as_the_command_and_the_calendar_as_the_button(stage: Stage) -> None:
    stage.gate.take("koordinator")
    stage.gate.take("politi-exit")
    playing = asyncio.create_task(_case(stage.runner))
    await stage.announced("koordinator", "types")
    koordinator = stage.human("koordinator")
    await koordinator.opens_home()
    await koordinator.presses("Opprett sak", in_="home")

    await stage.announced("koordinator", "fills")
    agencies = {"Tjenester som spørres nå": ["Politiet", "Helsetjenesten"], "Sted": "Møterom Nord"}
    await koordinator.fills(agencies | {"Når": stage.runner.day(2)})
    for title in ("Opprett sak", "Se over og send"):
        await stage.announced("koordinator", "submits", title)
        await koordinator.submits()
    await stage.announced("koordinator", "closes")
    await koordinator.closes(whole_stack=True)

    await stage.announced("politi-exit", "presses", steps.CONFIRM)
    await stage.human("politi-exit").presses(steps.CONFIRM, in_="tot-bot")
    await stage.announced("politi-exit", "presses", "Jeg kommer")
    stage.runner.answers("politi-exit", "ACCEPTED", "outlook")
    await stage.runner.until_idle()
    await stage.announced("koordinator", "types", "/tot fase")
    playing.cancel()


async def test_a_form_that_is_sent_as_it_was_counts_and_another_answer_does_not(stage: Stage) -> None:
    stage.gate.take("koordinator")
    stage.gate.take("politi-exit")
    playing = asyncio.create_task(_case(stage.runner))
    await stage.announced("koordinator", "types")
    koordinator = stage.human("koordinator")
    await koordinator.types("/tot sak i overmorgen kl 10")
    await stage.announced("koordinator", "fills")
    await koordinator.fills({"Tjenester som spørres nå": ["Politiet"], "Sted": "Møterom Nord"})
    await koordinator.submits()
    await stage.announced("koordinator", "submits", "Se over og send")
    await koordinator.submits()
    await stage.announced("koordinator", "closes")
    await koordinator.closes(whole_stack=True)
    await stage.announced("politi-exit", "presses", steps.CONFIRM)
    await stage.human("politi-exit").presses(steps.CONFIRM, in_="tot-bot")

    await stage.announced("politi-exit", "presses", "Jeg kommer")
    police = stage.human("politi-exit")
    await police.presses("Kan ikke", in_="tot-bot")
    await police.fills({"Hvorfor kan du ikke?": "møte i retten", "Hvem kommer i stedet?": "vakt"})
    await police.submits()
    await stage.runner.until_idle()
    assert stage.gate.next is not None
    assert (stage.gate.next.text, stage.gate.waits_for_human) == ("Jeg kommer", True)
    playing.cancel()


async def test_done_for_a_human_nothing_is_left_open(stage: Stage) -> None:
    stage.gate.take("koordinator")
    playing = asyncio.create_task(_case(stage.runner))
    await stage.announced("koordinator", "types")
    koordinator = stage.human("koordinator")
    await koordinator.types("/tot rapport")
    await koordinator.sees_modal("Rapport")
    stage.gate.pause()  # in step mode too
    stage.gate.step()  # «Gjør det for meg»: the wrong form goes away, the right one is filled in and sent

    await stage.announced("politi-exit", "presses", steps.CONFIRM)
    assert stage.human("koordinator").modal is None
    assert len(steps.rooms(stage.runner)) == 1
    stage.gate.play()
    await stage.announced("koordinator", "types", "/tot fase")
    assert stage.gate.waits_for_human, "the next move is the human's again"
    playing.cancel()
