"""The contact of an agency who is asked first. On-call chooses only the first seat in a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain import worktime
from bot.domain.directory.entities import Contact, Hours, Person, TeamRules


@dataclass(frozen=True, slots=True)
class OnCall:
    """The contact to ask, and whether this is within the hours that the contact keeps."""

    contact: Contact
    within_hours: bool


def within_hours(contact: Contact, now: datetime, zone: ZoneInfo, rules: TeamRules) -> bool:
    if contact.hours is Hours.ALWAYS:
        return True
    office = worktime.next_working_moment(now, rules.work_hours, zone) == now
    return office if contact.hours is Hours.OFFICE else not office


def available(contact: Contact, day: date) -> bool:
    """Return whether a contact is approved, not retired, and not away on this day of the team's zone."""
    return not contact.retired and not contact.waits and not contact.away(day)


def first_to_ask(
    contacts: Iterable[Contact],
    persons: dict[str, Person],
    *,
    now: datetime,
    zone: ZoneInfo,
    rules: TeamRules,
    without: frozenset[str] = frozenset(),
) -> OnCall | None:
    """The contact to ask first: by order on call, those within their hours before the others.

    A leader answers by naming who comes, and is asked only where there is nobody else, whatever the hour.
    Persons in `without`, those who are away or not approved yet, and those whose account is deactivated and
    who have no work mail, are passed over, also where there is nobody else.
    """
    today = now.astimezone(zone).date()

    def reachable(contact: Contact) -> bool:
        person = persons[contact.person_id]
        on_slack = person.slack_id is not None and not person.deactivated
        return contact.person_id not in without and (on_slack or person.work_mail is not None)

    candidates = [c for c in contacts if available(c, today) and reachable(c)]
    if not candidates:
        return None
    best = min(
        candidates,
        key=lambda c: (c.leader, not within_hours(c, now, zone, rules), c.position, c.id),
    )
    return OnCall(best, within_hours(best, now, zone, rules))
