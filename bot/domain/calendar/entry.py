"""One person's calendar: what it has been told by mail, and what to send next. Pure.

An entry is one UID with one attendee. Its SEQUENCE rises with every change for a calendar that may have seen
the previous version (RFC 5546, 2.1.4); a message that has certainly not left is changed in place. A cancelled
entry is never used again: a person who is asked again gets a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from bot.domain.access import Right, rights_outside
from bot.domain.answers import may_answer
from bot.domain.case.calendar import PATIENCE, Asked, CalendarEntry, MailedEntry, Post, Trouble
from bot.domain.case.entities import Answer, Ask
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Person


class CalendarStep(StrEnum):
    NEW = "new"
    SEND = "send"  # send the message unchanged: it has not arrived yet
    UPDATE = "update"
    CANCEL = "cancel"
    DROP = "drop"  # nothing has left, and nothing needs to


@dataclass(frozen=True, slots=True)
class CalendarUpdate:
    """The state that a calendar should have: whether the meeting `belongs` in it, and at which address.

    `asked` is the sequence of the ask. After a meeting is `registered` nothing is sent. `wanted` is whether a
    new entry is made if there is none.
    """

    belongs: bool
    address: str | None
    asked: int
    starts_at: datetime
    ends_at: datetime
    registered: bool
    wanted: bool = True


def is_sheltering(person_id: str, contacts: Iterable[Contact], agencies: Mapping[str, Agency]) -> bool:
    """Return whether this person belongs, or has belonged, to a sheltering agency, in any of their roles.

    Their mail domain may reveal the agency. `contacts` and `agencies` are those of the whole team.
    """
    return any(c.person_id == person_id and agencies[c.agency_id].reached_by_coordinator for c in contacts)


def may_be_mailed(person: Person | None, contacts: Iterable[Contact], agencies: Mapping[str, Agency]) -> bool:
    """Return whether the bot may mail a person: nobody of a sheltering agency, or with a closed account."""
    if person is None or person.work_mail is None or person.deactivated:
        return False
    return not is_sheltering(person.id, contacts, agencies)


def may_mail(file: CaseFile, asked: Asked) -> bool:
    """Return whether the bot may mail a person about an ask or an invitation."""
    if isinstance(asked, Ask) and file.agency_of_ask(asked).reached_by_coordinator:
        return False
    return may_be_mailed(file.persons.get(asked.person_id), file.contacts, file.agencies)


def mail_alone(file: CaseFile, asked: Asked) -> bool:
    """Return whether the mail is the summons: the bot has no other way to reach the person."""
    return isinstance(asked, Ask) and may_mail(file, asked) and not file.reaches(asked)


def gets_mail(file: CaseFile, person_id: str) -> bool:
    """Return whether the case has mailed this person, and the newest mail was neither refused nor stuck."""
    entries = [
        entry
        for ask in file.asks
        if ask.person_id == person_id and may_mail(file, ask)
        for entry in entries_of(file, ask)
    ]
    newest = max(entries, key=lambda entry: entry.stamped_at, default=None)
    return newest is not None and newest.post is not Post.REFUSED and newest.trouble is None


def entries_of(file: CaseFile, asked: Asked) -> list[CalendarEntry]:
    """Return the entries made for an ask or invitation, oldest first; at most the last is not cancelled."""
    return [e for e in file.entries if e.about == asked.id]


def is_missed(file: CaseFile, ask: Ask, refused: CalendarEntry) -> bool:
    """Return whether somebody misses the newest message of an entry, which their mail server has refused.

    That a meeting is off, or theirs no longer, they learn in Slack; an earlier address is nobody's any more.
    """
    if not refused.cancelled:
        return True
    return mail_alone(file, ask) and refused.address == file.persons[ask.person_id].work_mail


def stuck(file: CaseFile, now: datetime) -> Iterator[tuple[CalendarEntry, Asked]]:
    """Yield the entries whose newest message waits for an operator, and does not come too late yet."""
    for entry in file.entries:
        asked = file.asked(entry.about)
        if entry.trouble is None or asked is None:
            continue
        if _step(entry, update_of(file, asked, now), now) not in (None, CalendarStep.DROP):
            yield entry, asked


def is_tentative(file: CaseFile, ask: Ask) -> bool:
    """Return whether the reply to the newest message was «tentative», which is no answer."""
    return ask.open and any(
        e.tentative and (e.reply_sequence, e.ask_sequence) == (e.sequence, ask.sequence)
        for e in entries_of(file, ask)
    )


E = TypeVar("E", bound=MailedEntry)


def next_step(
    file: CaseFile, asked: Asked, now: datetime
) -> tuple[CalendarStep, CalendarEntry | None] | None:
    """Return the next step for an ask or invitation, one mail at a time; None if the calendar is current."""
    return step_of(entries_of(file, asked), update_of(file, asked, now), now)


def update_of(file: CaseFile, asked: Asked, now: datetime) -> CalendarUpdate:
    meeting, person = file.meeting(asked.meeting_id), file.persons.get(asked.person_id)
    if isinstance(asked, Ask):
        stands = _is_asked(file, asked)
    else:
        # A liaison whose time ends during the meeting has taken part in it.
        stands = file.invitation_stands(asked) or (meeting.live and meeting.starts_at <= now)
    return CalendarUpdate(
        stands and may_mail(file, asked),
        person.work_mail if person is not None else None,
        asked.sequence,
        meeting.starts_at,
        meeting.ends_at,
        meeting.registered_at is not None,
        wanted=not (isinstance(asked, Ask) and asked.answer is Answer.DECLINED),
    )


def step_of(entries: Sequence[E], due: CalendarUpdate, now: datetime) -> tuple[CalendarStep, E | None] | None:
    """Return the next step for the `entries` of any ask or invitation; None as in `next_step`."""
    for entry in entries:
        step = _step(entry, due, now)
        if step is not None:
            return step, entry
    if not due.wanted or not due.belongs or due.starts_at <= now or any(not e.cancelled for e in entries):
        return None
    return CalendarStep.NEW, None


def _step(entry: MailedEntry, due: CalendarUpdate, now: datetime) -> CalendarStep | None:
    if entry.cancelled:
        return CalendarStep.SEND if not entry.finished and entry.ends_at > now else None
    if due.registered:
        return None
    if not due.belongs or due.address != entry.address:
        if not entry.known:
            return CalendarStep.DROP
        return CalendarStep.CANCEL if entry.ends_at > now else None
    if due.starts_at <= now:
        return None
    if entry.ask_sequence != due.asked:
        return CalendarStep.UPDATE
    return None if entry.finished else CalendarStep.SEND


def about_to_leave(
    entry: MailedEntry, step: CalendarStep, due: CalendarUpdate, now: datetime
) -> dict[str, Any]:
    """Return the changes of an entry before `step` is sent: from then on the message may have left."""
    if step is CalendarStep.SEND:
        return {"post": Post.LEAVING}
    sequence = entry.sequence + 1 if entry.has_left else entry.sequence
    sent = {"sequence": sequence, "stamped_at": now, "post": Post.LEAVING}
    if step is CalendarStep.CANCEL:
        return {**sent, "cancelled": True}
    return {**sent, "starts_at": due.starts_at, "ends_at": due.ends_at, "ask_sequence": due.asked}


def noted_trouble(entry: MailedEntry, trouble: Trouble, now: datetime) -> Trouble | None:
    """Return the trouble to report: a new one that may pass within PATIENCE is not reported yet."""
    passing = trouble is Trouble.UNREACHABLE and now < entry.stamped_at + PATIENCE
    return entry.trouble if passing else trouble


def _is_asked(file: CaseFile, ask: Ask) -> bool:
    """Return whether the summons is still valid and no deputy comes instead."""
    if not may_answer(file, ask):
        return False
    approved = (d for d in file.deputies_of(ask) if not d.awaits_approval)
    return ask.answer is not Answer.DECLINED or all(d.answer is Answer.DECLINED for d in approved)


def rights_by_calendar(file: CaseFile, entry: CalendarEntry) -> frozenset[Right]:
    """Return the rights of a person who answers this entry in the calendar: INVITED while the ask stands."""
    ask = file.ask(entry.about)
    stands = ask is not None and not entry.cancelled and may_mail(file, ask) and may_answer(file, ask)
    return rights_outside(invited=stands)
