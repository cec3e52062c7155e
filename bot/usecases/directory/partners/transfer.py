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
from bot.usecases.directory.partners.compare import AGENCY_FIELDS, compare
from bot.usecases.directory.partners.entries import Human, PartnersFile, made_from
from bot.usecases.directory.partners.plan import AgencyStep, PersonStep, Plan, TeamStep, what_is_known
from bot.usecases.directory.partners.schema import RulesTable
from bot.usecases.drill import refresh_drills
from bot.usecases.joint.view import refresh_joint_meetings
from bot.usecases.notifications import asked_notifications
from bot.usecases.ports import UnitOfWork, case_files


class ChangedMeanwhile(TotError):
    """Someone has changed partners or cases since the difference was shown."""

    def __init__(self) -> None:
        super().__init__("something has changed since the difference was shown: run the import again")


def plan_import(uow: UnitOfWork, file: PartnersFile) -> Plan:
    """Plan what importing the file would do now. Changes nothing."""
    return compare(file, what_is_known(uow))


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
    ids = _import_people(uow, plan.people)
    for step in plan.teams:
        team = _import_team(uow, step)
        for agency_step in step.agencies:
            _import_agency(uow, team, agency_step, ids)
        for contact in (*step.retire_contacts, *(c for a in step.agencies for c in a.retire)):
            uow.change(contact, retired=True, last_reached=None)
        for agency in step.retire:
            uow.change(agency, retired=True)
        _import_coordinators(uow, team, step, ids)
        if step.team is not None:
            _refresh_cases(uow, team)
    return plan


def _import_people(uow: UnitOfWork, steps: tuple[PersonStep, ...]) -> dict[Human, str]:
    """Each human's person id. What is given up is given up before somebody else takes it."""
    given_up: dict[str, Person] = {}
    for step in steps:
        if step.absorbs is not None:
            uow.change(step.absorbs, slack_id=None, work_mail=None, dm_channel=None, home=False)
        if step.mail_of is not None:
            uow.change(step.mail_of, work_mail=None)
        if step.person is not None and step.changes:
            unique = {name: None for name, _ in step.changes if name in ("slack_id", "work_mail")}
            given_up[step.person.id] = uow.change(step.person, **unique)
    ids = {}
    for step in steps:
        if step.person is None:
            person = Person(uow.ids.new(), step.human.slack_id, step.human.work_mail)
            uow.add(person)
        else:
            person = step.person
            if step.changes:
                uow.change(given_up[person.id], **dict(step.changes))
        ids[step.human] = person.id
    return ids


def _import_team(uow: UnitOfWork, step: TeamStep) -> Team:
    entry = step.entry
    if step.team is None:
        team = made_from(entry, Team, id=uow.ids.new())
        uow.add(team)
        return team
    return uow.change(step.team, **dict(step.changes)) if step.changes else step.team


def _import_agency(uow: UnitOfWork, team: Team, step: AgencyStep, ids: dict[Human, str]) -> None:
    entry, agency = step.entry, step.agency
    if agency is None:
        agency = made_from(entry, Agency, id=uow.ids.new(), team_id=team.id)
        uow.add(agency)
    elif step.changes:
        changes = dict(step.changes)
        anew = {"line_confirmed": None} if "duty_line" in changes else {}
        agency = uow.change(agency, **changes, **anew)
    for each in step.contacts:
        if each.contact is None:
            human = {"agency_id": agency.id, "person_id": ids[each.entry.human]}
            uow.add(made_from(each.entry, Contact, id=uow.ids.new(), **human))
        elif each.changes:
            uow.change(each.contact, **dict(each.changes))
    for contact, position in step.move:
        uow.change(contact, position=position)


def _import_coordinators(uow: UnitOfWork, team: Team, step: TeamStep, ids: dict[Human, str]) -> None:
    """The new ones first: a team is never without."""
    for human in step.appoint:
        person = uow.get(Person, ids[human])
        if person is not None:
            add_coordinator(uow, team.id, person)
    for coordinator in step.relieve:
        end_coordinator(uow, coordinator)


def _refresh_cases(uow: UnitOfWork, team: Team) -> None:
    """Cards, reminders and questions of open cases follow what has changed, and so does what lies outside."""
    for file in case_files(uow, uow.cases_of_team(team.id)):
        # What Slack has refused to somebody whose id was mended is tried again.
        uow.enqueue(*(asked_notifications(file) if file.open else ()))
        uow.case_changed(file.case.id)
    refresh_joint_meetings(uow, team.id)
    refresh_drills(uow, team.id)


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
