"""The times to choose between at the top of a form: soon, this evening, the next morning."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.entities import Meeting, Phase
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.domain.meeting import Soon, SoonKind, later, soon
from bot.texts.words import Words
from handlers.blocks.inputs import Choice


def in_words(words: Words, team: Team, each: Soon, now: datetime, *, from_now: bool = True) -> Choice:
    """A time, as UNIX seconds and as it is said; its minutes are `from_now`, or from when it was."""
    clock = words.clock(each.at, team.time_zone)
    if each.kind is SoonKind.MINUTES:
        key = "modal.acute.minutes" if from_now else "modal.move.minutes"
        return seconds(each.at), words(key, n=each.minutes, clock=clock)
    if each.kind is SoonKind.TONIGHT:
        return seconds(each.at), words("modal.acute.tonight", clock=clock)
    day = words.away(each.day, team.day_of(now))
    return seconds(each.at), words("modal.acute.morning", day=day[:1].upper() + day[1:], clock=clock)


def seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def to_call(words: Words, file: CaseFile, proposed: datetime, now: datetime) -> list[Choice]:
    """In the acute phase what is proposed, and what «Akutt nå» has; else none: any time may be."""
    team = file.team
    if file.case.phase is not Phase.ACUTE:
        return []
    others = [in_words(words, team, each, now) for each in soon(now, team.time_zone)]
    return _with(words, team, proposed, others)


def to_move(
    words: Words, file: CaseFile, meeting: Meeting, proposed: datetime, now: datetime
) -> list[Choice]:
    """The time that it has, while that lies ahead, or that was typed, and those that are likely."""
    team, has_begun = file.team, meeting.starts_at <= now
    likely = later(meeting.starts_at, now, team.time_zone, file.case.phase)
    others = [in_words(words, team, each, now, from_now=has_begun) for each in likely]
    if not has_begun:
        when = words.short(meeting.starts_at, team.time_zone)
        others.insert(0, (seconds(meeting.starts_at), words("modal.move.as-now", when=when)))
    return _with(words, team, proposed, others) if proposed > now else others


def _with(words: Words, team: Team, proposed: datetime, others: list[Choice]) -> list[Choice]:
    """The choices, with the proposed time first where it is none of them."""
    if seconds(proposed) in dict(others):
        return others
    return [(seconds(proposed), words.short(proposed, team.time_zone)), *others]
