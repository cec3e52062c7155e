"""Two coordinators, through the front door: one is alerted at a time, and each sees who has the case."""

from __future__ import annotations

from bot.cli.demo import Rehearsal
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit


async def case_to_ring(runner: ExerciseRunner) -> str:
    """A case with an agency that only a call reaches; both coordinators have confirmed."""
    room = await kit.open_case(runner, "Politiet", "UDI")
    await kit.confirm(runner, "vara-koordinator")
    return room


def lists(runner: ExerciseRunner, handle: str) -> list[str]:
    return [m.text for m in kit.direct(runner.sandbox, handle) if "Ring disse" in m.text]


async def test_the_other_is_alerted_after_ten_minutes_if_nobody_has_taken_it(runner: ExerciseRunner) -> None:
    await case_to_ring(runner)
    (listed,) = lists(runner, "koordinator")
    assert "*Du har saken.*\nTrykk «Jeg ringer». Ellers får @vara-koordinator beskjed kl. 09:10." in listed
    assert lists(runner, "vara-koordinator") == []
    await runner.later(minutes=9)
    assert lists(runner, "vara-koordinator") == []
    await runner.later(minutes=2)
    (listed,) = lists(runner, "vara-koordinator")
    assert "*@koordinator har saken.*" in listed


async def test_who_says_that_they_ring_is_left_alone_for_a_while(runner: ExerciseRunner) -> None:
    await case_to_ring(runner)
    await kit.press(runner, "koordinator", "Jeg ringer")
    await runner.later(minutes=14)
    assert lists(runner, "vara-koordinator") == []
    await runner.later(minutes=20)
    assert len(lists(runner, "vara-koordinator")) == 1


async def test_the_other_takes_over_with_one_tap_and_both_see_it(runner: ExerciseRunner) -> None:
    room = await case_to_ring(runner)
    await kit.press(runner, "vara-koordinator", "Jeg tar over")
    (listed,) = lists(runner, "vara-koordinator")
    assert "*Du har saken.*" in listed
    (listed,) = lists(runner, "koordinator")
    assert "*@vara-koordinator har saken.*" in listed
    await runner.person("koordinator").opens_home()
    await runner.until_idle()
    home = runner.person("koordinator").home
    assert room.removeprefix("rom-") in home
    assert "@vara-koordinator har saken." in home


async def test_when_the_first_is_gone_the_other_has_the_list_at_once(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    await case_to_ring(runner)
    assert lists(runner, "vara-koordinator") == []
    await runner.person("koordinator").is_deactivated()
    await runner.until_idle()
    assert len(lists(runner, "vara-koordinator")) == 1
