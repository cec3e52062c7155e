"""What fails costs itself: a hiccup of the database after an outage of Slack, a row that cannot be read."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.cli.demo import Rehearsal
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit
from tests.e2e.test_killed import to

POST = "chat.postMessage"
ASKED = "En sak i TOT Bergen trenger Politiet"
NOT_COME = "kom ikke fram"


def told(runner: ExerciseRunner, who: str, what: str) -> list[str]:
    return [m.text for m in kit.direct(runner.sandbox, who) if what in m.text]


async def test_after_an_outage_of_slack_a_locked_database_makes_no_message_dead(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    """It stood in Slack, unremembered, while the coordinators were told that it had not come."""
    runner, outbox = rehearsal.runner, rehearsal.bot.database.outbox
    faults, asked = runner.sandbox.faults, to(runner.sandbox, "politi-exit")
    outage = faults.add(Fault("5xx_before", POST, where=asked, times=-1))
    await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
    await runner.sends(runner.person("koordinator"))
    while max(row.attempts for row in await outbox.upcoming(100)) < 8:
        await runner.later(seconds=25)
    faults.remove(outage)
    held = faults.add(Fault("slow", POST, where=asked, seconds=60))
    ninth = asyncio.create_task(runner.later(seconds=25))
    assert await runner.sandbox.workspace.changes.until(lambda: held.hits > 0, kit.IN_TIME)
    with closing(sqlite3.connect(Path(sqlite_database_url.removeprefix("sqlite:///")))) as other:
        other.execute("BEGIN IMMEDIATE")
        faults.release()
        await asyncio.sleep(7)  # longer than the bot waits for a lock
        other.rollback()
    await ninth
    for _ in range(3):
        await runner.later(seconds=60)
    assert len(told(runner, "politi-exit", ASKED)) == 1
    assert told(runner, "koordinator", NOT_COME) == []
