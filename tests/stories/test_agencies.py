"""`/tot tjeneste` and `/tot hvem`: the contacts of an agency, absences, the duty line, and who is on call."""

from __future__ import annotations

from datetime import date

from tests.stories import story
from tests.stories.town import Town, Townsperson

OUT = "Ta ut som kontaktperson"


async def keeps(who: Townsperson, what: str, agency: str = "politiet") -> None:
    """Open an agency, and press a button there or, for a contact, the one beside them."""
    await who.types(f"/tot tjeneste {agency}")
    if what in who.offers():
        await who.presses(what)
    else:
        await who.presses("Endre", near=what)


async def listed(who: Townsperson, agency: str = "politiet") -> str:
    form = await who.opens(f"/tot tjeneste {agency}")
    await who.puts_away()
    return form


@story("Politiet", "Helsetjenesten", confirmed=("politi-exit", "vara-koordinator"))
async def test_a_contact_whom_a_leader_adds_waits_for_a_coordinator(town: Town) -> None:
    leader, koordinator = town.politi_leder, town.koordinator
    await leader.opens("/tot etat", {"Hvilken tjeneste?": "Politiet"})
    assert "@politi-exit (Etterforsker, EXIT), i arbeidstiden" in leader.form
    await leader.presses("Ny kontaktperson")
    assert "Koordinatoren godkjenner nye kontaktpersoner" in leader.form
    assert "ikke begge" in (await leader.is_refused())["Kollega i Slack"]
    assert "Tittel" in await leader.is_refused(
        {"Kollega i Slack": "utenforstaende", "Tittel": "Ola 912 34 567"}
    )
    await leader.sends({"Tittel": "Etterforsker", "Plass": "1"})
    assert town.rings() == {"koordinator": 1, "vara-koordinator": 1}
    koordinator.sees("har foreslått en ny kontaktperson")
    assert "venter på godkjenning" in await listed(leader)
    assert "utenforstaende" not in await town.helse.types("/tot hvem politiet"), "nobody is asked before"
    kept = town.vara_koordinator.keeps("Godkjenn", in_="tot-bot")
    await koordinator.presses("Godkjenn", in_="tot-bot")
    leader.sees("ny kontaktperson godkjent")
    assert town.rings() == {"politi-leder": 1}
    assert "Godkjenn" not in town.vara_koordinator.offers("tot-bot")
    assert await town.vara_koordinator.presses_kept(kept)
    assert town.rings() == {}
    assert "1. @utenforstaende (Etterforsker)" in await listed(leader)
    assert "Spørres nå: @utenforstaende (Etterforsker)" in await town.helse.types("/tot hvem politiet")
    await keeps(leader, "Ny kontaktperson")
    await leader.sends({"Jobbadresse": "ny@politi.example"})
    await koordinator.presses("Avslå", in_="tot-bot")
    leader.sees("ny kontaktperson ikke godkjent")
    assert "venter" not in await listed(leader)


@story()
async def test_coordinators_are_asked_about_those_who_wait_and_the_partners_file_decides(town: Town) -> None:
    leader, waiting = town.politi_leder, 2
    for number in range(waiting):
        await keeps(leader, "Ny kontaktperson")
        await leader.sends({"Jobbadresse": f"ny{number}@politi.example"})
    assert town.rings() == {"koordinator": waiting, "vara-koordinator": waiting}
    # The partners file approves one, and then nobody is asked about it any more.
    # Whoever coordinates from now on is asked too, and nobody who does not any more.
    await town.vara_koordinator.looks_at_home()
    for to, of, asked in (("helse", "vara-koordinator", 0), ("vara-koordinator", "helse", waiting)):
        await town.koordinator.does("/tot koordinator", {"Utnevn": to, "Frita": of})
        assert "".join(town.vara_koordinator.messages).count("[ Godkjenn ]") == asked
        assert ("[ Opprett sak ]" in town.vara_koordinator.home) is bool(asked)
    town.helse.sees_no("Du er koordinator for TOT Bergen", but="vara-koordinator: Du er koordinator for")
    last = 'position = 3, hours = "office", leader = true },'
    await town.partners_change((last, last + '\n{ work_mail = "ny0@politi.example", title = "" },'))
    assert "".join(town.vara_koordinator.messages).count("[ Godkjenn ]") == waiting - 1


@story("Politiet", "Helsetjenesten", "UDI", confirmed=("politi-exit",))
async def test_what_a_coordinator_changes_is_so_at_once(town: Town) -> None:
    koordinator = town.koordinator
    await keeps(koordinator, "Ny kontaktperson")
    wrong = await koordinator.is_refused({"Kollega i Slack": "helse", "Jobbadresse": "ny@politi.example"})
    assert "ikke begge" in "".join(wrong.values())
    await koordinator.sends({"Kollega i Slack": None, "Tittel": "Reserve"})
    koordinator.sees("Lagret.", in_="modal")
    assert "4. Reserve" in await listed(koordinator)
    await keeps(koordinator, "4. Reserve")
    assert await koordinator.is_refused({"Plass i rekkefølgen": "0"})
    await koordinator.sends({"Plass i rekkefølgen": "2", "Når svarer": "Utenom arbeidstiden"})
    assert "2. Reserve" in await listed(koordinator)
    again = {"Jobbadresse": "NY@politi.example", "Tittel": "Reserve"}
    await keeps(koordinator, "Ny kontaktperson")
    wrong = await koordinator.is_refused(again)
    assert "er kontaktperson i tjenesten allerede" in "".join(wrong.values())
    await keeps(koordinator, "2. Reserve")
    await koordinator.sends({"Mer": [OUT]})
    assert "Reserve" not in await listed(koordinator)
    await keeps(koordinator, "Ny kontaktperson")
    await koordinator.sends(again)
    assert "4. Reserve, hele døgnet" in await listed(koordinator)
    await keeps(koordinator, "Vakttelefonen")
    assert "ikke et norsk telefonnummer" in "".join(
        (await koordinator.is_refused({"Vakttelefon": "ring"})).values()
    )
    await koordinator.sends({"Vakttelefon": "55112233"})
    assert "*Vakttelefon:* 55 11 22 33" in await listed(koordinator)
    await keeps(koordinator, "(Etterforsker, EXIT)")
    assert "/tot plass" in (await koordinator.is_refused({"Mer": [OUT]}))["Mer"], "they have a seat"
    assert town.rings() == {}


@story()
async def test_a_new_agency_is_there_at_once_and_its_name_tells_of_no_shelter(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot tjeneste")
    await koordinator.presses("Ny tjeneste")
    koordinator.sees_no("for å fjerne det", but="Nummeret koordinatoren ringer", in_="modal")
    kind, name = "Hva slags tjeneste er det?", "Navn"
    shelter = await koordinator.is_refused({kind: "Krisesenter", name: "Krisesenteret i Bergen"})
    assert "botilbud 2" in shelter[name], "it would tell where somebody lives"
    known = await koordinator.is_refused({kind: "Helsetjeneste", name: "Helsetjenesten"})
    assert "allerede en tjeneste med det navnet" in known[name]
    await koordinator.steps({name: "Sykehuset", "Vakttelefon": "55112233"})
    assert "Tjenesten har ingen kontaktpersoner ennå" in koordinator.form
    await koordinator.presses("Ny kontaktperson")
    await koordinator.sends({"Kollega i Slack": "utenforstaende", "Tittel": "Vakthavende lege"})
    assert "55 11 22 33" in await town.helse.types("/tot hvem sykehuset")
    await town.opens_case("Sykehuset")
    town.utenforstaende.sees("trenger Sykehuset i en sak i TOT Bergen")


@story("Politiet", "Helsetjenesten", confirmed=("politi-exit",))
async def test_who_is_away_is_asked_for_a_deputy_and_is_not_asked_again(town: Town) -> None:
    police, koordinator = town.politi_exit, town.koordinator
    assert "Du er borte" not in await police.looks_at_home()
    await police.types("/tot tjeneste")
    assert police.form.startswith("Jeg er borte")
    assert "Endre" not in police.form, "a contact keeps their own absence alone"
    last = "Borte til og med"
    refused = await police.is_refused({"Borte fra": date(2026, 12, 2), last: date(2026, 11, 30)})
    assert "Siste dag kan ikke være før" in refused[last]
    await police.steps({"Borte fra": None, last: date(2026, 12, 4)})
    police.sees("Disse møtene faller i den tiden", "tor. 3. des. kl. 10:00 · Politiet", in_="modal")
    assert "Du er borte til og med fredag 4. desember." in police.home, "stored, whatever comes of the form"
    assert ", borte til og med fredag 4. desember 2026\n" in await police.types("/tot innsyn")
    for asked, until in (("@politi-vakt", None), ("@politi-exit", date(2026, 12, 4))):
        await koordinator.types("/tot sak mandag kl 10")
        shown = await koordinator.looks_over(
            {"Tjenester som spørres nå": ["Politiet"], "Sted": "Møterom Nord"}
        )
        assert f"Politiet: {asked}" in shown, until
        await keeps(koordinator, "(Etterforsker, EXIT)")
        assert ("2026-12-04" in koordinator.form) is (until is None)
        await koordinator.sends({last: None if until is None else date(2026, 12, 1)})
    assert "borte til og med tirsdag 1. desember" in await listed(koordinator), "on the last day too"
    await police.does("/tot tjeneste", {"Borte fra": date(2026, 12, 14), last: date(2026, 12, 18)})
    away = ", borte fra mandag 14. desember 2026 til og med fredag 18. desember 2026\n"
    assert away in await police.types("/tot innsyn")
    await town.helse.types("/tot tjeneste")
    await town.helse.sends({last: date(2026, 12, 18)})


@story()
async def test_a_leader_who_is_away_says_so_from_the_list_of_agencies(town: Town) -> None:
    leader = town.politi_leder
    for contact in ("(Etterforsker, EXIT)", "(Vakthavende)"):
        await keeps(town.koordinator, contact)
        await town.koordinator.sends({"Borte til og med": date(2026, 12, 4)})
    assert "Spørres nå: @politi-leder (Leder, EXIT)" in await leader.types("/tot hvem politiet")
    assert "Politiet · Leder, EXIT" in await town.koordinator.opens("/tot akutt"), "the same"
    for first, said in ((date(2026, 12, 3), "fra torsdag 3. desember til og med"), (None, "til og med")):
        await leader.types("/tot tjeneste")
        await leader.presses("Jeg er borte")
        await leader.sends({"Borte fra": first, "Borte til og med": date(2026, 12, 4)})
        assert f"leder, borte {said} fredag 4. desember" in await listed(leader)
        dated = said.replace("desember", "desember 2026")
        assert f"leder, borte {dated} fredag 4. desember 2026" in await leader.types("/tot innsyn")
    # Whoever is about to ask everybody sees it.
    lead, named = (
        town.koordinator,
        "Politiet: @politi-leder (Leder, EXIT), borte til og med fredag 4. desember",
    )
    assert named in await lead.opens("/tot prøve")
    await lead.types("/tot fellesmøte fredag kl 12")
    assert named in await lead.looks_over({"Emne": "Årshjul", "Sted": "Det store møterommet"})


SIX = ("Politiet", "Barneverntjenesten", "Sosialtjenesten", "Bistandsadvokaten", "Helsetjenesten", "UDI")


def pages(town: Town, handle: str) -> list[str]:
    """Return somebody's pages to print."""
    return [content.decode() for name, content in town.person(handle).files() if name.startswith("hvem-")]


@story(*SIX, confirmed=("politi-exit",))
async def test_anyone_reads_who_can_what_and_nothing_of_a_case_nor_where_a_shelter_is(town: Town) -> None:
    shown = await town.utenforstaende.types("/tot hvem")
    for words in (
        "*Vakttelefon:* 55 00 00 01",
        "Spørres nå: @politi-exit (Etterforsker, EXIT)",
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
    assert "Spørres nå: @politi-vakt (Vakthavende)" in await town.utenforstaende.types("/tot hvem")
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
    # A page to print: one a day, replacing the older one.
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
    await koordinator.chooses("Språk", "Nynorsk")
    assert "skriv eg nynorsk" in koordinator.whispers[-1]
    assert "Saker i TOT Bergen" in await koordinator.looks_at_home()
    assert "Møta mine" in koordinator.home
    await koordinator.chooses("Språk", "Bokmål", in_="home")
    assert "Møtene mine" in koordinator.home
    for language, word in (("nynorsk", "kall"), ("english", "convene")):
        await koordinator.types(f"/tot språk {language}")
        await koordinator.types(f"/tot {word}")
        assert "Politiet · Etterforsker, EXIT" in koordinator.form, "who is on call now stands first"


@story("Politiet", "UDI")
async def test_another_duty_line_stands_at_once_where_somebody_is_to_ring(town: Town) -> None:
    town.koordinator.sees("*UDI:* Saksbehandler\n*Vakttelefon:* 55 00 00 06", in_="tot-bot")
    await keeps(town.koordinator, "Vakttelefonen", "udi")
    await town.koordinator.sends({"Vakttelefon": "55 11 22 33"})
    town.koordinator.sees("*UDI:* Saksbehandler\n*Vakttelefon:* 55 11 22 33", in_="tot-bot")
    assert "55 00 00 06" not in "".join(town.koordinator.messages)
