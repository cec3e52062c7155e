"""One transaction, as the use cases see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from bot.domain.access import Action
from bot.domain.audit import AuditEntry, Event
from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.entities import Case, FormerRoom, Room
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Notification
from bot.usecases.ports import Claim, Draft, Ids, Posted, UnitOfWork
from storage.case_file import file_of
from storage.crypto.keyring import case_scope
from storage.crypto.master_key import KeyLost
from storage.documents.aggregates import AGGREGATE_OF, AGGREGATES, CASE, DIRECTORY, KINDS
from storage.documents.document import Document
from storage.documents.store import Documents
from storage.kinds import Kind
from storage.ledgers.ledger import POSTED
from storage.ledgers.store import Ledgers

E = TypeVar("E")
#: Every kind of entity that is stored: in a document or in a ledger.
STORED: Mapping[type[Any], Kind[Any]] = {**KINDS, Posted: POSTED}
#: Events that are logged as they are, whether or not anything has been changed.
_AS_IT_IS = frozenset(
    (Event.REFUSED, Event.EXPORTED, Action.SHARE_REPORT, Event.REMOVED, Event.PURGED, Event.PURGE_ORDERED)
)
#: Kinds that record what Slack and calendars have been told; nothing follows from a change of them.
_OF_DELIVERY = frozenset((Room, FormerRoom, CalendarEntry))


class SqlUnitOfWork(UnitOfWork):
    """A `UnitOfWork` on one connection, inside one transaction that its caller begins and ends.

    `Overtaken` means that somebody else was first: the entity has changed since it was read, or one that may
    exist only once exists already. It has to end the transaction, which may be half done.

    With `writes` nobody else changes anything until the transaction ends. Everything read or written is held
    in memory, so that a case is read once and its file shows the changes.
    """

    def __init__(
        self,
        now: datetime,
        documents: Documents,
        ledgers: Ledgers,
        *,
        writes: bool,
        follow_up: Callable[[UnitOfWork, str], None],
    ) -> None:
        self.now = now
        self.acting: str | None = None
        self.notifications: list[Notification] = []
        self.ended: list[tuple[Claim, str | None]] = []
        #: Ids of the changed cases in order, each with the time to tell of the change, None for at once; and
        #: the documents of the written cases as they were before.
        self.changed_cases: dict[str, datetime | None] = {}
        self._before: dict[str, Document | None] = {}
        self._entries: dict[AuditEntry, None] = {}
        self._acted = False
        #: Scopes whose keys are to be destroyed after the commit.
        self.erased: list[str] = []
        self._writes = writes
        self._follow_up = follow_up
        #: The files of cases, with what they are made of: each is rebuilt only after that has changed.
        self._files: dict[str, tuple[tuple[Document, int, Document, int], CaseFile]] = {}
        self.documents = documents
        self.ledgers = ledgers
        # It refers to the documents alone: only the garbage collector frees a reference cycle.
        self.ids = Ids(lambda code: any(documents.find(kind, {"code": code}) for kind in (Case, FormerRoom)))

    @property
    def met_erased(self) -> bool:
        """Return whether something could not be opened because its key has been destroyed."""
        return self.documents.met_erased or self.ledgers.met_erased

    # --- entities ------------------------------------------------------------------------------

    def get(self, kind: type[E], id: str) -> E | None:
        return self._of(kind).get(kind, id)

    def find(self, kind: type[E], /, **where: Any) -> list[E]:
        return self._of(kind).find(kind, where)

    def add(self, entity: E, /, *more: object) -> E:
        for each in (entity, *more):
            self._note(each)
            self._of(type(each)).add(each)
        return entity

    def change(self, entity: E, **changes: Any) -> E:
        changed = {name for name, value in changes.items() if getattr(entity, name) != value}
        # Nothing follows from a `uid`: it is what calendars have been told.
        self._note(entity, follows=bool(changed - {"uid"}))
        return self._of(type(entity)).change(entity, changes)

    def remove(self, entity: object) -> None:
        self._note(entity)
        self._of(type(entity)).remove(entity)

    def _of(self, kind: type[Any]) -> Documents | Ledgers:
        return self.ledgers if kind is Posted else self.documents

    def _note(self, entity: object, *, follows: bool = True) -> None:
        """Note that an entity is about to be written, and keep its case as it was before."""
        if not self._writes:
            raise RuntimeError("a transaction that only reads writes nothing")
        kind = type(entity)
        self._acted = self._acted or kind is not Draft
        if AGGREGATE_OF.get(kind) is not CASE:
            return
        case_id = CASE.key_of(entity).removeprefix(f"{CASE.word}/")
        before = self._before.setdefault(case_id, self.documents.load(case_scope(case_id)))
        erased = before is not None and before.root.is_being_erased
        if follows and kind not in _OF_DELIVERY and not erased:
            self.case_changed(case_id)

    # --- cases ---------------------------------------------------------------------------------

    def case_file(self, case_id: str) -> CaseFile | None:
        return self._file(self.documents.load(case_scope(case_id)))

    def _file(self, document: Document | None) -> CaseFile | None:
        if document is None or document.root is None:
            return None
        directory = self.documents.load(DIRECTORY.only_key)
        if directory is None:
            raise LookupError("there is a case, but no directory")
        made_of = (document, document.edits, directory, directory.edits)
        kept = self._files.get(document.key)
        if kept is None or kept[0] != made_of:
            kept = self._files[document.key] = made_of, file_of(document, directory)
        return kept[1]

    def current(self, file: CaseFile) -> CaseFile:
        if not self._writes:
            return file
        return self.case_file(file.case.id) or file

    def refuse_unreadable(self) -> None:
        if unreadable := self.documents.unreadable():
            raise KeyLost(
                f"{len(unreadable)} documents cannot be opened, and without them the result would be wrong"
            )

    def case_before(self, case_id: str) -> CaseFile | None:
        if case_id not in self._before:
            return self.case_file(case_id)
        return self._file(self._before[case_id])

    def case_changed(self, case_id: str, at: datetime | None = None) -> None:
        # Told at once wins; otherwise the first time that was given.
        if at is None or case_id not in self.changed_cases:
            self.changed_cases[case_id] = at

    def erase(self, item: str) -> None:
        self.erased.append(item)

    def item_stands(self, item: str) -> bool:
        document = self.documents.load(item) if item.partition("/")[0] in AGGREGATES else None
        return document is not None and not getattr(document.root, "is_being_erased", True)

    # --- the log -------------------------------------------------------------------------------

    def audit(self, *entries: AuditEntry) -> None:
        """Log what is done here, each entry once; the code that runs the transaction writes them."""
        self._entries.update(dict.fromkeys(entries))

    def entries(self) -> list[AuditEntry]:
        """Return what to log on success; if only drafts were changed, things were only shown (SERVED)."""
        if self._acted:
            return list(self._entries)
        shown = (e if e.event in _AS_IT_IS else replace(e, event=Event.SERVED) for e in self._entries)
        return list(dict.fromkeys(shown))

    def refusals(self) -> list[AuditEntry]:
        """Return what to log if this is rolled back."""
        return [e for e in self._entries if e.event is Event.REFUSED]

    # --- notifications -------------------------------------------------------------------------------

    def delivered(self, claim: Claim, given_up: str | None = None) -> None:
        self.ended.append((claim, given_up))

    def enqueue(self, *notifications: Notification) -> None:
        self.notifications.extend(notifications)

    def follow_up(self) -> None:
        """Enqueue what follows from the changed cases; the last step of a transaction."""
        for case_id, at in list(self.changed_cases.items()):
            start = len(self.notifications)
            self._follow_up(self, case_id)
            if at is not None:
                follows = self.notifications[start:]
                self.notifications[start:] = [replace(each, due_at=each.due_at or at) for each in follows]

    def would_tell(self, work: Callable[[UnitOfWork], object]) -> tuple[UnitOfWork, list[Notification]]:
        done, untouched = self._trial(), self._trial()
        work(done)
        done.follow_up()
        untouched.changed_cases.update(done.changed_cases)
        untouched.follow_up()
        left_anyway = {notification.key for notification in untouched.notifications}
        return done, [each for each in done.notifications if each.key not in left_anyway]

    def _trial(self) -> SqlUnitOfWork:
        """Return a unit of work on the same connection that is never written."""
        documents, ledgers = self.documents.anew(), self.ledgers.anew()
        return SqlUnitOfWork(self.now, documents, ledgers, writes=True, follow_up=self._follow_up)
