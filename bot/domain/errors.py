"""All that the bot refuses, by name.

An error carries a code (`CodedError`) and ids, never a text for people and never what a person wrote:
`bot.texts` turns it into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class TotError(Exception):
    """Root of everything the bot raises on purpose."""


class NotActive(TotError):
    """Another process has taken over: what this one was about to write is not written."""

    def __init__(self) -> None:
        super().__init__("another process works on this database now: start this one again, to stand by")


class CodedError(TotError):
    """An error for which `code` names the words."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Refusal(StrEnum):
    """Why a rule says no. The words are those of `refused.<value>`, or of one of several below it."""

    NOT_ALLOWED = "not-allowed"  # no right, or no such thing: nobody can tell the two apart
    COORDINATORS_ONLY = "coordinators-only"  # whatever the case
    MEMBERS_ONLY = "members-only"  # … or who has a seat in it
    CHAIRS_ONLY = "chairs-only"  # said to those in the room alone
    IN_THE_ROOM = "in-the-room"
    FROM_OUTSIDE = "from-outside"  # of the workspace, and not registered; `team` says whom to turn to
    NOT_LOOKED_UP = "not-looked-up"  # Slack does not say whether they still belong here
    CASE_CLOSED = "case-closed"  # nothing more can be called, answered or changed in it
    TOO_LATE = "too-late"  # the meeting has begun: the answer can no longer be changed here
    NO_LONGER_ASKED = "no-longer-asked"  # withdrawn: moved, called off, passed on, or the part is over
    TIMES_GONE = "times-gone"  # several times were proposed, and stand no more; said to who is summoned
    ALREADY_CLOSED = "already-closed"  # of what was asked outside a case: closed or decided, by whomever
    ACUTE_CASE_OPEN = "acute-case-open"  # no drill is begun meanwhile
    DRILL_STANDS = "drill-stands"  # the team's last one is not over
    ALREADY_OVER = "already-over"  # a joint meeting can be registered, but not moved any more
    MOVED = "moved"  # another time is asked about than the one answered
    MOVED_RECORD = "moved-record"  # said to a coordinator who records somebody's answer
    NOT_YET_BEGUN = "not-yet-begun"  # nobody can have come to the joint meeting
    OVERTAKEN = "overtaken"  # somebody else was first
    REVIEW_OUTDATED = "review-outdated"  # other people would be told than those who were shown
    NOBODY_TO_ASK = "nobody-to-ask"  # the agency has no contact who can be asked
    NOT_A_COLLEAGUE = "not-a-colleague"
    DEPUTY_GONE = "deputy-gone"  # no contact of the agency any more, or out of reach
    LAST_COORDINATOR = "last-coordinator"  # a team keeps at least one
    MEETING_OVER = "meeting-over"  # nobody arrives any more
    REGISTER_FIRST = "register-first"  # a meeting has been held, and who came is not registered
    NOTHING_HERE = "nothing-here"  # what the command could act on; `what` is lacking, in the room `room`
    TOO_MANY_ASKED = "too-many-asked"  # `n` of one person's questions wait, or were put in a day
    TOO_SLOW = "too-slow"  # the click had grown too old before the form could be opened
    SLACK_BUSY = "slack-busy"  # Slack opens no form before `seconds` have passed: too late for the click
    STILL_BUSY = "still-busy"  # they wait for a slow answer already


class Refused(CodedError):
    """A rule says no; nothing has changed. `values` are ids and numbers, some of which fill in the words."""

    def __init__(self, why: Refusal, what: str = "", **values: str | int | None) -> None:
        super().__init__(f"refused.{why}.{what}" if what else f"refused.{why}")
        self.why, self.what, self.values = why, what, values


class Overtaken(Refused):
    """Somebody else was first, `by` whom (an id) if that is known: it may be tried again."""

    def __init__(self, by: str | None = None) -> None:
        super().__init__(Refusal.OVERTAKEN)
        self.by = by


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field: `code` names the words, `params` fills them in."""

    where: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class Invalid(TotError):
    """A form as it was filled in cannot stand: one problem per field."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(f"{p.where}: {p.code}" for p in problems))
        self.problems = problems


class AlreadyHandled(TotError):
    """The same delivery from Slack has had its effect."""
