"""Authorization: find the object of an act, check the person's rights, refuse or allow.

An object that does not exist raises the same error, at the same place, as one that is not allowed. Refusals
and allowed acts are logged here, so that no use case has to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.domain import access
from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry, Event, done
from bot.domain.case.actions import CaseAction
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import Approval, Ask, Duty, EscalationStep, Involvement, Meeting, Seat
from bot.domain.case.file import CaseFile, Target, rights_in_case
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.errors import Refusal, Refused
from bot.usecases.ports import UnitOfWork

#: Actions that are possible only in a closed case.
OF_CLOSED = frozenset({Action.REOPEN_CASE})
NO_OWNER = Target()
#: The id of a channel in Slack, or none, where there is no room; no id of ours looks like that.
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{,20}|")
Found = TypeVar("Found")
#: Kinds of object that can be over while their case goes on.
Lasting = TypeVar("Lasting", Meeting, Involvement, CaseAction, Placement, Deadline)


@dataclass(frozen=True, slots=True)
class CaseContext:
    """A case in which the person may act, and their rights in it."""

    uow: UnitOfWork
    actor: Person
    entered: CaseFile
    rights: frozenset[Right]

    def file(self) -> CaseFile:
        """Return the case as this transaction has it now."""
        return self.uow.current(self.entered)


def get_or_make_person(uow: UnitOfWork, slack_id: str) -> Person:
    """The person with a Slack id; an unknown one becomes a new `Person`, which is not stored yet."""
    return uow.person_by_slack(slack_id) or Person(id=uow.ids.new(), slack_id=slack_id)


def enter_team(uow: UnitOfWork, actor: Person, action: Action, team_id: str) -> Team:
    team = uow.get(Team, team_id)
    rights = access.rights_outside(coordinates=team is not None and _coordinates(uow, actor, team.id))
    if team is None or not access.allows(action, rights):
        uow.audit(AuditEntry(Event.REFUSED, actor.id))
        raise Refused(Refusal.COORDINATORS_ONLY)
    if action is not Action.OPEN_CASE:
        uow.audit(AuditEntry(done(action), actor.id, right=access.under(action, rights)))
    return team


def enter_agency(
    uow: UnitOfWork, actor: Person, action: Action, agency_id: str, *, owner: str | None = None
) -> tuple[Agency, frozenset[Right]]:
    """Let a coordinator of its team, or its leader, act for an agency outside any case.

    `owner` is the person of the contact that the act concerns, who may change their own contact.
    """
    agency = uow.get(Agency, agency_id)
    theirs = [c for c in uow.contacts(agency_id) if c.person_id == actor.id and not c.waits]
    rights = access.rights_outside(
        coordinates=agency is not None and _coordinates(uow, actor, agency.team_id),
        leads=any(c.leader for c in theirs),
        own=bool(theirs) and owner == actor.id,
    )
    if agency is None or agency.retired:
        raise not_found(uow, actor)
    _require(uow, actor, action, rights, subject=owner)
    return agency, rights


def enter_asked(
    uow: UnitOfWork, actor: Person, action: Action, team_id: str | None = None, *, own: bool = False
) -> None:
    """Let the person do `action` outside every case: on an item of a team or, without `team_id`, as anyone.

    `own` tells that the item was asked by, or of, this person.
    """
    coordinates = team_id is not None and _coordinates(uow, actor, team_id)
    rights = access.rights_outside(coordinates=coordinates, own=own and team_id is not None)
    _require(uow, actor, action, rights)


def teams_of(uow: UnitOfWork, actor: Person) -> list[Team]:
    return [team for team in uow.teams() if _coordinates(uow, actor, team.id)]


def enter_teams(uow: UnitOfWork, actor: Person, action: Action) -> list[Team]:
    """Return the teams for which the person may do `action`."""
    return teams_of(uow, actor) or [enter_team(uow, actor, action, "")]


def _coordinates(uow: UnitOfWork, actor: Person, team_id: str) -> bool:
    return any(c.person_id == actor.id for c in uow.coordinators(team_id))


def _require(
    uow: UnitOfWork, actor: Person, action: Action, rights: frozenset[Right], subject: str | None = None
) -> None:
    if not access.allows(action, rights):
        raise not_found(uow, actor)
    uow.audit(AuditEntry(done(action), actor.id, right=access.under(action, rights), subject=subject))


def enter_case(
    uow: UnitOfWork,
    actor: Person,
    action: Action,
    where: str | None,
    target: Target | Callable[[CaseFile], Target] = NO_OWNER,
    *,
    closed_too: bool = False,
    learns: str | None = None,
    what: str | None = None,
) -> CaseContext:
    """Let the person do `action` in a case, on a `target` or on the one that this function finds in the case.

    `where` is the id of the case, or of the channel that is its room: then a refusal says who can do it, and
    where. `learns` is the id of a person who owns nothing yet but is told of the act, so the log names them.
    `what` is a detail for the log.
    """
    channel = where if where is not None and _CHANNEL.fullmatch(where) else None
    case_id, owner = where if channel is None else uow.case_of_channel(channel), None
    try:
        file = uow.case_file(case_id) if case_id else None
        if file is None or file.case.purged_at is not None:
            raise Refused(Refusal.NOT_ALLOWED)
        target = target if isinstance(target, Target) else target(file)
        owner, rights = target.owner, _rights(file, actor, target)
        _check(file, actor, action, rights, uow.now, closed_too=closed_too)
    except Refused as refused:
        uow.audit(AuditEntry(Event.REFUSED, actor.id, case_id, subject=owner))
        if channel is None or refused.why is not Refusal.NOT_ALLOWED:
            raise
        members_too = Right.SEAT_HOLDER in action.rights or Right.OWN_PART in action.rights
        others = Refusal.MEMBERS_ONLY if members_too else Refusal.COORDINATORS_ONLY
        raise Refused(Refusal.IN_THE_ROOM if teams_of(uow, actor) else others) from None
    uow.acting = actor.id
    right = access.under(action, rights)
    uow.audit(AuditEntry(done(action), actor.id, file.case.id, right, owner or learns, what))
    return CaseContext(uow, actor, file, rights)


def _check(
    file: CaseFile,
    actor: Person,
    action: Action,
    rights: frozenset[Right],
    now: datetime,
    *,
    closed_too: bool,
) -> None:
    """Refuse what is not allowed. Somebody long out of the case gets the answer for a deleted case."""
    if action.rights & rights == {Right.OWN} and file.long_out(actor.id, now):
        raise Refused(Refusal.NOT_ALLOWED)
    if not access.allows(action, rights):
        chairs = Right.CHAIR in action.rights and access.allows(Action.SEE_ROOM, rights)
        raise Refused(Refusal.CHAIRS_ONLY) if chairs else Refused(Refusal.NOT_ALLOWED)
    if not file.open and not closed_too:
        own = (seat for seat in file.seats if seat.person_id == actor.id)
        in_at_closing = any(seat.live or file.left_by_closing(seat) for seat in own)
        raise Refused(Refusal.CASE_CLOSED) if in_at_closing else Refused(Refusal.NO_LONGER_ASKED)


def _rights(file: CaseFile, actor: Person, target: Target) -> frozenset[Right]:
    """The person's rights; a leader's only for their agency's part, and if the bot may write to them."""
    part, rights = target.part, rights_in_case(file, actor.id, target)
    reached = part is not None and file.reached_directly(actor.id, part)
    leads = part is not None and reached and file.leads_agency(actor.id, file.agency_of(part).id)
    return rights if leads else rights - {Right.LEADER}


def may_act_for(file: CaseFile, actor: Person, action: Action, *, owner: str, part: str) -> bool:
    """Return whether the person may act on an object of `owner` for this part; not logged."""
    return file.open and access.allows(action, _rights(file, actor, Target(owner, part)))


def allowed_actions(uow: UnitOfWork, actor: Person, case_id: str | None) -> frozenset[Action]:
    """Return all that the person may do in a case, also as chair of one of its meetings; not logged."""
    file = uow.case_file(case_id) if case_id else None
    if file is None or file.case.is_being_erased:
        return frozenset()
    if not file.open:
        return access.allowed(rights_in_case(file, actor.id)) & OF_CLOSED
    about = [Target(), *(Target(meeting=m) for m in file.meetings if m.chair == actor.id)]
    rights = frozenset[Right]().union(*(rights_in_case(file, actor.id, target) for target in about))
    return access.allowed(rights) - OF_CLOSED


def not_found(uow: UnitOfWork, actor: Person) -> Refused:
    """The refusal for an object that does not exist; logged like any other refusal."""
    uow.audit(AuditEntry(Event.REFUSED, actor.id))
    return Refused(Refusal.NOT_ALLOWED)


def get_or_refuse(uow: UnitOfWork, actor: Person, kind: type[Found], id: str) -> Found:
    found = uow.get(kind, id)
    if found is None:
        raise not_found(uow, actor)
    return found


def _of_ask(file: CaseFile, ask: Ask) -> Target:
    """Target of an ask. A deputy who waits for approval, or was refused, does not know of it or own it."""
    untold = ask.approval in (Approval.WAITS, Approval.REFUSED)
    return Target(None if untold else ask.person_id, file.part_of(ask))


def _of_duty(file: CaseFile, duty: Duty) -> Target:
    lead = file.lead(duty.involvement_id)
    return Target(None if lead is None else lead.person_id, duty.involvement_id)


#: The owner of each kind of object in a case; kinds not listed have no owner.
_TARGETS: Mapping[type[Any], Callable[[CaseFile, Any], Target]] = {
    Ask: _of_ask,
    CaseAction: lambda _, action: Target(own_part=action.involvement_id),
    # A date that the coordinators keep belongs to no part.
    Deadline: lambda _, deadline: Target(own_part=deadline.involvement_id),
    Duty: _of_duty,
    EscalationStep: lambda file, step: Target(part=file.part_of(step)),
    Meeting: lambda _, meeting: Target(meeting=meeting),
    Seat: lambda _, seat: Target(seat.person_id, seat.involvement_id),
}


def enter(
    uow: UnitOfWork,
    actor: Person,
    action: Action,
    kind: type[Found],
    id: str,
    *,
    learns: bool = False,
    closed_too: bool = False,
) -> tuple[CaseContext, Found]:
    """Let the person do `action` on an object in a case; return it as read after the case was locked.

    With `learns` the log names the object's person, although they do not own it yet.
    """
    found: Any = get_or_refuse(uow, actor, kind, id)

    def target(file: CaseFile) -> Target:
        return _TARGETS[kind](file, found) if kind in _TARGETS else Target()

    told = found.person_id if learns else None
    here = enter_case(uow, actor, action, found.case_id, target, closed_too=closed_too, learns=told)
    return here, uow.get(kind, id) or found


def enter_seat(uow: UnitOfWork, actor: Person, action: Action, seat_id: str) -> tuple[CaseContext, Seat]:
    """As `enter`, for a seat; in a closed case only a coordinator's is live, and can be used."""
    seat = uow.get(Seat, seat_id)
    return enter(uow, actor, action, Seat, seat_id, closed_too=seat is not None and seat.live)


def enter_lasting(
    uow: UnitOfWork, actor: Person, action: Action, kind: type[Lasting], id: str
) -> tuple[CaseContext, Lasting]:
    """As `enter`, for an object that must not be over."""
    here, found = enter(uow, actor, action, kind, id)
    if not found.live:
        raise Refused(Refusal.NO_LONGER_ASKED)
    return here, found


def may_by_calendar(
    uow: UnitOfWork, action: Action, rights: frozenset[Right], owner: str, case_id: str | None, *, acts: bool
) -> bool:
    """Return whether an answer by mail from the calendar of `owner` counts.

    A refusal is logged; an answer that counts is logged if it `acts`.
    """
    subject = owner if case_id is not None else None
    allowed = access.allows(action, rights)
    if not allowed:
        uow.audit(AuditEntry(Event.REFUSED, owner, case_id, subject=subject))
    elif acts:
        uow.audit(AuditEntry(done(action), owner, case_id, access.under(action, rights), subject))
    return allowed
