"""Each row of the access table from Slack's side: refused and allowed, and no row or door left out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml

from bot.cli.demo import rehearse
from bot.cli.manifest import MANIFEST
from bot.domain.access import Action, Right
from bot.domain.audit import done
from handlers.subjects import joined
from tests.e2e import kit
from tests.handlers.access.check import Trial
from tests.handlers.access.checks import TRIALS, entry_points_of
from tests.handlers.access.conftest import Opened
from tests.handlers.access.workspace import Court
from tests.stories.standing import Standing

WHERE = "tests/handlers/access/checks.py has no entry"
#: What is done by a use case that logs it under another name, or that is no one's to be refused.
LOGGED_ELSEWHERE = {
    Action.SEE_ROOM: "removed",
    # That a drill was held is logged; when somebody answered would tell how fast they are.
    Action.ANSWER_DRILL: Action.BEGIN_DRILL.value,
}


def test_every_row_has_a_trial() -> None:
    missing = sorted(set(Action) - set(TRIALS))
    assert missing == [], f"{WHERE} for {', '.join(missing)}"


def test_every_door_is_in_a_trial() -> None:
    named = set().union(*map(entry_points_of, TRIALS.values()))
    events = yaml.safe_load(MANIFEST.read_text("utf-8"))["settings"]["event_subscriptions"]["bot_events"]
    entry_points = {
        *(f"/{command.key}" for command in joined().commands),
        *(f"shortcut {shortcut.id}" for shortcut in joined().shortcuts),
        *(button.id for button in joined().buttons),
        *(f"form {form.id}" for form in joined().forms),
        *(f"event {name.partition('.')[0]}" for name in events),
    }
    missing = sorted(entry_points - named)
    assert missing == [], f"{WHERE} that uses {', '.join(missing)}"
    assert named - entry_points == set(), "tests/handlers/access/checks.py names what there is not"


@pytest.fixture
def before(action: Action, opened: Opened) -> Standing | None:
    """The case as it stands before the trial; None where the bot mails: then it has to open it."""
    trial = TRIALS[action]
    return None if trial.mail else opened(trial.confirmed)


@asynccontextmanager
async def _court(trial: Trial, url: str, before: Standing | None) -> AsyncIterator[Court]:
    database = Path(url.removeprefix("sqlite:///"))
    if before is None:
        async with rehearse(url, starts=kit.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:
            court = Court(rehearsal, database)
            await court.opens(confirmed=trial.confirmed)
            yield court
    else:
        before.copy_to(database.parent)
        async with rehearse(url, starts=before.at, sandbox=kit.quick(), furnish=before.furnish) as rehearsal:
            # A bot that comes looks at every room.
            await rehearsal.runner.until_idle()
            court = Court(rehearsal, database)
            court.stands()
            yield court


@pytest.mark.parametrize("action", TRIALS)
async def test_a_row(action: Action, sqlite_database_url: str, before: Standing | None) -> None:
    trial = TRIALS[action]
    async with _court(trial, sqlite_database_url, before) as court:
        await trial.play(court)
        missing = sorted(entry_points_of(trial) - court.used())
        assert missing == [], f"the trial of {action} does not use {', '.join(missing)}"
        if Right.ANYONE in action.rights:
            return
        event = LOGGED_ELSEWHERE.get(action, done(action).value)
        rights = {right for logged, right in court.logged() if logged == event}
        assert rights, f"{action} is not logged as {event}"
        assert action in LOGGED_ELSEWHERE or rights <= {r.value for r in action.rights}, rights
