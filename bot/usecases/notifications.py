"""What a change in a case leaves in the outbox: the room, the messages it touches, Home, the reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, product

from bot.domain.attendance import chair_of, late_from
from bot.domain.calendar.entry import entries_of, may_mail, next_step
from bot.domain.case.calendar import Asked
from bot.domain.case.entities import Ask, Meeting, Phase, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.links import LiaisonInvitation
from bot.domain.escalation import chain as escalation_chain
from bot.domain.meeting import last_of_rhythm
from bot.domain.notification_params import At, Revision
from bot.domain.notifications import Kind, Notification
from bot.domain.overview import reminder_plan
from bot.usecases.ports import Posted, UnitOfWork


def enqueue_effects(uow: UnitOfWork, case_id: str, *notifications: Notification) -> None:
    """Leave `notifications` and, at the end of the transaction, what follows from the case as it is then."""
    uow.settle(case_id, *notifications)


def enqueue_follow_up(uow: UnitOfWork, case_id: str) -> None:
    """Leave what follows from the new state of a case that has been settled."""
    file = uow.case_file(case_id)
    if file is None:
        return
    invited = invite_liaisons(uow, file)
    file = uow.case_file(case_id) or file
    uow.enqueue(
        Notification(Kind.ROOM, case_id, case_id=case_id),
        *invited,
        *home_notifications(file),
        *_waiting_lists(uow, file),
        *_chain_notifications(uow, file),
        *_silence_notifications(uow, file),
        *_asked_anew(uow, file),
        *calendar_notifications(file, uow.now),
        *held_meeting_notifications(file, uow.now),
        *escalation_chain.ahead(file),
        *_proposal_refreshes(uow, file),
        *proposal_notifications(uow, file),
        *reminder_plan.due_after(file, uow.now),
    )


def held_meeting_notifications(file: CaseFile, now: datetime) -> Iterator[Notification]:
    """The roll call of each meeting when it begins, and the question to its chair once too few are too few.

    While the meeting is held both are made current by every change of the case.
    """
    for meeting in file.meetings:
        if not file.open or not meeting.live:
            continue
        revision = Revision(meeting.sequence)
        begins = meeting.starts_at if meeting.starts_at > now else None
        yield Notification(Kind.ROLL_CALL, meeting.id, case_id=file.case.id, due_at=begins, params=revision)
        chair = chair_of(file, meeting)
        asked = late_from(file, meeting)
        if chair is not None and file.duties_of(meeting.id) and now < meeting.ends_at:
            due_at = asked if asked > now else None
            yield Notification(
                Kind.QUORUM, meeting.id, case_id=file.case.id, recipient=chair, due_at=due_at, params=revision
            )


def home_notifications(file: CaseFile) -> Iterator[Notification]:
    """The Homes in which the case is shown, or was."""
    people = {s.person_id for s in file.seats} | {c.person_id for c in file.coordinators}
    for person_id in sorted(people):
        if file.persons[person_id].home:
            yield home_notification(person_id)


def _waiting_lists(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """The lists of what waits for a person, which are not of one case: what they say of this one is old."""
    people = sorted({s.person_id for s in file.seats})
    posted = uow.find(Posted, case_id=None, person_id=people)
    return (refresh(p) for p in posted if p.kind in (Kind.OPEN_ASKS, Kind.SUMMARY))


def _chain_notifications(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """What leaders and coordinators were told because nobody answered: it goes when the chain ends."""
    if file.steps:
        kinds = (Kind.LEADER_ASKED, Kind.CHAIN_EXHAUSTED)
        yield from (refresh(p) for p in uow.find(Posted, case_id=file.case.id, kind=kinds))


def _silence_notifications(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """What was said because a liaison or a successor has not confirmed, or nobody has decided on a deputy.

    It goes when they do, or are let go.
    """
    kinds: list[Kind] = []
    if file.liaisons:
        kinds += [Kind.LIAISON_UNCONFIRMED, Kind.LIAISON_SILENT]
    if any(s.takes_over is not None for s in file.seats):
        kinds += [Kind.SUCCESSOR_UNCONFIRMED, Kind.SUCCESSOR_SILENT]
    if any(a.deputy_for is not None for a in file.asks):
        kinds += [Kind.DEPUTY_WAITS]
    if kinds:
        yield from (refresh(p) for p in uow.find(Posted, case_id=file.case.id, kind=kinds))


def calendar_notifications(file: CaseFile, now: datetime) -> Iterator[Notification]:
    """The calendars that have been told something by mail that is no longer so."""
    everything: Iterator[Asked] = chain(file.asks, file.invitations)
    return (
        mail_notification(a)
        for a in everything
        if entries_of(file, a) and next_step(file, a, now) is not None
    )


def invite_liaisons(uow: UnitOfWork, file: CaseFile) -> list[Notification]:
    """Invite each liaison to the meetings ahead that are theirs, once, and anew when one has been moved."""
    notifications = []
    known = {(i.liaison_id, i.meeting_id): i for i in file.invitations}
    for liaison, meeting in product(file.live_liaisons(), file.meetings):
        seat = file.seat(liaison.seat_id) if liaison.seat_id is not None else None
        if seat is None or meeting.starts_at <= uow.now or not file.is_theirs(liaison, meeting):
            continue
        invited = known.get((liaison.id, meeting.id))
        if invited is None:
            invited = LiaisonInvitation(
                id=uow.ids.new(),
                case_id=file.case.id,
                liaison_id=liaison.id,
                meeting_id=meeting.id,
                person_id=seat.person_id,
                uid=uow.ids.uid(),
                invited_at=uow.now,
                sequence=meeting.sequence,
            )
            uow.add(invited)
        elif invited.sequence != meeting.sequence:
            invited = uow.change(invited, invited_at=uow.now, sequence=meeting.sequence, moved=True)
        else:
            continue
        notifications.extend(invitation_notifications(file, invited))
    return notifications


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


def proposal_notifications(uow: UnitOfWork, file: CaseFile) -> list[Notification]:
    """The next meeting in the rhythm of the case, proposed to each coordinator once."""
    last = last_of_rhythm(file, uow.now)
    if last is None:
        return []
    told = {
        p.person_id for p in uow.find(Posted, case_id=file.case.id) if p.subject == last.id and _proposes(p)
    }
    return [
        Notification(Kind.MEETING_PROPOSED, last.id, case_id=file.case.id, recipient=person_id)
        for person_id in file.confirmed_coordinators()
        if person_id not in told
    ]


def _proposal_refreshes(uow: UnitOfWork, file: CaseFile) -> list[Notification]:
    """The proposals that stand, which go when a meeting is called."""
    if file.case.phase is Phase.ACUTE and file.case.rhythm is None:
        return []
    return [refresh(p) for p in uow.find(Posted, case_id=file.case.id) if _proposes(p)]


def _proposes(posted: Posted) -> bool:
    return posted.kind is Kind.MEETING_PROPOSED


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


def _asked_anew(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """The questions of taushetsplikt that are put once more; those that stand for an earlier time go."""
    anew = {s.id: s for s in file.seats if s.live and not s.confirmed and asked_anew(file, s)}
    if not anew:
        return
    for posted in uow.find(Posted, subject=sorted(anew), case_id=file.case.id):
        old = refresh(posted)
        if old.kind is Kind.ACKNOWLEDGEMENT and old.params != asked_anew(file, anew[old.subject]):
            yield old
            yield from seat_notifications(file, anew[old.subject])


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
    """What messages about one agency's duty have as their subject: its asks and its people's seats."""
    involvement_id = file.duty(duty_id).involvement_id
    asks = {a.id for a in file.asks if a.duty_id == duty_id}
    return frozenset(asks | {s.id for s in file.seats if s.involvement_id == involvement_id})


def meeting_subjects(file: CaseFile, meeting_id: str) -> frozenset[str]:
    """What messages about one meeting have as their subject: itself, its asks, its deputies' seats.

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
