"""The drill of who is not on Slack: one mail, and whatever they write back counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.calendar.reply import Bounced, Doubt, HeldReply, IncomingMail, PartStat, Trust
from bot.domain.directory.entities import Contact, Person
from bot.domain.drill import Drill, Reach
from bot.domain.notifications import Kind
from bot.usecases.drill import (
    DrillMail,
    answer_drill_by_mail,
    drill_mail_sent,
    next_drill_mail,
    plan_drills,
)
from bot.usecases.ports import UnitOfWork
from handlers import drill as messages
from tests.bot.cast import DAY, oslo
from tests.bot.usecases.test_drill import NB, begun, next_morning, of, view
from tests.bot.usecases.test_drill_kept import told
from tests.bot.usecases.town import Town

LAWYER = "lawyer@work.example"
WRITTEN = HeldReply(Doubt.TEXT)


@pytest.fixture
def town(anywhere: Town) -> Town:
    return anywhere


async def next_mail(town: Town, drill: Drill, person: str = "lawyer") -> DrillMail | None:
    ask = (await view(town, drill)).asks[person]
    return await town.database.read(lambda uow: next_drill_mail(uow, ask.id))


async def mailed(town: Town, drill: Drill) -> DrillMail:
    mail = await next_mail(town, drill)
    assert mail is not None
    await town.run(lambda uow: drill_mail_sent(uow, mail))
    return mail


async def comes(town: Town, arrival: IncomingMail) -> bool:
    return await town.run(lambda uow: answer_drill_by_mail(uow, arrival))


async def test_each_gets_one_mail_in_their_hours_and_no_reminder(town: Town) -> None:
    town.clock.time = oslo("2026-11-24 23:00")
    drill = await begun(town)
    asks = (await view(town, drill)).asks
    due = {n.subject: n.due_at for n in town.left if n.kind is Kind.DRILL_MAIL}
    assert due == {asks[who].id: oslo("2026-11-25 07:00") for who in ("lawyer", "partner")}
    assert await next_mail(town, drill) is None, "it is night"
    town.clock.time = oslo("2026-11-25 07:00")
    mail = await mailed(town, drill)
    assert (mail.address, len(mail.token)) == (LAWYER, 20)
    assert await next_mail(town, drill) is None
    town.clock.move(3 * DAY)
    await town.each_team(plan_drills)
    assert {n.subject for n in town.left if n.kind is Kind.DRILL_MAIL} == {asks["partner"].id}


async def test_none_leaves_while_an_acute_case_is_open(town: Town) -> None:
    drill = await begun(town)
    await town.open("police")
    assert await next_mail(town, drill) is None


async def test_who_is_of_a_sheltering_agency_too_gets_none(town: Town) -> None:
    def also_keeper(uow: UnitOfWork) -> None:
        uow.add(Contact("shelter:lawyer", "shelter", "lawyer", 2))

    await town.run(also_keeper)
    drill = await begun(town)
    found = await view(town, drill)
    assert "lawyer" not in found.asks
    assert of(found, "lawyer") is Reach.NOT_ON_SLACK
    assert LAWYER not in str(messages.held(NB, found, "coordinator"))


@pytest.mark.parametrize("trust", [Trust.VOUCHED, Trust.UNCHECKED])
async def test_what_they_write_back_counts_from_the_next_day(town: Town, trust: Trust) -> None:
    drill = await begun(town)
    assert of(await view(town, drill), "lawyer") is Reach.BY_MAIL, "before the mail has left"
    mail = await mailed(town, drill)
    assert await comes(town, IncomingMail(mail.token, LAWYER, WRITTEN, trust))
    assert of(await view(town, drill), "lawyer") is Reach.BY_MAIL
    await next_morning(town)
    found = await view(town, drill)
    assert (of(found, "lawyer"), of(found, "partner")) == (Reach.REACHED, Reach.BY_MAIL)
    unread = replace(found, mail_is_read=False)
    assert of(unread, "partner") is Reach.NOT_ON_SLACK, "where nobody would read the answer none leaves"
    shown = str(messages.held(NB, found, "coordinator"))
    assert "Bare på e-post, har ikke svart (1)" in shown
    contact = await town.database.read(lambda uow: uow.get(Contact, "counsel:lawyer"))
    assert contact is not None
    assert contact.last_reached == date(2026, 11, 1)
    assert "sist nådd: i november 2026. Nås ikke her i Slack" in await told(town, "counsel")


@pytest.mark.parametrize(
    ("sender", "content", "trust"),
    [
        (LAWYER, WRITTEN, Trust.DISOWNED),
        ("other@work.example", WRITTEN, Trust.VOUCHED),
        (None, WRITTEN, Trust.VOUCHED),
        (LAWYER, HeldReply(Doubt.AUTOMATIC), Trust.VOUCHED),
        (LAWYER, HeldReply(Doubt.BROKEN, PartStat.ACCEPTED), Trust.VOUCHED),
        (LAWYER, Bounced(), Trust.VOUCHED),
    ],
)
async def test_nothing_else_counts(
    town: Town, sender: str | None, content: HeldReply | Bounced, trust: Trust
) -> None:
    drill = await begun(town)
    mail = await mailed(town, drill)
    assert await comes(town, IncomingMail(mail.token, sender, content, trust)), "it is about the drill"
    await next_morning(town)
    assert of(await view(town, drill), "lawyer") is Reach.BY_MAIL


async def test_a_mail_about_something_else_is_left_to_others(town: Town) -> None:
    await begun(town)
    for token in (None, "0" * 20):
        assert not await comes(town, IncomingMail(token, LAWYER, WRITTEN, Trust.VOUCHED))


async def test_an_account_that_is_gone_gets_no_mail(town: Town) -> None:
    drill = await begun(town)

    def gone(uow: UnitOfWork) -> None:
        person = uow.get(Person, "lawyer")
        assert person is not None
        uow.change(person, deactivated=True)

    await town.run(gone)
    assert await next_mail(town, drill) is None
