"""Parsed mail from a calendar: an answer, a doubtful answer, a bounce, or a mail to ignore."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.calendar.entry import CalendarUpdate
from bot.domain.case.calendar import MailedEntry
from bot.domain.notifications import HeldAnswer

#: How far ahead another machine's clock may be: an answer stamped later would override all that follow.
CLOCK_MARGIN = timedelta(hours=1)
#: For how many hours an entry keeps the newest mail that was not applied.
MOST_HELD = 24


class PartStat(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class Doubt(StrEnum):
    """The reason why an answer is not applied automatically but held for the coordinator."""

    # found in the message itself
    TEXT = "text"  # a mail written by hand
    AUTOMATIC = "automatic"  # out of office and the like
    BROKEN = "broken"  # no valid calendar object, or a method that no attendee sends
    AMBIGUOUS = "ambiguous"  # several answers in one mail
    TOO_LARGE = "too_large"
    COUNTER = "counter"  # another time is proposed
    DELEGATED = "delegated"
    OTHER_SENDER = "other_sender"  # the sender is not the attendee who answers
    FORGED = "forged"  # the mail server does not vouch for the sender, or another organizer is named
    UNCHECKED = "unchecked"  # no setting says whose authentication results count
    UNREADABLE = "unreadable"  # the parser failed: the mail stays in the mailbox
    # found by comparison with what was sent
    WRONG_ADDRESS = "wrong_address"  # to another address, or about another entry, than this person's
    UNINVITED = "uninvited"  # answered by somebody who was not asked: the invite was forwarded
    STALE = "stale"  # to an earlier time or place, or older than the answer that counts
    REPLAYED = "replayed"  # the same answer again
    UNKNOWN_SEQUENCE = "unknown_sequence"  # to a version that was never sent
    NO_LONGER_ASKED = "no_longer_asked"
    TOO_LATE = "too_late"
    BOUNCED = "bounced"  # a mail server says that the invite did not arrive: anybody can write that


class Trust(StrEnum):
    """The verdict of our own mail server on a mail's sender (RFC 8601)."""

    VOUCHED = "vouched"
    DISOWNED = "disowned"  # it does not vouch for the sender, or contradicts itself
    UNCHECKED = "unchecked"  # it is not configured which server counts


@dataclass(frozen=True, slots=True)
class Reply:
    """An iTIP answer (RFC 5546, 3.2.3). `stamp` is an aware UTC datetime."""

    uid: str
    sequence: int
    stamp: datetime
    attendee: str
    answer: PartStat


@dataclass(frozen=True, slots=True)
class HeldReply:
    """A mail for the coordinator to decide on: the doubt and what was proposed, never any text."""

    doubt: Doubt
    answer: PartStat | None = None
    start: datetime | None = None
    uid: str | None = None

    @property
    def proposes(self) -> bool:
        """Return whether it contains an answer or a proposed time."""
        return self.answer is not None or self.start is not None


@dataclass(frozen=True, slots=True)
class Bounced:
    """A bounce: a mail server says that the mail with this `message_name` (None: unknown) did not arrive."""

    message_name: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A mail that nobody has to know of: a delay, a read receipt."""


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """One parsed mail. `token` is the random part of the address it came to; `sender` is From's address.

    `trust` is what our mail server says about the sender.
    """

    token: str | None
    sender: str | None
    content: Reply | HeldReply | Bounced | Ignored
    trust: Trust = Trust.UNCHECKED

    @property
    def uid(self) -> str | None:
        return self.content.uid if isinstance(self.content, Reply | HeldReply) else None


def judged(
    arrival: IncomingMail, entry: MailedEntry, doubt: Callable[[Reply], Doubt | None]
) -> Reply | HeldReply | Ignored:
    """Return the answer to apply, one to hold, or one to ignore.

    `doubt` says why an answer from the entry's own person cannot be applied automatically.
    """
    content = arrival.content
    if isinstance(content, Bounced):
        # It came to the entry's own address; if it says which mail bounced, that must be the entry's too.
        ours = content.message_name in (None, entry.message_name)
        return HeldReply(Doubt.BOUNCED) if ours else Ignored()
    if isinstance(content, Reply):
        found = sender_doubt(arrival, content, entry) or doubt(content)
        return HeldReply(found, content.answer, uid=content.uid) if found is not None else content
    if isinstance(content, HeldReply):
        return _as_theirs(content, arrival, entry)
    return content


def _as_theirs(held: HeldReply, arrival: IncomingMail, entry: MailedEntry) -> HeldReply:
    """Return a held reply that shows a proposal as this person's only if it is certainly theirs."""
    if arrival.sender != entry.address.lower():
        return replace(held, start=None)
    unsure = not_vouched(arrival.trust)
    return replace(held, doubt=unsure, start=None) if unsure and held.proposes else held


def not_vouched(trust: Trust) -> Doubt | None:
    """Return why a mail may not be from its sender."""
    return {Trust.VOUCHED: None, Trust.DISOWNED: Doubt.FORGED, Trust.UNCHECKED: Doubt.UNCHECKED}[trust]


def sender_doubt(arrival: IncomingMail, reply: Reply, entry: MailedEntry) -> Doubt | None:
    """Return why an answer may not be from the entry's own person."""
    if arrival.token != entry.token or reply.uid != entry.uid:
        return Doubt.WRONG_ADDRESS
    if reply.attendee != entry.address.lower():
        return Doubt.UNINVITED
    return Doubt.OTHER_SENDER if arrival.sender != reply.attendee else None


def stale_doubt(
    reply: Reply, entry: MailedEntry, due: CalendarUpdate, answered_at: datetime | None, now: datetime
) -> Doubt | None:
    """Return why an answer is not to the last message, or is older than a later answer.

    `due` is what the calendar should say, `answered_at` when the ask was answered, by any channel.
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
    # Calendars stamp whole seconds.
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
    """Return what the coordinators are told of a held reply, in one message for each hour.

    `sequence` is the meeting's at the time of the ask.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    return HeldAnswer(held.doubt, held.answer, held.start, hour, sequence)


#: Doubts that only arise for an answer whose sender our mail server vouches for.
_OF_THE_VOUCHED = frozenset(
    {Doubt.STALE, Doubt.REPLAYED, Doubt.UNKNOWN_SEQUENCE, Doubt.NO_LONGER_ASKED, Doubt.TOO_LATE}
)


def is_surely_theirs(held: HeldAnswer) -> bool:
    """Return whether nobody else can have written it: a proposed time is kept only in that case."""
    return held.start is not None or held.doubt in _OF_THE_VOUCHED


def with_held(held: Sequence[HeldAnswer], answer: HeldAnswer) -> tuple[HeldAnswer, ...]:
    """Return the kept mails that were not applied: the newest of each hour, MOST_HELD at most."""
    return (*[h for h in held if h.key != answer.key][1 - MOST_HELD :], answer)


def newest_held(entries: Iterable[MailedEntry], told: HeldAnswer) -> HeldAnswer:
    """Return the newest held answer of the hour that a message is about."""
    return next((h for entry in entries for h in entry.held or () if h.key == told.key), told)
