"""The notifications that the use cases leave: about a seat, an ask, calls, an invitation, what is posted."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.calendar.entry import may_mail
from bot.domain.case.calendar import Asked
from bot.domain.case.entities import Ask, Meeting, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.links import LiaisonInvitation
from bot.domain.notification_params import At, Revision
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Posted, UnitOfWork


def home_notifications(file: CaseFile) -> Iterator[Notification]:
    """The Homes in which the case is shown, or was."""
    people = {s.person_id for s in file.seats} | {c.person_id for c in file.coordinators}
    for person_id in sorted(people):
        if file.persons[person_id].home:
            yield home_notification(person_id)


def invitation_notifications(file: CaseFile, invitation: LiaisonInvitation) -> list[Notification]:
    """The entry in a liaison's calendar: by mail where that can be, else as a file."""
    return [
        *([mail_notification(invitation)] if may_mail(file, invitation) else []),
        Notification(
            Kind.INVITE,
            invitation.id,
            case_id=invitation.case_id,
            recipient=invitation.person_id,
            params=Revision(invitation.sequence),
        ),
    ]


def mail_notification(asked: Asked) -> Notification:
    """Make the entry in a person's calendar current."""
    return Notification(Kind.MAIL_INVITE, asked.id, case_id=asked.case_id, recipient=asked.person_id)


def home_notification(person_id: str) -> Notification:
    """Make a person's Home current."""
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
    anew = asked_anew(file, seat)
    return [Notification(kind, seat.id, case_id=seat.case_id, recipient=seat.person_id, params=anew)]


def asked_anew(file: CaseFile, seat: Seat) -> At | None:
    """Return since when the question of taushetsplikt is put anew; None the first time.

    A new time is a new message, which reaches people; one that changes in silence does not.
    """
    asked = file.last_asked_to_confirm(seat)
    return At(asked) if asked > seat.asked_at else None


def ask_notifications(file: CaseFile, ask: Ask) -> list[Notification]:
    """The summons and its calendar entry, once the person has confirmed taushetsplikt."""
    involvement_id = file.duty(ask.duty_id).involvement_id
    if ask.awaits_approval or file.awaits_confidentiality(ask):
        return []
    mailed = [mail_notification(ask)] if may_mail(file, ask) else []
    if not file.reached_directly(ask.person_id, involvement_id):
        return mailed
    return [
        *mailed,
        *(
            Notification(
                kind, ask.id, case_id=ask.case_id, recipient=ask.person_id, params=Revision(ask.sequence)
            )
            for kind in (Kind.SUMMONS, Kind.INVITE)
        ),
    ]


def deputy_notifications(file: CaseFile, ask: Ask) -> list[Notification]:
    """To the coordinators: a deputy has been named, and is asked once one of them approves."""
    if not ask.awaits_approval:
        return []
    return [
        Notification(Kind.DEPUTY_APPROVAL, ask.id, case_id=ask.case_id, recipient=person_id)
        for person_id in file.confirmed_coordinators()
    ]


def call_list_notifications(file: CaseFile, meeting: Meeting) -> list[Notification]:
    """To the coordinators: those whom somebody has to ring for this meeting; taken away when none is left."""
    if not any(
        a.meeting_id == meeting.id
        and not file.reached_directly(a.person_id, file.duty(a.duty_id).involvement_id)
        for a in file.asks
    ):
        return []
    return [
        Notification(Kind.CALL_LIST, meeting.id, case_id=file.case.id, recipient=person_id)
        for person_id in file.confirmed_coordinators()
    ]


def posted_notifications(
    uow: UnitOfWork,
    file: CaseFile,
    *,
    person_id: str | None = None,
    subjects: frozenset[str] = frozenset(),
) -> list[Notification]:
    """The messages that stand about the case, to be made current: all to a person, all about the subjects."""
    return [
        refresh(posted)
        for posted in uow.find(Posted, case_id=file.case.id)
        if (person_id is not None and posted.person_id == person_id) or posted.subject in subjects
    ]


def lacking_meeting_notifications(uow: UnitOfWork, file: CaseFile) -> list[Notification]:
    """The messages that stand to say that an acute case has no meeting ahead: gone when it has one."""
    stand = posted_notifications(uow, file, subjects=frozenset({file.case.id}))
    return [i for i in stand if i.kind is Kind.NO_MEETING_AHEAD]


def duty_subjects(file: CaseFile, duty_id: str) -> frozenset[str]:
    """The subjects of messages about one agency's duty: its asks and its people's seats."""
    involvement_id = file.duty(duty_id).involvement_id
    asks = {a.id for a in file.asks if a.duty_id == duty_id}
    return frozenset(asks | {s.id for s in file.seats if s.involvement_id == involvement_id})


def meeting_subjects(file: CaseFile, meeting_id: str) -> frozenset[str]:
    """The subjects of messages about one meeting: itself, its asks, its deputies' seats.

    And the invitations of liaisons.
    """
    asks = {a.id for a in file.asks if a.meeting_id == meeting_id}
    asks |= {i.id for i in file.invitations if i.meeting_id == meeting_id}
    return frozenset({meeting_id} | asks | {s.id for s in file.seats})


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
