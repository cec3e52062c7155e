"""Close a guidance: what is left of it is its theme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.directory import Person, Team
from bot.domain.errors import Invalid, Problem
from bot.domain.guidance import Guidance, GuidanceOutcome
from bot.usecases.guidance.ask_guidance import themes_of
from bot.usecases.guidance.standing import enter_guidance, settle
from bot.usecases.outside import delete_on
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class CloseGuidance:
    """The theme under which it is counted: the one asked about, or a better one."""

    guidance_id: str
    theme: str


def close_guidance(uow: UnitOfWork, actor: Person, command: CloseGuidance) -> None:
    """Close it. Its text goes from the coordinators' messages at once, the rest on the date of deletion.

    Raises:
        NotAllowed, AlreadyClosed: as `enter_guidance`.
        Invalid: the team has no such theme.
    """
    found = enter_guidance(uow, actor, Action.CLOSE_GUIDANCE, command.guidance_id)
    if command.theme not in {*themes_of(found.team), found.guidance.theme}:
        raise Invalid(Problem("theme", "invalid.theme"))
    _close(uow, found.guidance, found.team, found.guidance.reached, command.theme)


def became_case(uow: UnitOfWork, guidance: Guidance, team: Team) -> None:
    """Close it because a case was opened from it; the two are not linked."""
    if guidance.open:
        in_time = uow.now <= guidance.due_at if guidance.waits else guidance.in_time
        guidance = uow.change(guidance, in_time=in_time)
        _close(uow, guidance, team, GuidanceOutcome.CASE, guidance.theme)


def close_silent(uow: UnitOfWork) -> None:
    """Close what was answered, and of which nothing has been heard for as long as closed ones are kept."""
    for team in uow.teams():
        kept = timedelta(days=team.rules.outside_retention_days)
        for guidance in uow.find(Guidance, team_id=team.id, closed_at=None):
            answered = [at for at in (guidance.answered_at, guidance.talk_at) if at is not None]
            if answered and max(answered) + kept < uow.now:
                _close(uow, guidance, team, guidance.reached, guidance.theme)


def _close(uow: UnitOfWork, guidance: Guidance, team: Team, outcome: GuidanceOutcome, theme: str) -> None:
    uow.change(guidance, theme=theme, outcome=outcome, closed_at=uow.now, delete_on=delete_on(uow, team))
    settle(uow, guidance.id)
