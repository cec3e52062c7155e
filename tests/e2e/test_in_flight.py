"""A part ends while its contact's question is on its way to Slack: no trace of the question remains."""

from __future__ import annotations

from bot.cli.demo import Rehearsal, rehearse
from sandbox.faults import Fault
from tests.e2e import kit

ASKED = "trenger Helsetjenesten i en sak i TOT Bergen"
WITHDRAWN = "Forespørselen fra TOT Bergen er trukket tilbake. Du trenger ikke å svare."


async def release(rehearsal: Rehearsal) -> None:
    """Release health as the coordinator does."""
    (room,) = kit.rooms(rehearsal.runner.sandbox)
    await kit.send_form(rehearsal.runner, "koordinator", "/tot ut", room, Tjeneste="Helsetjenesten")


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
        await release(rehearsal)
        sandbox.faults.release()
        await runner.until_idle()
        read = [kit.heading(m.text) for m in kit.direct(sandbox, "helse")]
        assert all(line.startswith(WITHDRAWN) for line in read), read


async def test_who_is_let_in_while_their_part_ends_is_taken_out_and_is_no_intruder(
    rehearsal: Rehearsal,
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await kit.open_case(runner, "Politiet", "Helsetjenesten")
    held = sandbox.faults.add(Fault("delayed", "conversations.invite"))
    await runner.person("helse").presses(kit.CONFIRM, in_="tot-bot")
    assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
    await release(rehearsal)
    sandbox.faults.release()
    await runner.until_idle()
    assert kit.people_in(sandbox, room) == {"koordinator"}
    assert kit.told(sandbox, "koordinator", "Noen uten tilgang") == []
