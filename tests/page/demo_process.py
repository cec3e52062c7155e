"""`tot demo` in separate processes that share everything loaded.

`python -m tests.page.demo_process` makes a new one for each line `OUTPUT PACE ARGUMENTS…` on its standard
input (see `tests.forks`). Pytest is not loaded: NiceGUI behaves differently under test.
"""

from __future__ import annotations

import contextlib
import os

from bot.cli import demo, main
from sandbox.page import session, window
from tests.forks import serve

#: Modules that the command loads only when called.
LOADED = (demo, window)


def run(output: str, pace: str, *arguments: str) -> None:
    """Run the command; `pace` is how long a step of an exercise is announced, in seconds."""
    said = os.open(output, os.O_WRONLY)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.close(said)
    session.PACE.least, session.PACE.per_character = float(pace), 0.0
    with contextlib.suppress(SystemExit):
        main(["demo", *arguments])


if __name__ == "__main__":
    serve(run)
