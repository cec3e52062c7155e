"""What one person's calendar has been told by mail, and what it should be told next. Pure.

An entry is one UID with one attendee. Its SEQUENCE rises with every change that has to reach a calendar
which may have seen the one before (RFC 5546, 2.1.4); what has surely not left is changed in place. An entry
that is cancelled is never used again: who is asked once more gets a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.case import Answer, Ask

if TYPE_CHECKING:
    from bot.domain.case_file import CaseFile

#: How long a mail server may be away before the coordinators are told.
PATIENCE = timedelta(minutes=15)


class Post(StrEnum):
    """Where the newest word about an entry is."""

    WAITING = "waiting"  # it has surely not left
    LEAVING = "leaving"  # it may have left: an attempt was begun and its end is not known
    SENT = "sent"  # the mail server has taken it
    REFUSED = "refused"  # the mail server, or a later one, has refused the address for good


class Trouble(StrEnum):
    """Why nothing can be sent: for an operator to mend. The mail waits."""

    NO_TLS = "no_tls"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    RELAY = "relay"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One UID in one person's calendar, told by mail to `address`.

    `token` is the random part of the address to which answers come. `sequence`, `stamped_at` and
    `cancelled` are of the newest word; `post` says whether it has left. `ask_sequence` is the question's
    that it carries, `starts_at` and `ends_at` are the meeting's as last told. The newest answer from the
    calendar is (`reply_sequence`, `reply_stamp`), taken at `replied_at`; `tentative` while that was what it
    said.
    """

    id: str
    case_id: str
    ask_id: str
    address: str
    uid: str
    token: str
    made_at: datetime
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    ask_sequence: int
    sequence: int = 0
    cancelled: bool = False
    post: Post = Post.WAITING
    trouble: Trouble | None = None
    reply_sequence: int | None = None
    reply_stamp: datetime | None = None
    replied_at: datetime | None = None
    tentative: bool = False

    @property
    def has_left(self) -> bool:
        """Whether the calendar may know of the newest word."""
        return self.post in (Post.LEAVING, Post.SENT)

    @property
    def known(self) -> bool:
        """Whether the calendar may know of the entry at all."""
        return self.has_left or self.sequence > 0


class Step(StrEnum):
    """What a calendar has to be told next."""

    NEW = "new"
    SEND = "send"  # as it is: it has not arrived yet
    UPDATE = "update"
    CANCEL = "cancel"
    DROP = "drop"  # nothing has left, and nothing needs to


def reached_by_mail(file: CaseFile, person_id: str, involvement_id: str) -> bool:
    """Whether the bot may mail this person for this agency.

    Never a sheltering agency, whose mail domain says what it is, nor somebody whose account was closed.
    """
    person = file.persons.get(person_id)
    return (
        person is not None
        and person.work_mail is not None
        and not person.deactivated
        and not file.agency_of(involvement_id).reached_by_coordinator
    )


def mail_alone(file: CaseFile, ask: Ask) -> bool:
    """Whether the mail is this person's summons: the bot reaches them in no other way."""
    involvement_id = file.duty(ask.duty_id).involvement_id
    return reached_by_mail(file, ask.person_id, involvement_id) and not file.reached_directly(
        ask.person_id, involvement_id
    )


def gets_mail(file: CaseFile, person_id: str) -> bool:
    """Whether mail to this person has been sent in the case, and the newest one was not in vain."""
    entries = [
        entry
        for ask in file.asks
        if ask.person_id == person_id
        and reached_by_mail(file, person_id, file.duty(ask.duty_id).involvement_id)
        for entry in entries_of(file, ask)
    ]
    newest = max(entries, key=lambda entry: entry.stamped_at, default=None)
    return newest is not None and newest.post is not Post.REFUSED and newest.trouble is None


def entries_of(file: CaseFile, ask: Ask) -> list[CalendarEntry]:
    """The entries made for an ask, oldest first; at most the last one is not cancelled."""
    return [e for e in file.entries if e.ask_id == ask.id]


def is_tentative(file: CaseFile, ask: Ask) -> bool:
    """Whether the person's last word was «tentative» in the calendar, which is no answer."""
    return ask.open and any(e.tentative and e.ask_sequence == ask.sequence for e in entries_of(file, ask))


def next_step(file: CaseFile, ask: Ask, now: datetime) -> tuple[Step, CalendarEntry | None] | None:
    """What has to be done for an ask, one mail at a time; None when the calendar is as it should be."""
    for entry in entries_of(file, ask):
        step = _step(file, ask, entry, now)
        if step is not None:
            return step, entry
    standing = [e for e in entries_of(file, ask) if not e.cancelled]
    is_new = not standing and ask.answer is not Answer.DECLINED
    if is_new and _belongs(file, ask) and file.meeting(ask.meeting_id).starts_at > now:
        return Step.NEW, None
    return None


def _step(file: CaseFile, ask: Ask, entry: CalendarEntry, now: datetime) -> Step | None:
    if entry.cancelled:
        return Step.SEND if not _is_settled(entry) and entry.ends_at > now else None
    if file.meeting(ask.meeting_id).registered_at is not None:
        return None
    if not _belongs(file, ask) or file.persons[ask.person_id].work_mail != entry.address:
        if not entry.known:
            return Step.DROP
        return Step.CANCEL if entry.ends_at > now else None
    if file.meeting(ask.meeting_id).starts_at <= now:
        return None
    if entry.ask_sequence != ask.sequence:
        return Step.UPDATE
    return None if _is_settled(entry) else Step.SEND


def _is_settled(entry: CalendarEntry) -> bool:
    return entry.post in (Post.SENT, Post.REFUSED)


def _belongs(file: CaseFile, ask: Ask) -> bool:
    """Whether the meeting belongs in this person's calendar: as the summons, and until a deputy comes."""
    duty = file.duty(ask.duty_id)
    stands = (
        file.open
        and ask.live
        and not ask.awaits_approval
        and duty.withdrawn_at is None
        and file.involvement(duty.involvement_id).ended_at is None
        and file.meeting(ask.meeting_id).live
    )
    if not stands or file.awaits_confidentiality(ask):
        return False
    if not reached_by_mail(file, ask.person_id, duty.involvement_id):
        return False
    replaced = any(
        d.deputy_for == ask.id and d.answer is not Answer.DECLINED and not d.awaits_approval
        for d in file.asks_of(duty.id)
    )
    return not (ask.answer is Answer.DECLINED and replaced)
