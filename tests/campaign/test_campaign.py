"""The campaign's command works, and what it looks for it finds."""

from __future__ import annotations

import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.cli.manifest import MANIFEST
from bot.domain.language import Language
from bot.domain.notification_params import PlannedFor
from bot.domain.notifications import Kind, Notification
from bot.texts.words import words
from bot.usecases.ports import UnitOfWork
from sandbox import channels
from sandbox.clock import MovableClock
from sandbox.server import Sandbox
from storage import migrate
from storage.schema.infrastructure import outbox
from storage.unit_of_work import SqlUnitOfWork
from tests.campaign.__main__ import PAGE
from tests.campaign.processes import Bots, Hindrances
from tests.campaign.table import written
from tests.campaign.witness import Verdict, Wanted, Witness, topic_of
from tests.databases import open_database, sqlite_url
from tests.e2e import kit

ROOT = Path(__file__).parents[2]

HELSE = "U0HELSE"
WAIT = words(Language.NB)("modal.still-working")


@pytest.mark.long
@pytest.mark.slow
async def test_seconds_of_it_find_nothing() -> None:
    command = ["-m", "tests.campaign", "--minutes", "0.1", "--seed", "1", "--db", "sqlite"]
    process = await create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=PIPE)
    told = (await process.communicate())[0].decode()
    assert process.returncode == 0, told
    for violation in ("lost", "doubled", "early", "waiting"):
        assert f"| **{violation}** | 0 | 0 |" in told
    assert "| reminders | 48 | 48 |" in told


def test_the_table_of_a_run_takes_the_place_of_the_one_before() -> None:
    page = PAGE.read_text("utf-8")
    found = {"name": "sqlite, 1 process", "seed": 7, "reminders": 4711, "violations": {"lost": ["one"]}}
    once = written(page, [found], "`--seed 7`, today.")
    assert "One full run: `--seed 7`, today.\n\n|  | sqlite, 1 process | all |\n" in once
    assert "| reminders | 4711 | 4711 |\n" in once
    assert written(once, [found], "`--seed 7`, today.") == once
    kept = [line for line in page.split("\n") if not line.startswith(("|", "One full run:"))]
    assert [line for line in once.split("\n") if not line.startswith(("|", "One full run:"))] == kept


async def test_what_is_wrong_is_found() -> None:
    clock = MovableClock()
    clock.move_to(kit.STARTS)
    due = kit.STARTS + timedelta(minutes=10)
    async with Sandbox(MANIFEST, clock=clock) as sandbox:
        witness = Witness(sandbox)
        slack = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)

        async def remind(topic: int, op_id: str, *, late: bool = True) -> None:
            clock.move_to(due + timedelta(seconds=1 if late else -1))
            await post(slack, f"{words(Language.NB)('joint.soon-short')}: {topic_of(topic)}", op_id)

        def found(*topics: int) -> dict[str, int]:
            verdict = Verdict()
            witness.judge(verdict, [Wanted(topic_of(topic), HELSE, due) for topic in topics])
            return {kind: len(each) for kind, each in verdict.violations.items()}

        await remind(2, "b", late=False)
        assert found(2) == {"early": 1}
        await remind(1, "a")
        assert found(1) == {}
        assert found(1, 3) == {"lost": 1}
        # The same row posted twice, and another row of the same reminder.
        await remind(1, "a")
        assert found(1) == {"doubled": 1}
        await remind(1, "c")
        assert found(1) == {"doubled": 2}
        direct = sandbox.workspace.direct(sandbox.workspace.bot.id, HELSE)
        for message in list(direct.messages.values()):
            channels.delete_message(sandbox.workspace, direct, message, message.user)
        assert found(2)["lost"] == 1
        channels.post_ephemeral(sandbox.workspace, direct, HELSE, WAIT)
        assert found()["waiting"] == 1
        channels.post_ephemeral(sandbox.workspace, direct, HELSE, "Det er gjort.")
        assert found() == {}
        channels.post_ephemeral(sandbox.workspace, direct, HELSE, WAIT)
        assert found()["waiting"] == 1
        await post(slack, words(Language.NB)("wait-over.nothing", when="9:00"), "d")
        assert found() == {}


async def test_a_reminder_that_is_written_over_did_not_come_early(tmp_path: Path) -> None:
    url, clock = sqlite_url(tmp_path / "tot.db"), MovableClock()
    migrate.upgrade(url)
    clock.move_to(kit.STARTS)
    database = open_database(url, clock)
    due = kit.STARTS + timedelta(minutes=10)
    planned = PlannedFor("before1", due)
    soon = Notification(
        Kind.JOINT_SOON, "meeting", recipient="person", due_at=due, params=planned, item="joint/meeting"
    )
    async with Sandbox(MANIFEST, clock=clock) as sandbox:
        witness = Witness(sandbox)
        slack = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)

        async def found() -> dict[str, list[str]]:
            verdict = Verdict()
            await database.read(lambda uow: witness.judge_rows(verdict, uow))
            return dict(verdict.violations)

        await database.write(lambda uow: uow.enqueue(soon))
        clock.move_to(due + timedelta(seconds=1))
        (claim,) = (await database.outbox.claim(1)).rows
        await post(slack, "Snart", claim.op_id)
        await database.outbox.done(claim)
        clock.move(timedelta(minutes=5))
        await database.write(lambda uow: uow.enqueue(replace(soon, due_at=None, refreshes=True)))
        assert await found() == {}
        other = replace(soon, recipient="other", due_at=clock.now() + timedelta(minutes=1))
        await database.write(lambda uow: uow.enqueue(other))
        await post(slack, "Snart", await database.read(lambda uow: not_due(uow, clock)))
        assert list(await found()) == ["early"]
    await database.close()


@pytest.mark.slow
async def test_who_is_killed_lives_alone(tmp_path: Path) -> None:
    # They are told of no Slack and no database, so that each ends as soon as it has begun.
    bots = Bots([], 2, Hindrances(), tmp_path / "log")
    try:
        await bots.start_all()
        assert None not in bots.pids
        async with bots.alone():
            await bots.start_all()
            assert [pid is not None for pid in bots.pids] == [True, False]
        await bots.start_all()
        assert None not in bots.pids
    finally:
        bots.close()


def not_due(uow: UnitOfWork, clock: MovableClock) -> str:
    """Return the key of the one row that is not due yet."""
    assert isinstance(uow, SqlUnitOfWork)
    query = select(outbox.c.op_id).where(outbox.c.due_at > clock.now())
    op_id: str = uow._connection.execute(query).scalar_one()
    return op_id


async def post(slack: AsyncWebClient, text: str, op_id: str) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    payload = {"event_type": "tot", "event_payload": {"op_id": op_id}}
    await slack.chat_postMessage(channel=HELSE, text="…", blocks=[block], metadata=payload)
