"""A refusal of Slack's about one person costs that person alone, and is told in true words, once."""

from __future__ import annotations

import pytest

from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from sandbox.model import Json
from tests.e2e import kit

STRANGER = "er i saksrommet for"
NOT_DELIVERED = "kom ikke fram"
NOT_LET_IN = "kommer ikke inn i saksrommet"


def told(runner: ExerciseRunner, words: str) -> list[str]:
    return [seen.text for seen in kit.direct(runner.sandbox, "koordinator") if words in seen.text]


def card(runner: ExerciseRunner, room: str) -> str:
    read = runner.person("koordinator").messages(room)
    return next(seen.text for seen in reversed(read) if seen.text.startswith("Sak "))


@pytest.mark.parametrize("code", ["restricted_action", "user_is_restricted", "cant_kick_this_one"])
async def test_one_who_cannot_be_taken_out_keeps_nobody_else_in_or_out(
    runner: ExerciseRunner, code: str
) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    stays = runner.person("udi").id

    def theirs(arguments: Json) -> bool:
        return bool(arguments.get("user") == stays)

    faults = runner.sandbox.workspace.faults
    fault = faults.add(Fault("error", "conversations.kick", times=-1, where=theirs, code=code))
    for handle in ("udi", "utenforstaende"):
        await runner.person("politi-exit").invites(handle, room)
    await runner.until_idle()
    await kit.confirm(runner, "barnevern")
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "politi-exit", "barnevern", "udi"}
    assert "*Barneverntjenesten:* har ikke svart" in card(runner, room)
    assert len(told(runner, STRANGER)) == 1
    assert told(runner, NOT_DELIVERED) == []
    faults.remove(fault)
    await runner.person("politi-exit").invites("utenforstaende", room)
    await runner.until_idle()
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "politi-exit", "barnevern"}


@pytest.mark.parametrize("code", ["cant_invite", "ura_max_channels", "not_allowed_here"])
async def test_one_who_cannot_be_let_in_is_shown_so_and_told_of_once(
    runner: ExerciseRunner, code: str
) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    outside = runner.person("politi-exit").id

    def theirs(arguments: Json) -> bool:
        return outside in str(arguments.get("users"))

    faults = runner.sandbox.workspace.faults
    fault = faults.add(Fault("error", "conversations.invite", times=-1, where=theirs, code=code))
    await kit.confirm(runner, "politi-exit", "barnevern")
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "barnevern"}
    assert card(runner, room).count("Slack slipper ikke inn:") == 1
    assert "Slack slipper ikke inn: @politi-exit" in card(runner, room)
    (message,) = told(runner, NOT_LET_IN)
    assert "@politi-exit (Politiet)" in message
    assert told(runner, NOT_DELIVERED) == []
    await runner.later(hours=3)
    assert len(told(runner, NOT_LET_IN)) == 1

    faults.remove(fault)
    await kit.press(runner, "barnevern", "Jeg kommer")
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "politi-exit", "barnevern"}
    assert told(runner, NOT_LET_IN) == []
    assert "slipper ikke inn" not in card(runner, room)


async def test_who_is_left_out_and_leaves_the_case_is_no_longer_told_of(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "barnevern")
    runner.sandbox.workspace.faults.add(Fault("error", "conversations.invite", times=-1, code="cant_invite"))
    await kit.confirm(runner, "politi-exit")
    assert len(told(runner, NOT_LET_IN)) == 1
    await kit.submit_form(runner, "koordinator", "/tot lukk", room)
    assert told(runner, NOT_LET_IN) == []
