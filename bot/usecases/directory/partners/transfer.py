"""Import a partners file, all or nothing, and export one that can be imported again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.directory.entities import Person, Team
from bot.domain.errors import TotError
from bot.usecases.directory.coordinators import refresh_team
from bot.usecases.directory.partners.compare import Comparison
from bot.usecases.directory.partners.plan import Plan
from bot.usecases.directory.partners.reader import PartnersFile
from bot.usecases.directory.partners.schema import (
    AgencyTable,
    ContactTable,
    PersonTable,
    QuorumTable,
    RulesTable,
    Table,
    TeamTable,
)
from bot.usecases.notifications import asked_notifications
from bot.usecases.ports import PACE, Posted, UnitOfWork, case_files


class ChangedMeanwhile(TotError):
    def __init__(self) -> None:
        super().__init__("the data has changed since the differences were shown: run the import again")


def plan_import(uow: UnitOfWork, file: PartnersFile) -> Plan:
    """Plan what importing the file would do now. Changes nothing."""
    return Comparison(uow, file).plan


def import_partners(uow: UnitOfWork, file: PartnersFile, shown: Plan | None = None) -> Plan:
    """Import the file. With `shown`, only if it still does exactly what was shown.

    Those who hold a seat in an open case, and agencies that take part in one, stay. New coordinators
    are asked to confirm taushetsplikt in every open case of the team.
    """
    comparison = Comparison(uow, file)
    plan = comparison.plan
    if shown is not None and shown.differences != plan.differences:
        raise ChangedMeanwhile
    if not plan.does_something:
        return plan
    comparison.carry_out()
    # Update the cards, reminders and asks of open cases, and items outside cases.
    for team in uow.teams():
        if team.key in plan.untouched:
            continue
        for number, open_case in enumerate(case_files(uow, uow.cases_of_team(team.id))):
            at, stands = uow.now + number * PACE, uow.find(Posted, case_id=open_case.case.id)
            keys = {posted.key for posted in stands}
            # Retry what Slack refused for a person whose id has been corrected.
            asked = asked_notifications(open_case)
            uow.enqueue(*(replace(each, due_at=at) if each.key in keys else each for each in asked))
            uow.case_changed(open_case.case.id, at)
        refresh_team(uow, team.id)
    return plan


def export_partners(uow: UnitOfWork) -> str:
    """All teams with their coordinators, agencies and contacts, without the retired ones."""
    return "\n".join(line for team in uow.teams() for line in _team(uow, team))


def _team(uow: UnitOfWork, team: Team) -> Iterator[str]:
    rules = team.rules
    coordinators = [uow.get(Person, coordinator.person_id) for coordinator in uow.coordinators(team.id)]
    values = _values(TeamTable, team, rules)
    values["rules"] = _values(RulesTable, rules) | {"quorum": _values(QuorumTable, rules.quorum)}
    values["statement"] = dict(rules.statement)
    values["placement_law"] = {"read": rules.placement_law_read, **dict(rules.placement_law)}
    values["coordinators"] = [_values(PersonTable, person) for person in coordinators]
    yield from _table("[[teams]]", "teams", values)
    for agency in uow.agencies(team.id):
        contacts = [c for c in uow.contacts(agency.id) if not c.waits]
        people = [_values(ContactTable, uow.get(Person, c.person_id), c) for c in contacts]
        yield from _table("[[teams.agencies]]", "", _values(AgencyTable, agency) | {"contacts": people})


def _values(table: type[Table], *stored: object) -> dict[str, Any]:
    """The keys of a table with the stored values of these names; empty defaults are left out."""
    found = {}
    for name, key in table.model_fields.items():
        value = next((getattr(each, name) for each in stored if hasattr(each, name)), None)
        if value is not None and (value not in ("", ()) or value != key.default):
            found[name] = value
    return found


def _table(header: str, name: str, values: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a table, then those of the tables in it."""
    tables = {key: value for key, value in values.items() if isinstance(value, dict)}
    yield header
    for key, value in values.items():
        if key not in tables:
            yield f"{key} = {_value(value)}"
    yield ""
    for key, value in tables.items():
        if value:
            yield from _table(f"[{name}.{key}]", f"{name}.{key}", value)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(item)}" for name, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]" if value else "[]"
    if isinstance(value, date):
        return value.isoformat()
    # JSON numbers, words and strings are valid TOML, except DEL in strings, which the file cannot contain.
    return json.dumps(value, ensure_ascii=False)
