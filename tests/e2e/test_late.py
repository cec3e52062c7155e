"""A meeting begins before somebody has answered: none of their buttons is a dead end."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cli.demo import rehearse
from sandbox.exercises import steps
from sandbox.exercises.runner import ZONE, ExerciseRunner
from tests.e2e import kit

FRIDAY = datetime(2026, 12, 4, 21, 0, tzinfo=ZONE)


async def test_who_comes_late_reads_where_and_says_that_they_are_there(play_url: str) -> None:
    async with rehearse(play_url, starts=FRIDAY, sandbox=kit.quick(), mail=False) as rehearsal:
        runner = rehearsal.runner
        room = await kit.open_case(runner, "Politiet", "Barnevernvakten", when="i kveld kl 22:30")
        await steps.confirm(runner, "barnevernvakt")
        vakt = runner.person("barnevernvakt")
        await runner.until(FRIDAY + timedelta(minutes=88))
        assert _with_button(runner, "Jeg kommer") == 1  # one place to answer, the reminder
        before = {m.ts for m in kit.direct(runner.sandbox, "barnevernvakt")}

        await runner.until(FRIDAY + timedelta(minutes=91))
        now = await vakt.sees("Møtet er i gang.", in_="tot-bot")
        assert "Hvor:" in str(now)
        assert _with_button(runner, "Jeg kommer") == 0
        assert _with_button(runner, "Jeg er til stede") == 1
        assert {m.ts for m in kit.direct(runner.sandbox, "barnevernvakt")} < before  # edited, not added

        await vakt.presses("Jeg er til stede", in_="tot-bot")
        await vakt.sees("Barnevernvakten (@barnevernvakt)", in_=room)
        await runner.until_idle()
        assert _with_button(runner, "Jeg er til stede") == 0
        there = await vakt.sees("Du er til stede på møtet", in_="tot-bot")
        assert "hjelper det med en vara" not in str(there)
        await runner.person("koordinator").sees("Barnevernvakten:* er på møtet", in_=room)
        assert "du er til stede" in await vakt.opens_home()
        # About somebody who has not confirmed taushetsplikt yet.
        await runner.person("politi-exit").sees("Møtet begynte i dag kl. 22:30", in_="tot-bot")


def _with_button(runner: ExerciseRunner, label: str) -> int:
    return sum(f"[ {label} ]" in m.text for m in kit.direct(runner.sandbox, "barnevernvakt"))
