"""Import a partners file, all or nothing, and export one that can be imported again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from difflib import unified_diff
from typing import Any

from bot.domain.directory.entities import Person, Team
from bot.usecases.directory.coordinators import refresh_team
from bot.usecases.directory.partners.apply import Application
from bot.usecases.directory.partners.schema import (
    AgencyTable,
    ContactTable,
    FileTable,
    PersonTable,
    QuorumTable,
    RulesTable,
    Table,
    TeamTable,
)
from bot.usecases.notifications import asked_notifications
from bot.usecases.ports import PACE, Posted, UnitOfWork, case_files


def plan_import(uow: UnitOfWork, file: FileTable) -> list[str]:
    """Return what an import would do, by trying it out: a line for each value that goes (-) or comes (+).

    Nothing in it is of a case. Raises WrongFile as `import_partners`.
    """
    done, _ = uow.would_tell(lambda it: Application(it, file))
    compared = [*unified_diff(_facts(uow), _facts(done), n=0, lineterm="")][2:]
    return [f"{line[0]} {line[1:]}" for line in compared if line[0] in "+-"]


def import_partners(uow: UnitOfWork, file: FileTable) -> None:
    """Import the file; a team that is not in it stays as it is.

    New coordinators are asked to confirm taushetsplikt in every open case of the team. WrongFile: the file
    takes out an agency that takes part in an open case, or somebody who has a seat in one.
    """
    Application(uow, file)
    keys = {entry.key for entry in file.teams}
    # Update the cards, reminders and asks of open cases, and items outside cases.
    for team in uow.teams():
        if team.key not in keys:
            continue
        for number, open_case in enumerate(case_files(uow, uow.cases_of_team(team.id))):
            at, stands = uow.now + number * PACE, uow.find(Posted, case_id=open_case.case.id)
            posted = {each.key for each in stands}
            # Retry what Slack refused for a person whose id has been corrected.
            asked = asked_notifications(open_case)
            uow.enqueue(*(replace(each, due_at=at) if each.key in posted else each for each in asked))
            uow.case_changed(open_case.case.id, at)
        refresh_team(uow, team.id)


def _facts(uow: UnitOfWork) -> list[str]:
    """Everything that an export holds, each with its place in the file; a person is one line."""
    return [line for team in uow.teams() for line in _flat(f"team {team.key}", _values_of(uow, team))]


def _flat(place: str, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(f"{place} {each.get('key', '')}".strip(), each)
    elif isinstance(value, dict) and not value.keys() & {"slack_id", "work_mail"}:
        for name, each in value.items():
            yield from _flat(f"{place} › {name}", each)
    else:
        yield f"{place}: {' '.join(_value(value).split())}"


def export_partners(uow: UnitOfWork) -> str:
    """All teams with their coordinators, agencies and contacts, without the retired ones."""
    tables = (_values_of(uow, team) for team in uow.teams())
    return "\n".join(line for values in tables for line in _table("[[teams]]", "teams", values))


def _values_of(uow: UnitOfWork, team: Team) -> dict[str, Any]:
    """Return the table of a team, with the tables in it: lists of them for its people and agencies."""
    rules = team.rules
    coordinators = [uow.get(Person, coordinator.person_id) for coordinator in uow.coordinators(team.id)]
    values = _values(TeamTable, team, rules)
    values["rules"] = _values(RulesTable, rules) | {"quorum": _values(QuorumTable, rules.quorum)}
    values["statement"] = dict(rules.statement)
    values["placement_law"] = {"read": rules.placement_law_read, **dict(rules.placement_law)}
    values["coordinators"] = [_values(PersonTable, person) for person in coordinators]
    values["agencies"] = []
    for agency in uow.agencies(team.id):
        contacts = [c for c in uow.contacts(agency.id) if not c.waits]
        people = [_values(ContactTable, uow.get(Person, c.person_id), c) for c in contacts]
        values["agencies"].append(_values(AgencyTable, agency) | {"contacts": people})
    return values


def _values(table: type[Table], *stored: object) -> dict[str, Any]:
    """The keys of a table with the stored values of these names; empty defaults are left out."""
    found = {}
    for name, key in table.model_fields.items():
        value = next((getattr(each, name) for each in stored if hasattr(each, name)), None)
        if value is not None and (value not in ("", ()) or value != key.default):
            found[name] = value
    return found


def _table(header: str, name: str, values: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a table, then those of the tables in it, and of its agencies."""
    tables = {key: value for key, value in values.items() if isinstance(value, dict)}
    agencies = values.get("agencies", [])
    yield header
    for key, value in values.items():
        if key not in (*tables, "agencies"):
            yield f"{key} = {_value(value)}"
    yield ""
    for key, value in tables.items():
        if value:
            yield from _table(f"[{name}.{key}]", f"{name}.{key}", value)
    for agency in agencies:
        yield from _table(f"[[{name}.agencies]]", f"{name}.agencies", agency)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(item)}" for name, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]" if value else "[]"
    if isinstance(value, date):
        return value.isoformat()
    # JSON numbers, words and strings are valid TOML, except DEL in strings, which the file cannot contain.
    return json.dumps(value, ensure_ascii=False)
