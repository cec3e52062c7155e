"""On-call turns in an agency: who is asked first, until when, and who is next.

The turn decides only the first seat in a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain import worktime
from bot.domain.directory.entities import Contact, Hours, Person, Team


def within_hours(contact: Contact, now: datetime, team: Team) -> bool:
    if contact.hours is Hours.ALWAYS:
        return True
    office = worktime.next_working_moment(now, team.rules.work_hours, team.time_zone) == now
    return office if contact.hours is Hours.OFFICE else not office


def available(contact: Contact, day: date) -> bool:
    """Return whether a contact is approved, not retired, and not away on this day of the team's zone."""
    return not contact.retired and not contact.waits and not contact.away(day)


def first_to_ask(
    contacts: Iterable[Contact], persons: dict[str, Person], *, now: datetime, team: Team
) -> Contact | None:
    """Return the contact to ask first: by order on call, those within their hours before the others.

    A leader answers by naming who comes, and is asked only if there is nobody else, at any hour. Contacts who
    are away, not approved yet, or have neither an active account nor a work mail are always skipped.
    """
    candidates = (c for c in contacts if available(c, team.day_of(now)) and persons[c.person_id].can_be_asked)
    return min(
        candidates,
        key=lambda c: (c.leader, not within_hours(c, now, team), c.position, c.id),
        default=None,
    )


#: How far ahead to look for the next turn: longer than any run of holidays.
DAYS_AHEAD = 14
_BARELY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """The contact on call `now` (None: nobody within their hours) `until` when, and the `next` `since` when.

    `until` and `since` are aware UTC datetimes; None if nothing changes within two weeks.
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
    """Return the turn at `now` (aware UTC), by the order on call, the contacts' hours and absences.

    Contacts waiting for approval are not on call, nor are leaders, who answer by naming who comes.
    """

    def on_call(at: datetime) -> Contact | None:
        found = first_to_ask([c for c in contacts if not c.leader], persons, now=at, team=team)
        return found if found is not None and within_hours(found, at, team) else None

    present = on_call(now)
    until: datetime | None = None
    days = (team.day_of(now) + timedelta(days=n) for n in range(DAYS_AHEAD + 1))
    for shown, at in (each for day in days for each in _hours_begin(day, team)):
        if shown < now or at == now:
            continue
        then = on_call(at)
        if until is None and then != present:
            until = shown
        if until is not None and then is not None:
            return Turn(present, until, then, shown)
    return Turn(present, until)


def _hours_begin(day: date, team: Team) -> Iterator[tuple[datetime, datetime]]:
    """Yield when others may be on call, as told and as checked: the day begins, work begins, work ends."""
    hours = team.rules.work_hours
    for clock, after in ((time(0), timedelta(0)), (hours.start, timedelta(0)), (hours.end, _BARELY)):
        with suppress(worktime.TimeRefused):
            at = worktime.local(day, clock, team.time_zone)
            yield at, at + after
