"""How times are said: as a person would; short in what is read at once, complete in what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.language import Language
from bot.domain.worktime import OSLO
from bot.texts.words import Words, words
from tests.every import every

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # Tuesday, 09:00 in Oslo
TEN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NB, NN, EN = (words(language).read_at(NOW) for language in (Language.NB, Language.NN, Language.EN))


@every(
    ("said", "after", "as_it_stands", "read_today", "read_at_once"),
    [
        (NB, 0 * DAY, "tirsdag 1. desember kl. 10", "i dag kl. 10", "i dag kl. 10"),
        (NB, DAY, "onsdag 2. desember kl. 10", "onsdag 2. desember kl. 10", "i morgen kl. 10"),
        (NB, 2 * DAY, *["torsdag 3. desember kl. 10"] * 3),
        (NB, -1 * DAY, *["mandag 30. november kl. 10"] * 3),
        (NB, timedelta(minutes=30), "tirsdag 1. desember kl. 10:30", *["i dag kl. 10:30"] * 2),
        (NB, timedelta(minutes=-30), "tirsdag 1. desember kl. 09:30", *["i dag kl. 09:30"] * 2),
        (NN, 0 * DAY, "tysdag 1. desember kl. 10", "i dag kl. 10", "i dag kl. 10"),
        (NN, DAY, "onsdag 2. desember kl. 10", "onsdag 2. desember kl. 10", "i morgon kl. 10"),
        (EN, 0 * DAY, "Tuesday 1 December at 10:00", "today at 10:00", "today at 10:00"),
        (EN, DAY, *["Wednesday 2 December at 10:00"] * 2, "tomorrow at 10:00"),
    ],
)
def test_it_is_said_as_a_person_would(
    said: Words, after: timedelta, as_it_stands: str, read_today: str, read_at_once: str
) -> None:
    at = TEN + after
    told = (said.when(at, OSLO), said.by(at, OSLO), said.soon(at, OSLO))
    assert told == (as_it_stands, read_today, read_at_once)


def test_a_new_time_says_that_it_is_tomorrow_and_for_whoever_reads_it_later_the_date() -> None:
    assert NB.anew(TEN, OSLO) == "i dag kl. 10"
    assert [each.anew(TEN + DAY, OSLO) for each in (NB, NN, EN)] == [
        "i morgen 2. desember kl. 10",
        "i morgon 2. desember kl. 10",
        "tomorrow 2 December at 10:00",
    ]
    assert NB.anew(TEN + 2 * DAY, OSLO) == "torsdag 3. desember kl. 10"


@every(
    ("now", "at", "called"),
    [
        ("04 18:00", "05 00:30", "i natt"),
        ("04 17:59", "05 00:30", "i morgen"),
        ("04 23:31", "05 05:59", "i natt"),
        ("04 23:31", "05 06:00", "i morgen"),
        ("04 23:31", "04 23:45", "i dag"),
        ("05 00:10", "05 00:30", "i natt"),
        ("05 05:59", "05 04:00", "i natt"),
        ("05 06:00", "05 04:00", "i dag"),
        ("05 00:10", "06 00:30", "i morgen"),
    ],
)
def test_after_midnight_is_tonight_and_not_tomorrow(now: str, at: str, called: str) -> None:
    here, there = (datetime.fromisoformat(f"2026-12-{each}").replace(tzinfo=OSLO) for each in (now, at))
    said = words(Language.NB).read_at(here)
    assert said.soon(there, OSLO) == f"{called} kl. {said.spoken(there, OSLO)}"
    assert said.how_far(there, here, OSLO) == called


def test_a_message_names_the_night_as_it_names_today() -> None:
    late, half_past = (datetime(2026, 12, 4, 22, 31, tzinfo=UTC) + timedelta(hours=h) for h in (0, 1))
    nb, nn, en = (words(language).read_at(late) for language in (Language.NB, Language.NN, Language.EN))
    assert nb.by(half_past, OSLO) == nb.anew(half_past, OSLO) == nn.by(half_past, OSLO) == "i natt kl. 00:31"
    assert en.by(half_past, OSLO) == "tonight at 00:31"
    assert nb.within(half_past, OSLO) == "kl. 00:31 i natt"
    assert nb.when(half_past, OSLO) == "lørdag 5. desember kl. 00:31", "what stands"


def test_a_deadline_an_hour_off_a_span_and_midnight() -> None:
    assert NB.within(TEN, OSLO) == "kl. 10 i dag"
    assert EN.within(TEN, OSLO) == "10:00 today"
    assert NB.within(TEN + DAY, OSLO) == "onsdag 2. desember kl. 10"
    assert NB.span(TEN, TEN + timedelta(minutes=90), OSLO) == "tirsdag 1. desember kl. 10–11:30"
    assert EN.span(TEN, TEN + timedelta(minutes=60), OSLO) == "Tuesday 1 December at 10:00–11:00"
    assert NB.when(TEN + timedelta(hours=14), OSLO) == "onsdag 2. desember kl. 00:00", "no bare nought"


@every(
    ("day", "said"),
    [
        (date(2027, 1, 14), "torsdag 14. januar"),
        (date(2027, 6, 2), "onsdag 2. juni"),
        (date(2027, 6, 3), "torsdag 3. juni 2027"),
        (date(2026, 6, 1), "mandag 1. juni"),
        (date(2026, 5, 31), "søndag 31. mai 2026"),
    ],
)
def test_the_year_is_told_beyond_half_a_year(day: date, said: str) -> None:
    assert NB.day(day) == said


def test_the_year_is_told_of_a_day_of_last_year_and_the_day_is_that_of_the_teams_zone() -> None:
    january = words(Language.NB).read_at(datetime(2027, 1, 4, 8, 0, tzinfo=UTC))
    assert january.day(date(2026, 12, 30)) == "onsdag 30. desember 2026"
    assert january.when(TEN, OSLO) == "tirsdag 1. desember 2026 kl. 10"

    late = words(Language.NB).read_at(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    assert late.by(TEN, OSLO) == "i dag kl. 10"


def test_minutes_papers_and_mail_are_whole_whenever_they_are_read() -> None:
    for said in (NB, words(Language.NB)):
        assert said.full(TEN, OSLO) == "tirsdag 1. desember 2026 kl. 10:00"
        span = said.full_span(TEN, TEN + timedelta(hours=1), OSLO)
        assert span == "tirsdag 1. desember 2026 kl. 10:00–11:00"
        assert said.full_date(TEN.date()) == "tirsdag 1. desember 2026"
    # Without a moment of reading the year is included.
    said = words(Language.NB)
    assert said.when(TEN, OSLO) == said.by(TEN, OSLO) == said.soon(TEN, OSLO)
    assert said.when(TEN, OSLO) == "tirsdag 1. desember 2026 kl. 10"


@given(st.timedeltas(min_value=-900 * DAY, max_value=900 * DAY))
def test_what_stands_is_never_said_by_how_far_off_it_is(after: timedelta) -> None:
    """Read a month later it still says which day is meant."""
    for said in (NB, NN, EN):
        text = said.when(TEN + after, OSLO)
        assert not any(said(key) in text for key in ("said.today", "said.tomorrow"))
        assert str((TEN + after).astimezone(OSLO).day) in text
