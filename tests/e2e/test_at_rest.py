"""After each complete exercise nothing stored is readable: database, key store, backup.

With mail, once on PostgreSQL as well.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.demo import rehearse
from sandbox.exercises import EXERCISES
from tests.e2e import kit
from tests.e2e.at_rest import at_rest, readable, secrets_of
from tests.e2e.drawable import all_can_be_drawn


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_database_url")
    return found


#: Exercises that other tests play too, and a long one: checked only in slow tests.
ELSEWHERE = {"arsmelding", "forste-sak", "fredag-kveld", "veiledning", "fellesmote", "plassering", "vil-ikke"}
PLAYED = [
    *((name, "sqlite") for name in EXERCISES if name not in ELSEWHERE),
    *(
        pytest.param(name, kind, marks=pytest.mark.slow)
        for name, kind in (*((name, "sqlite") for name in sorted(ELSEWHERE)), ("kalendersvar", "postgres"))
    ),
]


@pytest.mark.parametrize(("name", "url"), PLAYED, indirect=["url"])
async def test_an_exercise_is_played_and_leaves_nothing_to_read(name: str, url: str, tmp_path: Path) -> None:
    exercise = EXERCISES[name]
    backup = tmp_path / "night.backup"
    async with rehearse(url, starts=exercise.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:
        runner = rehearsal.runner
        await exercise.play(runner)
        workspace = runner.sandbox.workspace
        all_can_be_drawn(workspace)
        secrets = secrets_of(workspace)
        while_running = at_rest(url)
        await rehearsal.bot.database.back_up(backup)
        count, fault = await rehearsal.bot.database.log.verify()
        assert (count > 5, fault) == (True, None)
        outside = runner.person("utenforstaende")
        seen = [m for place in outside.channels() for m in outside.messages(place) if not m.ephemeral]
        assert name == "veiledning" or seen == []
    for data in (while_running, at_rest(url), backup.read_bytes()):
        assert readable(data, secrets) == []
