"""The chain of an unanswered ask: when its steps are due, to whom they turn, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.case.entities import Ask, EscalationStep, Phase, StepKind
from bot.domain.case.file import CaseFile
from bot.domain.coordinating import alerted_at
from bot.domain.directory.entities import Contact
from bot.domain.escalation import ahead, chain, leader, next_contact, wanted_by, within
from bot.domain.notifications import Kind
from tests.bot.case_files import called, case_file, meeting, seat, summoned
from tests.bot.cast import DAY, HOUR, MINUTE, OSLO, T0
from tests.every import every
from tests.handlers.cases import amend

ACUTE, WORKING = Phase.ACUTE, Phase.WORKING
FILE = case_file(meeting(), *summoned("officer", "police"))
(ASKED,) = FILE.asks


@every(
    ("meets", "phase", "is_reminded", "wanted"),
    [
        ("2026-11-24 22:05", ACUTE, False, "21:10"),
        ("2026-11-25 09:00", ACUTE, False, "21:15"),
        ("2026-11-25 09:00", ACUTE, True, "21:30"),
        ("2026-11-25 09:00", WORKING, False, "21:15"),
        ("2026-11-24 21:20", ACUTE, True, "21:05"),
        ("2026-11-26 10:00", ACUTE, False, "12:00"),
        ("2026-11-26 10:00", WORKING, True, "12:00"),
    ],
)
def test_an_answer_is_wanted_while_it_helps(meets: str, phase: Phase, is_reminded: bool, wanted: str) -> None:
    """By the end of a half-day; in haste by the next step; later after a reminder; never past the window."""
    file = called("2026-11-24 21:00", meets, phase=phase)
    (asked,) = file.asks
    if is_reminded:
        of, kind = (asked.duty_id, asked.id, asked.sequence), StepKind.REMINDER
        file = replace(file, steps=(EscalationStep("step", "case", *of, kind, asked.asked_at, "officer"),))
    assert wanted_by(file, asked).astimezone(OSLO).strftime("%H:%M") == wanted


@every("phase", Phase)
@every(
    ("asked", "meets", "steps"),
    [
        # within a day, at any hour: 15, 30, 60, 90 minutes
        ("11-24 23:40", "11-25 10:00", ["24.11 23:55", "25.11 00:10", "25.11 00:40", "25.11 01:10"]),
        # two hours are just enough; an hour is not: the last step leaves a quarter of it, and nobody is
        # reminded within ten minutes
        ("11-24 10:00", "11-24 12:00", ["24.11 10:15", "24.11 10:30", "24.11 11:00", "24.11 11:30"]),
        ("11-24 10:00", "11-24 11:00", ["24.11 10:10", "24.11 10:15", "24.11 10:30", "24.11 10:45"]),
        # by the end of the next whole half-day; the leader the next morning
        ("11-24 09:00", "11-26 10:00", ["24.11 12:30", "24.11 16:00", "25.11 10:00", "25.11 12:00"]),
        ("11-24 07:00", "11-26 10:00", ["24.11 10:00", "24.11 12:00", "25.11 08:00", "25.11 10:00"]),
        ("11-24 13:00", "11-26 10:00", ["25.11 08:30", "25.11 12:00", "25.11 14:00", "25.11 16:00"]),
        # the coordinators know twelve hours before, in the evening if that is at night
        ("11-24 17:00", "11-25 18:00", ["24.11 21:00", "25.11 10:00", "25.11 12:00", "25.11 14:00"]),
        # asked on a Saturday, and before Christmas
        ("11-28 12:00", "12-20 10:00", ["30.11 10:00", "30.11 12:00", "30.11 14:00", "30.11 16:00"]),
        ("12-23 14:00", "01-20 10:00", ["28.12 09:00", "28.12 12:00", "28.12 14:00", "28.12 16:00"]),
        # no whole half-day ends four working hours before: whoever is on call, now
        ("11-27 16:00", "11-30 08:00", ["27.11 16:15", "27.11 16:30", "27.11 17:00", "27.11 17:30"]),
        ("11-27 12:30", "11-30 15:00", ["27.11 12:45", "27.11 13:00", "27.11 13:30", "27.11 14:00"]),
        # a leader is not asked after the meeting
        ("11-27 07:00", "11-28 10:00", ["27.11 10:00", "27.11 12:00", "27.11 21:00"]),
    ],
)
def test_when(asked: str, meets: str, phase: Phase, steps: list[str]) -> None:
    year = "2027" if meets.startswith("01") else "2026"
    file = called(f"2026-{asked}", f"{year}-{meets}", phase=phase)
    dues = chain(file, *file.asks)
    assert [f"{due.at.astimezone(OSLO):%d.%m %H:%M}" for due in dues] == steps


def test_a_team_that_reminds_after_five_minutes_does() -> None:
    assert within([5, 30, 60, 90], DAY) == [minutes * MINUTE for minutes in (5, 30, 60, 90)]


@every(
    "changed",
    [
        amend(FILE, "case", closed_at=T0),
        amend(FILE, "meeting", cancelled_at=T0),
        amend(FILE, "meeting", registered_at=T0),
        amend(FILE, ASKED.duty_id, withdrawn_at=T0),
        amend(FILE, ASKED.id, withdrawn_at=T0),
        amend(FILE, ASKED.id, asked_at=FILE.meetings[0].starts_at),
    ],
)
def test_what_ends_a_chain(changed: CaseFile) -> None:
    assert ahead(FILE)
    assert not ahead(changed)


#: A sheltering agency's people are never written to.
SHELTERED = case_file(meeting(), *summoned("keeper", "shelter"))
MORE = (Contact("s:chief", "shelter", "chief", 2, leader=True), Contact("s:clerk", "shelter", "clerk", 3))
SHELTERED = replace(SHELTERED, contacts=(*SHELTERED.contacts, *MORE))
TODAY, MEETS = T0.date(), T0.date() + 2 * DAY
AWAY = amend(FILE, "police:chief", away_until=TODAY + DAY)


@every(
    ("find", "file", "person"),
    [
        (next_contact, amend(FILE, "police:sergeant", away_until=TODAY), "detective"),
        # away on the day of the meeting, though not today
        (next_contact, amend(FILE, "police:sergeant", away_from=TODAY + DAY, away_until=MEETS), "detective"),
        (next_contact, amend(FILE, "police:sergeant", away_until=TODAY - DAY), "sergeant"),
        # the bot does not ask people whom only a coordinator can ring
        (next_contact, amend(FILE, "sergeant", slack_id=None, work_mail="s@w"), "detective"),
        (next_contact, SHELTERED, None),
        (leader, AWAY, None),
        (leader, amend(AWAY, "police:detective", leader=True), "detective"),
        (leader, SHELTERED, None),
    ],
)
def test_who_is_away_or_not_on_slack_is_neither_the_next_contact_nor_the_leader(
    find: Callable[[CaseFile, Ask, datetime], Contact | None], file: CaseFile, person: str | None
) -> None:
    found = find(file, file.asks[0], T0)
    assert (found and found.person_id) == person


def test_in_the_working_phase_the_next_coordinator_is_alerted_in_working_time() -> None:
    two = seat("deputy-coordinator", None)
    file = case_file(meeting(), *summoned("lawyer", "counsel"), two, phase=WORKING)
    at_three = amend(file, file.asks[0].id, asked_at=T0 + 5 * HOUR)
    assert alerted_at(at_three, Kind.CALL_LIST, "meeting", "deputy-coordinator") == T0 + 23 * HOUR
