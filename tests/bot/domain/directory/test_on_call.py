"""The contact of an agency who is asked first."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.directory.entities import Contact, Hours, Person
from bot.domain.directory.on_call import first_to_ask
from tests.bot.cast import DAY, TEAM, oslo
from tests.every import every

OFFICE, OUT = Hours.OFFICE, Hours.OUT_OF_OFFICE
PEOPLE = {
    "day": Person("day", slack_id="U1"),
    "night": Person("night", slack_id="U2"),
    "mail": Person("mail", work_mail="mail@work.example"),
    "gone": Person("gone", slack_id="U3", deactivated=True),
    "gone-mail": Person("gone-mail", slack_id="U4", work_mail="gone@work.example", deactivated=True),
    "nothing": Person("nothing"),
}
WORKDAY, SATURDAY_NIGHT = "2026-11-24 10:00", "2026-11-28 23:00"
TODAY = oslo(WORKDAY).date()


def of(person_id: str, position: int, hours: Hours = Hours.ALWAYS, **facts: object) -> Contact:
    whole = Contact(f"c{position}:{person_id}", "agency", person_id, position, hours)
    return replace(whole, **facts)  # type: ignore[arg-type]


LEADER, AWAY = of("night", 1, leader=True), of("day", 1, away_until=TODAY)


@every(
    ("contacts", "now", "asked"),
    [
        # Contacts within their hours come first, in the order on call.
        ([of("night", 2), of("day", 1)], WORKDAY, "day"),
        ([of("day", 1, OFFICE), of("night", 2, OUT)], WORKDAY, "day"),
        ([of("day", 1, OFFICE), of("night", 2, OUT)], "2026-11-27 20:00", "night"),
        # Unreachable contacts are skipped, and those who are retired or wait for approval.
        ([of("gone", 1), of("nothing", 2), of("mail", 3)], WORKDAY, "mail"),
        ([of("gone-mail", 1)], WORKDAY, "gone-mail"),
        ([of("gone", 1), of("nothing", 2)], WORKDAY, None),
        ([], WORKDAY, None),
        ([of("day", 1, retired=True), of("night", 2)], WORKDAY, "night"),
        ([of("day", 1, waits=True)], WORKDAY, None),
        # A leader comes last.
        ([LEADER, of("day", 2, OFFICE)], WORKDAY, "day"),
        ([LEADER, of("day", 2, OFFICE)], SATURDAY_NIGHT, "day"),
        ([LEADER], SATURDAY_NIGHT, "night"),
        # Who is away is skipped, by the day in the team's zone, also where there is nobody else.
        ([AWAY], WORKDAY, None),
        ([AWAY], "2026-11-24 23:59", None),
        ([AWAY], "2026-11-25 00:01", "day"),
        ([AWAY, LEADER], WORKDAY, "night"),
        ([of("day", 1, away_until=TODAY - DAY)], WORKDAY, "day"),
        ([of("day", 1, away_from=TODAY + DAY, away_until=TODAY + 2 * DAY)], WORKDAY, "day"),
    ],
)
def test_who_is_asked_first(contacts: list[Contact], now: str, asked: str | None) -> None:
    chosen = first_to_ask(contacts, PEOPLE, now=oslo(now), team=TEAM)
    assert (chosen and chosen.person_id) == asked
