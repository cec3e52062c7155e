"""The notifications that use cases enqueue: about seats, asks, calls, invitations, posted messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.answers import listed_at, replaces_question
from bot.domain.calendar.entry import may_mail
from bot.domain.case.calendar import Asked
from bot.domain.case.entities import Ask, Meeting, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.links import LiaisonInvitation
from bot.domain.coordinating import alerted_at, in_charge
from bot.domain.notifications import At, Kind, Notification, Params
from bot.domain.overview.told import is_summoned, tell
from bot.usecases.ports import Posted, UnitOfWork


def homes_notifications(file: CaseFile) -> list[Notification]:
    """The Homes that show the case, or did, of people who have opened theirs."""
    people = {s.person_id for s in file.seats} | {c.person_id for c in file.coordinators}
    return [home_notification(person_id) for person_id in sorted(people) if file.persons[person_id].home]


def invitation_notifications(file: CaseFile, invitation: LiaisonInvitation) -> Iterator[Notification]:
    """The entry in a liaison's calendar: by mail if possible, otherwise as a file."""
    if may_mail(file, invitation):
        yield by_mail(invitation)
    yield from tell(file, Kind.MAY_COME, invitation)
    yield from tell(file, Kind.INVITE, invitation)


def by_mail(of: Asked) -> Notification:
    """The mail to the calendar of a person who is asked or invited."""
    return Notification(Kind.MAIL_INVITE, of.id, case_id=of.case_id, recipient=of.person_id)


def home_notification(person_id: str) -> Notification:
    return Notification(Kind.HOME, person_id, recipient=person_id)


def seat_notifications(file: CaseFile, seat: Seat) -> Iterator[Notification]:
    """The message that asks a person to confirm taushetsplikt."""
    coordinates = seat.role is SeatRole.COORDINATOR
    kind = Kind.CASE_ACKNOWLEDGEMENT if coordinates else Kind.ACKNOWLEDGEMENT
    return tell(file, kind, seat, asked_anew(file, seat))


def asked_anew(file: CaseFile, seat: Seat) -> At | None:
    """Return since when taushetsplikt is asked for again; None the first time.

    Another time makes another message, which people notice; a silent change of the old one they do not.
    """
    asked = file.last_asked_to_confirm(seat)
    return At(asked) if asked > seat.asked_at else None


def asked_notifications(file: CaseFile) -> Iterator[Notification]:
    """The messages to all who are asked to confirm, have it recorded for them, or are asked to come.

    The coordinators are told, in turn, of deputies, who are asked once a coordinator approves. All of them,
    also one who confirms taushetsplikt later, are told of agencies that say that the case is not theirs.
    """
    for seat in file.seats:
        at, by = seat.acknowledged_at, seat.acknowledged_by
        recorded = at is not None and at >= seat.asked_at and by not in (None, seat.person_id)
        if seat.live and (at is None or recorded):
            yield from seat_notifications(file, seat)
        if seat.live and seat.left_at is not None:
            yield from tell(file, Kind.SEAT_LEFT, seat, At(seat.left_at))
    for part in file.involvements:
        if part.not_ours_at is not None and part.ended_at is None:
            yield from tell(file, Kind.NOT_OURS, part, At(part.not_ours_at))
    for ask in file.asks if file.open else ():
        if ask.awaits_approval:
            yield from _in_turn(file, Kind.DEPUTY_APPROVAL, ask)
        elif is_summoned(file, ask):
            yield from () if replaces_question(file, ask) else tell(file, Kind.SUMMONS, ask)
            yield from tell(file, Kind.INVITE, ask)


def _in_turn(
    file: CaseFile, kind: Kind, about: Ask | Meeting, params: Params | None = None
) -> Iterator[Notification]:
    """Tell each coordinator when it is their turn, and the holder of the case at once."""
    for told in tell(file, kind, about, params):
        reader = told.recipient or ""
        at = None if reader == in_charge(file) else alerted_at(file, kind, about.id, reader)
        yield replace(told, due_at=at)


def call_list_notifications(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """Tell the coordinators, in turn, whom they have to ring: one list for each meeting that is not over.

    It is posted again when another person has to be rung.
    """
    stand = uow.find(Posted, case_id=file.case.id, kind=Kind.CALL_LIST)
    for meeting in file.meetings if file.open else ():
        if not meeting.live or meeting.ends_at <= uow.now:
            continue
        lists = (p.params for p in stand if p.subject == meeting.id)
        at = listed_at(file, meeting, (params.at for params in lists if isinstance(params, At)))
        if at is not None:
            yield from _in_turn(file, Kind.CALL_LIST, meeting, At(at))


def meeting_turns(meeting: Meeting, at: datetime) -> Notification:
    """A job at a meeting's start or end: its messages are updated, and deputies leave."""
    return Notification(Kind.MEETING_TURNS, meeting.id, case_id=meeting.case_id, due_at=at, params=At(at))


def standing_notification(case_id: str) -> Notification:
    """A job that updates all outdated messages of a case."""
    return Notification(Kind.STANDING, case_id, case_id=case_id)


def refresh(posted: Posted) -> Notification:
    """Return the notification of a posted message, now as a document that is updated or removed."""
    of, told_once = (posted.kind, posted.subject, posted.case_id, posted.person_id), posted.kind.told_once
    return Notification(*of, params=posted.params, item=posted.item, refreshes=told_once)
