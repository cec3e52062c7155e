"""The exercises of guidance and joint meetings, played, and nothing to read at rest."""

from __future__ import annotations

import pytest

from bot.cli.demo import rehearse
from sandbox.exercises import EXERCISES
from sandbox.exercises.fellesmote import AGENDA, TOPIC
from sandbox.exercises.veiledning import ANSWER, QUESTION
from tests.e2e import kit
from tests.e2e.at_rest import at_rest
from tests.e2e.drawable import all_can_be_drawn


@pytest.mark.parametrize("name", ["veiledning", "fellesmote"])
async def test_played(name: str, play_url: str) -> None:
    exercise = EXERCISES[name]
    async with rehearse(play_url, starts=exercise.STARTS, sandbox=kit.quick()) as rehearsal:
        await exercise.play(rehearsal.runner)
        all_can_be_drawn(rehearsal.runner.sandbox.workspace)
        assert await rehearsal.bot.database.outbox.given_up() == {}
        count, fault = await rehearsal.bot.database.log.verify()
        assert (count > 5, fault) == (True, None)
        while_running = at_rest(play_url)
        posted = (await kit.dump(rehearsal.bot))["posted"]
        assert len(posted) <= 3, "what is left is of no guidance and no meeting"
    for data in (while_running, at_rest(play_url)):
        assert len(data) > 10_000
        assert [t for t in (QUESTION, ANSWER, TOPIC, AGENDA) if t.encode() in data] == []
