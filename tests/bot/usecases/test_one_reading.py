"""A command reads once before it answers: two readings are two waits, and may see two states."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.language import Language
from bot.usecases.ports import Database, UnitOfWork
from handlers.joint.commands import joint
from handlers.overview.commands import here
from handlers.slack.requests import CommandRequest, TypedRequest
from handlers.slack.services import Services
from handlers.subjects import joined
from storage.database import SqlDatabase
from tests.bot.cast import DIRECTORY, slack
from tests.databases import SettableClock, sqlite_alone

T = TypeVar("T")


class Counted:
    """The database, and how often it is read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.readings = 0

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        self.readings += 1
        return await self._database.read(work)


@sqlite_alone
@pytest.mark.parametrize("command", [joint, here])
async def test_it_is_read_once(
    database: SqlDatabase, clock: SettableClock, command: Callable[[CommandRequest], Awaitable[None]]
) -> None:
    await database.write(lambda uow: uow.add(*DIRECTORY))
    counted = Counted(database)
    services = Services(cast(Database, counted), clock, Language.NB, commands=joined().commands)
    for person in ("officer", "stranger"):
        visitor = await services.visitor(slack(person))
        ack: AsyncAck = AsyncAck()  # type: ignore[no-untyped-call]
        request = TypedRequest(
            *(services, visitor, ("command", "1"), ack, AsyncWebClient(token=None), "C0ANY", ""),
            trigger_id="1",
            respond=AsyncRespond(response_url=None),
        )
        before = counted.readings
        await command(request)
        assert ack.response is not None
        assert counted.readings == before + 1
