"""Parts of both reports: the field for whom they are, and delivery to the person who ordered them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.domain.directory.entities import Person, Team
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases.ports import Claim, UnitOfWork
from bot.usecases.report import OWN, SHARED, team_of_order
from handlers.blocks import inputs
from handlers.blocks.context import Block, File, Message
from handlers.blocks.lock_screen import lock_screen
from handlers.blocks.modal import field
from handlers.delivery.services import DeliveryServices
from handlers.delivery.target import Place, Target, find_posted
from handlers.slack.payloads import Unreadable

R = TypeVar("R")


async def deliver(
    services: DeliveryServices,
    claim: Claim,
    count: Callable[[UnitOfWork, Team], R],
    show: Callable[[Words, R], Message | File],
) -> None:
    """Post the report that was ordered. People who left the team's coordinators, or Slack, get nothing."""
    notification = claim.notification

    def find(uow: UnitOfWork) -> Target | None:
        person = uow.get(Person, notification.recipient) if notification.recipient else None
        if person is None or not person.on_slack:
            return None
        team, words = team_of_order(uow, person.id, notification.subject), services.words(uow, person)
        wanted, said = None, ""
        if team is not None:
            wanted = show(words, count(uow, team))
            said = lock_screen(words, notification.kind, wanted, services.clock.now(), OSLO)
        posted = find_posted(uow, notification, notification.key)
        return Target(wanted, Place(person.dm_channel, person), posted, notification.key, said)

    target = await services.database.read_slowly(find)
    if target is not None:
        await services.posting.reconcile(claim, target)


def use_field(words: Words, name: str, use: str, *, hint: bool = False) -> Block:
    uses = [(each, words(f"report-for.{each}")) for each in (OWN, SHARED)]
    return field(words, name, "field.report.for", inputs.radio(uses, use), hint=hint)


def is_shared(use: str) -> bool:
    """Return whether the report is to be shared, from the form's field."""
    if use not in (OWN, SHARED):
        raise Unreadable
    return use == SHARED
