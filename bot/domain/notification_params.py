"""Parameters of a notification, beside its kind, subject and recipient: a small type per shape.

They hold ids, numbers, instants, and words of the code: nothing that a person wrote. Whichever kind
has which is in the registry (`bot.domain.notifications.Kind`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters of a notification. Instants are aware, and kept in whole seconds, as the key has them."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, datetime):
                object.__setattr__(self, field.name, value.replace(microsecond=0))

    @property
    def key(self) -> str:
        """The fields as text: equal for equal parameters, and for no others."""
        return ".".join(_text(getattr(self, field.name)) for field in fields(self))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Revision(Params):
    """A version: the sequence of an ask, a meeting or a talk, the number of an answer."""

    sequence: int


@dataclass(frozen=True, slots=True)
class At(Params):
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn(Params):
    """A request that was withdrawn: when, and when it had been made, None for who was asked nothing."""

    at: datetime
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day(Params):
    day: date


@dataclass(frozen=True, slots=True)
class Occurrence(Params):
    """The cause: the id of a message or an event, or a number made from the clock."""

    id: str


@dataclass(frozen=True, slots=True)
class PlannedFor(Params):
    """A step of a plan, and when it was planned for."""

    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChainStep(Params):
    """A step of an escalation chain, of which sequence of the ask, and when it is due."""

    step: str
    sequence: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonsChange(Params):
    """The letters of the persons that the case is now about too, or (`closed`) no longer."""

    letters: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Waited(Params):
    """A wait, known by a hash of what was waited for: when it began, and whether it was carried out.

    `why` it was not: names of texts that need nothing filled in. `acute`: it was the form of an acute case.
    """

    which: str
    since: datetime
    stored: bool
    why: tuple[str, ...] = ()
    acute: bool = False

    @property
    def key(self) -> str:
        return self.which


@dataclass(frozen=True, slots=True)
class PlacementChange(Params):
    ended: bool


@dataclass(frozen=True, slots=True)
class ContactDecision(Params):
    approved: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MailReply(Params):
    """An answer by mail: to which sequence of the entry, and its stamp."""

    sequence: int
    stamp: datetime


@dataclass(frozen=True, slots=True)
class HeldAnswer(Params):
    """A mail that was not used: a `Doubt`, a `PartStat`, another time that is proposed.

    All of one `hour` share a message, which shows the newest: a sender cannot fill the coordinators' with
    what can be varied at will. `sequence` is that of the meeting that it was about.
    """

    doubt: str
    answer: str | None
    start: datetime | None
    hour: datetime
    sequence: int

    @property
    def key(self) -> str:
        return f"{_text(self.hour)}.{self.sequence}"


@dataclass(frozen=True, slots=True)
class ReportPeriod(Params):
    """The months of a report, the first day of each; whether it may be shared; when it was asked for."""

    shared: bool
    first: date
    last: date
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class ReportYear(Params):
    """The year of a report; whether it may be shared; in which language; when it was asked for."""

    shared: bool
    year: int
    language: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Undelivered(Params):
    """Something that did not arrive: its kind, its recipient (None: the room), what tells it from others."""

    kind: str
    recipient: str | None
    which: str


@dataclass(frozen=True, slots=True)
class Copies(Params):
    """A message that may stand twice: the entry of the ledger that it is of, where, and after which attempt.

    The channel is by Slack's id, None for the recipient's direct messages, which were not opened yet.
    """

    row: int
    channel: str | None
    attempt: int


@dataclass(frozen=True, slots=True)
class Undeleted(Params):
    """Messages that Slack does not let the bot delete: to whom they were (None: to the room)."""

    recipient: str | None
