"""Rules between the fields of a partners file.

Looks at the file as `tomllib` reads it, also when single fields are wrong, so that everything that is
wrong is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain.directory.entities import SHELTERING
from bot.domain.validators import FieldRefused, check_slack_id, check_work_mail
from bot.usecases.directory.partners.lines import Place, shown
from bot.usecases.directory.partners.schema import Human

Found = tuple[Place, str]
#: The only names under which a sheltering service may be shown: they say nothing of where it is.
COVER_NAME = re.compile(r"(?:botilbud|butilbod|housing) [1-9][0-9]?")


def faults_across(raw: dict[str, Any], humans: Humans) -> Iterator[Found]:
    """Everything that is wrong between fields."""
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
