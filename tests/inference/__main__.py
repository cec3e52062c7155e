"""`python -m tests.inference 120 [postgres]`: what a thief of the database learns from this many cases."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import structlog

from tests.databases import SECRET_KEY, postgres_server, sqlite_url
from tests.inference.attacker import Attack, stolen
from tests.inference.play import play
from tests.inference.score import scored


def main(number: str, kind: str = "sqlite") -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    os.environ.setdefault("TOT_SECRET_KEY", SECRET_KEY)
    with ExitStack() as stack:
        if kind == "postgres":
            url = stack.enter_context(stack.enter_context(postgres_server()).clone())
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tot-inference-"))
            url = sqlite_url(Path(folder) / "tot.db")
        truth, people = asyncio.run(play(url, int(number), seed=18))
        score = scored(Attack(stolen(url), people), truth)
    sys.stdout.write(f"in the case {score.pairs}, named with proof {score.named}\n")
    sys.stdout.writelines(f"  {times:6} {why}\n" for why, times in score.why.most_common(25))


if __name__ == "__main__":
    main(*sys.argv[1:])
