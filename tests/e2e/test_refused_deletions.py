"""Slack does not let the bot delete: that costs the deletion alone, and is told once, in true words."""

from __future__ import annotations

import pytest

from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit
from tests.e2e.room import CaseRoom

NOT_DELETED = "Jeg fikk ikke slettet alt jeg har skrevet"
NOT_DELIVERED = "kom ikke fram"
REFUSALS = ["cant_delete_message", "compliance_exports_prevent_deletion", "is_archived"]


def calendar_files(runner: ExerciseRunner, handle: str) -> int:
    """How many there are in the messages to somebody, by their names."""
    return sum(seen.text.count(".ics") for seen in kit.direct(runner.sandbox, handle))


@pytest.mark.parametrize("code", REFUSALS)
async def test_an_agencys_part_ends(runner: ExerciseRunner, room: CaseRoom, code: str) -> None:
    refused = runner.sandbox.faults.add(Fault("error", "chat.delete", times=-1, code=code))
    await kit.submit_form(runner, "koordinator", "/tot ut", room.name, Tjeneste="Politiet")
    assert refused.hits >= 2
    (said,) = kit.told(runner.sandbox, "koordinator", NOT_DELETED)
    assert "@politi-exit" in said
    assert kit.told(runner.sandbox, "koordinator", NOT_DELIVERED) == []
    assert kit.told(runner.sandbox, "politi-exit", "er ferdige i sak")
    refused.times = 0
    await runner.later(days=1)
    await kit.submit_form(runner, "koordinator", "/tot ut", room.name)
    assert len(kit.told(runner.sandbox, "koordinator", NOT_DELETED)) == 1


async def test_the_calendar_file_of_a_new_time_comes_all_the_same(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit")
    before = calendar_files(runner, "politi-exit")
    assert before
    for method, code in (("chat.delete", "cant_delete_message"), ("files.delete", "cant_delete_file")):
        runner.sandbox.faults.add(Fault("error", method, times=-1, code=code))
    await kit.submit_form(runner, "koordinator", "/tot flytt fredag kl 12", room)
    assert calendar_files(runner, "politi-exit") == before + 1
    assert kit.told(runner.sandbox, "koordinator", NOT_DELIVERED) == []
    assert len(kit.told(runner.sandbox, "koordinator", NOT_DELETED)) == 1


async def test_a_case_is_not_forgotten_before_its_messages_are_gone(
    runner: ExerciseRunner, room: CaseRoom
) -> None:
    sandbox = runner.sandbox
    await kit.submit_form(runner, "koordinator", "/tot lukk", room.name)
    ws = sandbox.workspace
    stands = ws.direct(ws.bot.id, ws.user("politi-exit").id)
    one = sandbox.faults.add(
        Fault("error", "chat.delete", times=-1, code=REFUSALS[0], where=lambda a: a["channel"] == stands.id)
    )
    await runner.later(days=45)
    assert one.hits > 0
    assert [m for m in room.channel.messages.values() if m.by_bot] == [], "each refusal costs itself"
    assert kit.told(runner.sandbox, "koordinator", NOT_DELIVERED) == []
    await runner.later(hours=3)
    (said,) = kit.told(runner.sandbox, "koordinator", NOT_DELETED)
    assert "@politi-exit" in said
    assert not room.channel.archived
    sandbox.faults.clear()
    await runner.later(hours=2)
    assert kit.told(sandbox, "politi-exit", room.code) == []
    assert kit.told(runner.sandbox, "koordinator", NOT_DELETED) == []
    assert room.channel.archived
