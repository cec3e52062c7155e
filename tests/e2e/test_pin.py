"""The card is pinned once, and again where it is posted anew; that it cannot be pinned costs nothing."""

from __future__ import annotations

import pytest

from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from sandbox.model import Ephemeral, Json
from tests.e2e import kit


def pins(runner: ExerciseRunner) -> list[str | None]:
    """The outcome of each call, None where it was pinned."""
    return [
        (call.answer or {}).get("error") if isinstance(call.answer, dict) else "?"
        for call in runner.sandbox.workspace.calls
        if call.method == "pins.add"
    ]


def pinned(runner: ExerciseRunner, room: str) -> list[str]:
    channel = runner.sandbox.workspace.channel_named(room)
    assert channel is not None
    return [channel.messages[ts].blocks[0]["text"]["text"] for ts in channel.pins]


async def test_the_card_is_pinned_once_and_the_guard_passes_over_slacks_line(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")
    await kit.press(runner, "barnevern", "Jeg kommer")
    assert pins(runner) == [None]
    assert pinned(runner, room) == [f"Sak {room.removeprefix('rom-')}"]
    whispers = [m for m in runner.person("koordinator").messages(room) if isinstance(m.source, Ephemeral)]
    assert whispers == []
    lines = [m.text for m in runner.person("koordinator").messages(room) if m.sender == "slackbot"]
    assert len(lines) == 1
    assert "pinned a message" in lines[0]


async def test_a_card_that_somebody_has_deleted_is_pinned_anew(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet")
    channel = runner.sandbox.workspace.channel_named(room)
    assert channel is not None
    (ts,) = channel.pins
    faults = runner.sandbox.workspace.faults

    def of_the_card(arguments: Json) -> bool:
        return arguments.get("channel") == channel.id

    faults.add(Fault("error", "chat.update", where=of_the_card, code="message_not_found"))
    await kit.confirm(runner, "politi-exit")
    assert pins(runner) == [None, None]
    assert channel.pins[-1] != ts


@pytest.mark.parametrize("code", ["permission_denied", "restricted_action", "missing_scope"])
async def test_a_refusal_costs_nothing(runner: ExerciseRunner, code: str) -> None:
    runner.sandbox.workspace.faults.add(Fault("error", "pins.add", times=-1, code=code))
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")
    await kit.press(runner, "politi-exit", "Jeg kommer")
    assert pins(runner) == [code]
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "politi-exit", "barnevern"}
    await runner.person("koordinator").sees("*1 kommer*", in_=room)


@pytest.mark.parametrize("kind", ["5xx_before", "5xx_after", "reset_before", "ratelimited"])
async def test_whatever_becomes_of_the_call_the_card_stands_once(runner: ExerciseRunner, kind: Kind) -> None:
    runner.sandbox.workspace.faults.add(Fault(kind, "pins.add"))
    room = await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit")
    cards = [m for m in runner.person("koordinator").messages(room) if m.text.startswith("Sak ")]
    assert len(cards) == 1
    assert "*0 kommer*" in cards[0].text
    assert len(pinned(runner, room)) == (kind == "5xx_after")
