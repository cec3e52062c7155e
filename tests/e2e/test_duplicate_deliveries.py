"""Deliveries that Slack repeats have no effect; `test_at_rest` has a whole case delivered twice."""

from __future__ import annotations

import asyncio

from bot.cli.demo import rehearse
from sandbox.exercises import steps
from tests.e2e import kit


async def test_old_envelopes_change_nothing_when_they_come_again(sqlite_database_url: str) -> None:
    # A form delivered twice is kept twice, for review; nobody can send it a second time.
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
        room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
        await kit.confirm(runner, "politi-exit", "barnevern", "vara-koordinator")
        await runner.person("barnevern").presses("Jeg kommer", in_="tot-bot")
        await runner.person("barnevern").writes("jeg kommer")
        await kit.submit_form(runner, "koordinator", "/tot flytt fredag kl 12", room)
        await runner.person("barnevern").presses("Kan ikke", in_="tot-bot")
        await runner.person("barnevern").fills({"Hvorfor kan du ikke?": "borte fra jobb"})
        await runner.sends(runner.person("barnevern"))
        await runner.person("barnevern").types("/tot språk nynorsk")
        await kit.submit_form(runner, "koordinator", "/tot fase", room, Fase="Arbeidsfase")
        await runner.person("politi-exit").leaves(room)
        await runner.until_idle()
        await kit.press(runner, "politi-exit", "ta meg inn igjen")
        before, seen = await kit.dump(rehearsal.bot, drafts=False), kit.everything(sandbox)
        old = list(sandbox.workspace.deliveries)
        assert len(old) > 20
        await asyncio.gather(*(sandbox.sockets.replay(delivery) for delivery in old))
        await runner.until_idle()
        assert kit.everything(sandbox) == seen
        assert await kit.dump(rehearsal.bot, drafts=False) == before
        # A day later too, after upkeep.
        await runner.later(days=1)
        await rehearsal.bot.scheduler.tidy()
        await runner.until_idle()
        before = await kit.dump(rehearsal.bot, drafts=False)
        await asyncio.gather(*(sandbox.sockets.replay(delivery) for delivery in old))
        await runner.until_idle()
        assert await kit.dump(rehearsal.bot, drafts=False) == before


async def test_a_press_that_comes_again_is_not_told_that_somebody_was_first(sqlite_database_url: str) -> None:
    """The need is checked before it is taken: the copy found it taken, by itself."""
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
        room = await kit.open_case(runner, "Barneverntjenesten")
        await kit.confirm(runner, "barnevern")
        await steps.fills_in(runner, "/tot tiltak behov", room, {"Behov": ["Et sted å bo"]})
        await steps.form(runner, "koordinator", {})
        await steps.presses(runner, "Vi tar ansvar", "barnevern", in_=room)
        seen, sent = kit.everything(sandbox), reversed(sandbox.workspace.deliveries)
        await sandbox.sockets.replay(next(each for each in sent if each.name == "block_actions"))
        await runner.until_idle()
        assert kit.everything(sandbox) == seen
