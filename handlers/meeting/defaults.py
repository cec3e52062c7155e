"""Initial values of a meeting's fields: the typed time, otherwise one that fits the phase and the hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from bot.domain import worktime
from bot.domain.case.entities import Phase
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.domain.meeting import USUAL_MINUTES, likely_soon, next_acute, soon
from bot.domain.when import parse_when
from bot.domain.worktime import TimeRefused
from bot.texts.words import Words
from handlers.meeting.modals import Proposal
from handlers.meeting.times import is_far
from handlers.slack.error_replies import in_words
from handlers.slack.payloads import moment

_FIRST_HOUR = 9


def propose(words: Words, team: Team, text: str, now: datetime, usual: datetime | None = None) -> Proposal:
    """Return a proposal from free text; the form says why a text is not understood, nothing is guessed.

    Without a text the time is `usual`, or one in working hours.
    """
    at, refused = usual or working_morning(team, now), ""
    if text:
        try:
            at = parse_when(text, now=now, zone=team.time_zone)
        except TimeRefused as error:
            refused = words("modal.time-refused", why=in_words(words, error))
    return at_time(words, team, Proposal(at, USUAL_MINUTES, refused), at, now)


def at_time(words: Words, team: Team, proposal: Proposal, at: datetime, now: datetime) -> Proposal:
    """Return the proposal at this time, with how far off it is if that could be overlooked."""
    day, today = team.day_of(at), team.day_of(now)
    if not is_far(day, today):
        return replace(proposal, starts_at=at)
    said = words("field.starts-at.far", weekday=words.weekday(day), away=words.away(day, today))
    return replace(proposal, starts_at=at, how_far=said)


def propose_first(words: Words, team: Team, text: str, now: datetime, days: int = 0) -> Proposal:
    """Propose the first meeting of a case: in so many working days, or soon, at any hour, if that is none."""
    usual = working_morning(team, now, days) if days else likely_soon(soon(now, team.time_zone)).at
    return propose(words, team, text, now, usual)


def propose_next(
    words: Words, file: CaseFile, text: str, now: datetime, *, reopens: bool = False
) -> Proposal:
    """Propose the next meeting of a case, at the last one's place; soon if it `reopens` an acute case."""
    usual = None
    if file.case.phase is Phase.ACUTE:
        usual = likely_soon(soon(now, file.team.time_zone)).at if reopens else next_acute(file, now)
    proposal = propose(words, file.team, text, now, usual)
    called = [m for m in file.meetings if m.cancelled_at is None]
    last = max(called, key=lambda m: m.starts_at, default=None)
    return proposal if last is None else replace(proposal, place=last.place, link=last.link or "")


def working_morning(team: Team, now: datetime, days: int = 1) -> datetime:
    """Return nine o'clock on the working day that is `days` working days ahead."""
    zone = team.time_zone
    day = worktime.add_working_days(now.astimezone(zone).date(), days)
    return worktime.local(day, time(_FIRST_HOUR), zone)


def timestamp_of(team: Team, text: str, now: datetime) -> str:
    """Return a typed time in UNIX seconds, to be carried along with a choice; empty if there is none."""
    try:
        return str(int(parse_when(text, now=now, zone=team.time_zone).timestamp())) if text else ""
    except TimeRefused:
        return ""


def from_timestamp(mark: str) -> datetime | None:
    return moment(mark) if mark else None
