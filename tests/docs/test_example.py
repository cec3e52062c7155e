"""The subject of docs/architecture.md, run in place of the bot's own subject of that name."""

from __future__ import annotations

import pytest

from bot import app
from bot.cli.demo import rehearse
from handlers.persons import PERSONS
from handlers.slack.declarations import Subjects
from handlers.subjects import SUBJECTS, joined
from tests.docs import example
from tests.e2e import kit


async def test_a_word_opens_its_form_which_changes_the_case_and_the_room_is_told(
    sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = (subject for subject in SUBJECTS if subject is not PERSONS)
    with_example = Subjects((*others, example.PERSONS), joined().without_word)
    monkeypatch.setattr(app, "joined", lambda: with_example)
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner = rehearsal.runner
        room = await kit.open_case(runner, "Politiet")
        await kit.confirm(runner, "politi-exit")
        politi, koordinator = runner.person("politi-exit"), runner.person("koordinator")
        refused = await politi.types("/tot person", in_=room)
        assert refused is not None
        assert "Dette er det koordinatoren som gjør" in refused.text
        assert politi.modal is None
        await koordinator.types("/tot person", in_=room)
        await koordinator.sees_modal("Flere personer")
        await kit.send(runner, koordinator)
        assert "+ B" in [message.text for message in politi.messages(room)]
