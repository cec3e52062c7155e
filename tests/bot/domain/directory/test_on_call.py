"""The contact of an agency who is asked first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.directory.entities import Contact, Hours, Person
from bot.domain.directory.on_call import first_to_ask
from tests.bot.cast import DAY, TEAM, oslo
from tests.every import every

ALWAYS, OFFICE, OUT = Hours.ALWAYS, Hours.OFFICE, Hours.OUT_OF_OFFICE
PEOPLE = {
    "day": Person("day", slack_id="U1"),
    "night": Person("night", slack_id="U2"),
    "mail": Person("mail", work_mail="mail@work.example"),
    "gone": Person("gone", slack_id="U3", deactivated=True),
    "gone-mail": Person("gone-mail", slack_id="U4", work_mail="gone@work.example", deactivated=True),
    "nothing": Person("nothing"),
}
WORKDAY = oslo("2026-11-24 10:00")


def contact(person_id: str, position: int, hours: Hours = ALWAYS, *, leader: bool = False) -> Contact:
    return Contact(f"c{position}:{person_id}", "agency", person_id, position, hours, leader)


def first(*contacts: Contact, now: datetime = WORKDAY) -> str | None:
    chosen = first_to_ask(contacts, PEOPLE, now=now, team=TEAM)
    return chosen.person_id if chosen else None


@every(
    ("contacts", "now", "asked"),
    [
        # Contacts within their hours come first, in the order on call.
        ([("night", 2), ("day", 1)], "2026-11-24 10:00", "day"),
        ([("day", 1, OFFICE), ("night", 2, OUT)], "2026-11-24 10:00", "day"),
        ([("day", 1, OFFICE), ("night", 2, OUT)], "2026-11-27 20:00", "night"),
        # Unreachable contacts are skipped.
        ([("gone", 1), ("nothing", 2), ("mail", 3)], "2026-11-24 10:00", "mail"),
        ([("gone-mail", 1)], "2026-11-24 10:00", "gone-mail"),
        ([("gone", 1), ("nothing", 2)], "2026-11-24 10:00", None),
        ([], "2026-11-24 10:00", None),
    ],
)
def test_who_is_asked_first(contacts: list[tuple[Any, ...]], now: str, asked: str | None) -> None:
    assert first(*(contact(*each) for each in contacts), now=oslo(now)) == asked


def test_a_leader_comes_last_and_who_is_retired_is_passed_over() -> None:
    leader = contact("night", 1, ALWAYS, leader=True)
    for now in (WORKDAY, oslo("2026-11-28 23:00")):
        assert first(leader, contact("day", 2, OFFICE), now=now) == "day"
        assert first(leader, now=now) == "night"
    retired = replace(contact("day", 1), retired=True)
    assert first(retired, contact("night", 2)) == "night"


def test_who_is_away_or_waits_for_approval_is_passed_over_also_where_there_is_nobody_else() -> None:
    today = WORKDAY.date()
    away = replace(contact("day", 1), away_until=today)
    assert first(away) is None
    assert first(away, contact("night", 2)) == "night"
    assert first(away, contact("night", 2, leader=True)) == "night", "the leader, then"
    later = replace(away, away_from=today + DAY, away_until=today + 2 * DAY)
    assert first(later, contact("night", 2)) == "day"
    assert first(replace(away, away_until=today - DAY)) == "day"
    waits = replace(contact("day", 1), waits=True)
    assert first(waits) is None
    assert first(waits, contact("night", 2)) == "night"
    # The day is in the team's time zone.
    assert first(away, now=oslo("2026-11-24 23:59")) is None
    assert first(away, now=oslo("2026-11-25 00:01")) is not None
