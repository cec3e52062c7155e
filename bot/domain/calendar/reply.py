"""Parsed mail from a calendar: an answer, a doubtful answer, a bounce, or a mail to ignore."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.calendar.entry import CalendarUpdate
from bot.domain.case.calendar import MailedEntry
from bot.domain.notifications import HeldAnswer

#: How far ahead another machine's clock may be: an answer stamped later would override all that follow.
CLOCK_MARGIN = timedelta(hours=1)


class PartStat(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class Doubt(StrEnum):
    """The reason why an answer is not applied automatically but held for the coordinator."""

    TEXT = "text"  # a mail written by hand
    NO_ANSWER = "no_answer"  # not one answer of a calendar: broken, automatic, delegated, several
    COUNTER = "counter"  # another time is proposed
    SENDER = "sender"  # it may not be from the person who was asked
    OUTDATED = "outdated"  # the question or the answer has changed since; only of a sender who is vouched for
    UNREADABLE = "unreadable"  # the parser failed: the mail stays in the mailbox
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


@dataclass(frozen=True, slots=True)
class Bounced:
    """A bounce: a mail server says that the mail with this `message_name` (None: unknown) did not arrive."""

    message_name: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """One parsed mail. `token` is the random part of the address it came to; `sender` is From's address.

    `trust` is what our mail server says about the sender. Without `content` nobody has to know of the mail: a
    delay, a read receipt.
    """

    token: str | None
    sender: str | None
    content: Reply | HeldReply | Bounced | None
    trust: Trust = Trust.UNCHECKED

    @property
    def uid(self) -> str | None:
        return self.content.uid if isinstance(self.content, Reply | HeldReply) else None


def judged(
    arrival: IncomingMail, entry: MailedEntry, doubt: Callable[[Reply], Doubt | None]
) -> Reply | HeldReply | None:
    """Return the answer to apply, or one to hold; None for a mail that is ignored.

    `doubt` says why an answer from the entry's own person cannot be applied automatically.
    """
    content = arrival.content
    if isinstance(content, Bounced):
        # It came to the entry's own address; if it says which mail bounced, that must be the entry's too.
        ours = content.message_name in (None, entry.message_name)
        return HeldReply(Doubt.BOUNCED) if ours else None
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
    proposes = held.answer is not None or held.start is not None
    unsure = not_vouched(arrival.trust) if proposes else None
    return replace(held, doubt=unsure, start=None) if unsure is not None else held


def not_vouched(trust: Trust) -> Doubt | None:
    """Return why a mail may not be from its sender."""
    return None if trust is Trust.VOUCHED else Doubt.SENDER


def sender_doubt(arrival: IncomingMail, reply: Reply, entry: MailedEntry) -> Doubt | None:
    """Return why an answer may not be from the entry's own person."""
    theirs = arrival.token == entry.token and reply.uid == entry.uid
    address = entry.address.lower()
    return None if theirs and arrival.sender == reply.attendee == address else Doubt.SENDER


def stale_doubt(
    reply: Reply, entry: MailedEntry, due: CalendarUpdate, answered_at: datetime | None, now: datetime
) -> Doubt | None:
    """Return why an answer is not to the last message, or is older than a later answer.

    `due` is what the calendar should say, `answered_at` when the ask was answered, by any channel.
    """
    if reply.sequence != entry.sequence or entry.ask_sequence != due.asked or due.starts_at <= now:
        return Doubt.OUTDATED
    if reply.stamp > now + CLOCK_MARGIN:
        return Doubt.NO_ANSWER
    last = (entry.reply_sequence, entry.reply_stamp)
    if None not in last and (reply.sequence, reply.stamp) <= last:
        return Doubt.OUTDATED
    in_slack = answered_at is not None and answered_at != entry.replied_at
    # Calendars stamp whole seconds.
    if in_slack and answered_at is not None and reply.stamp < answered_at.replace(microsecond=0):
        return Doubt.OUTDATED
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


def is_surely_theirs(held: HeldAnswer) -> bool:
    """Return whether nobody else can have written it: a proposed time is kept only in that case."""
    return held.start is not None or held.doubt == Doubt.OUTDATED


def newest_held(entries: Iterable[MailedEntry], told: HeldAnswer) -> HeldAnswer:
    """Return the newest held answer, if it is of a message's hour; else the one told first."""
    return next((e.held for e in entries if e.held is not None and e.held.key == told.key), told)
