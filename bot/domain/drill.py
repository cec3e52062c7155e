"""The drill (kontaktprøve): does a message reach each contact? It tests the list, and nobody's diligence.

So only the day of an answer is kept, not the time, and it is shown from the next day on. Only a month for
each contact and each duty line outlives the drill.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from bot.domain import worktime
from bot.domain.directory.entities import Agency, Contact, Team
from bot.domain.directory.on_call import available, within_hours
from bot.domain.outside import OutsideItem

#: After this many days a drill's messages and the days of its answers are deleted.
LASTS_DAYS = 14
#: A contact who has not pressed the button is reminded once, no sooner than this.
REMINDED_AFTER = timedelta(hours=24)
#: A duty line that nobody has confirmed for this many months is pointed out.
CONFIRMED_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Drill(OutsideItem):
    """A drill of one team. Purged, it keeps a month."""

    word: ClassVar[str] = "drill"
    blurred: ClassVar[tuple[str, ...]] = ("begun_at",)
    begun_at: datetime
    begun_by: str = ""

    @property
    def people(self) -> tuple[str | None, ...]:
        return (self.begun_by,)


@dataclass(frozen=True, slots=True)
class DrillAsk:
    """A person's part in a drill, for all agencies of which they are a contact, and when they were reached.

    A person who is not on Slack gets it by mail, with a `token` in the answer address; `mailed_on` is when
    the mail left.
    """

    id: str
    drill_id: str
    person_id: str
    reached_on: date | None = None
    token: str | None = None
    mailed_on: date | None = None


class Reach(StrEnum):
    """The state of a drill for one contact. LATER: told today, or not told yet, for any reason.

    A contact whom only mail reaches is BY_MAIL from when the mail has left until they are reached.
    """

    REACHED = "reached"
    SILENT = "silent"
    LATER = "later"
    GONE = "gone"
    BY_MAIL = "by_mail"
    NOT_ON_SLACK = "not_on_slack"


def may_be_told(contacts: Iterable[Contact], team: Team, at: datetime) -> bool:
    """Return whether a person is available, and within hours in one of their roles, and it is not night."""
    day = team.day_of(at)
    return not worktime.is_night(at, team.time_zone) and any(
        available(contact, day) and within_hours(contact, at, team) for contact in contacts
    )


def month_of(at: datetime, team: Team) -> date:
    return team.day_of(at).replace(day=1)


def is_unconfirmed(agency: Agency, today: date) -> bool:
    """Return whether the agency has a duty line that nobody has confirmed for half a year."""
    if agency.duty_line is None:
        return False
    last = agency.line_confirmed
    return last is None or (today.year - last.year) * 12 + today.month - last.month >= CONFIRMED_MONTHS
