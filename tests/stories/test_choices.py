"""«Valg», Home, the help and the words: each person gets what they can do now, in few taps; no dead ends."""

from __future__ import annotations

import re

from tests.docs.interface import behind_more_choices
from tests.stories import story
from tests.stories.town import CONFIRM, Town, Townsperson

BOTH = ("Politiet", "Barneverntjenesten")
IN = ("politi-exit", "barnevern")
TAKE_IN = "Ta inn en kontakt fra et annet distrikt"
#: The first buttons of «Valg», by person and time; without the menus beside each agency.
AGREE = ["Avtal tiltak", "Flere valg"]
COORDINATORS = {
    "before": ["Ring og registrer svar", "Flytt møtet", "Kall inn en tjeneste til", *AGREE],
    "during": ["Oppmøte", "Ring og registrer svar", "Kall inn til møte", "Kall inn en tjeneste til", *AGREE],
    "after": ["Oppmøte", "Kall inn til møte", "Kall inn en tjeneste til", *AGREE],
    "without": ["Kall inn til møte", "Kall inn en tjeneste til", AGREE[0], "Avslutt saken", AGREE[1]],
}
CONTACTS = {
    "before": ["Jeg kommer", "Kan ikke", "Ikke vår sak", *AGREE],
    "during": ["Jeg er til stede", *AGREE],
}
#: The menu beside an agency.
BESIDE = {"Registrer svar", "Endre …", "Ta ut av saken …", "Spør nå …"}
#: Each first button → the form that it opens.
FIRST = {
    "Ring og registrer svar": "Registrer svar",
    "Flytt møtet": "Flytt møtet",
    "Kall inn en tjeneste til": "Kall inn en tjeneste til",
    "Avtal tiltak": "Avtal tiltak",
}
#: Behind «Flere valg»: useless before a meeting to the coordinator who has a case that does not wait.
NOT_BEFORE = (
    "Jeg er til stede",
    "Jeg tar over",
    "Ta opp saken igjen",
)
#: People with a seat in the case, as docs/interface.md names them.
SEATED = ("anyone", "seat holder", "the one it concerns")
#: The words of a room, as the help lists them.
ROOM = (
    *("inviter", "ut", "ring", "møte", "flytt", "avlys", "oppmøte", "tiltak", "frist", "person", "koble"),
    *("fase", "vent", "avslutt", "gjenåpne"),
)


def words_in(help_: str) -> list[str]:
    return re.findall(r"`/tot ([^` ]+)` –", help_)


async def everything(who: Townsperson, in_: str) -> str:
    """Return the text of «Alt du kan» below the help."""
    await who.types("/tot hjelp", in_=in_)
    await who.presses("Alt du kan", in_=in_)
    return who.form


@story(*BOTH, confirmed=IN)
async def test_valg_begins_with_what_is_of_use_now(town: Town) -> None:
    async def begins(moment: str) -> None:
        for who, of in ((town.koordinator, COORDINATORS), (town.politi_exit, CONTACTS)):
            shown = [label for label in await who.opens_choices() if label not in BESIDE]
            assert shown == of.get(moment, AGREE), (who.handle, moment)
            await who.puts_away()

    await begins("before")
    await town.until("10:30", days=2)
    await begins("during")
    await town.until("11:30")
    await begins("after")
    await town.koordinator.does("/tot oppmøte", dict.fromkeys(BOTH, "Møtte"), in_=town.room)
    await begins("without")
    await town.koordinator.opens_choices()
    behind = await town.koordinator.opens_choices(more=True)
    assert set(behind).isdisjoint(("Flytt møtet", "Avlys møtet", "Ring og registrer svar")), "no dead end"
    assert "Oppmøte" in behind
    await town.koordinator.puts_away()
    for word in ("flytt", "avlys", "ring"):
        said = await town.koordinator.types(f"/tot {word}", in_=town.room)
        assert said.startswith("Saken har ingen kommende møter. Kall inn?"), word
        await town.koordinator.presses("Kall inn til møte", in_=town.room)
        assert town.koordinator.form.startswith("Kall inn til møte")


async def opens_every_form(town: Town) -> None:
    """Press every choice of a case: at most three taps from the card."""
    assert [each for each in await town.koordinator.opens_choices() if each not in BESIDE][:-1] == list(FIRST)
    people = {label: re.split(", | or ", who) for label, who in behind_more_choices().items()}
    further = [label for label in people if label not in (*FIRST, *NOT_BEFORE)]
    assert await town.koordinator.opens_choices(more=True) == ["Tilbake", *further]
    await town.koordinator.puts_away()
    opened = dict(FIRST)
    for label in (*FIRST, *further):
        if label == "Oppmøte":
            continue  # nothing to register before the meeting
        who = town.politi_exit if label in ("Meld vara", "Gi plassen videre") else town.koordinator
        await who.picks(label)
        opened[label] = opened.get(label) or who.form.partition("\n")[0]
        assert who.form.startswith(f"{opened[label]}\n"), label
        await who.person.closes()
        assert who.form == "", "closed, the card is there again"
    assert len(set(opened.values())) == len(opened), "each has a form of its own"
    await town.politi_exit.opens_choices()
    of_an_agency = [label for label in further if set(people[label]) & set(SEATED)]
    assert await town.politi_exit.opens_choices(more=True) == ["Tilbake", *of_an_agency]
    assert "[ Flere valg ]" in await town.politi_exit.opens("Tilbake")


@story(*BOTH, "Sosialtjenesten", confirmed=IN)
async def test_each_is_offered_what_they_can_do_and_nothing_else(town: Town) -> None:
    """Coordinators get everything; an agency its actions and deadlines; a liaison and strangers nothing."""
    room = town.room
    await town.koordinator.does("/tot koble", TAKE_IN, {"Hvem?": "helse", "Til": town.now.date()}, in_=room)
    await town.helse.confirms()
    await town.helse.opens_choices()
    assert await town.helse.opens_choices(more=True) == ["Tilbake", "Be om veiledning"]
    for handle, in_, can in (
        ("koordinator", room, ROOM),
        ("barnevern", room, ("tiltak", "frist")),
        ("helse", room, ()),
        ("sosialtjenesten", "#generelt", ()),
        ("utenforstaende", "#generelt", ()),
    ):
        who = town.person(handle)
        shown = await everything(who, in_)
        assert set(words_in(shown)) & set(ROOM) == set(can), handle
        stated = "*Taushetsplikten*" in shown and "Avvergeplikten gjelder alle" in shown
        assert stated is (handle != "utenforstaende"), "whoever may be asked can read again what they confirm"
        assert ("vara" in words_in(shown)) is (handle != "utenforstaende")
        assert {"kall", "kalle", "akutt", "sak"} & set(words_in(shown)) == {"kall"}, "as in the short help"
        assert ("kalle inn til et fellesmøte" in shown) is (handle == "koordinator")
    assert (await town.koordinator.types("/tot møte")).startswith("Dette gjelder én bestemt sak.")
    assert town.rings() == {"helse": 1}, "the question whether they can be there"


@story(*BOTH, confirmed=("politi-exit",))
async def test_help_has_the_few_words_that_are_needed_and_a_button_for_the_rest(town: Town) -> None:
    eight = ["kall", "møte", "inviter", "oppmøte", "tiltak", "avslutt", "hvem", "hjelp"]
    four = ["kall", "veiledning", "hvem", "hjelp", "innsyn"]
    asking = ["Be om at TOT kalles sammen", "Be om veiledning", "Hvem kan hva", "Alt du kan"]
    for handle, in_, words, labels in (
        ("koordinator", town.room, eight, ["Valg", "Alt du kan"]),
        ("koordinator", "#generelt", eight, ["Kall TOT sammen", "Hvem kan hva", "Alt du kan"]),
        ("politi-exit", town.room, four, ["Valg", "Alt du kan"]),
        ("politi-exit", "#generelt", four, asking),
        ("utenforstaende", "#generelt", four, asking),
    ):
        who = town.person(handle)
        said = await who.types("/tot hjelp", in_=in_)
        assert words_in(said) == words, (handle, in_)
        assert len(said.split()) <= 150
        assert ("`/tot innsyn`" in said) is (words == four)
        assert "112" in said
        assert "[ " + labels[0] in said
        for label in labels:
            before = len(who.whispers)
            await who.presses(label, in_=in_)
            assert who.form or len(who.whispers) == before + 1, label
    assert (await town.koordinator.types("/tot", in_=town.room)) == await town.koordinator.types(
        "/tot hjelp", in_=town.room
    )
    waits = await town.politi_exit.types("/tot", in_=town.room)
    assert "[ Kan ikke ] [ Ikke vår sak ]\n" in waits
    assert "[ Valg ]" in waits, "after what waits"
    await town.politi_exit.presses("Jeg kommer", in_="tot-bot")
    assert "Ingenting venter på deg" in await town.politi_exit.types("/tot", in_=town.room)
    assert town.rings() == {}
    near = await town.helse.types("/tot veiledningg")
    assert "veiledning" in near


@story(*BOTH, confirmed=("politi-exit",))
async def test_kall_opens_what_fits_who_types_it_and_where(town: Town) -> None:
    koordinator = town.koordinator
    for typed, label, title, says in (
        ("kall", "Møte i denne saken", "Kall inn til møte", ""),
        ("kall", "En ny sak", "Akutt: kall TOT sammen", "Tjenester som spørres nå"),
        ("kall mandag kl 9", "Møte i denne saken", "Kall inn til møte", "man. 7. des. kl. 09:00"),
        ("kall mandag kl 9", "En ny sak", "Opprett sak", "2026-12-07 09:00"),
    ):
        await koordinator.types(f"/tot {typed}", in_=town.room)
        assert "Gjelder det denne saken, eller en ny?" in koordinator.form
        await koordinator.presses(label)
        assert koordinator.form.startswith(title), (typed, label)
        assert says in koordinator.form, (typed, label)
    await koordinator.types("/tot kall")
    assert koordinator.form.startswith("Akutt: kall TOT sammen")
    assert "2026-12-07 09:00" in await koordinator.opens("/tot kall mandag kl 9")
    for who, in_ in ((town.utenforstaende, "#generelt"), (town.politi_exit, town.room)):
        await who.types("/tot kall", in_=in_)
        who.sees("ring 112 eller barnevernvakten", "Hvor fort bør TOT møtes?", in_="modal")


SIX = (*BOTH, "Sosialtjenesten", "Bistandsadvokaten", "UDI", "botilbud 1")


@story(*SIX, confirmed=IN, answered=("politi-exit",))
async def test_the_card_is_short_and_tells_the_room_no_more_than_it_needs(town: Town) -> None:
    await town.later("31 min")
    await town.koordinator.opens_choices()
    assert "*Politiet:* kommer · @politi-exit · svarte 09:00\n" in town.koordinator.form
    card = town.card()
    assert len(re.findall(r"[^\s·•]+", card)) <= 150
    assert "*Politiet:* kommer · @politi-exit" in card
    assert "*botilbud 1:* må ringes\n" in card, "nor by whom"
    for hidden in ("09:", "påminn", "55 00 00 0", "Institusjonen", "@botilbud", "vara-koordinator"):
        assert hidden not in card, hidden
    assert "verken alarm eller bekymringsmelding. Akutt: ring 112" in card
    assert "ikke navn eller annet som kan peke ut noen" in card


@story(
    *(*BOTH, "Sosialtjenesten"),
    confirmed=(*IN, "sosialtjenesten", "vara-koordinator"),
    answered=(*IN, "sosialtjenesten"),
)
async def test_where_nothing_is_missing_card_and_home_say_so(town: Town) -> None:
    assert "*3 kommer*" in town.card()
    lacking = "• Samtykke ikke avklart for Sosialtjenesten."
    assert lacking in town.card()
    assert lacking in await town.koordinator.looks_at_home()
    await town.koordinator.picks("Endre …", {"grunnlag": "Lovhjemmel"}, near="*Sosialtjenesten:*")
    assert "*Ingenting mangler nå.*" in town.card()
    home = town.koordinator.home
    assert "Ingenting mangler nå." in home
    assert "Ingenting venter på deg nå." in home
    assert "Ring disse" not in home
    await town.barnevern.does("Kan ikke", {"Hvorfor": "borte fra jobb"}, in_="tot-bot")
    assert "Ingenting mangler" not in town.card()
    home = town.koordinator.home
    assert "Ingenting" not in home.partition("Møtene mine")[0]
    assert "Forfall uten vara." in home.partition("Ring disse")[2].partition("Møtene mine")[0]
    assert ":* forfall uten vara" in home.partition("Saker i TOT Bergen")[2]


PUBLISH = "views.publish"
NOTHING = "Ingenting venter på deg nå"
READERS = ("koordinator", "politi-exit", "barnevern")


def published(town: Town, since: int) -> list[str]:
    """Return the people whose Homes have been published since, once for each time."""
    workspace = town.runner.sandbox.workspace
    calls = (call for call in workspace.calls[since:] if call.method == PUBLISH)
    return sorted(workspace.handle(str(call.arguments["user_id"])) for call in calls)


@story(*BOTH)
async def test_whoever_is_outside_reads_what_tot_is_and_asks_from_there(town: Town) -> None:
    for who in (town.utenforstaende, town.helse):
        home = await who.looks_at_home()
        assert home.count("TOT er et tverretatlig team") == (1 if who is town.utenforstaende else 0)
        assert home.count("TOT avdekker og etterforsker ikke") == 1, "the team's mandate"
        assert "Akutt: ring 112" in home
        opens = {
            "Hjelp": "TOT",
            "Be om veiledning": "Be om vei",
            "Be om at TOT kalles sammen": "Be om at TOT samles",
        }
        assert who.offers("home") == list(opens)
        for label, title in opens.items():
            await who.presses(label, in_="home")
            assert who.form.startswith(title)


@story(*BOTH)
async def test_a_contact_answers_there_and_reads_own_meetings_and_cases(town: Town) -> None:
    police, room = town.politi_exit, f"#{town.room}"
    home = await police.looks_at_home()
    assert home.startswith("Venter på deg\n")
    assert "trenger Politiet i en sak i TOT Bergen" in home
    assert not {"Møtene mine", "Sakene mine"} & set(home.splitlines())
    assert town.code not in home
    assert "Barnevern" not in home
    await police.presses(CONFIRM, in_="home")
    waiting, _, meetings = police.home.partition("Møtene mine")
    assert f"*Kommer du på møtet i sak {town.code}?*" in waiting
    assert f"sak {town.code} · Møterom Nord · du har ikke svart · {room}" in meetings
    assert f"Sak *{town.code}* · akuttfase · {room}" in meetings
    for label, state in (("Jeg kommer", "du kommer"), ("Kan ikke", "du kommer ikke")):
        await police.presses(label, in_="home")
        if police.form:
            await police.sends({"Hvorfor": "borte fra jobb"})
        waiting, _, meetings = police.home.partition("Møtene mine")
        assert f"{state} · {room}" in meetings
        assert "Kommer du på møtet" not in waiting
    assert "Jeg kan komme likevel" in police.offers("home")
    await town.koordinator.does("/tot ut politiet", in_=town.room)
    for gone in (town.code, "Venter på deg\nKommer", "Jeg kan komme likevel"):
        assert gone not in police.home, "somebody whose part is over is a stranger to the case"
    assert NOTHING in police.home


@story(*BOTH, "UDI", confirmed=("politi-exit",))
async def test_a_coordinator_reads_what_every_case_lacks_and_whom_to_ring(town: Town) -> None:
    koordinator, vara = town.koordinator, town.vara_koordinator
    home = await koordinator.looks_at_home()
    assert koordinator.offers("home")[:3] == ["Akutt: kall TOT sammen", "Opprett sak", "Hjelp"]
    await koordinator.presses("Opprett sak", in_="home")
    assert koordinator.form.startswith("Opprett sak")
    assert "Venter på deg" not in home, "what is missing is told below, where it can be done"
    ring = home.partition("Ring disse")[2].partition("Møtene mine")[0]
    assert "*UDI:* Saksbehandler" in ring
    assert "Politiet 55 00 00 01" in ring
    assert "Barneverntjenesten:*" not in ring, "who can be asked in Slack is not rung yet"
    assert f"sak {town.code} · Møterom Nord · du er koordinator · #{town.room}" in home
    for lack in (
        "• @vara-koordinator har ikke bekreftet taushetsplikten som koordinator.",
        "• *UDI:* må ringes",
        "• *Barneverntjenesten:* har ikke bekreftet taushetsplikten",
        "• *Politiet:* har ikke svart",
    ):
        assert lack in home.partition("Saker i TOT Bergen")[2], lack
    assert "UDI" in await koordinator.opens("Registrer svar", in_="home")
    await town.helse.does("/tot kalle", {"Hvor fort bør TOT møtes?": "I løpet av noen dager"})
    home = await vara.looks_at_home()
    assert "En sak i TOT Bergen venter på at du bekrefter taushetsplikten." in home
    assert "Skal TOT kalles sammen?" in home
    assert "Saker i TOT Bergen" not in home
    for who in (vara, town.politi_exit, town.barnevern, town.utenforstaende):
        home = await who.looks_at_home()
        for hidden in ("Ring disse", "55 00 00 0", "har ikke bekreftet taushetsplikten"):
            assert hidden not in home, (who.handle, hidden)
    assert town.code not in vara.home
    await vara.presses(CONFIRM, in_="home")
    assert "• *UDI:* må ringes" in vara.home
    assert "@vara-koordinator har ikke" not in koordinator.home
    await town.politi_exit.presses("Jeg kommer", in_="tot-bot")
    assert "• Politiet:" not in koordinator.home


@story(*BOTH)
async def test_a_home_that_fails_is_shown_later_and_holds_up_no_other(town: Town) -> None:
    for who in town.people(READERS):
        await who.looks_at_home()
    barnevern = town.barnevern.person.id
    workspace = town.runner.sandbox.workspace
    for fault, how in (("5xx_before", {}), ("reset_after", {}), ("error", {"code": "invalid_blocks"})):
        since = len(workspace.calls)
        town.meets(fault, PUBLISH, where=lambda asked: asked.get("user_id") == barnevern, **how)
        await town.koordinator.does(
            "/tot flytt fredag kl 12" if fault == "5xx_before" else "/tot fase", in_=town.room
        )
        at_once = len(workspace.calls)
        assert set(published(town, since)) >= {"koordinator", "politi-exit"}, fault
        await town.later("90 s")
        assert set(published(town, at_once)) <= {"barnevern"}, fault
    assert "fredag 4. desember" in town.barnevern.home
    town.koordinator.sees_no("kom ikke fram", but="Sak")
    # Of two in flight the newer one wins.
    police = town.politi_exit
    town.meets("delayed", PUBLISH, where=lambda asked: asked.get("user_id") == police.person.id, seconds=1.0)
    await town.opens_case("Politiet", when="i dag kl 15")
    await town.opens_case("Politiet", when="i overmorgen kl 14")
    assert police.home.count("trenger Politiet i en sak i TOT Bergen") == 3
    assert "*Akutt: møte i dag kl. 15" in police.home.partition("trenger Politiet")[0], "what is wanted first"
