"""Findings of `tot doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingState(StrEnum):
    """`wrong` makes the doctor leave with 1; `look` and `unknown` do not."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    state: FindingState
    found: str
    mend: str = ""


def fine(what: str, found: str) -> Finding:
    return Finding(what, FindingState.FINE, found)


def wrong(what: str, found: str, mend: str) -> Finding:
    return Finding(what, FindingState.WRONG, found, mend)


def look(what: str, found: str, mend: str) -> Finding:
    return Finding(what, FindingState.LOOK, found, mend)


#: What no API tells an app. docs/install.md, «Workspace settings to check».
CANNOT_CHECK = (
    Finding(
        "Who may invite to private channels",
        FindingState.UNKNOWN,
        "Slack does not tell an app",
        "Admin › Settings › Permissions › Channel Management: as few as possible; the bot removes strangers",
    ),
    Finding(
        "Whether the bot may remove people",
        FindingState.UNKNOWN,
        "seen only when Slack refuses it; the coordinators are then told loudly",
        "the same page: who can remove members from private channels has to include members",
    ),
    Finding(
        "Guests",
        FindingState.UNKNOWN,
        "whether guests may use /tot and be in case rooms depends on the plan and the workspace",
        "try /tot hjelp as a multi-channel guest; single-channel guests take part by phone or mail",
    ),
    Finding(
        "Retention",
        FindingState.UNKNOWN,
        "how long Slack keeps what others write in case rooms",
        "Admin › Settings › Message retention; the bot deletes only what it has posted itself",
    ),
)
