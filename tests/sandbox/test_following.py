"""Whose columns are shown while an exercise is played, and where they open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sandbox.activity import Activity, ActivityKind
from sandbox.exercises.ways import Action
from sandbox.page.session import PACE

following = pytest.importorskip("sandbox.page.teaching", reason="NiceGUI (the extra «demo») is not installed")

PRESSES = Action("politi", "presses", "tot-bot", "Jeg kommer")


def _entry(kind: ActivityKind, place: str, *readers: str, who: str = "tot-bot") -> Activity:
    return Activity(datetime(2026, 12, 1, tzinfo=UTC), kind, who, place, "…", frozenset(readers))


def _wanted(step: Action, outcome: list[Activity], shown: list[str], *taken: str) -> list[str]:
    found: list[str] = following.wanted_columns(step, outcome, shown, set(taken))
    return found


def test_who_acts_is_shown_beside_who_acted_and_keeps_their_place() -> None:
    sent = [_entry("submits", "modal", "koordinator", who="koordinator")]
    sent += [_entry("message", "tot-bot", "politi"), _entry("message", "tot-bot", "barnevern")]
    assert _wanted(PRESSES, sent, ["koordinator"]) == ["koordinator", "politi"]
    assert _wanted(PRESSES, sent, ["politi", "koordinator"]) == ["politi", "koordinator"]


def test_who_has_got_something_is_shown_beside_who_goes_on() -> None:
    came = [_entry("message", "tot-bot", "helse")]
    goes_on = Action("koordinator", "types", "generelt", "/tot sak")
    assert _wanted(goes_on, came, ["koordinator", "politi"]) == ["koordinator", "helse"]


def test_when_time_passes_those_stay_who_are_shown() -> None:
    assert _wanted(Action("", "time", "", ""), [], ["koordinator", "politi"]) == ["koordinator", "politi"]


def test_a_part_that_somebody_plays_is_always_shown_and_an_outsider_never_by_itself() -> None:
    came = [_entry("message", "tot-bot", "helse"), _entry("updated", "rom-1", "koordinator", "politi")]
    assert _wanted(PRESSES, came, ["koordinator", "helse"], "barnevern") == ["politi", "barnevern"]
    assert "utenforstaende" not in _wanted(PRESSES, came, ["koordinator"])


def test_a_column_is_opened_where_the_newest_message_is() -> None:
    came = [_entry("message", "tot-bot", "helse"), _entry("updated", "rom-1", "helse", "politi")]
    assert following.newest_place(came, "helse") == "tot-bot"
    assert following.newest_place(came, "politi") == "rom-1"
    assert following.newest_place(came, "koordinator") == ""


def test_what_is_longer_stands_longer_and_nothing_less_than_the_least() -> None:
    assert PACE.seconds(1) == PACE.least
    assert 12 <= 300 / PACE.seconds(300) <= 17, "as subtitles"
