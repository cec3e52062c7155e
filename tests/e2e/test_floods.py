"""Whoever writes much, or asks for much, holds nobody else up."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.cli.demo import rehearse
from bot.domain.outside import MOST_A_DAY, MOST_OPEN
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit
from tests.e2e import test_convening as convening
from tests.e2e import test_guidance as guidance
from tests.e2e.test_guidance import texts

#: As many as wait for one conversation: at one a second, more than half a minute.
MANY = 40
INTRUDER = "Noen uten tilgang kom inn"
REFUSED = "flere tar jeg ikke imot"
ANOTHER = {"Hvilken etat spør?": "En etat som ikke står her"}


async def test_an_alert_goes_before_all_that_waits_for_the_same_conversation(play_url: str) -> None:
    settings = replace(kit.quick(), rate_limits=False)
    async with rehearse(play_url, starts=kit.STARTS, sandbox=settings) as rehearsal:
        runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
        room = await kit.open_case(runner, "Politiet")
        await kit.confirm(runner, "politi-exit")
        koordinator = runner.person("koordinator")
        before = len(kit.direct(sandbox, "koordinator"))
        settings.rate_limits = True
        for _ in range(MANY):
            await koordinator.writes("hei")
        came = sandbox.workspace.changes
        assert await came.until(lambda: len(kit.direct(sandbox, "koordinator")) > before + 1, kit.IN_TIME)
        began = time.monotonic()
        await runner.person("politi-exit").invites("udi", room)

        def alerted() -> bool:
            return any(INTRUDER in seen.text for seen in kit.direct(sandbox, "koordinator"))

        assert await came.until(alerted, kit.IN_TIME)
        took = time.monotonic() - began
        assert took <= 3.0, f"the alert came after {took:.1f} s"
        waiting = before + MANY - len(kit.direct(sandbox, "koordinator"))
        assert waiting > MANY / 2, "they wait their turn"
        settings.rate_limits = False


async def test_few_questions_of_one_person_wait_and_the_rest_are_told_what_to_do(
    runner: ExerciseRunner,
) -> None:
    asker = runner.person("utenforstaende")
    for _ in range(MOST_OPEN):
        await guidance.ask(runner, "utenforstaende")
        await convening.ask(runner, "utenforstaende", **ANOTHER)
    for command in ("/tot veiledning", "/tot kalle"):
        said = await asker.types(command)
        assert said is not None
        assert REFUSED in said.text
        assert "3" in said.text
        assert "Akutt: ring 112 eller barnevernvakten" in said.text
        assert "Koordinatorene har" in said.text
    asked = "ber om veiledning"
    assert texts(runner, "koordinator").count(asked) == MOST_OPEN
    await guidance.ask(runner, "helse")
    assert texts(runner, "koordinator").count(asked) == MOST_OPEN + 1, "everybody else can still ask"


async def test_an_answer_makes_room_for_another_question_up_to_five_a_day(runner: ExerciseRunner) -> None:
    asker = runner.person("utenforstaende")
    for _ in range(MOST_A_DAY):
        await guidance.ask(runner, "utenforstaende")
        await guidance.answer(runner)
        await guidance.close(runner)
    said = await asker.types("/tot veiledning")
    assert said is not None
    assert "5 ganger det siste døgnet" in said.text
    await runner.later(days=1)
    assert await asker.types("/tot veiledning") is None
    await asker.sees_modal("Be om veiledning")
