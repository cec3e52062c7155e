"""The escalation of an unanswered ask: which steps, when, and when there is none. Pure.

An agency's duty has one chain at a time. The chain belongs to the ask at its head, and ends when anybody who
was asked for the agency answers. Its pace depends on the meeting: in haste it is the team's minutes,
compressed into the time left until the meeting; otherwise it is half working days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain import worktime
from bot.domain.answers import chain_heads, duties_to_meet, principals, reminded
from bot.domain.case.entities import Ask, EscalationStep, Meeting, Phase, StepKind
from bot.domain.case.file import CaseFile
from bot.domain.directory import on_call
from bot.domain.directory.entities import Contact, Team
from bot.domain.notifications import ChainStep, Kind, Notification

#: The share of the time left until the meeting that a chain may take: in the rest the coordinator can ring.
SHARE = 0.75
#: The working time between the step to the next contact and the leader's, and between that and the last.
APART = timedelta(hours=2)
#: How long before the meeting the coordinators know who is silent; if that is at night, the evening before.
KNOWN_BEFORE = timedelta(hours=12)
EVENING = time(21)
#: The least time between asking a person and reminding them.
LEAST_REMINDER = timedelta(minutes=10)
_ORDER = tuple(StepKind)
#: The steps for a deputy: the agency has answered already, so nobody else of it is asked. In the acute phase
#: the coordinators are told at the time at which another contact would have been asked.
_OF_A_DEPUTY = (StepKind.REMINDER, StepKind.COORDINATOR)


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step of a chain, due `at` (aware UTC). If it `waits`, it is not early when nobody else is found."""

    kind: StepKind
    at: datetime
    waits: bool = False


def heads(file: CaseFile, meeting: Meeting) -> Iterator[Ask]:
    """Yield every ask of a meeting that has a chain: one for each silent agency and each silent deputy."""
    for duty in duties_to_meet(file, meeting):
        yield from chain_heads(file, duty)


def chain(file: CaseFile, ask: Ask) -> list[DueStep]:
    """Return all steps of an ask's chain, taken or not, each later than the ask and before the meeting."""
    starts_at = file.meeting(ask.meeting_id).starts_at
    kinds = _ORDER if ask.deputy_for is None else _OF_A_DEPUTY
    dues = zip(kinds, times(file.team, ask.asked_at, starts_at), strict=False)
    answer_by = file.team.half_day_to_answer(ask.asked_at, starts_at)
    if answer_by is None:
        return [DueStep(kind, at) for kind, at in dues if ask.asked_at < at < starts_at]
    known = _known_by(file.team, starts_at)
    steps = [
        DueStep(kind, min(at, known) if kind is StepKind.COORDINATOR else at, kind is StepKind.LEADER)
        for kind, at in dues
        if at < starts_at or kind is StepKind.COORDINATOR
    ]
    return sorted(steps, key=lambda due: due.at)


def times(team: Team, asked_at: datetime, starts_at: datetime) -> list[datetime]:
    """Return when the steps of a chain that begins at `asked_at` fall due, in their order."""
    answer_by = team.half_day_to_answer(asked_at, starts_at)
    if answer_by is None:
        left = max(starts_at - asked_at, timedelta(0))
        return [asked_at + wait for wait in within(team.rules.acute_steps, left)]
    hours, zone = team.rules.work_hours, team.time_zone
    half = worktime.working_time_between(asked_at, answer_by, hours, zone) / 2
    next_day = worktime.local(team.day_of(asked_at) + timedelta(days=1), time(0), zone)
    leader = max(
        worktime.add_working_hours(answer_by, APART, hours, zone),
        worktime.next_working_moment(next_day, hours, zone),
    )
    return [
        worktime.add_working_hours(asked_at, half, hours, zone),
        answer_by,
        leader,
        worktime.add_working_hours(leader, APART, hours, zone),
    ]


def _known_by(team: Team, starts_at: datetime) -> datetime:
    at, zone = starts_at - KNOWN_BEFORE, team.time_zone
    if not worktime.is_night(at, zone):
        return at
    begun = team.day_of(at - timedelta(hours=worktime.NIGHT_ENDS.hour))
    return worktime.local(begun, EVENING, zone)


def within(minutes: Sequence[int], left: timedelta) -> list[timedelta]:
    """Return the waits, compressed so that the last one ends within SHARE of the time left.

    The first is a reminder: it does not come within minutes of the ask, unless the next step does.
    """
    waits = [timedelta(minutes=m) for m in minutes]
    most = left * SHARE
    first, second, *rest = (wait * min(1.0, most / waits[-1]) for wait in waits)
    return [max(first, min(LEAST_REMINDER, waits[0], second * 0.9)), second, *rest]


def untaken(file: CaseFile, ask: Ask) -> list[DueStep]:
    taken = {s.kind for s in file.steps if s.ask_id == ask.id and s.sequence == ask.sequence}
    return [due for due in chain(file, ask) if due.kind not in taken]


def ahead(file: CaseFile) -> list[Notification]:
    """Return the next step of every chain of the case, overdue ones included.

    An entry whose step is no longer needed does nothing when it falls due.
    """
    return [
        Notification(
            Kind.ESCALATION,
            ask.id,
            case_id=file.case.id,
            due_at=due.at,
            useful_until=meeting.starts_at,
            params=ChainStep(due.kind, ask.sequence, due.at),
        )
        for meeting in file.meetings
        for ask in heads(file, meeting)
        for due in untaken(file, ask)[:1]
    ]


def next_contact(file: CaseFile, ask: Ask, now: datetime) -> Contact | None:
    """Return the agency's next contact on call whom the bot can ask; None if there is none left."""
    part = file.part_of(ask)
    direct = (c for c in not_asked(file, ask, now) if file.reached_directly(c.person_id, part))
    return on_call.first_to_ask(direct, file.persons, now=now, team=file.team)


def not_asked(file: CaseFile, of: Ask | EscalationStep, now: datetime) -> list[Contact]:
    """Return the agency's contacts who are not away and not asked yet for this meeting, on Slack or not.

    Leaders, who have their own step, are left out.
    """
    asked = {a.person_id for a in file.asks if (a.duty_id, a.sequence) == (of.duty_id, of.sequence)}
    return [c for c in _there(file, of, asked, now) if not c.leader]


def leader(file: CaseFile, ask: Ask, now: datetime) -> Contact | None:
    """Return the agency's leader whom the bot can ask who comes; None if there is none.

    A leader who is asked to come and does not answer is left out.
    """
    silent = {a.person_id for a in principals(file, ask.duty_id)}
    leaders = (c for c in _there(file, ask, silent, now) if c.leader)
    return next((c for c in leaders if file.reached_directly(c.person_id, file.part_of(ask))), None)


def _there(file: CaseFile, of: Ask | EscalationStep, asked: set[str], now: datetime) -> list[Contact]:
    meeting = file.meeting(file.duty(of.duty_id).meeting_id)
    return file.free_contacts(file.part_of(of), asked, now, meeting.starts_at)


def stands(file: CaseFile, step: EscalationStep) -> bool:
    """Return whether the meeting for which a step was taken is still ahead, at the same time and place."""
    duty = file.duty(step.duty_id)
    return file.duty_stands(duty) and step.sequence == file.meeting(duty.meeting_id).sequence


# --- until when


def pace(file: CaseFile, asked_at: datetime, last: datetime) -> tuple[datetime, datetime]:
    """Return when somebody who has no chain is reminded, and when the coordinators are told, before `last`.

    These are the first two steps of a chain until the next meeting, counted from when it was called; without
    a meeting ahead, of one in haste in the acute phase, otherwise of one until `last`.
    """
    team = file.team
    ahead = [m for m in file.meetings if m.cancelled_at is None and m.starts_at > asked_at]
    if not ahead and file.case.phase is Phase.ACUTE:
        since = max(asked_at, file.case.phase_since or asked_at)
        half, end = (since + wait for wait in within(team.rules.acute_steps[:2], last - since))
        return half, end
    known = min(((m.starts_at, m.called_at) for m in ahead), default=(last, asked_at))
    half, end, *_ = times(team, max(asked_at, known[1]), min(known[0], last))
    return half, end


def answer_window(team: Team, asked_at: datetime, starts_at: datetime) -> datetime:
    """Return until when an answer counts as in time: the end of the half-day that people are told.

    In haste it is the team's window, never past the meeting.
    """
    in_haste = min(asked_at + timedelta(minutes=team.rules.acute_window), max(starts_at, asked_at))
    return team.half_day_to_answer(asked_at, starts_at) or in_haste


def wanted_by(file: CaseFile, ask: Ask) -> datetime:
    """Return the time by which people are told to answer.

    It is the end of a half-day (`Team.half_day_to_answer`), which stays the same while the ask does. In haste
    it is the next step of the chain after the ask or, once reminded, after the reminder: when a colleague is
    asked, or the coordinator rings, an answer helps less. The window is an hour, and may end as the meeting
    begins.
    """
    starts_at = file.meeting(ask.meeting_id).starts_at
    half_day = file.team.half_day_to_answer(ask.asked_at, starts_at)
    if half_day is not None:
        return half_day
    steps = chain(file, ask)[1 if reminded(file, ask) else 0 :]
    return min([answer_window(file.team, ask.asked_at, starts_at), *(due.at for due in steps[:1])])
