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


def told(runner: ExerciseRunner, words: str) -> list[str]:
    return [seen.text for seen in kit.direct(runner.sandbox, "koordinator") if words in seen.text]


def calendar_files(runner: ExerciseRunner, handle: str) -> int:
    """How many there are in the messages to somebody, by their names."""
    return sum(seen.text.count(".ics") for seen in kit.direct(runner.sandbox, handle))


@pytest.mark.parametrize("code", REFUSALS)
async def test_an_agencys_part_ends(runner: ExerciseRunner, room: CaseRoom, code: str) -> None:
    refused = runner.sandbox.faults.add(Fault("error", "chat.delete", times=-1, code=code))
    await kit.submit_form(runner, "koordinator", "/tot ut", room.name, Tjeneste="Politiet")
    assert refused.hits >= 2
    (said,) = told(runner, NOT_DELETED)
    assert "@politi-exit" in said
    assert told(runner, NOT_DELIVERED) == []
    assert [m.text for m in kit.direct(runner.sandbox, "politi-exit") if "er ferdige i sak" in m.text]
    refused.times = 0
    await runner.later(days=1)
    await kit.submit_form(runner, "koordinator", "/tot ut", room.name)
    assert len(told(runner, NOT_DELETED)) == 1


async def test_the_calendar_file_of_a_new_time_comes_all_the_same(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit")
    before = calendar_files(runner, "politi-exit")
    assert before
    for method, code in (("chat.delete", "cant_delete_message"), ("files.delete", "cant_delete_file")):
        runner.sandbox.faults.add(Fault("error", method, times=-1, code=code))
    await kit.submit_form(runner, "koordinator", "/tot flytt fredag kl 12", room)
    assert calendar_files(runner, "politi-exit") == before + 1
    assert told(runner, NOT_DELIVERED) == []
    assert len(told(runner, NOT_DELETED)) == 1


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
    assert told(runner, NOT_DELIVERED) == []
    await runner.later(hours=3)
    (said,) = told(runner, NOT_DELETED)
    assert "@politi-exit" in said
    assert not room.channel.archived
    sandbox.faults.clear()
    await runner.later(hours=2)
    assert [m.text for m in kit.direct(sandbox, "politi-exit") if room.code in m.text] == []
    assert told(runner, NOT_DELETED) == []
    assert room.channel.archived
