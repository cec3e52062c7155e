"""Ports of the use cases, as protocols; `storage` implements the methods without a body."""

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
#: Seconds for which what was prepared at an entry's claim is used without looking again.
FRESH = 0.25


class Clock(Protocol):
    """The bot's only clock. `offset` is what it adds to real time: zero in production."""

    def now(self) -> datetime:
        """The time, as an aware UTC datetime."""

    @property
    def offset(self) -> timedelta:
        """The time by which this clock is ahead of real time."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message or file that the bot has posted in Slack.

    `key` is the notification's key; `digest` is a hash of what the message shows, so that an unchanged one is
    not sent again. `person_id` is None for a message in the room. `item` and `params` are as in
    `Notification`.
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
    """A command that is filled in but not sent, or its form, stored so that Slack carries only its id.

    `data` is the JSON of a use case's command, or of a form as its person filled it in. It is deleted when it
    is sent, otherwise by a daily job.
    """

    id: str
    person_id: str
    data: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who was told to wait: for what (its receipt), in which form, if any, and since when."""

    receipt: tuple[str, ...]
    slack_id: str
    view_id: str | None
    said_at: datetime


class WaitingNotes(Protocol):
    """Notes of people who wait, which outlive the process. The calls block on the file system."""

    def note(self, waiting: Waiting) -> None:
        """Write a note, and hold it. Raise OSError if it cannot be written."""

    def settle(self, waiting: Waiting) -> None:
        """Remove the note: the person has been told."""

    def release(self, waiting: Waiting) -> None:
        """Give the note up: the next reader of abandoned notes tells the person."""

    def abandoned(self) -> Iterator[Waiting]:
        """Yield the people who were left waiting; their notes are now held."""


class Ids:
    """Ids and codes from the system's randomness. `taken` tells whether a code is in use."""

    def __init__(self, taken: Callable[[str], bool]) -> None:
        self._taken = taken

    def new(self) -> str:
        """A new random id: 22 URL-safe characters."""
        return secrets.token_urlsafe(16)

    def uid(self) -> str:
        """A new random iCalendar UID, of hex digits only."""
        return secrets.token_hex(16)

    def code(self) -> str:
        """A new random case code of 4 unambiguous characters, which no case has had."""
        while True:
            code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
            if not self._taken(code):
                return code


class UnitOfWork(Protocol):
    """One transaction. Entities are the frozen dataclasses of `bot.domain`."""

    now: datetime
    ids: Ids
    #: The id of the person who has entered a case; None where the bot acts, or nobody has entered a case.
    acting: str | None

    def get(self, kind: type[E], id: str) -> E | None:
        """The entity with this id, or None."""

    def find(self, kind: type[E], /, **where: Any) -> list[E]:
        """Entities whose fields equal all of `where`, mostly oldest first; a tuple or list means «one of».

        Raise TypeError for an unknown field.
        """

    def add(self, entity: E, /, *more: object) -> E:
        """Add new entities, in any order, and return the first.

        Raise `Overtaken` if one may exist only once and exists already.
        """

    def change(self, entity: E, **changes: Any) -> E:
        """Change fields and return the changed entity.

        Raise `Overtaken` if the stored entity differs from `entity` in the changed fields (compare-and-set).
        """

    def remove(self, entity: object) -> None:
        """Delete an entity. It is no error if it is gone, but one if others refer to it."""

    def erase(self, item: str) -> None:
        """Make all that was sealed for the item unreadable on commit, in every backup too.

        The item is a case («case/<id>»), or something outside cases, named as in a notification.
        """

    def case_file(self, case_id: str) -> CaseFile | None:
        """One case as it is now, with the changes of this transaction."""

    def refuse_unreadable(self) -> None:
        """Raise the error of reading if a case, or something outside cases, could not be decrypted.

        Call it after reading all of them, where a result from only the readable ones would be wrong. Lists do
        without it.
        """

    def current(self, file: CaseFile) -> CaseFile:
        """The case of `file` as it is now; after the transaction, and in a read-only one, `file` itself."""

    def case_before(self, case_id: str) -> CaseFile | None:
        """The case as it was before this transaction wrote to it; None if it did not exist."""

    def case_changed(self, case_id: str, at: datetime | None = None) -> None:
        """Enqueue what follows from the state of a case, at the end of the transaction.

        With `at`, it is not due before then. Where so many cases change that Slack takes minutes for them,
        acts of people in one of them, and what is due, do not wait behind the other cases.

        Writing to a case has the same effect, except for the records of what Slack and calendars have been
        told. Call this when a case's agencies, contacts, coordinators or room have changed.
        """

    def item_stands(self, item: str) -> bool:
        """Return whether an item outside cases exists and is not being erased."""

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
        """The team's current coordinators, the longest serving first."""
        return self.find(Coordinator, team_id=team_id, until=None)

    def agencies(self, team_id: str) -> list[Agency]:
        """The team's agencies that have not been retired, core ones first, then by name."""
        return sorted(self.find(Agency, team_id=team_id, retired=False), key=lambda agency: not agency.core)

    def contacts(self, agency_id: str) -> list[Contact]:
        """The agency's contacts that have not been retired, in on-call order."""
        return self.find(Contact, agency_id=agency_id, retired=False)

    def audit(self, *entries: AuditEntry) -> None:
        """Log in this transaction. What is only read is logged after it, as served.

        A refusal is logged even though the transaction is rolled back.
        """

    def delivered(self, claim: Claim, given_up: str | None = None) -> None:
        """As `Outbox.end`, in this transaction."""

    def enqueue(self, *notifications: Notification) -> None:
        """Put notifications in the outbox, in this transaction."""

    def would_tell(self, work: Callable[[UnitOfWork], object]) -> tuple[UnitOfWork, list[Notification]]:
        """Return how all would be after `work`, and what it would enqueue, without what is enqueued anyway.

        Nothing of it is kept.
        """


def _newest_first(cases: Iterable[Case]) -> list[str]:
    return [case.id for case in sorted(cases, key=lambda case: (-case.opened_at.timestamp(), case.id))]


def file_of_channel(uow: UnitOfWork, channel_id: str) -> CaseFile | None:
    """The case whose room this channel is."""
    case_id = uow.case_of_channel(channel_id)
    return uow.case_file(case_id) if case_id is not None else None


def case_files(uow: UnitOfWork, case_ids: Iterable[str], *, closed_too: bool = False) -> Iterator[CaseFile]:
    """Yield the files of those of these cases that are open, each read when its turn comes."""
    for case_id in case_ids:
        file = uow.case_file(case_id)
        if file is not None and (file.open or closed_too):
            yield file


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed entry of a ledger.

    `op_id` is the opaque key in the message's metadata; `attempts` counts this one, and is at least 2 if
    a restore may hide one; `faults` is the number of failures of ours, or refusals that need not be final, in
    a row before it. `generation` tells whether the entry was requested again since;
    `restored`, that it was enqueued after the backup that was restored within the last day; `inherited`, that
    a process that is gone made the last attempt; `may_arrive`, that nothing has waited LANDS_WITHIN for
    it since, so its message may still arrive. `prepared` is what the claiming transaction found out
    about the entry, at the monotonic time `prepared_at`.
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
    may_arrive: bool = False
    prepared: Any = None
    prepared_at: float = 0.0

    def fresh_preparation(self) -> Any:
        """Return what was prepared while it is younger than FRESH seconds; otherwise None."""
        return self.prepared if time.monotonic() - self.prepared_at < FRESH else None


#: Why an entry was given up: Slack does not delete a message. It has arrived; those concerned were told.
NOT_DELETED = "not_deleted"
#: For how long after an uncertain call a message may still arrive; only then is Slack read back.
LANDS_WITHIN = timedelta(seconds=20)
#: Delay between cases where one change affects many: each needs a call or two of methods that Slack limits to
#: fifty a minute.
PACE = timedelta(seconds=1.5)


class UpToDate(Enum):
    """Prepared for an entry with nothing to do: Slack already shows what it should."""

    UP_TO_DATE = 0


#: Finds out at the claim what an entry needs; None where the delivery has to look it up.
Prepare = Callable[["UnitOfWork", Claim], Any]


@dataclass(frozen=True, slots=True)
class SetAside:
    """An unreadable entry: its kind, which this version may not know, and the error's class."""

    id: int
    kind: str
    case_id: str | None
    error: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Claimed deliveries: urgent ones first, then the longest due.

    `due_in` is the time until the next one is due (negative when overdue), None when there is none. It is not
    determined, and None, if as many were due as were requested.
    """

    rows: list[Claim]
    due_in: timedelta | None = None
    set_aside: Sequence[SetAside] = ()


class Outbox(Protocol):
    """The outbox as its dispatcher uses it. Every coroutine is one short transaction, off the event loop."""

    async def claim(
        self,
        limit: int,
        *,
        urgent: bool = False,
        ahead: Callable[[], timedelta] = timedelta,
        prepare: Prepare | None = None,
    ) -> Claimed:
        """Claim up to `limit` due entries; with `urgent`, only urgent ones.

        A room's membership is reconciled before anything new is posted there. While the clock is `ahead`,
        entries due at a time of day are held until that time has really come. An entry for which `prepare`
        finds nothing to do ends at once: most messages that a change requests are up to date already.
        """

    async def end(self, claim: Claim, given_up: str | None = None) -> None:
        """End an entry that is delivered, no longer wanted or, with Slack's code for the reason, `given_up`.

        Nothing if the delivery's own transaction has ended it (`UnitOfWork.delivered`).
        """

    def release(self, claim: Claim) -> None:
        """Release the claim of this process; entries that wait for the room become due."""

    async def begun(self, claim: Claim, op_id: str) -> bool:
        """Return whether the ledger's entry `op_id` is being delivered, or an attempt ended uncertainly."""

    async def case_is_busy(self, claim: Claim) -> bool:
        """Return whether another entry of the case is being delivered, or an attempt ended uncertainly."""

    async def retry(
        self, claim: Claim, after: timedelta, *, counts: bool, faults: int = 0, due: bool = False
    ) -> None:
        """Try the entry again `after` this long; with `due`, it was not due before that.

        With `counts` the attempt was uncertain, and Slack is read back first. `faults` is as in
        `Claim`.
        """

    def is_outage(self, error: BaseException) -> bool:
        """Return whether the database or the key store fails, and not the code that uses it."""

    async def oldest_due(self) -> timedelta | None:
        """Return how long the oldest due entry has waited."""

    async def tidy(self) -> object:
        """Forget old entries and receipts, and leave no trace of what was written together."""

    def on_enqueue(self, callback: Callable[[], None]) -> None:
        """Call `callback` (on the event loop) each time something has been enqueued or put back."""


class Log(Protocol):
    """The audit log, as shown to the person it is about."""

    async def of_person(self, person_id: str, limit: int, *, acts: bool = False) -> Sequence[Logged]:
        """Return what one person did and, unless only `acts`, what was done about them, newest first."""


class Database(Protocol):
    """Runs functions in transactions: one thread writes, a few read."""

    @property
    def log(self) -> Log:
        """The audit log."""

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run in one read-write transaction; commit when it returns, roll back when it raises.

        `work` may run more than once, so it may have no effects except on its unit of work.
        """

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run in one read-only transaction."""

    async def read_slowly(self, work: Callable[[UnitOfWork], T]) -> T:
        """As `read`, for long work: only other calls of `read_slowly` wait behind it."""

    async def note(self, work: Callable[[UnitOfWork], T]) -> T:
        """As `write`, also after another process has taken over: what Slack answered is a fact."""

    async def once(self, receipt: Sequence[str], work: Callable[[UnitOfWork], T]) -> T:
        """As `write`, once for this delivery. Raise AlreadyHandled if the receipt has been used before.

        The receipt is kept only if `work` returns: a refused delivery may come again.
        """

    async def is_handled(self, receipt: Sequence[str]) -> bool:
        """Return whether `once` has carried out a delivery with this receipt."""
