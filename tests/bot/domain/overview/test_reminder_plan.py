"""The plan of reminders: which, to whom, when, and when they are no longer needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.domain.case.entities import Answer, EscalationStep, Pause, PauseReason, Phase, StepKind
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind, Notification
from bot.domain.overview.reminder_plan import due_after, plan, still_planned, superseded
from tests.bot.case_files import called, case_file
from tests.bot.cast import OSLO, RULES, T0, oslo
from tests.every import every
from tests.handlers.cases import amend

ACUTE, WORKING = Phase.ACUTE, Phase.WORKING


def when(reminders: Iterable[Notification], kind: Kind, recipient: str = "officer") -> list[str]:
    return [
        r.due_at.astimezone(OSLO).strftime("%a %d.%m %H:%M")
        for r in reminders
        if r.kind is kind and r.recipient == recipient and r.due_at is not None
    ]


@every(
    ("asked", "meets", "phase", "dues"),
    [
        ("2026-11-20 10:00", "2026-11-24 10:00", ACUTE, ["Mon 23.11 10:00", "Tue 24.11 09:00"]),
        ("2026-11-20 10:00", "2026-11-24 10:00", WORKING, ["Mon 23.11 10:00", "Tue 24.11 09:00"]),
        # Monday morning: at any hour in the acute phase, on Friday in the working phase
        ("2026-11-24 10:00", "2026-11-30 08:30", ACUTE, ["Sun 29.11 08:30", "Mon 30.11 07:30"]),
        ("2026-11-24 10:00", "2026-11-30 08:30", WORKING, ["Fri 27.11 16:00"]),
        ("2026-11-24 10:00", "2026-11-30 09:30", WORKING, ["Fri 27.11 16:00", "Mon 30.11 08:30"]),
        # after Easter, after Christmas
        ("2026-03-24 10:00", "2026-04-07 08:30", WORKING, ["Wed 01.04 16:00"]),
        ("2026-12-15 10:00", "2026-12-28 09:30", WORKING, ["Wed 23.12 16:00", "Mon 28.12 08:30"]),
        # called on Saturday for Monday: no reminder before the call
        ("2026-11-28 10:00", "2026-11-30 08:30", WORKING, ["Sun 29.11 08:30", "Mon 30.11 07:30"]),
        ("2026-11-27 16:00", "2026-11-30 08:30", WORKING, ["Sun 29.11 08:30", "Mon 30.11 07:30"]),
        # 24 hours before has already passed
        ("2026-11-24 10:00", "2026-11-24 15:00", ACUTE, ["Tue 24.11 14:00"]),
        ("2026-11-24 10:00", "2026-11-24 10:40", ACUTE, []),
        # the clock changes in the night before: 24 hours by the wall, 1 hour by both
        ("2026-10-20 10:00", "2026-10-25 03:30", ACUTE, ["Sat 24.10 03:30", "Sun 25.10 02:30"]),
        ("2026-03-24 10:00", "2026-03-29 03:30", ACUTE, ["Sat 28.03 03:30", "Sun 29.03 01:30"]),
    ],
)
def test_before_the_meeting(asked: str, meets: str, phase: Phase, dues: list[str]) -> None:
    planned = plan(called(asked, meets, phase=phase))
    assert when(planned, Kind.MEETING_SOON) == dues
    assert when(planned, Kind.MEETING_SOON, "coordinator") == dues[-1:]


def comes(file: CaseFile) -> CaseFile:
    return replace(file, asks=tuple(replace(a, answer=Answer.CONFIRMED) for a in file.asks))


def test_who_has_answered_is_reminded_once() -> None:
    file = called("2026-11-20 10:00", "2026-11-24 10:00")
    assert when(plan(comes(file)), Kind.MEETING_SOON) == ["Tue 24.11 09:00"]
    silent = called("2026-11-20 10:00", "2026-11-24 10:00", confirmed=False)
    assert when(plan(silent), Kind.MEETING_SOON) == [], "not before they have confirmed taushetsplikt"
    assert when(plan(silent), Kind.MEETING_SOON, "coordinator") == ["Tue 24.11 09:00"]
    at_once = called("2026-11-20 10:00", "2026-11-24 10:00", rules=replace(RULES, lead_times=(0,)))
    assert when(plan(at_once), Kind.MEETING_SOON) == [], "nor when it has begun"


def test_whoever_is_reminded_of_their_answer_is_not_reminded_of_the_meeting_as_well() -> None:
    file = called("2026-11-27 21:00", "2026-11-27 22:30")
    assert when(plan(file), Kind.MEETING_SOON) == [], "the chain reminds them at 21:11, with buttons"
    assert when(plan(comes(file)), Kind.MEETING_SOON) == ["Fri 27.11 21:30"]
    apart = called("2026-11-27 20:30", "2026-11-27 22:30")
    assert when(plan(apart), Kind.MEETING_SOON) == ["Fri 27.11 21:30"]
    (asked,) = apart.asks
    at = oslo("2026-11-27 21:25")
    step = EscalationStep("step", "case", asked.duty_id, asked.id, 0, StepKind.REMINDER, at, "officer")
    assert when(plan(replace(apart, steps=(step,))), Kind.MEETING_SOON) == []


@every(
    ("now", "meets", "mornings"),
    [
        # within three working days, until the end of the third
        ("2026-11-23 10:00", "2026-11-27 18:00", []),
        ("2026-11-23 10:00", "2026-11-30 10:00", ["Tue 24.11 08:00"]),
        # Easter 2026: 2, 3 and 6 April are days off
        ("2026-03-30 10:00", "2026-04-08 10:00", []),
        ("2026-03-30 10:00", "2026-04-09 10:00", ["Tue 31.03 08:00"]),
        # Christmas: 24 and 25 December, and the weekend
        ("2026-12-21 10:00", "2026-12-29 10:00", []),
        ("2026-12-21 10:00", "2026-12-30 10:00", ["Tue 22.12 08:00"]),
        # a Saturday counts as a day
        ("2026-11-23 10:00", "2026-11-28 10:00", ["Tue 24.11 08:00"]),
        ("2026-11-26 10:00", "2026-11-28 10:00", ["Mon 30.11 08:00"]),
        # Never on a day off, though the last working day was due.
        ("2026-11-26 10:00", "2026-12-20 10:00", ["Fri 27.11 08:00", "Wed 02.12 08:00"]),
    ],
)
def test_an_acute_case_with_no_meeting_near_is_pointed_out(now: str, meets: str, mornings: list[str]) -> None:
    file = amend(called("2026-03-01 10:00", meets), "case", opened_at=oslo(now))
    assert when(due_after(file, oslo(now)), Kind.NO_MEETING_AHEAD, "coordinator") == mornings


def test_nothing_is_pointed_out_twice_in_one_morning() -> None:
    held = called("2026-11-20 10:00", "2026-11-23 10:00")
    registered = amend(amend(held, "case", opened_at=oslo("2026-11-20 10:00")), "meeting", registered_at=T0)
    mornings = when(due_after(registered, oslo("2026-11-23 12:00")), Kind.NO_MEETING_AHEAD, "coordinator")
    assert mornings[0] == "Tue 24.11 08:00"
    pause = Pause("p", "case", PauseReason.NOT_NOW, date(2026, 11, 25), held.involvements[0].id, T0)
    waits = replace(registered, pauses=(pause,))
    mornings = when(due_after(waits, oslo("2026-11-23 12:00")), Kind.NO_MEETING_AHEAD, "coordinator")
    assert mornings[0] == "Thu 26.11 08:00", "the day of contact has its own"


@every(
    ("day", "closed_at", "due"),
    [
        ("2026-12-24", "2026-11-24 11:00", "2026-12-21 08:00"),
        ("2026-11-30", "2026-11-24 11:00", "2026-11-25 08:00"),
        # Fewer than three working mornings are left.
        ("2026-11-27", "2026-11-24 11:00", "2026-11-24 11:00"),
        ("2026-11-30", "2026-11-27 11:00", "2026-11-27 11:00"),
    ],
)
def test_a_deletion_is_told_of_however_soon_it_comes(day: str, closed_at: str, due: str) -> None:
    file = amend(case_file(closed_at=oslo(closed_at)), "case", delete_on=date.fromisoformat(day))
    (told,) = due_after(file, oslo(closed_at))
    assert (told.kind, told.recipient, told.due_at) == (Kind.DELETION_SOON, "coordinator", oslo(due))
    assert still_planned(file, told)
    assert not superseded(file, told, oslo(due))
