"""`/tot hvem`: who can what, and who is on call, without a word of any case; and each one's language."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import Town

SIX = ("Politiet", "Barneverntjenesten", "Sosialtjenesten", "Bistandsadvokaten", "Helsetjenesten", "UDI")


def pages(town: Town, handle: str) -> list[str]:
    """The pages to print that somebody has before them."""
    return [content.decode() for name, content in town.person(handle).files() if name.startswith("hvem-")]


@story(*SIX, confirmed=("politi-exit",))
async def test_anyone_reads_who_can_what_and_nothing_of_a_case_nor_where_a_shelter_is(town: Town) -> None:
    shown = await town.utenforstaende.types("/tot hvem")
    for words in (
        "Vakttelefon: 55 00 00 01",
        "Nå: @politi-exit (Etterforsker, EXIT), til tir. 1. des. kl. 16:00",
        "Neste: @politi-vakt (Vakthavende), fra tir. 1. des. kl. 16:00",
        "Rettslig bistand",
        "@koordinator",
        "112",
    ):
        assert words in shown
    shelter = shown[shown.index("botilbud 1") :].split("\n\n")[0]
    assert "Nås gjennom koordinatoren" in shelter
    in_room = await town.koordinator.types("/tot hvem", in_=town.room)
    assert sorted(in_room.split()) == sorted(shown.split()), "the same for everybody, wherever it is asked"
    await town.until("16:01")
    town.rings()
    assert "Nå: @politi-vakt (Vakthavende)" in await town.utenforstaende.types("/tot hvem")
    await town.utenforstaende.presses("Side til utskrift", in_="#generelt")
    assert town.rings() == {"utenforstaende": 1}
    (page,) = pages(town, "utenforstaende")
    assert page.startswith("<!DOCTYPE html>")
    for words in ("Politiet", "55 00 00 01", "Etterforsker, EXIT", "tirsdag 1. desember 2026", "botilbud 1"):
        assert words in page
    for hidden in (town.code, "Institusjonen", "55 00 00 07", "U0BOTILBUD", "vakt@botilbud"):
        assert hidden not in shown + in_room + page, hidden
    for hidden in ("U0POLITIEXIT", "exit@politi"):
        assert hidden not in page, hidden


@story()
async def test_words_choose_and_are_never_repeated_and_a_page_is_printed_once_a_day(town: Town) -> None:
    for typed, there, gone in (
        ("bolig", "Sosialtjenesten", "Politiet"),
        ("UDI", "Refleksjonsperiode", "Politiet"),
        ("penger livsopphold", "Sosialtjenesten", "Helsetjenesten"),
    ):
        shown = await town.helse.types(f"/tot hvem {typed}")
        assert there in shown, typed
        assert gone not in shown, typed
    shown = await town.helse.types("/tot hvem Kari Nordmann")
    assert "fant ingen tjeneste" in shown
    assert "Politiet" in shown
    assert "kari" not in shown.casefold()
    # A page to print: one a day, and the older one goes.
    for length in ("0 s", "1 min", "1 d"):
        await town.later(length)
        await town.helse.types("/tot hvem utskrift")
        assert len(pages(town, "helse")) == 1
    assert town.rings() == {"helse": 2}


@story("Helsetjenesten")
async def test_each_reads_in_the_language_they_have_chosen_and_no_other(town: Town) -> None:
    helse, koordinator = town.helse, town.koordinator
    helse.sees("Jeg bekrefter taushetsplikten")
    assert "skriv eg nynorsk" in await helse.types("/tot språk nynorsk")
    helse.sees("Eg stadfestar teieplikta", in_="tot-bot")
    assert "Kven kan kva" in await helse.types("/tot kven")
    assert "English" in await helse.types("/tot språk english")
    assert "Reached through the coordinator" in await helse.types("/tot who")
    assert town.rings() == {}, "what stands is written anew, and no phone rings"
    assert "Hvem kan hva" in await koordinator.types("/tot hvem")
    await koordinator.types("/tot språk klingon")
    assert koordinator.choices("Språk") == ["Bokmål", "Nynorsk", "English"]
    await koordinator.sends({"Språk": "Nynorsk"})
    assert "Saker i TOT Bergen" in await koordinator.looks_at_home()
    assert "Ventar på deg" in koordinator.home
    await koordinator.chooses("Språk", "Bokmål", in_="home")
    assert "Venter på deg" in koordinator.home
    for language, word in (("nynorsk", "kall"), ("english", "convene")):
        await koordinator.types(f"/tot språk {language}")
        await koordinator.types(f"/tot {word}")
        assert "Politiet · Etterforsker, EXIT" in koordinator.form, "who is on call now stands first"
