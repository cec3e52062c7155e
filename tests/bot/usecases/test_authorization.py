"""One door: who gets in is decided, and named in the log, in one place."""

from __future__ import annotations

import re
from pathlib import Path

from bot.domain.access import Action, Right, under
from bot.domain.audit import SHOWN, Event, done
from bot.usecases import authorization

USECASES = Path(authorization.__file__).parent


def test_every_action_is_logged_by_its_own_name_unless_it_only_shows_something() -> None:
    shown = {Action.SEE_HELP, Action.SEE_HOME, Action.SET_LANGUAGE, Action.SEE_OWN_ASKS, Action.SEE_ROOM}
    shown |= {Action.SEE_OWN_LOG, Action.SEE_ROSTER, Action.SEE_REPORT, Action.SEE_ACTIONS, Action.SEE_JOINT}
    assert shown == SHOWN
    assert {done(action) for action in shown} == {Event.SERVED}
    assert all(done(action) == action for action in set(Action) - shown)
    assert {event.value for event in Event}.isdisjoint(action.value for action in Action)


def test_the_right_is_one_that_counts() -> None:
    everything = frozenset(Right)
    for action in Action:
        if Right.ANYONE not in action.rights:
            assert under(action, everything) in action.rights


def test_there_is_no_other_way_in() -> None:
    """Only the authorization asks the access table what somebody may do in a case."""
    asks = re.compile(r"\b(allows|rights_in_case)\b")
    asking = {path.name for path in USECASES.rglob("*.py") if asks.search(path.read_text())}
    assert asking == {"authorization.py"}
