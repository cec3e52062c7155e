"""The bot of `tot run`, made by fork from a process that has loaded everything (`tests.e2e.bot_process`).

As it is in production, but for its clock, which is offset by a file (nothing tells it when that changes),
for how soon it tells people to wait, and replaces a quiet socket. What has threads, sockets, connections or a
lock is made after the fork.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import signal
import sys

from bot.cli.console import in_one_line
from bot.logs import set_up
from handlers.slack import socket
from tests.e2e.bot_process import MachineClock, settings_of, work
from tests.forks import serve

#: Linux: PR_SET_PDEATHSIG.
PR_SET_PDEATHSIG = 1
#: Seconds after which a socket that brings nothing is replaced: a life is short, and a round too.
QUIET = 10.0
#: Seconds after which people are told to wait: within the short life of a bot here.
SLOW = 0.5


def run(api_url: str, database_url: str, clock_file: str) -> None:
    # It does not outlive the campaign, however that ends.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    set_up(json=True)
    socket.QUIET = QUIET
    try:
        asyncio.run(work(settings_of(api_url, database_url, clock_file), MachineClock(clock_file), SLOW))
    except Exception as error:
        # As `tot run` does.
        line = in_one_line(error)
        if line is None:
            raise
        sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    gc.collect()
    gc.freeze()
    serve(run)
