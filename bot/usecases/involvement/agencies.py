"""An agency's part in a case: involve, change and end it; «Ikke vår sak»; replace people who are gone."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from bot.domain.access import Action
from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.case.entities import Answer, Duty, Involvement, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory import on_call
from bot.domain.directory.entities import Agency, Ground, NotOurs, Person, Reason, Team
from bot.domain.errors import Invalid, Overtaken, Problem, Refusal, Refused, refuse
from bot.usecases.authorization import CaseContext, enter, enter_case, enter_lasting
from bot.usecases.involvement import summons
from bot.usecases.involvement.acknowledgement import ended_seat
from bot.usecases.news import needs_successor
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import Letters, check_persons


@dataclass(frozen=True, slots=True)
class InviteAgency:
    """Invite an agency, for its usual reason and ground; `chosen`: whom to ask, by the agency's id."""

    case_id: str
    chosen: tuple[tuple[str, summons.Chosen], ...] = ()
    _: KW_ONLY
    agency: str
    persons: Letters
    expected: bool = False


def see_invitable(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[CaseContext, list[Agency]]:
    """The agencies that could be involved now: those not in the case, those that are only expected, and
    those in which nobody is left to ask.
    """
    here = enter_case(uow, actor, Action.INVITE_AGENCY, channel_id)
    return here, _invitable(here) or refuse(Refusal.NOTHING_HERE, "agency")


def _invitable(here: CaseContext) -> list[Agency]:
    file = here.file()
    asked = {i.agency_id for i in file.current() if file.seats_for(i.id)}
    asked |= {i.agency_id for i in file.involvements if i.live and i.not_ours is not None}
    return [a for a in here.uow.agencies(here.file().team.id) if a.id not in asked]


@dataclass(frozen=True, slots=True)
class InviteReview:
    """An invitation as shown before it is sent; nobody is told of an agency that is only expected."""

    team: Team
    told: tuple[summons.AskPreview, ...]
    file: CaseFile
    agency: Agency


def review_invitation(uow: UnitOfWork, actor: Person, command: InviteAgency) -> InviteReview:
    """Name the human who would now be told. Changes nothing."""
    here = enter_case(uow, actor, Action.INVITE_AGENCY, command.case_id)
    file = here.file()
    agency = file.agencies.get(command.agency)
    if agency is None:
        raise Refused(Refusal.NOT_ALLOWED)
    if agency.id not in {a.id for a in _invitable(here)}:
        raise Invalid(Problem("agency", "invalid.already-in"))
    check_persons(file.open_letters, command.persons)
    told: tuple[summons.AskPreview, ...] = ()
    if not command.expected:
        chosen = dict(command.chosen).get(agency.id)
        told = (summons.who_is_asked(uow, file.team, agency, chosen, file),)
    return InviteReview(file.team, told, file, agency)


def invite_agency(uow: UnitOfWork, actor: Person, command: InviteAgency, review: InviteReview) -> None:
    """Involve the agency: its contact on call is asked, and it gets the duty to attend the next meeting."""
    file, agency, told = review.file, review.agency, next(iter(review.told), None)
    known = next((i for i in file.involvements if i.agency_id == agency.id and i.live), None)
    part = summons.involve(uow, file.team, command.case_id, agency, command.persons, told, known)
    if told is not None:
        _summon_to_all(uow, file, part)


def _summon_to_all(uow: UnitOfWork, file: CaseFile, part: Involvement) -> None:
    for meeting in file.meetings:
        if meeting.live and meeting.starts_at > uow.now:
            summons.summon_agency(uow, uow.current(file), meeting, part)


INVITE_AGENCY = ReviewedCommand(InviteAgency, review_invitation, invite_agency)


def change_involvement(
    uow: UnitOfWork,
    actor: Person,
    involvement_id: str,
    *,
    persons: tuple[str, ...],
    reason: Reason,
    ground: Ground,
) -> None:
    """Record the change, which is only shown on the card."""
    here, involvement = enter_lasting(uow, actor, Action.CHANGE_INVOLVEMENT, Involvement, involvement_id)
    checked = check_persons(here.file().open_letters, "".join(persons))
    uow.change(involvement, persons=checked, reason=reason, ground=ground)


def see_releasable(uow: UnitOfWork, actor: Person, channel_id: str) -> list[tuple[CaseFile, Involvement]]:
    """The agencies whose part can be ended: asked, active or only expected."""
    file = enter_case(uow, actor, Action.RELEASE_AGENCY, channel_id).file()
    parts = [(file, i) for i in file.involvements if i.live]
    return parts or refuse(Refusal.NOTHING_HERE, "part", room=file.room.channel_id)


def release_agency(uow: UnitOfWork, actor: Person, involvement_id: str) -> None:
    """End the agency's part at once; the other agencies see only that it left."""
    here, involvement = enter_lasting(uow, actor, Action.RELEASE_AGENCY, Involvement, involvement_id)
    end_part(here, involvement, SeatEnd.PART_OVER)


def accept_not_ours(uow: UnitOfWork, actor: Person, involvement_id: str) -> None:
    """End the part of an agency that says that the case is not theirs: «Godta»."""
    here, part = enter_lasting(uow, actor, Action.RELEASE_AGENCY, Involvement, involvement_id)
    end_part(here, _said_not_ours(part), SeatEnd.PART_OVER)


def _said_not_ours(part: Involvement | None) -> Involvement:
    if part is None or not part.live or part.not_ours is None:
        raise Refused(Refusal.NO_LONGER_ASKED)
    return part


def end_part(here: CaseContext, involvement: Involvement, end: SeatEnd) -> None:
    """End an involvement with its seats, duties and asks.

    The duty to attend a meeting that has begun stays, for attendance to be registered.
    """
    uow, file = here.uow, here.file()
    uow.change(involvement, ended_at=uow.now)
    for seat in file.seats:
        if seat.involvement_id == involvement.id and seat.live:
            uow.change(seat, ended_at=uow.now, end=end)
    for duty in file.duties:
        meeting = file.meeting(duty.meeting_id)
        if duty.involvement_id != involvement.id or duty.withdrawn_at is not None or not meeting.live:
            continue
        if meeting.starts_at > uow.now:
            uow.change(duty, withdrawn_at=uow.now)
        for ask in file.asks_of(duty.id):
            uow.change(ask, withdrawn_at=uow.now)


# --- «Ikke vår sak» ------------------------------------------------------------------------------


def see_not_ours(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseContext, Seat, Involvement]:
    """The seat and its agency's part, for the form that asks why the case is not theirs."""
    here, seat = enter(uow, actor, Action.SAY_NOT_OURS, Seat, seat_id)
    if not seat.live:
        raise ended_seat(here.file(), seat)
    if seat.role is not SeatRole.AGENCY or seat.takes_over or seat.involvement_id is None:
        raise Refused(Refusal.NO_LONGER_ASKED)
    part = here.file().involvement(seat.involvement_id)
    if part.not_ours_by is not None:
        own = part.not_ours_by == actor.id
        raise Refused(Refusal.NO_LONGER_ASKED) if own else Overtaken(part.not_ours_by)
    for duty in _duties(here.file(), part):
        comes = (a.person_id for a in here.file().asks_of(duty.id) if a.answer is Answer.CONFIRMED)
        by = next((p for p in comes if p != actor.id), None)
        if by is not None:
            raise Overtaken(by)
    return here, seat, part


def _duties(file: CaseFile, part: Involvement) -> list[Duty]:
    """The agency's duties at live meetings, except those where somebody of the agency is present."""
    came = {a.duty_id for a in file.arrivals}
    theirs = (d for d in file.duties if d.involvement_id == part.id and d.id not in came)
    return [duty for duty in theirs if file.duty_stands(duty)]


def say_not_ours(uow: UnitOfWork, actor: Person, seat_id: str, *, not_ours: NotOurs) -> None:
    """Record that the case is not the agency's: nobody there is asked any more, and no leader is told.

    It is neither forfall nor absence: the duty to attend ends, except at a meeting where somebody of the
    agency is already present. People who have confirmed taushetsplikt stay in the room until a coordinator
    has accepted it; the others need not confirm any more.
    """
    here, seat, part = see_not_ours(uow, actor, seat_id)
    file = here.file()
    uow.change(part, not_ours=not_ours, not_ours_at=uow.now, not_ours_by=actor.id)
    for duty in _duties(file, part):
        own = next((a for a in file.asks_of(duty.id) if a.person_id == actor.id), None)
        summons.withdraw_others(uow, file, duty.id, answered_by=actor.id, but=own)
        for ask in here.file().asks_of(duty.id):
            summons.withdraw_ask(uow, here.file(), ask)
        uow.change(duty, withdrawn_at=uow.now)
    for other in here.file().seats:
        waits = other.live and not other.confirmed and other.involvement_id == part.id
        if waits and other.id != seat.id:
            uow.change(other, ended_at=uow.now, end=SeatEnd.COLLEAGUE_ANSWERED)


def ask_again(uow: UnitOfWork, actor: Person, involvement_id: str) -> None:
    """Ask an agency again after it said «Ikke vår sak», as when it was involved.

    It has the duty to attend the meetings ahead. Its seat holder is asked, otherwise its contact on call.
    """
    here, part = enter_lasting(uow, actor, Action.ASK_AGAIN, Involvement, involvement_id)
    _ask(uow, here.file(), _said_not_ours(part))


def _ask(uow: UnitOfWork, file: CaseFile, part: Involvement) -> None:
    part = uow.change(part, asked_at=uow.now, not_ours=None, not_ours_at=None, not_ours_by=None)
    file = uow.current(file)
    if file.lead(part.id) is None:
        summons.offer_seat(uow, file.team, part)
    _summon_to_all(uow, file, part)


def take_back_not_ours(uow: UnitOfWork, actor: Person, seat_id: str) -> None:
    """Say that the case is the agency's after all, before a coordinator has agreed: «Angre»."""
    here, seat = enter(uow, actor, Action.SAY_NOT_OURS, Seat, seat_id)
    part = here.file().involvement(seat.involvement_id) if seat.live and seat.involvement_id else None
    _ask(uow, here.file(), _said_not_ours(part))


# --- somebody is gone ----------------------------------------------------------------------------


def replace_gone(uow: UnitOfWork, file: CaseFile, gone: Seat) -> None:
    """Ask another person of an agency whose person has lost this seat.

    That is the agency's lead in the case, otherwise its contact on call; contacts to whom the bot can write
    come first. They are asked to each meeting ahead for which only deputies are asked; the escalation of that
    ask starts again. As in an escalation, taushetsplikt comes first.
    """
    if gone.involvement_id is None or not needs_successor(file, gone.involvement_id, gone.role):
        return
    part = file.involvement(gone.involvement_id)
    if file.lead(part.id) is None:
        contacts = [c for c in file.contacts_of(part.agency_id) if c.person_id != gone.person_id]
        direct = [c for c in contacts if not c.leader and file.reached_directly(c.person_id, part.id)]
        first = on_call.first_to_ask(direct or contacts, file.persons, now=uow.now, team=file.team)
        if first is not None:
            whose = (file.case.id, first.person_id, SeatRole.AGENCY)
            # A deputy may have confirmed for this agency's part already.
            confirmed = summons.confirmation_among(file.seats_of(first.person_id, part.id))
            summons.add_seat(uow, *whose, involvement_id=part.id, **confirmed)
            uow.audit(AuditEntry(Event.ESCALATED, BOT, file.case.id, subject=first.person_id))
    _summon(uow, uow.current(file), part.id)


def _summon(uow: UnitOfWork, file: CaseFile, part_id: str) -> None:
    """Ask an agency's lead to the meetings ahead for which nobody of it but deputies is asked.

    The deputies stay; one who is the lead now needs no approval, and is not asked twice.
    """
    lead = file.lead(part_id)
    if lead is None:
        return
    for duty in file.duties_ahead(part_id, uow.now):
        asks = file.asks_of(duty.id)
        own = [a for a in asks if a.person_id == lead.person_id and a.answer is not Answer.DECLINED]
        if any(a.deputy_for is None for a in asks) or any(not a.awaits_approval for a in own):
            continue
        summons.ask_instead(uow, file, duty, lead.person_id, ())
