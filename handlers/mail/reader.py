"""Mails are parsed in a process of their own, which one of them may break, stop or fill without harm.

The parsers of mail and of calendars are the libraries'; anybody in the world can send them anything. The
process has neither keys, tokens nor settings, a bounded memory, where Linux has Landlock no files, and ends
with the one that started it. What it answers is JSON, and checked: nothing of it is ever run.
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
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.calendar.reply import YEARS, read_arrival, unreadable
from bot.domain.calendar.reply import Bounced, HeldReply, Ignored, IncomingMail, Reply, Trust
from handlers.mail.confinement import give_up_files

#: Seconds of real time for one mail, and for the process to start.
LONGEST_READ = 20.0
#: The same for one that is to none of the addresses that the bot has given out: anybody can send many.
STRANGERS_READ = 3.0
LONGEST_START = 60.0
#: Seconds of work for it, after which the process ends by itself, also if nobody is left to stop it.
MOST_WORK = 60.0
#: How soon a stop is noticed, in seconds.
NOTICE = 0.5
#: Bytes of memory that the process may have.
MOST_MEMORY = 1 << 30
#: Bytes of an answer: it holds an address or two.
LONGEST_ANSWER = 20_000
_READY = b"ready"
#: Imported under its name: what it needs is loaded before it gives up the files.
_SERVE = f"import sys; from {__name__} import Connection, serve; serve(Connection(int(sys.argv[1])))"
#: All that it needs of our environment.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Unread:
    """One mail to be read. `raw` is only its head when it is too large; `size` is all of it, in bytes."""

    raw: bytes
    size: int
    organizer: str
    authserv_id: str | None


class _Answer(BaseModel):
    """One mail, as it comes back: one of the four kinds of content, the others empty."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(max_length=200)] | None = None
    sender: Annotated[str, Field(max_length=1000)] | None = None
    trust: Trust
    reply: Reply | None = None
    held: HeldReply | None = None
    bounced: Bounced | None = None
    ignored: Ignored | None = None


_PARTS = {Reply: "reply", HeldReply: "held", Bounced: "bounced", Ignored: "ignored"}


def written(arrival: IncomingMail) -> bytes:
    """The answer to one mail."""
    content = {_PARTS[type(arrival.content)]: arrival.content}
    answer = _Answer.model_validate(
        {"token": arrival.token, "sender": arrival.sender, "trust": arrival.trust, **content}
    )
    return answer.model_dump_json(exclude_none=True).encode()


def checked(answer: bytes) -> IncomingMail:
    """The mail that an answer tells of.

    Raises:
        ValueError: it is none.
    """
    said = _Answer.model_validate_json(answer)
    (content,) = (part for part in (said.reply, said.held, said.bounced, said.ignored) if part is not None)
    if isinstance(content, Reply):
        content = replace(content, stamp=_checked_time(content.stamp))
    elif isinstance(content, HeldReply) and content.start is not None:
        content = replace(content, start=_checked_time(content.start))
    return IncomingMail(said.token, said.sender, content, said.trust)


def _checked_time(at: datetime) -> datetime:
    """The time in UTC. Whoever has taken the process over could leave the zone out, or name a year of which
    no zone has an hour; nothing further on reckons with that.
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
        """Read one mail, `within` so many seconds. Whatever is in it, at worst it is unreadable.

        Raises:
            ReadingStopped.
            OSError: the process does not start, for which no mail is to blame.
        """
        pipe = self._running() or self._start()
        longest = LONGEST_READ if within is None else within
        # One that takes no more would have us wait for ever.
        ended = threading.Timer(longest, self._kill)
        ended.start()
        try:
            pipe.send(unread)
            ended.cancel()
            if self._answers(pipe, longest):
                return checked(pipe.recv_bytes(LONGEST_ANSWER))
        except (EOFError, OSError, ValueError, OverflowError):
            # It has ended, or says what it should not, and the mail is to blame.
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
        """End the process, whatever it is doing."""
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
                # An error may quote what it fails at.
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
    """Answer what comes through the pipe, until its other end is gone."""
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
            pipe.send_bytes(written(arrival))
        except ValidationError:
            # A sender's address that is no text, or has no end.
            pipe.send_bytes(written(unreadable()))
