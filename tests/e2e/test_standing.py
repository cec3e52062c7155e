"""A faulty version is detected before it acts: what it would take away is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from bot import app
from bot.cli.demo import rehearse
from bot.cli.rehearse import rehearse as rehearse_restore
from bot.domain.notifications import Kind
from handlers.delivery.declarations import CaseMessage
from handlers.subjects import joined
from sandbox.exercises import EXERCISES
from tests.e2e import kit

#: Kinds still posted when the exercise is over.
KINDS = (Kind.ACKNOWLEDGEMENT, Kind.INVITE, Kind.MINUTES, Kind.PART_OVER, Kind.SUMMONS)


def mistaken(kind: Kind) -> SimpleNamespace:
    """Return a version that shows nothing for this kind."""
    message = joined().notifications[kind]
    assert isinstance(message, CaseMessage)
    shown = {**joined().notifications, kind: replace(message, show=lambda *_: None)}
    return SimpleNamespace(notifications=shown)


async def test_what_a_mistaken_version_would_take_away_is_told(
    sqlite_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    exercise = EXERCISES["fredag-kveld"]
    async with rehearse(sqlite_database_url, starts=exercise.STARTS, sandbox=kit.quick()) as rehearsal:
        await exercise.play(rehearsal.runner)
        await rehearsal.idle()
        for kind in KINDS:
            monkeypatch.setattr(app, "joined", lambda kind=kind: mistaken(kind))
            assert list(await rehearsal.bot.unwanted()) == [kind]
        settings = rehearsal.bot.settings
        await rehearsal.bot.database.back_up(tmp_path / "tot.backup")
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TOT_SECRET_KEY", str(settings.secret_key))
    for name in ("slack_bot_token", "slack_app_token"):
        monkeypatch.setenv(name.upper(), getattr(settings, name).get_secret_value())
    capsys.readouterr()
    with pytest.raises(typer.Exit) as left:
        await asyncio.to_thread(rehearse_restore, tmp_path / "tot.backup")
    assert left.value.exit_code == 1
    assert "their cases have not changed: summons ×3" in capsys.readouterr().err
    monkeypatch.setattr(app, "joined", joined)
    await asyncio.to_thread(rehearse_restore, tmp_path / "tot.backup")
