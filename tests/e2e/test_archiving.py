"""The room is archived while those who were taken out of it are still being noted, as PostgreSQL allows."""

from __future__ import annotations

import asyncio
import time

import psycopg
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.demo import rehearse
from bot.domain.case.entities import Room
from bot.usecases.ports import UnitOfWork
from handlers.delivery.rooms import Rooms
from tests.e2e import kit

SOMEBODY_WAITS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = 'tot-bot' AND wait_event_type = 'Lock'"
)


async def test_once_beside_one_who_is_noted_as_gone(postgres_database_url: str) -> None:
    async with rehearse(postgres_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        sandbox, database = rehearsal.runner.sandbox, rehearsal.bot.database
        await kit.open_case(rehearsal.runner, "Politiet")
        (room,) = await database.read(lambda uow: uow.find(Room))
        noted = asyncio.Event()
        loop = asyncio.get_running_loop()

        def one_has_left(uow: UnitOfWork) -> None:
            file = uow.case_file(room.case_id)
            assert file is not None
            uow.change(file.room, members=())
            loop.call_soon_threadsafe(noted.set)
            with psycopg.connect(postgres_database_url, autocommit=True) as viewer:
                until = time.monotonic() + kit.IN_TIME
                while not viewer.execute(SOMEBODY_WAITS).fetchone()[0]:  # type: ignore[index]
                    assert time.monotonic() < until, "nobody waits for the case"

        leaving = asyncio.create_task(database.write(one_has_left))
        await noted.wait()
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        await Rooms(client, database).archive(room)
        await leaving
        (room,) = await database.read(lambda uow: uow.find(Room))
        assert room.archived
        assert room.members == ()
