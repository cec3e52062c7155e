"""Authorization: find what is acted upon, check the person's rights, refuse or allow.

What does not exist and what is not allowed raise the same error at the same place. Both are logged here, and
so is what is allowed, so that no use case has to think of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.domain import access
from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry, Event, done
from bot.domain.case import rights as case_rights
from bot.domain.case.actions import CaseAction
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import Approval, Ask, Duty, Involvement, Meeting, Seat
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.errors import (
    CaseIsClosed,
    ChairsOnly,
    CoordinatorsOnly,
    InTheRoomOnly,
    NoLongerAsked,
    NotAllowed,
    Refused,
)
from bot.usecases.ports import UnitOfWork

#: All that is done in a closed case, and in no open one.
_OF_CLOSED = frozenset({Action.REOPEN_CASE})
#: Finds the meeting that is acted upon in a case, if there is one.
About = Callable[[CaseFile], Meeting | None]
Found = TypeVar("Found")
CaseItem = TypeVar("CaseItem", CaseAction, Placement, Deadline)


@dataclass(frozen=True, slots=True)
class CaseContext:
    """A case in which the person may act, and the rights that they have there."""

    uow: UnitOfWork
    actor: Person
    entered: CaseFile
    rights: frozenset[Right]

    @property
    def file(self) -> CaseFile:
        """The case as it is now; as it was before a change, it has to be bound to a name before that."""
        return self.uow.current(self.entered)


def get_or_make_person(uow: UnitOfWork, slack_id: str) -> Person:
    """The person behind a Slack id; somebody unknown gets an id that is not yet stored."""
    return uow.person_by_slack(slack_id) or Person(id=uow.ids.new(), slack_id=slack_id)


def enter_team(uow: UnitOfWork, actor: Person, action: Action, team_id: str) -> Team:
    team = uow.get(Team, team_id)
    rights = access.rights_in_team(coordinates=team is not None and _coordinates(uow, actor, team.id))
    if team is None or not access.allows(action, rights):
        uow.audit(AuditEntry(Event.REFUSED, actor.id))
        raise CoordinatorsOnly
    if action is not Action.OPEN_CASE:
        uow.audit(AuditEntry(done(action), actor.id, right=access.under(action, rights)))
    return team


def enter_agency(
    uow: UnitOfWork, actor: Person, action: Action, agency_id: str, *, owner: str | None = None
) -> tuple[Agency, frozenset[Right]]:
    """Let the person act for an agency, outside any case: its team's coordinator, its leader.

    `owner` is the person of the contact that it is about, who may do what is their own.
    """
    agency = uow.get(Agency, agency_id)
    theirs = [c for c in uow.contacts(agency_id) if c.person_id == actor.id and not c.waits]
    rights = access.rights_in_agency(
        coordinates=agency is not None and _coordinates(uow, actor, agency.team_id),
        leads=any(c.leader for c in theirs),
        is_theirs=bool(theirs) and owner == actor.id,
    )
    if agency is None or agency.retired:
        raise not_found(uow, actor)
    _require(uow, actor, action, rights, subject=owner)
    return agency, rights


def enter_asked(
    uow: UnitOfWork, actor: Person, action: Action, team_id: str | None = None, *, own: bool = False
) -> None:
    """Let the person do `action` outside every case: with something asked of a team, else what anyone may.

    `own` tells that it was asked by, or of, that very person.
    """
    coordinates = team_id is not None and _coordinates(uow, actor, team_id)
    rights = access.rights_in_team(coordinates=coordinates)
    _require(uow, actor, action, rights | {Right.OWN} if own and team_id is not None else rights)


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
    case_id: str | None,
    *,
    subject_owner: str | None = None,
    subject_part: str | None = None,
    own_part: str | None = None,
    closed_too: bool = False,
    about: About | None = None,
    learns: str | None = None,
    what: str | None = None,
) -> CaseContext:
    """Let the person do `action` in a case.

    `subject_owner` is whom the question or seat belongs to, `subject_part` the involvement that it is
    for: somebody whom the bot may not write to for that agency answers through the coordinator. `about`
    finds the meeting acted upon, whose chair may have been named; `own_part` is the involvement that a need,
    an action or a deadline belongs to. `learns` is somebody who owns nothing yet, and whom the log names once
    this is done: they are told of it. `what` the log says of it.
    """
    try:
        file = uow.case_file(case_id) if case_id else None
        if file is None or file.case.purged_at is not None:
            raise NotAllowed
        meeting = about(file) if about is not None else None
        rights = _rights(file, actor, subject_owner, subject_part, meeting=meeting, own_part=own_part)
        _check(file, actor, action, rights, uow.now, closed_too=closed_too)
    except Refused:
        uow.audit(AuditEntry(Event.REFUSED, actor.id, case_id, subject=subject_owner))
        raise
    uow.acting = actor.id
    right = access.under(action, rights)
    uow.audit(AuditEntry(done(action), actor.id, file.case.id, right, subject_owner or learns, what))
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
    """Refuse, by one and the same answer, whoever has long been out: as once the case is deleted."""
    if action.rights & rights == {Right.OWN} and file.long_out(actor.id, now):
        raise NotAllowed
    if not access.allows(action, rights):
        chairs = Right.CHAIR in action.rights and access.allows(Action.SEE_ROOM, rights)
        raise ChairsOnly if chairs else NotAllowed
    if not file.open and not closed_too:
        own = (seat for seat in file.seats if seat.person_id == actor.id)
        in_at_closing = any(seat.live or file.left_by_closing(seat) for seat in own)
        raise CaseIsClosed if in_at_closing else NoLongerAsked


def _rights(
    file: CaseFile,
    actor: Person,
    owner: str | None,
    part: str | None,
    *,
    meeting: Meeting | None = None,
    own_part: str | None = None,
) -> frozenset[Right]:
    """A leader is one of their own agency's part alone, and where the bot may write to them for it."""
    direct = part is None or file.reached_directly(actor.id, part)
    rights = case_rights.rights_in_case(
        file, actor.id, subject_owner=owner, subject_live=direct, meeting=meeting, own_part=own_part
    )
    return rights if part is not None and _leads(file, actor, part) else rights - {Right.LEADER}


def _leads(file: CaseFile, actor: Person, part: str) -> bool:
    return file.leads_agency(actor.id, file.agency_of(part).id) and file.reached_directly(actor.id, part)


def may(here: CaseContext, action: Action) -> bool:
    """Return whether whoever has entered the case may do this too; not logged."""
    return access.allows(action, here.rights)


def could_act(file: CaseFile, actor: Person, action: Action, *, owner: str, part: str) -> bool:
    """Return whether the person would be allowed what is `owner`'s, for this part; not logged."""
    return file.open and access.allows(action, _rights(file, actor, owner, part))


def could_do(uow: UnitOfWork, actor: Person, case_id: str | None) -> frozenset[Action]:
    """Return all that they may do in a case, and in some meeting as who leads it; not logged."""
    file = uow.case_file(case_id) if case_id else None
    if file is None or file.case.is_being_erased:
        return frozenset()
    if not file.open:
        return access.allowed(case_rights.rights_in_case(file, actor.id)) & _OF_CLOSED
    about = [None, *(m for m in file.meetings if m.chair == actor.id)]
    rights = frozenset[Right]().union(
        *(case_rights.rights_in_case(file, actor.id, meeting=meeting) for meeting in about)
    )
    return access.allowed(rights) - _OF_CLOSED


def enter_room(
    uow: UnitOfWork,
    actor: Person,
    action: Action,
    channel_id: str,
    about: About | None = None,
    *,
    closed_too: bool = False,
) -> CaseContext:
    """Let the person do `action` in the case whose room the channel is; the rest as in `enter_case`."""
    case_id = uow.case_of_channel(channel_id)
    try:
        return enter_case(uow, actor, action, case_id, about=about, closed_too=closed_too)
    except ChairsOnly:
        raise
    except NotAllowed:
        if teams_of(uow, actor):
            raise InTheRoomOnly from None
        raise CoordinatorsOnly from None


#: `enter_case`, by the id of a case, or `enter_room`, by the channel that is its room.
Enter = Callable[..., CaseContext]


def not_found(uow: UnitOfWork, actor: Person) -> NotAllowed:
    """The refusal of what does not exist, which is logged as any other."""
    uow.audit(AuditEntry(Event.REFUSED, actor.id))
    return NotAllowed()


def get_or_refuse(uow: UnitOfWork, actor: Person, kind: type[Found], id: str) -> Found:
    found = uow.get(kind, id)
    if found is None:
        raise not_found(uow, actor)
    return found


def enter_ask(
    uow: UnitOfWork, actor: Person, action: Action, ask_id: str, *, approves: bool = False
) -> tuple[CaseContext, Ask]:
    """Let the person do `action` with a question put to somebody.

    A deputy who waits for approval, or was refused, knows of nothing: it is not theirs, and their log does
    not name it before somebody `approves`.
    """
    ask = get_or_refuse(uow, actor, Ask, ask_id)
    duty = uow.get(Duty, ask.duty_id)
    part = duty.involvement_id if duty is not None else None
    untold = ask.approval in (Approval.WAITS, Approval.REFUSED)
    here = enter_case(
        uow,
        actor,
        action,
        ask.case_id,
        subject_owner=None if untold else ask.person_id,
        subject_part=part,
        learns=ask.person_id if approves else None,
    )
    # The case is locked now: what somebody else did while it was waited for is in the file.
    return here, here.file.ask(ask.id) or ask


def enter_seat(uow: UnitOfWork, actor: Person, action: Action, seat_id: str) -> tuple[CaseContext, Seat]:
    seat = get_or_refuse(uow, actor, Seat, seat_id)
    here = enter_case(
        uow,
        actor,
        action,
        seat.case_id,
        subject_owner=seat.person_id,
        subject_part=seat.involvement_id,
    )
    return here, here.file.seat(seat.id) or seat


def enter_step(
    uow: UnitOfWork, actor: Person, action: Action, step_id: str
) -> tuple[CaseContext, EscalationStep]:
    """Let an agency's leader do `action` with a step of escalation that turned to them."""
    step = get_or_refuse(uow, actor, EscalationStep, step_id)
    file = uow.case_file(step.case_id)
    if file is None or step.kind is not StepKind.LEADER or step.person_id != actor.id:
        raise not_found(uow, actor)
    part = file.duty(step.duty_id).involvement_id
    if not _leads(file, actor, part):
        raise not_found(uow, actor)
    here = enter_case(uow, actor, action, step.case_id, subject_part=part)
    return here, next((s for s in here.file.steps if s.id == step.id), step)


def enter_meeting(
    uow: UnitOfWork, actor: Person, action: Action, meeting_id: str
) -> tuple[CaseContext, Meeting]:
    meeting = get_or_refuse(uow, actor, Meeting, meeting_id)
    return enter_case(uow, actor, action, meeting.case_id, about=lambda _: meeting), meeting


def enter_live_meeting(
    uow: UnitOfWork, actor: Person, action: Action, meeting_id: str
) -> tuple[CaseContext, Meeting]:
    here, meeting = enter_meeting(uow, actor, action, meeting_id)
    if not meeting.live:
        raise NoLongerAsked
    return here, meeting


def enter_involvement(
    uow: UnitOfWork, actor: Person, action: Action, involvement_id: str
) -> tuple[CaseContext, Involvement]:
    involvement = get_or_refuse(uow, actor, Involvement, involvement_id)
    return enter_case(uow, actor, action, involvement.case_id), involvement


def enter_duty(uow: UnitOfWork, actor: Person, action: Action, duty_id: str) -> tuple[CaseContext, Duty]:
    """Let the person do `action` with an agency's duty; it belongs to the agency's lead in the case."""
    duty = get_or_refuse(uow, actor, Duty, duty_id)
    file = uow.case_file(duty.case_id)
    if file is None:
        raise not_found(uow, actor)
    lead = file.lead(duty.involvement_id)
    here = enter_case(
        uow,
        actor,
        action,
        duty.case_id,
        subject_owner=lead.person_id if lead is not None else None,
        subject_part=duty.involvement_id,
    )
    return here, duty


def may_by_calendar(
    uow: UnitOfWork, action: Action, rights: frozenset[Right], owner: str, case_id: str | None, *, acts: bool
) -> bool:
    """Return whether an answer that came by mail from the calendar of `owner` counts.

    A refusal is logged; that it counts is logged where the answer `acts`.
    """
    subject = owner if case_id is not None else None
    allowed = access.allows(action, rights)
    if not allowed:
        uow.audit(AuditEntry(Event.REFUSED, owner, case_id, subject=subject))
    elif acts:
        uow.audit(AuditEntry(done(action), owner, case_id, access.under(action, rights), subject))
    return allowed


def enter_action(
    uow: UnitOfWork, actor: Person, action: Action, action_id: str
) -> tuple[CaseContext, CaseAction]:
    agreed = get_or_refuse(uow, actor, CaseAction, action_id)
    here = enter_case(uow, actor, action, agreed.case_id, own_part=agreed.involvement_id)
    return here, still_open(here.file.actions, action_id)


def still_open(found: Iterable[CaseItem], id: str) -> CaseItem:
    """Return the one meant as it is in the case, which is locked now."""
    one = next((each for each in found if each.id == id), None)
    if one is None or not one.open:
        raise NoLongerAsked
    return one
