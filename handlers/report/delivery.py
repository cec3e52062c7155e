"""Delivery of a report of any kind to the person who ordered it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.domain.directory.entities import Person, Team
from bot.domain.worktime import OSLO
from bot.report.picture import Picture, can_draw
from bot.texts.words import Words
from bot.usecases.ports import Claim, Posted, UnitOfWork
from bot.usecases.report import OWN, SHARED, team_of_order
from handlers.blocks.context import File, Message
from handlers.blocks.lock_screen import lock_screen
from handlers.delivery.services import DeliveryServices
from handlers.delivery.target import Place, Target, find_posted
from handlers.slack.payloads import Unreadable

R = TypeVar("R")


async def deliver(
    services: DeliveryServices,
    claim: Claim,
    count: Callable[[UnitOfWork, Team], R],
    document: Callable[[Words, R], Message | File | None],
) -> None:
    """Post the report that was ordered. People who left the team's coordinators, or Slack, get nothing.

    `count` counts it in one slow transaction, then `document` draws it in a thread, so that nobody waits for
    either.
    """
    notification = claim.notification

    def find(uow: UnitOfWork) -> tuple[Person, R | None, Words, Posted | None] | None:
        person = uow.get(Person, notification.recipient) if notification.recipient else None
        if person is None or not person.on_slack:
            return None
        team = team_of_order(uow, person.id, notification.subject)
        report = count(uow, team) if team is not None else None
        return person, report, services.words(uow, person), find_posted(uow, notification, notification.key)

    found = await services.database.read_slowly(find)
    if found is None:
        return
    person, report, words, posted = found
    wanted = await asyncio.to_thread(document, words, report) if report is not None else None
    said = ""
    if wanted is not None:
        said = lock_screen(words, notification.kind, wanted, services.clock.now(), OSLO)
    place = Place(person.dm_channel, person)
    await services.posting.reconcile(claim, Target(wanted, place, posted, notification.key, said))


def picture_file(picture: Picture | None) -> File | None:
    """Return the picture as a file; None if there is nothing to draw, or nothing to draw with."""
    if picture is None or not can_draw():
        return None
    return File("rapport-0.png", picture.png(), picture.alt)


def is_shared(use: str) -> bool:
    """Return whether the report is to be shared, from the form's field."""
    if use not in (OWN, SHARED):
        raise Unreadable
    return use == SHARED
