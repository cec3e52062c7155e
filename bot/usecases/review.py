"""«Se over og send»: what is filled in is kept as a draft, shown with whom it tells, and sent afterwards.

Slack carries only the draft's id and a digest of the people shown, so that nobody is told whom the
coordinator has not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.domain.audit import AuditEntry, Event
from bot.domain.directory.entities import Person
from bot.domain.errors import NotAllowed, ReviewOutdated
from bot.usecases.ports import Draft, UnitOfWork

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True)
class ReviewedCommand(Generic[C, R]):
    """An act that is reviewed before it is done: its command, its review, the act, the people it tells.

    The act is given the review of its own transaction, and makes one if it is called without. It raises
    whatever the review raises.
    """

    command: type[C]
    review: Callable[[UnitOfWork, Person, C], R]
    act: Callable[[UnitOfWork, Person, C, R], Any]
    people: Callable[[R], Iterable[str]]


@dataclass(frozen=True, slots=True)
class ReviewedDraft(Generic[C, R]):
    """A draft and what its sender is to see. `seen` stands for the people shown."""

    draft_id: str
    seen: str
    command: C
    review: R


@dataclass(frozen=True, slots=True)
class Send:
    draft_id: str
    seen: str


def keep_draft(
    uow: UnitOfWork, actor: Person, step: ReviewedCommand[C, R], key: str, command: C
) -> ReviewedDraft[C, R]:
    """Review what is filled in and keep it. The same `key` (of the form) overwrites its earlier draft.

    Raises:
        As the step's review.
        NotAllowed: the key is somebody else's.
    """
    review = step.review(uow, actor, command)
    draft_id = sha256(key.encode()).hexdigest()[:22]
    data = TypeAdapter(step.command).dump_json(command).decode()
    draft = uow.get(Draft, draft_id)
    if draft is None:
        uow.add(Draft(draft_id, actor.id, data, uow.now))
    elif draft.person_id != actor.id:
        raise _not_theirs(uow, actor)
    elif draft.data != data:
        uow.change(draft, data=data)
    return ReviewedDraft(draft_id, _digest(step, review), command, review)


def review_draft(
    uow: UnitOfWork, actor: Person, step: ReviewedCommand[C, R], draft_id: str
) -> ReviewedDraft[C, R]:
    """The draft as it would be sent now.

    Raises:
        NotAllowed: no such draft, or somebody else's.
        As the step's review.
    """
    _, command = _own(uow, actor, step, draft_id)
    review = step.review(uow, actor, command)
    return ReviewedDraft(draft_id, _digest(step, review), command, review)


def send_draft(uow: UnitOfWork, actor: Person, step: ReviewedCommand[C, R], command: Send) -> None:
    """Do what the draft says, and delete it.

    Raises:
        NotAllowed: no such draft, or somebody else's.
        ReviewOutdated: other people would be told than those shown.
        As the step's act.
    """
    draft, drafted = _own(uow, actor, step, command.draft_id)
    review = step.review(uow, actor, drafted)
    if _digest(step, review) != command.seen:
        raise ReviewOutdated
    step.act(uow, actor, drafted, review)
    uow.remove(draft)


def _own(uow: UnitOfWork, actor: Person, step: ReviewedCommand[C, R], draft_id: str) -> tuple[Draft, C]:
    draft = uow.get(Draft, draft_id)
    if draft is None or draft.person_id != actor.id:
        raise _not_theirs(uow, actor)
    try:
        return draft, TypeAdapter(step.command).validate_json(draft.data)
    except ValidationError:
        raise NotAllowed from None


def _not_theirs(uow: UnitOfWork, actor: Person) -> NotAllowed:
    """The refusal of a draft that is somebody else's or is not there, logged as any other."""
    uow.audit(AuditEntry(Event.REFUSED, actor.id))
    return NotAllowed()


def _digest(step: ReviewedCommand[C, R], review: R) -> str:
    return sha256("\n".join(sorted(step.people(review))).encode()).hexdigest()[:16]
