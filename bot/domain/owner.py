"""The workspace owner's answers about Slack settings that no API shows to an app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: An older answer no longer counts: settings change, and nobody tells the bot.
GOOD_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class OwnerAnswer:
    """The newest answer to one point of the checklist: `id` is the point's key, `met` whether it is fine."""

    id: str
    met: bool
    answered_on: date
    answered_by: str

    def is_old(self, today: date) -> bool:
        return today - self.answered_on > GOOD_FOR
