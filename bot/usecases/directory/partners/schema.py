"""The form of a partners file, field by field. What depends on other fields is in `across`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from bot.domain import guard, validators
from bot.domain.case.duty import StepKind
from bot.domain.directory.entities import AgencyKind, AgendaPoint, Ground, Hours, Quorum, Reason, TeamRules
from bot.domain.language import Language

#: Slack's limit for the text of an option; names, titles and places are shown in lists.
LONGEST_NAME = 75
LONGEST_CAN = 300
#: Points of an agenda.
MOST_POINTS = 20
LONGEST_TEXT = 2000
_DEFAULT = TeamRules()
_KINDS_FOUND = {
    guard.ForbiddenKind.BIRTH_NUMBER: "a national identity number",
    guard.ForbiddenKind.D_NUMBER: "a D-number",
    guard.ForbiddenKind.DUF_NUMBER: "a DUF number",
    guard.ForbiddenKind.EMAIL: "an e-mail address",
    guard.ForbiddenKind.PHONE: "a telephone number",
    guard.ForbiddenKind.OLD_DATE: "a date more than a year past",
    guard.ForbiddenKind.NUMBER_PLATE: "a number plate",
    guard.ForbiddenKind.AGE: "somebody's age",
}


def refuse(message: str) -> PydanticCustomError:
    """A fault in our own words; braces would be taken for a template."""
    return PydanticCustomError("partners", "{message}", {"message": message})


def _text(longest: int, *, lines: bool = False, empty: bool = False) -> AfterValidator:
    """Free text: not too long, no control characters, nothing that the guard forbids."""

    def check(value: str, info: ValidationInfo) -> str:
        value = value.strip()
        if not value and not empty:
            raise refuse("is empty")
        if len(value) > longest:
            raise refuse(f"is longer than {longest} characters")
        if any(not (c.isprintable() or (lines and c == "\n")) for c in value):
            raise refuse("holds a line break or another control character")
        today: date = info.context["today"] if info.context else date.max
        for kind in dict.fromkeys(f.kind for f in guard.find_forbidden(value, today=today)):
            raise refuse(f"holds {_KINDS_FOUND[kind]}, which may not stand in a free text")
        return value

    return AfterValidator(check)


def _checked(check: Callable[[str], str], message: str) -> AfterValidator:
    """A typed field, by its validator in the domain."""

    def run(value: str) -> str:
        try:
            return check(value)
        except validators.FieldRefused:
            raise refuse(message) from None

    return AfterValidator(run)


def _key(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", value):
        raise refuse("must be small letters a-z, digits and hyphens, at most 40")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refuse("is not a time zone such as Europe/Oslo") from None
    return value


def _host(value: str) -> str:
    host = value.strip().lower()
    return validators.check_meeting_link(f"https://{host}", [host]).host


def _point(value: str) -> str:
    """A fixed point by its name, or the team's own words; a name that is misspelt is no words."""
    if "_" in value and value not in list(AgendaPoint):
        raise refuse(f"is none of {', '.join(AgendaPoint)}, and a text of your own has no underscores")
    return value


def _neutral(value: str) -> str:
    if validators.names_tot(value):
        raise refuse("names TOT: whoever sees an inbox would learn of it")
    return value


Key = Annotated[str, AfterValidator(_key)]
Name = Annotated[str, _text(LONGEST_NAME)]
Point = Annotated[str, _text(LONGEST_NAME), AfterValidator(_point)]
Can = Annotated[str, _text(LONGEST_CAN, empty=True)]
Paragraphs = Annotated[str, _text(LONGEST_TEXT, lines=True)]
Zone = Annotated[str, AfterValidator(_zone)]
SlackId = Annotated[
    str,
    _checked(
        validators.check_slack_id,
        "is not a person's Slack id: U or W and then capitals and digits (their profile, «Copy member ID»)",
    ),
]
WorkMail = Annotated[
    str, _checked(lambda v: validators.check_work_mail(v).address, "is not one plain e-mail address")
]
DutyLine = Annotated[str, _checked(validators.check_duty_line, "is not a Norwegian telephone number")]
LinkHost = Annotated[str, _checked(_host, "is not a host name such as meet.example.no")]
# Strict for the rest («core = "yes"» is a fault); a word of a list is a string in TOML.
_WORD = Field(strict=False)


class Table(BaseModel):
    """A table of the file: unknown keys are faults, and nothing is taken for something else."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Human:
    """One human: a Slack id, a work mail, or both, the same wherever in the file the human is named."""

    slack_id: str | None = None
    work_mail: str | None = None

    @property
    def shown(self) -> str:
        """The name by which an operator knows the human."""
        return " / ".join(filter(None, (self.slack_id, self.work_mail)))


class PersonTable(Table):
    slack_id: SlackId | None = None
    work_mail: WorkMail | None = None

    @property
    def human(self) -> Human:
        return Human(self.slack_id, self.work_mail)


class ContactTable(PersonTable):
    """A human's role in an agency. Without a position: their place in the list, from 1."""

    title: Name
    position: Annotated[int, Field(ge=1, le=99)] | None = None
    hours: Annotated[Hours, _WORD] = Hours.ALWAYS
    leader: bool = False


class AgencyTable(Table):
    key: Key
    kind: Annotated[AgencyKind, _WORD]
    name: Name
    core: bool = False
    cover_name: Name | None = None
    duty_line: DutyLine | None = None
    can: Can = ""
    usual_reason: Annotated[Reason, _WORD] = Reason.FOLLOW_UP
    usual_ground: Annotated[Ground, _WORD] = Ground.CONSENT
    municipal: bool | None = None
    duty: bool | None = None
    contacts: Annotated[list[ContactTable], Field(max_length=50)] = []


class QuorumTable(Table):
    minimum: Annotated[int, Field(ge=1, le=50)] = _DEFAULT.quorum.minimum
    any_of: list[Annotated[list[Annotated[AgencyKind, _WORD]], Field(min_length=1)]] = [
        list(group) for group in _DEFAULT.quorum.any_of
    ]


class StatementTable(Table):
    """The team's own statement of confidentiality, by language."""

    nb: Paragraphs | None = None
    nn: Paragraphs | None = None
    en: Paragraphs | None = None


def _in_order(steps: list[int]) -> list[int]:
    if any(later <= earlier for earlier, later in pairwise(steps)):
        raise refuse("must rise: reminder, next contact, leader, coordinator")
    return steps


#: Minutes from the ask, one for each step of an escalation.
Steps = Annotated[
    list[Annotated[int, Field(ge=1, le=60 * 24 * 60)]],
    Field(min_length=len(StepKind), max_length=len(StepKind)),
    AfterValidator(_in_order),
]


class LawTable(Table):
    """The law on placements, by language, and the day on which somebody last looked it up."""

    read: date = _DEFAULT.placement_law_read
    nb: Paragraphs | None = None
    nn: Paragraphs | None = None
    en: Paragraphs | None = None


class RulesTable(Table):
    """The rules that a coordinator would change. Minutes, hours, days: as in `TeamRules`."""

    acute_window: Annotated[int, Field(ge=5, le=24 * 60)] = _DEFAULT.acute_window
    working_window: Annotated[int, Field(ge=30, le=14 * 24 * 60)] = _DEFAULT.working_window
    acute_steps: Steps = list(_DEFAULT.acute_steps)
    acute_turn: Annotated[int, Field(ge=1, le=60)] = _DEFAULT.acute_turn
    working_turn: Annotated[int, Field(ge=1, le=24 * 60)] = _DEFAULT.working_turn
    lead_times: Annotated[list[Annotated[int, Field(ge=1, le=14 * 24)]], Field(max_length=5)] = list(
        _DEFAULT.lead_times
    )
    #: Of no hour that is left out, or comes twice, where clocks change.
    follow_up_hour: Annotated[int, Field(ge=5, le=23)] = _DEFAULT.follow_up_hour
    acute_meeting_within_days: Annotated[int, Field(ge=1, le=14)] = _DEFAULT.acute_meeting_within_days
    retention_days: Annotated[int, Field(ge=1, le=365)] = _DEFAULT.retention_days
    record_days: Annotated[int, Field(ge=0, le=60)] = _DEFAULT.record_days
    meeting_minutes: Annotated[int, Field(ge=15, le=480)] = _DEFAULT.meeting_minutes
    work_from: Annotated[int, Field(ge=0, le=22)] = _DEFAULT.work_from
    work_to: Annotated[int, Field(ge=1, le=23)] = _DEFAULT.work_to
    late_grace: Annotated[int, Field(ge=0, le=60)] = _DEFAULT.late_grace
    new_date_within_days: Annotated[int, Field(ge=1, le=30)] = _DEFAULT.new_date_within_days
    guidance_days: Annotated[int, Field(ge=1, le=10)] = _DEFAULT.guidance_days
    outside_retention_days: Annotated[int, Field(ge=1, le=365)] = _DEFAULT.outside_retention_days
    placement_months: Annotated[int, Field(ge=1, le=24)] = _DEFAULT.placement_months
    placement_weeks: Annotated[list[Annotated[int, Field(ge=1, le=52)]], Field(max_length=6)] = list(
        _DEFAULT.placement_weeks
    )
    drill_quarterly: bool = _DEFAULT.drill_quarterly
    drill_before_holidays: bool = _DEFAULT.drill_before_holidays
    quorum: QuorumTable = QuorumTable()

    @model_validator(mode="after")
    def _a_day_begins_before_it_ends(self) -> RulesTable:
        if self.work_from >= self.work_to:
            raise refuse("work_from must be before work_to")
        return self


class TeamTable(Table):
    key: Key
    name: Name
    mandate: Paragraphs
    language: Annotated[Language, _WORD] | None = None
    zone: Zone | None = None
    places: Annotated[list[Name], Field(max_length=50)] = []
    link_hosts: Annotated[list[LinkHost], Field(max_length=20)] = []
    video_room: str | None = None
    mail_name: Annotated[Name, AfterValidator(_neutral)] | None = None
    mail_phone: DutyLine | None = None
    agenda: Annotated[list[Point], Field(max_length=MOST_POINTS)] = list(_DEFAULT.agenda)
    themes: Annotated[list[Name], Field(max_length=50)] = []
    needs: Annotated[list[Name], Field(min_length=1, max_length=40)] = list(_DEFAULT.needs)
    statement: StatementTable = StatementTable()
    placement_law: LawTable = LawTable()
    rules: RulesTable = RulesTable()
    coordinators: Annotated[list[PersonTable], Field(max_length=50)]
    agencies: Annotated[list[AgencyTable], Field(max_length=100)] = []

    @model_validator(mode="after")
    def _its_room_is_at_an_approved_host(self) -> TeamTable:
        if self.video_room is not None:
            try:
                validators.check_meeting_link(self.video_room, self.link_hosts)
            except validators.FieldRefused:
                raise refuse("video_room must be an https link at one of link_hosts") from None
        return self

    @model_validator(mode="after")
    def _a_signature_is_whole(self) -> TeamTable:
        if (self.mail_name is None) is not (self.mail_phone is None):
            raise refuse("mail_name and mail_phone belong together")
        return self

    def team_rules(self) -> TeamRules:
        """The rules, places, hosts and statement as the domain has them."""
        rules, law = self.rules, self.placement_law
        same: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in rules
        }
        once = {name: tuple(dict.fromkeys(getattr(self, name))) for name in _EACH_ONCE}
        latest_first = {
            name: tuple(sorted(set(getattr(rules, name)), reverse=True)) for name in _LATEST_FIRST
        }
        special: dict[str, Any] = {
            "quorum": Quorum(rules.quorum.minimum, tuple(map(tuple, rules.quorum.any_of))),
            "statement": _by_language(self.statement),
            "placement_law": _by_language(law),
            "placement_law_read": law.read,
            "video_room": self.video_room or "",
            "mail_name": self.mail_name or "",
            "mail_phone": self.mail_phone or "",
        }
        return TeamRules(**same | once | latest_first | special)


_EACH_ONCE = ("agenda", "places", "link_hosts", "themes", "needs")
_LATEST_FIRST = ("lead_times", "placement_weeks")


def _by_language(said: StatementTable | LawTable) -> tuple[tuple[Language, str], ...]:
    return tuple((word, text) for word in Language if (text := getattr(said, word)) is not None)


class FileTable(Table):
    teams: Annotated[list[TeamTable], Field(min_length=1)]


#: The table under each name, for saying which keys are known there.
TABLES: dict[str, type[Table]] = {
    "": FileTable,
    "teams": TeamTable,
    "coordinators": PersonTable,
    "agencies": AgencyTable,
    "contacts": ContactTable,
    "rules": RulesTable,
    "quorum": QuorumTable,
    "statement": StatementTable,
    "placement_law": LawTable,
}


def known_keys(where: tuple[Any, ...]) -> list[str]:
    """The keys that the table at this place may have."""
    name = next((part for part in reversed(where) if isinstance(part, str)), "")
    return list(TABLES[name].model_fields) if name in TABLES else []
