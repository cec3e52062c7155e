"""The times to choose between at the top of a form: soon, this evening, the next morning."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.entities import Meeting
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.domain.meeting import Soon, later, soon
from bot.domain.when import is_tonight
from bot.texts.words import Words
from handlers.blocks.inputs import Choice

#: From this many days ahead, a time also says how far off it is.
_FAR = 2
_EVENING = 18


def in_words(words: Words, team: Team, each: Soon, now: datetime, *, from_now: bool = True) -> Choice:
    """Return a time as UNIX seconds and in words; its minutes count `from_now`, or from the old time.

    A time on another day than today has the date too, or that it is tonight.
    """
    clock, today = words.clock(each.at, team.time_zone), team.day_of(now)
    on = team.day_of(each.at)
    day = words.short_day(on) if on != today else ""
    if is_tonight(each.at, now, team.time_zone):
        day = words("said.tonight")
    date_too = f" ({day})" if day else ""
    if each.minutes:
        key = "modal.acute.minutes" if from_now else "modal.move.minutes"
        return seconds(each.at), words(key, n=each.minutes, clock=clock + date_too)
    if each.at.astimezone(team.time_zone).hour >= _EVENING:
        return seconds(each.at), words("modal.acute.tonight", clock=clock)
    day = words.away(on, today)
    day = day[:1].upper() + day[1:] + date_too
    return seconds(each.at), words("modal.acute.morning", day=day, clock=clock)


def seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def usual(words: Words, team: Team, proposed: datetime, now: datetime) -> list[Choice]:
    """Return the proposed time and the usual ones."""
    others = [in_words(words, team, each, now) for each in soon(now, team.time_zone)]
    return _with(words, team, proposed, others, now)


def to_move(
    words: Words, file: CaseFile, meeting: Meeting, proposed: datetime, now: datetime
) -> list[Choice]:
    """Return the current time while it is ahead, a typed one, and likely ones."""
    team, has_begun = file.team, meeting.starts_at <= now
    likely = later(meeting.starts_at, now, team.time_zone, file.case.phase)
    others = [in_words(words, team, each, now, from_now=has_begun) for each in likely]
    if not has_begun:
        when = _short(words, team, meeting.starts_at, now)
        others = [(seconds(meeting.starts_at), words("modal.move.as-now", when=when)), *others]
    return _with(words, team, proposed, others, now) if proposed > now else others


def _short(words: Words, team: Team, at: datetime, now: datetime) -> str:
    """The time, with how far off it is if that could be overlooked."""
    day, today = team.day_of(at), team.day_of(now)
    said = words.short(at, team.time_zone)
    return f"{said}, {words.away(day, today)}" if (day - today).days >= _FAR else said


def _with(words: Words, team: Team, proposed: datetime, others: list[Choice], now: datetime) -> list[Choice]:
    """The choices, with the proposed time first if it is not among them."""
    if seconds(proposed) in dict(others):
        return others
    return [(seconds(proposed), _short(words, team, proposed, now)), *others]
