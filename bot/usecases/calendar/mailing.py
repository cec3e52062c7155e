"""An entry in one person's calendar by mail, whether of a case's meeting or of a joint one.

What leaves is written down first. Of what comes back, applied is only what came to the address of the very
entry, from the one person asked, about what was told last, and is newer than everything before it; the rest
is held for the coordinator, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.domain.calendar.entry import CalendarStep, CalendarUpdate, about_to_leave, noted_trouble, step_of
from bot.domain.calendar.reply import HeldReply, IncomingMail, held_answer, is_surely_theirs, with_held
from bot.domain.case.calendar import Asked, MailedEntry, Post, Trouble
from bot.domain.joint import JointInvitation
from bot.domain.notifications import HeldAnswer, Notification
from bot.usecases.ports import UnitOfWork

E = TypeVar("E", bound=MailedEntry)
#: Hexadecimal digits of the token in an address for answers: mail servers may change the case of letters.
TOKEN_LENGTH = 20
#: How long a message that has been told waits before it shows the next: not every one of a flood.
CALM = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MailedItem(Generic[E]):
    """An ask or an invitation, its entries (oldest first), and what the person's calendar should say of it.

    `make` builds an entry of it from what every entry has. `file_sequence` is what a calendar file may have
    carried of it. `asked_at` is when the person was asked last, if not every new time or place asks anew.
    """

    asked: Asked | JointInvitation
    entries: Sequence[E]
    due: CalendarUpdate
    make: Callable[..., E]
    file_sequence: int
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outgoing(Generic[E]):
    """One mail that has to leave now: the entry as it will be told.

    `fresh` is false when an earlier attempt may have got through.
    """

    entry: E
    fresh: bool


def next_mail(uow: UnitOfWork, item: MailedItem[E]) -> tuple[E, bool] | None:
    """Write down what is about to be sent, and hand it out, and whether it is fresh; None when nothing is.

    What is handed out may have left from here on, whatever happens to this process.
    """
    entries = list(item.entries)
    while (found := step_of(entries, item.due, uow.now)) is not None:
        step, entry = found
        if step is CalendarStep.DROP and entry is not None:
            uow.remove(entry)
            entries.remove(entry)
            continue
        fresh = step is not CalendarStep.SEND or entry is None or entry.post is Post.WAITING
        if entry is None:
            return _new_entry(uow, item, first=not entries), fresh
        asks_again = (
            step is CalendarStep.CANCEL
            or item.asked_at is None
            or (entry.replied_at or entry.made_at) < item.asked_at
        )
        changes = about_to_leave(entry, step, item.due, uow.now, asks_again=asks_again)
        return uow.change(entry, **changes), fresh
    return None


def _new_entry(uow: UnitOfWork, item: MailedItem[E], *, first: bool) -> E:
    """Make an entry. The first has the UID of a calendar file that can have carried no more than 0.

    That file and the mail are one entry in the calendar. From then on its SEQUENCE is the mail's,
    which may be cancelled: a later file has a UID of its own (RFC 5546, 2.1.4: it never falls).
    """
    new, asked, due = uow.ids.uid(), item.asked, item.due
    if first and item.file_sequence == 0:
        uow.change(asked, uid=new)
        new = asked.uid
    entry = item.make(
        id=uow.ids.new(),
        address=due.address or "",
        uid=new,
        token=uow.ids.uid()[:TOKEN_LENGTH],
        made_at=uow.now,
        starts_at=due.starts_at,
        ends_at=due.ends_at,
        stamped_at=uow.now,
        ask_sequence=due.asked,
        post=Post.LEAVING,
    )
    uow.add(entry)
    return entry


def mark_sent(uow: UnitOfWork, told: E) -> E | None:
    """Note that the mail server has taken it. Return the entry as it was before, None if it has moved on."""
    entry = _as_told(uow, type(told), told.id, told.sequence)
    if entry is not None:
        uow.change(entry, post=Post.SENT, trouble=None)
    return entry


def mark_kept(uow: UnitOfWork, mail: Outgoing[E], trouble: Trouble) -> E | None:
    """Note that this attempt has surely not left, and is to be made again.

    Return the entry if the coordinators are to be told: unless it may be a passing matter.
    """
    entry = _as_told(uow, type(mail.entry), mail.entry.id, mail.entry.sequence)
    if entry is None:
        return None
    noted = noted_trouble(entry, trouble, uow.now)
    uow.change(entry, post=Post.WAITING if mail.fresh else Post.LEAVING, trouble=noted)
    return None if noted is entry.trouble else entry


def mark_refused(uow: UnitOfWork, kind: type[E], entry_id: str, sequence: int) -> E | None:
    """Note that the address is refused for good. Return the entry, None if that is no news of it."""
    entry = _as_told(uow, kind, entry_id, sequence)
    if entry is None or entry.post is Post.REFUSED:
        return None
    return uow.change(entry, post=Post.REFUSED, trouble=None)


def _as_told(uow: UnitOfWork, kind: type[E], entry_id: str, sequence: int) -> E | None:
    entry = uow.get(kind, entry_id)
    return entry if entry is not None and entry.sequence == sequence else None


def entry_answered(uow: UnitOfWork, kind: type[E], arrival: IncomingMail) -> E | None:
    """Return the entry whose address the mail came to, else the one that it names."""
    if arrival.token is not None:
        found = uow.find(kind, token=arrival.token)
        if found:
            return found[0]
    return next(iter(uow.find(kind, uid=arrival.uid)), None) if arrival.uid is not None else None


@dataclass(frozen=True, slots=True)
class Hold:
    """A mail that was not used, and when the coordinators are told of it: at once if None."""

    answer: HeldAnswer
    due_at: datetime | None

    def told_by(self, notifications: Iterable[Notification]) -> list[Notification]:
        return [replace(n, params=self.answer, due_at=self.due_at) for n in notifications]


def note_held(uow: UnitOfWork, entry: MailedEntry, held: HeldReply, sequence: int) -> Hold | None:
    """Keep a mail that is not used, for the coordinators to see; None where they see the same already, or one
    that is surely the person's own, where this may be anybody's.

    `sequence` is that of the meeting as it was asked about.
    """
    answer = held_answer(held, sequence, uow.now)
    known = entry.held or ()
    shown = next((h for h in known if h.key == answer.key), None)
    if answer in known or (shown and is_surely_theirs(shown) and not is_surely_theirs(answer)):
        return None
    uow.change(entry, held=with_held(known, answer))
    return Hold(answer, None if shown is None else uow.now + CALM)
