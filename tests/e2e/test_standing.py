"""A mistake in a new version is seen before it has taken away what stands in Slack."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest
import typer

from bot import app
from bot.cli.demo import rehearse
from bot.cli.standing import look_at_what_stands
from bot.domain.notifications import Kind
from handlers.delivery.declarations import CaseMessage
from handlers.subjects import joined
from sandbox.exercises import EXERCISES
from tests.e2e import kit

#: Of those that stand when the exercise is over.
KINDS = (Kind.ACKNOWLEDGEMENT, Kind.INVITE, Kind.MINUTES, Kind.PART_OVER, Kind.SUMMONS)


def mistaken(kind: Kind) -> SimpleNamespace:
    """A version that has nothing of this kind to show."""
    message = joined().notifications[kind]
    assert isinstance(message, CaseMessage)
    shown = {**joined().notifications, kind: replace(message, show=lambda *_: None)}
    return SimpleNamespace(notifications=shown)


async def test_what_a_mistaken_version_would_take_away_is_told(
    sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise = EXERCISES["fredag-kveld"]
    async with rehearse(sqlite_database_url, starts=exercise.STARTS, sandbox=kit.quick()) as rehearsal:
        await exercise.play(rehearsal.runner)
        await rehearsal.idle()
        for kind in KINDS:
            monkeypatch.setattr(app, "joined", lambda kind=kind: mistaken(kind))
            assert list(await rehearsal.bot.unwanted()) == [kind]
        settings = rehearsal.bot.settings
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    for name in ("secret_key", "slack_bot_token", "slack_app_token"):
        value = getattr(settings, name).get_secret_value()
        monkeypatch.setenv(name.upper() if name.startswith("slack") else f"TOT_{name.upper()}", value)
    capsys.readouterr()
    with pytest.raises(typer.Exit) as left:
        await asyncio.to_thread(look_at_what_stands)
    assert left.value.exit_code == 1
    assert "this version would take away: summons ×3" in capsys.readouterr().err
