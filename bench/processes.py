"""Apps in processes of their own, connected to a sandbox."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import HOW
from sandbox import Sandbox
from storage.vault.secret import new_secret

ROOT = Path(__file__).resolve().parents[1]
BARE = (sys.executable, "-m", "bench.bare")
TOT_RUN = (str(Path(sys.executable).with_name("tot")), "run")
SECRET = new_secret()
#: Seconds within which an app has to connect, and to end when it is told to.
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class App:
    """A running app. `started_in` is seconds from spawning it to its open socket."""

    process: asyncio.subprocess.Process
    started_in: float

    def peak_memory(self) -> int:
        """The most memory that was resident so far, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024


def environment(sandbox: Sandbox, **settings: str) -> dict[str, str]:
    """This process's environment without settings of the machine's own, with those of the sandbox."""
    kept = {name: value for name, value in os.environ.items() if name not in HOW}
    return {
        **kept,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_BASE_URL": sandbox.api_url,
        "TOT_SECRET_KEY": str(SECRET),
        **settings,
    }


@asynccontextmanager
async def running(sandbox: Sandbox, command: Sequence[str], **settings: str) -> AsyncIterator[App]:
    """Start an app, wait until its socket is open, end it at the end.

    Raises:
        RuntimeError: it did not connect; the message is what it said.
    """
    before = sandbox.sockets.count
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment(sandbox, **settings), stdout=said, stderr=said
        )
        try:
            try:
                await sandbox.connected(before + 1, within=PATIENCE)
            except TimeoutError:
                said.seek(0)
                raise RuntimeError(said.read().decode(errors="replace")) from None
            yield App(process, time.perf_counter() - began)
        finally:
            await _end(process)
            await sandbox.workspace.changes.until(lambda: sandbox.sockets.count == before, PATIENCE)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
