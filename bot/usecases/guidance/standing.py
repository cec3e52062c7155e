"""Guidance as it stands: read with its team and people, let into, and told about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.directory import Person, Team
from bot.domain.errors import AlreadyClosed
from bot.domain.guidance import Guidance
from bot.domain.intents import Intent, Kind
from bot.domain.promise import promised, reminders
from bot.usecases.door import enter_asked
from bot.usecases.outside import people_of, settle_outside
from bot.usecases.ports import UnitOfWork

#: Instead of an answer's number: that there is none.
UNANSWERED = "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A guidance, its team, and the humans in it by id."""

    guidance: Guidance
    team: Team
    coordinators: tuple[str, ...]
    persons: dict[str, Person]


def standing(uow: UnitOfWork, guidance_id: str) -> Standing | None:
    """The guidance as this transaction sees it; None if there is none, or it is purged."""
    guidance = uow.get(Guidance, guidance_id)
    team = uow.get(Team, guidance.team_id) if guidance is not None else None
    if guidance is None or team is None or guidance.purged_at is not None:
        return None
    named = (guidance.asker, guidance.answered_by, guidance.talk_by)
    return Standing(guidance, team, *people_of(uow, team.id, *named))


def enter_guidance(uow: UnitOfWork, actor: Person, action: Action, guidance_id: str) -> Standing:
    """Let a coordinator of its team do `action` with a guidance.

    Raises:
        NotAllowed: no right, or no such guidance.
        AlreadyClosed: it is closed.
    """
    found = standing(uow, guidance_id)
    enter_asked(uow, actor, action, found.team.id if found is not None else None)
    if found is None or not found.guidance.open:
        raise AlreadyClosed
    return found


def settle(uow: UnitOfWork, guidance_id: str) -> None:
    """Have everybody told what follows from how it stands now."""
    now = standing(uow, guidance_id)
    if now is not None:
        people = [now.guidance.asker, *now.coordinators]
        settle_outside(uow, now.guidance.matter, people, *_messages(now), *waiting(now))


def settle_asked(uow: UnitOfWork, team_id: str) -> None:
    """The same for all that a team has been asked, after its coordinators have changed."""
    for guidance in uow.find(Guidance, team_id=team_id, purged_at=None):
        settle(uow, guidance.id)


def _messages(now: Standing) -> Iterator[Intent]:
    guidance = now.guidance
    subject, matter = guidance.id, guidance.matter
    for person_id in now.coordinators:
        yield Intent(Kind.GUIDANCE_ASKED, subject, recipient=person_id, matter=matter)
    yield Intent(Kind.GUIDANCE_STANDS, subject, recipient=guidance.asker, matter=matter)
    if guidance.answered_at is not None:
        mark = str(guidance.answers)
        yield Intent(Kind.GUIDANCE_ANSWER, subject, recipient=guidance.asker, mark=mark, matter=matter)
    if guidance.closed_unanswered:
        mark = UNANSWERED
        yield Intent(Kind.GUIDANCE_ANSWER, subject, recipient=guidance.asker, mark=mark, matter=matter)
    if guidance.talk_by is not None and guidance.open:
        for person_id in dict.fromkeys((guidance.asker, guidance.talk_by)):
            mark = str(guidance.talk_sequence)
            yield Intent(Kind.GUIDANCE_TALK, subject, recipient=person_id, mark=mark, matter=matter)


def waiting(now: Standing) -> Iterator[Intent]:
    """The reminders of a promise that is not yet kept."""
    guidance = now.guidance
    if guidance.waits:
        yield from reminders(
            Kind.GUIDANCE_WAITS,
            guidance.id,
            guidance.matter,
            now.coordinators,
            half_at=promised(guidance.asked_at, now.team, now.team.rules.guidance_days / 2),
            due_at=guidance.due_at,
        )
