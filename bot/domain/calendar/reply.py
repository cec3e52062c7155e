"""Mail from a calendar, once read: an answer, a doubtful one, a bounce, or nothing of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.calendar.entry import CalendarUpdate
from bot.domain.case.calendar import MailedEntry
from bot.domain.notifications import HeldAnswer

#: How far ahead another machine's clock may be; what is stamped later would outlive every later answer.
CLOCK_MARGIN = timedelta(hours=1)
#: Hours of which the newest mail that was not used is kept, for each entry.
MOST_HELD = 24


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
    FORGED = "forged"  # the mail server does not vouch for the sender, or another organizer is named
    UNCHECKED = "unchecked"  # no setting says whose word on senders counts
    UNREADABLE = "unreadable"  # the parser failed at it: the mail stays in the mailbox
    # seen against what was sent
    WRONG_ADDRESS = "wrong_address"  # to an address or about an entry that was not this person's
    UNINVITED = "uninvited"  # answered by somebody who was not asked: the invite was forwarded
    STALE = "stale"  # to an earlier time or place, or older than the answer that stands
    REPLAYED = "replayed"  # has been here before
    UNKNOWN_SEQUENCE = "unknown_sequence"  # to a version that was never sent
    NO_LONGER_ASKED = "no_longer_asked"
    TOO_LATE = "too_late"
    BOUNCED = "bounced"  # somebody's mail server says that the invite did not arrive: anybody can write that


class Trust(StrEnum):
    """The word of our own mail server on a mail's sender (RFC 8601)."""

    VOUCHED = "vouched"
    DISOWNED = "disowned"  # it does not vouch for the sender, or says two things
    UNCHECKED = "unchecked"  # it is not known which server's word counts


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

    @property
    def proposes(self) -> bool:
        """Return whether it says something in somebody's name."""
        return self.answer is not None or self.start is not None


@dataclass(frozen=True, slots=True)
class Bounced:
    """A mail server says that a mail did not arrive: the one with this `message_name`, if it says which."""

    message_name: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that anybody has to know of: a delay, a read receipt."""


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """One mail, read. `token` is the random part of the address it came to; `sender` is From's address.

    `trust` tells whether the sender is who it says.
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
    """Apply an answer, hold it, or do nothing.

    `doubt` says why an answer to the one person whose entry it is cannot be applied by itself.
    """
    content = arrival.content
    if isinstance(content, Bounced):
        # It came to the entry's own address; where it says which mail has come back, that is ours too.
        ours = content.message_name in (None, entry.message_name)
        return HeldReply(Doubt.BOUNCED) if ours else Ignored()
    if isinstance(content, Reply):
        found = not_from_them(arrival, content, entry) or doubt(content)
        return HeldReply(found, content.answer, uid=content.uid) if found is not None else content
    if isinstance(content, HeldReply):
        return _as_theirs(content, arrival, entry)
    return content


def _as_theirs(held: HeldReply, arrival: IncomingMail, entry: MailedEntry) -> HeldReply:
    """A proposal is shown as this person's only where it surely is theirs."""
    if arrival.sender != entry.address.lower():
        return replace(held, start=None)
    unsure = not_vouched(arrival.trust)
    return replace(held, doubt=unsure, start=None) if unsure and held.proposes else held


def not_vouched(trust: Trust) -> Doubt | None:
    """Return why a mail may be somebody else's than its sender's."""
    return {Trust.VOUCHED: None, Trust.DISOWNED: Doubt.FORGED, Trust.UNCHECKED: Doubt.UNCHECKED}[trust]


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
    """Return what the coordinators are told of what is held, in one message for each hour.

    `sequence` is that of the meeting as it was asked about.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    return HeldAnswer(held.doubt, held.answer, held.start, hour, sequence)


#: Found of nothing but an answer whose sender our mail server vouches for.
_OF_THE_VOUCHED = frozenset(
    {Doubt.STALE, Doubt.REPLAYED, Doubt.UNKNOWN_SEQUENCE, Doubt.NO_LONGER_ASKED, Doubt.TOO_LATE}
)


def is_surely_theirs(held: HeldAnswer) -> bool:
    """Return whether somebody else cannot have written it: a time is shown of no other either."""
    return held.start is not None or held.doubt in _OF_THE_VOUCHED


def with_held(held: Sequence[HeldAnswer], answer: HeldAnswer) -> tuple[HeldAnswer, ...]:
    """Return what is kept of mails that were not used: the newest of each hour, as many as are of use."""
    return (*[h for h in held if h.key != answer.key][1 - MOST_HELD :], answer)


def newest_held(entries: Iterable[MailedEntry], told: HeldAnswer) -> HeldAnswer:
    """Return the newest of the hour that a message is about."""
    return next((h for entry in entries for h in entry.held or () if h.key == told.key), told)
