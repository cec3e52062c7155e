"""What a subject declares of its notifications: by kind, what shows it or what runs it.

Each subject has one tuple of these (`NOTIFICATIONS`); the composition root joins them (`joined`), and the
deliverer gets the whole.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

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
    """What is done otherwise than by making one message stand.

    `leaves` returns the message that it makes stand beside: a copy that a lost lease left is deleted.
    """

    kind: Kind
    run: Callable[[DeliveryServices, Claim], Awaitable[None]]
    leaves: Callable[[DeliveryServices, UnitOfWork, Notification], Target] | None = None


Declared = CaseMessage | PersonMessage | Job
Registry = Mapping[Kind, Declared]


def joined(*subjects: Iterable[Declared]) -> Registry:
    """Return what is declared for each kind.

    Raises:
        ValueError: a kind is declared twice, or not at all, or as a message of what it is not about.
    """
    registry: dict[Kind, Declared] = {}
    for declared in (each for subject in subjects for each in subject):
        if declared.kind in registry:
            raise ValueError(f"declared twice: {declared.kind}")
        if not isinstance(declared, Job) and isinstance(declared, CaseMessage) != (
            declared.kind.of is Of.CASE
        ):
            raise ValueError(f"{declared.kind} is of a {declared.kind.of.name.lower()}")
        registry[declared.kind] = declared
    missing = [kind for kind in Kind if kind not in registry]
    if missing:
        raise ValueError(f"not declared: {', '.join(missing)}")
    return MappingProxyType(registry)
