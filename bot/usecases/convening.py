"""Requests that TOT convenes: for which agency, how urgent; yes by opening a case, no with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.access import Action
from bot.domain.convening import Convening, NotConvened, Urgency
from bot.domain.directory.entities import Agency, AgencyKind, Contact, Person, Team
from bot.domain.errors import Invalid, Problem
from bot.domain.notifications import Kind, Notification
from bot.domain.outside import delete_on, lapses_at, promised, reminded_at, reminders, to_each
from bot.usecases import outside
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import stored
from bot.usecases.validation import NOTE

ConveningView = outside.AskedView[Convening]


def see_deciding(uow: UnitOfWork, actor: Person, convening_id: str) -> ConveningView:
    return outside.enter_view(uow, actor, Action.DECIDE_CONVENING, Convening, convening_id)


def _days(team: Team, urgency: Urgency) -> int:
    """Return within how many working days a request that is not for today should be decided."""
    return 1 if urgency is Urgency.DAYS else team.rules.guidance_days


def answer_by(team: Team, urgency: Urgency, asked_at: datetime) -> datetime:
    """Return when a request should be decided: the more urgent, the sooner."""
    if urgency is Urgency.TODAY:
        return asked_at + timedelta(minutes=team.rules.acute_window)
    return promised(asked_at, team, _days(team, urgency))


def _reminded_at(team: Team, asked: Convening) -> datetime:
    if asked.urgency is Urgency.TODAY:
        return asked.asked_at + (asked.due_at - asked.asked_at) / 2
    return reminded_at(asked.asked_at, team, _days(team, asked.urgency))


def enqueue_convening_effects(uow: UnitOfWork, convening_id: str) -> None:
    """Enqueue what follows from the current state of the request."""
    outside.follow(uow, Convening, convening_id, standing)


def standing(now: ConveningView) -> Iterator[Notification]:
    """Yield the messages that should be posted, and the reminders to decide."""
    convening, asker = now.asked, [now.asked.asker]
    yield from to_each(now.coordinators, Kind.CONVENE_ASKED, convening)
    if not convening.open:
        yield from to_each(asker, Kind.CONVENE_DECIDED, convening)
    else:
        yield from to_each(asker, Kind.CONVENE_STANDS, convening)
        at = _reminded_at(now.team, convening)
        yield from reminders(now.coordinators, Kind.CONVENE_WAITS, convening, at, convening.due_at)


@dataclass(frozen=True, slots=True)
class Askable:
    """A team, and the agencies for which the person can ask: their own, if they are a contact of any."""

    team: Team
    agencies: tuple[Agency, ...]
    own: tuple[str, ...]


def see_convenable(uow: UnitOfWork, actor: Person) -> tuple[list[Askable], list[Agency]]:
    """The `askable_teams`, with the agencies for which the person can ask; and whom to ring if it is urgent:
    the child-welfare emergency services that have a number.
    """
    teams = outside.askable_teams(uow, actor, Convening)
    kind = AgencyKind.CHILD_WELFARE_EMERGENCY
    ring = [a for team in teams for a in uow.agencies(team.id) if a.kind is kind and a.duty_line]
    return [_askable(uow, actor, team) for team in teams], ring


def ask_to_convene(
    uow: UnitOfWork, actor: Person, team_id: str, *, agency: str | None, urgency: Urgency, note: str = ""
) -> Convening:
    """Put a request to the team's coordinators; `agency` is an id, None for a service that is not listed."""
    team = outside.enter_asking(uow, actor, Action.ASK_TO_CONVENE, team_id, Convening)
    allowed = {None, *(a.id for a in _askable(uow, actor, team).agencies)}
    if agency not in allowed:
        raise Invalid(Problem("agency", "invalid.agency-of-team"))
    convening = Convening(
        id=uow.ids.new(),
        team_id=team.id,
        agency_id=agency,
        urgency=urgency,
        asked_at=uow.now,
        due_at=answer_by(team, urgency, uow.now),
        asker=stored(uow, actor).id,
        note=NOTE.checked("note", note, uow.now),
    )
    uow.add(convening)
    enqueue_convening_effects(uow, convening.id)
    return convening


def _askable(uow: UnitOfWork, actor: Person, team: Team) -> Askable:
    agencies = uow.agencies(team.id)
    contact_of = {c.agency_id for c in uow.find(Contact, person_id=actor.id, retired=False) if not c.waits}
    own = tuple(a for a in agencies if a.id in contact_of)
    return Askable(team, own or tuple(agencies), tuple(a.id for a in own))


def decline_to_convene(uow: UnitOfWork, actor: Person, convening_id: str, *, reason: NotConvened) -> None:
    """Decline a request, with a reason that the one who asked is told."""
    found = see_deciding(uow, actor, convening_id)
    _close(uow, found.asked, found.team, convened=False, reason=reason, decided_by=actor.id)


def convened(uow: UnitOfWork, convening: Convening, team: Team, coordinator_id: str) -> None:
    """Grant a request because a case was opened from it; the two are not linked."""
    _close(uow, convening, team, convened=True, decided_by=coordinator_id)


def not_convened_after_all(uow: UnitOfWork, convening: Convening) -> None:
    """Let a request wait again, because the case that was opened from it is undone."""
    undecided = dict.fromkeys(("decided_at", "decided_by", "delete_on", "convened"))
    uow.change(convening, **undecided)
    enqueue_convening_effects(uow, convening.id)


def close_undecided(uow: UnitOfWork, team: Team) -> None:
    """Close the requests on which nobody has decided long after they were due."""
    for convening in uow.find(Convening, team_id=team.id, decided_at=None):
        if lapses_at(convening.due_at, team) < uow.now:
            _close(uow, convening, team)


def _close(uow: UnitOfWork, convening: Convening, team: Team, **decision: Any) -> None:
    uow.change(convening, decided_at=uow.now, delete_on=delete_on(team, uow.now), **decision)
    enqueue_convening_effects(uow, convening.id)
