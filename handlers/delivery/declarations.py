"""Declarations of a subject's notifications: by kind, the function that shows or runs it.

Each subject declares its own (`Subject.notifications`); the deliverer gets all of them, and knows no subject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.domain.notifications import About, Kind, Notification
from bot.domain.outside import still_stands
from bot.domain.overview.told import subject_of
from bot.usecases.ports import Claim, UnitOfWork
from handlers.blocks.context import File, Message, PersonRenderContext, RenderContext
from handlers.delivery.services import DeliveryServices

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A message of one case, as one reader or the room sees it.

    `show` gets the object that the kind is about, while it lasts and for its readers only. It returns None if
    there must be no message even so.
    """

    kind: Kind
    show: Callable[[RenderContext, Any], Message | File | None]

    def shown(self, ctx: RenderContext) -> Message | File | None:
        about = subject_of(ctx.file, ctx.notification)
        return self.show(ctx, about) if about is not None else None


@dataclass(frozen=True, slots=True)
class PersonMessage:
    """A message to one person about no single case. `show` returns None if there must be no message."""

    kind: Kind
    show: Callable[[PersonRenderContext], Message | File | None]


@dataclass(frozen=True, slots=True)
class ItemMessage(Generic[V]):
    """A message to one person about an item outside cases, which `view` returns; None once it is purged.

    The message is shown as long as `standing` returns it.
    """

    kind: Kind
    view: Callable[[UnitOfWork, str], V | None]
    standing: Callable[[V], Iterable[Notification]]
    show: Callable[[PersonRenderContext, V], Message | File | None]

    def shown(self, ctx: PersonRenderContext) -> Message | File | None:
        now = self.view(ctx.uow, ctx.notification.subject)
        if now is None or not still_stands(ctx.notification, self.standing(now), ctx.now):
            return None
        return self.show(ctx, now)


def item_messages(
    view: Callable[[UnitOfWork, str], V | None],
    standing: Callable[[V], Iterable[Notification]],
    shows: Mapping[Kind, Callable[[PersonRenderContext, V], Message | File | None]],
) -> tuple[ItemMessage[V], ...]:
    return tuple(ItemMessage(kind, view, standing, show) for kind, show in shows.items())


@dataclass(frozen=True, slots=True)
class Job:
    """Work other than reconciling one message.

    `prepare` finds out what the work needs, as `bot.usecases.ports.Prepare`.
    """

    kind: Kind
    run: Callable[[DeliveryServices, Claim], Awaitable[None]]
    prepare: Callable[[DeliveryServices, UnitOfWork, Notification], Any] | None = None


Declared = CaseMessage | PersonMessage | ItemMessage[Any] | Job
Registry = Mapping[Kind, Declared]
_OUTSIDE = frozenset({About.PERSON, About.TEAM, About.ITEM})
#: What a kind may be about, by the class of its declaration.
_ABOUT: Mapping[type[Any], Container[About]] = {
    CaseMessage: set(About) - _OUTSIDE,
    PersonMessage: _OUTSIDE,
    ItemMessage: {About.ITEM},
    Job: set(About),
}


def wrongly_declared(all_declared: Sequence[Declared]) -> Iterator[str]:
    """Yield what is wrong: a kind declared twice, not at all, or by a class that does not fit its `about`.

    The deliverer itself declares `Kind.STANDING`.
    """
    times = Counter(declared.kind for declared in all_declared)
    for kind in Kind:
        if times[kind] != (kind is not Kind.STANDING):
            yield f"notification {kind} is declared {'nowhere' if not times[kind] else 'twice'}"
    for declared in all_declared:
        if declared.kind.about not in _ABOUT[type(declared)]:
            yield f"notification {declared.kind} is about {declared.kind.about}"
