"""Take an answer that was given in a calendar to a case's meeting.

A liaison is asked nothing, so that their answer changes nothing.
"""

from __future__ import annotations

from functools import partial

from bot.domain.access import Action
from bot.domain.calendar.entry import mail_alone, rights_by_calendar, update_of
from bot.domain.calendar.reply import (
    Doubt,
    HeldReply,
    IncomingMail,
    PartStat,
    Reply,
    Trust,
    judged,
    not_of_now,
    not_vouched,
    replied,
)
from bot.domain.case.calendar import Asked, CalendarEntry
from bot.domain.case.entities import Answer, Ask
from bot.domain.case.file import CaseFile
from bot.domain.errors import NotAllowed
from bot.domain.escalation import answer_window
from bot.domain.notifications import Kind, MailReply, Notification
from bot.usecases.answers import give_answer
from bot.usecases.authorization import CaseContext, may_by_calendar
from bot.usecases.calendar.mailing import entry_answered, note_held
from bot.usecases.notifications import coordinator_notifications
from bot.usecases.ports import UnitOfWork


def answer_by_calendar(uow: UnitOfWork, arrival: IncomingMail) -> bool:
    """Do what one mail asks for. False: it is about no case's meeting."""
    entry = entry_answered(uow, CalendarEntry, arrival)
    if entry is None:
        return False
    file = uow.case_file(entry.case_id)
    ask = file.asked(entry.about) if file is not None else None
    if file is not None and ask is not None and file.open:
        content = judged(arrival, entry, partial(_doubt, uow, file, ask, entry, arrival.trust))
        if isinstance(content, HeldReply):
            _hold(uow, file, ask, entry, content)
        elif isinstance(content, Reply) and isinstance(ask, Ask):
            _apply(uow, file, ask, entry, content)
    return True


def _doubt(
    uow: UnitOfWork, file: CaseFile, ask: Asked, entry: CalendarEntry, trust: Trust, reply: Reply
) -> Doubt | None:
    """Return why this answer, which says it is theirs, cannot be applied by itself."""
    if not isinstance(ask, Ask):
        return None
    unsure = not_vouched(trust)
    if unsure is not None:
        return unsure
    rights = rights_by_calendar(file, entry)
    if not may_by_calendar(uow, Action.ANSWER_BY_CALENDAR, rights, ask.person_id, file.case.id, acts=False):
        return Doubt.NO_LONGER_ASKED
    return not_of_now(reply, entry, update_of(file, ask, uow.now), ask.answered_at, uow.now)


def _apply(uow: UnitOfWork, file: CaseFile, ask: Ask, entry: CalendarEntry, reply: Reply) -> None:
    uow.change(entry, **replied(reply, uow.now))
    rights, who = rights_by_calendar(file, entry), ask.person_id
    if not may_by_calendar(uow, Action.ANSWER_BY_CALENDAR, rights, who, file.case.id, acts=True):
        raise NotAllowed
    here = CaseContext(uow, file.persons[who], file, rights)
    if reply.answer is PartStat.TENTATIVE:
        _take_back(here, ask)
        return
    answer = Answer.CONFIRMED if reply.answer is PartStat.ACCEPTED else Answer.DECLINED
    again = ask.answer is Answer.DECLINED and answer is Answer.DECLINED
    give_answer(here, ask, answer, ask.reason if again else None, None)
    if answer is Answer.DECLINED and not again and mail_alone(file, ask):
        said = MailReply(entry.sequence, reply.stamp)
        uow.enqueue(Notification(Kind.MAIL_CALL, ask.id, ask.case_id, ask.person_id, params=said))
    else:
        uow.enqueue(_what_lacks(ask))


def _take_back(here: CaseContext, ask: Ask) -> None:
    """«Tentative» is no answer: whatever was answered before no longer stands, and is waited for anew."""
    uow = here.uow
    if ask.answer is not None:
        ends_at = answer_window(here.file, uow.now, here.file.meeting(ask.meeting_id))
        nothing = {"answer": None, "answered_at": None, "answered_by": None, "reason": None}
        uow.change(ask, **nothing, asked_at=uow.now, window_ends_at=ends_at)
    if not mail_alone(here.file, ask):
        uow.enqueue(_what_lacks(ask))
    uow.case_changed(ask.case_id)


def _what_lacks(ask: Ask) -> Notification:
    """In Slack: what the answer from the calendar lacks, if it lacks anything."""
    return Notification(Kind.CALENDAR_ANSWER, ask.id, case_id=ask.case_id, recipient=ask.person_id)


def _hold(uow: UnitOfWork, file: CaseFile, ask: Asked, entry: CalendarEntry, held: HeldReply) -> None:
    """Tell the coordinators what was proposed and why it was not applied."""
    hold = note_held(uow, entry, held, file.meeting(ask.meeting_id).sequence)
    if hold is not None:
        uow.enqueue(*hold.told_by(coordinator_notifications(file, Kind.HELD_REPLY, ask.id)))
