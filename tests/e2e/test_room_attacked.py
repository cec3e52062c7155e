"""Deeds to a room while the bot is out of it, does not listen, or is just writing into it."""

from __future__ import annotations

import pytest

from bot.cli.demo import Rehearsal
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from sandbox.model import Channel
from tests.e2e import kit
from tests.e2e.test_room_trouble import (
    ARCHIVED,
    INSIDE,
    THROWN_OUT,
    alerts,
    channel_of,
    make_new_room,
    of_the_bot,
    opened,
    owner,
    the_case,
    thrown_out,
)

pytestmark = pytest.mark.usefixtures("in_a_room")
INTRUDER = "Noen uten tilgang kom inn"


async def test_who_was_let_in_while_the_bot_was_out_is_told_when_it_is_back(rehearsal: Rehearsal) -> None:
    """Strangers have read what stood there: to be taken out again is not all there is to say."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await thrown_out(runner)
    await runner.person("politi-exit").invites("udi", room)
    await runner.person("udi").invites("tot-bot", room)
    await runner.until_idle()
    assert kit.people_in(sandbox, room) == INSIDE
    assert len(alerts(sandbox, INTRUDER)) == 1


async def test_who_came_while_nobody_listened_is_told_when_the_room_is_looked_at(
    rehearsal: Rehearsal,
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = opened(runner)
    channel_of(sandbox, room).members.append(runner.person("udi").id)
    await rehearsal.bot.scheduler.check_rooms()
    await runner.until_idle()
    assert kit.people_in(sandbox, room) == INSIDE
    assert len(alerts(sandbox, INTRUDER)) == 1


async def test_who_is_released_while_the_bot_is_out_is_named_as_one_who_still_reads_and_is_no_intruder(
    runner: ExerciseRunner,
) -> None:
    sandbox = runner.sandbox
    room = await thrown_out(runner)
    await kit.submit_form(runner, "koordinator", "/tot lukk", room)
    (alert,) = alerts(sandbox, THROWN_OUT)
    (line,) = [line for line in alert.split("\n") if "Skal ikke lenger være der" in line]
    assert "@politi-exit" in line
    assert "@koordinator" not in line
    await runner.person("barnevern").invites("tot-bot", room)
    await runner.until_idle()
    assert kit.people_in(sandbox, room) == {"koordinator"}
    assert alerts(sandbox, INTRUDER) == []


async def test_who_becomes_its_coordinator_while_a_room_is_in_trouble_is_told_at_once(
    rehearsal: Rehearsal,
) -> None:
    """The one who had confirmed is gone; there was nobody to tell when it happened."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = opened(runner)
    await runner.person("koordinator").is_deactivated()
    await runner.until_idle()
    await runner.person("politi-exit").removes("tot-bot", room)
    await runner.until_idle()
    await runner.later(hours=2)
    assert alerts(sandbox, THROWN_OUT, "vara-koordinator") == [], "the code comes after taushetsplikt"
    await kit.confirm(runner, "vara-koordinator")
    (alert,) = alerts(sandbox, THROWN_OUT, "vara-koordinator")
    assert "Nytt rom" in alert


async def begins_to_write(rehearsal: Rehearsal, room: str, how: Kind) -> Fault:
    """The room is being told of one more person, and Slack has not answered."""
    runner, workspace = rehearsal.runner, rehearsal.runner.sandbox.workspace
    channel = channel_of(runner.sandbox, room)
    fault = workspace.faults.add(
        Fault(how, "chat.postMessage", where=lambda arguments: arguments.get("channel") == channel.id)
    )
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot person", in_=room)
    await koordinator.sees_modal()
    await runner.sends(koordinator)
    assert await workspace.changes.until(lambda: fault.hits > 0, kit.IN_TIME)
    return fault


def told_of_person(rehearsal: Rehearsal, channel: Channel) -> list[str]:
    """The room's messages about one more person, wherever it stands."""
    sandbox = rehearsal.runner.sandbox
    texts = [str(m.blocks) for m in channel.messages.values() if m.user == sandbox.workspace.bot.id]
    return [text for text in texts if "Saken gjelder nå også" in text]


@pytest.mark.parametrize("how", ["delayed", "slow", "hang_after"])
async def test_what_is_being_written_while_a_room_is_made_public_does_not_stay(
    rehearsal: Rehearsal, how: Kind
) -> None:
    """It may land before or after the room is emptied, and Slack may never answer."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = opened(runner)
    channel = channel_of(sandbox, room)
    await begins_to_write(rehearsal, room, how)
    await owner(runner, room).makes_public(room)
    card = f"Sak {room.removeprefix('rom-')}"

    def emptied() -> bool:
        return not any(card in str(m.blocks) for m in channel.messages.values())

    assert await sandbox.workspace.changes.until(emptied, kit.IN_TIME)
    sandbox.workspace.faults.release()
    await runner.until_idle()
    assert of_the_bot(sandbox, channel) == []
    await owner(runner, room).makes_private(room)
    await runner.until_idle()
    await runner.later(minutes=2)
    assert len(told_of_person(rehearsal, channel)) == 1


@pytest.mark.parametrize("what", ["archived", "thrown out"])
async def test_what_is_for_a_room_of_which_nobody_knows_yet_waits_for_a_closed_one(
    rehearsal: Rehearsal, what: str
) -> None:
    """The bot was not listening when it was done; the case goes on in another room."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = opened(runner)
    channel = channel_of(sandbox, room)
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot person", in_=room)
    await koordinator.sees_modal()
    if what == "archived":
        channel.archived = True
    else:
        channel.members.remove(sandbox.workspace.bot.id)
    await kit.send(runner, koordinator)
    assert len(alerts(sandbox, ARCHIVED if what == "archived" else THROWN_OUT)) == 1
    assert alerts(sandbox, "kom ikke fram") == [], "it was not lost"
    await make_new_room(runner)
    await runner.later(minutes=2)
    new = channel_of(sandbox, f"rom-{(await the_case(rehearsal)).code}")
    assert len(told_of_person(rehearsal, new)) == 1


async def test_what_is_being_written_while_another_room_takes_its_place_is_told_there(
    rehearsal: Rehearsal,
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = opened(runner)
    old = channel_of(sandbox, room)
    await begins_to_write(rehearsal, room, "delayed")
    await owner(runner, room).makes_public(room)
    koordinator = runner.person("koordinator")
    await koordinator.presses("Nytt rom", in_="tot-bot")
    await koordinator.sees_modal("Nytt rom")
    await runner.sends(koordinator)
    assert await sandbox.workspace.changes.until(lambda: old.archived, kit.IN_TIME)
    sandbox.workspace.faults.release()
    await runner.until_idle()
    await runner.later(minutes=2)
    assert of_the_bot(sandbox, old) == []
    new = channel_of(sandbox, f"rom-{(await the_case(rehearsal)).code}")
    assert len(told_of_person(rehearsal, new)) == 1
    assert alerts(sandbox, "kom ikke fram") == []


async def test_who_is_taken_out_of_a_room_in_trouble_is_told_that_their_seat_is_theirs(
    runner: ExerciseRunner,
) -> None:
    sandbox = runner.sandbox
    room = opened(runner)
    await owner(runner, room).makes_public(room)
    await runner.until_idle()
    assert kit.people_in(sandbox, room) == set()
    assert len(alerts(sandbox, "Du er fortsatt med i saken", "barnevern")) == 1
    assert alerts(sandbox, "åpner seg for deg om et øyeblikk", "barnevern") == []
    await owner(runner, room).makes_private(room)
    await runner.until_idle()
    assert alerts(sandbox, "Du er fortsatt med i saken", "barnevern") == []


async def test_a_new_room_that_slack_does_not_let_the_bot_make_is_not_said_to_be_there(
    rehearsal: Rehearsal,
) -> None:
    """The workspace may not let apps create channels; it is tried again until it does."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    await thrown_out(runner)
    refused = Fault("error", "conversations.create", times=-1, code="restricted_action")
    sandbox.workspace.faults.add(refused)
    await make_new_room(runner)
    assert alerts(sandbox, "Saken har fått nytt rom") == []
    assert len(alerts(sandbox, "Slack lar meg ikke opprette saksrommet")) == 1
    sandbox.workspace.faults.remove(refused)
    await rehearsal.bot.scheduler.check_rooms()
    await runner.until_idle()
    new = channel_of(sandbox, f"rom-{(await the_case(rehearsal)).code}")
    assert kit.people_in(sandbox, new.id) == INSIDE
    (told,) = alerts(sandbox, "Saken har fått nytt rom")
    assert new.name in told
