"""What is delivered to a person without being of one case: by kind, what makes it from the moment's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.case import Ask, Seat
from bot.domain.case_file import CaseFile
from bot.domain.directory import Agency, Contact, Person, Team
from bot.domain.intents import Intent, Kind
from bot.texts import Words
from bot.usecases.ports import UnitOfWork
from bot.usecases.see_roster import page_day, rosters
from handlers.blocks.agencies import contact_message
from handlers.blocks.documents import appointed, open_asks, summary
from handlers.blocks.home_model import waiting_for
from handlers.blocks.roster_page import roster_page
from handlers.blocks.scene import File, Message


@dataclass(frozen=True, slots=True)
class Outlook:
    """One delivery outside a case: what it is about, who reads it, in which words. `now` is aware UTC."""

    uow: UnitOfWork
    intent: Intent
    person: Person
    words: Words
    now: datetime


Maker = Callable[[Outlook], Message | File | None]


def zone_of(uow: UnitOfWork, files: Sequence[CaseFile] = ()) -> ZoneInfo:
    """The zone in which a person is told when: of their cases' team, else of the first team."""
    teams = [f.team for f in files] or uow.teams()
    return ZoneInfo(teams[0].zone if teams else "Europe/Oslo")


def _appointed(outlook: Outlook) -> Message | None:
    team = outlook.uow.get(Team, outlook.intent.subject)
    return appointed(outlook.words, team) if team is not None else None


def _of_contact(outlook: Outlook) -> Message | None:
    uow = outlook.uow
    contact = uow.get(Contact, outlook.intent.subject)
    agency = uow.get(Agency, contact.agency_id) if contact is not None else None
    person = uow.get(Person, contact.person_id) if contact is not None else None
    if contact is None or agency is None or person is None:
        return None
    return contact_message(outlook.words, outlook.intent, agency, contact, person)


def _what_waits(
    outlook: Outlook,
    build: Callable[[Words, ZoneInfo, datetime, list[tuple[CaseFile, Seat | Ask]]], Message | None],
) -> Message | None:
    uow, reader = outlook.uow, outlook.person
    files = [f for f in map(uow.case_file, uow.cases_with(reader.id)) if f is not None and f.open]
    items: list[tuple[CaseFile, Seat | Ask]] = []
    for file in files:
        items.extend((file, subject) for subject in waiting_for(reader.id, file, outlook.words, outlook.now))
    return build(outlook.words, zone_of(uow, files), outlook.now, items)


def _roster_page(outlook: Outlook) -> File | None:
    """Stands on the day of which it is: an older one is out of date, and goes."""
    day = page_day(outlook.uow)
    if outlook.intent.mark != day.isoformat():
        return None
    return roster_page(outlook.words, rosters(outlook.uow), date.fromisoformat(outlook.intent.mark))


MAKERS: Mapping[Kind, Maker] = MappingProxyType(
    {
        Kind.APPOINTED: _appointed,
        Kind.CONTACT_APPROVAL: _of_contact,
        Kind.CONTACT_DECIDED: _of_contact,
        Kind.OPEN_ASKS: partial(_what_waits, build=open_asks),
        Kind.SUMMARY: partial(_what_waits, build=summary),
        Kind.ROSTER_PAGE: _roster_page,
    }
)
