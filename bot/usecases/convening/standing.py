"""A request to convene as it stands: read with its team and people, let into, and told about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.access import Action
from bot.domain.convening import Convening, Urgency
from bot.domain.directory import Agency, Person, Team
from bot.domain.errors import AlreadyClosed
from bot.domain.intents import Intent, Kind
from bot.domain.promise import promised, reminders
from bot.usecases.door import enter_asked
from bot.usecases.outside import people_of, settle_outside
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Request:
    """A request to convene, its team and agency, and the humans in it by id."""

    convening: Convening
    team: Team
    agency: Agency | None
    coordinators: tuple[str, ...]
    persons: dict[str, Person]


def request(uow: UnitOfWork, convening_id: str) -> Request | None:
    """The request as this transaction sees it; None if there is none, or it is purged."""
    convening = uow.get(Convening, convening_id)
    team = uow.get(Team, convening.team_id) if convening is not None else None
    if convening is None or team is None or convening.purged_at is not None:
        return None
    agency = uow.get(Agency, convening.agency_id) if convening.agency_id is not None else None
    return Request(convening, team, agency, *people_of(uow, team.id, convening.asker, convening.decided_by))


def enter_convening(uow: UnitOfWork, actor: Person, action: Action, convening_id: str) -> Request:
    """Let a coordinator of its team do `action` with a request to convene.

    Raises:
        NotAllowed: no right, or no such request.
        AlreadyClosed: it is decided.
    """
    found = request(uow, convening_id)
    enter_asked(uow, actor, action, found.team.id if found is not None else None)
    if found is None or not found.convening.open:
        raise AlreadyClosed
    return found


def answer_by(team: Team, urgency: Urgency, asked_at: datetime, part: float = 1.0) -> datetime:
    """When it ought to be decided, or a `part` of the way there: the more urgent, the sooner."""
    if urgency is Urgency.TODAY:
        return asked_at + timedelta(minutes=team.rules.acute_window) * part
    days = 1 if urgency is Urgency.DAYS else team.rules.guidance_days
    return promised(asked_at, team, days * part)


def settle(uow: UnitOfWork, convening_id: str) -> None:
    """Have everybody told what follows from how it stands now."""
    now = request(uow, convening_id)
    if now is None:
        return
    convening = now.convening
    people = [convening.asker, *now.coordinators]
    settle_outside(uow, convening.matter, people, *_messages(now), *_waiting(now))


def settle_requests(uow: UnitOfWork, team_id: str) -> None:
    """The same for all that a team has been asked, after its coordinators have changed."""
    for convening in uow.find(Convening, team_id=team_id, purged_at=None):
        settle(uow, convening.id)


def _messages(now: Request) -> Iterator[Intent]:
    convening = now.convening
    subject, matter = convening.id, convening.matter
    for person_id in now.coordinators:
        yield Intent(Kind.CONVENE_ASKED, subject, recipient=person_id, matter=matter)
    yield Intent(Kind.CONVENE_STANDS, subject, recipient=convening.asker, matter=matter)
    if not convening.open:
        yield Intent(Kind.CONVENE_DECIDED, subject, recipient=convening.asker, matter=matter)


def _waiting(now: Request) -> Iterator[Intent]:
    convening = now.convening
    if convening.open:
        yield from reminders(
            Kind.CONVENE_WAITS,
            convening.id,
            convening.matter,
            now.coordinators,
            half_at=answer_by(now.team, convening.urgency, convening.asked_at, 0.5),
            due_at=convening.due_at,
        )
