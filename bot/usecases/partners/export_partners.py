"""Write what the bot knows of its partners as a partners file that can be imported again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any

from bot.domain.directory import Agency, Contact, Person, Team
from bot.usecases.ports import UnitOfWork

_RULES = (
    "acute_window",
    "working_window",
    "acute_steps",
    "working_steps",
    "lead_times",
    "follow_up_hour",
    "acute_meeting_within_days",
    "retention_days",
    "meeting_minutes",
    "work_from",
    "work_to",
    "late_grace",
    "new_date_within_days",
    "guidance_days",
    "outside_retention_days",
    "placement_months",
    "placement_weeks",
)


def export_partners(uow: UnitOfWork) -> str:
    """All teams with their coordinators, agencies and contacts, without the retired ones."""
    return "\n".join(line for team in uow.teams() for line in _team(uow, team))


def _team(uow: UnitOfWork, team: Team) -> Iterator[str]:
    rules = team.rules
    yield from _table(
        "[[teams]]",
        key=team.key,
        name=team.name,
        mandate=team.mandate,
        language=team.language,
        zone=team.zone,
        places=rules.places,
        link_hosts=rules.link_hosts,
        agenda=rules.agenda,
        themes=rules.themes or None,
        needs=rules.needs,
        coordinators=[_person(uow, c.person_id) for c in uow.coordinators(team.id)],
    )
    yield from _table("[teams.rules]", **{name: getattr(rules, name) for name in _RULES})
    yield from _table("[teams.rules.quorum]", minimum=rules.quorum.minimum, any_of=rules.quorum.any_of)
    if rules.statement:
        yield from _table("[teams.statement]", **dict(rules.statement))
    yield from _table("[teams.placement_law]", read=rules.placement_law_read, **dict(rules.placement_law))
    for agency in uow.agencies(team.id):
        yield from _agency(uow, agency)


def _agency(uow: UnitOfWork, agency: Agency) -> Iterator[str]:
    yield from _table(
        "[[teams.agencies]]",
        key=agency.key,
        kind=agency.kind,
        name=agency.name,
        core=agency.core,
        cover_name=agency.cover_name,
        duty_line=agency.duty_line,
        can=agency.can,
        usual_reason=agency.usual_reason,
        usual_ground=agency.usual_ground,
        contacts=[_contact(uow, contact) for contact in uow.contacts(agency.id) if not contact.waits],
    )


def _contact(uow: UnitOfWork, contact: Contact) -> dict[str, Any]:
    return _person(uow, contact.person_id) | {
        "title": contact.title,
        "position": contact.position,
        "hours": contact.hours,
        "leader": contact.leader,
    }


def _person(uow: UnitOfWork, person_id: str) -> dict[str, Any]:
    person = uow.get(Person, person_id)
    return {"slack_id": person.slack_id, "work_mail": person.work_mail} if person is not None else {}


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
