"""`tot person export`: what is stored about an employee, and about nobody else.

Fields that refer to a person are found by name (storage/kinds.py, `PERSONS`), also in a new entity. An entity
about the person is exported with all its facts; one that only says that they did something, with its times.
No text of a case is exported. The export is for the data protection officer, who decides what to hand out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from bot.cli.console import fail, write_private
from bot.cli.database import with_database
from bot.domain.audit import BOT, OPERATOR, AuditEntry, Event, Logged
from bot.domain.case.entities import Case, FormerRoom, Involvement, Room
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person
from bot.settings import StoreSettings, load
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import roles_of
from storage.database import SqlDatabase
from storage.unit_of_work import STORED

Facts = dict[str, Any]
#: More entries than a log has about anybody.
_ALL = 10**6
#: Fields that list people.
_LISTS: Mapping[type[Any], tuple[str, ...]] = {Room: ("members", "left_out"), FormerRoom: ("members",)}
#: References that tell which case or agency a row belongs to.
_IDS = ("ask_id", "invitation_id", "case_id", "involvement_id", "agency_id")
_ELSEWHERE = (Person, Contact, Coordinator)
#: Fields that say nothing about the person: ids and keys of the bot, a form as filled in.
_INTERNAL = frozenset({"id", "key", "op_id", "uid", "token", "digest", "ts", "subject", "item", "data"})


def export(who: str, reason: str) -> None:
    """Write everything stored about a person, as JSON, to standard output. It is logged, with its reason."""
    found = with_database(load(StoreSettings), lambda database: everything(database, who.strip(), reason))
    if found is None:
        raise fail("nothing is stored about anybody with this Slack id or work mail")
    write_private(Path("-"), f"{found}\n".encode())


async def everything(database: SqlDatabase, who: str, reason: str) -> str | None:
    """Return all that is stored about a person; None if nothing is."""
    person = await database.read(lambda uow: _person(uow, who))
    if person is None:
        return None
    now = datetime.now(UTC)
    await database.log.note(now, AuditEntry(Event.PERSON_EXPORTED, OPERATOR, subject=person.id, what=reason))
    entries = await database.log.of_person(person.id, _ALL)
    found = await database.read(lambda uow: _facts(uow, person, entries, now))
    return json.dumps(found, ensure_ascii=False, indent=1)


def _person(uow: UnitOfWork, who: str) -> Person | None:
    same = who.casefold()
    people = uow.find(Person)
    return next((p for p in people if p.slack_id == who or (p.work_mail or "").casefold() == same), None)


def _facts(uow: UnitOfWork, person: Person, entries: Sequence[Logged], now: datetime) -> Facts:
    contacts, posts = roles_of(uow, person.id)
    codes = {case.id: case.code for case in uow.find(Case)}
    return {
        "exported_at": _plain(now),
        "person": _told(person),
        "contact": [{"agency": agency.name, **_told(contact)} for contact, agency in contacts],
        "coordinator": [{"team": team.name, **_told(post)} for post, team in posts],
        "named": list(_named(uow, person.id, codes)),
        "log": [_entry(entry, person.id, codes) for entry in entries],
    }


def _named(uow: UnitOfWork, person_id: str, codes: Mapping[str, str]) -> Iterator[Facts]:
    """Yield each row that names them, and each calendar entry that they were sent."""
    kinds = (kind for kind in STORED if kind not in _ELSEWHERE)
    rows = [(row, _columns(row, person_id)) for kind in kinds for row in uow.find(kind)]
    uow.refuse_unreadable()
    about = {row.id for row, as_ in rows if "person_id" in as_}
    agencies = {agency.id: agency.name for agency in uow.find(Agency)}
    involved = {each.id: agencies[each.agency_id] for each in uow.find(Involvement)}
    for row, as_ in rows:
        ids = {name: getattr(row, name, None) or "" for name in _IDS}
        theirs = "person_id" in as_ or {ids["ask_id"], ids["invitation_id"]} & about
        if not as_ and not theirs:
            continue
        where = {
            "table": type(row).__name__,
            "as": as_,
            "case": codes.get(row.id if isinstance(row, Case) else ids["case_id"]),
            "agency": involved.get(ids["involvement_id"]) or agencies.get(ids["agency_id"]),
        }
        facts = _told(row) if theirs else _times(row)
        yield {name: value for name, value in where.items() if value} | facts


def _columns(row: Any, person_id: str) -> list[str]:
    alone = [name for name in STORED[type(row)].persons if getattr(row, name) == person_id]
    return alone + [name for name in _LISTS.get(type(row), ()) if person_id in (getattr(row, name) or ())]


def _told(row: Any) -> Facts:
    """Return all facts of a row, without the bot's own ids and without other people."""
    hidden = {*STORED[type(row)].persons, *_INTERNAL}
    return {
        name: _plain(value)
        for name, value in asdict(row).items()
        if isinstance(value, str | int | date | Enum)
        and name not in hidden
        and (name == "slack_id" or not name.endswith("_id"))
    }


def _times(row: Any) -> Facts:
    return {name: _plain(value) for name, value in asdict(row).items() if isinstance(value, datetime)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _entry(entry: Logged, person_id: str, codes: Mapping[str, str]) -> Facts:
    who = {person_id: "themselves", BOT: "the bot", OPERATOR: "the operator"}
    told = {
        "at": _plain(entry.at),
        "event": entry.event,
        "by": who.get(entry.actor or "", "somebody else"),
        "case": codes.get(entry.case_id or ""),
        "right": entry.right if entry.actor == person_id else None,
        "what": entry.what if entry.event == Event.PERSON_EXPORTED else None,
    }
    return {name: value for name, value in told.items() if value is not None}
