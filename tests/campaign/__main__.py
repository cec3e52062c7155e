"""`python -m tests.campaign --minutes M --seed N --db sqlite|postgres [--processes 1|2]`.

Exits 1 if anything was lost, doubled or early, or anybody is left waiting, and says which, where the logs
are, and how to replay it.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests.databases import fast_folder

#: Linux: a signal when the parent ends.
PR_SET_PDEATHSIG = 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--processes", type=int, choices=[1, 2], default=1)
    asked = parser.parse_args()
    if (asked.db, asked.processes) == ("sqlite", 2):
        parser.error("SQLite is for one process")
    return asyncio.run(_played(asked))


async def _played(asked: argparse.Namespace) -> int:
    from tests.campaign.stage import Asked, play  # slow to load

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    folder = Path(tempfile.mkdtemp(prefix="tot-campaign-", dir=fast_folder()))
    how = Asked(asked.db, asked.processes, asked.minutes * 60, asked.seed)
    outcome = await play(how, folder)
    sys.stdout.write(f"{outcome}\n")
    if outcome.violations:
        sys.stdout.write(f"seed {how.seed}, logs in {folder}\n")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
