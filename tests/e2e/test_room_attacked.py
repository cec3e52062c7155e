"""Deeds to a room while the bot is out of it, does not listen, or is just writing into it."""

from __future__ import annotations

import pytest

from bot.cli.demo import Rehearsal
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from tests.e2e import kit
from tests.e2e.room import INSIDE, CaseRoom
from tests.e2e.test_room_trouble import ARCHIVED, THROWN_OUT

INTRUDER = "Noen uten tilgang kom inn"


async def test_who_was_let_in_while_the_bot_was_out_is_told_when_it_is_back(
    runner: ExerciseRunner, room: CaseRoom
) -> None:
    """Strangers have read what stood there: to be taken out again is not all there is to say."""
    await room.throws_the_bot_out()
    await runner.person("politi-exit").invites("udi", room.name)
    await runner.person("udi").invites("tot-bot", room.name)
    await runner.until_idle()
    assert room.inside() == INSIDE
    assert len(room.alerts(INTRUDER)) == 1


async def test_who_came_while_nobody_listened_is_told_when_the_room_is_looked_at(
    rehearsal: Rehearsal, room: CaseRoom
) -> None:
    runner = rehearsal.runner
    room.channel.members.append(runner.person("udi").id)
    await rehearsal.bot.scheduler.check_rooms()
    await runner.until_idle()
    assert room.inside() == INSIDE
    assert len(room.alerts(INTRUDER)) == 1


async def test_who_is_released_while_the_bot_is_out_is_named_as_one_who_still_reads_and_is_no_intruder(
    runner: ExerciseRunner, room: CaseRoom
) -> None:
    await room.throws_the_bot_out()
    await kit.submit_form(runner, "koordinator", "/tot lukk", room.name)
    (alert,) = room.alerts(THROWN_OUT)
    (line,) = [line for line in alert.split("\n") if "Skal ikke lenger være der" in line]
    assert "@politi-exit" in line
    assert "@koordinator" not in line
    await runner.person("barnevern").invites("tot-bot", room.name)
    await runner.until_idle()
    assert room.inside() == {"koordinator"}
    assert room.alerts(INTRUDER) == []


async def test_who_becomes_its_coordinator_while_a_room_is_in_trouble_is_told_at_once(
    runner: ExerciseRunner, room: CaseRoom
) -> None:
    """The one who had confirmed is gone; there was nobody to tell when it happened."""
    await runner.person("koordinator").is_deactivated()
    await runner.until_idle()
    await runner.person("politi-exit").removes("tot-bot", room.name)
    await runner.until_idle()
    await runner.later(hours=2)
    assert room.alerts(THROWN_OUT, "vara-koordinator") == [], "the code comes after taushetsplikt"
    await kit.confirm(runner, "vara-koordinator")
    (alert,) = room.alerts(THROWN_OUT, "vara-koordinator")
    assert "Nytt rom" in alert


async def begins_to_write(rehearsal: Rehearsal, room: CaseRoom, how: Kind) -> Fault:
    """The room is being told of one more person, and Slack has not answered."""
    runner, workspace = rehearsal.runner, rehearsal.runner.sandbox.workspace
    fault = workspace.faults.add(
        Fault(how, "chat.postMessage", where=lambda arguments: arguments.get("channel") == room.channel.id)
    )
    await kit.send_form(runner, "koordinator", "/tot person", room.name)
    assert await workspace.changes.until(lambda: fault.hits > 0, kit.IN_TIME)
    return fault


@pytest.mark.parametrize("how", ["delayed", "slow", "hang_after"])
async def test_what_is_being_written_while_a_room_is_made_public_does_not_stay(
    rehearsal: Rehearsal, how: Kind, room: CaseRoom
) -> None:
    """It may land before or after the room is emptied, and Slack may never answer."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    await begins_to_write(rehearsal, room, how)
    await room.owner().makes_public(room.name)
    card = f"Sak {room.code}"

    def emptied() -> bool:
        return not any(card in str(m.blocks) for m in room.channel.messages.values())

    assert await sandbox.workspace.changes.until(emptied, kit.IN_TIME)
    sandbox.workspace.faults.release()
    await runner.until_idle()
    assert room.of_the_bot() == []
    await room.owner().makes_private(room.name)
    await runner.until_idle()
    await runner.later(minutes=2)
    assert len(room.told_of_person()) == 1


@pytest.mark.parametrize("what", ["archived", "thrown out"])
async def test_what_is_for_a_room_of_which_nobody_knows_yet_waits_for_a_closed_one(
    runner: ExerciseRunner, what: str, room: CaseRoom
) -> None:
    """The bot was not listening when it was done; the case goes on in another room."""
    sandbox = runner.sandbox
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot person", in_=room.name)
    await koordinator.sees_modal()
    if what == "archived":
        room.channel.archived = True
    else:
        room.channel.members.remove(sandbox.workspace.bot.id)
    await kit.send(runner, koordinator)
    assert len(room.alerts(ARCHIVED if what == "archived" else THROWN_OUT)) == 1
    assert room.alerts("kom ikke fram") == [], "it was not lost"
    await room.is_left_for_a_new_one()
    await runner.later(minutes=2)
    new = await room.of_now()
    assert len(room.told_of_person(new)) == 1


async def test_what_is_being_written_while_another_room_takes_its_place_is_told_there(
    rehearsal: Rehearsal, room: CaseRoom
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    await begins_to_write(rehearsal, room, "delayed")
    await room.owner().makes_public(room.name)
    koordinator = runner.person("koordinator")
    await koordinator.presses("Nytt rom", in_="tot-bot")
    await koordinator.sees_modal("Nytt rom")
    await runner.sends(koordinator)
    assert await sandbox.workspace.changes.until(lambda: room.channel.archived, kit.IN_TIME)
    sandbox.workspace.faults.release()
    await runner.until_idle()
    await runner.later(minutes=2)
    assert room.of_the_bot() == []
    new = await room.of_now()
    assert len(room.told_of_person(new)) == 1
    assert room.alerts("kom ikke fram") == []


async def test_who_is_taken_out_of_a_room_in_trouble_is_told_that_their_seat_is_theirs(
    runner: ExerciseRunner, room: CaseRoom
) -> None:
    await room.owner().makes_public(room.name)
    await runner.until_idle()
    assert room.inside() == set()
    assert len(room.alerts("Du er fortsatt med i saken", "barnevern")) == 1
    assert room.alerts("åpner seg for deg om et øyeblikk", "barnevern") == []
    await room.owner().makes_private(room.name)
    await runner.until_idle()
    assert room.alerts("Du er fortsatt med i saken", "barnevern") == []


async def test_a_new_room_that_slack_does_not_let_the_bot_make_is_not_said_to_be_there(
    rehearsal: Rehearsal, room: CaseRoom
) -> None:
    """The workspace may not let apps create channels; it is tried again until it does."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    await room.throws_the_bot_out()
    refused = Fault("error", "conversations.create", times=-1, code="restricted_action")
    sandbox.workspace.faults.add(refused)
    await room.is_left_for_a_new_one()
    assert room.alerts("Saken har fått nytt rom") == []
    assert len(room.alerts("Slack lar meg ikke opprette saksrommet")) == 1
    sandbox.workspace.faults.remove(refused)
    await rehearsal.bot.scheduler.check_rooms()
    await runner.until_idle()
    new = await room.of_now()
    assert room.inside(new) == INSIDE
    (told,) = room.alerts("Saken har fått nytt rom")
    assert new.name in told
    assert room.alerts("opprette saksrommet") == room.alerts("kom ikke fram") == [], "it is there by now"
