"""Declarations of a subject's notifications: by kind, the function that shows or runs it.

Each subject names its own (`Subject.notifications`); the deliverer gets them joined, and knows no subject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.notifications import Kind, Notification, Of
from bot.usecases.ports import Claim, UnitOfWork
from handlers.blocks.context import File, Message, PersonRenderContext, RenderContext
from handlers.delivery.posting import Target
from handlers.delivery.services import DeliveryServices


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A message of one case, as one reader or the room sees it. `show` returns None where none must stand."""

    kind: Kind
    show: Callable[[RenderContext], Message | File | None]


@dataclass(frozen=True, slots=True)
class PersonMessage:
    """A message to one person that is of no single case. `show` returns None where none must stand."""

    kind: Kind
    show: Callable[[PersonRenderContext], Message | File | None]


@dataclass(frozen=True, slots=True)
class Job:
    """Work other than reconciling one message.

    `leaves` returns the message that it reconciles as well: a copy that a lost lease left is deleted.
    """

    kind: Kind
    run: Callable[[DeliveryServices, Claim], Awaitable[None]]
    leaves: Callable[[DeliveryServices, UnitOfWork, Notification], Target] | None = None


Declared = CaseMessage | PersonMessage | Job
Registry = Mapping[Kind, Declared]


def wrongly_declared(all_declared: Sequence[Declared]) -> Iterator[str]:
    """Yield what is wrong: a kind that is declared twice, or not at all, or as what it is not about."""
    times = Counter(declared.kind for declared in all_declared)
    for kind in Kind:
        if times[kind] != 1:
            yield f"notification {kind} is declared {'nowhere' if not times[kind] else 'twice'}"
    for declared in all_declared:
        if not isinstance(declared, Job) and isinstance(declared, CaseMessage) is not (
            declared.kind.of is Of.CASE
        ):
            yield f"notification {declared.kind} is of a {declared.kind.of.name.lower()}"
