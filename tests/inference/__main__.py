"""`python -m tests.inference`: what a thief of the database finds out, over many cases and all exercises.

`python -m tests.inference 12` plays twelve cases, and `… postgres` plays them on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from bot.cli.demo import rehearse
from sandbox.exercises import EXERCISES
from tests.databases import SECRET_KEY, postgres_server, sqlite_url
from tests.e2e import kit
from tests.inference.attacker import Attack, stolen, take
from tests.inference.play import Truth, contacts_of, play, truth_of
from tests.inference.score import Score, scored

CASES, SEED = 60, 18


async def exercise(url: str, name: str) -> tuple[Truth, list[str]]:
    """Play an exercise to its end; as `play`, also of what has been deleted by then."""
    found = EXERCISES[name]
    truth: Truth = {}
    async with rehearse(url, starts=found.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:

        async def watch() -> None:
            while True:
                truth.update(await truth_of(rehearsal))
                await asyncio.sleep(0.1)

        watching = asyncio.create_task(watch())
        await found.play(rehearsal.runner)
        watching.cancel()
        await rehearsal.bot.scheduler.tidy()
        take(url)
        people = await contacts_of(rehearsal)
    return truth, people


@contextmanager
def fresh(folder: Path, name: str, *, postgres: bool) -> Iterator[str]:
    if not postgres:
        yield sqlite_url(folder / f"{name}.db")
        return
    with postgres_server() as server, server.clone() as url:
        yield url


def told(name: str, score: Score) -> str:
    rates = (score.pairs, score.named, score.thief, score.nobody)
    return f"{name:14}" + "".join(f"  {rate!s:>32}" for rate in rates)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    os.environ.setdefault("TOT_SECRET_KEY", SECRET_KEY)
    postgres = "postgres" in arguments
    number = next((int(a) for a in arguments if a.isdigit()), CASES)
    columns = ("in the case", "named with proof", "thief", "who names nobody")
    _say(f"{'':14}" + "".join(f"  {c:>32}" for c in columns))
    with tempfile.TemporaryDirectory(prefix="tot-inference-") as made:
        folder = Path(made)
        with fresh(folder, "cases", postgres=postgres) as url:
            truth, people = asyncio.run(play(url, folder, number, SEED))
            total = scored(Attack(stolen(url), people), truth)
        _say(told(f"{number} cases", total))
        for name in EXERCISES if "exercises" in arguments or len(arguments) == 0 else ():
            with fresh(folder, name, postgres=postgres) as url:
                truth, people = asyncio.run(exercise(url, name))
                one = scored(Attack(stolen(url), people), truth)
            _say(told(name, one))
            total += one
        _say(told("all", total))
        for why, times in total.why.most_common(25):
            _say(f"  {times:6} {why}")


if __name__ == "__main__":
    main(sys.argv[1:])
