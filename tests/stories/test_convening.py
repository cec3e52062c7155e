"""Requests that TOT convenes: asked, answered, reminded of; and an acute case in few taps."""

from __future__ import annotations

from bot.cli.demo import PARTNERS
from tests.stories import story
from tests.stories.test_opening import undoes
from tests.stories.town import Town

HOW_SOON = "Hvor fort bør TOT møtes?"
TODAY, DAYS, WEEKS = "I dag", "I løpet av noen dager", "Det kan vente et par uker"
OTHER = "En tjeneste som ikke står her"
ASKED = "Tjenester som spørres nå"
CONVENES = "ber om at TOT kalles sammen"
WAITS = "Svarer ingen innen"
YES, NO = "*Ja, TOT kalles sammen.*", "*TOT kalles ikke sammen nå:*"
BOTH = {"koordinator": 1, "vara-koordinator": 1}
ACUTE = "Akutt: kall TOT sammen"
POLICE = "Politiet · Etterforsker, EXIT"


async def asks(town: Town, handle: str = "helse", how_soon: str = TODAY, **more: str) -> None:
    person = town.person(handle)
    await person.does("/tot kalle", {HOW_SOON: how_soon, **more})


async def declines(town: Town, why: str = "Dette løses bedre med veiledning") -> None:
    await town.koordinator.does("Nei", {"Hvorfor?": why}, in_="tot-bot")


@story()
async def test_an_agency_asks_and_the_answer_is_yes_when_a_case_is_opened(town: Town) -> None:
    lead, asker = town.koordinator, town.helse
    for person in (lead, asker, town.barnevern):
        await person.looks_at_home()
    await asker.types("/tot kalle 41 23 45 67")
    assert "Dette er ikke en bekymringsmelding" in asker.form
    assert "41 23" not in asker.form
    assert asker.choices("Hvilken tjeneste") == ["Helsetjenesten", OTHER]
    await asker.sends({HOW_SOON: TODAY, "Merknad": "Flere trengs i kveld."})
    await asker.puts_away()
    assert town.rings() == {**BOTH, "helse": 1}
    for person in (lead, town.vara_koordinator):
        told = person.sees(f"*@helse {CONVENES}* · Helsetjenesten")
        assert "Flere trengs i kveld." in told
        assert "Teamet har lovet svar innen tirsdag 1. desember kl. 10." in told
    assert "Skal TOT kalles sammen?\n*Helsetjenesten* · @helse" in lead.home
    assert "[ Ja, opprett sak ] [ Nei ]" in lead.home
    due = "svarer deg her innen tirsdag 1. desember kl. 10"
    assert f"{due}. Kan det ikke vente, så ring koordinatoren." in asker.sees("Koordinatorene har fått det")
    assert "kalles sammen" not in town.barnevern.home.replace("Be om at TOT kalles sammen", "")
    late = town.vara_koordinator.keeps("Nei", in_="tot-bot")

    await lead.presses("Ja, opprett sak", in_="tot-bot")
    lead.sees_no("Flere trengs", but="Akutt: kall TOT sammen", in_="modal")
    assert "[x] Helsetjenesten" in lead.form
    assert lead.form.count("[x]") == 1, "who asked is ticked, and nobody else"
    assert lead.choices(ASKED)[0].startswith("Helsetjenesten"), "and stands first"
    await lead.steps({ASKED: [POLICE]})
    lead.sees_no("Flere trengs", but="Se over og send", in_="modal")
    assert "Får vite om det\n• @helse" in lead.form.replace("*", ""), "the review names whoever asked"
    await lead.steps()
    await lead.puts_away()
    assert asker.sees(YES) == asker.messages[-1]
    assert town.rings()["helse"] == 1
    assert "Helsetjenesten" in town.card()
    town.vara_koordinator.sees_no("Flere trengs", but="ble en sak.")
    assert "allerede" in await town.vara_koordinator.presses_kept(late)
    await town.later("3 t")
    lead.sees_no(WAITS, but="ble en sak.")


@story()
async def test_two_who_say_yes_at_once_open_one_case(town: Town) -> None:
    await asks(town)
    await town.koordinator.does("/tot koordinator", {"Utnevn ny koordinator": "barnevern"})
    for each in (town.koordinator, town.vara_koordinator, town.barnevern):
        await each.presses("Ja, opprett sak", in_="tot-bot")
    for each in (town.koordinator, town.vara_koordinator):
        await each.steps({ASKED: [POLICE]})
    await town.koordinator.steps()
    town.rings()
    assert "allerede" in await town.vara_koordinator.looks_over(), "at «Send»"
    assert "allerede" in await town.barnevern.looks_over({ASKED: [POLICE]}), "and before the review"
    assert len(town.rooms) == 1
    assert town.rings() == {}


@story()
async def test_what_a_case_was_opened_from_waits_again_when_that_is_undone(town: Town) -> None:
    await asks(town)
    await town.barnevern.does("/tot veiledning", {"Tema": "Barn og unge", "Hva vil du drøfte?": "Hva nå?"})
    await asks(town, "politi-exit")
    await declines(town)
    for label, fields in (
        ("Ja, opprett sak", {ASKED: [POLICE]}),
        ("Opprett sak", {ASKED: ["Politiet"], "Sted": "Møterom Nord"}),
    ):
        await town.koordinator.does(label, fields, in_="tot-bot")
        town.vara_koordinator.sees("ble en sak.")
        assert "er åpent igjen.* Den som spurte, får vite" in await undoes(town)
    town.helse.sees("*Svaret «ja» er trukket tilbake*", "svarer deg her innen")
    town.helse.sees_no(YES, but="Koordinatorene har fått det")
    town.barnevern.sees_no("avsluttet", but="Du har bedt om veiledning")
    town.politi_exit.sees(NO)
    for person in (town.koordinator, town.vara_koordinator):
        person.sees(f"*@helse {CONVENES}* · Helsetjenesten")
        person.sees("@barnevern ber om veiledning", "Hva nå?")
    await town.koordinator.does("Nei", {"Hvorfor?": "Dette løses bedre med veiledning"}, in_="tot-bot")
    town.helse.sees(NO)
    await town.koordinator.does("Svar", {"Svaret": "Ring vakten."}, in_="tot-bot")
    town.barnevern.sees("Ring vakten.")


@story()
async def test_another_case_answers_nobody_and_how_soon_decides_which_form_opens(town: Town) -> None:
    await asks(town)
    await town.opens_case("Helsetjenesten")
    town.helse.sees_no(YES, but="Koordinatorene har fått det")
    await declines(town)
    town.helse.sees(NO)
    town.rings()
    await town.koordinator.does("/tot koordinator", {"Utnevn ny koordinator": "politi-exit"})
    assert town.rings() == {"politi-exit": 2}, "that they are one, and the open case"
    for how_soon, phase, at in (
        (WEEKS, "(•) Arbeidsfase", "2026-12-08 09:00"),
        (DAYS, "(•) Akuttfase", "2026-12-02 09:00"),
    ):
        await asks(town, how_soon=how_soon)
        await town.koordinator.presses("Ja, opprett sak", in_="tot-bot")
        town.koordinator.sees(phase, at, in_="modal")
        await declines(town)
    # The form is in the person's language.
    await town.helse.types("/tot språk english")
    await town.helse.does("/tot convene", {"How soon should TOT meet?": "Within a few days"})
    town.helse.sees("You have asked TOT to convene")
    town.koordinator.sees(f"{CONVENES}* · Helsetjenesten")


@story()
async def test_no_comes_with_a_reason_and_in_the_end_it_is_gone(town: Town) -> None:
    asker = town.utenforstaende
    await asker.types("/tot kall")
    found = asker.choices("Hvilken tjeneste")
    assert {"Politiet", "UDI", OTHER} <= set(found), "of no agency, they may ask for any"
    assert "Institusjonen" not in found
    await asks(town, "utenforstaende", **{"Hvilken tjeneste spør?": OTHER, "Merknad": "Kort."})
    town.rings()
    late = town.vara_koordinator.keeps("Nei", in_="tot-bot")
    await declines(town)
    assert town.rings() == {"utenforstaende": 1}
    asker.sees(f"{NO} dette løses bedre med veiledning.", "@koordinator", "slettes torsdag 31. desember")
    asker.sees_no("Du har bedt om", but=NO, in_="tot-bot")
    for person in (town.koordinator, town.vara_koordinator):
        person.sees_no("Kort.", but="En annen tjeneste ba om at TOT kalles sammen: dette løses bedre med")
    assert "allerede" in await town.vara_koordinator.presses_kept(late)
    assert town.rings() == {}
    await town.until("22:00", days=29)
    asker.sees(NO)
    await town.until("10:00", days=1)
    for person in (asker, town.koordinator):
        assert person.messages == []
    assert town.vara_koordinator.messages == [town.vara_koordinator.sees("Dette er allerede")]


@story()
async def test_it_is_reminded_of_once_until_it_is_decided(town: Town) -> None:
    await asks(town)
    await asks(town, "barnevern", DAYS)
    await asks(town, "politi-exit", WEEKS)
    town.rings()
    for length, rings in (("29 min", {}), ("2 min", BOTH), ("60 min", {})):
        await town.later(length)
        assert town.rings() == rings, length
    town.vara_koordinator.sees(WAITS, "Helsetjenesten", "(tirsdag 1. desember)")
    late = "Ingen har svart ennå. Kan det ikke vente, så skriv til"
    town.helse.sees_no("svarer deg her innen", but=late, in_="tot-bot")
    await town.koordinator.presses("Nei", in_="tot-bot", near="@helse ber om")
    await town.koordinator.sends({"Hvorfor?": "Tjenesten må avklare mer selv først"})
    town.vara_koordinator.sees_no(WAITS, but="Helsetjenesten ba om at TOT kalles sammen")
    town.rings()
    assert await town.rings_at("13:00") == BOTH, "half-way to an answer within a day"
    assert "Barneverntjenesten" in town.koordinator.sees(WAITS)
    assert await town.rings_at("09:00", days=1) == BOTH, "a working day before"
    assert "Politiet" in town.koordinator.sees("innen torsdag 3. desember kl. 9. Svarer ingen")
    assert (
        "innen lørdag 2. januar, avsluttes det uten svar, og @politi-exit får vite det."
        in town.koordinator.sees("@politi-exit ber om")
    )
    await town.until("09:01", days=1)
    assert town.rings() == {}
    await town.until("10:00", days=30)
    said = town.politi_exit.sees("*Koordinatorene har ikke svart på om TOT skal kalles sammen.*")
    assert "@vara-koordinator" in said
    town.koordinator.sees_no(WAITS, but="Politiet ba om at TOT kalles sammen: avsluttet uten svar.")
    await town.until("10:00", days=31)
    assert town.politi_exit.messages == []


@story("Politiet", confirmed=("politi-exit",))
async def test_the_shortcut_and_a_message_call_or_ask_by_whose_they_are(town: Town) -> None:
    for handle in ("helse", "politi-exit", "utenforstaende"):
        person = town.person(handle)
        await (person.uses(ACUTE) if handle == "helse" else person.types("/tot akutt"))
        person.sees("ring 112 eller barnevernvakten", "Barnevernvakten: 55 00 00 03", in_="modal")
        assert "55 00 00 01" not in person.form
        assert HOW_SOON in person.form
    await town.koordinator.uses(ACUTE)
    assert ASKED in town.koordinator.form
    await town.helse.writes("kalle")
    town.helse.sees("Ingenting venter på deg nå")
    await town.helse.does("Be om at TOT kalles sammen", {HOW_SOON: TODAY}, in_="tot-bot")
    town.koordinator.sees(f"{CONVENES}* · Helsetjenesten")
    await town.vara_koordinator.writes("kalle")
    assert "Be om at TOT kalles sammen" not in town.vara_koordinator.offers("tot-bot"), (
        "they call it themselves"
    )
    gone = PARTNERS.read_text("utf-8").partition('key = "helse"')[2].partition("# Andre")[0]
    await town.partners_change((f'[[teams.agencies]]\nkey = "helse"{gone}', ""))
    await town.koordinator.does("Ja, opprett sak", {ASKED: [POLICE]}, in_="tot-bot")
    town.helse.sees(YES)


@story()
async def test_what_came_of_what_was_asked_is_counted_also_when_the_rest_is_deleted(town: Town) -> None:
    lead = town.koordinator
    for handle in ("helse", "barnevern"):
        asked = {"Tema": "Barn og unge", "Hva vil du drøfte?": "Hva nå?"}
        await town.person(handle).does("/tot veiledning", asked)
    await lead.does("Svar", {"Svaret": "Ring vakten."}, in_="tot-bot", near="@helse")
    await asks(town)
    await declines(town)
    for how_soon in (TODAY, WEEKS):
        await asks(town, "utenforstaende", how_soon, **{"Hvilken tjeneste spør?": OTHER})
    await lead.does("Ja, opprett sak", {ASKED: [POLICE]}, in_="tot-bot", near="bør møtes: samme dag")
    await town.until("09:01", days=2)
    await lead.does("Svar", {"Svaret": "Ring vakten."}, in_="tot-bot", near="@barnevern")
    for _ in range(2):
        await lead.types("/tot rapport")
        await lead.sends({"Fra og med": "januar 2026", "Til og med": "desember 2026", "Hvem er": "Bare meg"})
        told = lead.sees("Årsmelding for TOT Bergen 2026")
        for counted in (
            *("spurt av Helsetjenesten: 1 ", "spurt av andre: 2 ", "ikke avgjort: 1 "),
            *("– kalt sammen: 1 ", "ikke kalt sammen: 1 ", "svart i tide: 1 "),
            "tema: Barn og unge under 18: 2 ",
        ):
            assert counted in told
        await town.later("70 d")
