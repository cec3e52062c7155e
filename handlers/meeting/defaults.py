"""Initial values of the fields of a meeting: the time that was typed, else a sensible one."""

from __future__ import annotations

from datetime import datetime, time

from bot.domain import worktime
from bot.domain.directory.entities import Team
from bot.domain.when import parse_when
from bot.domain.worktime import TimeRefused
from bot.texts.words import Words
from handlers.meeting.modals import Proposal
from handlers.slack.error_replies import in_words
from handlers.slack.payloads import moment

_FIRST_HOUR = 9


def propose(words: Words, team: Team, text: str, now: datetime) -> Proposal:
    """A proposal from free text; a text that is not understood is answered in the form, not guessed at."""
    zone = team.time_zone
    usual = sensible(team, now)
    if not text:
        return Proposal(usual, team.rules.meeting_minutes)
    try:
        return Proposal(parse_when(text, now=now, zone=zone), team.rules.meeting_minutes)
    except TimeRefused as error:
        refused = words("modal.time-refused", why=in_words(words, error))
        return Proposal(usual, team.rules.meeting_minutes, refused)


def sensible(team: Team, now: datetime) -> datetime:
    """The next working day at nine."""
    zone = team.time_zone
    day = worktime.add_working_days(now.astimezone(zone).date(), 1)
    return worktime.local(day, time(_FIRST_HOUR), zone)


def mark_of(team: Team, text: str, now: datetime) -> str:
    """A typed time as what can travel with a choice: UNIX seconds, or nothing."""
    try:
        return str(int(parse_when(text, now=now, zone=team.time_zone).timestamp())) if text else ""
    except TimeRefused:
        return ""


def from_mark(mark: str) -> datetime | None:
    return moment(mark) if mark else None
