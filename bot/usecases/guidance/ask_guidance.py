"""Ask for guidance (be om veiledning): a theme and an anonymous text, to the coordinators of a team."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.directory import Person, Team
from bot.domain.errors import Invalid, NothingHere, Problem
from bot.domain.guidance import Guidance, Theme
from bot.domain.promise import promised
from bot.usecases.door import enter_open
from bot.usecases.guarded import check_text
from bot.usecases.guidance.standing import settle
from bot.usecases.keep_profile import stored
from bot.usecases.ports import UnitOfWork

LONGEST_QUESTION = 1500


@dataclass(frozen=True, slots=True)
class AskGuidance:
    """What the one who asks fills in."""

    team_id: str
    theme: str
    text: str


def themes_of(team: Team) -> tuple[str, ...]:
    """The themes to choose from: the team's own, else the usual ones."""
    return team.rules.themes or tuple(theme.value for theme in Theme)


def see_askable(uow: UnitOfWork, actor: Person) -> list[Team]:
    """The teams that can be asked.

    Raises:
        NothingHere: there is none yet.
    """
    teams = uow.teams()
    if not teams:
        raise NothingHere(what="directory")
    return teams


def ask_guidance(uow: UnitOfWork, actor: Person, command: AskGuidance) -> Guidance:
    """Put the question to the team's coordinators, who have promised an answer.

    Raises:
        Invalid: nothing is written, or something in the text may not be.
        NothingHere: there is no such team.
    """
    enter_open(uow, actor, Action.ASK_GUIDANCE)
    team = uow.get(Team, command.team_id)
    if team is None:
        raise NothingHere(what="directory")
    text = check_text("text", command.text, uow.now, LONGEST_QUESTION, several_lines=True)
    if not text:
        raise Invalid(Problem("text", "invalid.nothing-written"))
    if command.theme not in themes_of(team):
        raise Invalid(Problem("theme", "invalid.theme"))
    guidance = Guidance(
        id=uow.ids.new(),
        team_id=team.id,
        theme=command.theme,
        asked_at=uow.now,
        due_at=promised(uow.now, team, team.rules.guidance_days),
        asker=stored(uow, actor).id,
        text=text,
        uid=uow.ids.uid(),
    )
    uow.add(guidance)
    settle(uow, guidance.id)
    return guidance
