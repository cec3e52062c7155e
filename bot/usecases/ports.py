"""Ports of the use cases, as protocols; `storage` implements what is not said here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Protocol, TypeVar

from bot.domain.audit import AuditEntry, Logged
from bot.domain.case.entities import CODE_ALPHABET, CODE_LENGTH, Case, Room, Seat
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.notifications import Kind, Notification, Params

E = TypeVar("E")
T = TypeVar("T")
#: So long, in seconds, nobody looks again what is to be done of an entry that has been taken in hand.
FRESH = 0.25


class Clock(Protocol):
    """The one clock. `offset` is what it adds to real time: zero in production."""

    def now(self) -> datetime:
        """The time, as an aware UTC datetime."""

    @property
    def offset(self) -> timedelta:
        """The time by which this clock is ahead of real time."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message or file that the bot has posted in Slack.

    `key` is the notification's key; `digest` is a hash of what it shows, so that an unchanged one is not
    sent again. `person_id` is None for a message in the room. `item` and `params` are as in a
    notification.
    """

    id: str
    key: str
    kind: Kind
    subject: str
    op_id: str
    channel_id: str
    ts: str
    digest: str
    posted_at: datetime
    case_id: str | None = None
    person_id: str | None = None
    file_id: str | None = None
    item: str | None = None
    params: Params | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A command filled in and not yet sent: kept here so that Slack carries only its id. Or its form.

    `data` is the JSON of a use case's command, or of a form as its person filled it in. Deleted when it is
    sent, else by a daily job.
    """

    id: str
    person_id: str
    data: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who was told to wait: for what (its receipt), in which form, if in one, and since when."""

    receipt: tuple[str, ...]
    slack_id: str
    view_id: str | None
    said_at: datetime


class Noted(Protocol):
    """A note of somebody who waits, held until they are told the end."""

    @property
    def waiting(self) -> Waiting:
        """A person who waits, and for what."""

    def settle(self) -> None:
        """Note that they have been told."""

    def release(self) -> None:
        """Leave it to whoever looks next to tell them."""


class WaitingNotes(Protocol):
    """Notes of those who wait, which outlive the process. Its calls wait for a file system."""

    def note(self, waiting: Waiting) -> Noted:
        """Write a note, and hold it; OSError if it cannot be written."""

    def abandoned(self) -> Iterator[Noted]:
        """Yield the notes of those who were left waiting, held now."""


class Ids:
    """Ids and codes from the system's randomness. `taken` tells whether a code is in use."""

    def __init__(self, taken: Callable[[str], bool]) -> None:
        self._taken = taken

    def new(self) -> str:
        """A new random id: 22 URL-safe characters."""
        return secrets.token_urlsafe(16)

    def uid(self) -> str:
        """A new random iCalendar UID: hex digits alone."""
        return secrets.token_hex(16)

    def code(self) -> str:
        """A new random case code of 4 unambiguous characters, that no case has had."""
        while True:
            code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
            if not self._taken(code):
                return code


class UnitOfWork(Protocol):
    """One transaction. Entities are the frozen dataclasses of `bot.domain`."""

    now: datetime
    ids: Ids
    #: The person (by id) who has entered a case; None where the bot acts, or nobody entered more than a team.
    acting: str | None

    def get(self, kind: type[E], id: str) -> E | None:
        """The entity with this id, or None."""

    def find(self, kind: type[E], /, **where: Any) -> list[E]:
        """Entities whose fields equal all of `where`; a tuple or list means «one of»."""

    def add(self, *entities: object) -> None:
        """Take in new entities."""

    def change(self, entity: E, **changes: Any) -> E:
        """Change fields and return the changed entity.

        It must still be as `entity` has it in the changed fields (compare-and-set), else
        `Overtaken` is raised.
        """

    def remove(self, entity: object) -> None:
        """Delete an entity."""

    def erase(self, item: str) -> None:
        """Once this is committed, make all that was sealed for it unreadable, in every backup too.

        It is a case («case/<id>») or what lies outside cases, as a notification names it.
        """

    def case_file(self, case_id: str) -> CaseFile | None:
        """One case as it is now: what this transaction has changed is so in it."""

    def refuse_unreadable(self) -> None:
        """Raise what reading raises where a case, or something outside cases, has not opened.

        To be called after all have been looked through, for what would be wrong if it were told, or done, by
        the others alone: lists go on without it.
        """

    def current(self, file: CaseFile) -> CaseFile:
        """The file of the same case as it is now; after the transaction, and for a reader, the same file."""

    def case_before(self, case_id: str) -> CaseFile | None:
        """The case as it was before this transaction wrote to it; None if there was none."""

    def case_changed(self, case_id: str, at: datetime | None = None) -> None:
        """Have told what follows from the state of a case, when all else in the transaction has been done.

        With `at`, not before then: where so many cases change that Slack takes minutes for them, what people
        do meanwhile in one of them, and what is due, is not to wait behind the others.

        That is so of every case that is written to, but for how far Slack and calendars have been told. To be
        said of a case whose agencies, contacts or coordinators have changed, and of its room.
        """

    def item_stands(self, item: str) -> bool:
        """Return whether what lies outside cases is there, and not erased."""

    def case_of_channel(self, channel_id: str) -> str | None:
        """The id of the case whose room this channel is."""
        return next((room.case_id for room in self.find(Room, channel_id=channel_id)), None)

    def person_by_slack(self, slack_id: str) -> Person | None:
        """The person with this Slack id."""
        return next(iter(self.find(Person, slack_id=slack_id)), None)

    def cases_with(self, person_id: str) -> list[str]:
        """Ids of the unpurged cases in which the person has a live seat, newest first."""
        seated = {seat.case_id for seat in self.find(Seat, person_id=person_id, ended_at=None)}
        return _newest_first(self.find(Case, id=tuple(seated), purged_at=None))

    def cases_of_team(self, team_id: str) -> list[str]:
        """Ids of the team's unpurged cases, newest first."""
        return _newest_first(self.find(Case, team_id=team_id, purged_at=None))

    def teams(self) -> list[Team]:
        """All teams, by key."""
        return self.find(Team)

    def coordinators(self, team_id: str) -> list[Coordinator]:
        """The team's coordinators now, longest first."""
        return self.find(Coordinator, team_id=team_id, until=None)

    def agencies(self, team_id: str) -> list[Agency]:
        """The team's agencies that have not been retired, core ones first, then by name."""
        return sorted(self.find(Agency, team_id=team_id, retired=False), key=lambda agency: not agency.core)

    def contacts(self, agency_id: str) -> list[Contact]:
        """The agency's contacts that have not been retired, in order on call."""
        return self.find(Contact, agency_id=agency_id, retired=False)

    def audit(self, *entries: AuditEntry) -> None:
        """Log, in this transaction; what is only read is logged after it, as served.

        A refusal is logged although the transaction is rolled back.
        """

    def delivered(self, claim: Claim, given_up: str | None = None) -> None:
        """As `Outbox.done`, with this transaction; with the reason why it is `given_up` as `Outbox.dead`."""

    def enqueue(self, *notifications: Notification) -> None:
        """Leave notifications in the outbox, in this transaction."""

    def would_tell(self, work: Callable[[UnitOfWork], object]) -> list[Notification]:
        """Return what `work` would leave, beside what is left anyway. Nothing of it is kept."""


def _newest_first(cases: Iterable[Case]) -> list[str]:
    return [case.id for case in sorted(cases, key=lambda case: (-case.opened_at.timestamp(), case.id))]


def file_of_channel(uow: UnitOfWork, channel_id: str) -> CaseFile | None:
    """The case whose room this channel is."""
    case_id = uow.case_of_channel(channel_id)
    return uow.case_file(case_id) if case_id is not None else None


def case_files(uow: UnitOfWork, case_ids: Iterable[str], *, closed_too: bool = False) -> Iterator[CaseFile]:
    """The files of these cases as far as they are open, each as it is when it is its turn."""
    for case_id in case_ids:
        file = uow.case_file(case_id)
        if file is not None and (file.open or closed_too):
            yield file


@dataclass(frozen=True, slots=True)
class Claim:
    """An entry of a ledger that is in hand.

    `op_id` is the opaque key that goes into the message's metadata; `attempts` counts this one;
    `faults` are the failures of our own in a row before it; `generation` tells whether the document was asked
    for again meanwhile; `restored` that a backup was put back shortly before it was enqueued; `inherited`
    that a process that is gone has tried it last, `may_land` that this was less than LANDS_WITHIN ago, as far
    as is known: what it had sent may yet arrive. `prepared` is what was found out of it in the transaction
    that took it in hand, at the monotonic time `taken_at`.
    """

    id: int
    op_id: str
    notification: Notification
    attempts: int
    generation: int
    enqueued_at: datetime
    faults: int = 0
    restored: bool = False
    inherited: bool = False
    may_land: bool = False
    prepared: Any = None
    taken_at: float = 0.0

    @property
    def ready(self) -> Any:
        """Return what was prepared, as long as nobody has waited since; else None."""
        return self.prepared if time.monotonic() - self.taken_at < FRESH else None


#: Why an entry was given up: Slack lets a message stand. It has arrived, and those concerned have been told.
NOT_DELETED = "not_deleted"
#: So long after an uncertain call a message may land; only then is Slack read back.
LANDS_WITHIN = timedelta(seconds=20)
#: From one case to the next where many follow one change: each takes a call or two of methods that Slack
#: takes fifty times a minute.
PACE = timedelta(seconds=1.5)


class Nothing(Enum):
    """Prepared where there is nothing to do: all is in Slack as it should be."""

    NOTHING = 0


#: What is to be done of an entry, found out as it is taken in hand; None where that has to be looked up then.
Prepare = Callable[["UnitOfWork", Claim], Any]


@dataclass(frozen=True, slots=True)
class SetAside:
    """An entry that cannot be read: its kind, perhaps none that this version knows, and the error's class."""

    id: int
    kind: str
    case_id: str | None
    error: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Deliveries to be made: what is urgent first, then the longest due.

    `due_in` is how long until the next is due (negative when overdue), None when there is none. It is not
    looked for where as many were due as were asked for.
    """

    rows: list[Claim]
    due_in: timedelta | None = None
    set_aside: Sequence[SetAside] = ()


class Outbox(Protocol):
    """The deliverer's side of the outbox. Every call is one short transaction, off the event loop."""

    async def claim(
        self,
        limit: int,
        *,
        urgent: bool = False,
        ahead: Callable[[], timedelta] = timedelta,
        prepare: Prepare | None = None,
    ) -> Claimed:
        """Take up to `limit` due entries in hand; with `urgent`, of what is urgent alone.

        Who is in a room is brought in line before anything new is said there. Where the clock is `ahead`,
        what is due at a time of day is held until that is over. What `prepare` finds nothing to do of is over
        at once: most of what a change asks for stands as it should.
        """

    async def done(self, claim: Claim) -> None:
        """Delivered or no longer wanted."""

    def release(self, claim: Claim) -> None:
        """It is in this process's hand no more; whatever waits for a room is due."""

    async def begun(self, claim: Claim, op_id: str) -> bool:
        """Return whether an entry of the same ledger is being delivered, or has been with unknown effect."""

    async def others_have_case(self, claim: Claim) -> bool:
        """Return whether another entry of the case is being delivered, or has been with unknown effect."""

    async def retry(self, claim: Claim, after: timedelta, *, counts: bool, faults: int = 0) -> None:
        """Due again after this long. With `counts` the attempt was an uncertain one (read back first).

        `faults` is how many failures of our own it has met in a row.
        """

    def is_out(self, error: BaseException) -> bool:
        """Return whether it is the database, or the key store, that fails, and not the code that uses it."""

    async def dead(self, claim: Claim, reason: str) -> None:
        """Slack has refused it for good; `reason` is Slack's error code."""

    async def oldest_due(self) -> timedelta | None:
        """Return how long the oldest due entry has waited."""

    async def forget_done(self) -> object:
        """Forget what has ended, and receipts that have served."""

    def on_enqueue(self, callback: Callable[[], None]) -> None:
        """Call `callback` (on the event loop) whenever something has been enqueued or put back."""


class Log(Protocol):
    """The audit log, for the one whom it is about."""

    async def of_person(self, person_id: str, limit: int, *, acts: bool = False) -> Sequence[Logged]:
        """Return what one person did and, unless only `acts`, what was done about them, the newest first."""


class Database(Protocol):
    """Runs work in transactions: one writer thread on SQLite, a few threads on PostgreSQL."""

    @property
    def log(self) -> Log:
        """The audit log."""

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run in one read-write transaction; commit when it returns, roll back when it raises.

        `work` may run more than once: it has no effects but those on its unit of work.
        """

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run in one read-only transaction."""

    async def read_slowly(self, work: Callable[[UnitOfWork], T]) -> T:
        """As `read`, for what takes long: nobody waits behind it but others of its kind."""

    async def note(self, work: Callable[[UnitOfWork], T]) -> T:
        """As `write`, also after another process has taken over: what Slack has answered is a fact."""

    async def once(self, receipt: Sequence[str], work: Callable[[UnitOfWork], T]) -> T:
        """As `write`, once for this delivery: AlreadyHandled if the receipt has been used before.

        The receipt is kept only if `work` returns: what was refused may be delivered again.
        """

    async def is_handled(self, receipt: Sequence[str]) -> bool:
        """Return whether a delivery with this receipt has been carried out, by `once`."""

    async def written(self, within: float) -> None:
        """Wait until this process has written something, for so many seconds at most."""
