"""What the bot refuses, by name.

    TotError
    ├── Refused                    a rule says no; nothing has changed
    │   ├── NotAllowed             no right, or no such thing: nobody can tell the two apart
    │   │   ├── CoordinatorsOnly
    │   │   └── ChairsOnly         said to those in the room alone
    │   ├── InTheRoomOnly
    │   ├── CaseIsClosed
    │   ├── TooLate
    │   ├── NoLongerAsked
    │   ├── AlreadyClosed
    │   ├── MovedSince             another time is asked about than the one answered
    │   │   └── MovedMeanwhile     said to a coordinator who records somebody's answer
    │   ├── NotYetBegun
    │   ├── Overtaken              someone else was first
    │   ├── ReviewOutdated         other people would be told than those who were shown
    │   ├── NobodyToAsk
    │   ├── NotAColleague
    │   ├── DeputyGone             no contact of the agency any more, or out of reach
    │   ├── LastCoordinator
    │   ├── MeetingOver            nobody arrives any more
    │   ├── RegisterFirst          a meeting has been held, and who came is not registered
    │   ├── NothingHere
    │   └── WithoutThem            a placement cannot begin without these kinds of agencies
    ├── Invalid                    what was filled in cannot stand: one problem per field
    └── AlreadyHandled             the same delivery from Slack has had its effect

An error carries a code and ids, never a text for people and never what a person wrote:
`bot.texts` turns it into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class TotError(Exception):
    """Root of everything the bot raises on purpose."""


class Refused(TotError):
    """The action is refused and the state is unchanged; `code` names the words for it."""

    code = "refused"

    def __init__(self, **details: str) -> None:
        super().__init__(self.code)
        self.details = details


class NotAllowed(Refused):
    """The person has no right to this, or there is no such thing; the answer is the same."""

    code = "refused.not-allowed"


class CoordinatorsOnly(NotAllowed):
    """The command belongs to the coordinators, whatever the case."""

    code = "refused.coordinators-only"


class ChairsOnly(NotAllowed):
    """Whoever leads the meeting does this, or a coordinator. For people who are in the room anyway."""

    code = "refused.chairs-only"


class InTheRoomOnly(Refused):
    """The command is about a case and has to be typed in its room."""

    code = "refused.in-the-room"


class CaseIsClosed(Refused):
    """The case is closed: nothing more can be called, answered or changed in it."""

    code = "refused.case-closed"


class TooLate(Refused):
    """The meeting has begun or is over, so the answer can no longer be changed here."""

    code = "refused.too-late"


class NoLongerAsked(Refused):
    """The question has been withdrawn: moved, called off, passed on, or the agency's part is over."""

    code = "refused.no-longer-asked"


class AlreadyClosed(Refused):
    """What was asked outside a case has been closed or decided, by this person or another."""

    code = "refused.already-closed"


class AlreadyOver(Refused):
    """The joint meeting is over, so that it can be registered but not moved."""

    code = "refused.already-over"


class MovedSince(Refused):
    """The meeting has been moved since this person was asked whether they come."""

    code = "refused.moved"


class MovedMeanwhile(MovedSince):
    """The meeting has been moved since a coordinator was to record somebody's answer."""

    code = "refused.moved-record"


class NotYetBegun(Refused):
    """The joint meeting has not begun, so that nobody can have come to it."""

    code = "refused.not-yet-begun"


class Overtaken(Refused):
    """Someone else was first; `by` in the details is that person's id."""

    code = "refused.overtaken"


class ReviewOutdated(Refused):
    """Other people would now be told than those shown before sending; they have to be seen first."""

    code = "refused.review-outdated"


class NobodyToAsk(Refused):
    """The agency has no contact who can be asked; `agency` in the details is its id."""

    code = "refused.nobody-to-ask"


class NotAColleague(Refused):
    """The person named is not a contact of the same agency."""

    code = "refused.not-a-colleague"


class DeputyGone(Refused):
    """The deputy who waits is no contact of the agency any more, or there is no way left to ask them."""

    code = "refused.deputy-gone"


class LastCoordinator(Refused):
    """A team keeps at least one coordinator."""

    code = "refused.last-coordinator"


class MeetingOver(Refused):
    """The meeting is over, so nobody can say any more that they are present."""

    code = "refused.meeting-over"


class RegisterFirst(Refused):
    """A meeting has been held and is not registered, so the case cannot be closed yet."""

    code = "refused.register-first"


class NothingHere(Refused):
    """There is nothing that the command could act on; `what` in the details says what is lacking."""

    code = "refused.nothing-here"


class WithoutThem(Refused):
    """A placement needs certain agencies in the case; `kinds` in the details lists those that lack."""

    code = "refused.without-them"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field: `code` names the words, `params` fills them in."""

    where: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class Invalid(TotError):
    """What was filled in cannot stand; every problem is listed, each with its field."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(f"{p.where}: {p.code}" for p in problems))
        self.problems = problems


class AlreadyHandled(TotError):
    """This very delivery from Slack has already had its effect."""
