"""Answers: «Jeg kommer», «Kan ikke», «Ikke vår sak», before and after taushetsplikt, and after a move."""

from __future__ import annotations

import re

from tests.stories import story
from tests.stories.town import CONFIRM, Town, Townsperson

ASKED = ("Politiet", "Barneverntjenesten")
BOTH = ("politi-exit", "barnevern")
THREE = ["Jeg kommer", "Kan ikke", "Ikke vår sak"]
WAITED_FOR = "Vi venter på svar fra deg"
LIST = "Ring disse: sak"
LATE = "*Jeg var nede da du skulle ha fått en påminnelse*"


@story(*ASKED, confirmed=BOTH)
async def test_an_answer_can_be_changed_until_the_meeting_begins(town: Town) -> None:
    police = town.politi_exit
    await police.presses("Jeg kommer")
    await police.does("Kan ikke")
    town.koordinator.sees("*Politiet:* forfall uten vara", in_=town.room)
    assert "Forfall uten vara. Grunn: ikke oppgitt." in town.koordinator.sees(LIST, in_="tot-bot")
    assert town.rings() == {"koordinator": 1}, "whoever is missing now has to be rung"
    police.sees("Ingen vara er meldt. Koordinatoren har fått beskjed.")
    assert not any("mote-" in text for text in police.messages), "nor has one the meeting in a file"
    assert police.offers("tot-bot") == ["Jeg kan komme likevel", "Send vara"]
    assert "Vara: [ 1. Vakthavende" in await police.opens("Send vara")
    await police.sends({"Grunn": "møte i retten"})
    town.koordinator.sees("@politi-exit foreslår @politi-vakt", in_="tot-bot")
    police.sees_no("møte i retten", but="Du kommer ikke på møtet")
    await police.presses("Jeg kan komme likevel")
    town.koordinator.sees("*Politiet:* kommer", in_=town.room)
    town.koordinator.sees_no(LIST, but="*Politiet:* kommer")


@story(*ASKED, confirmed=("politi-exit",))
async def test_a_reminder_takes_the_buttons_over_and_follows_the_answer(town: Town) -> None:
    assert await town.rings_at("12:30") == {"barnevern": 1, "politi-exit": 1}
    question, _, reminder = town.politi_exit.messages
    assert reminder.startswith(f"*{WAITED_FOR}: kommer du på møtet torsdag 3. desember kl. 10?*")
    assert "*Svar i meldingen under.*" in question
    assert town.politi_exit.offers("tot-bot") == THREE
    question, reminder = town.barnevern.messages
    assert "trenger Barneverntjenesten i en sak" in reminder
    assert town.code not in reminder
    assert "*Svar i meldingen under.*" in question
    assert town.barnevern.offers("tot-bot") == [CONFIRM, "Kan ikke", "Ikke vår sak"]
    await town.politi_exit.presses("Jeg kommer")
    await town.barnevern.does("Kan ikke")
    town.politi_exit.sees_no(WAITED_FOR, but="*Du kommer på møtet i sak")
    assert town.politi_exit.offers("tot-bot") == ["Kan ikke"]
    for over in (WAITED_FOR, "Svar i meldingen under"):
        town.barnevern.sees_no(over, but="*Du har svart at du ikke kan.*")
    assert len(town.politi_exit.messages) == 3
    await town.until("14:00", days=1)
    assert "politi-exit" not in town.rings(), "who has answered is reminded of the meeting alone"


@story(
    *(*ASKED, "Sosialtjenesten"),
    when="i overmorgen kl 12",
    confirmed=(*BOTH, "sosialtjenesten"),
    answered=("politi-exit",),
)
async def test_the_meeting_is_reminded_of_to_who_comes_or_is_silent_and_to_nobody_else(town: Town) -> None:
    await town.sosialtjenesten.does("Kan ikke", {"Hvorfor": "på reise"})
    await town.until("11:59", days=1)
    town.rings()
    await town.until("12:01")
    assert town.rings().keys() == {"barnevern", "koordinator"}, "who has answered hears it only at last"
    silent = town.barnevern.sees("er i morgen 3. desember kl. 12*")
    assert silent.endswith("Vi venter på svar fra deg.\n[ Jeg kommer ] [ Kan ikke ] [ Ikke vår sak ]")
    await town.until("10:59", days=1)
    town.rings()
    await town.until("11:01")
    assert town.rings() == {"barnevern": 1, "koordinator": 1, "politi-exit": 1}
    town.sosialtjenesten.sees_no("begynner kl. 12*", but="politi-exit: begynner kl. 12*")
    soon = town.politi_exit.sees(f"*Møtet i sak {town.code} begynner kl. 12*")
    assert soon.endswith("Du har svart at du kommer.\n[ Kan ikke ]")
    town.barnevern.sees(f"*Møtet i sak {town.code} begynner kl. 12*", "Vi venter på svar fra deg.")
    assert town.politi_vakt.messages == []
    stands = town.koordinator.sees("*Slik ligger det an*")
    assert "• Barneverntjenesten: har ikke svart\n• Politiet: kommer\n• Sosialtjenesten: forfall" in stands
    await town.politi_exit.does("Kan ikke", in_="tot-bot")
    town.politi_exit.sees_no("Du har svart at du kommer", but="Du kommer ikke på møtet i sak")
    assert "• Politiet: forfall uten vara" in town.koordinator.sees("*Slik ligger det an*")
    await town.until("13:01")
    town.barnevern.sees_no("begynte i dag", but=f"*Møtet i sak {town.code} er over.*")
    assert town.barnevern.offers("tot-bot") == []


@story(*ASKED, confirmed=BOTH)
async def test_whoever_missed_a_reminder_in_an_outage_is_told_so_if_it_was_still_theirs(town: Town) -> None:
    await town.koordinator.does("/tot ut politiet", in_=town.room)
    await town.opens_case("Sosialtjenesten")
    await town.sosialtjenesten.confirms()
    await town.koordinator.does("/tot avlys", in_=town.room)
    town.rings()
    await town.bot_is_away("3 d")
    assert town.barnevern.messages[-1].startswith(LATE)
    assert town.rings().keys() == {"barnevern", "koordinator"}, "neither who is out nor who was called off"
    await town.later("15 d")
    await town.jobs_run()
    town.barnevern.sees_no(LATE, but="*Møtet i sak")


@story("Politiet", "UDI", confirmed=("politi-exit",))
async def test_an_answer_to_the_time_before_a_move_does_not_count_for_the_new_one(town: Town) -> None:
    kept = town.politi_exit.keeps("Jeg kommer", in_="tot-bot")
    await town.politi_exit.presses("Kan ikke")
    await town.vara_koordinator.confirms()
    await town.vara_koordinator.types("/tot ring", in_=town.room)
    await town.vara_koordinator.presses("Registrer svar", near="UDI")
    await town.moves("i overmorgen kl 14")
    await town.politi_exit.sends({"Hvorfor": "på reise"})
    town.politi_exit.sees("Møtet er endret siden du ble spurt. Svar på nytt i den nyeste meldingen.")
    await town.vara_koordinator.sends({"Taushetsplikten": "Har fått", "Hva svarte de?": "Kommer"})
    town.vara_koordinator.sees("Møtet er endret")
    town.koordinator.sees("*Politiet:* har ikke svart", "*UDI:* må ringes", in_=town.room)
    assert "Svar på nytt i den nyeste meldingen" in await town.politi_exit.presses_kept(kept)
    town.koordinator.sees("*Politiet:* har ikke svart", in_=town.room)
    await town.politi_exit.presses("Jeg kommer")
    town.koordinator.sees("*Politiet:* kommer", in_=town.room)


@story("Politiet", "Helsetjenesten", confirmed=("politi-exit",), mail=True)
async def test_whom_a_move_leaves_out_is_called_off_in_their_calendar_at_the_old_time(town: Town) -> None:
    await town.police_send_a_deputy()
    assert len(town.runner.calendar("politi-vakt")) == 1
    await town.politi_vakt.does("Kan ikke", in_="tot-bot")
    await town.moves("i overmorgen kl 14")
    assert town.runner.calendar("politi-vakt") == []
    (called_off,) = (
        m.text
        for m in town.runner.sandbox.activity.since(0)
        if m.kind == "mail" and m.who == "politi-vakt" and m.text.startswith("*Utgår: Møte*")
    )
    assert "torsdag 3. desember 2026 kl. 10" in called_off
    (entry,) = town.runner.calendar("politi-exit")
    assert "T140000" in str(entry)


UNCONFIRMED = [CONFIRM, "Kan ikke", "Ikke vår sak"]
NOT_OURS = "*Politiet: ikke vår sak*"
PASSED_ON = "Takk for svaret. Spørsmålet går videre til en kollega, og du trenger ikke å gjøre noe mer."


async def says_not_ours(person: Townsperson, why: str = "et annet distrikt") -> None:
    await person.does("Ikke vår sak", {"Hvorfor": why}, in_="tot-bot")


@story(*ASKED)
async def test_nobody_has_to_confirm_to_say_no_and_can_think_better_of_it(town: Town) -> None:
    police = town.politi_exit
    assert "Hvorfor" not in await police.opens("Kan ikke")
    await police.sends()
    assert town.rings() == {"koordinator": 1}
    police.sees("*Du har svart at du ikke kan.* @koordinator har fått beskjed.")
    assert police.offers("tot-bot") == [CONFIRM, "Send til en kollega"]
    town.koordinator.sees("*Politiet:* forfall uten vara · @politi-exit", in_=town.room)
    town.koordinator.sees(
        "*Vakttelefon:* 55 00 00 01\nFå taushetsplikten bekreftet først.\nForfall uten vara.", in_="tot-bot"
    )
    assert town.inside() == {"koordinator"}
    await town.until("15:00")
    assert "politi-exit" not in town.rings(), "nobody waits for them"
    assert town.politi_vakt.messages == []
    await police.confirms()
    assert "politi-exit" in town.inside()
    assert police.offers("tot-bot") == ["Jeg kan komme likevel", "Send vara"]


@story("Politiet", "Helsetjenesten", at="09:30")
async def test_a_colleague_who_is_asked_instead_has_the_whole_window_and_is_the_only_one(town: Town) -> None:
    await town.politi_exit.does("Kan ikke", {"Hvem kan i stedet": "Vakthavende"})
    assert town.rings() == {"politi-vakt": 1}
    assert town.politi_vakt.offers("tot-bot") == UNCONFIRMED
    town.politi_exit.sees(PASSED_ON)
    assert town.politi_exit.offers("tot-bot") == []
    town.koordinator.sees("*Politiet:* har ikke bekreftet taushetsplikten · @politi-vakt", in_=town.room)
    await town.later("10 min")
    await town.koordinator.does("/tot flytt i overmorgen kl 14", in_=town.room)
    assert town.rings() == {"politi-vakt": 1, "helse": 1}, "it is no business of the first any more"
    await town.politi_vakt.presses("Kan ikke")
    await town.politi_vakt.fills({"Hvem kan i stedet": "svarte «Kan ikke»"})
    await town.helse.presses("Kan ikke")
    assert "Hvem kan i stedet" not in town.helse.form
    assert "Tjenesten har ingen andre jeg kan spørre" in town.helse.form
    await town.helse.sends()
    town.koordinator.sees("*Helsetjenesten:* forfall uten vara", in_=town.room)
    assert town.helse.offers("tot-bot") == [CONFIRM], "there is no colleague to send it to"
    lacks = "• *Helsetjenesten:* forfall uten vara"
    assert lacks in await town.koordinator.looks_at_home()
    await town.until("15:01", days=2)
    assert lacks not in await town.koordinator.looks_at_home(), "of the next meeting they have said nothing"


@story(*ASKED, when="i morgen kl 08:30", at="09:31")
async def test_passing_it_on_begins_a_chain_that_asks_nobody_twice(town: Town) -> None:
    assert town.politi_vakt.offers("tot-bot") == UNCONFIRMED, "the next contact"
    await town.politi_exit.does("Kan ikke", in_="tot-bot")
    town.politi_exit.sees_no(CONFIRM, but=PASSED_ON)
    town.koordinator.sees("*Politiet:* har ikke bekreftet taushetsplikten · @politi-vakt", in_=town.room)
    await town.politi_vakt.does("Kan ikke", {"Hvem kan i stedet": "Leder"}, in_="tot-bot")
    assert town.politi_leder.offers("tot-bot") == UNCONFIRMED
    assert town.rings() == {"politi-leder": 1}
    await town.until("11:00")
    assert town.rings()["politi-leder"] == 1, "a reminder"
    town.politi_leder.sees_no("Si hvem som kommer", but="Vi venter på svar fra deg")


@story(*ASKED, "Sosialtjenesten", confirmed=("barnevern",), answered=("barnevern",))
async def test_agencies_stand_in_one_order_wherever_they_are_listed(town: Town) -> None:
    order = ["Barneverntjenesten", "Politiet", "Sosialtjenesten"]
    numbers = (await town.koordinator.looks_at_home()).partition("Vakttelefoner: ")[2].partition("\n")[0]
    assert re.findall(r"(\w+) 55 00", numbers) == order
    assert [name for name in re.findall(r"\*(\w+):\* ", town.card()) if name in order] == order
    await town.until("09:01", days=2)
    assert re.findall(r"• (\w+): ", town.koordinator.sees("*Slik ligger det an*")) == order


@story(*ASKED)
async def test_not_ours_ends_the_part_without_a_leader_when_the_coordinator_accepts_it(town: Town) -> None:
    await says_not_ours(town.politi_exit)
    assert town.rings() == {"koordinator": 1}
    told = town.koordinator.sees(NOT_OURS)
    assert "@politi-exit har svart: et annet distrikt eller kontor." in told
    assert "*Vakttelefon:* 55 00 00 01" in told
    town.politi_exit.sees("*Takk. Politiet har svart: ikke vår sak*")
    assert town.politi_exit.offers("tot-bot") == ["Angre – det er vår sak"]
    town.koordinator.sees("*Politiet:* deltar ikke", in_=town.room)
    town.koordinator.sees_no("et annet distrikt", in_=town.room, but="*Politiet:* deltar ikke")
    assert "politi-exit" not in await town.koordinator.opens("/tot møte i overmorgen kl 14", in_=town.room)
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
    assert "politi-exit" in town.inside(), "until it is accepted"
    town.barnevern.sees("*Politiet:* deltar ikke", in_=town.room)
    town.barnevern.sees_no("ikke direkte involvert", but="*Politiet:* deltar ikke")
    agreed, nothing = "Avtal tiltak", "Tjenesten din er ikke med i saken nå."
    await town.politi_exit.presses(agreed, in_=town.room)
    assert "Kall inn" not in town.politi_exit.sees(nothing)
    assert nothing in await town.politi_exit.types("/tot frist", in_=town.room)
    lacking = "Samtykke ikke avklart for Sosialtjenesten."
    assert lacking in town.card()
    await says_not_ours(town.sosialtjenesten)
    assert lacking not in town.card(), "who takes no part has no consent to ask for"
    await town.barnevern.presses("Jeg kommer")
    await town.until("11:01", days=2)
    assert "Politiet" not in await town.koordinator.opens("/tot oppmøte", in_=town.room)
    assert "politi-leder" not in town.rings()
    await town.koordinator.presses("Godta", in_="tot-bot", near="@politi-exit har svart")
    assert "politi-exit" not in town.inside()
    town.politi_exit.sees(f"*Dere er ferdige i sak {town.code} i TOT Bergen.*")


@story(*ASKED, confirmed=("barnevern",))
async def test_the_coordinator_rings_and_asks_again(town: Town) -> None:
    child, police = town.barnevern, town.politi_exit
    for person, stands in ((child, "*Barneverntjenesten:* har ikke"), (police, "*Politiet:* spurt")):
        offered = person.offers("tot-bot")
        await says_not_ours(person)
        await town.later("1 t")
        if person is police:
            await town.koordinator.does("/tot avlys", in_=town.room)
        town.rings()
        await town.koordinator.presses("Spør igjen", in_="tot-bot")
        assert town.rings().keys() == {person.handle}, "also where no meeting is set"
        town.koordinator.sees_no("ikke vår sak*", but=stands)
        assert person.offers("tot-bot") == offered


@story(*ASKED, confirmed=("politi-exit",))
async def test_where_it_is_not_theirs_nobody_takes_the_seat_over_until_asked_again(town: Town) -> None:
    await town.politi_exit.does("/tot plass", {"Tar over": "Leder"})
    await says_not_ours(town.politi_exit)
    assert town.politi_leder.offers("tot-bot") == []
    # Who said it can be reached no more: whoever is on call is asked.
    await town.partners_change(("exit@politi.example", ""))
    await town.politi_exit.is_deactivated()
    assert await town.rings_when(town.koordinator.presses("Spør igjen", in_="tot-bot")) == {"politi-vakt": 1}
    assert town.politi_vakt.offers("tot-bot") == UNCONFIRMED


@story(*ASKED)
async def test_whoever_said_it_takes_it_back_until_it_is_accepted(town: Town) -> None:
    police, takes_back = town.politi_exit, "Angre – det er vår sak"
    await says_not_ours(police)
    accept = town.koordinator.keeps("Godta", in_="tot-bot")
    await police.presses(takes_back)
    assert "Dette gjelder ikke lenger." in await town.koordinator.presses_kept(accept)
    assert police.offers("tot-bot") == UNCONFIRMED
    town.koordinator.sees_no(NOT_OURS, but="*Politiet:* har ikke bekreftet")
    await police.confirms()
    await says_not_ours(police)
    async with town.held("chat.delete"):
        await town.koordinator.person.presses("Godta", in_="tot-bot")
        await police.person.presses(takes_back, in_="tot-bot")
        await police.person.sees("Dette gjelder ikke lenger")
    await town.later("1 min")
    town.koordinator.sees("*Ikke lenger med:* Politiet", in_=town.room)
    assert town.inside() == {"koordinator"}


@story(*ASKED, when="i morgen kl 08:30", at="09:31")
async def test_not_ours_ends_the_chain_of_everybody_who_was_asked(town: Town) -> None:
    await says_not_ours(town.politi_exit)
    town.politi_vakt.sees("En kollega hos dere har svart TOT Bergen.")
    assert town.politi_vakt.offers("tot-bot") == []
    town.koordinator.sees_no("*Politiet:* @politi", but=NOT_OURS)
    await town.until("11:00")
    assert {"politi-exit", "politi-vakt", "politi-leder"}.isdisjoint(town.rings())
