"""Effects of a change to a case: on the room, the messages that it touches, Home, the reminders.

They are enqueued at the end of a transaction, once for each changed case. So no use case has to know whom
else its change concerns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, product

from bot.domain import escalation
from bot.domain.attendance import late_from
from bot.domain.calendar.entry import next_step
from bot.domain.case.calendar import Asked
from bot.domain.case.file import CaseFile
from bot.domain.case.links import LiaisonInvitation, leaves_at
from bot.domain.meeting import last_of_rhythm
from bot.domain.notifications import Kind, Notification
from bot.domain.overview import reminder_plan
from bot.domain.overview.told import tell
from bot.usecases import notifications
from bot.usecases.news import news_of
from bot.usecases.polls import drop_lapsed, poll_notifications
from bot.usecases.ports import Posted, UnitOfWork


def enqueue_effects(uow: UnitOfWork, case_id: str) -> None:
    """Enqueue the notifications that follow from the new state of a changed case."""
    before, file = uow.case_before(case_id), uow.case_file(case_id)
    if file is None:
        return
    if before is not None and file.case.is_being_erased and not (before.open or before.case.is_being_erased):
        # Erasing begins, and removes the case's messages itself.
        uow.enqueue(*notifications.homes_notifications(file))
        return
    if before is not None:
        uow.enqueue(*news_of(uow, before, file))
    drop_lapsed(uow, file)
    plan_ahead(uow, file)
    file = uow.current(file)
    uow.enqueue(
        Notification(Kind.ROOM, case_id, case_id=case_id),
        notifications.standing_notification(case_id),
        *notifications.homes_notifications(file),
        *_waiting_lists(uow, file),
        *notifications.call_list_notifications(uow, file),
        *_untold(uow, file),
        *held_meeting_notifications(file, uow.now),
        *poll_notifications(file, uow.now),
    )


def plan_ahead(uow: UnitOfWork, file: CaseFile) -> None:
    """Enqueue what an open case leaves to a later time, or to calendars; repeating it changes nothing."""
    invited = [*invite_liaisons(uow, file)]
    file = uow.current(file)
    uow.enqueue(
        *invited,
        *liaison_ends(file),
        *calendar_notifications(file, uow.now),
        *escalation.ahead(file),
        *proposal_notifications(uow, file),
        *reminder_plan.due_after(file, uow.now),
    )


def _untold(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """Yield the asks that are not posted yet; posted ones are updated by `standing_notification`."""
    stands = {posted.key for posted in uow.find(Posted, case_id=file.case.id)}
    asked = (each for each in notifications.asked_notifications(file) if each.key not in stands)
    yield from (replace(each, revives=False) for each in asked)


def held_meeting_notifications(file: CaseFile, now: datetime) -> Iterator[Notification]:
    """Yield each meeting's roll call when it begins, and the question to its chair when too few are there.

    The question comes at `late_from`, and the roll call then says who is lacking: both only where there is a
    link, and so people who tap. Every change of the case during the meeting updates both. The messages
    to those asked are updated at the start and at the end: in between they can say that they are there.
    """
    for meeting in file.meetings:
        if not file.open or not meeting.live:
            continue
        begins = meeting.starts_at if meeting.starts_at > now else None
        yield from tell(file, Kind.ROLL_CALL, meeting, due_at=begins)
        asked = late_from(file, meeting)
        turns = {meeting.starts_at, meeting.ends_at, *([asked] if meeting.link else [])}
        yield from (notifications.meeting_turns(meeting, turn) for turn in sorted(turns) if turn > now)
        if meeting.link and file.duties_of(meeting.id) and now < meeting.ends_at:
            yield from tell(file, Kind.QUORUM, meeting, due_at=asked if asked > now else None)


def _waiting_lists(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """Yield updates of people's lists of what waits for them, which span cases and may now be outdated."""
    people = sorted({s.person_id for s in file.seats})
    posted = uow.find(Posted, case_id=None, person_id=people)
    return (notifications.refresh(p) for p in posted if p.kind in (Kind.OPEN_ASKS, Kind.SUMMARY))


def calendar_notifications(file: CaseFile, now: datetime) -> Iterator[Notification]:
    """Yield mails to calendars that lack a meeting's entry, or hold an outdated one."""
    everything: Iterator[Asked] = chain(file.asks, file.invitations)
    return (notifications.by_mail(a) for a in everything if next_step(file, a, now) is not None)


def invite_liaisons(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """Invite each liaison once to each of their meetings ahead, and again when one has been moved."""
    known = {(i.liaison_id, i.meeting_id): i for i in file.invitations}
    for liaison, meeting in product(file.live_liaisons(), file.meetings):
        seat = file.seat(liaison.seat_id)
        if seat is None or meeting.starts_at <= uow.now or not file.is_theirs(liaison, meeting):
            continue
        invited = known.get((liaison.id, meeting.id))
        if invited is None:
            new = (uow.ids.new(), file.case.id, liaison.id, meeting.id, seat.person_id, uow.ids.uid())
            invited = uow.add(LiaisonInvitation(*new, uow.now, meeting.sequence))
        elif invited.sequence != meeting.sequence:
            invited = uow.change(invited, invited_at=uow.now, sequence=meeting.sequence, moved=True)
        else:
            continue
        yield from notifications.invitation_notifications(file, invited)


def liaison_ends(file: CaseFile) -> Iterator[Notification]:
    """Plan the end of each liaison's time on its day. Repeated calls plan it only once."""
    return (
        Notification(Kind.LIAISON_ENDS, x.id, case_id=file.case.id, due_at=leaves_at(x.until, file.team))
        for x in file.live_liaisons()
    )


def proposal_notifications(uow: UnitOfWork, file: CaseFile) -> list[Notification]:
    """Propose the next meeting in the rhythm of the case to each coordinator, once."""
    last = last_of_rhythm(file, uow.now)
    if last is None:
        return []
    posted = uow.find(Posted, case_id=file.case.id, kind=Kind.MEETING_PROPOSED, subject=last.id)
    told = {p.person_id for p in posted}
    return [i for i in tell(file, Kind.MEETING_PROPOSED, last) if i.recipient not in told]
