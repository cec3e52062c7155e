"""Mail from a calendar, once read: an answer, a doubtful one, a bounce, or nothing of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.calendar.entry import CalendarUpdate
from bot.domain.case.calendar import MailedEntry
from bot.domain.notification_params import HeldAnswer

#: How far ahead another machine's clock may be; what is stamped later would outlive every later answer.
CLOCK_MARGIN = timedelta(hours=1)


class PartStat(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class Doubt(StrEnum):
    """The reason for which an answer is not applied by itself but held for the coordinator."""

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
class HeldReply:
    """A mail for the coordinator to decide on: why, and what was proposed; never any text."""

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
class IncomingMail:
    """One mail, read. `token` is the random part of the address it came to; `sender` is From's address."""

    token: str | None
    sender: str | None
    content: Reply | HeldReply | Bounced | Ignored

    @property
    def uid(self) -> str | None:
        return self.content.uid if isinstance(self.content, Reply | HeldReply) else None


def judged(
    arrival: IncomingMail, entry: MailedEntry, doubt: Callable[[Reply], Doubt | None]
) -> Reply | HeldReply | Bounced | Ignored:
    """Apply an answer, hold it, note a bounce, or do nothing.

    `doubt` says why an answer from the one person whose entry it is cannot be applied by itself.
    """
    content = arrival.content
    if isinstance(content, Reply):
        found = not_from_them(arrival, content, entry) or doubt(content)
        return HeldReply(found, content.answer, uid=content.uid) if found is not None else content
    if isinstance(content, HeldReply) and arrival.sender != entry.address.lower():
        # Somebody else's proposal is not shown: with a new time in each, they could write without end.
        return replace(content, start=None)
    return content


def not_from_them(arrival: IncomingMail, reply: Reply, entry: MailedEntry) -> Doubt | None:
    """Return why an answer may be somebody else's than the one person's whose entry it is."""
    if arrival.token != entry.token or reply.uid != entry.uid:
        return Doubt.WRONG_ADDRESS
    if reply.attendee != entry.address.lower():
        return Doubt.UNINVITED
    return Doubt.OTHER_SENDER if arrival.sender != reply.attendee else None


def not_of_now(
    reply: Reply, entry: MailedEntry, due: CalendarUpdate, answered_at: datetime | None, now: datetime
) -> Doubt | None:
    """Return why an answer is not to what was told last, or is older than what has been said since.

    `due` is what the calendar should say, `answered_at` when the question was answered, wherever it was.
    """
    if reply.sequence > entry.sequence:
        return Doubt.UNKNOWN_SEQUENCE
    if reply.sequence < entry.sequence or entry.ask_sequence != due.asked:
        return Doubt.STALE
    if due.starts_at <= now:
        return Doubt.TOO_LATE
    if reply.stamp > now + CLOCK_MARGIN:
        return Doubt.BROKEN
    if entry.reply_sequence is not None and entry.reply_stamp is not None:
        last = (entry.reply_sequence, entry.reply_stamp)
        if (reply.sequence, reply.stamp) <= last:
            return Doubt.REPLAYED if (reply.sequence, reply.stamp) == last else Doubt.STALE
    in_slack = answered_at is not None and answered_at != entry.replied_at
    # A calendar tells whole seconds.
    if in_slack and answered_at is not None and reply.stamp < answered_at.replace(microsecond=0):
        return Doubt.STALE
    return None


def replied(reply: Reply, now: datetime) -> dict[str, object]:
    return {
        "reply_sequence": reply.sequence,
        "reply_stamp": reply.stamp,
        "replied_at": now,
        "tentative": reply.answer is PartStat.TENTATIVE,
    }


def held_answer(held: HeldReply, sequence: int, now: datetime) -> HeldAnswer:
    """Return what the coordinators are told of what is held; the same only once an hour.

    `sequence` is that of the meeting as it was asked about.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    return HeldAnswer(held.doubt, held.answer, held.start, hour, sequence)
