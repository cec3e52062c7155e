"""What comes back from a calendar, once read: an answer, a doubtful one, a bounce, or nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PartStat(StrEnum):
    """What a person pressed in their calendar."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class Doubt(StrEnum):
    """Why an answer is not applied by itself but held for the coordinator."""

    # seen in the message itself
    TEXT = "text"  # a mail written by hand
    AUTOMATIC = "automatic"  # out of office and the like
    BROKEN = "broken"  # no valid calendar object, or a method that no attendee sends
    AMBIGUOUS = "ambiguous"  # several answers in one mail
    TOO_LARGE = "too_large"
    COUNTER = "counter"  # another time is proposed
    DELEGATED = "delegated"
    OTHER_SENDER = "other_sender"  # sent by somebody else than the one who answers
    FORGED = "forged"  # the mail server could not vouch for the sender, or another organizer is named
    # seen against what was sent
    WRONG_ADDRESS = "wrong_address"  # to an address or about an entry that was not this person's
    UNINVITED = "uninvited"  # answered by somebody who was not asked: the invite was forwarded
    STALE = "stale"  # to an earlier time or place, or older than the answer that stands
    REPLAYED = "replayed"  # has been here before
    UNKNOWN_SEQUENCE = "unknown_sequence"  # to a version that was never sent
    NO_LONGER_ASKED = "no_longer_asked"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as iTIP has it (RFC 5546, 3.2.3). `stamp` is an aware UTC datetime."""

    uid: str
    sequence: int
    stamp: datetime
    attendee: str
    answer: PartStat


@dataclass(frozen=True, slots=True)
class Held:
    """Something that is for the coordinator to settle: why, and what was proposed; never any text."""

    doubt: Doubt
    answer: PartStat | None = None
    start: datetime | None = None
    uid: str | None = None


@dataclass(frozen=True, slots=True)
class Bounced:
    """A mail server says that the invite did not arrive."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that anybody has to know of: a delay, a read receipt."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail, read. `token` is the random part of the address it came to; `sender` is From's address."""

    token: str | None
    sender: str | None
    content: Reply | Held | Bounced | Ignored

    @property
    def uid(self) -> str | None:
        """The calendar entry that it is about, if it says so."""
        return self.content.uid if isinstance(self.content, Reply | Held) else None
