"""How `/tot innsyn` tells what is kept, and what the log has: who did it, and whether it was of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.access import Action
from bot.domain.audit import Event, Logged
from bot.domain.case.entities import Case
from bot.domain.directory.entities import Person
from bot.domain.joint import JointMeeting
from bot.domain.language import Language
from bot.texts.words import words
from bot.usecases.profile import Access, OnePerson
from handlers.profile import kept, lines
from tests.bot import cast

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def told(event: Event, *, actor: str = "me", case_id: str | None = None) -> str:
    entry = Logged(1, AT, event, None, actor, case_id, "me")
    (line,) = lines(words(Language.NB), "me", ZoneInfo("Europe/Oslo"), [entry])[1:-1]
    return line


@pytest.mark.parametrize(
    ("event", "case_id", "said"),
    [
        (Event.SERVED, "case", "fikk se noe fra en sak"),
        (Event.SERVED, None, "fikk se noe utenom sakene"),
        (Event.REFUSED, None, "fikk nei"),
        (Action.ACKNOWLEDGE_SEAT, "case", "taushetsplikt bekreftet"),
    ],
)
def test_what_one_did(event: Event, case_id: str | None, said: str) -> None:
    assert told(event, case_id=case_id) == f"• tirsdag 1. desember 2026 kl. 10:00: du – {said}"


def test_what_was_done_about_one() -> None:
    line = told(Event.REMOVED, actor="bot", case_id="case")
    assert line.endswith(": noe som gjaldt deg, tatt ut av et saksrom")


def shown(found: OnePerson | None) -> list[str]:
    return kept(words(Language.NB), Access(cast.OSLO, found, ()))


def one(person: Person, named_by: Mapping[type[object], int]) -> OnePerson:
    contacts = tuple((c, cast.AGENCIES[c.agency_id]) for c in cast.CONTACTS if c.person_id == person.id)
    return OnePerson(person, contacts, (), named_by)


def test_all_that_the_directory_has_is_told() -> None:
    clerk = replace(cast.PERSONS["clerk"], language=Language.EN, dm_channel="D1", home=True, deactivated=True)
    clerk = replace(clerk, language_on=date(2026, 11, 2))
    found = one(clerk, {JointMeeting: 1, Case: 2})
    ((contact, agency),) = found.contacts
    contact = replace(contact, title="<vakt>", leader=True, last_reached=date(2026, 11, 1))
    contact = replace(contact, away_from=date(2026, 12, 1), away_until=date(2026, 12, 7))
    assert shown(replace(found, contacts=((contact, agency),))) == [
        "*Dette er lagret om deg:*",
        "• Slack-ID, samtalen med meg, at du har åpnet Hjem, clerk@work.example, "
        "English (valgt mandag 2. november 2026), kontoen er stengt",
        "• kontaktperson i Social: &lt;vakt&gt;, hele døgnet, nr. 2 på vakt, leder, "
        "borte tirsdag 1. desember 2026–mandag 7. desember 2026, sist nådd i en prøve i november 2026",
        "• du er nevnt i 2 saker som ikke er slettet og 1 fellesmøte",
        "",
    ]


def test_roles_that_are_over_or_wait_are_told_too() -> None:
    post = replace(cast.COORDINATORS[0], until=AT)
    contact = replace(cast.CONTACTS[0], retired=True, waits=True, away_until=date(2026, 12, 7))
    me = Person("me", work_mail="me@work.example")
    found = OnePerson(me, ((contact, cast.AGENCIES["shelter"]),), ((post, cast.TEAM),), {})
    assert shown(found)[1:-1] == [
        "• me@work.example",
        "• kontaktperson i Shelter: hele døgnet, nr. 1 på vakt, leder, "
        "borte til mandag 7. desember 2026, venter på godkjenning, ikke nå lenger",
        "• koordinator i TOT Bergen fra mandag 23. november 2026, ikke nå lenger",
        "• du er ikke nevnt i noen sak eller noe møte",
    ]


def test_nothing_is_told_of_who_is_not_kept() -> None:
    assert shown(None) == ["Utenom loggen er det ikke lagret noe om deg."]
