"""Processes made by one that has loaded everything, so that tests wait for Python once."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable


def serve(run: Callable[..., None]) -> None:
    """Make a new process for each line of standard input, write its number, and have it run what is said."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                run(*line.split())
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()
