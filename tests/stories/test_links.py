"""`/tot koble`: links between cases, a repeat, a person split off; and liaisons from another district."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from icalendar import Calendar

from sandbox.content_audit import visible_texts
from sandbox.exercises.runner import ZONE
from tests.stories import story
from tests.stories.town import CONFIRM, Town, Townsperson

WHAT = "Hva vil du gjøre?"
LINK = "Koble til sak"
BOTH = ("Politiet", "Barneverntjenesten")


async def offered(town: Town, who: Townsperson, room: str) -> list[str]:
    await who.types("/tot koble", in_=room)
    return who.choices(WHAT)


async def links(town: Town, room: str, other: str) -> None:
    """Link, as the coordinator, the room's case to another room's."""
    await town.koordinator.opens("/tot koble", {WHAT: f"{LINK} {other[4:]}"}, in_=room)
    assert f"Saken er koblet til {other[4:8]}." in town.koordinator.form
    await town.koordinator.puts_away()


def who_sees(town: Town, room: str) -> set[str]:
    """Return the people who see the code of a room's case outside that room."""
    texts = visible_texts(town.runner.sandbox.workspace)
    code = re.compile(rf"\b{room.removeprefix('rom-')}\b")
    found = {who for t in texts if code.search(t.text) and room not in t.place for who in t.audience}
    return found - {"tot-bot"}


@story(*BOTH, confirmed=("politi-exit", "barnevern"))
async def test_linked_cases_are_seen_by_their_coordinators_alone_and_told_to_nobody(town: Town) -> None:
    koordinator, everybody = town.koordinator, ("koordinator", "vara-koordinator", "politi-exit", "helse")
    first = town.room
    assert not any(LINK in option for option in await offered(town, koordinator, first))
    assert "ingen annen sak" in koordinator.form
    second = await town.opens_case("Helsetjenesten", when="i overmorgen kl 14")
    await town.helse.confirms()
    for who in town.people(everybody):
        await who.looks_at_home()
    before = who_sees(town, first) | who_sees(town, second)
    assert await town.rings_when(links(town, first, second)) == {}
    koordinator.sees(f"Koblet til sak *{second[4:]}*", f"Koblet til sak *{first[4:]}*", in_="home")
    for who in town.people(everybody[1:]):
        assert "Koblet" not in who.home
    assert before == who_sees(town, first) | who_sees(town, second)
    assert "helse" not in who_sees(town, first)
    assert not {"politi-exit", "barnevern"} & who_sees(town, second)
    for room in (first, second):
        assert "Koblet" not in koordinator.reads(room)
    assert not any(LINK in option for option in await offered(town, koordinator, first)), "linked already"
    # It takes a coordinator who has confirmed for both.
    vara = town.vara_koordinator
    await vara.presses(CONFIRM, in_="tot-bot")
    assert "ikke koblet" in await vara.opens("/tot koble", in_=second), "not even that there is another"
    assert not any("Fjern" in option for option in vara.choices(WHAT))
    assert f"Koblet til sak *{first[4:]}*" in await koordinator.opens("/tot koble", in_=second)
    await koordinator.sends({WHAT: f"Fjern koblingen til sak {first[4:]}"})
    assert "Koblet" not in koordinator.home
    assert not any(LINK in option for option in await offered(town, vara, second))
    assert any(LINK in option for option in await offered(town, koordinator, second))
    done = await koordinator.types("/tot innsyn")
    assert "Det du har fått fra TOT, står i samtalen med meg, hvis det ikke er fjernet." in done
    assert done.count("saker koblet") == done.count("kobling mellom saker fjernet") == 2, "in either case"


@story("Politiet")
async def test_a_repeat_is_marked_until_the_earlier_case_is_deleted(town: Town) -> None:
    koordinator, earlier = town.koordinator, town.room
    await koordinator.looks_at_home()
    later = await town.opens_case("Politiet", when="i overmorgen kl 14")
    await koordinator.does("/tot avslutt", in_=earlier)
    await koordinator.types("/tot koble", in_=later)
    assert not any("Skill ut" in option for option in koordinator.choices(WHAT)), "of one person nobody"
    await links(town, later, f"{earlier} (avsluttet)")
    koordinator.sees(f"Gjentakelse: sak *{earlier[4:]}*", f"Gjentakelse: sak *{later[4:]}*", in_="home")
    for who in (town.vara_koordinator, town.politi_exit):
        assert "jentakelse" not in await who.looks_at_home()
    await town.later("45 d")
    assert "Gjentakelse" not in koordinator.home
    assert earlier[4:] not in koordinator.home


@story(
    *BOTH,
    "Helsetjenesten",
    confirmed=("politi-exit", "barnevern", "helse", "vara-koordinator"),
    fields={"Hvor mange personer": "4"},
)
async def test_a_person_is_split_off_with_only_those_chosen(town: Town) -> None:
    koordinator, old = town.koordinator, town.room
    assert "*Personer:* A, B, C og D" in town.card()
    await koordinator.looks_at_home()
    await town.until("20:00")
    await koordinator.opens("/tot koble", {WHAT: "Skill ut D i en egen sak"}, in_=old)
    assert "Tjenester som spørres nå" in await koordinator.is_refused(
        {"Tjenester som spørres nå": None, "Sted": "Møterom Nord"}
    )
    shown = await koordinator.looks_over({"Tjenester som spørres nå": ["Barneverntjenesten", "UDI"]})
    assert "En egen sak for D" in shown
    assert "*Denne saken* avsluttes for D" in shown
    assert "@barnevern (Kontaktperson)" in shown, "who sits in the case, not who is on call"
    assert "Ingenting er sendt ennå." in shown
    await koordinator.sends()
    new = town.room
    assert new != old
    assert town.inside(new) == {"koordinator"}
    inside = {"koordinator", "vara-koordinator", "politi-exit", "barnevern", "helse"}
    assert town.inside(old) == inside
    rung = town.rings()
    assert rung["barnevern"] == rung["politi-exit"] + 1, "all read in the room that it is over for D"
    await town.barnevern.confirms()
    assert town.inside(new) == {"koordinator", "barnevern"}
    assert "*Person:* A" in town.card(new)
    assert "*Personer:* A, B og C" in town.card(old)
    assert "*Avsluttet for:* D" in town.card(old)
    assert "koordinatoren selv" in town.card(new), "who asked for TOT then has not asked for this"
    assert who_sees(town, new) <= {"koordinator", "barnevern"}
    assert f"Koblet til sak *{new[4:]}*" in koordinator.home
    for room in (old, new):
        assert "Koblet" not in koordinator.reads(room)


TAKE_IN = "Ta inn en kontakt fra et annet distrikt"
FRIDAY = date(2026, 12, 4)
SILENT = "har ikke bekreftet taushetsplikten*\n"


async def takes_in(town: Town, handle: str, **fields: Any) -> Townsperson:
    """Add a liaison as the coordinator, by default until Friday."""
    await _form(town)
    await town.koordinator.sends({"Hvem?": handle, "Til": FRIDAY, **fields})
    await town.koordinator.puts_away()
    return town.person(handle)


async def _form(town: Town) -> None:
    await town.koordinator.opens("/tot koble", {WHAT: TAKE_IN}, in_=town.room)


async def a_guest(town: Town) -> Townsperson:
    town.newcomer("stavanger", is_restricted=True)
    return await takes_in(town, "stavanger")


def entries(who: Townsperson) -> list[tuple[str, int, str]]:
    """Return somebody's calendar files: uid, sequence, start."""
    found = []
    for name, content in who.files():
        if name.endswith(".ics"):
            assert not re.search(
                rb"ATTENDEE|VALARM|URL|Politi|Barnevern|[Ll]iaison|Rom |sak [a-z0-9]{4}\b", content
            )
            calendar = Calendar.from_ical(content)
            assert str(calendar["METHOD"]) == "PUBLISH"
            (event,) = calendar.walk("VEVENT")
            starts = event.decoded("DTSTART").astimezone(ZONE)
            found.append((str(event["UID"]), int(str(event["SEQUENCE"])), f"{starts:%d.%m %H:%M}"))
    return found


@story(*BOTH, confirmed=("politi-exit",))
async def test_a_guest_is_in_the_room_from_their_confirmation_until_the_last_day(town: Town) -> None:
    guest = await a_guest(town)
    assert town.rings() == {"stavanger": 1}
    question = guest.sees("til fredag 4. desember")
    assert town.code not in question
    assert "Kan ikke" not in guest.offers("tot-bot"), "they have no duty to pass on"
    assert town.inside() == {"koordinator", "politi-exit"}
    await guest.confirms()
    assert "stavanger" in town.inside()
    assert "*Kontakt fra et annet distrikt* til fredag 4. desember" in town.card()
    assert "*0 kommer* · 2 har ikke svart" in town.card(), "they are counted nowhere"
    assert "du er med fra et annet distrikt" in await guest.looks_at_home()
    await town.koordinator.does("/tot møte 15. desember kl 10", {"Sted": "Møterom Nord"}, in_=town.room)
    assert "torsdag 3. desember kl. 10" in await guest.looks_at_home()
    assert "15. desember" not in guest.home, "after their last day"
    await town.until("09:30", days=2)
    guest.sees("Møtet i sak")
    await town.until("15:59", days=1)
    assert "stavanger" in town.inside()
    town.rings()
    await town.until("16:01")
    assert "stavanger" not in town.inside()
    assert town.rings()["stavanger"] == 1
    assert "Kontakten fra et annet distrikt er ute av saken" in town.politi_exit.reads(town.room)
    assert ["Tiden din i en sak" in text for text in guest.messages] == [True], "nothing else is left"
    guest.sees_no(town.code, but="Tiden din i en sak")


@story(*BOTH, confirmed=("politi-exit",))
async def test_their_calendar_has_the_meetings_for_as_long_as_they_are_theirs(town: Town) -> None:
    guest = await a_guest(town)
    assert entries(guest) == []
    await guest.confirms()
    ((uid, sequence, starts),) = entries(guest)
    assert (sequence, starts) == (0, "03.12 10:00")
    assert uid not in {each[0] for each in entries(town.politi_exit)}
    guest.sees("du kan være med, men har ikke møteplikt", in_="tot-bot")
    await town.moves("fredag kl 12")
    assert entries(guest) == [(uid, 1, "04.12 12:00")]
    guest.sees("slett den for hånd", in_="tot-bot")
    await town.later("1 min")  # whoever has not confirmed is asked anew at most once a second
    await town.koordinator.does("/tot møte mandag kl 10", {"Sted": "Møterom Nord"}, in_=town.room)
    assert len(entries(town.politi_exit)) == 2
    assert entries(guest) == [(uid, 1, "04.12 12:00")]
    await town.koordinator.does("/tot koble", {WHAT: "Ta ut kontakten"}, in_=town.room)
    assert "stavanger" not in town.inside()
    assert entries(guest) == []
    guest.sees("Ligger det møter i kalenderen din, må du slette dem selv.")
    assert len(entries(town.politi_exit)) == 2
    assert not any("Ta ut" in option for option in await offered(town, town.koordinator, town.room))
    await takes_in(town, "stavanger")
    await guest.confirms()
    assert "stavanger" in town.inside()


@story("Politiet", confirmed=("politi-exit",), mail=True)
async def test_whoever_has_a_work_mail_is_told_by_mail(town: Town) -> None:
    """Moved, moved out of their time, back again, and cancelled; their answer changes nothing."""

    def standing() -> list[tuple[str, int]]:
        return [(f"{e.starts_at:%d.%m}", e.sequence) for e in town.runner.calendar("helse")]

    helse = await takes_in(town, "helse")
    assert standing() == []
    await helse.confirms()
    assert standing() == [("03.12", 0)]
    first = town.runner.calendar("helse")[0].uid
    assert entries(helse) == [], "not in Slack too"
    await town.moves("fredag kl 12")
    assert standing() == [("04.12", 1)]
    town.rings()
    town.runner.answers("helse", "DECLINED", "outlook")
    await town.rest()
    assert town.rings() == {}
    assert "helse" in town.inside()
    await town.koordinator.does("/tot flytt", {"Dagsorden": "noe å ta med"}, in_=town.room)
    assert "helse" not in town.rings(), "another note is no news"
    await town.moves("fredag 18. desember kl 12")
    assert standing() == []
    await town.moves("fredag kl 15:30")
    assert standing() == [("04.12", 0)]
    assert town.runner.calendar("helse")[0].uid != first, "what was cancelled is never used again"
    await town.moves("fredag kl 16")
    assert standing() == [], "their last day is over by then"
    await town.moves("torsdag kl 12")
    assert len(standing()) == 1
    await town.koordinator.does("/tot avlys", in_=town.room)
    assert standing() == []
    helse.sees("Kalenderen din får beskjed på e-post")
    await town.koordinator.does("/tot møte fredag kl 12", {"Sted": "Møterom Nord"}, in_=town.room)
    assert standing() == [("04.12", 0)]
    await town.until("15:59", days=3)
    town.rings()
    await town.until("16:01")
    assert "helse" not in town.inside()
    assert town.rings()["helse"] == 1, "that their time is over; of what has been nothing is withdrawn"
    assert standing() == [("04.12", 0)]


@story(*BOTH, confirmed=("politi-exit",))
async def test_a_silent_liaison_is_reminded_once_and_the_coordinator_told(town: Town) -> None:
    guest = await a_guest(town)
    town.rings()
    await town.until("12:45")
    assert town.rings()["stavanger"] == 1
    assert [CONFIRM in text for text in guest.messages].count(True) == 2, "the question again"
    town.koordinator.sees_no(SILENT, but="Sak")
    await town.until("16:01")
    town.koordinator.sees(SILENT, "Kontakt fra et annet distrikt: @stavanger, til fredag 4. desember")
    assert "stavanger" not in town.rings()
    town.vara_koordinator.sees_no(SILENT, but=CONFIRM)
    await guest.confirms()
    assert "stavanger" in town.inside()
    town.koordinator.sees_no(SILENT, but="Sak")
    assert not any(CONFIRM in text for text in guest.messages)
    # They leave when the case is closed.
    await town.koordinator.does("/tot avslutt", in_=town.room)
    assert town.inside() == {"koordinator"}
    guest.sees_no("Møterom Nord", but="Tiden din i en sak")
    await town.later("4 d")
    assert ["Tiden din i en sak" in text for text in guest.messages] == [True], "said once"


@story(*BOTH, confirmed=("politi-exit",))
async def test_who_cannot_be_a_liaison_and_who_is_outside_slack_until_when(town: Town) -> None:
    await _form(town)
    koordinator, title, via = town.koordinator, "Tittel", "Utenfor Slack: taushetsplikten er bekreftet"
    for fields, problem in (
        ({"Hvem?": None, "Til": FRIDAY}, "Velg hvem, eller skriv en tittel."),
        ({title: "Kontakt"}, "Få taushetsplikten bekreftet først"),
        ({title: "Ring 41 23 45 67", "Hvem?": "helse"}, "telefonnummer"),
        ({title: None, "Til": date(2026, 11, 30)}, "innen et år"),
        ({"Til": date(2028, 1, 3)}, "innen et år"),
        ({"Til": FRIDAY, "Hvem?": "politi-exit"}, "allerede i saken"),
        ({"Hvem?": "koordinator"}, "allerede i saken"),
        ({"Hvem?": "botilbud"}, "kan ikke være med i rommet"),
    ):
        assert problem in "".join((await koordinator.is_refused(fields)).values()), problem
    outside = {"Hvem?": None, title: "Kontakt i annet distrikt", "Til": FRIDAY, via: "Telefon"}
    await koordinator.sends(outside)
    assert town.rings() == {}
    assert "*Kontakt fra et annet distrikt* til fredag 4. desember: nås gjennom koordinatoren" in town.card()
    assert "Kontakt i annet distrikt" not in town.card(), "the coordinators' alone"
    await koordinator.does("/tot avslutt", in_=town.room)
    await koordinator.does("Åpne saken igjen", {"Sted": "Møterom Nord"}, in_=town.room)
    assert "Kontakt fra et annet distrikt" not in town.card(), "nobody asked whether they are to come back"
    await _form(town)
    await koordinator.sends(outside)
    assert "*Kontakt fra et annet distrikt*" in town.card()
    await town.until("16:01", days=3)
    assert "Kontakt fra et annet distrikt" not in town.card()
    assert "er ute av saken" in koordinator.reads(town.room)


@story("Politiet", confirmed=("politi-exit",), mail=True)
async def test_who_has_become_a_shelters_is_no_longer_mailed(town: Town) -> None:
    helse, koordinator = await takes_in(town, "helse"), town.koordinator
    await helse.confirms()
    await koordinator.opens("/tot tjeneste", {"Hvilken tjeneste?": "botilbud 1"})
    await koordinator.steps({"Hva vil du endre?": "Ny kontaktperson"})
    await koordinator.sends({"Kollega i Slack": "helse", "Tittel": "Ansvarshavende"})
    await town.moves("fredag kl 12")
    assert town.runner.calendar("helse") == [], "taken out by mail, the last one"
    assert [starts for _, _, starts in entries(helse)] == ["04.12 12:00"], "in Slack instead"
