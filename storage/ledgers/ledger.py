"""A ledger: what is posted, and what waits to be delivered, of one scope; in memory, and as sealed text."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.domain.errors import Overtaken
from bot.domain.notifications import AT_A_TIME, URGENT, Kind, Notification, Origin, Params
from bot.usecases.ports import Claim, Posted
from storage.crypto.keyring import INSTALLATION, case_scope
from storage.crypto.master_key import KeyLost
from storage.documents.document import Lifts, parsed
from storage.kinds import Kind as StoredKind
from storage.kinds import equals

#: As of documents: a field that is added, renamed or gone makes another format, and a lift to it.
FORMAT = 1
LIFTS: Lifts = {}
KEPT_ENDED = timedelta(days=30)
#: Messages come oldest first.
POSTED = StoredKind(Posted, "posted_at")
_CASE = "case/"
_NONE = "null"
_TOLD_ONCE = frozenset(kind for kind in Kind if kind.told_once)


class State(IntEnum):
    """The state of an entry; what is done is no entry any more."""

    PENDING = 0
    DEAD = 1
    #: It cannot be read; kept until it can be, at a start of the bot, or goes with its case.
    SET_ASIDE = 2


@dataclass(slots=True)
class Entry:
    """A notification to be delivered, or given up.

    `next_at` is when it is tried, or tried again. `attempts` counts this one too while it is being delivered:
    one of a process that is gone may have had its effect. `generation` rises with every request for it, so
    that one that is asked for during its delivery is delivered once more.
    """

    id: int
    key: str
    op_id: str
    kind: str
    subject: str
    recipient: str | None
    params: str
    once: bool
    due_at: datetime
    useful_until: datetime | None
    next_at: datetime
    enqueued_at: datetime
    state: State = State.PENDING
    attempts: int = 0
    faults: int = 0
    generation: int = 1
    reason: str | None = None
    ended_at: datetime | None = None

    @property
    def unfinished(self) -> bool:
        return self.state is State.PENDING

    @property
    def begun(self) -> bool:
        """Return whether it is being delivered, or has been with unknown effect."""
        return self.unfinished and self.attempts > 0

    @property
    def is_refused(self) -> bool:
        """Return whether Slack has refused it for good: its codes are in small letters, errors' names not."""
        return self.state is State.DEAD and (self.reason or "").islower()

    @property
    def is_said_in_room(self) -> bool:
        """Return whether it is a message to a case's room."""
        return self.recipient is None and Kind(self.kind).origin is not Origin.JOB

    @property
    def waits(self) -> bool:
        """Return whether it waits for a while, and not for a time of day."""
        return self.unfinished and (self.next_at != self.due_at or self.kind == Kind.COPIES)


@dataclass(frozen=True, slots=True)
class Due:
    """When an unfinished entry is due, as far as it is asked of many at once."""

    next_at: datetime
    id: int
    due_at: datetime
    urgent: bool
    at_a_time: bool
    #: Whether a step of the clock may have to be undone for it.
    waits: bool

    @property
    def place(self) -> tuple[bool, datetime, int]:
        """The order of claims: what is urgent, then the longest due."""
        return not self.urgent, self.next_at, self.id


@dataclass(frozen=True, slots=True)
class Summary:
    """A version of a ledger as kept in memory; `people` are hashes of ids of who was written to.

    `document` is the version of its document that it was written with.
    """

    due: tuple[Due, ...] = ()
    #: When the first of it is due next, and since when the longest has been, or will be.
    next_at: datetime | None = None
    oldest: datetime | None = None
    dead: int = 0
    set_aside: int = 0
    oldest_end: datetime | None = None
    people: frozenset[int] = frozenset()
    readable: bool = True
    document: int | None = None


class _Text(BaseModel):
    """The text that is sealed. Unknown fields are refused, not dropped."""

    model_config = ConfigDict(extra="forbid")
    format: int = Field(ge=FORMAT, le=FORMAT)
    entries: list[Entry]
    over: dict[str, datetime]
    posted: list[Posted]
    params: dict[str, str]
    document: int | None


@dataclass(slots=True)
class Ledger:
    """All that is posted of a scope, that waits or was given up, and was told once, by its key, and when.

    `document` is the version of its document, as it was written last: one that is put back is noticed.
    """

    scope: str
    version: int | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    over: dict[str, datetime] = field(default_factory=dict)
    posted: dict[str, Posted] = field(default_factory=dict)
    document: int | None = None
    changed: bool = False
    #: That of the newest entry; 0 until it is asked for.
    last_id: int = 0

    # --- what is posted ------------------------------------------------------------------------

    def put(self, posted: Posted) -> None:
        """Remember a message. Overtaken if another one has its key."""
        if any(other.key == posted.key and other.id != posted.id for other in self.posted.values()):
            raise Overtaken
        self.posted[posted.id] = posted
        self.changed = True

    def find(self, where: Mapping[str, Any]) -> Iterator[Posted]:
        for posted in self.posted.values():
            if all(equals(getattr(posted, name), value) for name, value in where.items()):
                yield posted

    # --- what waits ----------------------------------------------------------------------------

    def in_turn(self, notifications: Iterable[Notification]) -> list[Notification]:
        """Notifications in the order in which they come when all are due at once.

        Who is in a room, and what stands, is brought in line before anything new is said; of one key, what is
        told once comes before the document that follows it.
        """
        standing = {posted.key for posted in self.posted.values()}

        def place(each: Notification) -> tuple[bool, bool, bool, str]:
            return each.kind is not Kind.ROOM, each.key not in standing, not each.once, each.key

        return sorted(notifications, key=place)

    def enqueue(
        self, notification: Notification, op_id: Callable[[Notification], str], now: datetime
    ) -> None:
        """Take a notification in.

        One told `once` whose key is known changes nothing. A document that has ended becomes pending again;
        one that is pending and untried comes forward if it is now wanted earlier; one that is being delivered
        is only marked, and is pending again when that is over.
        """
        key, wanted_at = notification.key, notification.due_at or now
        entry = self.entries.get(key)
        if notification.once and (entry is not None or key in self.over):
            return
        if entry is not None and entry.is_refused and not notification.revives:
            return
        self.changed = True
        if entry is None:
            self.entries[key] = Entry(
                # Rising: of two that are due at once, the first that came is told first.
                id=self._next_id(),
                key=key,
                op_id=op_id(notification),
                kind=notification.kind.value,
                subject=notification.subject,
                recipient=notification.recipient,
                params=encode_params(notification.params),
                once=notification.once,
                due_at=wanted_at,
                useful_until=notification.useful_until,
                next_at=wanted_at,
                enqueued_at=now,
            )
            return
        ended = not entry.unfinished
        if ended:
            entry.state, entry.attempts, entry.enqueued_at = State.PENDING, 0, now
        untried = entry.unfinished and not entry.attempts and entry.next_at == entry.due_at
        if ended or (untried and wanted_at < entry.due_at):
            entry.due_at = entry.next_at = wanted_at
        entry.generation += 1
        entry.useful_until = notification.useful_until
        # A message that was sent once may be asked for as a document afterwards.
        entry.once = notification.once
        entry.reason = entry.ended_at = None

    def _next_id(self) -> int:
        if not self.last_id:
            self.last_id = max((entry.id for entry in self.entries.values()), default=0)
        self.last_id = max(time.time_ns(), self.last_id + 1)
        return self.last_id

    def room_comes_first(self, now: datetime, in_hand: Container[int]) -> bool:
        """Return whether the people of the room are about to be, or being, brought in line."""
        rooms = (e for e in self.unfinished() if e.kind == Kind.ROOM)
        return any(e.id in in_hand or (e.attempts < 2 and e.next_at <= now) for e in rooms)

    def entry(self, id: int) -> Entry | None:
        return next((entry for entry in self.entries.values() if entry.id == id), None)

    def end(self, entry: Entry, claim: Claim, now: datetime, reason: str | None = None) -> bool:
        """Delivered, no longer wanted or, for a `reason`, given up; whether it is pending again.

        It is where it was asked for since the claim.
        """
        self.changed = True
        entry.attempts, entry.faults = 0, 0
        if entry.generation != claim.generation:
            entry.state, entry.due_at, entry.next_at, entry.reason = State.PENDING, now, now, None
            return True
        if reason is not None:
            entry.state, entry.reason, entry.ended_at = State.DEAD, reason, now
            return False
        del self.entries[entry.key]
        # Also if it was asked for as a document while it was told.
        if entry.once or (entry.kind in _TOLD_ONCE):
            self.over[entry.key] = now
        return False

    def forget_ended(self, before: datetime) -> int:
        """Forget what ended before then; how many."""
        told = [key for key, at in self.over.items() if at < before]
        dead = [key for key, entry in self.entries.items() if entry.ended_at and entry.ended_at < before]
        for key in told:
            del self.over[key]
        for key in dead:
            del self.entries[key]
        self.changed = self.changed or bool(told or dead)
        return len(told) + len(dead)

    def unfinished(self) -> Iterator[Entry]:
        return (entry for entry in self.entries.values() if entry.unfinished)

    def summary(self) -> Summary:
        ends = [*self.over.values(), *(e.ended_at for e in self.entries.values() if e.ended_at is not None)]
        people = {p.person_id for p in self.posted.values() if p.person_id is not None}
        due = tuple(map(_due, self.unfinished()))
        return Summary(
            due,
            min((each.next_at for each in due), default=None),
            min((each.due_at for each in due), default=None),
            sum(entry.state is State.DEAD for entry in self.entries.values()),
            sum(entry.state is State.SET_ASIDE for entry in self.entries.values()),
            min(ends, default=None),
            frozenset(map(hash, people)),
            document=self.document,
        )

    # --- notifications -------------------------------------------------------------------------

    def notification(self, entry: Entry) -> Notification:
        """The notification of an entry; ValueError or TypeError where it is none of this version's."""
        kind = Kind(entry.kind)
        return Notification(
            kind=kind,
            subject=entry.subject,
            case_id=self.case_id,
            recipient=entry.recipient,
            due_at=entry.due_at,
            useful_until=entry.useful_until,
            params=decode_params(kind, entry.params),
            refreshes=kind.told_once and not entry.once,
            item=None if self.scope == INSTALLATION or self.case_id is not None else self.scope,
        )

    @property
    def case_id(self) -> str | None:
        return self.scope.removeprefix(_CASE) if self.scope.startswith(_CASE) else None

    def claim(self, entry: Entry) -> Claim:
        return Claim(
            id=entry.id,
            op_id=entry.op_id,
            notification=self.notification(entry),
            attempts=entry.attempts,
            faults=entry.faults,
            generation=entry.generation,
            enqueued_at=entry.enqueued_at,
        )

    # --- text ----------------------------------------------------------------------------------

    def text(self) -> str:
        made = _Text.model_construct(
            format=FORMAT,
            entries=list(self.entries.values()),
            over=self.over,
            posted=[replace(posted, params=None) for posted in self.posted.values()],
            params={id: encode_params(p.params) for id, p in self.posted.items() if p.params is not None},
            document=self.document,
        )
        return made.model_dump_json(warnings="error")

    def read(self, text: str) -> None:
        """Take in what a text holds. KeyLost if it is none that this version knows."""
        read = parsed(_Text, text, f"ledger of {self.scope}", FORMAT, LIFTS)
        try:
            posted = [
                replace(each, params=decode_params(each.kind, read.params.get(each.id, _NONE)))
                for each in read.posted
            ]
        except ValueError:
            raise KeyLost(f"ledger of {self.scope} is none of this version's documents") from None
        self.entries = {entry.key: entry for entry in read.entries}
        self.over, self.document = read.over, read.document
        self.posted = {each.id: each for each in posted}


def _due(entry: Entry) -> Due:
    kind, waits = entry.kind, entry.waits or entry.due_at == entry.enqueued_at
    return Due(entry.next_at, entry.id, entry.due_at, kind in URGENT, kind in AT_A_TIME, waits)


def scope_of(of: Notification | Posted) -> str:
    """The scope of the ledger in which it stands."""
    return of.item or case_scope(of.case_id)


_ADAPTERS: dict[type[Params], TypeAdapter[Any]] = {}


def _adapter(kind: type[Params]) -> TypeAdapter[Any]:
    # Made when a value of its kind is first met: all of them are a thirtieth of the start.
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def encode_params(params: Params | None) -> str:
    """A notification's parameters as JSON text; its kind tells their shape."""
    return _NONE if params is None else _adapter(type(params)).dump_json(params).decode()


def decode_params(kind: Kind, stored: str) -> Params | None:
    """The parameters of a kind, validated; None where it has none."""
    if stored == _NONE or kind.params is None:
        return None
    return cast(Params, _adapter(kind.params).validate_json(stored))
