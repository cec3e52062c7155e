"""Leftovers: what Slack has not let the bot delete of something that is erased all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

#: How long Slack may refuse, with a try each hour, before data and key go all the same.
REFUSED_FOR = timedelta(days=1)
#: How long the links are kept.
KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Leftovers:
    """A list of links, for the coordinators of a team: nothing tells of which case or question it is.

    The links go when a coordinator says that Slack is `cleared`, or after `KEPT`.
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
    """Return whether what has been tried `since` then is erased although Slack refuses."""
    return since is not None and now - since >= REFUSED_FOR
