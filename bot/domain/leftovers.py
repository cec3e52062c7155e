"""Leftovers: messages that Slack did not let the bot delete when it erased what they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

#: How long Slack may refuse deletion, with a retry each hour, before data and key are erased anyway.
REFUSED_FOR = timedelta(days=1)
#: How long the links are kept.
KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Leftovers:
    """A list of links for the coordinators of a team; nothing tells to which case or question it belongs.

    The links are deleted when a coordinator says that Slack is `cleared`, or after `KEPT`.
    """

    id: str
    team_id: str
    noted_on: date
    links: tuple[str, ...]
    cleared: bool = False

    @property
    def links_until(self) -> date:
        return self.noted_on + KEPT


def refused_long_enough(since: datetime | None, now: datetime) -> bool:
    """Return whether deletion has failed `since` so long ago that data and key are erased anyway."""
    return since is not None and now - since >= REFUSED_FOR
