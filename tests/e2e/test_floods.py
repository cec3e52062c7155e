"""Whoever writes much, or asks for much, holds nobody else up."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.cli.demo import rehearse
from tests.e2e import kit

#: As many as wait for one conversation: at one a second, more than half a minute.
MANY = 40
INTRUDER = "Noen uten tilgang kom inn"


async def test_an_alert_goes_before_all_that_waits_for_the_same_conversation(play_url: str) -> None:
    settings = replace(kit.quick(), rate_limits=False)
    async with rehearse(play_url, starts=kit.STARTS, sandbox=settings) as rehearsal:
        runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
        room = await kit.open_case(runner, "Politiet")
        await kit.confirm(runner, "politi-exit")
        koordinator = runner.person("koordinator")
        before = len(kit.direct(sandbox, "koordinator"))
        settings.rate_limits = True
        for _ in range(MANY):
            await koordinator.writes("hei")
        came = sandbox.workspace.changes
        assert await came.until(lambda: len(kit.direct(sandbox, "koordinator")) > before + 1, kit.IN_TIME)
        began = time.monotonic()
        await runner.person("politi-exit").invites("udi", room)

        def alerted() -> bool:
            return any(INTRUDER in seen.text for seen in kit.direct(sandbox, "koordinator"))

        assert await came.until(alerted, kit.IN_TIME)
        took = time.monotonic() - began
        assert took <= 3.0, f"the alert came after {took:.1f} s"
        waiting = before + MANY - len(kit.direct(sandbox, "koordinator"))
        assert waiting > MANY / 2, "they wait their turn"
        settings.rate_limits = False
