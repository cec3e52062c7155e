"""What the log says of oneself."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.audit import Logged
from bot.domain.directory import Person
from bot.usecases.ports import Database, UnitOfWork

#: As many as fit into one answer in Slack.
NEWEST = 30


async def own_log(database: Database, actor: Person) -> tuple[ZoneInfo, Sequence[Logged]]:
    """The newest entries by or about the person, and the zone in which to tell when."""
    zone = await database.read(_zone)
    return zone, await database.log.of_person(actor.id, NEWEST)


def _zone(uow: UnitOfWork) -> ZoneInfo:
    teams = uow.teams()
    return ZoneInfo(teams[0].zone if teams else "Europe/Oslo")
