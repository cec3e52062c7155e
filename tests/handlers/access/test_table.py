"""Each row of the access table from Slack's side: refused and allowed; no row or entry point is left out."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path

import pytest

from bot.cli.demo import rehearse
from bot.domain.access import Action, Right
from bot.domain.audit import done
from handlers.slack.vocabulary import rows_of
from handlers.subjects import joined
from tests.databases import sqlite_url
from tests.e2e import kit
from tests.forks import reader_forked
from tests.handlers.access import checks, checks_lifecycle
from tests.handlers.access.workspace import Court
from tests.stories.standing import Standing, left

WHERE = "tests/handlers/access/checks….py"
#: Each function named after a row, or after several, is their trial; other rows are tried as declared.
_BY_HAND: Mapping[str, Callable[[Court], Awaitable[None]]] = {
    name: play
    for module in (checks, checks_lifecycle)
    for name, play in vars(module).items()
    if set(name.split("__")) <= set(Action)
}
_TRIED = {row for trial in _BY_HAND for row in trial.split("__")}
TRIALS: Mapping[str, Callable[[Court], Awaitable[None]]] = {
    **_BY_HAND,
    **{
        row: partial(checks.as_declared, row)
        for row in Action
        if row not in _TRIED and Right.ANYONE not in row.rights
    },
}
#: Trials where the bot mails, and where the police have not confirmed taushetsplikt.
BY_MAIL = {Action.ANSWER_BY_CALENDAR, Action.ANSWER_JOINT_BY_CALENDAR, Action.ANSWER_DRILL}
UNCONFIRMED = {Action.ACKNOWLEDGE_SEAT, Action.PASS_ON, Action.SAY_NOT_OURS}
#: Rows whose use case logs another name, or that nobody can be refused.
LOGGED_ELSEWHERE = {
    Action.SEE_ROOM: "removed",
    # A drill's holding is logged; the time of an answer would reveal how fast people are.
    Action.ANSWER_DRILL: Action.BEGIN_DRILL.value,
}
#: Entry points that lead to another row's object than their first one's → the trial that uses them.
USED_BY = {
    "/actions": Action.AGREE_ACTION,
    "agree_action": Action.AGREE_ACTION,
    "/deadline": Action.KEEP_PLACEMENT,
    "plan_meeting": Action.KEEP_PLACEMENT,
    "proposed_meeting": Action.CHANGE_PHASE,
    "open_case_from": Action.DECIDE_CONVENING,
    "form absence_deputies": Action.SET_ABSENCE,
}


def doors() -> dict[str, tuple[Action, ...]]:
    """Return every command, shortcut, button, form and event, named as in `Court.used`, with its rows."""
    subjects = joined()
    return {
        **{f"/{command.key}": rows_of(command.may) for command in subjects.commands},
        **{f"shortcut {shortcut.id}": rows_of(shortcut.may) for shortcut in subjects.shortcuts},
        **{button.id: rows_of(button.may) for button in subjects.buttons},
        **{f"form {form.id}": rows_of(form.may) for form in subjects.forms},
        **{f"event {event.kind}": rows_of(event.may) for event in subjects.events},
    }


def test_every_row_by_which_somebody_is_refused_has_one_trial() -> None:
    tried = [row for trial in TRIALS for row in trial.split("__")]
    assert sorted(tried) == sorted(row for row in Action if Right.ANYONE not in row.rights)


def test_what_is_no_rows_is_what_slack_tells_the_app_alone() -> None:
    no_rows = {door for door, rows in doors().items() if not rows}
    assert no_rows == {"event app_uninstalled", "event tokens_revoked"}


Opened = Callable[[bool], Standing]


@pytest.fixture(scope="session")
def opened(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Return the case, with the police confirmed or not."""

    @cache
    def standing(confirmed: bool) -> Standing:
        folder = tmp_path_factory.mktemp("court")
        return asyncio.run(_opened(Path(shutil.copy(migrated_sqlite, folder / "tot.db")), confirmed))

    return standing


async def _opened(database: Path, confirmed: bool) -> Standing:
    async with rehearse(sqlite_url(database), starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        await Court(rehearsal, database).opens(confirmed=confirmed)
        sandbox = rehearsal.runner.sandbox
        workspace, now = left(sandbox), sandbox.clock.now()
    return Standing(database.parent, workspace, now)


@pytest.fixture
def before(trial: str, opened: Opened) -> Standing | None:
    """Return the case before the trial; None where the bot mails: then it has to be opened."""
    return None if trial in BY_MAIL else opened(trial not in UNCONFIRMED)


@asynccontextmanager
async def _court(url: str, before: Standing | None) -> AsyncIterator[Court]:
    database = Path(url.removeprefix("sqlite:///"))
    if before is None:
        with reader_forked():
            async with rehearse(url, starts=kit.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:
                court = Court(rehearsal, database)
                await court.opens()
                yield court
        return
    before.copy_to(database.parent)
    async with rehearse(url, starts=before.at, sandbox=kit.quick(), furnish=before.furnish) as rehearsal:
        # A starting bot checks every room.
        await rehearsal.runner.until_idle()
        court = Court(rehearsal, database)
        court.stands()
        yield court


@pytest.mark.parametrize("trial", TRIALS)
async def test_a_row(trial: str, sqlite_database_url: str, before: Standing | None) -> None:
    async with _court(sqlite_database_url, before) as court:
        await TRIALS[trial](court)
        used, logged = court.used(), court.logged()
    for action in map(Action, trial.split("__")):
        declared = {door for door, rows in doors().items() if action in rows}
        by_it = {door for door, rows in doors().items() if rows and USED_BY.get(door, rows[0]) == action}
        assert sorted(by_it - used) == [], f"the trial of {action} in {WHERE} does not use them"
        assert declared & used or action in BY_MAIL, f"the trial of {action} uses nothing of its own"
        event = LOGGED_ELSEWHERE.get(action, done(action).value)
        rights = {right for name, right in logged if name == event}
        assert rights, f"{action} is not logged as {event}"
        assert action in LOGGED_ELSEWHERE or rights <= {r.value for r in action.rights}, rights
