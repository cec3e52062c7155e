"""The notifications that the use cases leave: about a seat, an ask, calls, an invitation, what is posted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.answers import in_question, listed_at
from bot.domain.calendar.entry import may_mail
from bot.domain.case.calendar import Asked
from bot.domain.case.entities import Ask, Meeting, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.links import LiaisonInvitation
from bot.domain.coordinating import alerted_at, in_charge
from bot.domain.notification_params import At, Params, Revision
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Posted, UnitOfWork


def homes_notifications(file: CaseFile) -> list[Notification]:
    """The Homes in which the case is shown, or was, of those who have looked at theirs."""
    people = {s.person_id for s in file.seats} | {c.person_id for c in file.coordinators}
    return [home_notification(person_id) for person_id in sorted(people) if file.persons[person_id].home]


def invitation_notifications(file: CaseFile, invitation: LiaisonInvitation) -> list[Notification]:
    """The entry in a liaison's calendar: by mail where that can be, else as a file."""
    mailed = [to_person(Kind.MAIL_INVITE, invitation)] if may_mail(file, invitation) else []
    revision = Revision(invitation.sequence)
    return [*mailed, *(to_person(kind, invitation, revision) for kind in (Kind.MAY_COME, Kind.INVITE))]


def to_person(kind: Kind, of: Seat | Asked, params: Params | None = None) -> Notification:
    """To the one whose seat, question or invitation it is."""
    return Notification(kind, of.id, case_id=of.case_id, recipient=of.person_id, params=params)


def home_notification(person_id: str) -> Notification:
    return Notification(Kind.HOME, person_id, recipient=person_id)


def seat_notifications(file: CaseFile, seat: Seat) -> list[Notification]:
    """The message that asks a person to confirm taushetsplikt, if the bot can reach them."""
    if seat.role is SeatRole.COORDINATOR:
        kind, reachable = Kind.CASE_ACKNOWLEDGEMENT, file.on_slack(seat.person_id)
    else:
        kind = Kind.ACKNOWLEDGEMENT
        reachable = (
            file.on_slack(seat.person_id)
            if seat.involvement_id is None
            else file.reached_directly(seat.person_id, seat.involvement_id)
        )
    if not reachable:
        return []
    return [to_person(kind, seat, asked_anew(file, seat))]


def asked_anew(file: CaseFile, seat: Seat) -> At | None:
    """Return since when the question of taushetsplikt is put anew; None the first time.

    A new time is a new message, which reaches people; one that changes in silence does not.
    """
    asked = file.last_asked_to_confirm(seat)
    return At(asked) if asked > seat.asked_at else None


def ask_notifications(file: CaseFile, ask: Ask) -> list[Notification]:
    """The summons and its calendar entry, once the person has confirmed taushetsplikt."""
    if not is_told(file, ask) or not file.reached_directly(
        ask.person_id, file.duty(ask.duty_id).involvement_id
    ):
        return []
    kinds = (Kind.INVITE,) if in_question(file, ask) else (Kind.SUMMONS, Kind.INVITE)
    return [to_person(kind, ask, Revision(ask.sequence)) for kind in kinds]


def is_told(file: CaseFile, ask: Ask) -> bool:
    """Return whether somebody who is asked is told so: once they have confirmed taushetsplikt."""
    return not ask.awaits_approval and not file.awaits_confidentiality(ask)


def asked_notifications(file: CaseFile) -> list[Notification]:
    """The messages of all who are asked to confirm, have it recorded for them, or are asked to come."""
    recorded = (
        s
        for s in file.seats
        if s.live
        and s.acknowledged_at is not None
        and s.acknowledged_at >= s.asked_at
        and s.acknowledged_by not in (None, s.person_id)
    )
    seats = (*(s for s in file.seats if s.live and not s.confirmed), *recorded)
    asks = (a for a in file.asks if a.live and file.meeting(a.meeting_id).live)
    return [
        *(i for seat in seats for i in seat_notifications(file, seat)),
        *(i for ask in asks for i in ask_notifications(file, ask)),
        *(i for ask in file.asks for i in deputy_notifications(file, ask)),
    ]


def coordinator_notifications(
    file: CaseFile, kind: Kind, subject: str, params: Params | None = None, *, but: str | None = None
) -> list[Notification]:
    """One notification to each coordinator of the case who has confirmed, `but` this person."""
    return [
        Notification(kind, subject, case_id=file.case.id, recipient=person_id, params=params)
        for person_id in file.confirmed_coordinators()
        if person_id != but
    ]


def deputy_notifications(file: CaseFile, ask: Ask) -> list[Notification]:
    """To the coordinators, in turn: a deputy has been named, and is asked once one of them approves."""
    if not ask.awaits_approval:
        return []
    return [_in_turn(file, i) for i in coordinator_notifications(file, Kind.DEPUTY_APPROVAL, ask.id)]


def _in_turn(file: CaseFile, notification: Notification) -> Notification:
    """The same, due when it is the coordinator's turn; at once for whoever has the case."""
    recipient = notification.recipient or ""
    if recipient == in_charge(file):
        return notification
    return replace(notification, due_at=alerted_at(file, notification.kind, notification.subject, recipient))


def call_list_notifications(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """To the coordinators, in turn: whom they have to ring, one list for each meeting that is not over.

    It is posted anew when somebody new has to be rung.
    """
    stand = uow.find(Posted, case_id=file.case.id, kind=Kind.CALL_LIST)
    for meeting in file.meetings if file.open else ():
        if not meeting.live or meeting.ends_at <= uow.now:
            continue
        lists = (p.params for p in stand if p.subject == meeting.id)
        at = listed_at(file, meeting, (params.at for params in lists if isinstance(params, At)))
        if at is not None:
            told = coordinator_notifications(file, Kind.CALL_LIST, meeting.id, At(at))
            yield from (_in_turn(file, i) for i in told)


def meeting_turns(meeting: Meeting, at: datetime) -> Notification:
    """At its start and its end: what stands about a meeting is brought in line, and deputies go."""
    return Notification(Kind.MEETING_TURNS, meeting.id, case_id=meeting.case_id, due_at=at, params=At(at))


def standing_notification(case_id: str) -> Notification:
    """All that stands of a case, made current where it is not."""
    return Notification(Kind.STANDING, case_id, case_id=case_id)


def refresh(posted: Posted) -> Notification:
    """Return the notification that made a posted message, now as a document: made current, or taken away."""
    return Notification(
        posted.kind,
        posted.subject,
        case_id=posted.case_id,
        recipient=posted.person_id,
        params=posted.params,
        refreshes=posted.kind.told_once,
        item=posted.item,
    )
