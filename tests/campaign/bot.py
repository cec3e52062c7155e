"""The bot of `tot run`, made by fork from a process that has loaded everything (`tests.e2e.bot_process`).

As it is in production, but for its clock, which is offset by a file; nothing tells it when that changes. What
has threads, sockets, connections or a lock is made after the fork.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import signal

from bot.logs import set_up
from tests.e2e.bot_process import MachineClock, serve, settings_of, work

#: Linux: PR_SET_PDEATHSIG.
DIE_WITH_PARENT = 1


def run(api_url: str, database_url: str, clock_file: str) -> None:
    # It does not outlive the campaign, however that ends.
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    set_up(json=True)
    asyncio.run(work(settings_of(api_url, database_url, clock_file), MachineClock(clock_file)))


if __name__ == "__main__":
    gc.collect()
    gc.freeze()
    serve(run)
