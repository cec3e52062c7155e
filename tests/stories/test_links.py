"""Links between cases, seen by the coordinators of both alone; a repeat; a person split off."""

from __future__ import annotations

from sandbox.content_audit import visible_texts
from tests.stories import story
from tests.stories.town import Town

WHAT = "Hva vil du gjøre?"
LINK = "Koble til en annen sak"
REPEAT = "Merk som gjentakelse av en avsluttet sak"
BOTH = ("Politiet", "Barneverntjenesten")


async def links(town: Town, room: str, what: str) -> None:
    """The coordinator links the case of a room to the only other one."""
    await town.koordinator.types("/tot koble", in_=room)
    await town.koordinator.steps({WHAT: what})
    if town.koordinator.form:
        await town.koordinator.sends()
    await town.koordinator.puts_away()


def who_sees(town: Town, room: str) -> set[str]:
    """The people before whom the code of a room's case stands, but in that room."""
    texts = visible_texts(town.runner.sandbox.workspace)
    code = room.removeprefix("rom-")
    return {who for t in texts if code in t.text and room not in t.place for who in t.audience} - {"tot-bot"}


@story(*BOTH, confirmed=("politi-exit", "barnevern"))
async def test_linked_cases_are_seen_by_their_coordinators_alone_and_told_to_nobody(town: Town) -> None:
    koordinator, everybody = town.koordinator, ("koordinator", "vara-koordinator", "politi-exit", "helse")
    first = town.room
    assert "ingen annen åpen sak" in await koordinator_says(town, first, LINK)
    second = await town.opens_case("Helsetjenesten", when="i overmorgen kl 14")
    await town.helse.confirms()
    for who in town.people(everybody):
        await who.looks_at_home()
    before = who_sees(town, first) | who_sees(town, second)
    town.rings()
    await links(town, first, LINK)
    assert town.rings() == {}
    assert f"Koblet til sak *{second[4:]}*" in koordinator.home
    assert f"Koblet til sak *{first[4:]}*" in koordinator.home
    for who in town.people(everybody[1:]):
        assert "Koblet" not in who.home
    assert before == who_sees(town, first) | who_sees(town, second)
    assert "helse" not in who_sees(town, first)
    assert not {"politi-exit", "barnevern"} & who_sees(town, second)
    for room in (first, second):
        assert "Koblet" not in koordinator.reads(room)
    assert "ingen annen åpen sak" in await koordinator_says(town, first, LINK), "of those that are not linked"
    await koordinator.types("/tot koble", in_=second)
    assert f"Koblet til sak *{first[4:]}*" in koordinator.form
    await koordinator.sends({WHAT: f"Fjern koblingen til sak {first[4:]}"})
    assert "Koblet" not in koordinator.home


async def koordinator_says(town: Town, room: str, what: str) -> str:
    """The answer where it cannot be."""
    koordinator = town.koordinator
    before = len(koordinator.whispers)
    await koordinator.types("/tot koble", in_=room)
    await koordinator.person.fills({WHAT: what}, within=0)
    errors = await koordinator.person.submits()
    if not errors and "Koble" in koordinator.form[:10]:
        errors = await koordinator.person.submits()
    await town.rest()
    said = [*koordinator.whispers[before:], koordinator.form, *errors.values()]
    await koordinator.puts_away()
    return "\n".join(said)


@story(*BOTH, confirmed=("politi-exit", "vara-koordinator"))
async def test_it_takes_a_coordinator_who_has_confirmed_for_both(town: Town) -> None:
    vara, first = town.vara_koordinator, town.room
    await town.opens_case("Helsetjenesten", when="i overmorgen kl 14")
    await vara.types("/tot koble", in_=first)
    await vara.steps({WHAT: LINK})
    assert "ingen annen åpen sak" in vara.form + "".join(vara.whispers)
    await links(town, first, LINK)
    await vara.types("/tot koble", in_=first)
    assert "ikke koblet" in vara.form, "not even that there is another"
    assert not any("Fjern" in option for option in vara.choices(WHAT))


@story("Politiet")
async def test_a_repeat_is_marked_until_the_earlier_case_is_deleted(town: Town) -> None:
    koordinator, earlier = town.koordinator, town.room
    await koordinator.looks_at_home()
    later = await town.opens_case("Politiet", when="i overmorgen kl 14")
    assert "ingen avsluttet sak" in await koordinator_says(town, later, REPEAT)
    await koordinator.does("/tot avslutt", in_=earlier)
    await koordinator.types("/tot koble", in_=later)
    assert not any("Skill ut" in option for option in koordinator.choices(WHAT)), "of one person nobody"
    await links(town, later, REPEAT)
    assert f"Gjentakelse av sak *{earlier[4:]}*" in koordinator.home
    assert f"Kommet igjen som sak *{later[4:]}*" in koordinator.home
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
    assert "*Personer:* A–D" in town.card()
    await koordinator.looks_at_home()
    await town.until("20:00")
    town.rings()
    await koordinator.types("/tot koble", in_=old)
    await koordinator.steps({WHAT: "Skill ut D i en egen sak"})
    assert "Tjenester som spørres nå" in await koordinator.is_refused(
        {"Tjenester som spørres nå": None, "Sted": "Møterom Nord"}
    )
    shown = await koordinator.looks_over({"Tjenester som spørres nå": ["Barneverntjenesten", "UDI"]})
    assert "En egen sak for D" in shown
    assert "*Denne saken* avsluttes for D" in shown
    assert "@barnevern (Kontaktperson)" in shown, "who sits in the case, not who is on call"
    assert "Ingenting er sendt ennå." in shown
    await koordinator.sends()
    await koordinator.puts_away()
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
