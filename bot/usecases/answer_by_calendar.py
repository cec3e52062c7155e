"""Take an answer that was given in a calendar: apply it, or hold it for the coordinator.

Applied is only what came to the address of the very entry, from the one person asked, about what was told
last, and is newer than everything before it. All else changes nothing.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from bot.domain import reminder_plan
from bot.domain.calendar_entry import CalendarEntry, mail_alone
from bot.domain.calendar_reply import Arrival, Bounced, Doubt, Held, PartStat, Reply
from bot.domain.case import Answer, Ask
from bot.domain.case_file import CaseFile
from bot.domain.intents import Intent, Kind
from bot.usecases.answer_summons import give_answer
from bot.usecases.calendar_post import letter_refused
from bot.usecases.consequences import about_ask, about_calls, about_posted, of_duty, settle
from bot.usecases.door import Here, enter_by_calendar, may_by_calendar
from bot.usecases.ports import UnitOfWork

#: How far ahead another machine's clock may be; what is stamped later would outlive every later answer.
CLOCK_MARGIN = timedelta(hours=1)


def answer_by_calendar(uow: UnitOfWork, arrival: Arrival) -> bool:
    """Do what one mail asks for. False: it is about nothing that the bot has sent."""
    entry = _entry(uow, arrival)
    if entry is None:
        return arrival.token is not None
    file = uow.case_file(entry.case_id)
    ask = file.ask(entry.ask_id) if file is not None else None
    if file is None or ask is None or not file.open:
        return True
    content = arrival.content
    if isinstance(content, Bounced):
        letter_refused(uow, entry.id, entry.sequence)
    elif isinstance(content, Held):
        _hold(uow, file, ask, content)
    elif isinstance(content, Reply):
        doubt = _doubt(uow, file, ask, entry, arrival, content)
        if doubt is not None:
            _hold(uow, file, ask, Held(doubt, content.answer, uid=content.uid), content)
        else:
            _apply(uow, file, ask, entry, content)
    return True


def _entry(uow: UnitOfWork, arrival: Arrival) -> CalendarEntry | None:
    """By the address that the mail came to, else by the entry that it names."""
    if arrival.token is not None:
        found = uow.find(CalendarEntry, token=arrival.token)
        if found:
            return found[0]
    return next(iter(uow.find(CalendarEntry, uid=arrival.uid)), None) if arrival.uid is not None else None


def _doubt(
    uow: UnitOfWork, file: CaseFile, ask: Ask, entry: CalendarEntry, arrival: Arrival, reply: Reply
) -> Doubt | None:
    """Why this answer cannot be applied by itself."""
    if arrival.token != entry.token or reply.uid != entry.uid:
        return Doubt.WRONG_ADDRESS
    if reply.attendee != entry.address.lower():
        return Doubt.UNINVITED
    if arrival.sender != reply.attendee:
        return Doubt.OTHER_SENDER
    if not may_by_calendar(uow, file, entry, ask.person_id):
        return Doubt.NO_LONGER_ASKED
    if reply.sequence > entry.sequence:
        return Doubt.UNKNOWN_SEQUENCE
    if reply.sequence < entry.sequence or entry.ask_sequence != ask.sequence:
        return Doubt.STALE
    if file.meeting(ask.meeting_id).starts_at <= uow.now:
        return Doubt.TOO_LATE
    if reply.stamp > uow.now + CLOCK_MARGIN:
        return Doubt.BROKEN
    return _order(ask, entry, reply)


def _order(ask: Ask, entry: CalendarEntry, reply: Reply) -> Doubt | None:
    """Whether something newer has been said, in the calendar or in Slack."""
    if entry.reply_sequence is not None and entry.reply_stamp is not None:
        last = (entry.reply_sequence, entry.reply_stamp)
        if (reply.sequence, reply.stamp) <= last:
            return Doubt.REPLAYED if (reply.sequence, reply.stamp) == last else Doubt.STALE
    in_slack = ask.answered_at is not None and ask.answered_at != entry.replied_at
    # A calendar tells whole seconds.
    if in_slack and ask.answered_at is not None and reply.stamp < ask.answered_at.replace(microsecond=0):
        return Doubt.STALE
    return None


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
        mark = f"{entry.sequence}.{int(reply.stamp.timestamp())}"
        follows = [_by_mail(ask, mark)]
    give_answer(here, ask, answer, ask.reason if again else None, None, *follows)


def _take_back(here: Here, ask: Ask) -> None:
    """«Tentative» is no answer: whatever was answered before no longer stands, and is waited for anew."""
    uow = here.uow
    if ask.answer is not None:
        ends_at = reminder_plan.answer_window(here.file, uow.now, here.file.meeting(ask.meeting_id))
        nothing = {"answer": None, "answered_at": None, "answered_by": None, "reason": None}
        uow.change(ask, **nothing, asked_at=uow.now, window_ends_at=ends_at)
    fresh = here.again().file
    settle(
        uow,
        ask.case_id,
        *about_posted(uow, fresh, subjects=of_duty(fresh, ask.duty_id)),
        *about_ask(fresh, ask),
        *about_calls(fresh, fresh.meeting(ask.meeting_id)),
        *([] if mail_alone(fresh, ask) else [_what_lacks(ask)]),
    )


def _what_lacks(ask: Ask) -> Intent:
    """In Slack: what the answer from the calendar lacks, if it lacks anything."""
    return Intent(Kind.CALENDAR_ANSWER, ask.id, case_id=ask.case_id, recipient=ask.person_id)


def _by_mail(ask: Ask, mark: str) -> Intent:
    return Intent(Kind.MAIL_CALL, ask.id, case_id=ask.case_id, recipient=ask.person_id, once=True, mark=mark)


def _hold(uow: UnitOfWork, file: CaseFile, ask: Ask, held: Held, reply: Reply | None = None) -> None:
    """Tell the coordinators what was proposed and why it was not applied; the same only once an hour."""
    start = int(held.start.timestamp()) if held.start is not None else 0
    what = repr((held, reply.stamp if reply is not None else f"{uow.now:%Y%m%d%H}"))
    once = hashlib.sha256(what.encode()).hexdigest()[:8]
    meeting = file.meeting(ask.meeting_id)
    uow.enqueue(
        *(
            Intent(
                Kind.HELD_REPLY,
                ask.id,
                case_id=file.case.id,
                recipient=person_id,
                once=True,
                mark=f"{held.doubt}.{held.answer or 'none'}.{start}.{once}.{meeting.sequence}",
            )
            for person_id in file.confirmed_coordinators()
        )
    )
