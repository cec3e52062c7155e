"""Take an answer that was given in a calendar: apply it, or hold it for the coordinator.

Applied is only what came to the address of the very entry, from the one person asked, about what was told
last, and is newer than everything before it. All else changes nothing. A liaison is asked nothing, so that
their answer changes nothing either.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.calendar.entry import mail_alone
from bot.domain.calendar.reply import (
    Bounced,
    Doubt,
    HeldReply,
    IncomingMail,
    PartStat,
    Reply,
    held_answer,
    not_from_them,
    not_of_now,
)
from bot.domain.case.calendar import Asked, CalendarEntry
from bot.domain.case.entities import Answer, Ask
from bot.domain.case.file import CaseFile
from bot.domain.notification_params import MailReply
from bot.domain.notifications import Kind, Notification
from bot.domain.overview import reminder_plan
from bot.usecases.answers import give_answer
from bot.usecases.authorization import CaseContext, enter_by_calendar, may_by_calendar
from bot.usecases.calendar.delivery import invite_refused
from bot.usecases.joint.calendar import answer_joint_by_calendar
from bot.usecases.notifications import (
    ask_notifications,
    call_list_notifications,
    duty_subjects,
    enqueue_effects,
    posted_notifications,
)
from bot.usecases.ports import UnitOfWork


def answer_by_calendar(uow: UnitOfWork, arrival: IncomingMail) -> bool:
    """Do what one mail asks for. False: it is about nothing that the bot has sent."""
    entry = _entry(uow, arrival)
    if entry is None:
        return answer_joint_by_calendar(uow, arrival) or arrival.token is not None
    file = uow.case_file(entry.case_id)
    ask = file.asked(entry.about) if file is not None else None
    if file is None or ask is None or not file.open:
        return True
    content = arrival.content
    if isinstance(content, Bounced):
        invite_refused(uow, entry.id, entry.sequence)
    elif isinstance(content, HeldReply):
        # Somebody else's proposal is not shown: with a new time in each, they could write without end.
        theirs = arrival.sender == entry.address.lower()
        _hold(uow, file, ask, content if theirs else replace(content, start=None))
    elif isinstance(content, Reply):
        doubt = not_from_them(arrival, content, entry)
        if doubt is None and isinstance(ask, Ask):
            doubt = _doubt(uow, file, ask, entry, content)
        if doubt is not None:
            _hold(uow, file, ask, HeldReply(doubt, content.answer, uid=content.uid))
        elif isinstance(ask, Ask):
            _apply(uow, file, ask, entry, content)
    return True


def _entry(uow: UnitOfWork, arrival: IncomingMail) -> CalendarEntry | None:
    """By the address that the mail came to, else by the entry that it names."""
    if arrival.token is not None:
        found = uow.find(CalendarEntry, token=arrival.token)
        if found:
            return found[0]
    return next(iter(uow.find(CalendarEntry, uid=arrival.uid)), None) if arrival.uid is not None else None


def _doubt(uow: UnitOfWork, file: CaseFile, ask: Ask, entry: CalendarEntry, reply: Reply) -> Doubt | None:
    """Why this answer, which is theirs, cannot be applied by itself."""
    if not may_by_calendar(uow, file, entry, ask.person_id):
        return Doubt.NO_LONGER_ASKED
    return not_of_now(
        reply,
        entry,
        asked=ask.sequence,
        starts_at=file.meeting(ask.meeting_id).starts_at,
        answered_at=ask.answered_at,
        now=uow.now,
    )


def _apply(uow: UnitOfWork, file: CaseFile, ask: Ask, entry: CalendarEntry, reply: Reply) -> None:
    tentative = reply.answer is PartStat.TENTATIVE
    uow.change(
        entry,
        reply_sequence=reply.sequence,
        reply_stamp=reply.stamp,
        replied_at=uow.now,
        tentative=tentative,
    )
    here = enter_by_calendar(uow, file, entry, ask.person_id).again()
    if tentative:
        _take_back(here, ask)
        return
    answer = Answer.CONFIRMED if reply.answer is PartStat.ACCEPTED else Answer.DECLINED
    again = ask.answer is Answer.DECLINED and answer is Answer.DECLINED
    follows = [_what_lacks(ask)]
    if answer is Answer.DECLINED and not again and mail_alone(file, ask):
        follows = [_by_mail(ask, MailReply(entry.sequence, reply.stamp))]
    give_answer(here, ask, answer, ask.reason if again else None, None, *follows)


def _take_back(here: CaseContext, ask: Ask) -> None:
    """«Tentative» is no answer: whatever was answered before no longer stands, and is waited for anew."""
    uow = here.uow
    if ask.answer is not None:
        ends_at = reminder_plan.answer_window(here.file, uow.now, here.file.meeting(ask.meeting_id))
        nothing = {"answer": None, "answered_at": None, "answered_by": None, "reason": None}
        uow.change(ask, **nothing, asked_at=uow.now, window_ends_at=ends_at)
    fresh = here.again().file
    enqueue_effects(
        uow,
        ask.case_id,
        *posted_notifications(uow, fresh, subjects=duty_subjects(fresh, ask.duty_id)),
        *ask_notifications(fresh, ask),
        *call_list_notifications(fresh, fresh.meeting(ask.meeting_id)),
        *([] if mail_alone(fresh, ask) else [_what_lacks(ask)]),
    )


def _what_lacks(ask: Ask) -> Notification:
    """In Slack: what the answer from the calendar lacks, if it lacks anything."""
    return Notification(Kind.CALENDAR_ANSWER, ask.id, case_id=ask.case_id, recipient=ask.person_id)


def _by_mail(ask: Ask, reply: MailReply) -> Notification:
    return Notification(Kind.MAIL_CALL, ask.id, case_id=ask.case_id, recipient=ask.person_id, params=reply)


def _hold(uow: UnitOfWork, file: CaseFile, ask: Asked, held: HeldReply) -> None:
    """Tell the coordinators what was proposed and why it was not applied; the same only once an hour."""
    params = held_answer(held, file.meeting(ask.meeting_id).sequence, uow.now)
    uow.enqueue(
        *(
            Notification(Kind.HELD_REPLY, ask.id, case_id=file.case.id, recipient=person_id, params=params)
            for person_id in file.confirmed_coordinators()
        )
    )
