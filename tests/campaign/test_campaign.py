"""The campaign's command works, and finds what it looks for."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, create_subprocess_exec
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.manifest import MANIFEST
from bot.domain.language import Language
from bot.texts.words import words
from sandbox import channels
from sandbox.clock import MovableClock
from sandbox.model import Attempt, Delivery
from sandbox.server import Sandbox
from tests.campaign.witness import OSLO, Pressed, Wanted, Witness, topic_of
from tests.e2e import kit
from tests.sandbox.kit import section

ROOT = Path(__file__).parents[2]

HELSE = "U0HELSE"
WAIT = words(Language.NB)("modal.still-working")


async def campaign(mutant: str) -> str:
    """Return the output of a campaign of seconds: a round of trouble, and the calm after it."""
    command = ["-m", "tests.campaign", "--minutes", "0.1", "--seed", "1", "--db", "sqlite"]
    environment = {**os.environ, "TOT_CAMPAIGN_MUTANT": mutant}
    process = await create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=PIPE, env=environment)
    told = (await process.communicate())[0].decode()
    assert process.returncode == bool(mutant), told
    return told


@pytest.mark.long
@pytest.mark.slow  # whole campaigns, each a minute, most of it waiting: run in parallel
async def test_seconds_of_it_find_what_is_wrong_and_nothing_else() -> None:
    whole, spoilt = await asyncio.gather(campaign(""), campaign("doubled dropped"))
    for violation in ("lost", "doubled", "early", "late", "waiting", "unheeded", "in vain"):
        assert f"| **{violation}** | 0 |" in whole
    assert "| reminders | 48 |" in whole
    for found in ("doubled: invitation", "lost: question to", "lost: ring list"):
        assert found in spoilt


async def test_what_is_early_or_waited_for_is_found() -> None:
    clock = MovableClock()
    clock.move_to(kit.STARTS)
    due = kit.STARTS + timedelta(minutes=10)
    async with Sandbox(MANIFEST, clock=clock) as sandbox:
        witness = Witness(sandbox)
        slack = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)

        async def remind(topic: int, *, late: bool = True) -> None:
            clock.move_to(due + timedelta(seconds=1 if late else -1))
            await post(slack, f"*Fellesmøtet nærmer seg*\n*Fellesmøte*\n{topic_of(topic)}")

        def found(*topics: int) -> dict[str, int]:
            wanted = [Wanted(f"reminder {topic_of(topic)}", HELSE, due) for topic in topics]
            return {kind: len(each) for kind, each in witness.judge(wanted).items()}

        await remind(2, late=False)
        assert found(2) == {"early": 1}
        await remind(1)
        assert found(1) == {}
        direct = sandbox.workspace.direct(sandbox.workspace.bot.id, HELSE)
        channels.post_ephemeral(sandbox.workspace, direct, HELSE, WAIT)
        assert found()["waiting"] == 1
        channels.post_ephemeral(sandbox.workspace, direct, HELSE, "Det er gjort.")
        assert found() == {}
        channels.post_ephemeral(sandbox.workspace, direct, HELSE, WAIT)
        assert found()["waiting"] == 1
        over = words(Language.NB)("wait-over.nothing", when=f"{clock.now().astimezone(OSLO):%H:%M}")
        asked = Delivery("slash_commands", {"user_id": HELSE}, attempts=[Attempt("", 0, time.monotonic())])
        sandbox.workspace.deliveries.append(asked)
        await post(slack, over)
        assert found() == {}


async def test_a_press_that_is_not_heeded_is_found() -> None:
    async with Sandbox(MANIFEST) as sandbox:
        witness = Witness(sandbox)
        slack = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        channel, ts = await post(slack, "*Møte torsdag 3. desember kl. 10, fysisk*")
        witness.pressed.append(Pressed(channel, ts, kit.CONFIRM, time.time()))

        def found() -> dict[str, list[str]]:
            return witness.judge([Wanted("question", HELSE)])

        assert list(found()) == ["unheeded"]
        # A killed bot's successor tells that it did not succeed.
        over = words(Language.NB)("wait-over.nothing", when=f"{sandbox.clock.now().astimezone(OSLO):%H:%M}")
        _, told = await post(slack, over)
        assert "unheeded" not in found()
        await slack.chat_delete(channel=channel, ts=told)
        coming = section("*Kommer du på møtet i sak ab12?*")
        await slack.chat_update(channel=channel, ts=ts, text="…", blocks=[coming])
        # It has become the summons, which comes with a file.
        assert found() == {"lost": [f"calendar to {HELSE}: 0 of 1: []"]}


async def post(slack: AsyncWebClient, text: str) -> tuple[str, str]:
    answer = await slack.chat_postMessage(channel=HELSE, text="…", blocks=[section(text)])
    return answer["channel"], answer["ts"]
