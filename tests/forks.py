"""Processes forked from one that has loaded everything, so that tests wait for Python only once."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from bot import health
from bot.cli import main
from handlers.mail import reader

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["bot.app", "bot.cli.doctor", "tests.forks", "tests.e2e.bot_process"])


class Tot:
    """A `tot` command in a separate process, with only this environment. Create it in a running loop.

    With `full_disk` it can write no byte to any file. With `hasty` its pulse gives up on the database sooner
    than on a dedicated machine, and caches no finding.
    """

    def __init__(
        self,
        *arguments: str,
        environment: Mapping[str, str],
        full_disk: bool = False,
        hasty: bool = False,
    ) -> None:
        (out, to_out), (err, to_err) = FORKS.Pipe(duplex=False), FORKS.Pipe(duplex=False)
        self._process = FORKS.Process(
            target=_tot, args=(arguments, dict(environment), full_disk, hasty, to_out, to_err)
        )
        self._process.start()
        to_out.close()
        to_err.close()
        self._said = [asyncio.create_task(asyncio.to_thread(_all_of, each)) for each in (out, err)]

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> int | None:
        """Wait until it has ended; return its exit code, negative for a signal."""
        await self.communicate()
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """Wait until it has ended; return its standard output and standard error."""
        out, err = await asyncio.gather(*map(asyncio.shield, self._said))
        await asyncio.to_thread(self._process.join)
        return out, err


def _tot(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    full_disk: bool,
    hasty: bool,
    out: Connection,
    err: Connection,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    out.close()
    err.close()
    if full_disk:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if hasty:
        health.BELIEVED, health.DATABASE_TIME = 0.0, 2.0
    main(arguments)


@contextmanager
def reader_forked() -> Iterator[None]:
    """Read mails in a forked process: starting Python takes as long as many mail tests."""
    known = SimpleNamespace(Popen=_Reader, DEVNULL=subprocess.DEVNULL)
    with mock.patch.object(reader, "subprocess", known):
        yield


class _Reader:
    def __init__(
        self, command: Sequence[str], *, pass_fds: tuple[int], env: Mapping[str, str], **rest: object
    ) -> None:
        with Connection(os.dup(pass_fds[0])) as theirs:
            self._process = FORKS.Process(target=_read, args=(theirs, dict(env)), daemon=True)
            self._process.start()

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> None:
        self._process.join()


def _read(pipe: Connection, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    reader.serve(pipe)


def _all_of(pipe: Connection) -> bytes:
    with os.fdopen(os.dup(pipe.fileno()), "rb") as file:
        pipe.close()
        return file.read()


class Forker:
    """A process that runs a module which `serve`s."""

    def __init__(self, module: str, **how: Any) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd=Path(__file__).parents[1],
            **how,
        )

    def fork(self, *arguments: object) -> int:
        """Have it fork a process that runs with these arguments; return its number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{' '.join(map(str, arguments))}\n")
        return int(self._process.stdout.readline())

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def serve(run: Callable[..., None]) -> None:
    """For each line of standard input, fork a process, write its number and have it run the command."""
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
