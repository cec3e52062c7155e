"""Ask that TOT convenes (be om at TOT kalles sammen): for which agency, and how urgent it is."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.convening import Convening, Urgency
from bot.domain.directory import Agency, Contact, Person, Team
from bot.domain.errors import Invalid, NothingHere, Problem
from bot.usecases.convening.standing import answer_by, settle
from bot.usecases.door import enter_open
from bot.usecases.guarded import check_text
from bot.usecases.keep_profile import stored
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class AskToConvene:
    """What the one who asks fills in. `agency_id` is None for a service that is not on the list."""

    team_id: str
    agency_id: str | None
    urgency: Urgency
    note: str = ""


@dataclass(frozen=True, slots=True)
class Askable:
    """A team, and the agencies for which the person can ask: their own, if they are a contact of any."""

    team: Team
    agencies: tuple[Agency, ...]
    own: tuple[str, ...]


def see_convenable(uow: UnitOfWork, actor: Person) -> list[Askable]:
    """The teams that can be asked to convene.

    Raises:
        NothingHere: there is none yet.
    """
    teams = uow.teams()
    if not teams:
        raise NothingHere(what="directory")
    return [_askable(uow, actor, team) for team in teams]


def ask_to_convene(uow: UnitOfWork, actor: Person, command: AskToConvene) -> Convening:
    """Put it to the team's coordinators.

    Raises:
        Invalid: the agency is not one for which the person can ask, or something in the note may not be.
        NothingHere: there is no such team.
    """
    enter_open(uow, actor, Action.ASK_TO_CONVENE)
    team = uow.get(Team, command.team_id)
    if team is None:
        raise NothingHere(what="directory")
    allowed = {None, *(a.id for a in _askable(uow, actor, team).agencies)}
    if command.agency_id not in allowed:
        raise Invalid(Problem("agency", "invalid.agency-of-team"))
    note = check_text("note", command.note, uow.now, several_lines=True)
    convening = Convening(
        id=uow.ids.new(),
        team_id=team.id,
        agency_id=command.agency_id,
        urgency=command.urgency,
        asked_at=uow.now,
        due_at=answer_by(team, command.urgency, uow.now),
        asker=stored(uow, actor).id,
        note=note,
    )
    uow.add(convening)
    settle(uow, convening.id)
    return convening


def _askable(uow: UnitOfWork, actor: Person, team: Team) -> Askable:
    agencies = uow.agencies(team.id)
    contact_of = {c.agency_id for c in uow.find(Contact, person_id=actor.id, retired=False) if not c.waits}
    own = tuple(a for a in agencies if a.id in contact_of)
    return Askable(team, own or tuple(agencies), tuple(a.id for a in own))
