"""Messages in Slack read the same until something is due; a faulty version is detected before it acts.

The exception is «i dag»: a message written earlier has the date, which stays true.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from bot import app
from bot.cli.demo import Rehearsal, rehearse
from bot.cli.rehearse import rehearse as rehearse_restore
from bot.domain.case.entities import Case
from bot.domain.notifications import Kind
from bot.texts.words import Words
from bot.usecases.notifications import standing_notification
from bot.usecases.ports import UnitOfWork
from handlers.delivery.declarations import CaseMessage
from handlers.delivery.wanted import Wanted
from handlers.subjects import joined
from sandbox.exercises import EXERCISES
from tests.databases import StillClock
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


#: The chair of a meeting in progress is shown times that still lie ahead; a message past its date is updated
#: by the hourly round.
CHANGES_BY_ITSELF = {Kind.QUORUM, Kind.DELETION_SOON, Kind.CASE_CLOSED}
LATER = [timedelta(hours=hours) for hours in (0, 1, 6, 14, 30, 80)]


async def _reads_otherwise(rehearsal: Rehearsal) -> set[tuple[timedelta, Kind]]:
    """Return what would be overwritten, now and until something is due, and how much later."""
    bot = rehearsal.bot
    deliverer: Any = bot.dispatcher._deliveries
    services, found = deliverer._services, set()
    due = min((each.next_at for each in await bot.database.outbox.upcoming(500)), default=None)

    def stale(uow: UnitOfWork, at: datetime) -> set[Kind]:
        wanted = Wanted(replace(services, clock=StillClock(at)), deliverer._registry)
        cases = (case.id for case in uow.find(Case, purged_at=None))
        return {each.kind for id in cases for each in wanted.stale(uow, standing_notification(id))}

    for later in LATER:
        at = services.clock.now() + later
        if due is not None and at >= due:
            break
        found |= {(later, kind) for kind in await bot.database.read(partial(stale, at=at))}
    return {(later, kind) for later, kind in found if kind not in CHANGES_BY_ITSELF}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["forste-sak", "fredag-kveld", "veiledning"])
async def test_what_stands_reads_the_same_until_something_is_due(
    name: str, sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise, found, rests = EXERCISES[name], set(), 0
    monkeypatch.setattr(Words, "_near", lambda *_: None)
    monkeypatch.setattr(Words, "today_or", lambda self, day, _zone: self.day(day))
    async with rehearse(sqlite_database_url, starts=exercise.STARTS, sandbox=kit.quick()) as rehearsal:
        idle = rehearsal.idle

        async def looked_at() -> None:
            nonlocal rests
            await idle()
            rests += 1
            if rests % 3 == 0:
                found.update(await _reads_otherwise(rehearsal))

        monkeypatch.setattr(rehearsal, "idle", looked_at)
        await exercise.play(rehearsal.runner)
    assert rests > 15
    assert found == set()
