"""Muted contacts: named in the review, passed over by the chain, kept nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit
from tests.e2e.test_escalation import LEADER_ASKED, card, headings, listed

ASKED = "trenger Politiet i en sak i TOT Bergen"


async def reviews(runner: ExerciseRunner) -> str:
    await kit.fill_in_case(runner, ("Politiet", "Barneverntjenesten"), when="i morgen kl 08:30")
    koordinator = runner.person("koordinator")
    return (await koordinator.sees_modal("Se over og send")).text


async def test_the_review_says_it_and_the_next_on_call_is_asked_instead(runner: ExerciseRunner) -> None:
    await runner.person("politi-exit").mutes(10)
    shown = await reviews(runner)
    assert "før 19:00. Ring, eller spør en annen." in shown
    assert "*Vakttelefon:* 55 00 00 01" in shown
    koordinator = runner.person("koordinator")
    await koordinator.presses("Spør en annen", near="Politiet")
    await koordinator.sees_modal("Hvem skal spørres?")
    await koordinator.fills({"Spør": "politi-vakt (vakthavende)"})
    await runner.sends(koordinator)
    await kit.until(lambda: koordinator.modal is not None and "@politi-vakt" in koordinator.modal.text)
    assert "dempet" not in (await koordinator.sees_modal("Se over og send")).text
    await kit.send(runner, koordinator)
    assert headings(runner, "politi-vakt") == [ASKED]
    assert headings(runner, "politi-exit") == []
    assert "dempet" not in card(runner, kit.rooms(runner.sandbox)[-1])


async def test_who_is_sent_to_although_muted_is_asked(runner: ExerciseRunner) -> None:
    await runner.person("politi-exit").mutes(10)
    await reviews(runner)
    await kit.send(runner, runner.person("koordinator"))
    assert headings(runner, "politi-exit") == [ASKED]


@pytest.mark.parametrize("how", ["failing", "slow"])
async def test_where_slack_does_not_tell_the_review_says_that_it_does_not_know(
    runner: ExerciseRunner, how: str
) -> None:
    await runner.person("politi-exit").mutes(10)
    fault = Fault("slow", "dnd.info", seconds=3.0) if how == "slow" else Fault("error", "dnd.info")
    runner.sandbox.faults.add(fault)
    assert "Slack sier ikke hvem som er dempet akkurat nå. Haster det, så ring." in await reviews(runner)


async def test_a_muted_next_contact_learns_nothing_and_the_leader_is_asked(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Politiet", "Barneverntjenesten", when="i morgen kl 08:30")
    await runner.person("politi-vakt").mutes(10)
    await runner.later(minutes=31)
    assert headings(runner, "politi-vakt") == []
    assert headings(runner, "politi-leder") == [LEADER_ASKED.replace("Barneverntjenesten", "Politiet")]
    assert "Ingen flere å spørre. Spurte lederen, @politi-leder, 09:30." in listed(runner)
    assert "*Vakttelefon:* 55 00 00 01" in listed(runner)


async def test_if_all_are_muted_the_coordinator_has_them_at_once_and_nobody_is_told(
    runner: ExerciseRunner, tmp_path: Path
) -> None:
    await kit.open_case(runner, "Politiet", "Barneverntjenesten", when="i morgen kl 08:30")
    for handle in ("politi-vakt", "politi-leder"):
        await runner.person(handle).mutes(10)
    await runner.later(minutes=31)
    for handle in ("politi-vakt", "politi-leder"):
        assert headings(runner, handle) == []
    assert "Du fikk beskjed 09:30." in listed(runner)
    asked = [c.arguments["user"] for c in runner.sandbox.workspace.calls if c.method == "dnd.info"]
    told = {runner.person(handle).id for handle in ("politi-exit", "politi-vakt", "politi-leder")}
    assert told < set(asked), "only those who are about to be told"
    assert len(asked) <= 8
