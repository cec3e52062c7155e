"""Rules outside cases: when a drill may be announced, and what a promise is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.directory.entities import Contact, Hours
from bot.domain.drill import is_unconfirmed, may_be_told
from bot.domain.guidance import Guidance
from bot.domain.notifications import Kind
from bot.domain.outside import reminders, still_stands
from tests.bot import cast
from tests.bot.cast import DAY, T0, oslo
from tests.every import every

SECOND = timedelta(seconds=1)


@every(
    ("at", "always", "office", "outside"),
    [
        ("2026-11-24 08:00", True, True, False),
        ("2026-11-24 16:00:01", True, False, True),
        ("2026-11-24 21:59", True, False, True),
        ("2026-11-24 22:00", False, False, False),
        ("2026-11-25 06:59", False, False, False),
        ("2026-11-25 07:00", True, False, True),
        ("2026-11-28 12:00", True, False, True),
    ],
)
def test_when_a_drill_may_tell_somebody(at: str, always: bool, office: bool, outside: bool) -> None:
    for hours, expected in ((Hours.ALWAYS, always), (Hours.OFFICE, office), (Hours.OUT_OF_OFFICE, outside)):
        contact = Contact("c", "police", "officer", 1, hours)
        assert may_be_told([contact], cast.TEAM, oslo(at)) is expected, hours


def test_a_duty_line_is_old_after_half_a_year() -> None:
    line = replace(cast.AGENCIES["police"], duty_line="55 00 00 01", line_confirmed=date(2026, 11, 1))
    assert not is_unconfirmed(line, date(2027, 4, 30))
    assert is_unconfirmed(line, date(2027, 5, 1))
    assert is_unconfirmed(replace(line, line_confirmed=None), date(2026, 11, 1))
    assert not is_unconfirmed(replace(line, duty_line=None, line_confirmed=None), date(2026, 11, 1))


def test_a_promise_is_kept_until_the_moment_in_which_it_ends_and_by_the_first_word() -> None:
    asked = Guidance("g", "team", T0, T0 + DAY, "officer", "signs", "Hva nå?", "uid")
    assert (asked.in_time_at(T0 + DAY), asked.in_time_at(T0 + DAY + SECOND)) == (True, False)
    answered = replace(asked, answered_at=T0 + 2 * DAY, in_time=False)
    assert answered.in_time_at(T0) is False


def test_of_two_reminders_that_are_due_the_last_stands() -> None:
    asked = Guidance("g", "team", T0 - DAY, T0 + DAY, "officer", "signs", "Hva nå?", "uid")
    planned = [
        each
        for at in (T0, T0 + DAY)
        for each in reminders(["lead", "second"], Kind.GUIDANCE_WAITS, asked, at, T0 + DAY)
        if each.kind is Kind.GUIDANCE_WAITS
    ]
    first, _, last, _ = planned
    seen = [still_stands(first, planned, now) for now in (T0, T0 + DAY - SECOND, T0 + DAY)]
    assert seen == [True, True, False]
    assert still_stands(last, planned, T0 + 2 * DAY)
    assert not still_stands(last, planned[:2], T0 + DAY)
