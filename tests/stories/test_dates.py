"""Placements, reflection periods and agencies' own deadlines."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from tests.stories import story
from tests.stories.test_ringing import CONFIRMS, rang
from tests.stories.town import Town

THREE = ("Politiet", "Barneverntjenesten", "UDI")
IN = ("politi-exit", "barnevern")
#: A Wednesday.
ENDS = date(2026, 12, 9)


async def places(town: Town, starts: date = date(2026, 12, 2), ends: date = ENDS) -> None:
    await town.koordinator.does(
        "/tot frist", {"Hva gjelder det?": "Ny plassering"}, {"Fra": starts, "Til": ends}, in_=town.room
    )


@story(*THREE, confirmed=IN)
async def test_a_placement_is_told_to_the_room_and_to_who_does_not_read_it(town: Town) -> None:
    await rang(town, "UDI", CONFIRMS)
    town.rings()
    await places(town, ends=date(2027, 5, 24))
    assert "*Plassering av A:* onsdag 2. desember til mandag 24. mai" in town.politi_exit.reads(town.room)
    town.koordinator.sees("Disse leser ikke saksrommet, og må få vite det av deg: UDI.", in_="tot-bot")
    assert set(town.rings()) == {"koordinator", *IN}


@story(*THREE, confirmed=IN)
async def test_dates_that_cannot_stand_and_the_planning_before_the_end_of_one_that_can(town: Town) -> None:
    await town.koordinator.types("/tot frist", in_=town.room)
    await town.koordinator.steps({"Hva gjelder det?": "Ny plassering"})
    for starts, ends in (
        (date(2026, 12, 2), date(2026, 12, 2)),
        (date(2026, 12, 2), date(2027, 6, 3)),
        (date(2026, 6, 1), date(2026, 11, 27)),
        (date(2028, 6, 1), date(2028, 11, 20)),
    ):
        assert await town.koordinator.is_refused({"Fra": starts, "Til": ends}), (starts, ends)
    assert town.rings() == {}
    # Eight weeks before the end of one that can a planning meeting is proposed.
    await town.koordinator.sends({"Fra": date(2026, 12, 2), "Til": date(2027, 1, 28)})
    await town.koordinator.puts_away()
    await town.until("07:59", days=2)
    assert "Kall inn til planmøte" not in town.koordinator.offers("tot-bot")
    await town.until("08:01")
    await town.koordinator.presses("Kall inn til planmøte", in_="tot-bot")
    town.koordinator.sees("Kall inn til møte", in_="modal")
    assert "Kall inn til planmøte" not in town.barnevern.offers("tot-bot")


@story(*THREE, confirmed=IN)
async def test_the_end_of_a_placement_is_told_of_until_somebody_says_what_comes_after(town: Town) -> None:
    koordinator = town.koordinator
    await places(town)
    await koordinator.does("/tot avlys", in_=town.room)
    mornings: list[date] = []
    while town.now.date() < date(2027, 1, 15):
        before = [text for text in koordinator.messages if "Plasseringen av A" in text]
        await town.until("08:01", days=1)
        after = [text for text in koordinator.messages if "Plasseringen av A" in text]
        if after != before:
            mornings.append(town.now.date())
    assert mornings[:4] == [ENDS - timedelta(days=1), ENDS, *(ENDS + timedelta(days=n) for n in (1, 2))]
    assert all(b - a <= timedelta(days=14) for a, b in pairwise(mornings)), mornings
    assert all(day.weekday() < 5 for day in mornings)
    town.barnevern.sees_no("Plasseringen av A i sak", but="koordinator: Plasseringen av A i sak")
    await koordinator.presses("Hva kommer etterpå?", in_="tot-bot")
    await koordinator.sends({"Hva kommer etterpå?": "Nytt tiltak er på plass"})
    assert "*Plasseringen av A er avsluttet.*" in town.politi_exit.reads(town.room)
    assert "er på plass" not in town.politi_exit.reads(town.room), (
        "what comes after is the coordinators' alone"
    )
    town.rings()
    await town.later("20 d")
    assert [t for t in koordinator.messages if re.search("Plasseringen av A i sak .{6} var(er|te)", t)] == []


@story(*THREE, confirmed=IN)
async def test_an_agencys_own_deadline_is_seen_by_nobody_else(town: Town) -> None:
    exit_ = town.politi_exit
    await exit_.types("/tot frist", in_=town.room)
    await exit_.steps()
    assert await exit_.is_refused({"Hva er fristen for?": "ring 41 23 45 67", "Frist": date(2026, 12, 4)})
    assert await exit_.is_refused({"Hva er fristen for?": None})
    await exit_.steps({"Hva er fristen for?": "begjære kanarifrist"})
    exit_.sees("fredag 4. desember", in_="modal")
    await exit_.puts_away()
    await town.until("08:01", days=2)
    exit_.sees("begjære kanarifrist", in_="tot-bot")
    for other in (town.koordinator, town.barnevern, town.politi_leder, town.utenforstaende):
        other.sees_no("kanarifrist", but="politi-exit: kanarifrist")
    await exit_.presses("Ferdig")
    exit_.sees_no("kanarifrist", but="møtet")


@story(*THREE, confirmed=IN)
async def test_a_reflection_period_is_the_coordinators_and_reminded_of(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot frist", in_=town.room)
    period = next(option for option in koordinator.choices("Hva gjelder det?") if "efleksjon" in option)
    await koordinator.steps({"Hva gjelder det?": period})
    await koordinator.sends({"Frist" if "Frist:" in koordinator.form else "Til": date(2027, 5, 24)})
    assert "24. mai" in town.card()
    town.rings()
    await koordinator.does("/tot avlys", in_=town.room)
    await town.until("12:00", days=180)
    told = [text for text in koordinator.messages if "efleksjon" in text]
    assert told
    town.barnevern.sees_no("efleksjonsperioden går ut", but="koordinator: efleksjon")
