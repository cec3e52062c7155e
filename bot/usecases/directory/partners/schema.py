"""The form of a partners file, and its conversion to the domain. Rules across the file are in `reader`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from bot.domain import guard, validators
from bot.domain.case.entities import StepKind
from bot.domain.directory.entities import (
    SHELTERING,
    AgencyKind,
    AgendaPoint,
    Ground,
    Hours,
    Quorum,
    Reason,
    TeamRules,
)
from bot.domain.language import Language

#: Slack's limit for the text of an option; names, titles and places are shown in lists.
LONGEST_NAME = 75
LONGEST_CAN = 300
LONGEST_TEXT = 2000
_DEFAULT = TeamRules()


def refuse(message: str) -> PydanticCustomError:
    """A fault in our own words; it is passed as a value because pydantic reads braces as a template."""
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
            raise refuse("contains a line break or another control character")
        today: date = info.context["today"] if info.context else date.max
        for found in guard.find_forbidden(value, today=today):
            raise refuse(f"contains what is not allowed in free text: {found.replace('_', ' ')}")
        return value

    return AfterValidator(check)


def _checked(check: Callable[[str], str | None], message: str) -> AfterValidator:
    """A text that `check` converts to what is kept; None or an error from it refuses the text."""

    def run(value: str) -> str:
        try:
            kept = check(value)
        except (validators.FieldRefused, LookupError, ValueError, OSError):
            kept = None
        if kept is None:
            raise refuse(message)
        return kept

    return AfterValidator(run)


def _only_if(holds: Callable[[str], object], message: str) -> AfterValidator:
    return _checked(lambda value: value if holds(value) else None, message)


def _host(value: str) -> str:
    host = value.strip().lower()
    return urlsplit(validators.check_meeting_link(f"https://{host}", [host])).hostname or ""


KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
#: The only names under which a sheltering service may be shown: they do not reveal where it is.
COVER_NAME = re.compile(r"(?:botilbud|butilbod|housing) [1-9][0-9]?")
Key = Annotated[str, Field(pattern=f"^{KEY.pattern}$")]
Name = Annotated[str, _text(LONGEST_NAME)]
Title = Annotated[str, _text(LONGEST_NAME, empty=True)]
#: A fixed agenda point by its name, or the team's own text. A misspelt name must not pass as a text.
Point = Annotated[
    Name,
    _only_if(
        lambda value: "_" not in value or value in list(AgendaPoint),
        f"is not one of {', '.join(AgendaPoint)}, and your own text may have no underscores",
    ),
]
Neutral = Annotated[
    Name,
    _only_if(
        lambda value: not validators.names_tot(value), "names TOT: anyone who sees an inbox would learn of it"
    ),
]
Can = Annotated[str, _text(LONGEST_CAN, empty=True)]
Paragraphs = Annotated[str, _text(LONGEST_TEXT, lines=True)]
Zone = Annotated[str, _checked(lambda value: ZoneInfo(value).key, "is not a time zone such as Europe/Oslo")]
SlackId = Annotated[
    str,
    _checked(
        validators.check_slack_id,
        "is not a person's Slack id: U or W and then capitals and digits (their profile, «Copy member ID»)",
    ),
]
WorkMail = Annotated[
    str,
    _checked(lambda value: value and validators.check_work_mail(value), "is not one plain e-mail address"),
]
DutyLine = Annotated[str, _checked(validators.check_duty_line, "is not a Norwegian telephone number")]
LinkHost = Annotated[str, _checked(_host, "is not a host name such as meet.example.no")]
_EACH_ONCE = AfterValidator(lambda values: tuple(dict.fromkeys(values)))
_LATEST_FIRST = AfterValidator(lambda values: tuple(sorted(set(values), reverse=True)))


def _within(least: int, most: int) -> Any:
    """A whole number; «"30"» in quotes is refused."""
    return Field(ge=least, le=most, strict=True)


class Table(BaseModel):
    """A table of the file: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


T = TypeVar("T", bound=Table)


def _differing(**facts: Callable[[Any], object]) -> AfterValidator:
    """A list whose entries differ in each of these facts. A fault names places in the list, and no values."""

    def check(entries: tuple[T, ...]) -> tuple[T, ...]:
        for name, fact in facts.items():
            first: dict[object, int] = {}
            for number, entry in enumerate(entries, start=1):
                before = first.setdefault(fact(entry), number)
                if before != number:
                    raise refuse(f"{before} and {number} have the same {name}")
        return entries

    return AfterValidator(check)


class PersonTable(Table):
    """A human. What is left out of one who is known stays; an empty `work_mail` removes the address."""

    slack_id: SlackId | None = None
    work_mail: WorkMail | None = None

    @model_validator(mode="after")
    def _is_somebody(self) -> PersonTable:
        if self.slack_id is None and not self.work_mail:
            raise refuse("needs a slack_id, a work_mail, or both")
        return self


class ContactTable(PersonTable):
    """A human's role in an agency; `position` is 0 only until their place in the list is known.

    The title is required, but may be empty, as in Slack.
    """

    title: Title
    position: Annotated[int, _within(1, 99)] = 0
    hours: Hours = Hours.ALWAYS
    leader: StrictBool = False


def _on_call(contacts: tuple[ContactTable, ...]) -> tuple[ContactTable, ...]:
    """Sort contacts by position; one without a position gets its place in the list, from 1."""
    placed = (c.model_copy(update={"position": c.position or n}) for n, c in enumerate(contacts, start=1))
    return tuple(sorted(placed, key=lambda contact: contact.position))


class AgencyTable(Table):
    key: Key
    kind: AgencyKind
    name: Name
    core: StrictBool = False
    cover_name: Name | None = None
    duty_line: DutyLine | None = None
    can: Can = ""
    usual_reason: Reason = Reason.FOLLOW_UP
    usual_ground: Ground = Ground.CONSENT
    municipal: StrictBool | None = None
    duty: StrictBool | None = None
    contacts: Annotated[
        tuple[ContactTable, ...],
        Field(max_length=50),
        AfterValidator(_on_call),
        _differing(position=lambda contact: contact.position),
    ] = ()

    @property
    def shown(self) -> str:
        return (self.cover_name or self.name).casefold()

    @model_validator(mode="after")
    def _does_not_tell_where_it_is(self) -> AgencyTable:
        if self.kind in SHELTERING and not COVER_NAME.fullmatch(self.cover_name or ""):
            raise refuse("needs a cover_name: «botilbud», «butilbod» or «housing» and a number")
        return self


class QuorumTable(Table):
    minimum: Annotated[int, _within(1, 50)] = _DEFAULT.quorum.minimum
    any_of: tuple[Annotated[tuple[AgencyKind, ...], Field(min_length=1)], ...] = _DEFAULT.quorum.any_of


class StatementTable(Table):
    """The team's own statement of confidentiality, by language."""

    nb: Paragraphs | None = None
    nn: Paragraphs | None = None
    en: Paragraphs | None = None

    @property
    def by_language(self) -> tuple[tuple[Language, str], ...]:
        return tuple((word, text) for word in Language if (text := getattr(self, word)) is not None)


class LawTable(StatementTable):
    """The law on placements, by language, and the day on which somebody last looked it up."""

    read: Annotated[date, Field(strict=True)] = _DEFAULT.placement_law_read


def _rising(steps: tuple[int, ...]) -> tuple[int, ...]:
    if any(later <= earlier for earlier, later in pairwise(steps)):
        raise refuse("must increase: reminder, next contact, leader, coordinator")
    return steps


class RulesTable(Table):
    """The rules that a coordinator would change. Units (minutes, hours, days) are as in `TeamRules`."""

    acute_window: Annotated[int, _within(5, 24 * 60)] = _DEFAULT.acute_window
    #: One entry for each step of an escalation.
    acute_steps: Annotated[
        tuple[Annotated[int, _within(1, 60 * 24 * 60)], ...],
        Field(min_length=len(StepKind), max_length=len(StepKind)),
        AfterValidator(_rising),
    ] = _DEFAULT.acute_steps
    acute_turn: Annotated[int, _within(1, 60)] = _DEFAULT.acute_turn
    working_turn: Annotated[int, _within(1, 24 * 60)] = _DEFAULT.working_turn
    lead_times: Annotated[
        tuple[Annotated[int, _within(1, 14 * 24)], ...], Field(max_length=5), _LATEST_FIRST
    ] = _DEFAULT.lead_times
    acute_meeting_within_days: Annotated[int, _within(1, 14)] = _DEFAULT.acute_meeting_within_days
    retention_days: Annotated[int, _within(1, 365)] = _DEFAULT.retention_days
    record_days: Annotated[int, _within(0, 60)] = _DEFAULT.record_days
    work_from: Annotated[int, _within(0, 22)] = _DEFAULT.work_from
    work_to: Annotated[int, _within(1, 23)] = _DEFAULT.work_to
    late_grace: Annotated[int, _within(0, 60)] = _DEFAULT.late_grace
    guidance_days: Annotated[int, _within(1, 10)] = _DEFAULT.guidance_days
    outside_retention_days: Annotated[int, _within(1, 365)] = _DEFAULT.outside_retention_days
    placement_months: Annotated[int, _within(1, 24)] = _DEFAULT.placement_months
    placement_weeks: Annotated[
        tuple[Annotated[int, _within(1, 52)], ...], Field(max_length=6), _LATEST_FIRST
    ] = _DEFAULT.placement_weeks
    quorum: QuorumTable = QuorumTable()

    @model_validator(mode="after")
    def _a_day_begins_before_it_ends(self) -> RulesTable:
        if self.work_from >= self.work_to:
            raise refuse("work_from must be before work_to")
        return self


def _in_slack(coordinators: tuple[PersonTable, ...]) -> tuple[PersonTable, ...]:
    if all(each.slack_id is None for each in coordinators):
        raise refuse("needs at least one with a slack_id: cases are opened by a command in Slack")
    return coordinators


class TeamTable(Table):
    key: Key
    name: Name
    mandate: Paragraphs
    language: Language = Language.NB
    zone: Zone = "Europe/Oslo"
    places: Annotated[tuple[Name, ...], Field(max_length=50), _EACH_ONCE] = ()
    link_hosts: Annotated[tuple[LinkHost, ...], Field(max_length=20), _EACH_ONCE] = ()
    video_room: str = ""
    mail_name: Neutral = ""
    mail_phone: DutyLine = ""
    agenda: Annotated[tuple[Point, ...], Field(max_length=20), _EACH_ONCE] = _DEFAULT.agenda
    themes: Annotated[tuple[Name, ...], Field(max_length=50), _EACH_ONCE] = ()
    needs: Annotated[tuple[Name, ...], Field(min_length=1, max_length=40), _EACH_ONCE] = _DEFAULT.needs
    rules: RulesTable = RulesTable()
    statement: StatementTable = StatementTable()
    placement_law: LawTable = LawTable()
    coordinators: Annotated[tuple[PersonTable, ...], Field(max_length=50), AfterValidator(_in_slack)]
    agencies: Annotated[
        tuple[AgencyTable, ...],
        Field(max_length=100),
        _differing(key=lambda agency: agency.key, name=lambda agency: agency.shown),
    ] = ()

    @model_validator(mode="after")
    def _what_belongs_together(self) -> TeamTable:
        if "video_room" in self.model_fields_set:
            try:
                validators.check_meeting_link(self.video_room, self.link_hosts)
            except validators.FieldRefused:
                raise refuse("video_room must be an https link at one of link_hosts") from None
        if bool(self.mail_name) is not bool(self.mail_phone):
            raise refuse("mail_name and mail_phone belong together")
        return self

    @property
    def team_rules(self) -> TeamRules:
        """The rules as domain object, including the team's own lists and texts."""
        names = {field.name for field in fields(TeamRules)}
        found: dict[str, Any] = {name: value for name, value in self if name in names}
        found |= dict(self.rules)
        found["quorum"] = Quorum(**dict(self.rules.quorum))
        found["statement"] = self.statement.by_language
        found["placement_law"] = self.placement_law.by_language
        found["placement_law_read"] = self.placement_law.read
        return TeamRules(**found)


class FileTable(Table):
    teams: Annotated[
        tuple[TeamTable, ...],
        Field(min_length=1),
        _differing(key=lambda team: team.key, name=lambda team: team.name.casefold()),
    ]
