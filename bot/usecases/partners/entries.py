"""What a partners file says, once it has been checked."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.directory import AgencyKind, Ground, Hours, Language, Reason, TeamRules
from bot.usecases.partners.faults import Fault


@dataclass(frozen=True, slots=True)
class Human:
    """One human: a Slack id, a work mail, or both, the same wherever in the file the human is named."""

    slack_id: str | None = None
    work_mail: str | None = None

    @property
    def shown(self) -> str:
        """What an operator knows them by."""
        return " / ".join(filter(None, (self.slack_id, self.work_mail)))


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """A human's role in an agency."""

    human: Human
    position: int
    hours: Hours
    leader: bool
    title: str


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """A service and those who can be asked."""

    key: str
    kind: AgencyKind
    name: str
    core: bool
    cover_name: str | None
    duty_line: str | None
    can: str
    usual_reason: Reason
    usual_ground: Ground
    contacts: tuple[ContactEntry, ...]


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """A TOT with its rules, its coordinators and its agencies."""

    key: str
    name: str
    mandate: str
    language: Language
    zone: str
    rules: TeamRules
    coordinators: tuple[Human, ...]
    agencies: tuple[AgencyEntry, ...]


@dataclass(frozen=True, slots=True)
class PartnersFile:
    """A whole file. `warnings` are to be shown and do not stop anything."""

    teams: tuple[TeamEntry, ...]
    warnings: tuple[Fault, ...] = ()

    @property
    def humans(self) -> tuple[Human, ...]:
        """Everyone in the file, each once."""
        named = (
            human
            for team in self.teams
            for human in (
                *team.coordinators,
                *(contact.human for agency in team.agencies for contact in agency.contacts),
            )
        )
        return tuple(dict.fromkeys(named))
