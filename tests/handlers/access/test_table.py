"""Each row of the access table from Slack's side: refused and allowed, and no row or door left out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.cli.demo import rehearse
from bot.cli.manifest import MANIFEST
from bot.domain.access import Action, Right
from bot.domain.audit import done
from handlers.subjects import joined
from tests.e2e import kit
from tests.handlers.access.checks import TRIALS, entry_points_of
from tests.handlers.access.workspace import Court

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


@pytest.mark.parametrize("action", TRIALS)
async def test_a_row(action: Action, sqlite_database_url: str, tmp_path: Path) -> None:
    trial = TRIALS[action]
    async with rehearse(
        sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick(), mail=trial.mail
    ) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens(confirmed=trial.confirmed)
        await trial.play(court)
        missing = sorted(entry_points_of(trial) - court.used())
        assert missing == [], f"the trial of {action} does not use {', '.join(missing)}"
        if Right.ANYONE in action.rights:
            return
        event = LOGGED_ELSEWHERE.get(action, done(action).value)
        rights = {right for logged, right in court.logged() if logged == event}
        assert rights, f"{action} is not logged as {event}"
        assert action in LOGGED_ELSEWHERE or rights <= {r.value for r in action.rights}, rights
