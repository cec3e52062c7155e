"""Read a partners file: TOML in, checked entries out, or all faults with their places.

Rules across the file check the output of `tomllib`, even when single fields are wrong, so that all faults are
reported at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from bot.domain.directory.entities import SHELTERING
from bot.domain.errors import TotError
from bot.domain.validators import FieldRefused, check_slack_id, check_work_mail, is_private_webmail
from bot.usecases.directory.partners.schema import KEY, FileTable, PersonTable, TeamTable, known_keys


class WrongFile(TotError):
    """The file cannot be used; nothing of it has been imported. `faults` are in English, for the operator."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Human:
    """One human: a Slack id, a work mail, or both; the same everywhere in the file."""

    slack_id: str | None = None
    work_mail: str | None = None

    @property
    def shown(self) -> str:
        """The human's name for an operator: their ids."""
        return " / ".join(filter(None, (self.slack_id, self.work_mail)))

    @property
    def keys(self) -> list[str]:
        """The keys that identify the human: two entries with a common key are one human."""
        return [key for key in (self.slack_id, (self.work_mail or "").casefold()) if key]


@dataclass(frozen=True, slots=True)
class PartnersFile:
    """A whole file. `warnings` are shown to the operator and stop nothing."""

    teams: tuple[TeamTable, ...]
    humans: dict[str, Human]
    """Everyone in the file, by each of their keys, with all that the file says about them."""
    warnings: tuple[str, ...] = ()

    def human(self, entry: PersonTable) -> Human:
        return self.humans[Human(entry.slack_id, entry.work_mail).keys[0]]


#: Keys and indices from the top: ("teams", 0, "agencies", 2, "name").
Place = tuple[str | int, ...]
Found = tuple[Place, str]


def read_partners(text: str, *, today: date | None = None) -> PartnersFile:
    """The file, checked. WrongFile has all faults: those of single values, then those across the file.

    `today` is for the guard.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile(f"this is not TOML: {error}") from None
    look = _Look(raw)
    try:
        table = FileTable.model_validate(raw, context={"today": today or datetime.now(UTC).date()})
    except ValidationError as wrong:
        # Pydantic counts only valid items: an invalid one must not be reported as missing too.
        single = (
            (error["loc"], _in_words(error["type"], error["msg"], error["loc"]))
            for error in wrong.errors()
            if error["type"] != "too_short" or error["ctx"]["actual_length"] == len(error["input"])
        )
        raise WrongFile(*_told(raw, [*single, *look.faults])) from None
    if look.faults:
        raise WrongFile(*_told(raw, look.faults))
    warnings = _told(raw, [*look.warnings, *_left_alone(table)])
    return PartnersFile(table.teams, look.humans, tuple(warnings))


def _left_alone(table: FileTable) -> Iterator[Found]:
    """Yield the agencies without contacts, or with leaders only."""
    for t, team in enumerate(table.teams):
        for a, agency in enumerate(team.agencies):
            place = ("teams", t, "agencies", a)
            if not agency.contacts:
                yield place, "has no contacts: there will be nobody to ask"
            elif all(contact.leader for contact in agency.contacts):
                yield place, "has only leaders: they will be asked to come themselves"


def _told(raw: Any, found: Iterable[Found]) -> list[str]:
    """Each finding once, with its place."""
    return [f"{_shown(raw, place)}: {message}" for place, message in dict.fromkeys(found)]


def _shown(raw: Any, place: Place) -> str:
    """«teams tot-bergen › agencies politi › contacts 2»: an entry by its key, otherwise by its number."""
    parts: list[str] = []
    for part in place:
        try:
            raw = raw[part]
        except (LookupError, TypeError):
            raw = None
        if isinstance(part, str):
            parts.append(part)
        else:
            key = raw.get("key") if isinstance(raw, dict) else None
            parts[-1] += f" {key if isinstance(key, str) and KEY.fullmatch(key) else part + 1}"
    return " › ".join(parts)


_IN_WORDS = {
    "missing": "is missing",
    "string_type": "must be a text in quotes",
    "string_pattern_mismatch": "must be at most 40 lower-case letters a-z, digits and hyphens",
    "int_type": "must be a whole number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "tuple_type": "must be a list in brackets",
    "model_type": "must be a table",
}


def _in_words(kind: str, message: str, place: Place) -> str:
    if kind == "extra_forbidden":
        known = known_keys(place[:-1])
        near = get_close_matches(str(place[-1]), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else f" ({', '.join(known)})"
        return f"is not known here{hint}"
    # Otherwise Pydantic's own words: «Input should be less than or equal to 23».
    return _IN_WORDS.get(kind) or re.sub(r"^(Input|Tuple|Value) should", "must", message)


#: A table of the file as read, with its place.
Entry = tuple[Place, dict[str, Any]]
#: The only names under which a sheltering service may be shown: they do not reveal where it is.
COVER_NAME = re.compile(r"(?:botilbud|butilbod|housing) [1-9][0-9]?")


class _Look:
    """A pass over the whole file that collects the humans in it, the faults and the warnings."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.faults: list[Found] = []
        self.warnings: list[Found] = []
        self.humans: dict[str, Human] = {}
        self._raw = raw
        self._first_at: dict[Human, Place] = {}
        lists = list(_lists((), raw))
        people = [entries for place, entries in lists if place[-1] in ("coordinators", "contacts")]
        for group in people:
            for place, entry in group:
                self._person(place, entry)
        for group in people:
            self._differ(self._told_apart(group))
        for place, entries in lists:
            if place[-1] == "teams":
                self._differ(_texts(entries, "key"))
                self._differ(_texts(entries, "name"))
            elif place[-1] == "agencies":
                self._differ(_texts(entries, "key"))
                self._differ(_texts(entries, "cover_name", "name"))
                self._cover_names(entries)
            elif place[-1] == "contacts":
                self._differ(_positions(entries))
            elif place[-1] == "coordinators" and not any("slack_id" in entry for _, entry in entries):
                needs = "needs at least one with a slack_id: cases are opened by a command in Slack"
                self.faults.append((place, needs))

    def _person(self, place: Place, entry: dict[str, Any]) -> None:
        """Note the human of an entry, merged with earlier entries that have a key in common."""
        if "slack_id" not in entry and "work_mail" not in entry:
            self.faults.append((place, "needs a slack_id, a work_mail, or both"))
        named = _human(entry)
        if named.work_mail is not None and is_private_webmail(named.work_mail):
            self.warnings.append(((*place, "work_mail"), "is at a private mail provider, not a work mail"))
        human = named
        for other in [self.humans[key] for key in named.keys if key in self.humans]:
            for name, common in (("work_mail", "Slack id"), ("slack_id", "work mail")):
                theirs, this = getattr(other, name), getattr(named, name)
                if theirs is not None and this is not None and theirs.casefold() != this.casefold():
                    at = _shown(self._raw, self._first_at[other])
                    self.faults.append(
                        ((*place, name), f"differs from the {name} of the same {common} at {at}")
                    )
                    return
            human = Human(other.slack_id or human.slack_id, other.work_mail or human.work_mail)
        self.humans.update(dict.fromkeys(human.keys, human))
        if named.slack_id and named.work_mail:
            self._first_at.setdefault(human, place)

    def _told_apart(self, people: list[Entry]) -> Iterator[tuple[Place, str]]:
        for place, entry in people:
            named = _human(entry)
            if named.keys:
                yield place, self.humans.get(named.keys[0], named).keys[0]

    def _cover_names(self, agencies: list[Entry]) -> None:
        for place, agency in agencies:
            cover = agency.get("cover_name")
            if str(agency.get("kind")) not in SHELTERING:
                continue
            if not isinstance(cover, str):
                wrong = "is missing: such a service is only shown as, for example, «botilbud 1»"
            elif not COVER_NAME.fullmatch(cover.strip()):
                wrong = "must be «botilbud», «butilbod» or «housing» and a number"
            else:
                continue
            self.faults.append(((*place, "cover_name"), wrong))

    def _differ(self, values: Iterable[tuple[Place, Any]]) -> None:
        """Note a fault for every repeated value; it names the first place, not the value."""
        first: dict[Any, Place] = {}
        for place, value in values:
            before = first.setdefault(value, place)
            if before != place:
                self.faults.append((place, f"is the same as {_shown(self._raw, before)}"))


def _lists(place: Place, table: dict[str, Any]) -> Iterator[tuple[Place, list[Entry]]]:
    """Yield the lists of tables, with the place of each, and the lists nested in their tables."""
    for name, found in table.items():
        if isinstance(found, list):
            entries = [((*place, name, n), each) for n, each in enumerate(found) if isinstance(each, dict)]
            yield (*place, name), entries
            for entry in entries:
                yield from _lists(*entry)


def _texts(entries: Iterable[Entry], *names: str) -> Iterator[tuple[Place, str]]:
    """Yield each entry's text under the first of these names that it has."""
    for place, entry in entries:
        name = next((name for name in names if name in entry), names[-1])
        if isinstance(entry.get(name), str):
            yield (*place, name), entry[name].strip().casefold()


def _positions(contacts: Iterable[Entry]) -> Iterator[tuple[Place, int]]:
    for number, (place, contact) in enumerate(contacts, start=1):
        position = contact.get("position", number)
        if isinstance(position, int):
            yield (*place, "position") if "position" in contact else place, position


def _human(entry: dict[str, Any]) -> Human:
    """The human of an entry, by its valid keys only."""
    mail = _right(check_work_mail, entry.get("work_mail"))
    return Human(_right(check_slack_id, entry.get("slack_id")), mail)


def _right(check: Callable[[str], str], value: object) -> str | None:
    try:
        return check(value) if isinstance(value, str) else None
    except FieldRefused:
        return None
