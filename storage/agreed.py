"""Reading what a case holds of needs, actions, placements and deadlines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.domain.case_action import CaseAction
from bot.domain.need import CaseNeed
from bot.domain.placement import Deadline, Placement

#: The kinds, each under the name that it has in a `CaseFile`.
_KINDS: Mapping[str, type[Any]] = {
    "needs": CaseNeed,
    "actions": CaseAction,
    "placements": Placement,
    "deadlines": Deadline,
}
_PEOPLE = ("noted_by", "agreed_by", "confirmed_by", "set_by", "ended_by")


def agreed_in(find: Callable[..., list[Any]], case_id: str) -> dict[str, Any]:
    """All of them, as `CaseFile` takes them."""
    return {name: tuple(find(kind, case_id=case_id)) for name, kind in _KINDS.items()}


def people_in(agreed: Mapping[str, Any]) -> Iterator[str]:
    """Person ids of those whom they name."""
    for things in agreed.values():
        for thing in things:
            yield from (person for name in _PEOPLE if (person := getattr(thing, name, None)))
