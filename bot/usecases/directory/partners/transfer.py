"""Import a partners file, the whole of it or nothing, and write one that can be imported again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any

from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.errors import TotError
from bot.usecases.directory.coordinators import add_coordinator, end_coordinator
from bot.usecases.directory.partners.compare import AGENCY_FIELDS, Plan, compare, what_is_known
from bot.usecases.directory.partners.reader import PartnersFile
from bot.usecases.directory.partners.schema import RulesTable
from bot.usecases.drill import refresh_drills
from bot.usecases.joint import refresh_joint_meetings
from bot.usecases.notifications import asked_notifications
from bot.usecases.ports import UnitOfWork, case_files


class ChangedMeanwhile(TotError):
    def __init__(self) -> None:
        super().__init__("something has changed since the difference was shown: run the import again")


def plan_import(uow: UnitOfWork, file: PartnersFile) -> Plan:
    """Plan what importing the file would do now. Changes nothing."""
    return compare(file, what_is_known(uow), uow.ids.new)


def import_partners(uow: UnitOfWork, file: PartnersFile, shown: Plan | None = None) -> Plan:
    """Import the file. With `shown`, only if it still does exactly what was shown.

    Those who hold a seat in an open case, and agencies that take part in one, stay. New coordinators
    are asked to confirm taushetsplikt in every open case of the team.
    """
    plan = plan_import(uow, file)
    if shown is not None and shown.differences != plan.differences:
        raise ChangedMeanwhile
    if not plan.does_something:
        return plan
    for entity, changes in plan.writes:
        if changes is None:
            uow.add(entity)
        else:
            uow.change(entity, **changes)
    # The new ones first: a team is never without.
    for team_id, person_id in plan.appoint:
        add_coordinator(uow, team_id, person_id)
    for coordinator in plan.relieve:
        end_coordinator(uow, coordinator)
    # Cards, reminders and questions of open cases follow what has changed, and so does what lies outside.
    for team in plan.teams:
        for open_case in case_files(uow, uow.cases_of_team(team.id)):
            # What Slack has refused to somebody whose id was mended is tried again.
            uow.enqueue(*asked_notifications(open_case))
            uow.case_changed(open_case.case.id)
        refresh_joint_meetings(uow, team.id)
        refresh_drills(uow, team.id)
    return plan


def export_partners(uow: UnitOfWork) -> str:
    """All teams with their coordinators, agencies and contacts, without the retired ones."""
    return "\n".join(line for team in uow.teams() for line in _team(uow, team))


def _team(uow: UnitOfWork, team: Team) -> Iterator[str]:
    rules = team.rules
    yield from _table(
        "[[teams]]",
        **_fields(team, "key", "name", "mandate", "language", "zone"),
        places=rules.places,
        link_hosts=rules.link_hosts,
        video_room=rules.video_room or None,
        mail_name=rules.mail_name or None,
        mail_phone=rules.mail_phone or None,
        agenda=rules.agenda,
        themes=rules.themes or None,
        needs=rules.needs,
        coordinators=[_person(uow, c.person_id) for c in uow.coordinators(team.id)],
    )
    yield from _table(
        "[teams.rules]", **_fields(rules, *(name for name in RulesTable.model_fields if name != "quorum"))
    )
    yield from _table("[teams.rules.quorum]", minimum=rules.quorum.minimum, any_of=rules.quorum.any_of)
    if rules.statement:
        yield from _table("[teams.statement]", **dict(rules.statement))
    yield from _table("[teams.placement_law]", read=rules.placement_law_read, **dict(rules.placement_law))
    for agency in uow.agencies(team.id):
        yield from _agency(uow, agency)


def _agency(uow: UnitOfWork, agency: Agency) -> Iterator[str]:
    yield from _table(
        "[[teams.agencies]]",
        **_fields(agency, "key", *AGENCY_FIELDS),
        contacts=[_contact(uow, contact) for contact in uow.contacts(agency.id) if not contact.waits],
    )


def _contact(uow: UnitOfWork, contact: Contact) -> dict[str, Any]:
    return _person(uow, contact.person_id) | _fields(contact, "title", "position", "hours", "leader")


def _person(uow: UnitOfWork, person_id: str) -> dict[str, Any]:
    person = uow.get(Person, person_id)
    return _fields(person, "slack_id", "work_mail") if person is not None else {}


def _fields(entity: object, *names: str) -> dict[str, Any]:
    return {name: getattr(entity, name) for name in names}


def _table(header: str, **values: Any) -> Iterator[str]:
    yield header
    for name, value in values.items():
        if value is not None:
            yield f"{name} = {_value(value)}"
    yield ""


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{name} = {_value(item)}" for name, item in value.items() if item is not None)
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, Iterable) and not isinstance(value, str):
        items = [_value(item) for item in value]
        return "[\n" + "".join(f"  {item},\n" for item in items) + "]" if items else "[]"
    # A JSON string is a TOML string, but for DEL, which the file may not hold.
    return json.dumps(value.value if isinstance(value, StrEnum) else value, ensure_ascii=False)
