"""All errors and refusals of the bot, by name.

An error carries a code (`CodedError`) and ids, never a text for people and never what a person wrote:
`bot.texts` turns it into words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn


class TotError(Exception):
    """Base class of everything the bot raises on purpose."""


class NotActive(TotError):
    """Another process has taken over: this process's write is dropped."""

    def __init__(self) -> None:
        super().__init__("another process has taken over this database: restart this one to stand by")


class CodedError(TotError):
    """An error whose `code` names its text; `values` are ids and numbers, some of which fill it in."""

    def __init__(self, code: str, **values: str | int | None) -> None:
        self.code, self.values = code, values
        super().__init__(code)


class Refusal(StrEnum):
    """The reason of a refusal. Its text is `refused.<value>`, or one of several below that name."""

    NOT_ALLOWED = "not-allowed"  # no right, or no such object: nobody can tell the two apart
    COORDINATORS_ONLY = "coordinators-only"  # in every case
    MEMBERS_ONLY = "members-only"  # only for the coordinators, and people with a seat in the case
    CHAIRS_ONLY = "chairs-only"  # said only to people in the room
    IN_THE_ROOM = "in-the-room"
    FROM_OUTSIDE = "from-outside"  # a guest in the workspace, not registered; `team` says whom to turn to
    NOT_LOOKED_UP = "not-looked-up"  # Slack does not say whether they still belong here
    CASE_CLOSED = "case-closed"  # nothing more can be called, answered or changed in it
    TOO_LATE = "too-late"  # the meeting has begun: the answer can no longer be changed here
    NO_LONGER_ASKED = "no-longer-asked"  # withdrawn: moved, called off, passed on, or the part is over
    ALREADY_CLOSED = "already-closed"  # a request outside a case is already closed or decided
    ACUTE_CASE_OPEN = "acute-case-open"  # no drill begins while an acute case is open
    DRILL_STANDS = "drill-stands"  # the team's last drill is not over
    MOVED = "moved"  # the answer is for a time that has been changed since
    MOVED_RECORD = "moved-record"  # the same, said to a coordinator who records somebody's answer
    MOVED_FORM = "moved-form"  # the same, said to those whose form shows the meeting as it was
    OVERTAKEN = "overtaken"  # somebody else was first
    REVIEW_OUTDATED = "review-outdated"  # who would be told, or a warning, has changed since it was shown
    NOBODY_TO_ASK = "nobody-to-ask"  # the agency has no contact who can be asked
    NOT_A_COLLEAGUE = "not-a-colleague"
    DEPUTY_GONE = "deputy-gone"  # no longer a contact of the agency, or out of reach
    LAST_COORDINATOR = "last-coordinator"  # a team keeps at least one
    MEETING_OVER = "meeting-over"  # nobody can arrive any more
    REGISTER_FIRST = "register-first"  # a meeting has been held, and who came is not registered
    NOTHING_HERE = "nothing-here"  # the command has nothing to act on: no `what` in the room `room`
    TOO_MANY_ASKED = "too-many-asked"  # `n` of one person's questions wait
    TOO_SLOW = "too-slow"  # the click was too old before the form could be opened
    SLACK_BUSY = "slack-busy"  # Slack opens no form before `seconds` have passed: too late for the click
    STILL_BUSY = "still-busy"  # they already wait for a slow answer
    UNFORESEEN = "unforeseen"  # an error of the bot's own; an operator finds it by its `reference`


class Refused(CodedError):
    """A rule refuses; nothing has changed."""

    def __init__(self, why: Refusal, what: str = "", **values: str | int | None) -> None:
        super().__init__(f"refused.{why}.{what}" if what else f"refused.{why}", **values)
        self.why, self.what = why, what


def refuse(why: Refusal, what: str = "", **values: str | int | None) -> NoReturn:
    """Refuse within an expression: `found or refuse(…)`."""
    raise Refused(why, what, **values)


class Overtaken(Refused):
    """Somebody else (`by`, an id, if known) was first. A retry is allowed."""

    def __init__(self, by: str | None = None) -> None:
        super().__init__(Refusal.OVERTAKEN)
        self.by = by


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem with one field: `code` names its text, `params` fills it in."""

    where: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class Invalid(TotError):
    """A form was filled in wrongly: one problem per field."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(f"{p.where}: {p.code}" for p in problems))
        self.problems = problems


class AlreadyHandled(TotError):
    """The same delivery from Slack has already been processed."""


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, then what caused it, then what caused that."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
