"""Whose turn it is: by hours, order, absence; until when, and who comes after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.domain.directory.entities import Contact, Hours, Person
from bot.domain.directory.roster import Turn, turn_of
from tests.bot.cast import TEAM, oslo

DAY = Contact("c-day", "agency", "day", 1, Hours.OFFICE, title="Dag")
NIGHT = Contact("c-night", "agency", "night", 2, Hours.OUT_OF_OFFICE, title="Natt")
LEADER = Contact("c-leader", "agency", "leader", 3, leader=True)
PERSONS = {name: Person(name, f"U{name}") for name in ("day", "night", "leader", "gone")}
TUESDAY = oslo("2026-11-24 10:00")


def turn(*contacts: Contact, now: datetime = TUESDAY) -> Turn:
    return turn_of(contacts, PERSONS, now=now, team=TEAM)


def test_by_day_and_by_night() -> None:
    assert turn(DAY, NIGHT, LEADER) == Turn(DAY, oslo("2026-11-24 16:00"), NIGHT, oslo("2026-11-24 16:00"))
    until = oslo("2026-11-24 16:00")
    assert turn(DAY, NIGHT, now=until) == Turn(DAY, until, NIGHT, until), "to the last moment"
    evening = turn(DAY, NIGHT, now=oslo("2026-11-27 20:00"))
    assert evening == Turn(NIGHT, oslo("2026-11-30 08:00"), DAY, oslo("2026-11-30 08:00"))


def test_nobody_within_their_hours() -> None:
    evening = turn(DAY, LEADER, now=oslo("2026-11-24 20:00"))
    assert evening == Turn(None, oslo("2026-11-25 08:00"), DAY, oslo("2026-11-25 08:00"))
    assert turn(LEADER) == turn() == Turn(None)
    assert turn(replace(DAY, hours=Hours.ALWAYS)) == Turn(replace(DAY, hours=Hours.ALWAYS)), "no change"


def test_who_is_away_or_waits_for_approval_is_passed_over() -> None:
    always = replace(NIGHT, hours=Hours.ALWAYS)
    first = replace(DAY, hours=Hours.ALWAYS, away_until=date(2026, 11, 25))
    found = turn(first, always)
    assert found == Turn(always, oslo("2026-11-26 00:00"), first, oslo("2026-11-26 00:00"))
    assert turn(replace(DAY, waits=True), always).now == always
