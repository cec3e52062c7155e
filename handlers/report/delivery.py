"""How a report reaches whoever asked for it, whatever it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.directory.entities import Person
from bot.domain.notifications import Notification
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases.ports import Claim, Posted, UnitOfWork
from handlers.blocks.context import File, Message
from handlers.blocks.lock_screen import lock_screen
from handlers.delivery.services import DeliveryServices
from handlers.delivery.target import Place, Target, find_posted

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Found(Generic[R]):
    person: Person
    report: R | None
    words: Words
    posted: Posted | None


async def deliver(
    services: DeliveryServices,
    claim: Claim,
    count: Callable[[UnitOfWork, str, Notification], R | None],
    document: Callable[[Words, R], Message | File | None],
) -> None:
    """Post what is asked for. Who no longer coordinates the team, or has left Slack, gets nothing.

    It is counted in one slow transaction, by `count` for a person's id, then drawn by `document` in a thread,
    so that nobody waits for either.
    """
    notification = claim.notification

    def find(uow: UnitOfWork) -> _Found[R] | None:
        person = uow.get(Person, notification.recipient) if notification.recipient else None
        if person is None or person.slack_id is None or person.deactivated:
            return None
        report = count(uow, person.id, notification)
        posted = find_posted(uow, notification, notification.key)
        return _Found(person, report, services.words(uow, person), posted)

    found = await services.database.read_slowly(find)
    if found is None:
        return
    wanted, said = None, ""
    if found.report is not None:
        wanted = await asyncio.to_thread(document, found.words, found.report)
    if wanted is not None:
        said = lock_screen(found.words, notification.kind, wanted, services.clock.now(), OSLO)
    place = Place(found.person.dm_channel, found.person)
    await services.posting.reconcile(claim, Target(wanted, place, found.posted, notification.key, said))
