"""«Kan ikke» and «Ikke vår sak» before anything is confirmed, and what becomes of the agency's part."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import CONFIRM, Town, Townsperson

ASKED = ("Politiet", "Barneverntjenesten")
THREE = [CONFIRM, "Kan ikke", "Ikke vår sak"]
NOT_OURS = "*Politiet: ikke vår sak*"
PASSED_ON = "Takk for svaret. Spørsmålet går videre til en kollega, og du trenger ikke gjøre noe mer."


async def says_not_ours(person: Townsperson, why: str = "et annet distrikt") -> None:
    await person.does("Ikke vår sak", {"Hvorfor": why}, in_="tot-bot")


@story(*ASKED)
async def test_nobody_has_to_confirm_to_say_no_and_can_think_better_of_it(town: Town) -> None:
    police = town.politi_exit
    await police.presses("Kan ikke")
    assert "Hvorfor" not in police.form
    await police.sends()
    assert town.rings() == {"koordinator": 1}
    police.sees("*Du har svart at du ikke kan.* @koordinator har fått beskjed.")
    assert police.offers("tot-bot") == [CONFIRM, "Send til en kollega"]
    town.koordinator.sees("*Politiet:* forfall uten vara · @politi-exit", in_=town.room)
    town.koordinator.sees(
        "*Politiet:* @politi-exit\n*Vakttelefon:* 55 00 00 01\nForfall uten vara.", in_="tot-bot"
    )
    assert town.inside() == {"koordinator"}
    await town.until("15:00")
    assert "politi-exit" not in town.rings(), "nobody waits for them"
    assert town.politi_vakt.messages == []
    await police.confirms()
    assert "politi-exit" in town.inside()
    assert police.offers("tot-bot") == ["Jeg kan komme likevel", "Send vara"]
    await police.presses("Jeg kan komme likevel")
    town.koordinator.sees("*Politiet:* kommer", in_=town.room)
    town.koordinator.sees_no("Ring disse", but="*Politiet:* kommer")


@story("Politiet", "Helsetjenesten")
async def test_a_colleague_who_is_asked_instead_has_the_whole_window_and_is_the_only_one(town: Town) -> None:
    await town.until("09:30")
    await town.politi_exit.does("Kan ikke", {"Hvem kan i stedet": "Vakthavende"})
    assert town.rings() == {"politi-vakt": 1}
    assert town.politi_vakt.offers("tot-bot") == THREE
    town.politi_exit.sees(PASSED_ON)
    town.politi_exit.sees("Gjelder bare forespørselen om møtet torsdag 3. desember kl. 10.")
    assert town.politi_exit.offers("tot-bot") == []
    town.koordinator.sees("*Politiet:* har ikke bekreftet taushetsplikten · @politi-vakt", in_=town.room)
    await town.later("10 min")
    await town.koordinator.does("/tot flytt i overmorgen kl 14", in_=town.room)
    assert town.rings() == {"politi-vakt": 1, "helse": 1}, "it is no business of the first any more"
    town.politi_exit.sees("Gjelder bare denne ene forespørselen.")
    await town.politi_vakt.presses("Kan ikke")
    await town.politi_vakt.fills({"Hvem kan i stedet": "svarte «Kan ikke»"})
    await town.helse.presses("Kan ikke")
    assert "Hvem kan i stedet" not in town.helse.form
    assert "Tjenesten har ingen andre jeg kan spørre" in town.helse.form
    await town.helse.sends()
    town.koordinator.sees("*Helsetjenesten:* forfall uten vara", in_=town.room)
    assert town.helse.offers("tot-bot") == [CONFIRM], "there is no colleague to send it to"
    lacks = "• Helsetjenesten: har meldt forfall uten vara."
    assert lacks in await town.koordinator.looks_at_home()
    await town.until("15:01", days=2)
    assert lacks not in await town.koordinator.looks_at_home(), "of the next meeting they have said nothing"


@story(*ASKED, when="i morgen kl 08:30")
async def test_passing_it_on_begins_a_chain_that_asks_nobody_twice(town: Town) -> None:
    await town.until("09:31")
    assert town.politi_vakt.offers("tot-bot") == THREE, "the next contact"
    await town.politi_exit.does("Kan ikke", in_="tot-bot")
    town.politi_exit.sees_no(CONFIRM, but=PASSED_ON)
    town.koordinator.sees("*Politiet:* har ikke bekreftet taushetsplikten · @politi-vakt", in_=town.room)
    town.rings()
    await town.politi_vakt.does("Kan ikke", {"Hvem kan i stedet": "Leder"}, in_="tot-bot")
    assert town.politi_leder.offers("tot-bot") == THREE
    assert town.rings() == {"politi-leder": 1}
    await town.until("11:00")
    assert town.rings()["politi-leder"] == 1, "a reminder"
    town.politi_leder.sees_no("Si hvem som kommer", but="Vi venter på svar fra deg")


@story(*ASKED)
async def test_not_ours_ends_the_part_without_a_leader_when_the_coordinator_accepts_it(town: Town) -> None:
    await says_not_ours(town.politi_exit)
    assert town.rings() == {"koordinator": 1}
    told = town.koordinator.sees(NOT_OURS)
    assert "@politi-exit har svart: et annet distrikt eller kontor." in told
    assert "*Vakttelefon:* 55 00 00 01" in told
    town.politi_exit.sees("*Takk. Politiet har svart: ikke vår sak*")
    town.politi_exit.sees("Gjelder bare forespørselen om møtet torsdag 3. desember kl. 10.")
    assert town.politi_exit.offers("tot-bot") == ["Angre – det er vår sak"]
    town.koordinator.sees("*Politiet:* deltar ikke", in_=town.room)
    town.koordinator.sees_no("et annet distrikt", in_=town.room, but="*Politiet:* deltar ikke")
    await town.koordinator.types("/tot møte i overmorgen kl 14", in_=town.room)
    assert "politi-exit" not in town.koordinator.form
    await town.koordinator.sends({"Sted": "Møterom Nord"})
    await town.until("12:00", days=1)
    assert {"politi-exit", "politi-vakt", "politi-leder"}.isdisjoint(town.rings())
    await town.koordinator.presses("Godta", in_="tot-bot")
    town.koordinator.sees_no(NOT_OURS, but="*Ikke lenger med:* Politiet")
    town.politi_exit.sees("Forespørselen fra TOT Bergen er trukket tilbake")
    assert town.politi_exit.offers("tot-bot") == []


@story("Politiet", "Barneverntjenesten", "Sosialtjenesten", confirmed=("politi-exit", "barnevern"))
async def test_not_ours_after_taushetsplikt_is_neither_forfall_nor_absence(town: Town) -> None:
    await says_not_ours(town.politi_exit, "ikke direkte")
    town.politi_exit.sees(f"Gjelder bare sak {town.code}.")
    assert "politi-exit" in town.inside(), "until it is accepted"
    town.barnevern.sees("*Politiet:* deltar ikke", in_=town.room)
    town.barnevern.sees_no("ikke direkte involvert", but="*Politiet:* deltar ikke")
    await town.barnevern.presses("Jeg kommer")
    await town.until("11:01", days=2)
    await town.koordinator.types("/tot oppmøte", in_=town.room)
    assert "Politiet" not in town.koordinator.form
    assert "politi-leder" not in town.rings()
    await town.koordinator.presses("Godta", in_="tot-bot")
    assert "politi-exit" not in town.inside()
    town.politi_exit.sees(f"*Dere er ferdige i sak {town.code} i TOT Bergen.*")


@story(*ASKED, when="i morgen kl 08:30")
async def test_not_ours_ends_the_chain_of_everybody_who_was_asked(town: Town) -> None:
    await town.until("09:31")
    await says_not_ours(town.politi_exit)
    town.politi_vakt.sees("En kollega hos dere har svart TOT Bergen.")
    assert town.politi_vakt.offers("tot-bot") == []
    town.koordinator.sees_no("*Politiet:* @politi", but=NOT_OURS)
    town.rings()
    await town.until("11:00")
    assert {"politi-exit", "politi-vakt", "politi-leder"}.isdisjoint(town.rings())


@story(*ASKED, when="i morgen kl 08:30", confirmed=("politi-exit",))
async def test_where_a_colleague_comes_or_is_first_it_is_their_case(town: Town) -> None:
    await town.until("09:31")
    await town.politi_exit.presses("Ikke vår sak", in_="tot-bot")
    await town.politi_vakt.comes()
    await town.politi_exit.sends({"Hvorfor": "ikke vår oppgave"})
    town.politi_exit.sees("@politi-vakt var først")
    town.koordinator.sees("*Politiet:* kommer · @politi-vakt", in_=town.room)
    town.koordinator.sees_no(NOT_OURS, but="*Politiet:* kommer")


@story(*ASKED, confirmed=("barnevern",))
async def test_the_coordinator_rings_and_asks_again(town: Town) -> None:
    for person, agency in ((town.politi_exit, "Politiet"), (town.barnevern, "Barneverntjenesten")):
        offered = person.offers("tot-bot")
        await says_not_ours(person)
        await town.later("1 t")
        town.rings()
        await town.koordinator.presses("Spør igjen", in_="tot-bot")
        assert town.rings().keys() == {person.handle}
        town.koordinator.sees_no("ikke vår sak*", but=f"*{agency}:* har ikke")
        assert person.offers("tot-bot") == offered
    await town.politi_exit.comes()
    town.koordinator.sees("*Politiet:* kommer", in_=town.room)


@story(*ASKED)
async def test_whoever_said_it_takes_it_back_until_it_is_accepted(town: Town) -> None:
    police = town.politi_exit
    await says_not_ours(police)
    await police.presses("Angre – det er vår sak")
    assert police.offers("tot-bot") == THREE
    town.koordinator.sees_no(NOT_OURS, but="*Politiet:* har ikke bekreftet")
    await police.comes()
    await police.does("Kan ikke", in_="tot-bot")
    await police.presses("Jeg kan komme likevel", in_="tot-bot")
    town.koordinator.sees("*Politiet:* kommer", in_=town.room)


@story(*ASKED, confirmed=("politi-exit",))
async def test_taking_back_what_has_been_accepted_is_refused(town: Town) -> None:
    await says_not_ours(town.politi_exit)
    async with town.held("chat.delete"):
        await town.koordinator.person.presses("Godta", in_="tot-bot")
        await town.politi_exit.person.presses("Angre – det er vår sak", in_="tot-bot")
        await town.politi_exit.person.sees("Dette gjelder ikke lenger")
    await town.later("1 min")
    town.koordinator.sees("*Ikke lenger med:* Politiet", in_=town.room)
    assert town.inside() == {"koordinator"}
