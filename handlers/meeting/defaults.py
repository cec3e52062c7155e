"""Initial values of a meeting's fields: the typed time, otherwise one that fits the phase and the hour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.case.entities import Phase
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.domain.meeting import (
    USUAL_MINUTES,
    likely_soon,
    next_acute,
    proposed_time,
    soon,
    working_morning,
)
from bot.domain.when import parse_when
from bot.domain.worktime import TimeRefused
from bot.texts.words import Words
from handlers.blocks.formatting import MeetingTimes
from handlers.slack.error_replies import in_words


@dataclass(frozen=True, slots=True)
class Proposal:
    """Initial values of the fields of a meeting.

    `refused` tells why a typed time was not understood.
    """

    starts_at: datetime
    minutes: int
    refused: str = ""
    place: str | None = None
    link: str = ""
    note: str = ""


def proposal_of(meeting: MeetingTimes, note: str) -> Proposal:
    return Proposal(
        starts_at=meeting.starts_at,
        minutes=int((meeting.ends_at - meeting.starts_at) / timedelta(minutes=1)),
        place=meeting.place,
        link=meeting.link or "",
        note=note,
    )


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
    return Proposal(at, USUAL_MINUTES, refused)


def propose_first(words: Words, team: Team, text: str, now: datetime, days: int = 0) -> Proposal:
    """Propose the first meeting of a case: in so many working days, or soon, at any hour, if that is none."""
    usual = working_morning(team, now, days) if days else likely_soon(soon(now, team.time_zone)).at
    return propose(words, team, text, now, usual)


def propose_next(
    words: Words, file: CaseFile, text: str, now: datetime, *, reopens: bool = False
) -> Proposal:
    """Propose the next meeting of a case, at the last one's place and in the case's rhythm.

    In the acute phase it is soon: at once if it `reopens` the case.
    """
    called = [m for m in file.meetings if m.cancelled_at is None]
    last = max(called, key=lambda m: m.starts_at, default=None)
    usual = proposed_time(file, last, now) if last is not None else None
    if file.case.phase is Phase.ACUTE:
        usual = likely_soon(soon(now, file.team.time_zone)).at if reopens else next_acute(file, now)
    proposal = propose(words, file.team, text, now, usual)
    return proposal if last is None else replace(proposal, place=last.place, link=last.link or "")
