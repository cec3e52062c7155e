"""Parsing of mails in a separate process, which a mail can break, stop or fill without harm.

The parsers of mails and calendars are libraries, and anybody in the world can send them anything. The
process has no keys, tokens or settings, a bounded memory and, if Linux has Landlock, no files. It ends with
the process that started it. Its answer is JSON and is validated.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection, Pipe

from pydantic import TypeAdapter

from bot.calendar.reply import YEARS, read_arrival, unreadable
from bot.domain.calendar.reply import HeldReply, IncomingMail, Reply
from handlers.mail.confinement import give_up_files

#: Seconds of real time for one mail, and (`LONGEST_START`) for the process to start.
LONGEST_READ = 20.0
#: The same for a mail to none of the addresses that the bot has given out: anybody can send many.
STRANGERS_READ = 3.0
LONGEST_START = 60.0
#: CPU seconds for one mail, after which the process ends, even if nobody is left to stop it.
MOST_WORK = 60.0
#: Seconds within which a stop is noticed.
NOTICE = 0.5
#: Bytes of memory that the process may have.
MOST_MEMORY = 1 << 30
#: Most bytes of an answer, which holds an address or two.
LONGEST_ANSWER = 20_000
_READY = b"ready"
#: Imports this module by name, so that all it needs is loaded before the process gives up the files.
_SERVE = f"import sys; from {__name__} import Connection, serve; serve(Connection(int(sys.argv[1])))"
#: The environment variables that the process needs.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Unread:
    """One mail to be read. `raw` is only its head if it is too large; `size` is its full size in bytes."""

    raw: bytes
    size: int
    organizer: str
    authserv_id: str | None


#: Reads and writes the answer for one mail as JSON; nothing in it is ever executed.
_ANSWER = TypeAdapter(IncomingMail)


def checked(answer: bytes) -> IncomingMail:
    """Return the mail that an answer holds.

    Raises:
        ValueError: the answer is not valid.
    """
    said = _ANSWER.validate_json(answer)
    content = said.content
    if isinstance(content, Reply):
        content = replace(content, stamp=_checked_time(content.stamp))
    elif isinstance(content, HeldReply) and content.start is not None:
        content = replace(content, start=_checked_time(content.start))
    return replace(said, content=content)


def _checked_time(at: datetime) -> datetime:
    """Return the time in UTC. An attacker who controls the process could leave out the zone, or name a year
    that no zone can hold; later code does not expect that.
    """
    found = at.astimezone(UTC)
    if found.year not in YEARS:
        raise ValueError("a year of which nobody says anything")
    return found


class ReadingStopped(Exception):
    """The bot stops; the mail is read at the next start."""


class MailReader:
    """Reads one mail at a time, for one thread, until `stopping` is set.

    It starts its process when there is something to read.
    """

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def read(self, unread: Unread, within: float | None = None) -> IncomingMail:
        """Read one mail within `within` seconds. A mail that cannot be read is returned as unreadable.

        Raises:
            ReadingStopped.
            OSError: the process does not start, which is no mail's fault.
        """
        pipe = self._running() or self._start()
        longest = LONGEST_READ if within is None else within
        # If the process reads no more, the send would wait for ever.
        ended = threading.Timer(longest, self._kill)
        ended.start()
        try:
            pipe.send(unread)
            ended.cancel()
            if self._answers(pipe, longest):
                return checked(pipe.recv_bytes(LONGEST_ANSWER))
        except (EOFError, OSError, ValueError, OverflowError):
            # The process has ended or answers what it should not, and the mail is to blame.
            pass
        finally:
            ended.cancel()
        self.close()
        return unreadable()

    def _running(self) -> Connection | None:
        return self._pipe if self._process is not None and self._process.poll() is None else None

    def _answers(self, pipe: Connection, within: float) -> bool:
        until = time.monotonic() + within
        while not pipe.poll(min(NOTICE, max(0.0, until - time.monotonic()))):
            if self._stopping.is_set():
                raise ReadingStopped
            if time.monotonic() >= until:
                return False
        return True

    def close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._kill()
            self._process.wait()
            self._process = None

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _start(self) -> Connection:
        self.close()
        self._pipe, theirs = Pipe()
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603  (this very program)
                [sys.executable, "-c", _SERVE, str(number)],
                pass_fds=(number,),
                stdin=subprocess.DEVNULL,
                # An error may quote the mail.
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        try:
            if self._answers(self._pipe, LONGEST_START) and self._pipe.recv_bytes(len(_READY)) == _READY:
                return self._pipe
        except EOFError:
            pass
        self.close()
        raise ConnectionError("the process that reads mails does not start")


def serve(pipe: Connection) -> None:
    """Answer mails from the pipe until its other end is gone."""
    # Ctrl-C reaches every process of the terminal: this one ends with the bot.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    give_up_files()
    pipe.send_bytes(_READY)
    while True:
        try:
            unread: Unread = pipe.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, MOST_WORK)
        arrival = read_arrival(unread.raw, unread.organizer, unread.size, unread.authserv_id)
        signal.setitimer(signal.ITIMER_PROF, 0)
        try:
            answer = _ANSWER.dump_json(arrival)
        except ValueError:  # the sender's address is not text
            answer = _ANSWER.dump_json(unreadable())
        pipe.send_bytes(answer)
