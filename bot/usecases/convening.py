"""Requests that TOT convenes: for which agency, how urgent; yes by opening a case, no with a reason."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.convening import Convening, NotConvened, Urgency, answer_by
from bot.domain.directory.entities import Agency, AgencyKind, Contact, Person, Team
from bot.domain.errors import Invalid, Problem
from bot.domain.outside import AskedView
from bot.usecases import outside
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import stored
from bot.usecases.validation import NOTE

ConveningView = AskedView[Convening]


def see_deciding(uow: UnitOfWork, actor: Person, convening_id: str) -> ConveningView:
    return outside.enter_view(uow, actor, Action.DECIDE_CONVENING, Convening, convening_id)


#: A team, and its agencies for which a person can ask.
Askable = tuple[Team, list[Agency]]


def see_convenable(uow: UnitOfWork, actor: Person) -> tuple[list[Askable], list[Agency]]:
    """The `askable_teams`, with the agencies for which the person can ask; and whom to ring if it is urgent:
    the child-welfare emergency services that have a number.
    """
    teams = outside.askable_teams(uow, actor, Convening)
    kind = AgencyKind.CHILD_WELFARE_EMERGENCY
    ring = [a for team in teams for a in uow.agencies(team.id) if a.kind is kind and a.duty_line]
    return [(team, _askable(uow, actor, team)) for team in teams], ring


def _askable(uow: UnitOfWork, actor: Person, team: Team) -> list[Agency]:
    """A contact asks for their own agencies, anybody else for any of the team's."""
    agencies = uow.agencies(team.id)
    contact_of = {c.agency_id for c in uow.find(Contact, person_id=actor.id, retired=False) if not c.waits}
    return [a for a in agencies if a.id in contact_of] or agencies


def ask_to_convene(
    uow: UnitOfWork, actor: Person, team_id: str, *, agency: str | None, urgency: Urgency, note: str = ""
) -> Convening:
    """Put a request to the team's coordinators; `agency` is an id, None for a service that is not listed."""
    team = outside.enter_asking(uow, actor, Action.ASK_TO_CONVENE, team_id, Convening)
    if agency not in {None, *(a.id for a in _askable(uow, actor, team))}:
        raise Invalid(Problem("agency", "invalid.agency-of-team"))
    asked = Convening(
        id=uow.ids.new(),
        team_id=team.id,
        agency_id=agency,
        urgency=urgency,
        asked_at=uow.now,
        due_at=answer_by(team, urgency, uow.now),
        asker=stored(uow, actor).id,
        note=NOTE.checked("note", note, uow.now),
    )
    return outside.follow(uow, uow.add(asked))


def decline_to_convene(uow: UnitOfWork, actor: Person, convening_id: str, *, reason: NotConvened) -> None:
    """Decline a request, with a reason that the one who asked is told."""
    found = see_deciding(uow, actor, convening_id)
    decision = {"convened": False, "reason": reason, "decided_by": actor.id}
    outside.close_asked(uow, found.asked, found.team, **decision)
