"""All that the bot refuses, by name.

An error carries a code (`CodedError`) and ids, never a text for people and never what a person wrote:
`bot.texts` turns it into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class TotError(Exception):
    """Root of everything the bot raises on purpose."""


class NotActive(TotError):
    """Another process has taken over: what this one was about to write is not written."""

    def __init__(self) -> None:
        super().__init__("another process works on this database now: start this one again, to stand by")


class CodedError(TotError):
    """An error for which `code` names the words: that of its class, unless one is given."""

    code: str

    def __init__(self, code: str | None = None) -> None:
        self.code = code or self.code
        super().__init__(self.code)


class Refused(CodedError):
    """A rule says no; nothing has changed."""

    code = "refused"

    def __init__(self, **details: str) -> None:
        super().__init__()
        self.details = details


class NotAllowed(Refused):
    code = "refused.not-allowed"  # no right, or no such thing: nobody can tell the two apart


class CoordinatorsOnly(NotAllowed):
    code = "refused.coordinators-only"  # whatever the case


class ChairsOnly(NotAllowed):
    code = "refused.chairs-only"  # said to those in the room alone


class InTheRoomOnly(Refused):
    code = "refused.in-the-room"


class CaseIsClosed(Refused):
    code = "refused.case-closed"  # nothing more can be called, answered or changed in it


class TooLate(Refused):
    code = "refused.too-late"  # the meeting has begun: the answer can no longer be changed here


class NoLongerAsked(Refused):
    code = "refused.no-longer-asked"  # withdrawn: moved, called off, passed on, or the agency's part is over


class TimesGone(Refused):
    code = "refused.times-gone"  # several times were proposed, and stand no more; said to who is summoned


class AlreadyClosed(Refused):
    code = "refused.already-closed"  # of what was asked outside a case: closed or decided, by whomever


class AcuteCaseOpen(Refused):
    code = "refused.acute-case-open"  # no drill is begun meanwhile


class DrillStands(Refused):
    code = "refused.drill-stands"  # the team's last one is not over


class AlreadyOver(Refused):
    code = "refused.already-over"  # a joint meeting can be registered, but not moved any more


class MovedSince(Refused):
    code = "refused.moved"  # another time is asked about than the one answered


class MovedMeanwhile(MovedSince):
    code = "refused.moved-record"  # said to a coordinator who records somebody's answer


class NotYetBegun(Refused):
    code = "refused.not-yet-begun"  # nobody can have come to the joint meeting


class Overtaken(Refused):
    """Someone else was first; `by` in the details is that person's id."""

    code = "refused.overtaken"


class ReviewOutdated(Refused):
    code = "refused.review-outdated"  # other people would be told than those who were shown


class NobodyToAsk(Refused):
    """The agency has no contact who can be asked; `agency` in the details is its id."""

    code = "refused.nobody-to-ask"


class NotAColleague(Refused):
    code = "refused.not-a-colleague"


class DeputyGone(Refused):
    code = "refused.deputy-gone"  # no contact of the agency any more, or out of reach


class LastCoordinator(Refused):
    code = "refused.last-coordinator"  # a team keeps at least one


class MeetingOver(Refused):
    code = "refused.meeting-over"  # nobody arrives any more


class RegisterFirst(Refused):
    code = "refused.register-first"  # a meeting has been held, and who came is not registered


class NothingHere(Refused):
    """There is nothing that the command could act on; `what` in the details says what is lacking."""

    code = "refused.nothing-here"


class TooManyAsked(Refused):
    """Enough of one person's questions wait, or were put in a day; `what` in the details says which."""

    code = "refused.too-many-asked"

    def __init__(self, number: int = 0, **details: str) -> None:
        super().__init__(**details)
        self.number = number


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
