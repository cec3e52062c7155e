"""The month that a drill leaves behind for each contact, and where it is shown."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.domain.directory.entities import Agency, Contact, Team
from bot.domain.drill import Drill, DrillAsk
from bot.domain.errors import AlreadyClosed, NotAllowed
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.texts.words import words
from bot.usecases.directory.agencies import KeepContact, keep_contact
from bot.usecases.drill import answer_drill, drill_view, plan_drills
from bot.usecases.involvement.choosing import who_is_asked
from bot.usecases.outside import find_item, forget_item, plan_forgetting
from bot.usecases.ports import UnitOfWork
from handlers.blocks.people import will_be_told
from tests.bot import cast
from tests.bot.cast import T0, oslo
from tests.bot.usecases.test_drill import begun, next_morning
from tests.bot.usecases.town import Town

NB = words(Language.NB)


@pytest.fixture
def town(anywhere: Town) -> Town:
    return anywhere


async def test_the_month_is_kept_for_each_of_their_roles(town: Town) -> None:
    drill = await begun(town)
    await town.do(answer_drill, "both", drill.id)
    await next_morning(town)
    contacts = await town.database.read(lambda uow: uow.find(Contact))
    reached = {c.id: c.last_reached for c in contacts if c.last_reached is not None}
    assert reached == {"health:both": date(2026, 11, 1), "social:both": date(2026, 11, 1)}


async def test_after_fourteen_days_months_are_left(town: Town) -> None:
    drill = await begun(town)
    await town.do(answer_drill, "officer", drill.id)
    town.clock.time = oslo("2026-12-07 23:00")
    await town.each_team(plan_forgetting)
    assert not town.told(Kind.FORGET)
    town.clock.time = oslo("2026-12-08 08:00")
    await town.each_team(plan_forgetting)
    assert [n.item for n in town.left if n.kind is Kind.FORGET] == [drill.item]
    assert await town.database.read(lambda uow: drill_view(uow, drill.id)) is None, "nothing is posted anew"
    with pytest.raises(NotAllowed):
        await town.do(answer_drill, "officer", drill.id)
    await town.run(lambda uow: forget_item(uow, drill.item))
    officer = await town.database.read(lambda uow: uow.get(Contact, "police:officer"))
    assert officer is not None
    assert officer.last_reached == date(2026, 11, 1), "although no round has kept it"
    assert await town.database.read(lambda uow: find_item(uow, drill.item)) is None
    (left,) = await town.database.read(lambda uow: uow.find(Drill))
    assert (left.begun_at, left.begun_by) == (datetime(2026, 11, 1, tzinfo=T0.tzinfo), "")
    assert await town.database.read(lambda uow: uow.find(DrillAsk)) == []
    with pytest.raises((NotAllowed, AlreadyClosed)):
        await town.do(answer_drill, "officer", drill.id)
    await begun(town)


async def told(town: Town, agency_id: str) -> str:
    def look(uow: UnitOfWork) -> str:
        team, agency = uow.get(Team, "team"), uow.get(Agency, agency_id)
        assert team is not None
        assert agency is not None
        return will_be_told(NB, who_is_asked(uow, team, agency))

    return await town.database.read(look)


async def test_the_review_says_when_somebody_was_last_reached_once_there_was_a_drill(town: Town) -> None:
    assert "nådd" not in await told(town, "health")
    drill = await begun(town)
    assert "aldri nådd i en prøve" in await told(town, "health")
    await town.do(answer_drill, "both", drill.id)
    await town.each_team(plan_drills)
    assert "aldri nådd i en prøve" in await told(town, "health"), "nobody learns how soon they pressed"
    await next_morning(town)
    assert "sist nådd: i november 2026" in await told(town, "health")
    assert "nådd" not in await told(town, "counsel"), "who is rung is in no drill"


async def test_what_was_reached_goes_with_the_contact(town: Town) -> None:
    drill = await begun(town)
    await town.do(answer_drill, "clerk", drill.id)
    await next_morning(town)
    clerk = await town.database.read(lambda uow: uow.get(Contact, "social:clerk"))
    assert clerk is not None
    assert clerk.last_reached is not None
    gone = KeepContact("social", 2, cast.CONTACTS[-1].hours, contact_id="social:clerk", retire=True)
    await town.do(keep_contact, "coordinator", gone)
    clerk = await town.database.read(lambda uow: uow.get(Contact, "social:clerk"))
    assert clerk is not None
    assert clerk.last_reached is None
