"""Meetings in people's calendars by mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

from bot.domain.access import Action, Right
from bot.domain.calendar.entry import (
    CalendarStep,
    CalendarUpdate,
    about_to_leave,
    entries_of,
    is_missed,
    mail_alone,
    noted_trouble,
    rights_by_calendar,
    step_of,
    update_of,
)
from bot.domain.calendar.reply import (
    Doubt,
    HeldReply,
    IncomingMail,
    PartStat,
    Reply,
    Trust,
    held_answer,
    is_surely_theirs,
    judged,
    not_vouched,
    replied,
    stale_doubt,
)
from bot.domain.case.calendar import Asked, CalendarEntry, MailedEntry, Post, Trouble
from bot.domain.case.entities import Answer, Ask, Meeting, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.domain.joint import JointInvitation, JointMeeting
from bot.domain.language import Language
from bot.domain.notifications import Kind, Notification, Undelivered
from bot.domain.overview.told import tell
from bot.usecases.answers import give_answer
from bot.usecases.authorization import CaseContext, may_by_calendar
from bot.usecases.ports import UnitOfWork

E = TypeVar("E", bound=MailedEntry)
#: Hexadecimal digits of the token in an address for answers: mail servers may change the case of letters.
TOKEN_LENGTH = 20
#: How long a posted message about a held mail waits before it shows the next one, to absorb a flood.
HELD_REPLY_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MailedItem(Generic[E]):
    """An ask or an invitation, its entries (oldest first), and what the person's calendar should show for it.

    `make` builds an entry from the fields that every entry has. A reply is an `action` with `rights`; `held`
    tells the coordinators of a mail that is not used. `sequence` is that of the time asked about, `answer`
    the answer to it. With `alone` only the mail tells them of the meeting; a liaison is not `is_asked`.
    """

    asked: Asked | JointInvitation
    meeting: Meeting | JointMeeting
    team: Team
    entries: Sequence[E]
    due: CalendarUpdate
    make: Callable[..., E]
    action: Action
    rights: Callable[[E], frozenset[Right]]
    held: Sequence[Notification]
    sequence: int
    language: Language
    alone: bool
    answer: Answer | None
    answered_at: datetime | None
    is_asked: bool = True
    case_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing(Generic[E]):
    """One mail that has to be sent now: the entry as the mail will carry it, and what it is for.

    `fresh` is false when an earlier attempt may have got through.
    """

    entry: E
    fresh: bool
    item: MailedItem[E]


def next_mail(uow: UnitOfWork, item: MailedItem[E]) -> Outgoing[E] | None:
    """Store what is about to be sent, and return it; None when there is nothing to send.

    From here on the mail may have been sent, even if this process dies.
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
            return Outgoing(_new_entry(uow, item), fresh, item)
        changes = about_to_leave(entry, step, item.due, uow.now)
        return Outgoing(uow.change(entry, **changes), fresh, item)
    return None


def _new_entry(uow: UnitOfWork, item: MailedItem[E]) -> E:
    due = item.due
    entry = item.make(
        id=uow.ids.new(),
        address=due.address or "",
        uid=uow.ids.uid(),
        token=uow.ids.uid()[:TOKEN_LENGTH],
        made_at=uow.now,
        starts_at=due.starts_at,
        ends_at=due.ends_at,
        stamped_at=uow.now,
        ask_sequence=due.asked,
        post=Post.LEAVING,
    )
    return uow.add(entry)


def mark(uow: UnitOfWork, mail: Outgoing[E], post: Post, trouble: Trouble | None) -> E | None:
    """Note the outcome of a mail: accepted, refused for good, or in `trouble` and to be retried.

    Return the entry as it was before; None if it has moved on, or the trouble is not news.
    """
    entry = uow.get(type(mail.entry), mail.entry.id)
    if entry is None or entry.sequence != mail.entry.sequence or entry.post is Post.REFUSED:
        return None
    if trouble is None:
        uow.change(entry, post=post, trouble=None)
        return entry
    noted = noted_trouble(entry, trouble, uow.now)
    uow.change(entry, post=Post.WAITING if mail.fresh else Post.LEAVING, trouble=noted)
    return None if noted is entry.trouble else entry


def entry_answered(uow: UnitOfWork, kind: type[E], arrival: IncomingMail) -> E | None:
    """Return the entry whose address the mail came to, otherwise the one that the mail names."""
    if arrival.token is not None:
        found = uow.find(kind, token=arrival.token)
        if found:
            return found[0]
    return next(iter(uow.find(kind, uid=arrival.uid)), None) if arrival.uid is not None else None


def reply_to_apply(uow: UnitOfWork, arrival: IncomingMail, entry: E, item: MailedItem[E]) -> Reply | None:
    """Return the answer in a mail, if it counts; hold a mail that does not count."""
    content = judged(arrival, entry, partial(_doubt, uow, item, entry, arrival.trust))
    if isinstance(content, Reply):
        uow.change(entry, **replied(content, uow.now))
        return content
    if isinstance(content, HeldReply):
        _hold(uow, entry, content, item)
    return None


def _doubt(uow: UnitOfWork, item: MailedItem[E], entry: E, trust: Trust, reply: Reply) -> Doubt | None:
    """Return why this answer, which claims to be the person's, cannot be applied automatically; else None.

    That it counts, or is refused, is logged.
    """
    unsure = not_vouched(trust)
    if unsure is not None:
        return unsure
    stale = stale_doubt(reply, entry, item.due, item.answered_at, uow.now)
    rights, owner = item.rights(entry), item.asked.person_id
    allowed = may_by_calendar(uow, item.action, rights, owner, item.case_id, acts=stale is None)
    return stale if allowed else Doubt.OUTDATED


def _hold(uow: UnitOfWork, entry: E, held: HeldReply, item: MailedItem[E]) -> None:
    """Keep a mail that is not used, and tell the coordinators what it proposed, and why it is not used.

    Skip it if they see the same answer already, or if it may be anybody's and they see one that is surely the
    person's own.
    """
    answer = held_answer(held, item.sequence, uow.now)
    shown = entry.held if entry.held is not None and entry.held.key == answer.key else None
    if answer == shown or (shown and is_surely_theirs(shown) and not is_surely_theirs(answer)):
        return
    uow.change(entry, held=answer)
    due_at = None if shown is None else uow.now + HELD_REPLY_PAUSE
    uow.enqueue(*(replace(each, params=answer, due_at=due_at) for each in item.held))


def next_invite(uow: UnitOfWork, of: Notification) -> Outgoing[CalendarEntry] | None:
    """`next_mail` for an ask or a liaison's invitation, the subject of `of`."""
    file = uow.case_file(of.case_id or "")
    ask = file.asked(of.subject) if file is not None else None
    return next_mail(uow, _item(uow, file, ask)) if file is not None and ask is not None else None


def _item(uow: UnitOfWork, file: CaseFile, ask: Asked) -> MailedItem[CalendarEntry]:
    is_asked, meeting = isinstance(ask, Ask), file.meeting(ask.meeting_id)
    ask_id, invitation_id = (ask.id, None) if is_asked else (None, ask.id)
    return MailedItem(
        ask,
        meeting,
        file.team,
        entries_of(file, ask),
        update_of(file, ask, uow.now),
        partial(CalendarEntry, case_id=ask.case_id, ask_id=ask_id, invitation_id=invitation_id),
        Action.ANSWER_BY_CALENDAR,
        partial(rights_by_calendar, file),
        [*tell(file, Kind.HELD_REPLY, ask)],
        sequence=meeting.sequence,
        language=file.persons[ask.person_id].language or file.team.language,
        alone=mail_alone(file, ask),
        answer=ask.answer if isinstance(ask, Ask) else None,
        answered_at=ask.answered_at if isinstance(ask, Ask) else None,
        is_asked=is_asked,
        case_id=ask.case_id,
    )


def invite_concluded(
    uow: UnitOfWork, mail: Outgoing[CalendarEntry], post: Post, trouble: Trouble | None
) -> None:
    """Note the outcome of a mail. For somebody who has only a work mail, the mail was the summons."""
    entry = mark(uow, mail, post, trouble)
    file = uow.case_file(entry.case_id) if entry is not None else None
    ask = file.asked(entry.about) if file is not None and entry is not None else None
    if entry is None or file is None or ask is None:
        return
    if post is not Post.SENT or entry.trouble is not None:
        # Show which invites wait for an operator, or remove that message when none does.
        uow.enqueue(*tell(file, Kind.MAIL_WAITS, file.case))
    if not isinstance(ask, Ask):
        return
    if post is Post.REFUSED:
        if ask.told_via is Via.MAIL and ask.open:
            uow.change(ask, told_at=None, told_via=None)
        if is_missed(file, ask, entry):
            lost = Undelivered(Kind.MAIL_INVITE, ask.person_id, f"{entry.uid[:8]}-{entry.sequence}")
            uow.enqueue(*tell(file, Kind.NOT_DELIVERED, ask.id, lost))
        uow.case_changed(file.case.id)
    elif (
        post is Post.SENT and not entry.cancelled and mail_alone(file, ask) and ask.open and not ask.told_via
    ):
        uow.change(ask, told_at=uow.now, told_via=Via.MAIL)


def answer_by_calendar(uow: UnitOfWork, arrival: IncomingMail) -> bool:
    """Process one mail. Return False if it is not about a meeting of a case."""
    entry = entry_answered(uow, CalendarEntry, arrival)
    if entry is None:
        return False
    file = uow.case_file(entry.case_id)
    ask = file.asked(entry.about) if file is not None else None
    if file is None or ask is None or not file.open:
        return True
    if not isinstance(ask, Ask) and isinstance(arrival.content, Reply):
        return True  # a liaison is asked nothing
    reply = reply_to_apply(uow, arrival, entry, _item(uow, file, ask))
    if reply is not None and isinstance(ask, Ask):
        _apply(uow, file, ask, entry, reply)
    return True


def _apply(uow: UnitOfWork, file: CaseFile, ask: Ask, entry: CalendarEntry, reply: Reply) -> None:
    here = CaseContext(uow, file.persons[ask.person_id], file, rights_by_calendar(file, entry))
    if reply.answer is PartStat.TENTATIVE:
        _take_back(here, ask)
        return
    answer = Answer.CONFIRMED if reply.answer is PartStat.ACCEPTED else Answer.DECLINED
    again = ask.answer is Answer.DECLINED and answer is Answer.DECLINED
    give_answer(here, ask, answer, ask.reason if again else None, None)
    _ask_in_slack(here, ask)


def _take_back(here: CaseContext, ask: Ask) -> None:
    """Take back the previous answer and wait for a new one: «tentative» is not an answer."""
    uow = here.uow
    if ask.answer is not None:
        nothing = {"answer": None, "answered_at": None, "answered_by": None, "reason": None}
        uow.change(ask, **nothing, asked_at=uow.now)
    _ask_in_slack(here, ask)
    uow.case_changed(ask.case_id)


def _ask_in_slack(here: CaseContext, ask: Ask) -> None:
    """Ask in Slack for what the answer from the calendar lacks. Who is not there is on the list to ring."""
    if not mail_alone(here.file(), ask):
        here.uow.enqueue(*tell(here.file(), Kind.CALENDAR_ANSWER, ask))
