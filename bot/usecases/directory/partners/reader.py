"""Reading a partners file: TOML in, checked entries out, or every fault with its place.

The rules between fields look at the file as `tomllib` reads it, also when single fields are wrong, so that
everything that is wrong is told at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.domain.directory.entities import SHELTERING, TeamRules
from bot.domain.errors import TotError
from bot.domain.language import Language
from bot.domain.validators import FieldRefused, check_slack_id, check_work_mail
from bot.usecases.directory.partners.lines import Lines, Place, shown
from bot.usecases.directory.partners.schema import AgencyTable, FileTable, Human, TeamTable, known_keys

T = TypeVar("T")


def made_from(source: object, kind: type[T], **more: Any) -> T:
    """Build a dataclass from `more`, and from what `source` has under the names of its other fields."""
    names = {f.name for f in fields(kind) if hasattr(source, f.name)}  # type: ignore[arg-type]
    return kind(**{name: getattr(source, name) for name in names - more.keys()}, **more)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in English for the operator; `place` is a path from the top of the file."""

    place: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        return f"{where}{self.place}: {self.message}" if self.place else f"{where}{self.message}"


class WrongFile(TotError):
    """The file cannot be used; nothing of it has been imported."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """A team as the domain has it; every human with all that the file says of them, contacts in order."""

    key: str
    name: str
    mandate: str
    language: Language
    zone: str
    rules: TeamRules
    coordinators: tuple[Human, ...]
    agencies: tuple[AgencyTable, ...]


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


Found = tuple[Place, str]
#: The only names under which a sheltering service may be shown: they say nothing of where it is.
COVER_NAME = re.compile(r"(?:botilbud|butilbod|housing) [1-9][0-9]?")


def faults_across(raw: dict[str, Any], humans: Humans) -> Iterator[Found]:
    teams = _tables(raw, (), "teams")
    yield from _repeated(_given(teams, "key"))
    yield from _repeated(_given(teams, "name"))
    yield from humans.clashes
    for place, team in teams:
        yield from _coordinators(place, team, humans)
        agencies = _tables(team, place, "agencies")
        yield from _repeated(_given(agencies, "key"))
        yield from _repeated(_shown_names(agencies))
        for agency_place, agency in agencies:
            yield from _cover_name(agency_place, agency)
            contacts = _tables(agency, agency_place, "contacts")
            yield from _reachable(contacts)
            yield from _repeated(humans.named(contacts))
            yield from _repeated(_positions(contacts))


def _coordinators(place: Place, team: dict[str, Any], humans: Humans) -> Iterator[Found]:
    coordinators = _tables(team, place, "coordinators")
    yield from _reachable(coordinators)
    yield from _repeated(humans.named(coordinators))
    if "coordinators" in team and not any("slack_id" in entry for _, entry in coordinators):
        yield (
            (*place, "coordinators"),
            "needs at least one who has a slack_id: cases are opened by a command in Slack",
        )


def _cover_name(place: Place, agency: dict[str, Any]) -> Iterator[Found]:
    if str(agency.get("kind")) not in SHELTERING:
        return
    cover = agency.get("cover_name")
    if not isinstance(cover, str):
        yield (*place, "cover_name"), "is missing: such a service is shown as «botilbud 1» and nothing else"
    elif not COVER_NAME.fullmatch(cover.strip()):
        yield (*place, "cover_name"), "must be «botilbud», «butilbod» or «housing» and a number"


def _reachable(people: Iterable[tuple[Place, dict[str, Any]]]) -> Iterator[Found]:
    for place, entry in people:
        if "slack_id" not in entry and "work_mail" not in entry:
            yield place, "needs a slack_id, a work_mail, or both"


def _given(tables: Iterable[tuple[Place, dict[str, Any]]], name: str) -> Iterator[tuple[Place, Any]]:
    for place, table in tables:
        if isinstance(table.get(name), str):
            yield (*place, name), table[name].strip().casefold()


def _shown_names(agencies: Iterable[tuple[Place, dict[str, Any]]]) -> Iterator[tuple[Place, Any]]:
    for place, agency in agencies:
        name = "cover_name" if "cover_name" in agency else "name"
        yield from _given([(place, agency)], name)


def _positions(contacts: list[tuple[Place, dict[str, Any]]]) -> Iterator[tuple[Place, Any]]:
    for number, (place, contact) in enumerate(contacts, start=1):
        position = contact.get("position", number)
        if isinstance(position, int):
            yield (*place, "position") if "position" in contact else place, position


def _repeated(values: Iterable[tuple[Place, Any]]) -> Iterator[Found]:
    """A fault for every value that has stood before; it names the first place, not the value."""
    first: dict[Any, Place] = {}
    for place, value in values:
        before = first.setdefault(value, place)
        if before != place:
            yield place, f"is the same as {shown(before)}"


def _tables(parent: Any, place: Place, name: str) -> list[tuple[Place, dict[str, Any]]]:
    found = parent.get(name) if isinstance(parent, dict) else None
    entries = found if isinstance(found, list) else []
    return [((*place, name, n), entry) for n, entry in enumerate(entries) if isinstance(entry, dict)]


class Humans:
    """The humans of the file: two entries with the same Slack id or work mail are one human."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.clashes: list[Found] = []
        self._mail_of: dict[str, tuple[str, Place]] = {}
        self._slack_of: dict[str, tuple[str, Place]] = {}
        self._spelling: dict[str, str] = {}
        for place, entry in _people(raw):
            self._learn(place, *_ids(entry))

    def _learn(self, place: Place, slack_id: str | None, mail: str | None) -> None:
        if mail is not None:
            self._spelling.setdefault(mail.casefold(), mail)
        if slack_id is None or mail is None:
            return
        known_mail, at = self._mail_of.setdefault(slack_id, (mail, place))
        if known_mail.casefold() != mail.casefold():
            self.clashes.append(((*place, "work_mail"), f"the same Slack id has another one at {shown(at)}"))
            return
        known_slack, at = self._slack_of.setdefault(mail.casefold(), (slack_id, place))
        if known_slack != slack_id:
            self.clashes.append(((*place, "slack_id"), f"the same work mail has another one at {shown(at)}"))

    def human(self, slack_id: str | None, mail: str | None) -> Human:
        """The human with all that the file says of them anywhere."""
        if slack_id is None and mail is not None and mail.casefold() in self._slack_of:
            slack_id = self._slack_of[mail.casefold()][0]
        if slack_id in self._mail_of:
            mail = self._mail_of[slack_id][0]
        return Human(slack_id, self._spelling[mail.casefold()] if mail is not None else None)

    def named(self, people: Iterable[tuple[Place, dict[str, Any]]]) -> Iterator[tuple[Place, Any]]:
        """Return those who can be told apart, by what tells them apart."""
        for place, entry in people:
            human = self.human(*_ids(entry))
            if human.slack_id or human.work_mail:
                yield place, human.slack_id or str(human.work_mail).casefold()


def _people(raw: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    for place, team in _tables(raw, (), "teams"):
        yield from _tables(team, place, "coordinators")
        for agency_place, agency in _tables(team, place, "agencies"):
            yield from _tables(agency, agency_place, "contacts")


def _ids(entry: dict[str, Any]) -> tuple[str | None, str | None]:
    """The Slack id and the work mail of an entry, where they are right."""
    slack_id, mail = entry.get("slack_id"), entry.get("work_mail")
    try:
        slack_id = check_slack_id(slack_id) if isinstance(slack_id, str) else None
    except FieldRefused:
        slack_id = None
    try:
        mail = check_work_mail(mail).address if isinstance(mail, str) else None
    except FieldRefused:
        mail = None
    return slack_id, mail


def read_partners(text: str, *, today: date | None = None) -> PartnersFile:
    """The file, checked; WrongFile tells everything that is wrong, in the order of the file.

    `today` is for the guard.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile([Fault("", f"this is not TOML: {error}")]) from None
    humans = Humans(raw)
    table, found = _validated(raw, today or datetime.now(UTC).date())
    found.extend(faults_across(raw, humans))
    lines = Lines(text)
    faults = [Fault(shown(place), message, lines.of(place)) for place, message in dict.fromkeys(found)]
    if table is None or faults:
        raise WrongFile(sorted(faults, key=lambda f: f.line or 0))
    teams = tuple(_team(team, humans) for team in table.teams)
    warnings = (Fault(shown(p), message, lines.of(p)) for p, message in _warnings(table))
    return PartnersFile(teams, tuple(warnings))


def _validated(raw: dict[str, Any], today: date) -> tuple[FileTable | None, list[Found]]:
    try:
        return FileTable.model_validate(raw, context={"today": today}), []
    except ValidationError as error:
        return None, [
            (e["loc"], _in_words(e["type"], e["msg"], e["loc"])) for e in error.errors(include_input=False)
        ]


_IN_WORDS = {
    "missing": "is missing",
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "list_type": "must be a list in brackets",
    "model_type": "must be a table",
}


def _in_words(kind: str, message: str, place: Place) -> str:
    if kind in _IN_WORDS:
        return _IN_WORDS[kind]
    if kind == "extra_forbidden":
        known = known_keys(place[:-1])
        near = get_close_matches(str(place[-1]), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else f" ({', '.join(known)})"
        return f"is not known here{hint}"
    # Pydantic's own words: «Input should be less than or equal to 23».
    for beginning in ("Input should", "List should", "Value should"):
        message = message.replace(beginning, "must", 1)
    return message


def _warnings(table: FileTable) -> Iterator[Found]:
    for t, team in enumerate(table.teams):
        for n, coordinator in enumerate(team.coordinators):
            yield from _of_mail(("teams", t, "coordinators", n), coordinator.work_mail)
        for a, agency in enumerate(team.agencies):
            place: Place = ("teams", t, "agencies", a)
            if not agency.contacts:
                yield place, "has no contacts: there will be nobody to ask"
            elif all(contact.leader for contact in agency.contacts):
                yield place, "has only leaders: they will be asked to come themselves"
            for n, contact in enumerate(agency.contacts):
                yield from _of_mail((*place, "contacts", n), contact.work_mail)


def _of_mail(place: Place, mail: str | None) -> Iterator[Found]:
    if mail is not None and check_work_mail(mail).private_webmail:
        yield (*place, "work_mail"), "is at a private mail provider, not a work mail"


def _team(team: TeamTable, humans: Humans) -> TeamEntry:
    return made_from(
        team,
        TeamEntry,
        language=team.language or Language.NB,
        zone=team.zone or "Europe/Oslo",
        rules=team.team_rules(),
        coordinators=tuple(humans.human(c.slack_id, c.work_mail) for c in team.coordinators),
        agencies=tuple(_agency(agency, humans) for agency in team.agencies),
    )


def _agency(agency: AgencyTable, humans: Humans) -> AgencyTable:
    contacts = []
    for number, contact in enumerate(agency.contacts, start=1):
        human = humans.human(contact.slack_id, contact.work_mail)
        known = {"slack_id": human.slack_id, "work_mail": human.work_mail}
        contacts.append(contact.model_copy(update={**known, "position": contact.position or number}))
    return agency.model_copy(update={"contacts": sorted(contacts, key=lambda c: c.position or 0)})
