"""«Se over og send»: store a filled-in form as a draft, show whom it would tell, then send it.

A trial run without commit finds out who would be told (`UnitOfWork.would_tell`); the form names those whom
its other lines do not. Slack carries only the draft's id and a digest of the people and warnings shown:
nobody is told whom the coordinator has not seen, and nothing is sent against a warning that is new to them.

A form that failed, and the form of a review, are stored too, as they were filled in («Fortsett der du
slapp»), except for what the guard would refuse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.domain.case.entities import Case
from bot.domain.directory.entities import Person
from bot.domain.errors import Refusal, Refused
from bot.domain.notifications import Notification, Origin
from bot.usecases.authorization import not_found
from bot.usecases.outside import find_item
from bot.usecases.ports import Draft, Posted, UnitOfWork
from bot.usecases.profile import stored

#: How long an unsent draft is kept.
DRAFTS_KEPT = timedelta(days=1)
_FORM = "form-"
C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True)
class ReviewedCommand(Generic[C, R]):
    """An act that is reviewed before it is done: its command, its review, the act.

    The review checks what is filled in, and changes nothing. The act gets the review of its own transaction.
    The functions below raise whatever these two raise.
    """

    command: type[C]
    review: Callable[[UnitOfWork, Person, C], R]
    act: Callable[[UnitOfWork, Person, C, R], Any]


@dataclass(frozen=True, slots=True)
class ReviewedDraft(Generic[C, R]):
    """A draft and what to show its sender.

    `told` are the people who would now be told in Slack, without the sender and without the coordinators of
    the team, who hear of everything in it.
    """

    draft_id: str
    command: C
    review: R
    told: tuple[Person, ...]


def keep_draft(
    uow: UnitOfWork, actor: Person, step: ReviewedCommand[C, R], key: str, command: C, form: str | None
) -> ReviewedDraft[C, R]:
    """Review a command and store it as a draft, with its form as filled in, as JSON.

    The same `key` (of the form) overwrites its earlier draft.
    """
    draft_id = sha256(key.encode()).hexdigest()[:22]
    reviewed = _reviewed(uow, actor, step, draft_id, command)
    _keep(uow, actor, draft_id, TypeAdapter(step.command).dump_json(command).decode())
    if form is not None:
        keep_form(uow, actor, key, form)
    return reviewed


def _reviewed(
    uow: UnitOfWork, actor: Person, step: ReviewedCommand[C, R], draft_id: str, command: C
) -> ReviewedDraft[C, R]:
    review = step.review(uow, actor, command)
    done, left = uow.would_tell(lambda it: step.act(it, actor, command, step.review(it, actor, command)))
    told = {n.recipient for n in left if _rings(uow, n) and not _hears_anyway(done, n)} - {actor.id}
    people = uow.find(Person, id=sorted(id for id in told if id is not None))
    return ReviewedDraft(draft_id, command, review, tuple(p for p in people if p.on_slack))


def _rings(uow: UnitOfWork, of: Notification) -> bool:
    """Return whether a notification is a new message to a person, due now."""
    if of.recipient is None or of.kind.origin is Origin.JOB or of.refreshes:
        return False
    due = of.due_at is None or of.due_at <= uow.now
    return due and not uow.find(Posted, key=of.key, case_id=of.case_id, item=of.item)


def _hears_anyway(uow: UnitOfWork, of: Notification) -> bool:
    """Return whether the recipient coordinates the team that a notification is about."""
    about = uow.get(Case, of.case_id) if of.case_id is not None else find_item(uow, of.item or "")
    seated = uow.coordinators(about.team_id) if about is not None else ()
    return any(each.person_id == of.recipient for each in seated)


def _keep(uow: UnitOfWork, actor: Person, id: str, data: str) -> None:
    draft = uow.get(Draft, id)
    if draft is None:
        uow.add(Draft(id, stored(uow, actor).id, data, uow.now))
    elif draft.person_id != actor.id:
        raise not_found(uow, actor)
    elif draft.data != data:
        uow.change(draft, data=data)


def change_draft(
    uow: UnitOfWork,
    actor: Person,
    step: ReviewedCommand[C, R],
    draft_id: str,
    change: Callable[[C], C],
) -> ReviewedDraft[C, R]:
    draft, command = _own(uow, actor, step, draft_id)
    command = change(command)
    uow.change(draft, data=TypeAdapter(step.command).dump_json(command).decode())
    return _reviewed(uow, actor, step, draft_id, command)


def review_draft(
    uow: UnitOfWork, actor: Person, step: ReviewedCommand[C, R], draft_id: str
) -> ReviewedDraft[C, R]:
    """The draft as it would be sent now."""
    _, command = _own(uow, actor, step, draft_id)
    return _reviewed(uow, actor, step, draft_id, command)


def send_draft(
    uow: UnitOfWork,
    actor: Person,
    step: ReviewedCommand[C, R],
    draft_id: str,
    seen: str,
    shown: Callable[[ReviewedDraft[C, R]], str],
) -> tuple[C, Any]:
    """Do what the draft says, and delete it. Return its command, and what the step's act returned.

    `shown` returns the digest of the people whom the review names, and of its warnings; `seen` is that of the
    review that they have seen.

    Raises:
        Refused: these are no longer those shown.
    """
    draft, drafted = _own(uow, actor, step, draft_id)
    reviewed = _reviewed(uow, actor, step, draft_id, drafted)
    if shown(reviewed) != seen:
        raise Refused(Refusal.REVIEW_OUTDATED)
    done = step.act(uow, actor, drafted, reviewed.review)
    uow.remove(draft)
    forget_form(uow, actor, form_of(draft_id))
    return drafted, done


def form_of(draft_id: str) -> str:
    """The id under which the form of a reviewed draft is kept."""
    return f"{_FORM}{draft_id[: 22 - len(_FORM)]}"


def keep_form(uow: UnitOfWork, actor: Person, key: str, form: str) -> str:
    """Store a form as filled in, as JSON. The same `key` (of the form) overwrites the stored one."""
    id = form_of(sha256(key.encode()).hexdigest())
    _keep(uow, actor, id, form)
    return id


def see_form(uow: UnitOfWork, actor: Person, id: str) -> str:
    form = find_form(uow, actor, id)
    if form is None:
        raise not_found(uow, actor)
    return form.data


def forget_form(uow: UnitOfWork, actor: Person, id: str) -> None:
    """Delete a stored form that has been sent, or is not wanted any more."""
    form = find_form(uow, actor, id)
    if form is not None:
        uow.remove(form)


def find_form(uow: UnitOfWork, actor: Person, id: str) -> Draft | None:
    draft = uow.get(Draft, id) if id.startswith(_FORM) else None
    return draft if draft is not None and draft.person_id == actor.id else None


def unfinished(uow: UnitOfWork, person: Person) -> Draft | None:
    """The last form that a person has not finished."""
    kept = (d for d in uow.find(Draft) if d.person_id == person.id and d.id.startswith(_FORM))
    recent = (d for d in kept if d.created_at > uow.now - DRAFTS_KEPT)
    return max(recent, key=lambda d: (d.created_at, d.id), default=None)


def _own(uow: UnitOfWork, actor: Person, step: ReviewedCommand[C, R], draft_id: str) -> tuple[Draft, C]:
    draft = uow.get(Draft, draft_id)
    if draft is None or draft.person_id != actor.id:
        raise not_found(uow, actor)
    try:
        return draft, TypeAdapter(step.command).validate_json(draft.data)
    except ValidationError:
        raise Refused(Refusal.NOT_ALLOWED) from None
