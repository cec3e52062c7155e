"""The `tot` command.

Exit codes: 0 done, 1 refused or failed (one clear line on standard error), 2 wrong usage, 3 something that
can wait until tomorrow (`healthcheck`), 78 settings that forbid the start (`run`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

#: The umask: only the program's own user can read what it writes (the database, an export).
OWNER_ONLY = 0o077


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code. `arguments` default to the process's own."""
    from bot.cli.app import app
    from bot.cli.console import in_one_line
    from handlers.mail.confinement import disable_dumps

    if arguments is None:
        # Every command has the master key in its environment.
        disable_dumps()
    before = os.umask(OWNER_ONLY)
    try:
        app(args=list(sys.argv[1:] if arguments is None else arguments))
    except Exception as error:
        line = in_one_line(error)
        if line is None:
            raise
        sys.stderr.write(f"{line}\n")
        sys.exit(1)
    finally:
        os.umask(before)
    sys.exit(0)
