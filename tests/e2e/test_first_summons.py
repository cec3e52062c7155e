"""From the notification to «Jeg kommer»: two acts, two taps, one message in one place."""

from __future__ import annotations

import pytest

from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit

QUESTION = "trenger Politiet i en sak i TOT Bergen"
SUMMONS = "Kommer du på møtet i sak KODE?"
MOVED = "Ny tid i sak KODE"
DONE = "Du bekreftet taushetsplikten for denne saken"


def told(runner: ExerciseRunner, handle: str = "politi-exit") -> list[str]:
    return [kit.heading(m.text) for m in kit.direct(runner.sandbox, handle) if "kalenderen" not in m.text]


async def test_two_taps_in_the_same_message(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    (asked,) = kit.direct(runner.sandbox, "politi-exit")
    assert kit.heading(asked.text) == QUESTION
    await kit.confirm(runner, "politi-exit")
    assert told(runner) == [SUMMONS]
    stands = kit.direct(runner.sandbox, "politi-exit")[0]
    assert stands.ts == asked.ts, "edited where it stood"
    assert DONE in stands.text
    await kit.press(runner, "politi-exit", "Jeg kommer")
    (answered,) = [m for m in kit.direct(runner.sandbox, "politi-exit") if m.ts == asked.ts]
    assert "Du kommer på møtet" in answered.text


async def test_a_move_is_a_message_of_its_own_and_leaves_nothing_behind(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    asked = kit.direct(runner.sandbox, "politi-exit")[0].ts
    await kit.submit_form(runner, "koordinator", "/tot flytt om 3 dager kl 12", room)
    assert sorted(
        kit.heading(m.text).partition(" tirsdag")[0].partition(":")[0]
        for m in kit.direct(runner.sandbox, "politi-exit")
        if "kalender" not in m.text
    ) == [MOVED]
    (new,) = [m for m in kit.direct(runner.sandbox, "politi-exit") if kit.heading(m.text).startswith(MOVED)]
    assert new.ts != asked


async def test_where_slack_lets_it_be_edited_no_more_the_summons_is_posted(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    asked = kit.direct(runner.sandbox, "politi-exit")[0].ts
    runner.sandbox.faults.add(
        Fault(
            "error",
            "chat.update",
            code="edit_window_closed",
            times=-1,
            where=lambda args: args["ts"] == asked,
        )
    )
    await kit.confirm(runner, "politi-exit")
    assert told(runner) == [SUMMONS]
    assert asked not in {m.ts for m in kit.direct(runner.sandbox, "politi-exit")}
    await kit.press(runner, "politi-exit", "Jeg kommer")
    assert told(runner) == ["Du kommer på møtet i sak KODE."]


async def test_nothing_of_it_is_left_when_the_part_is_over(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    await kit.submit_form(runner, "koordinator", "/tot ut", room, Tjeneste="Politiet")
    (left,) = kit.direct(runner.sandbox, "politi-exit")
    assert left.text.startswith(f"*Dere er ferdige i sak {room.removeprefix('rom-')} i TOT Bergen.*")


@pytest.mark.parametrize("fault", ["5xx_after", "reset_after", "hang_after"])
async def test_an_edit_of_uncertain_end_is_made_again_and_rings_no_phone(
    runner: ExerciseRunner, fault: str
) -> None:
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    asked = kit.direct(runner.sandbox, "politi-exit")[0].ts
    runner.sandbox.faults.add(
        Fault(fault, "chat.update", where=lambda args: args["ts"] == asked, seconds=0.1)  # type: ignore[arg-type]
    )
    await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
    await runner.later(seconds=90)
    assert told(runner) == [SUMMONS]
    assert kit.direct(runner.sandbox, "politi-exit")[0].ts == asked


async def test_after_the_meeting_a_question_that_nobody_answered_is_acute_no_more(
    runner: ExerciseRunner,
) -> None:
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await runner.until(runner.day(2, "11:01"))
    (asked,) = kit.direct(runner.sandbox, "politi-exit")
    assert "Akutt" not in asked.text
    assert "Møtet torsdag 3. desember kl. 10 er over." in asked.text
