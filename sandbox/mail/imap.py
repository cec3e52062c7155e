"""An IMAP server with the part of IMAP4rev1 (RFC 3501) and IDLE (RFC 2177) that reading an inbox needs."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

VALIDITY = 1
CAPABILITIES = "IMAP4rev1 IDLE"
_STRING = r'"(?:[^"\\]|\\.)*"|[^\s()"]+'


class ImapServer:
    """Listens on loopback over TLS, in the running event loop, with one user and one folder."""

    def __init__(self, context: ssl.SSLContext, user: str, password: str, inbox: Mailbox) -> None:
        self._context = context
        self.login = (user, password)
        self.inbox = inbox
        self.idles = True
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen, on the earlier port after a restart."""
        self._server = await asyncio.start_server(
            self._serve, host="127.0.0.1", port=self.port, ssl=self._context
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening, and cut all connections."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await _Connection(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()


class _Connection:
    def __init__(
        self, server: ImapServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._inbox = server.inbox
        self._reader = reader
        self._writer = writer
        self._logged_in = False
        self._selected = False
        self._ended = False
        self._told = 0

    async def run(self) -> None:
        """Greet the client, and run its commands until it leaves."""
        await self._say("* OK sandbox ready")
        while not self._ended:
            line = (await self._reader.readuntil(b"\r\n")).decode("utf-8", "replace").rstrip("\r\n")
            tag, _, rest = line.partition(" ")
            name, _, arguments = rest.partition(" ")
            if name.upper() == "UID":
                sub, _, arguments = arguments.partition(" ")
                name = f"uid_{sub}"
            command = getattr(self, f"_do_{name.lower()}", None)
            if command is None or (not self._logged_in and name.upper() not in _OPEN):
                await self._say(f"{tag} BAD not now")
                continue
            await self._say(f"{tag} {await command(arguments) or f'OK {name} done'}")

    async def _say(self, *lines: str) -> None:
        if lines:
            self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
            await self._writer.drain()

    # --- commands; each returns its status, None for OK -----------------------------------------------

    async def _do_capability(self, arguments: str) -> None:
        offered = CAPABILITIES if self._server.idles else CAPABILITIES.removesuffix(" IDLE")
        await self._say(f"* CAPABILITY {offered}")

    async def _do_noop(self, arguments: str) -> None:
        await self._say(*self._news())

    async def _do_login(self, arguments: str) -> str | None:
        given = tuple(_unquoted(each) for each in re.findall(_STRING, arguments))
        self._logged_in = given == self._server.login
        return None if self._logged_in else "NO [AUTHENTICATIONFAILED] wrong"

    async def _do_logout(self, arguments: str) -> None:
        self._ended = True
        await self._say("* BYE")

    async def _do_select(self, arguments: str) -> str | None:
        if _unquoted(arguments).upper() != "INBOX":
            return "NO there is only INBOX"
        self._selected = True
        self._told = len(self._inbox.messages)
        await self._say(
            f"* {self._told} EXISTS",
            "* 0 RECENT",
            "* FLAGS (\\Seen \\Flagged \\Deleted)",
            f"* OK [UIDVALIDITY {VALIDITY}] valid",
            f"* OK [UIDNEXT {self._inbox.next_uid}] next",
        )
        return "OK [READ-WRITE] selected"

    async def _do_status(self, arguments: str) -> None:
        await self._say(f'* STATUS "INBOX" (UIDVALIDITY {VALIDITY})')

    async def _do_uid_search(self, arguments: str) -> str | None:
        wanted = arguments.strip("() ").upper()
        if wanted not in ("ALL", "UNSEEN", "FLAGGED"):
            return "BAD only ALL, UNSEEN and FLAGGED"
        found = {"UNSEEN": self._inbox.unseen, "FLAGGED": self._inbox.flagged}.get(
            wanted, self._inbox.messages
        )
        await self._say("* SEARCH" + "".join(f" {m.uid}" for m in found))
        return None

    async def _do_uid_fetch(self, arguments: str) -> str | None:
        numbers, _, parts = arguments.partition(" ")
        section = re.search(r"BODY(?:\.PEEK)?\[(HEADER)?\](?:<0\.(\d+)>)?", parts, re.IGNORECASE)
        if section is None:
            if "RFC822.SIZE" not in parts.upper():
                return "BAD only RFC822.SIZE, BODY[] and BODY[HEADER]"
            sizes = [(place, stored.uid, len(stored.raw)) for place, stored in self._picked(numbers)]
            await self._say(*(f"* {p} FETCH (UID {uid} RFC822.SIZE {size})" for p, uid, size in sizes))
            return None
        for place, stored in self._picked(numbers):
            content = stored.raw
            if section[1]:
                content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            if section[2]:
                content = content[: int(section[2])]
            flags = " ".join(sorted(stored.flags))
            head = f"* {place} FETCH (UID {stored.uid} FLAGS ({flags}) RFC822.SIZE {len(stored.raw)} "
            name = ("BODY[HEADER]" if section[1] else "BODY[]") + ("<0>" if section[2] else "")
            self._writer.write(f"{head}{name} {{{len(content)}}}\r\n".encode() + content + b")\r\n")
            stored.fetched = True
        await self._writer.drain()
        return None

    async def _do_uid_store(self, arguments: str) -> None:
        numbers, how, flags = arguments.split(" ", 2)
        given = set(flags.strip("()").split())
        for place, stored in self._picked(numbers):
            stored.flags = stored.flags - given if how.startswith("-") else stored.flags | given
            if "SILENT" not in how.upper():
                await self._say(f"* {place} FETCH (UID {stored.uid} FLAGS ({' '.join(stored.flags)}))")

    async def _do_expunge(self, arguments: str) -> None:
        gone = self._inbox.expunge()
        # One line each; each number is counted after the earlier messages are gone.
        self._told -= len(gone)
        await self._say(*(f"* {place} EXPUNGE" for place in gone), *self._news())

    async def _do_idle(self, arguments: str) -> None:
        # In one write, as servers do: a client has to look for news right after the answer.
        await self._say("+ idling", *self._news())
        done = asyncio.ensure_future(self._reader.readuntil(b"\r\n"))
        try:
            while not done.done():
                await self._say(*self._news())
                news = asyncio.ensure_future(self._inbox.changed())
                await asyncio.wait({done, news}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
        finally:
            done.cancel()

    # --- helpers ------------------------------------------------------------------------------------------

    def _news(self) -> list[str]:
        now, told = len(self._inbox.messages), self._told
        self._told = now
        return [f"* {now} EXISTS"] if self._selected and now > told else []

    def _picked(self, numbers: str) -> Iterator[tuple[int, Stored]]:
        uids = {int(n) for n in numbers.split(",") if n.isdigit()}
        messages = enumerate(self._inbox.messages, 1)
        return iter([(place, stored) for place, stored in messages if stored.uid in uids])


_OPEN = frozenset({"CAPABILITY", "NOOP", "LOGIN", "LOGOUT"})


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


@dataclass
class Stored:
    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)
    fetched: bool = False
    """True once somebody has fetched its content, even if it is not marked as read."""


class Mailbox:
    def __init__(self, address: str) -> None:
        self.address = address
        self.messages: list[Stored] = []
        self.next_uid = 1
        self._changed = asyncio.Event()

    def put(self, raw: bytes) -> Stored:
        stored = Stored(self.next_uid, raw)
        self.next_uid += 1
        self.messages.append(stored)
        self._wake()
        return stored

    def expunge(self) -> list[int]:
        """Remove the messages marked as deleted; return their numbers (from 1) as IMAP reports them."""
        gone = [place for place, m in enumerate(self.messages, 1) if "\\Deleted" in m.flags]
        self.messages[:] = [m for m in self.messages if "\\Deleted" not in m.flags]
        self._wake()
        # Each number is counted after the earlier messages are gone.
        return [place - before for before, place in enumerate(gone)]

    @property
    def unseen(self) -> list[Stored]:
        return [m for m in self.messages if "\\Seen" not in m.flags]

    @property
    def flagged(self) -> list[Stored]:
        return [m for m in self.messages if "\\Flagged" in m.flags]

    def changed(self) -> Coroutine[None, None, Any]:
        """Return a coroutine that waits for a message to arrive or go, from this call on."""
        return self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
