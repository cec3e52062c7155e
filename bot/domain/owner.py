"""The owner's answers about Slack: what no API tells an app, somebody has to have looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: An older answer counts as none: settings are changed, and nobody tells the bot.
GOOD_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class OwnerAnswer:
    """The newest answer to one point of the checklist, whose key is the id; `met`: it is as it should be."""

    id: str
    met: bool
    answered_on: date
    answered_by: str

    def is_old(self, today: date) -> bool:
        return today - self.answered_on > GOOD_FOR
