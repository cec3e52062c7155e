"""On-call turns in an agency: who is asked first, until when, and who is next.

The turn decides only the first seat in a case.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

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
