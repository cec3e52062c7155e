"""The drill: who gets it and when, what is shown of it, what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import literal_column, select

from bot.domain.case.entities import Case, Phase
from bot.domain.directory.entities import Agency, Contact, Person
from bot.domain.drill import Drill, Reach
from bot.domain.errors import (
    AcuteCaseOpen,
    CoordinatorsOnly,
    DrillStands,
    NotAllowed,
    Overtaken,
)
from bot.domain.language import Language
from bot.domain.notifications import Kind, Notification
from bot.texts.words import words
from bot.usecases.directory.agencies import KeepDutyLine, keep_duty_line
from bot.usecases.drill import (
    BeginDrill,
    ConfirmLine,
    DrillView,
    answer_drill,
    begin_drill,
    confirm_line,
    drill_view,
    plan_drills,
)
from bot.usecases.ports import Posted, UnitOfWork
from handlers import drill as messages
from storage.schema.drill import drill_asks
from storage.schema.infrastructure import outbox
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.cast import DAY, HOUR, T0, oslo
from tests.bot.usecases.town import Town

NB = words(Language.NB)
#: Everybody on Slack for an agency that shelters nobody.
EVERYBODY = {
    *("chief", "officer", "sergeant", "detective", "caseworker", "head", "night-watch", "both", "clerk"),
    "deputy-coordinator",
}


@pytest.fixture
def town(anywhere: Town) -> Town:
    return anywhere


async def begun(town: Town) -> Drill:
    return await town.do(begin_drill, "coordinator", BeginDrill("team"))


async def view(town: Town, drill: Drill) -> DrillView:
    found = await town.database.read(lambda uow: drill_view(uow, drill.id))
    assert found is not None
    return found


async def stands(town: Town, drill: Drill, *people: str, kind: Kind = Kind.DRILL_ASKED) -> None:
    """Have messages of it stand in these people's direct messages."""

    def post(uow: UnitOfWork) -> None:
        for person in people:
            notification = Notification(kind, drill.id, recipient=person, item=drill.item)
            uow.add(
                Posted(
                    *(f"{kind}-{person}", notification.key, kind, drill.id, "op", "D1", "1.1", "digest"),
                    *(town.clock.now(), None, person, None, drill.item),
                )
            )

    await town.database.write(post)


def due(town: Town, kind: Kind = Kind.DRILL_ASKED) -> dict[str | None, datetime | None]:
    """Return who will be told by what was left last, and when; None is now."""
    return {n.recipient: n.due_at for n in town.left if n.kind is kind}


def of(found: DrillView, person: str) -> Reach | None:
    return found.reach(next(c for c in found.contacts if c.person_id == person))


async def next_morning(town: Town) -> None:
    town.clock.move(DAY)
    await town.each_team(plan_drills)


async def test_each_contact_gets_it_in_the_hours_in_which_they_are_on_call(town: Town) -> None:
    await begun(town)
    told = due(town)
    assert set(told) == EVERYBODY
    assert {person: at for person, at in told.items() if at is not None} == {
        "night-watch": oslo("2026-11-24 16:00") + timedelta(seconds=1)
    }


@pytest.mark.parametrize(
    ("at", "always", "office", "outside"),
    [
        ("2026-11-24 23:30", "2026-11-25 07:00", "2026-11-25 08:00", "2026-11-25 07:00"),
        ("2026-11-25 03:00", "2026-11-25 07:00", "2026-11-25 08:00", "2026-11-25 07:00"),
        ("2026-11-28 12:00", None, "2026-11-30 08:00", None),
    ],
)
async def test_nobody_gets_it_at_night(
    town: Town, at: str, always: str | None, office: str, outside: str | None
) -> None:
    town.clock.time = oslo(at)
    await begun(town)
    told = due(town)
    for person, expected in (("officer", always), ("caseworker", office), ("night-watch", outside)):
        assert told[person] == (oslo(expected) if expected is not None else None)


async def test_who_is_away_gets_it_when_they_are_back(town: Town) -> None:
    def leaves(uow: UnitOfWork) -> None:
        (own,) = uow.find(Contact, person_id="clerk")
        uow.change(own, away_until=date(2026, 11, 25))

    await town.run(leaves)
    await begun(town)
    assert due(town)["clerk"] == oslo("2026-11-26 07:00")


async def test_it_is_not_begun_twice_nor_while_an_acute_case_is_open(town: Town) -> None:
    case = await town.open("police")
    with pytest.raises(AcuteCaseOpen):
        await begun(town)

    def is_calm(uow: UnitOfWork) -> None:
        found = uow.get(Case, case.id)
        assert found is not None
        uow.change(found, phase=Phase.WORKING)

    await town.run(is_calm)
    await begun(town)
    with pytest.raises(DrillStands):
        await begun(town)


async def test_two_who_begin_at_once_begin_one(town: Town) -> None:
    await begun(town)
    with pytest.raises(Overtaken):
        await town.run(lambda uow: uow.add(Drill("second", "team", town.clock.now())))


async def test_an_acute_case_holds_up_what_is_not_sent_and_nothing_is_lost(town: Town) -> None:
    drill = await begun(town)
    await stands(town, drill, "officer")
    case = await town.open("police")
    town.clock.move(2 * DAY)
    found = await view(town, drill)
    assert messages.asked(NB, found, "chief") is None
    assert messages.asked(NB, found, "officer") is not None, "what stands is not taken away"
    assert messages.reminded(NB, found, "officer") is None
    await town.each_team(plan_drills)
    assert due(town) == {} or set(due(town)) == {"officer"}
    assert due(town, Kind.DRILL_REMINDED) == {}

    def closes(uow: UnitOfWork) -> None:
        found = uow.get(Case, case.id)
        assert found is not None
        uow.change(found, phase=Phase.WORKING)

    await town.run(closes)
    await town.each_team(plan_drills)
    assert EVERYBODY - {"officer"} <= set(due(town))
    assert set(due(town, Kind.DRILL_REMINDED)) == {"officer"}


async def test_what_is_late_is_not_delivered_at_night(town: Town) -> None:
    drill = await begun(town)
    town.clock.time = oslo("2026-11-24 22:10")
    late = await view(town, drill)
    assert [messages.asked(NB, late, person) for person in EVERYBODY] == [None] * len(EVERYBODY)
    assert messages.held(NB, late, "deputy-coordinator") is None
    assert messages.held(NB, late, "coordinator") is not None, "who began it is awake"
    await town.each_team(plan_drills)
    assert due(town)["officer"] == oslo("2026-11-25 07:00")


async def test_one_reminder_a_day_later_for_who_has_not_pressed(town: Town) -> None:
    drill = await begun(town)
    await stands(town, drill, "officer", "caseworker", "both")
    await town.do(answer_drill, "both", drill.id)
    await town.each_team(plan_drills)
    later = due(town, Kind.DRILL_REMINDED)
    assert set(later) == {"officer", "caseworker"}
    at = later["officer"]
    assert at is not None
    assert at - town.clock.now() > 23 * HOUR
    town.clock.time = at + HOUR
    assert messages.reminded(NB, await view(town, drill), "officer") is not None
    await stands(town, drill, "officer", kind=Kind.DRILL_REMINDED)
    for _ in range(3):
        town.clock.move(DAY)
        await town.each_team(plan_drills)
        assert "officer" not in due(town, Kind.DRILL_REMINDED)
    await town.do(answer_drill, "officer", drill.id)
    assert messages.reminded(NB, await view(town, drill), "officer") is None


async def test_nobody_is_reminded_on_the_day_of_its_deletion(town: Town) -> None:
    drill = await begun(town)
    town.clock.time = oslo("2026-12-07 15:00")
    await stands(town, drill, "officer")
    await town.each_team(plan_drills)
    assert due(town, Kind.DRILL_REMINDED) == {}


async def test_who_is_reached_is_shown_from_the_next_day_and_when_is_kept_nowhere(town: Town) -> None:
    drill = await begun(town)
    await stands(town, drill, "officer", "caseworker", "chief")
    town.clock.move(3 * HOUR)
    pressed = town.clock.now()
    await town.do(answer_drill, "officer", drill.id)
    found = await view(town, drill)
    assert of(found, "officer") is Reach.SILENT
    rows = repr(await town.dump())
    assert all(f"{pressed + timedelta(seconds=s):%H:%M:%S}" not in rows for s in (0, 1, 2))
    town.clock.time = oslo("2026-11-25 00:00")
    found = await view(town, drill)
    assert (of(found, "officer"), of(found, "caseworker")) == (Reach.REACHED, Reach.SILENT)
    assert of(found, "sergeant") is Reach.LATER


async def test_the_log_says_that_it_was_held_and_not_who_answered(town: Town) -> None:
    drill = await begun(town)
    before = await town.database.log.verify()
    await town.do(answer_drill, "officer", drill.id)
    assert await town.database.log.verify() == before, "an answer leaves no row"


async def test_pressing_twice_changes_nothing(town: Town) -> None:
    drill = await begun(town)
    await town.do(answer_drill, "both", drill.id)
    before = await town.dump()
    town.clock.move(DAY)
    await town.do(answer_drill, "both", drill.id)
    assert await town.dump() == before


@pytest.mark.parametrize("person", ["keeper", "stranger", "coordinator", "other-coordinator"])
async def test_who_did_not_get_it_cannot_answer(town: Town, person: str) -> None:
    drill = await begun(town)
    with pytest.raises(NotAllowed):
        await town.do(answer_drill, person, drill.id)
    with pytest.raises(NotAllowed):
        await town.do(answer_drill, person, "no-such-drill")


@pytest.mark.parametrize("person", ["officer", "stranger", "other-coordinator"])
async def test_who_does_not_coordinate_the_team_cannot_begin_it(town: Town, person: str) -> None:
    with pytest.raises(CoordinatorsOnly):
        await town.do(begin_drill, person, BeginDrill("team"))


async def lines(town: Town, *agencies: str) -> None:
    def write(uow: UnitOfWork) -> None:
        for agency in agencies:
            found = uow.get(Agency, agency)
            assert found is not None
            uow.change(found, duty_line="55 00 00 01", line_confirmed=None)

    await town.run(write)


async def test_the_leader_confirms_the_duty_line_until_it_is_another(town: Town) -> None:
    await lines(town, "police", "welfare")
    drill = await begun(town)
    for person in ("officer", "coordinator", "head", "stranger"):
        with pytest.raises(NotAllowed):
            await town.do(confirm_line, person, ConfirmLine(drill.id, "police"))
    await town.do(confirm_line, "chief", ConfirmLine(drill.id, "police"))
    shown = str(messages.held(NB, await view(town, drill), "coordinator"))
    assert "Welfare: 55 00 00 01" in shown
    assert "Police: 55 00 00 01" not in shown
    await town.do(keep_duty_line, "chief", KeepDutyLine("police", "55 00 00 01"))
    assert "Police: 55 00 00 01" not in str(messages.held(NB, await view(town, drill), "coordinator"))
    await town.do(keep_duty_line, "chief", KeepDutyLine("police", "55 00 00 02"))
    assert "Police: 55 00 00 02" in str(messages.held(NB, await view(town, drill), "coordinator"))


async def test_a_line_is_old_after_half_a_year(town: Town) -> None:
    await lines(town, "police")
    drill = await begun(town)
    await town.do(confirm_line, "chief", ConfirmLine(drill.id, "police"))
    found = await view(town, drill)
    for month, old in ((date(2027, 4, 30), False), (date(2027, 5, 1), True)):
        later = replace(found, now=datetime.combine(month, T0.time(), T0.tzinfo))
        assert ("Police: 55" in str(messages.held(NB, later, "coordinator"))) is old


async def test_a_leader_sees_their_own_agency_alone_and_three_words(town: Town) -> None:
    drill = await begun(town)
    await stands(town, drill, "chief", "officer", "detective", "caseworker")
    await town.do(answer_drill, "officer", drill.id)

    def gone(uow: UnitOfWork) -> None:
        person = uow.get(Person, "detective")
        assert person is not None
        uow.change(person, deactivated=True)

    await town.run(gone)
    assert "står her fra i morgen" in str(messages.asked(NB, await view(town, drill), "chief"))
    town.clock.move(DAY)
    shown = str(messages.asked(NB, await view(town, drill), "chief"))
    assert "<@U-officer>: nådd" in shown
    assert "<@U-detective>: ikke nådd" in shown
    assert "<@U-sergeant>: ikke prøvd" in shown
    assert "U-caseworker" not in shown
    assert "stengt" not in shown
    assert "U-chief" in shown
    other = str(messages.asked(NB, await view(town, drill), "caseworker"))
    assert "U-officer" not in other
    held = str(messages.held(NB, await view(town, drill), "coordinator"))
    assert "stengt (1)" in held
    assert "lawyer" in held.casefold(), "whom to ring"
    assert "U-keeper" not in held


async def test_a_sheltering_agency_is_in_no_part_of_it(town: Town) -> None:
    await lines(town, "shelter")
    drill = await begun(town)
    found = await view(town, drill)
    assert "keeper" not in found.asks
    assert "Shelter" not in str(messages.held(NB, found, "coordinator"))
    with pytest.raises(NotAllowed):
        await town.do(confirm_line, "keeper", ConfirmLine(drill.id, "shelter"))


async def test_rows_lie_in_no_order_that_says_who(town: Town) -> None:
    drill = await begun(town)

    def lying(uow: UnitOfWork) -> list[str]:
        assert isinstance(uow, SqlUnitOfWork)
        place = "ctid" if uow._connection.dialect.name == "postgresql" else "rowid"
        stored = select(drill_asks.c.id).order_by(literal_column(place))
        return list(uow._connection.execute(stored).scalars())

    ids = await town.database.read(lying)
    assert len(ids) == len((await view(town, drill)).asks)
    assert ids == sorted(ids)


async def test_the_outbox_keeps_no_time_of_a_press(town: Town) -> None:
    town.clock.time = oslo("2026-11-24 11:17")
    drill = await begun(town)
    await town.do(answer_drill, "officer", drill.id)
    while rows := (await town.database.outbox.claim(50)).rows:
        for claim in rows:
            await town.database.outbox.done(claim)

    def times(uow: UnitOfWork) -> list[Any]:
        assert isinstance(uow, SqlUnitOfWork)
        ended = (outbox.c.item == drill.item) & outbox.c.done_at.is_not(None)
        return [*uow._connection.execute(select(outbox.c.enqueued_at, outbox.c.done_at).where(ended))]

    kept = await town.database.read(times)
    assert kept
    assert {moment.time() for row in kept for moment in row} == {time(0)}
