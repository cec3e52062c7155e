"""One half of a link between two cases (`bot.domain.link`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LinkKind(StrEnum):
    """Linked: they belong together. Repeat: the later case is the earlier one's come again."""

    LINKED = "linked"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Link:
    """This case's half. `token` is random, and the same in the other case's half; it names neither."""

    id: str
    case_id: str
    kind: LinkKind
    token: str
