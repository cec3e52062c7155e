"""Messages on their way to Slack when it is over: no question, no right, no card of a case is left."""

from __future__ import annotations

import asyncio

from bot.cli.demo import Rehearsal, rehearse
from sandbox import channels
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit
from tests.e2e.room import CaseRoom

ASKED = "trenger Helsetjenesten i en sak i TOT Bergen"
WITHDRAWN = "Forespørselen fra TOT Bergen er trukket tilbake. Du trenger ikke å svare."


async def release(runner: ExerciseRunner) -> None:
    """Release health as the coordinator does, and then what was held."""
    await kit.send_form(runner, "koordinator", "/tot ut", kit.the_room(runner), Tjeneste="Helsetjenesten")
    runner.sandbox.faults.release()
    await runner.until_idle()


async def test_released_meanwhile(database_url: str) -> None:
    async with rehearse(database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
        await kit.fill_in_case(runner, ["Politiet", "Helsetjenesten"], when="fredag kl 10")
        held = sandbox.faults.add(
            Fault("slow", "chat.postMessage", where=lambda a: a["channel"] == "U0HELSE")
        )
        await runner.sends(runner.person("koordinator"))

        def all_but_that_is_done() -> bool:
            inside = [room for room in kit.rooms(sandbox) if "koordinator" in kit.people_in(sandbox, room)]
            return bool(held.hits and inside and kit.direct(sandbox, "politi-exit"))

        assert await sandbox.workspace.changes.until(all_but_that_is_done, kit.IN_TIME)
        assert [kit.heading(m.text) for m in kit.direct(sandbox, "helse")] == [ASKED]
        await release(runner)
        read = [kit.heading(m.text) for m in kit.direct(sandbox, "helse")]
        assert all(line.startswith(WITHDRAWN) for line in read), read


async def test_who_is_let_in_while_their_part_ends_is_taken_out_and_is_no_intruder(
    runner: ExerciseRunner,
) -> None:
    sandbox = runner.sandbox
    room = await kit.open_case(runner, "Politiet", "Helsetjenesten")
    held = sandbox.faults.add(Fault("delayed", "conversations.invite"))
    await runner.person("helse").presses(kit.CONFIRM, in_="tot-bot")
    assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
    await release(runner)
    assert kit.people_in(sandbox, room) == {"koordinator"}
    assert kit.told(sandbox, "koordinator", "Noen uten tilgang") == []


async def test_no_card_outlives_its_case(
    rehearsal: Rehearsal, runner: ExerciseRunner, room: CaseRoom
) -> None:
    """It is posted again at the very moment in which the case is deleted."""
    workspace = runner.sandbox.workspace
    await kit.submit_form(runner, "koordinator", "/tot lukk", room.name)
    runner.sandbox.clock.move_to(runner.day(46, "03:00"))
    held = workspace.faults.add(Fault("slow", "chat.postMessage"))
    card = room.channel.messages[room.channel.pins[0]]
    channels.delete_message(workspace, room.channel, card, runner.person("koordinator").id)
    await rehearsal.bot.scheduler.check_rooms()
    assert await workspace.changes.until(lambda: held.hits, kit.IN_TIME)
    await rehearsal.bot.scheduler.plan()
    await asyncio.sleep(1)
    workspace.faults.release()
    await runner.until_idle()
    assert (await room.case()).purged_at is not None
    assert room.of_the_bot() == []
    assert room.channel.archived
