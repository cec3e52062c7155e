"""`python -m tests.campaign --minutes M --seed N --db sqlite|postgres|both [--processes 1|2]`.

Exits 1 if anything was lost, doubled or early, or anybody is left waiting, and says which, where the logs
are, and how to replay it.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import shutil
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.campaign.table import table
from tests.databases import fast_folder

#: Linux: a signal when the parent ends.
PR_SET_PDEATHSIG = 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--db", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument(
        "--processes", type=int, choices=[1, 2], help="without it: 1, and on PostgreSQL 2 too"
    )
    parser.add_argument(
        "--no-kills", action="store_true", help="bots are told to stop at most; the database fails more often"
    )
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    kinds = ["sqlite", "postgres"] if asked.db == "both" else [asked.db]
    stages = [
        (kind, processes)
        for kind in kinds
        for processes in ([asked.processes] if asked.processes else [1, 2])
        if (kind, processes) != ("sqlite", 2)
    ]
    if not stages:
        parser.error("SQLite is for one process")
    if len(stages) == 1:
        ((kind, processes),) = stages
        outcomes = [asyncio.run(_one(kind, processes, asked))]
        if asked.json:
            sys.stdout.write(json.dumps(outcomes[0]))
            return 0
    else:
        outcomes = asyncio.run(_beside_each_other(stages, asked))
    sys.stdout.write(table(outcomes) + "\n")
    return 1 if any(outcome["violations"] for outcome in outcomes) else 0


async def _one(kind: str, processes: int, asked: argparse.Namespace) -> dict[str, object]:
    from tests.campaign.stage import Asked, play  # slow to load

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    folder = Path(tempfile.mkdtemp(prefix="tot-campaign-", dir=fast_folder()))
    how = Asked(kind, processes, asked.minutes * 60, asked.seed, kills=not asked.no_kills)
    outcome = await play(how, folder)
    if outcome.violations:
        outcome.folder = str(folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return asdict(outcome)


async def _beside_each_other(
    stages: list[tuple[str, int]], asked: argparse.Namespace
) -> list[dict[str, object]]:
    """Run each stage in a separate process, with its own Slack and database."""

    async def run(kind: str, processes: int) -> dict[str, object]:
        command = [sys.executable, "-m", "tests.campaign", "--json", "--minutes", str(asked.minutes)]
        command += ["--seed", str(asked.seed), "--db", kind, "--processes", str(processes)]
        command += ["--no-kills"] if asked.no_kills else []
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        if process.returncode:
            failed = f"the campaign itself ended with {process.returncode}"
            return {"name": f"{kind}, {processes}", "seed": asked.seed, "violations": {"stage": [failed]}}
        found: dict[str, object] = json.loads(out)
        return found

    return await asyncio.gather(*(run(kind, processes) for kind, processes in stages))


if __name__ == "__main__":
    sys.exit(main())
