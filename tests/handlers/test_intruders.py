"""Tests of the intruders: they notice who gets through; and of what no story has, the rest of a purge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from bot.cli.demo import rehearse
from bot.domain.access import Right
from bot.usecases import authorization
from bot.usecases.leftovers import hand_over
from bot.usecases.ports import UnitOfWork
from sandbox.channels import create_room
from tests.handlers import intruders
from tests.handlers.intruders import before_each_act, tried
from tests.stories.town import STARTS, Town, quick


@pytest.fixture
async def town(sqlite_database_url: str) -> AsyncIterator[Town]:
    async with rehearse(sqlite_database_url, starts=STARTS, sandbox=quick()) as rehearsal:
        town = Town(rehearsal)
        await town.rest()
        async with before_each_act(town, sqlite_database_url):
            yield town


async def test_what_is_left_is_cleared_by_a_coordinator_alone(town: Town) -> None:
    def left(uow: UnitOfWork) -> None:
        (team,) = uow.teams()
        assert hand_over(uow, team.id, ("https://tot.example/archives/D1/p1",)) is False

    await town.rehearsal.bot.database.write(left)
    await town.rest()
    await town.koordinator.presses("Ryddet", in_="tot-bot")
    sorts = ("a stranger", "a contact in no room")
    assert tried() >= {f"cleared is refused to {sort}" for sort in sorts}


async def test_whoever_gets_through_is_noticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await town.opens_case("Politiet", "Barneverntjenesten")
    monkeypatch.setattr(intruders, "_TRIED", set())
    monkeypatch.setattr(authorization, "rights_in_case", lambda *_, **__: frozenset(Right))
    with pytest.raises(AssertionError, match="does acknowledge of @politi-exit"):
        await town.politi_exit.confirms()


async def test_what_happens_in_other_channels_with_the_bot_changes_nothing(town: Town) -> None:
    room = await town.opens_case("Politiet")
    workspace, stranger = town.runner.sandbox.workspace, town.utenforstaende.person
    before = town.card(room)
    for kind in ("public", "private"):
        name = f"annet-{kind}"
        create_room(workspace, name, cast(Any, kind), stranger.id)
        await stranger.invites("tot-bot", name)
        await stranger.shares(name, "T0NABO")
        await stranger.unshares(name, "T0NABO")
        await stranger.archives(name)
        await stranger.unarchives(name)
        await stranger.renames(name, f"nytt-{kind}")
        await stranger.removes("tot-bot", f"nytt-{kind}")
        await stranger.invites("tot-bot", f"nytt-{kind}")
        await stranger.deletes_room(f"nytt-{kind}")
        await town.rest()
    assert (town.inside(room), town.card(room)) == ({"koordinator"}, before)
    assert "ikke lukket" not in town.koordinator.home
