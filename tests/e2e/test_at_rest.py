"""Each complete exercise, with mail: no call fails, and nothing stored is readable.

Stored are the database, the key store and a backup; once on PostgreSQL as well.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.demo import rehearse
from sandbox.exercises import EXERCISES
from sandbox.server import Sandbox
from tests.e2e import kit
from tests.e2e.at_rest import at_rest, readable, secrets_of
from tests.e2e.kept_run import friday_evening_is_kept
from tests.lock_screen import assert_lock_screens_neutral, assert_mails_neutral


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_database_url")
    return found


#: Exercises of which stories tell the same, and a long one: played only in slow tests.
TOLD = {"arsmelding", "veiledning", "fellesmote", "plassering", "vil-ikke"}
PLAYED = [
    *((name, "sqlite", False) for name in EXERCISES if name not in TOLD),
    ("forste-sak", "sqlite", True),
    *(
        pytest.param(name, kind, twice, marks=pytest.mark.slow)
        for name, kind, twice in (
            *((name, "sqlite", False) for name in sorted(TOLD)),
            ("kalendersvar", "postgres", False),
            ("forste-sak", "postgres", True),
        )
    ),
]
#: Everybody's new messages in these, in direct messages, rooms and mail, without the room's message that the
#: case is closed, which people being removed at that moment may or may not see. An edit rings no phone.
#: Every later change keeps these numbers, or lowers them.
CLOSED = "*Saken er avsluttet.*"
NEW: dict[str, dict[str, int]] = {
    "forste-sak": {
        **{"koordinator": 12, "vara-koordinator": 11, "politi-exit": 10, "politi-vakt": 5, "barnevern": 8},
        **{"barnevernvakt": 7, "sosialtjenesten": 5, "bistandsadvokat": 8, "helse": 7, "udi": 2},
    },
    "fredag-kveld": {
        **{"koordinator": 8, "vara-koordinator": 1, "politi-exit": 7, "politi-vakt": 2, "barnevern": 3},
        **{"barnevernvakt": 6, "sosialtjenesten": 3, "bistandsadvokat": 8, "vakt@advokatene.example": 1},
    },
}


@pytest.mark.parametrize(("name", "url", "twice"), PLAYED, indirect=["url"])
async def test_an_exercise_is_played_and_leaves_nothing_to_read(
    name: str, url: str, twice: bool, tmp_path: Path
) -> None:
    """With `twice` Slack sends everything twice, at the same time."""
    exercise = EXERCISES[name]
    backup = tmp_path / "night.backup"
    async with rehearse(url, starts=exercise.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:
        runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
        workspace = sandbox.workspace
        workspace.deliver_twice = twice
        await exercise.play(runner)
        assert_lock_screens_neutral(workspace)
        assert runner.mail is not None
        assert_mails_neutral(runner.mail)
        secrets = secrets_of(workspace)
        while_running = at_rest(url)
        await rehearsal.bot.database.back_up(backup)
        count, fault = await rehearsal.bot.database.log.verify()
        assert (count > 5, fault) == (True, None)
        outside = runner.person("utenforstaende")
        seen = [m for place in outside.channels() for m in outside.messages(place) if not m.ephemeral]
        assert name == "veiledning" or seen == []
        calls = (c for c in workspace.calls if isinstance(c.answer, dict) or c.status != 200)
        failed = [c.method for c in calls if not c.ok]
        # A form opened twice is refused once, and a form that is closed takes no update.
        assert [method for method in failed if not (twice and method.startswith("views."))] == []
        if name in NEW:
            new = kit.new_messages(m for m in sandbox.activity if not m.text.startswith(CLOSED))
            assert (new, kit.pin_lines(sandbox.activity)) == (NEW[name], {"koordinator": 1})
        if name == "forste-sak":
            nothing_is_left(sandbox)
        if name == "fredag-kveld":
            friday_evening_is_kept(runner)
    for data in (while_running, at_rest(url), backup.read_bytes()):
        assert readable(data, secrets) == []


def nothing_is_left(sandbox: Sandbox) -> None:
    """Assert that Slack has nothing of a case that has been deleted, and that its room is archived."""
    left = {
        place: texts for place, texts in kit.everything(sandbox).items() if texts and "generelt" not in place
    }
    (nothing,) = left.pop("barnevernvakt in tot-bot")
    assert nothing.startswith("Ingenting venter på deg nå.")
    assert "KODE" not in "\n".join(left.pop("koordinator at home"))
    assert left == {}
    assert all(file.deleted for file in sandbox.workspace.files.values())
    (room,) = (c for c in sandbox.workspace.channels.values() if c.kind == "private")
    assert room.archived
    assert not [m for m in room.messages.values() if m.by_bot]
