"""The register of who came: filled in, corrected, told; why nobody came; the minutes."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.stories import story
from tests.stories.test_actions import agrees
from tests.stories.test_ringing import COMES, CONFIRMS
from tests.stories.test_roll_call import BEGINS, CHAIRS, FIVE, HERE, ON_SLACK, VIDEO
from tests.stories.town import Town

AWAY, CAME, LATE = "Uteble uten å si fra", "Møtte", "Møtte, men kom for sent"
BY_NOTICE, NOT_REACHED = "Møtte ikke, hadde meldt forfall", "Ble ikke nådd"
NOT_YET = "Ikke kommet ennå"
ALL_CAME = dict.fromkeys(FIVE, CAME)
THREE = ("politi-exit", "sosialtjenesten", "helse")
BOTH, IN = ("Politiet", "Barneverntjenesten"), ("politi-exit", "barnevern")
MISSED, SAID_AT = "Vi savnet", "Når ble det sagt?"

held = story(*FIVE, when="i dag kl 10", confirmed=ON_SLACK, answered=ON_SLACK, fields=VIDEO)


async def registers(town: Town, **came: str) -> None:
    """Fill in, or correct, the register as the coordinator."""
    await town.koordinator.does("/tot oppmøte", came, in_=town.room)


async def over(town: Town, *there: str) -> None:
    """End the meeting; these people tapped at its start."""
    await town.until("10:00:01")
    for person in town.people(there):
        await person.presses(HERE, in_=town.room)
    await town.until("11:30")
    town.rings()


@held
async def test_a_meeting_becomes_its_minutes(town: Town) -> None:
    lead, chair, child = town.koordinator, town.politi_exit, town.barnevern
    await agrees(town, "avklare bosted")
    await town.until("10:12")
    await chair.presses(HERE, in_=town.room)
    await lead.picks("Velg møteleder", {"Møteleder": "politi-exit"})
    assert await child.types("/tot oppmøte", in_=town.room) == CHAIRS
    town.rings()
    await town.until("11:00:01")
    assert town.rings()["koordinator"] == 1
    lead.sees("Møtet tirsdag 1. desember kl. 10 er over.")
    assert "• Oppmøtet på møtet tir. 1. des." in child.sees("*Mangler*")
    assert "Oppmøtet på møtet" in await lead.looks_at_home()
    assert "oppmøtet er ikke registrert" in await lead.types("/tot avslutt", in_=town.room)
    await lead.does("Registrer svar", CONFIRMS, in_="tot-bot", near="UDI")

    # Known facts are prefilled: who tapped, and when; an earlier promise to come is not.
    await chair.types("/tot oppmøte", in_=town.room)
    assert "Politiet: [ Møtte ▾ ]\n  Kom kl. 10:12." in chair.form, "a tap is not late"
    chair.sees("Barneverntjenesten: [ velg ▾ ]", "[ ] Tolk", "Hvorfor holde møtet med så få?", in_="modal")
    missing = await chair.is_refused({"Barneverntjenesten": CAME, "Gjennomgått": ["Helse", "Tolk"]})
    assert set(missing) == {"Helsetjenesten", "Sosialtjenesten", "UDI"}
    came = {"Politiet": LATE, "UDI": CAME, "Sosialtjenesten": AWAY, "Helsetjenesten": BY_NOTICE}
    slip = await chair.is_refused({**came, "Skriftlig rapport mottatt fra": ["UDI"]})
    assert "Ta bort krysset for UDI." in "".join(slip.values())
    town.rings()
    await chair.sends({"Skriftlig rapport mottatt fra": ["Helsetjenesten"]})
    assert "Oppmøtet er ført." in chair.form
    await chair.puts_away()
    # Once in the room; the coordinator also reads that they tell UDI, and about absent agencies.
    assert town.rings() == {
        "barnevern": 1,
        "helse": 1,
        "koordinator": 3,
        "politi-exit": 1,
        "sosialtjenesten": 2,
    }
    minutes = child.sees("Referat")
    for line in (
        "kl. 10:00–11:00, Møterom Nord og på video\n",
        "*Møteleder:* @politi-exit",
        "• Barneverntjenesten: møtte\n",
        "• Helsetjenesten: møtte ikke, hadde meldt forfall; skriftlig rapport er mottatt",
        "• Politiet: møtte, men kom for sent",
        "• Sosialtjenesten: uteble uten å si fra\n",
        "*Gjennomgått:* Tolk · Helse",
        "*Ikke gjennomgått:* ",
        "• Sosialtjenesten: oppgir grunnen til at ingen møtte",
        "*Neste møte:* ikke satt ennå",
        "Her står bare hvem som kom, og hva som er avtalt. Innholdet journalfører hver tjeneste selv.",
        "Ført av @politi-exit.",
    ):
        assert line in minutes
    assert BEGINS.split(":")[0] not in child.reads(town.room), "the roll call has become the minutes"
    lead.sees("Ingen fra UDI leser det der", "Det de trenger å vite, må de få av deg.", in_="tot-bot")
    child.sees_no("Ingen fra UDI", but="koordinator: Referatet fra")
    town.politi_leder.sees_no("Referat", but="barnevern: Referat")

    # An action agreed afterwards is on the card, but not in minutes already sent.
    assert "avklare bosted" in minutes
    await agrees(town, "skaffe tolk")
    assert "skaffe tolk" not in child.sees("Referat")
    # They gain the next meeting when it is called, and lose it when cancelled; each tells of the following.
    await lead.does("/tot møte mandag kl 10", {"Sted": "Møterom Nord"}, in_=town.room)
    assert "*Neste møte:* mandag 7. desember 2026 kl. 10:00–11:00" in child.sees("Referat")
    await lead.does("/tot flytt mandag kl 12", in_=town.room)
    child.sees("Referat", "*Neste møte:* mandag 7. desember 2026 kl. 12:00–13:00 (flyttet fra kl. 10)")
    await lead.does("/tot avlys", in_=town.room)
    assert "*Neste møte:* ikke satt ennå" in child.sees("Referat")


@held
async def test_a_register_that_is_filled_in_early_ends_nothing(town: Town) -> None:
    lead = town.koordinator
    await town.until("10:05")
    await lead.types("/tot oppmøte", in_=town.room)
    assert "Møtet varer til kl. 11. Fram til da kan du endre det her, og ingen får høre at" in lead.form
    town.rings()
    came = {"Politiet": CAME, "UDI": NOT_REACHED, "Helsetjenesten": AWAY}
    await lead.sends({**came, "Barneverntjenesten": AWAY, "Sosialtjenesten": AWAY})
    assert not town.rings()
    said = town.barnevern.sees(BEGINS)
    assert "• Politiet\n" in said
    assert "*Ikke her ennå:* Barneverntjenesten, Helsetjenesten, Sosialtjenesten og UDI" in said
    assert "Referatet kommer når møtet er over, kl. 11." in said
    assert "https://meet.example.no/tot-bergen" in town.barnevern.sees("Du kommer på møtet")
    assert "*Møtet er i gang:*" in town.barnevern.reads(town.room)
    # A later arrival has come; the same form changes it, and before the end nothing is a correction.
    await town.sosialtjenesten.presses(HERE, in_=town.room)
    assert "Sosialtjenesten (@sosialtjenesten), kl. 10:05" in town.barnevern.sees(BEGINS)
    await town.later("3 min")
    await lead.types("/tot oppmøte", in_=town.room)
    lead.sees("Sosialtjenesten: [ Møtte", "Barneverntjenesten: [ Uteble uten å si fra ▾ ]", in_="modal")
    await lead.sends({"Barneverntjenesten": LATE, "Politiet": AWAY, "Sosialtjenesten": AWAY})
    for agency in ("Politiet", "Sosialtjenesten"):
        assert f"• {agency}" not in town.barnevern.sees(BEGINS)
    await town.sosialtjenesten.presses(HERE, in_=town.room)
    await registers(town, Politiet=CAME)
    town.rings()
    await town.until("11:00:01")
    minutes = town.politi_exit.sees("Referat")
    assert "• Barneverntjenesten: møtte, men kom for sent\n" in minutes
    assert "• Sosialtjenesten: møtte" in minutes
    assert "• Politiet: møtte\n" in minutes
    assert "• UDI: ble ikke nådd" in minutes
    assert "Rettet" not in minutes
    assert town.rings() == {
        "barnevern": 1,
        "helse": 2,
        "koordinator": 2,
        "politi-exit": 1,
        "sosialtjenesten": 1,
    }
    town.barnevern.sees_no(MISSED, but="helse: Vi savnet Helsetjenesten")
    town.koordinator.sees_no("UDI uteble", but="Helsetjenesten uteble")
    town.koordinator.sees_no("Hvem kom til møtet", but="Referat")


@held
async def test_where_the_case_is_closed_before_the_meeting_is_over_who_came_stands(town: Town) -> None:
    await town.until("10:05")
    await registers(town, **{**ALL_CAME, "UDI": NOT_REACHED, "Helsetjenesten": AWAY})
    await town.koordinator.does("/tot avslutt", in_=town.room)
    minutes = town.koordinator.sees("*Referat: sak", in_=town.room)
    assert "• Helsetjenesten: uteble uten å si fra" in minutes
    assert "• Politiet: møtte" in minutes
    town.rings()
    await town.later("2 t")
    assert not town.rings()
    town.helse.sees_no(MISSED, but="er avsluttet")


@held
async def test_an_agency_that_stays_away_is_asked_why_and_its_leader_told(town: Town) -> None:
    lead, child, head = town.koordinator, town.barnevern, town.barnevern_leder
    await over(town)
    await lead.does("Registrer svar", CONFIRMS, in_="tot-bot", near="UDI")
    await registers(town, **{**ALL_CAME, "Barneverntjenesten": AWAY, "UDI": AWAY})
    told = town.rings()
    assert (told["barnevern"], told["barnevern-leder"]) == (2, 1), "the minutes, and the question"
    for person in (child, head):
        text = person.sees("Vi savnet Barneverntjenesten på møtet i TOT Bergen tirsdag 1. desember kl. 10")
        assert "møteplikt etter TOT-mandatet" in text
    assert "Oppgi grunnen" not in head.offers()
    assert "Jeg har spurt @barnevern om grunnen." in lead.sees("Barneverntjenesten uteble uten å si fra")
    lead.sees("UDI uteble uten å si fra", "Jeg når dem ikke.", "Jeg når ingen leder der")
    lead.sees_no("to ganger på rad", but="UDI uteble uten å si fra")
    await lead.does("Oppgi grunnen", {"Hvorfor kom ingen?": "på reise"}, in_="tot-bot", near="UDI uteble")
    kept = child.keeps("Oppgi grunnen", in_="tot-bot")
    await child.does("Oppgi grunnen", {"Hvorfor kom ingen?": "borte fra jobb"}, in_="tot-bot")
    minutes = child.sees("Referat")
    assert "• Barneverntjenesten: uteble uten å si fra; grunn: borte fra jobb" in minutes
    assert "• UDI: uteble uten å si fra; grunn: på reise" in minutes
    assert "*Grunn:* borte fra jobb" in lead.sees("Barneverntjenesten uteble uten å si fra")
    await child.does("Endre grunnen", {"Hvorfor kom ingen?": "møte i retten"}, in_="tot-bot")
    assert "*Grunn:* møte i retten" in lead.sees("Barneverntjenesten uteble uten å si fra")
    assert town.rings() == {}

    # It was wrong: the message is removed, and its readers are told; health is missed instead.
    await town.later("1 t")
    assert "Rettelsene vises i referatet" in await lead.opens("/tot oppmøte", in_=town.room)
    await lead.sends({"Barneverntjenesten": CAME, "Helsetjenesten": AWAY})
    minutes = child.sees("Referat")
    for line in (
        "• Barneverntjenesten: møtte\n",
        "fra «uteble uten å si fra» til «møtte» (@koordinator, tirsdag 1. desember 2026 kl. 12:30)",
        "Helsetjenesten: fra «møtte» til «uteble uten å si fra»",
    ):
        assert line in minutes
    for person in (child, head):
        person.sees_no(MISSED, but="Rettet oppmøte for Barneverntjenesten: møtte")
    lead.sees_no("Barneverntjenesten uteble", but="Helsetjenesten uteble uten å si fra", in_="tot-bot")
    town.helse.sees("Vi savnet Helsetjenesten")
    assert town.rings() == {"helse": 1, "koordinator": 1}
    assert "Dette gjelder ikke lenger." in await child.presses_kept(kept)


@story(*BOTH, "botilbud 1", when="i dag kl 10", confirmed=("barnevern",))
async def test_one_who_never_confirmed_is_asked_too_and_a_shelter_never(town: Town) -> None:
    await over(town)
    assert "Politiet: [ Ble ikke nådd ▾ ]" in await town.koordinator.opens("/tot oppmøte", in_=town.room)
    await town.koordinator.sends({"Barneverntjenesten": AWAY, "Politiet": AWAY, "botilbud 1": AWAY})
    town.politi_exit.sees("Vi savnet Politiet")
    assert not town.botilbud.messages
    town.koordinator.sees("botilbud 1 uteble")
    await town.politi_exit.does("Oppgi grunnen", {"Hvorfor kom ingen?": "på reise"})
    minutes = town.koordinator.sees("Referat", in_=town.room)
    assert "grunn: på reise" in minutes
    assert "For få møtte, og det er ikke registrert noen grunn til at møtet gikk videre." in minutes
    await registers(town, **{"Hvorfor holde møtet": "det kan ikke vente"})
    town.koordinator.sees("Referat", "Møtet ble holdt med for få: det kan ikke vente", in_=town.room)


@story("Politiet", "Sosialtjenesten", "Helsetjenesten", when="i dag kl 10", confirmed=THREE, answered=THREE)
async def test_twice_in_a_row_offers_a_text_without_any_case(town: Town) -> None:
    lead = town.koordinator
    # Another case: its two meetings follow that of the first.
    await town.opens_case("Politiet", "Sosialtjenesten", "Helsetjenesten", when="i dag kl 10:30")
    for person in town.people(THREE):
        await person.comes()
    await lead.does("/tot møte i dag kl 11", in_=town.room)
    for person in town.people(THREE):
        await person.presses("Jeg kommer", in_="tot-bot", near="kl. 11–12")
    await town.until("12:30")

    async def registered(room: str, police: str, social: str, health: str) -> None:
        await lead.types("/tot oppmøte", in_=room)
        await lead.sends({"Politiet": police, "Sosialtjenesten": social, "Helsetjenesten": health})

    await registered(town.rooms[0], AWAY, AWAY, AWAY)
    lead.sees_no("to ganger på rad", but="Sosialtjenesten uteble")
    await registered(town.room, AWAY, AWAY, CAME)
    text = lead.sees("Sosialtjenesten uteble to ganger på rad")
    day = "tirsdag 1. desember 2026"
    assert f"Til møtene {day} og {day} kom ingen fra tjenesten" in text.split("```")[1]
    assert not [name for name in town.rooms if name.removeprefix("rom-") in text]
    town.sosialtjenesten.sees_no("to ganger", but="Vi savnet Sosialtjenesten")
    # The municipal director does not lead the police.
    police = lead.sees("Politiet uteble to ganger på rad", "Ta det opp med ledelsen deres.")
    assert "kommunaldirektør" not in police.casefold()
    # An agency that came in between, or gave notice now, has not stayed away twice in a row.
    stood = "\n".join(lead.messages).count("to ganger på rad")
    await registered(town.room, BY_NOTICE, CAME, AWAY)
    assert "\n".join(lead.messages).count("to ganger på rad") == stood == 2
    lead.sees("Helsetjenesten uteble uten å si fra")


@story("Politiet", "Sosialtjenesten", when="i dag kl 10", confirmed=THREE[:2], answered=THREE[:2])
async def test_the_register_of_an_earlier_meeting_is_corrected_from_the_choices(town: Town) -> None:
    lead, twice = town.koordinator, "to ganger på rad"
    await lead.does("/tot møte i dag kl 12", {"Sted": "Møterom Nord"}, in_=town.room)
    await town.until("13:30")
    await registers(town, Politiet=CAME, Sosialtjenesten=AWAY)
    assert "Rett oppmøtet" in await lead.opens_choices(more=True), "«Oppmøte» opens the next meeting"
    await registers(town, Politiet=CAME, Sosialtjenesten=AWAY)
    lead.sees(f"Sosialtjenesten uteble {twice}")
    await lead.opens_choices(more=True)
    await lead.does("Rett oppmøtet", {"Sosialtjenesten": CAME}, near="kl. 10–11")
    assert "Sosialtjenesten: fra «uteble uten å si fra» til «møtte»" in lead.reads(town.room)


@story(
    *FIVE,
    when="i dag kl 10",
    confirmed=(*THREE[1:], "barnevern", "vara-koordinator"),
    answered=(*THREE[1:], "barnevern"),
)
async def test_what_was_agreed_on_the_telephone_is_entered_afterwards(town: Town) -> None:
    lead, other, day = town.koordinator, town.vara_koordinator, town.runner.day
    await over(town)
    # Of an agency that came somebody has to have confirmed: the calls lie on top of the register.
    asked = await other.opens("/tot oppmøte", {**ALL_CAME, "Politiet": NOT_REACHED}, in_=town.room)
    assert "*Registrer svar først*\nIngen hos UDI har bekreftet taushetsplikten." in asked
    assert "Politi" not in asked
    await other.presses("Registrer svar", near="UDI")
    for when in (day(0, "11:45"), day(-2)):
        wrong = await other.is_refused({**COMES, SAID_AT: when})
        assert "kan ikke ligge fram i tid, eller før saken begynte" in wrong[SAID_AT]
    # Said when the meeting began, it is still an answer to it.
    assert "Helsetjenesten: [ Møtte ▾ ]" in await other.looks_over({SAID_AT: day(0, "10:00")}), (
        "as it was filled in"
    )
    await other.sends()
    minutes = lead.sees("Referat", "• UDI: møtte", in_=town.room)
    assert "*Møteleder:* @koordinator" in minutes, "who rings when it is over did not lead it"
    # Also once it is registered, and then it is a correction.
    await lead.types("/tot oppmøte", in_=town.room)
    assert "Ingen hos Politiet har bekreftet" in await lead.looks_over({"Politiet": CAME})
    assert "Vara" not in await lead.opens("Registrer svar", near="@politi-exit")
    town.rings()
    await lead.steps({**COMES, SAID_AT: day(0, "09:30")})
    await lead.sends()
    await lead.puts_away()
    assert town.rings().keys() <= {"politi-exit"}
    assert "Politiet: fra «ble ikke nådd» til «møtte»" in lead.sees("Referat", in_=town.room)


@held
async def test_of_two_registers_or_corrections_at_once_the_second_is_told_of_the_first(town: Town) -> None:
    lead, chair = town.koordinator, town.politi_exit
    await lead.picks("Velg møteleder")
    await lead.sends({"Møteleder": "politi-exit"})
    await over(town)
    why = {"Hvorfor holde møtet": "det kan ikke vente"}
    await chair.types("/tot oppmøte", in_=town.room)
    # A chair who is no coordinator cannot record anybody's taushetsplikt.
    assert "på telefon" not in chair.form
    wrong = await chair.is_refused(ALL_CAME)
    assert list(wrong) == ["UDI"]
    assert "Koordinatoren må registrere det først" in wrong["UDI"]
    await registers(town, **{**ALL_CAME, "UDI": NOT_REACHED, **why})
    first = "@koordinator var først. Det som står her nå, gjelder."
    assert first in await chair.looks_over({"UDI": NOT_REACHED})
    assert "kan ikke vente" not in lead.sees("Referat", in_=town.room), "there were enough"
    for person in (lead, chair):
        await person.types("/tot oppmøte", in_=town.room)
    await lead.sends({"Helsetjenesten": BY_NOTICE})
    assert first in await chair.looks_over({"Politiet": AWAY})
    minutes = lead.sees("Referat", in_=town.room)
    assert "• Politiet: møtte\n" in minutes
    assert "Helsetjenesten: fra «møtte» til «møtte ikke, hadde meldt forfall»" in minutes
    # An agency whose part is over is no longer asked anything.
    await lead.does("/tot ut", {"Tjeneste": "Sosialtjenesten"}, in_=town.room)
    await lead.does("/tot oppmøte", {"Sosialtjenesten": AWAY}, in_=town.room)
    assert "Sosialtjenesten: fra «møtte» til «uteble uten å si fra»" in lead.sees("Referat", in_=town.room)
    town.sosialtjenesten.sees_no(MISSED, but="koordinator: Sosialtjenesten: fra «møtte» til «uteble")
    lead.sees_no("Sosialtjenesten uteble", but="Sosialtjenesten: fra «møtte» til «uteble")


@story(*BOTH, when="i dag kl 10", confirmed=IN)
async def test_a_meeting_of_which_nothing_came_is_called_off(town: Town) -> None:
    lead = town.koordinator
    await over(town)
    assert "Ble det ikke noe av møtet, kan du avlyse det" in await lead.types("/tot avslutt", in_=town.room)
    await lead.does("/tot avlys", in_=town.room)
    assert "Ingen møter venter på at oppmøtet" in await lead.types("/tot oppmøte", in_=town.room)
    await lead.does("/tot avslutt", in_=town.room)
    assert town.inside() == {"koordinator"}


def with_agenda(points: str) -> Callable[[str], str]:
    """Return how to give a team these points of its agenda, as the partners file writes them."""
    return lambda text: re.sub(r"(?ms)^agenda = \[.*?\]", f"agenda = [{points}]", text)


@story(*BOTH, when="i dag kl 10", confirmed=IN, partners=with_agenda(""), at="10:30")
async def test_who_has_not_registered_is_asked_again_the_next_morning(town: Town) -> None:
    await town.koordinator.types("/tot oppmøte", in_=town.room)
    assert "Hvem kom til møtet" in town.koordinator.form
    await town.koordinator.sends({"Politiet": CAME, "Barneverntjenesten": NOT_YET})
    await town.koordinator.types("/tot oppmøte", in_=town.room)
    await town.until("11:30")
    town.rings()
    # Once it is over, nothing is left open.
    wrong = await town.koordinator.is_refused({"Barneverntjenesten": NOT_YET})
    assert wrong == {"Barneverntjenesten": "Velg hva som gjelder for denne tjenesten."}
    assert await town.rings_at("08:00", days=1) == {"koordinator": 1}
    await town.koordinator.presses("Registrer hvem som kom", in_="tot-bot")
    assert "Politiet: [ Møtte ▾ ]" in town.koordinator.form, "what is known is filled in"
    assert "Barneverntjenesten: [ velg ▾ ]" in town.koordinator.form
    why = {"Hvorfor holde møtet": "det kan ikke vente"}
    await town.koordinator.sends({"Barneverntjenesten": CAME, **why})
    town.koordinator.sees_no("Hvem kom til møtet", but="Referat")
    minutes = town.koordinator.sees("Referat", "med for få: det kan ikke vente")
    assert "jennomgått" not in minutes, "the team has no points to tick"


#: A point of the team's own, which looks like the end of a block of plain text.
OWN = "Egne <ord> ```her"


@story(*BOTH, "UDI", when="i dag kl 10", confirmed=IN, partners=with_agenda(f'"health", "{OWN}"'))
async def test_a_deputy_who_came_late_came_late_and_is_let_go(town: Town) -> None:
    lead, deputy = town.koordinator, town.politi_vakt
    await town.police_send_a_deputy()
    await deputy.presses("Jeg kommer")
    await town.until("10:12")
    lead.sees_no("for få", but=BEGINS)  # where people sit together nobody has to tap
    await deputy.presses(HERE, in_=town.room)
    await lead.presses(HERE, in_=town.room)
    await lead.picks("Velg møteleder", {"Møteleder": "politi-vakt"})
    await town.until("11:30")
    await lead.does("Registrer svar", CONFIRMS, in_="tot-bot", near="UDI")
    assert "Politiet: [ Vara møtte ▾ ]" in await lead.opens("/tot oppmøte", in_=town.room)
    await lead.sends({"Barneverntjenesten": CAME, "UDI": CAME, "Gjennomgått": [OWN]})
    assert "• Politiet: vara møtte\n" in town.barnevern.sees("Referat")
    assert "politi-vakt" not in town.inside()
    assert "*Møteleder:* @politi-vakt" in town.barnevern.sees("Referat"), "who led it, led it"
    deputy.sees("Takk for")
    assert "@koordinator: til stede\n" in town.barnevern.sees("Referat")
