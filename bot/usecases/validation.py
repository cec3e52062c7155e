"""The guard and the other checks that input must pass before it is stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NewType

from bot.domain import guard, validators, worktime
from bot.domain.case.entities import Meeting, Phase, Seat
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.domain.errors import Invalid, Problem, Refusal, Refused
from bot.domain.joint import JointMeeting
from bot.usecases.ports import UnitOfWork

#: How far ahead a meeting or a day may lie; further is taken for a slip of the picker.
FURTHEST = timedelta(days=366)
#: With less notice people may not make it; it is below that of the soonest proposed time, rounded.
SHORTEST_NOTICE = timedelta(minutes=25)
#: The letters of the persons of a case that are ticked.
Letters = NewType("Letters", str)
#: The Slack id of a person chosen in a form, a human with an active account here; a member is no guest.
ChosenPerson = NewType("ChosenPerson", str)
ChosenMember = NewType("ChosenMember", str)


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """A meeting's time and place: aware UTC datetimes, and a place from the team's list or a link.

    `asked_in` is the field that gave the time, at which problems with it are shown.
    """

    starts_at: datetime
    ends_at: datetime
    place: str | None = None
    link: str | None = None
    note: str = ""
    asked_in: str = "starts_at"

    @property
    def of_meeting(self) -> dict[str, Any]:
        """The fields that a meeting keeps."""
        return {name: value for name, value in asdict(self).items() if name != "asked_in"}

    def differs_from(self, meeting: Meeting | JointMeeting) -> bool:
        """Return whether time or place change: for those RFC 5546 raises SEQUENCE, for a text it does not."""
        names = ("starts_at", "ends_at", "place", "link")
        return any(getattr(self, name) != getattr(meeting, name) for name in names)


class Warn(StrEnum):
    """A remark about a time before it is sent; the person who fills in the form decides."""

    SOON = "soon"
    DAY_OFF = "day_off"
    NIGHT = "night"
    OVERLAP = "overlap"
    OVERLAP_JOINT = "overlap_joint"


@dataclass(frozen=True, slots=True)
class FreeText:
    """A free text, declared once for form, guard and docs/privacy.md, which lists it as `named`.

    A one-line field yields one line, so that nobody writes a line that looks like the bot's. Characters that
    only change how others look, such as their reading direction, are removed. `empty` is the problem's code
    for a blank text; without it, a blank text is accepted.
    """

    named: str
    longest: int = 300
    several_lines: bool = False
    empty: str = ""

    def checked(self, where: str, text: str, now: datetime, problems: list[Problem] | None = None) -> str:
        """The text, trimmed, if nothing in it is forbidden.

        Otherwise the kinds found, never the text, are added to the form's `problems`, or raised as Invalid
        without that list. `where` is the field's block_id.
        """
        lines = re.split(r"\r\n|[\r\n]", text) if self.several_lines else [text]
        text = "\n".join(_visible(line) for line in lines).strip()
        today = now.astimezone(worktime.OSLO).date()
        if not text and self.empty:
            found = [Problem(where, self.empty)]
        elif len(text) > self.longest:
            found = [Problem(where, "invalid.too-long", {"most": str(self.longest)})]
        else:
            kinds = guard.find_forbidden(text, today=today)
            found = [Problem(where, f"guard.kind.{kind}") for kind in kinds]
        if found and problems is None:
            raise Invalid(*found)
        if problems is not None:
            problems += found
        return text if not found else ""


NOTE = FreeText("notes on a meeting, a joint meeting and a request to convene", several_lines=True)


def _visible(line: str) -> str:
    """The line without format characters, and with a space for each control character and line break."""
    kept = []
    for char in line:
        category = unicodedata.category(char)
        if category != "Cf":
            kept.append(" " if category in {"Cc", "Zl", "Zp"} else char)
    return "".join(kept)


def check_persons(case_letters: str, persons: str) -> str:
    """The chosen persons in alphabetical order; Invalid if there are none, or others than in the case."""
    chosen = "".join(letter for letter in case_letters if letter in persons)
    if not chosen or len(chosen) != len(persons):
        raise Invalid(Problem("persons", "invalid.persons"))
    return chosen


def day_problems(file: CaseFile, day: date, now: datetime) -> list[Problem]:
    """Return the problems with a due day, which must lie ahead in the team's zone, and not too far."""
    this_day = file.team.day_of(now)
    if day < this_day:
        return [Problem("due_on", "invalid.day-past")]
    return [Problem("due_on", "invalid.day-far")] if day > this_day + FURTHEST else []


def check_meeting(team: Team, plan: MeetingPlan, now: datetime, *wrong: Problem) -> MeetingPlan:
    """The plan, checked: ahead, not in the hour of the clock change, and at a place or link that the team has
    approved. Invalid has all problems, including those passed as `wrong`.
    """
    problems = [*wrong]
    try:
        check_time(plan.asked_in, team, plan.starts_at, now)
    except Invalid as error:
        problems += error.problems
    link = (plan.link or "").strip() or None
    if link is not None and "://" not in link:
        link = f"https://{link}"
    if link is not None:
        try:
            link = validators.check_meeting_link(link, team.rules.link_hosts)
        except validators.FieldRefused as error:
            problems.append(
                Problem("link", f"invalid.{error.code}", {"hosts": ", ".join(team.rules.link_hosts)})
            )
    if plan.place is not None and plan.place not in team.rules.places:
        problems.append(Problem("place", "invalid.place"))
    if plan.place is None and link is None:
        fields = ("place", "link") if team.rules.link_hosts or not team.rules.places else ("place",)
        problems.extend(Problem(f, "invalid.nowhere") for f in fields if f != "place" or team.rules.places)
    note = NOTE.checked("note", plan.note, now, problems)
    if problems:
        raise Invalid(*problems)
    return replace(plan, link=link, note=note)


def check_unmoved(meeting: Meeting | JointMeeting, sequence: int) -> None:
    """Refuse a form about a meeting whose time or place is no longer the one with this `sequence`."""
    if meeting.sequence != sequence:
        raise Refused(Refusal.MOVED_FORM)


def check_time(where: str, team: Team, at: datetime, now: datetime) -> None:
    """Raise Invalid unless the time is ahead, not too far off, and shown once by the clock."""
    zone = team.time_zone
    if at <= now:
        raise Invalid(Problem(where, "invalid.past"))
    if at > now + FURTHEST:
        raise Invalid(Problem(where, "invalid.too-far"))
    wall = at.astimezone(zone)
    try:
        worktime.local(wall.date(), wall.time(), zone)
    except worktime.ClockChangeGap:
        raise Invalid(Problem(where, "invalid.clock-change")) from None


def check_times(
    team: Team,
    plan: MeetingPlan,
    more: Sequence[datetime | None],
    now: datetime,
    meeting: Meeting | None,
) -> list[MeetingPlan]:
    """The checked plan at each of its times, soonest first: its own, and a second and third if given.

    The present time of the `meeting` to be moved is not one of them.
    """
    found = {plan.starts_at: plan} if meeting is None or plan.differs_from(meeting) else {}
    fields = ("second_time", "third_time")
    for field, at in zip(fields, more, strict=True):
        if at is None:
            continue
        check_time(field, team, at, now)
        there = replace(plan, starts_at=at, ends_at=at + (plan.ends_at - plan.starts_at))
        if at in found or (meeting is not None and not there.differs_from(meeting)):
            raise Invalid(Problem(field, "invalid.same-time"))
        found[at] = there
    if len(found) < 2:
        raise Invalid(Problem(fields[more[0] is not None], "invalid.two-times"))
    return [found[at] for at in sorted(found)]


def warnings(
    uow: UnitOfWork,
    team: Team,
    plan: MeetingPlan,
    *,
    file: CaseFile | None = None,
    coordinator_id: str,
    moved: str | None = None,
    phase: Phase | None = None,
) -> tuple[Warn, ...]:
    """Return the remarks about a meeting's time, before anything is sent.

    Overlaps are looked for in the case itself, in cases where the coordinator has confirmed taushetsplikt,
    and among the team's joint meetings; the meeting that is being moved (`moved`) does not count. In the
    acute phase, which is `phase` or the case's, a meeting at night gets no remark: the person knows.
    """
    zone = team.time_zone
    found = [Warn.SOON] if plan.starts_at - uow.now < SHORTEST_NOTICE else []
    found += [] if worktime.is_working_day(team.day_of(plan.starts_at)) else [Warn.DAY_OFF]
    last_moment = plan.ends_at - timedelta(microseconds=1)
    acute = (phase or (file.case.phase if file is not None else None)) is Phase.ACUTE
    if not acute and any(worktime.is_night(at, zone) for at in (plan.starts_at, last_moment)):
        found.append(Warn.NIGHT)
    seats = uow.find(Seat, person_id=coordinator_id, ended_at=None)
    cases = {s.case_id for s in seats if s.acknowledged_at is not None}
    cases |= {file.case.id} if file is not None else set()
    others = uow.find(Meeting, case_id=sorted(cases), cancelled_at=None, registered_at=None)
    called = uow.find(JointMeeting, team_id=team.id, cancelled_at=None, registered_at=None)
    for warn, meetings in ((Warn.OVERLAP, others), (Warn.OVERLAP_JOINT, called)):
        if any(m.id != moved and m.starts_at < plan.ends_at and plan.starts_at < m.ends_at for m in meetings):
            found.append(warn)
    return tuple(found)
