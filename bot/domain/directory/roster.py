"""Turns on call in an agency: who answers now, until when, and who comes after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.directory.entities import Contact, Person, Team
from bot.domain.directory.on_call import first_to_ask
from bot.domain.worktime import TimeRefused, local

#: How far ahead a change is looked for: over the longest row of holidays.
DAYS_AHEAD = 14
_BARELY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """The contact on call `now` (None: nobody within their hours), until when, and the `next`, from when.

    `until` and `since` are aware UTC datetimes; None where nothing changes within two weeks.
    """

    now: Contact | None
    until: datetime | None = None
    next: Contact | None = None
    since: datetime | None = None


def turn_of(
    contacts: Sequence[Contact],
    persons: dict[str, Person],
    *,
    now: datetime,
    team: Team,
) -> Turn:
    """The turn at `now` (aware UTC), by the order on call, the hours kept and who is away.

    One that waits for approval is not on call, nor is a leader, who answers by naming who comes.
    """

    def on_call(at: datetime) -> Contact | None:
        found = first_to_ask([c for c in contacts if not c.leader], persons, now=at, team=team)
        return found.contact if found is not None and found.within_hours else None

    present = on_call(now)
    until: datetime | None = None
    for shown, at in _changes(now, team):
        then = on_call(at)
        if until is None and then != present:
            until = shown
        if until is not None and then is not None:
            return Turn(present, until, then, shown)
    return Turn(present, until)


def _changes(now: datetime, team: Team) -> Iterator[tuple[datetime, datetime]]:
    """The times of a possible change, as said and just after: midnights, ends of the working day."""
    today, hours = team.day_of(now), team.rules.work_hours
    for days in range(DAYS_AHEAD + 1):
        for clock, after in (
            (time(0), timedelta(0)),
            (hours.start, timedelta(0)),
            (hours.end, _BARELY),
        ):
            try:
                shown = local(today + timedelta(days=days), clock, team.time_zone)
            except TimeRefused:
                continue
            if shown > now or (after and shown == now):
                yield shown, shown + after
