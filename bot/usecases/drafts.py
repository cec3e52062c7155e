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

from bot.domain.audit import Entry, Event
from bot.domain.directory import Person
from bot.domain.errors import NotAllowed, ReviewOutdated
from bot.usecases.actions import ActionReview, AgreeAction, agree_action, review_action
from bot.usecases.asking import WillBeTold
from bot.usecases.change_action import ChangeAction, ChangeReview, change_action, review_change
from bot.usecases.deadlines import DeadlineReview, SetDeadline, review_deadline, set_deadline
from bot.usecases.door import Here
from bot.usecases.invite_agency import InviteAgency, invite_agency, review_invitation
from bot.usecases.meetings import (
    CallMeeting,
    MeetingReview,
    MoveMeeting,
    call_meeting,
    move_meeting,
    review_meeting,
    review_move,
)
from bot.usecases.open_case import OpenCase, Review, open_case, review_case
from bot.usecases.placements import (
    PlacementReview,
    StartPlacement,
    review_placement,
    start_placement,
)
from bot.usecases.ports import Draft, UnitOfWork
from bot.usecases.split_off import SplitOff, SplitReview, review_split, split_off

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True)
class Step(Generic[C, R]):
    """An act that is reviewed before it is done: its command, its review, the act, the people it tells."""

    command: type[C]
    review: Callable[[UnitOfWork, Person, C], R]
    act: Callable[[UnitOfWork, Person, C], Any]
    people: Callable[[R], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Reviewed(Generic[C, R]):
    """A draft and what its sender is to see. `seen` stands for the people shown."""

    draft_id: str
    seen: str
    command: C
    review: R


@dataclass(frozen=True, slots=True)
class Send:
    """The draft to send, as it was shown."""

    draft_id: str
    seen: str


def keep_draft(uow: UnitOfWork, actor: Person, step: Step[C, R], key: str, command: C) -> Reviewed[C, R]:
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
    return Reviewed(draft_id, _digest(step, review), command, review)


def review_draft(uow: UnitOfWork, actor: Person, step: Step[C, R], draft_id: str) -> Reviewed[C, R]:
    """The draft as it would be sent now.

    Raises:
        NotAllowed: no such draft, or somebody else's.
        As the step's review.
    """
    _, command = _own(uow, actor, step, draft_id)
    review = step.review(uow, actor, command)
    return Reviewed(draft_id, _digest(step, review), command, review)


def send_draft(uow: UnitOfWork, actor: Person, step: Step[C, R], command: Send) -> None:
    """Do what the draft says, and delete it.

    Raises:
        NotAllowed: no such draft, or somebody else's.
        ReviewOutdated: other people would be told than those shown.
        As the step's act.
    """
    draft, drafted = _own(uow, actor, step, command.draft_id)
    if _digest(step, step.review(uow, actor, drafted)) != command.seen:
        raise ReviewOutdated
    step.act(uow, actor, drafted)
    uow.remove(draft)


def _own(uow: UnitOfWork, actor: Person, step: Step[C, R], draft_id: str) -> tuple[Draft, C]:
    draft = uow.get(Draft, draft_id)
    if draft is None or draft.person_id != actor.id:
        raise _not_theirs(uow, actor)
    try:
        return draft, TypeAdapter(step.command).validate_json(draft.data)
    except ValidationError:
        raise NotAllowed from None


def _not_theirs(uow: UnitOfWork, actor: Person) -> NotAllowed:
    """The refusal of a draft that is somebody else's or is not there, logged as any other."""
    uow.audit(Entry(Event.REFUSED, actor.id))
    return NotAllowed()


def _digest(step: Step[C, R], review: R) -> str:
    return sha256("\n".join(sorted(step.people(review))).encode()).hexdigest()[:16]


def _told(told: WillBeTold) -> str:
    person = told.person.id if told.person is not None else "-"
    return f"{told.agency.id} {person} {told.by_coordinator}"


def _told_of_case(review: Review) -> list[str]:
    return [*map(_told, review.told), *(p.id for p in review.coordinators)]


def _told_of_split(split: SplitReview) -> list[str]:
    return _told_of_case(split.review)


def _told_of_invitation(review: tuple[Here, WillBeTold | None]) -> list[str]:
    return [_told(review[1])] if review[1] is not None else []


def _told_of_meeting(review: MeetingReview) -> list[str]:
    return [f"{review.asks_again}", *(f"{i} {p}" for i, p in review.people)]


def _told_of_action(review: ActionReview) -> list[str]:
    return [review.command.involvement_id]


def _told_of_change(review: ChangeReview) -> list[str]:
    return [review.action.involvement_id, review.command.involvement_id]


def _told_of_placement(review: PlacementReview) -> list[str]:
    return [i.id for i in review.parts]


def _told_of_deadline(review: DeadlineReview) -> list[str]:
    return [review.command.involvement_id or "-"]


OPENING = Step(OpenCase, review_case, open_case, _told_of_case)
SPLITTING = Step(SplitOff, review_split, split_off, _told_of_split)
INVITING = Step(InviteAgency, review_invitation, invite_agency, _told_of_invitation)
CALLING = Step(CallMeeting, review_meeting, call_meeting, _told_of_meeting)
MOVING = Step(MoveMeeting, review_move, move_meeting, _told_of_meeting)
AGREEING = Step(AgreeAction, review_action, agree_action, _told_of_action)
CHANGING = Step(ChangeAction, review_change, change_action, _told_of_change)
PLACING = Step(StartPlacement, review_placement, start_placement, _told_of_placement)
DATING = Step(SetDeadline, review_deadline, set_deadline, _told_of_deadline)
