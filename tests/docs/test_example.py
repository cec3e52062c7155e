"""The subject of docs/architecture.md, run in place of the bot's own subject of that name."""

from __future__ import annotations

import pytest

from bot import app
from bot.cli.demo import rehearse
from handlers.persons import PERSONS
from handlers.slack.declarations import Subjects
from handlers.subjects import SUBJECTS, joined
from tests.docs import example
from tests.stories.town import STARTS, Town, quick


async def test_a_word_opens_its_form_which_changes_the_case_and_the_room_is_told(
    sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = (subject for subject in SUBJECTS if subject is not PERSONS)
    with_example = Subjects((*others, example.PERSONS), joined().without_word)
    monkeypatch.setattr(app, "joined", lambda: with_example)
    async with rehearse(sqlite_database_url, starts=STARTS, sandbox=quick()) as rehearsal:
        town = Town(rehearsal)
        await town.opens_case("Politiet")
        await town.politi_exit.confirms()
        refused = await town.politi_exit.types("/tot person", in_=town.room)
        assert "Dette er det koordinatoren som gjør" in refused
        await town.koordinator.types("/tot person", in_=town.room)
        assert town.koordinator.form.startswith("Flere personer")
        await town.koordinator.sends()
        assert "+ B" in town.politi_exit.reads(town.room)
