"""A ledger: the posted messages and waiting deliveries of one scope, in memory and as the text to seal."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.domain.errors import Overtaken
from bot.domain.notifications import TIMED_KINDS, URGENT, Kind, Notification, Origin, Params
from bot.usecases.ports import Claim, Posted
from storage.crypto.keyring import INSTALLATION, case_scope
from storage.crypto.master_key import KeyLost
from storage.documents.document import Lifts, parsed
from storage.kinds import Kind as StoredKind
from storage.kinds import equals

#: As for documents: adding, renaming or removing a field needs a new format, and a lift to it.
FORMAT = 1
LIFTS: Lifts = {}
KEPT_ENDED = timedelta(days=30)
#: Posted messages are sorted oldest first.
POSTED = StoredKind(Posted, "posted_at")
_CASE = "case/"
_NONE = "null"
_TOLD_ONCE = frozenset(kind for kind in Kind if kind.told_once)


class State(IntEnum):
    """The state of an entry; a delivered entry is deleted."""

    PENDING = 0
    DEAD = 1
    #: It cannot be read; it is retried at each start of the bot, or deleted with its case.
    SET_ASIDE = 2


@dataclass(slots=True)
class Entry:
    """A notification to be delivered, or given up.

    `next_at` is the time of the next try. `attempts` includes the attempt in progress, since that of a
    process that is gone may have had its effect. `generation` rises with every request, so that an entry
    requested during its delivery is delivered again.
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
        """Return whether it is being delivered, or was delivered with unknown effect."""
        return self.unfinished and self.attempts > 0

    @property
    def is_refused(self) -> bool:
        """Return whether Slack has refused it for good."""
        return self.state is State.DEAD and _is_slack_code(self.reason or "")

    @property
    def is_said_in_room(self) -> bool:
        """Return whether it is a message to a case's room."""
        return self.recipient is None and Kind(self.kind).origin is not Origin.JOB

    @property
    def is_put_off(self) -> bool:
        """Return whether it waits for a while rather than for a time of day."""
        return self.unfinished and (self.next_at != self.due_at or self.kind == Kind.COPIES)

    @property
    def is_due_at_once(self) -> bool:
        return self.due_at == self.enqueued_at


@dataclass(frozen=True, slots=True)
class Due:
    """When an unfinished entry is due, for queries over many ledgers."""

    next_at: datetime
    id: int
    due_at: datetime
    urgent: bool
    timed: bool
    #: Whether a step of the clock may have to be undone for this entry.
    follows_clock_steps: bool

    @property
    def rank(self) -> tuple[bool, datetime, int]:
        """The order of claims: urgent entries first, then the longest due."""
        return not self.urgent, self.next_at, self.id


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of a ledger, cached in memory; `people` are hashes of the ids of the recipients.

    `document` is the version of the document that the ledger was written with.
    """

    due: tuple[Due, ...] = ()
    #: When the next entry is tried, and when the longest waiting one was, or will be, due.
    next_at: datetime | None = None
    oldest: datetime | None = None
    dead: int = 0
    set_aside: int = 0
    oldest_end: datetime | None = None
    people: frozenset[int] = frozenset()
    readable: bool = True
    document: int | None = None


class _Text(BaseModel):
    """The schema of the text to seal. Unknown fields are refused, not dropped."""

    model_config = ConfigDict(extra="forbid")
    format: int = Field(ge=FORMAT, le=FORMAT)
    entries: list[Entry]
    over: dict[str, datetime]
    posted: list[Posted]
    params: dict[str, str]
    document: int | None


@dataclass(slots=True)
class Ledger:
    """The posted messages of a scope, its waiting and given-up entries, and when each one-time one was told.

    `document` is the version of its document as last written, so that an old one that is put back is noticed.
    """

    scope: str
    version: int | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    over: dict[str, datetime] = field(default_factory=dict)
    posted: dict[str, Posted] = field(default_factory=dict)
    document: int | None = None
    changed: bool = False
    #: The id of the newest entry; 0 until it is needed.
    last_id: int = 0

    # --- what is posted ------------------------------------------------------------------------

    def put(self, posted: Posted) -> None:
        """Remember a message. Raise Overtaken if another one has its key."""
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
        """Return notifications in the order of their delivery when all are due at once.

        A room's membership and posted messages are updated before anything new is said. Of one key, a message
        that is told once comes before its update.
        """
        standing = {posted.key for posted in self.posted.values()}

        def place(each: Notification) -> tuple[bool, bool, bool, str]:
            return each.kind is not Kind.ROOM, each.key not in standing, not each.once, each.key

        return sorted(notifications, key=place)

    def enqueue(
        self, notification: Notification, op_id: Callable[[Notification], str], now: datetime
    ) -> None:
        """Add an entry for a notification, or request its entry again.

        A `once` notification whose key is known changes nothing. An entry that was given up or set aside
        becomes pending again, unless Slack refused it for good and the notification does not revive it; an
        untried pending one moves forward if it is now wanted earlier; one that is being delivered is only
        marked, and is pending again afterwards.
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
                # Rising, so that of two entries due at the same time the first to come is told first.
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
        if not entry.unfinished:
            entry.state, entry.attempts, entry.enqueued_at = State.PENDING, 0, now
            entry.due_at = entry.next_at = wanted_at
        elif not entry.attempts and wanted_at < entry.due_at == entry.next_at:
            entry.due_at = entry.next_at = wanted_at
        entry.generation += 1
        entry.useful_until = notification.useful_until
        # A message that was told once may be requested again, to be updated or removed.
        entry.once = notification.once
        entry.reason = entry.ended_at = None

    def _next_id(self) -> int:
        if not self.last_id:
            self.last_id = max((entry.id for entry in self.entries.values()), default=0)
        self.last_id = max(time.time_ns(), self.last_id + 1)
        return self.last_id

    def room_comes_first(self, now: datetime, in_hand: Container[int]) -> bool:
        """Return whether the room is being reconciled, or due to be after at most one uncertain attempt."""
        rooms = (e for e in self.unfinished() if e.kind == Kind.ROOM)
        return any(e.id in in_hand or (e.attempts < 2 and e.next_at <= now) for e in rooms)

    def entry(self, id: int) -> Entry | None:
        return next((entry for entry in self.entries.values() if entry.id == id), None)

    def end(self, entry: Entry, claim: Claim, now: datetime, reason: str | None = None) -> bool:
        """End an entry: delivered, no longer wanted or, for a `reason`, given up.

        Return whether it is pending again, because it was requested since the claim.
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
        # Also if its update was requested while it was told.
        if entry.once or (entry.kind in _TOLD_ONCE):
            self.over[entry.key] = now
        return False

    def forget_ended(self, before: datetime) -> int:
        """Forget what ended before this time; return how many entries."""
        expired = [key for key, at in self.over.items() if at < before]
        dead = [key for key, entry in self.entries.items() if entry.ended_at and entry.ended_at < before]
        for key in expired:
            del self.over[key]
        for key in dead:
            del self.entries[key]
        self.changed = self.changed or bool(expired or dead)
        return len(expired) + len(dead)

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
        """Return an entry's notification. Raise ValueError or TypeError if this version cannot read it."""
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

    def claim_of(self, entry: Entry) -> Claim:
        """Return an entry's claim. Raise ValueError or TypeError if this version cannot read it."""
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
        """Load the content of a text. Raise KeyLost if this version does not know the text."""
        read = parsed(_Text, text, f"ledger of {self.scope}", FORMAT, LIFTS)
        try:
            posted = [
                replace(each, params=decode_params(each.kind, read.params.get(each.id, _NONE)))
                for each in read.posted
            ]
        except ValueError:
            raise KeyLost(f"ledger of {self.scope} is not in a format that this version knows") from None
        self.entries = {entry.key: entry for entry in read.entries}
        self.over, self.document = read.over, read.document
        self.posted = {each.id: each for each in posted}


def _due(entry: Entry) -> Due:
    follows = entry.is_put_off or entry.is_due_at_once
    return Due(
        entry.next_at, entry.id, entry.due_at, entry.kind in URGENT, entry.kind in TIMED_KINDS, follows
    )


def _is_slack_code(reason: str) -> bool:
    """Return whether a reason is one of Slack's codes: they are lower-case, our errors' names are not."""
    return reason.islower()


def scope_of(of: Notification | Posted) -> str:
    """Return the scope of the ledger of a notification or posted message."""
    return of.item or case_scope(of.case_id)


_ADAPTERS: dict[type[Params], TypeAdapter[Any]] = {}


def _adapter(kind: type[Params]) -> TypeAdapter[Any]:
    # Made when a kind is first used: making all of them would take a thirtieth of the start.
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def encode_params(params: Params | None) -> str:
    """Return a notification's parameters as JSON text; its kind tells their type."""
    return _NONE if params is None else _adapter(type(params)).dump_json(params).decode()


def decode_params(kind: Kind, stored: str) -> Params | None:
    """Return the validated parameters of a kind; None if there are none."""
    if stored == _NONE or kind.params is None:
        return None
    return cast(Params, _adapter(kind.params).validate_json(stored))
