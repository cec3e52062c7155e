"""The meeting in progress: who is there and leads, what is treated, whether to continue without a quorum."""

from __future__ import annotations

from tests.stories import changed, story
from tests.stories.test_ringing import CONFIRMS
from tests.stories.town import Town

FIVE = ("Politiet", "Barneverntjenesten", "Sosialtjenesten", "Helsetjenesten", "UDI")
ON_SLACK = ("politi-exit", "barnevern", "sosialtjenesten", "helse")
VIDEO = {"Lenke til videomøte": "https://meet.example.no/tot-bergen"}
HERE = "Jeg er til stede"
BEGINS = "Møtet begynner: hvem er her?"
TOO_FEW = "for få har trykket «Jeg er til stede»"
LEADS = {"Oppmøte", "Velg møteleder"}
CAME = "Møtte"
NOT_THIS_ONE = "Velg en som er i saksrommet, og som ikke har meldt forfall til møtet."
CHAIRS = "Dette er det møtelederen eller koordinatoren som gjør."

held = story(
    *FIVE, when="i dag kl 10", confirmed=(*ON_SLACK, "vara-koordinator"), answered=ON_SLACK, fields=VIDEO
)


async def begins(town: Town) -> None:
    await town.until("09:59")
    town.koordinator.sees_no(BEGINS, but="*Neste møte:* tirsdag")
    town.rings()
    await town.until("10:00:01")


@held
async def test_who_is_there_says_so_with_a_tap(town: Town) -> None:
    police, child = town.politi_exit, town.barnevern
    kept = child.keeps("Kan ikke")
    await begins(town)
    # Once, in the room: to the four, and to both coordinators.
    assert town.rings() == dict.fromkeys(sorted(("koordinator", "vara-koordinator", *ON_SLACK)), 1)
    child.sees(BEGINS, "Varer til kl. 11. *Møteleder:* @koordinator\n*Til stede:* ingen ennå")
    assert "*Møtet er i gang:*" in child.reads(town.room)
    assert await child.presses_kept(kept), "it is too late to say no"
    await child.presses(HERE, in_=town.room)
    await child.presses(HERE, in_=town.room)
    said = police.sees(BEGINS)
    assert said.count("Barneverntjenesten (@barnevern), kl. 10:00") == 1
    assert "*Ikke her ennå:* Helsetjenesten, Politiet, Sosialtjenesten og UDI" in said
    await town.later("5 min")
    await town.sosialtjenesten.presses(HERE, in_=town.room)
    assert "Sosialtjenesten (@sosialtjenesten), kl. 10:05" in police.sees(BEGINS)
    await town.later("7 min")
    # Also by the link in the direct message.
    await police.presses(HERE, in_="tot-bot")
    await town.koordinator.presses(HERE, in_=town.room)
    said = police.sees(BEGINS, "Politiet (@politi-exit), kl. 10:12", "@koordinator, kl. 10:12")
    assert "*3 er på møtet* · *1 kommer* · 1 må ringes\n" in town.card()
    await town.koordinator.does("/tot tiltak Politiet", {"Hva skal gjøres?": "skaffe tolk"}, in_=town.room)
    assert "skaffe tolk" in town.card()
    for told in (town.card(), town.helse.sees("Du kommer på møtet")):
        assert "Først på dagsordenen" not in told, "it was agreed at the meeting"
    assert "Nok tjenester er her." in said
    assert set(town.rings()) == {"koordinator", "politi-exit"}, "the police of the action"
    kept = police.keeps(HERE, in_=town.room)
    # After the end nobody can tap.
    await town.until("11:00:01")
    assert await town.helse.presses_kept(kept) == (
        "Møtet er over. Hvem som kom, registrerer den som leder møtet."
    )
    police.sees_no(BEGINS, but="Nytt tiltak for Politiet")


@held
async def test_those_who_cannot_tap_are_noted_by_whoever_leads(town: Town) -> None:
    lead, police = town.koordinator, town.politi_exit
    await begins(town)
    await town.later("12 min")
    await police.presses(HERE, in_=town.room)
    assert not LEADS & {*await town.barnevern.opens_choices(), *await town.barnevern.opens_choices(more=True)}
    assert {*await lead.opens_choices(), *await lead.opens_choices(more=True)} >= LEADS
    # UDI first on the telephone: somebody who has not confirmed cannot have come.
    await lead.types("/tot oppmøte", in_=town.room)
    assert "*Registrer svar først*" in await lead.looks_over({"Helsetjenesten": CAME, "UDI": CAME})
    await lead.does("Registrer svar", CONFIRMS, in_="tot-bot", near="UDI")
    await lead.does("/tot oppmøte", {"Helsetjenesten": CAME, "UDI": CAME}, in_=town.room)
    for agency in ("Helsetjenesten", "UDI"):
        assert f"• {agency}\n" in police.sees(BEGINS)
    late = "Møtte, men kom for sent"
    await lead.does("/tot oppmøte", {"Barneverntjenesten": late, "Sosialtjenesten": CAME}, in_=town.room)
    assert "• Barneverntjenesten\n" in police.sees(BEGINS)
    assert "*Alle tjenestene er her.*" in police.sees(BEGINS)
    assert "Nok tjenester er her." not in police.sees(BEGINS)


@held
async def test_a_chair_is_named_and_leads_and_nothing_more(town: Town) -> None:
    lead, police, child = town.koordinator, town.politi_exit, town.barnevern
    await begins(town)
    assert await child.types("/tot oppmøte", in_=town.room) == CHAIRS
    await lead.picks("Velg møteleder")
    for nobody in ("utenforstaende", "politi-leder"):
        assert (await lead.is_refused({"Møteleder": nobody})) == {"Møteleder": NOT_THIS_ONE}
    await lead.sends({"Møteleder": "politi-exit"})
    assert "*Møteleder:* @politi-exit" in child.sees(BEGINS)
    assert "Oppmøte" in await police.opens_choices()
    assert "Velg møteleder" not in await police.opens_choices(more=True)
    assert "koordinatoren" in await police.types("/tot avlys", in_=town.room)
    # With too few it is the chair who is told, and who sets a new date.
    await police.presses(HERE, in_=town.room)
    await town.later("6 min")
    lead.sees_no(TOO_FEW, but="politi-exit: " + TOO_FEW)
    assert "(•) I morgen (ons. 2. des.) kl. 09:00" in await police.opens("Velg en ny dato", in_="tot-bot")
    await police.sends({"Et annet tidspunkt": town.runner.day(0, "10:35")})
    assert set(town.rings()) == {"koordinator", "vara-koordinator", *ON_SLACK}
    for gone in (TOO_FEW, BEGINS):
        police.sees_no(gone, but="kl. 10:35")
    await town.until("10:36")
    child.sees(BEGINS, "*Til stede:* ingen ennå", "*Møteleder:* @politi-exit")
    # Leaving the case ends the chair.
    await lead.does("/tot ut", {"Tjeneste": "Politiet"}, in_=town.room)
    assert "*Møteleder:* @koordinator" in child.sees(BEGINS)
    # At a new time who has left has not to come.
    await lead.does("/tot flytt i dag kl 11", in_=town.room)
    await town.until("11:01")
    assert "Politiet" not in child.sees("*Ikke her ennå:* Barneverntjenesten")


@held
async def test_who_was_to_lead_and_cannot_come_or_is_out_leads_nothing(town: Town) -> None:
    lead, police, leads = town.koordinator, town.politi_exit, "*Møteleder:* @politi-exit"
    await lead.picks("Velg møteleder")
    assert "Møteleder: [ velg" in lead.form, "who leads because the case is theirs is not chosen by saving"
    await lead.sends({"Møteleder": "politi-exit"})
    await lead.puts_away()
    assert leads in town.card()
    await police.does("Kan ikke", in_="tot-bot")
    assert leads not in town.card()
    await lead.does("/tot flytt", {"Dagsorden": "Ta med kalender"}, in_=town.room)
    assert "Ta med kalender" in town.card()
    await lead.picks("Velg møteleder")
    assert await lead.is_refused({"Møteleder": "politi-exit"}) == {"Møteleder": NOT_THIS_ONE}
    await lead.puts_away()
    await begins(town)
    assert "*Møteleder:* @koordinator" in town.barnevern.sees(BEGINS)
    town.rings()
    await town.until("10:06")
    assert town.rings() == {"koordinator": 1}


@held
async def test_with_too_few_whoever_leads_decides(town: Town) -> None:
    lead = town.koordinator
    await begins(town)
    await town.barnevern.presses(HERE, in_=town.room)
    await town.until("10:04")
    town.rings()
    await town.until("10:05")
    await town.later("1 s")
    assert town.rings() == {"koordinator": 1}
    assert "Det må være minst 3, og minst én " in lead.sees(TOO_FEW, "skulle begynne i dag kl. 10.")
    await town.later("7 min")
    await town.politi_exit.presses(HERE, in_=town.room)
    assert "Politiet" not in lead.sees(TOO_FEW)
    assert not town.rings()
    # The register is sent with those who are not here yet: the question stands until it has a reason.
    assert not {"Oppmøte", "Velg en ny dato"} & set(town.politi_exit.offers())
    await lead.presses("Oppmøte", in_="tot-bot")
    assert lead.form.count("[ Ikke kommet ennå ▾ ]") == 3
    await lead.sends()
    assert "Lagret. De som ikke er kommet ennå, fører du når de kommer" in lead.form
    await lead.puts_away()
    await lead.does("Oppmøte", {"Hvorfor holde møtet": "de andre er med på telefon"}, in_="tot-bot")
    lead.sees_no(TOO_FEW, but="politi-exit: Møtet går videre")
    went_on = "*Møtet går videre med dem som er her:* de andre er med på telefon."
    assert went_on in town.politi_exit.sees(BEGINS)


#: Somebody of health has to be there too.
two_kinds = changed(
    (
        '"child_welfare_emergency", "social_services"]]',
        '"child_welfare_emergency", "social_services"], ["health"]]',
    )
)
FOUR = ("politi-exit", "bistandsadvokat", "helse", "barnevern")


@story(
    *("Politiet", "Bistandsadvokaten", "Helsetjenesten", "Barneverntjenesten"),
    when="i dag kl 10",
    confirmed=FOUR,
    answered=FOUR,
    fields=VIDEO,
    partners=two_kinds,
)
async def test_the_quorum_and_each_kind_that_must_be_there_is_said_until_it_is_reached(town: Town) -> None:
    lead, health = town.koordinator, "Helsetjeneste må være med."
    alone = {"Tjenester som spørres nå": ["Politiet"], "Sted": "Møterom Nord"}
    shown = await lead.opens("/tot sak i dag kl 12", alone)
    for must in ("Det må være minst 3.", "Barnevern, barnevernvakt eller ", health):
        assert must in shown
    await begins(town)
    await town.later("6 min")
    for person in FOUR[:3]:
        await town.person(person).presses(HERE, in_=town.room)
        # In the room the missing agencies are listed just above.
        assert "*Ikke her ennå:* " in lead.sees(BEGINS)
        assert f"{health}\n" in lead.sees(BEGINS)
        assert f"{health}\nIkke trykket ennå: Barneverntjenesten" in lead.sees(TOO_FEW)
    await town.barnevern.presses(HERE, in_=town.room)
    lead.sees_no(TOO_FEW, but="*Alle tjenestene er her.*")


@held
async def test_who_has_the_case_leads_unless_somebody_is_named(town: Town) -> None:
    await town.koordinator.does("/tot flytt i dag kl 11", in_=town.room)
    await town.koordinator.picks("Gi saken til …", {})
    await town.vara_koordinator.presses("Jeg tar over", in_="tot-bot")
    await town.until("11:06")
    town.barnevern.sees(BEGINS, "*Møteleder:* @vara-koordinator", in_=town.room)
    town.koordinator.sees_no(TOO_FEW, but="vara-koordinator: " + TOO_FEW, in_="tot-bot")
    await town.until("12:01")
    came = dict.fromkeys(("Politiet", "Barneverntjenesten", "Sosialtjenesten", "Helsetjenesten"), "møtte")
    await town.vara_koordinator.does("/tot oppmøte", came, in_=town.room)
    await town.koordinator.picks("Jeg tar over")
    assert "*Møteleder:* @vara-koordinator" in town.koordinator.reads(town.room), "who led it led it for good"
