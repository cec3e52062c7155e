"""A saved workspace and database, for tests that begin there, each on its own copy."""

from __future__ import annotations

import itertools
import pickle
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.server import Sandbox

_KEPT = ("users", "channels", "ephemerals", "files", "stacks", "homes", "message_values", "_last_ts")


@dataclass(frozen=True)
class Standing:
    """Slack's whole saved state, and the folder of the SQLite files; the bot is not running."""

    folder: Path
    workspace: bytes
    at: datetime

    def copy_to(self, folder: Path) -> None:
        """Copy the database into the folder, overwriting it."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)

    def furnish(self, sandbox: Sandbox) -> None:
        """Copy the saved state into an empty workspace."""
        workspace = sandbox.workspace
        kept, numbers = pickle.loads(self.workspace)  # noqa: S301
        vars(workspace).update(kept, _numbers=itertools.count(numbers))
        workspace.bot = workspace.users[workspace.bot.id]


def left(sandbox: Sandbox) -> bytes:
    """Return the workspace's whole state, for `Standing`."""
    workspace = sandbox.workspace
    kept: dict[str, Any] = {name: vars(workspace)[name] for name in _KEPT}
    return pickle.dumps((kept, next(workspace._numbers)))
