"""A case changes hands by one tap, and a seat is handed over: who has it until when, and who is reminded."""

from __future__ import annotations

import pytest

from sandbox.people.visibility import CouldNot
from tests.stories import story
from tests.stories.town import CONFIRM, Town, Townsperson

OFFER, WHO, RING = "Vil du ta over", "Hvem skal ta over?", "Ring disse"
TO_RING = ("Politiet", "UDI")


def lists(who: Townsperson) -> list[str]:
    return [text for text in who.messages if RING in text]


def offers(town: Town) -> list[str]:
    return [text for text in town.vara_koordinator.messages if OFFER in text]


async def gives(town: Town, to: str = "") -> None:
    await town.koordinator.picks("Gi saken til …")
    said = "Saken blir hos deg til den du spør, har tatt over."
    town.koordinator.sees(said, "*Disse kan du spørre:*\n1. @", in_="modal")
    number = town.koordinator.form.partition(". @vara-koordinator")[0][-1]
    await town.koordinator.sends({WHO: to or number})
    await town.koordinator.puts_away()


@story(*TO_RING, confirmed=("vara-koordinator",))
async def test_who_says_that_they_ring_is_left_alone_and_the_list_holds_up_nothing_else(town: Town) -> None:
    otherwise = "Ellers får @vara-koordinator beskjed i dag kl. 09:10."
    assert f"*Du har saken.*\nTrykk «Jeg ringer». {otherwise}" in lists(town.koordinator)[-1]
    second = await town.opens_case("Barneverntjenesten", by="vara-koordinator")
    await town.koordinator.presses("Jeg ringer", in_="tot-bot")
    assert "*Du har saken.*\n" in lists(town.koordinator)[-1]
    assert "Jeg ringer" not in lists(town.koordinator)[-1]
    assert "Jeg ringer" not in town.koordinator.offers("tot-bot"), "the button has done its work"
    await town.until("09:15")
    await town.vara_koordinator.invites("utenforstaende", second)
    town.vara_koordinator.sees("Noen uten tilgang kom inn i saksrommet", in_="tot-bot")
    assert await town.rehearsal.bot.database.outbox.oldest_due() is None, "nothing is late"
    await town.until("09:29")
    assert lists(town.vara_koordinator) == []
    await town.until("09:31")
    (told,) = lists(town.vara_koordinator)
    assert "*@koordinator har saken.*\n" in told


@story(*TO_RING, confirmed=("vara-koordinator",))
async def test_who_rings_can_say_so_also_after_the_next_has_been_told(town: Town) -> None:
    unanswered = town.meets("5xx_after", "chat.postMessage", times=1)
    await town.until("09:12")
    assert unanswered.hits == 1
    assert len(lists(town.vara_koordinator)) == 1
    (first,) = lists(town.koordinator)
    assert "*Du har saken.*" in first
    assert "Ellers får" not in first
    await town.koordinator.presses("Jeg ringer", in_="tot-bot")
    assert "Jeg ringer" not in town.koordinator.offers("tot-bot")
    (told,) = lists(town.vara_koordinator)
    assert "*@koordinator har saken.*" in told


@story(*TO_RING, confirmed=("vara-koordinator",))
async def test_when_the_first_is_gone_the_other_has_the_list_at_once(town: Town) -> None:
    has_it = "*@koordinator har saken.*"
    await town.later("4 min")
    assert lists(town.vara_koordinator) == []
    town.vara_koordinator.sees(has_it)
    await town.koordinator.is_deactivated()
    assert len(lists(town.vara_koordinator)) == 1
    town.vara_koordinator.sees_no(has_it, but="Nå er du den eneste koordinatoren")


@story(*TO_RING, confirmed=("vara-koordinator",))
async def test_a_case_is_given_by_name_and_stays_with_the_giver_until_the_one_tap(town: Town) -> None:
    koordinator, vara = town.koordinator, town.vara_koordinator
    await gives(town)
    assert town.rings() == {"vara-koordinator": 1}
    (offer,) = offers(town)
    assert town.code in offer
    assert "@koordinator har den til du trykker «Jeg tar over»" in offer
    assert "*Du har saken.*\n@vara-koordinator er spurt om å ta over." in lists(koordinator)[0]
    await gives(town, "Ingen likevel")
    assert offers(town) == []
    assert "er spurt" not in lists(koordinator)[0]
    await town.later("1 min")
    await gives(town)
    await vara.presses("Jeg tar over", in_="tot-bot", near=OFFER)
    assert offers(town) == []
    assert koordinator.messages[-1] == f"*@vara-koordinator har overtatt sak {town.code}.*"
    assert "*@vara-koordinator har saken.*" in lists(koordinator)[0]
    assert "*Du har saken.*" in lists(vara)[0]
    assert "beskjed kl." not in lists(vara)[0], "who gave it away has the list"
    await koordinator.opens_choices()
    await koordinator.opens_choices(more=True)
    assert "@vara-koordinator har saken." in koordinator.form
    await koordinator.presses("Jeg tar over")
    assert "*@koordinator har saken.*" in lists(vara)[0]
    await vara.presses("Jeg tar over", in_="tot-bot")
    assert "*Du har saken.*" in await vara.looks_at_home()
    assert "*@vara-koordinator har saken.*" in await koordinator.looks_at_home()
    # An offer to somebody who leaves the case lapses silently.
    await koordinator.presses("Jeg tar over", in_="home")
    await town.later("1 min")
    await gives(town)
    await koordinator.opens_choices(more=True)
    await vara.leaves()
    await vara.presses("Ja, jeg er ferdig")
    assert offers(town) == []
    assert "Ingen annen koordinator kan ta over saken." in await koordinator.opens("Gi saken til …")


@story(*TO_RING)
async def test_who_has_not_confirmed_takes_it_by_confirming(town: Town) -> None:
    await gives(town)
    (offer,) = town.vara_koordinator.messages
    assert town.code not in offer
    assert "@koordinator har den til du bekrefter taushetsplikten. Da har du den." in offer
    assert town.vara_koordinator.offers("tot-bot") == [CONFIRM]
    await town.vara_koordinator.confirms()
    told, listed = town.vara_koordinator.messages
    assert listed in lists(town.vara_koordinator)
    assert f"*Du har sak {town.code}.*" in told
    assert "Taushetsplikten gjelder også at saken finnes." in told
    assert "*@vara-koordinator har saken.*" in lists(town.koordinator)[0]
    assert town.koordinator.messages[-1].startswith("*@vara-koordinator har overtatt sak")


@story(*TO_RING)
async def test_when_a_third_acts_nobody_is_asked_to_take_it_any_more(town: Town) -> None:
    await town.koordinator.does("/tot koordinator", {"Utnevn ny koordinator": "helse"})
    await town.helse.confirms()
    await gives(town)
    assert len(town.vara_koordinator.messages) == 1
    await town.helse.types("/tot ring", in_=town.room)
    await town.helse.presses("Registrer svar", near="UDI")
    await town.helse.sends({"Taushetsplikten": "Har fått", "Hva svarte de?": "Kommer"})
    (asked,) = town.vara_koordinator.messages
    assert "Alt om saken er taushetsbelagt: at den finnes" in asked
    assert OFFER not in asked


@story(*TO_RING)
async def test_an_offer_falls_with_whoever_is_relieved_and_does_not_come_back_with_them(town: Town) -> None:
    await gives(town)
    await town.koordinator.does("/tot koordinator", {"Frita koordinator": "vara-koordinator"})
    assert offers(town) == []
    await town.koordinator.does("/tot koordinator", {"Utnevn ny koordinator": "vara-koordinator"})
    assert "Da har du den" not in town.vara_koordinator.sees(CONFIRM)
    await gives(town)
    town.rings()
    await town.koordinator.does("/tot koordinator", {"Frita koordinator": "koordinator"})
    assert town.rings() == {"vara-koordinator": 1}
    town.vara_koordinator.sees("*Ingen koordinator har saken nå.* Den er din når du har bekreftet.")
    town.vara_koordinator.sees_no(OFFER, but="Ingen koordinator har saken nå")


ASKED = ("Politiet", "Barneverntjenesten")
TAKE_OVER = "spør om du kan ta over plassen til en kollega"
WAITED_FOR = "*TOT Bergen venter fortsatt på svar fra deg*"
NOT_TAKEN = "*Politiet: plassen i sak"


async def hands_over(person: Townsperson, to: str, in_: str = "#generelt", **which: str) -> None:
    await person.types("/tot plass", in_=in_)
    if which:
        await person.sends({"Hvilken plass": which["which"]})
    await person.sends({"Tar over": to})


@story(*ASKED, when="i morgen kl 08:30", confirmed=("politi-exit",), answered=("politi-exit",))
async def test_the_new_one_confirms_first_and_answers_anew(town: Town) -> None:
    await town.koordinator.does("/tot møte fredag kl 10", {"Sted": "Møterom Nord"}, in_=town.room)
    town.rings()
    await hands_over(town.politi_exit, "Vakthavende")
    assert town.rings() == {"koordinator": 1, "politi-vakt": 1}
    assert "@politi-vakt skal ta over" in town.koordinator.sees("*Politiet gir plassen sin videre i sak")
    town.politi_vakt.sees(TAKE_OVER)
    assert town.politi_vakt.offers("tot-bot") == [CONFIRM, "Kan ikke"]
    assert town.inside() == {"koordinator", "politi-exit"}
    town.koordinator.sees("*Politiet:* kommer · @politi-exit", in_=town.room)
    await town.later("14 min")
    assert "politi-vakt" not in town.rings()
    await town.later("2 min")
    assert town.politi_vakt.sees(WAITED_FOR).count("plass i en sak for Politiet") == 1
    town.koordinator.sees_no(NOT_TAKEN, but="gir plassen sin videre")
    await town.later("15 min")
    assert "@politi-exit er fortsatt med" in town.koordinator.sees(NOT_TAKEN)
    assert town.rings()["politi-vakt"] == 1
    await town.politi_vakt.presses(CONFIRM, in_="tot-bot")
    assert town.inside() == {"koordinator", "politi-vakt"}
    town.politi_vakt.sees_no(WAITED_FOR, but="Kommer du på møtet i sak")
    town.koordinator.sees_no(NOT_TAKEN, but="@politi-vakt har tatt over etter @politi-exit")
    town.politi_exit.sees(f"*Du er ute av sak {town.code} i TOT Bergen.*")
    town.koordinator.sees("*Politiet:* har ikke svart · @politi-vakt", in_=town.room)
    assert [f"møtet i sak {town.code}?" in text for text in town.politi_vakt.messages].count(True) == 2


@story(*ASKED, confirmed=("barnevern", "vara-koordinator"), answered=("barnevern",))
async def test_whoever_gives_a_seat_away_reads_what_stands_until_it_is_taken_and_no_more(town: Town) -> None:
    await hands_over(town.barnevern, "Leder")
    town.barnevern.sees("En plass som er bekreftet, går over når den nye har bekreftet", in_="modal")
    asked = "@barnevern-leder er spurt om å ta over. Du har plassen til taushetsplikten er bekreftet."
    town.barnevern.sees(f"Du kommer på møtet i sak {town.code}", asked, in_="tot-bot")
    await town.barnevern_leder.presses(CONFIRM, in_="tot-bot")
    (told,) = town.barnevern.messages
    assert f"*Du er ute av sak {town.code} i TOT Bergen.*" in told
    assert "Lurer du på noe, spør @koordinator." in told
    await town.koordinator.picks("Gi saken til …")
    await town.koordinator.sends()
    town.koordinator.sees("Saken blir hos den som har den, til en annen tar over.", in_="modal")
    await town.vara_koordinator.presses("Jeg tar over", in_="tot-bot")
    town.vara_koordinator.sees("Du har sak", in_="tot-bot")
    assert town.barnevern.messages == [told], "who has the case now"
    await town.koordinator.does("/tot avlys", in_=town.room)
    await town.vara_koordinator.does("/tot avslutt", in_=town.room)
    assert "*Avsluttet" in town.card()
    assert town.barnevern.messages == [told], "that it is closed"


@story("Politiet", when="i morgen kl 08:30", confirmed=("politi-exit",), at="09:31")
async def test_who_takes_over_from_a_colleague_who_was_asked_next_is_asked_too(town: Town) -> None:
    await town.politi_vakt.confirms()
    await hands_over(town.politi_vakt, "Leder")
    await town.politi_leder.presses(CONFIRM, in_="tot-bot")
    town.politi_leder.sees("Kommer du på møtet i sak")
    assert "*Politiet:* har ikke svart · @politi-exit og @politi-leder" in town.card()
    # The chain goes on; the one who leads the police is asked to come, and not also who comes.
    await town.until("15:00")
    town.politi_leder.sees_no("Si hvem av dere som kommer", but="Kommer du på møtet i sak")
    ring = town.koordinator.sees("*Ring disse")
    assert "@politi-leder\n" in ring
    assert "*Politiet:* @politi-vakt\n" not in ring, "whoever is out is not rung"
    await town.politi_leder.presses("Jeg kommer", in_="tot-bot")
    assert "*Politiet:* kommer · @politi-leder" in town.card()


@story(*ASKED, when="i morgen kl 08:30")
async def test_whoever_has_not_confirmed_is_replaced_at_once(town: Town) -> None:
    await hands_over(town.politi_leder, "Vakthavende")
    assert town.rings() == {"koordinator": 1, "politi-exit": 1, "politi-vakt": 1}
    (told,) = town.politi_exit.messages
    assert told.startswith("*Forespørselen fra TOT Bergen er trukket tilbake.*")
    town.koordinator.sees("@politi-vakt er spurt i stedet for @politi-exit")
    assert town.politi_exit.offers("tot-bot") == []
    town.politi_vakt.sees(TAKE_OVER)
    await town.later("31 min")
    town.politi_vakt.sees("Vi venter på svar fra deg")
    town.politi_vakt.sees_no(WAITED_FOR, but="Vi venter på svar fra deg")
    town.koordinator.sees_no(NOT_TAKEN, but="Spurte lederen, @politi-leder, 09:30.")


@story(*ASKED, confirmed=("politi-exit", "barnevern"))
async def test_it_is_ones_own_seat_or_that_of_ones_agency_and_goes_to_a_colleague(town: Town) -> None:
    for handle in ("politi-vakt", "utenforstaende", "vara-koordinator"):
        assert "Du har ingen plass å gi videre nå." in await town.person(handle).types("/tot plass")
    await town.politi_exit.types("/tot plass")
    town.politi_exit.sees("etter Politiet, @politi-exit?", "Den som går ut, har tilgang", in_="modal")
    await town.politi_leder.types("/tot plass")
    town.politi_leder.sees("etter Politiet, @politi-exit?", "Den som går ut, har tilgang", in_="modal")
    assert "@barnevern" not in town.politi_leder.form
    with pytest.raises(CouldNot, match="Vakthavende"):
        await town.politi_leder.fills({"Tar over": "Leder"})
    await town.politi_leder.sends({"Tar over": "Vakthavende"})
    town.politi_vakt.sees(TAKE_OVER)
    town.rings()
    await town.koordinator.types("/tot plass", in_=town.room)
    assert "Politiet · Etterforsker, EXIT · tir. 1. des." in town.koordinator.choices("Hvilken plass")
    await hands_over(town.koordinator, "Leder", town.room, which="Etterforsker")
    assert town.rings() == {"koordinator": 1, "politi-leder": 1}
    assert town.politi_vakt.offers("tot-bot") == [], "now it is another"
    await town.until("15:00")
    assert "politi-vakt" not in town.rings()
    # Whoever leaves before the new one has confirmed is out.
    await town.politi_exit.leaves()
    await town.politi_exit.presses("Ja, jeg er ferdig", in_="tot-bot")
    town.politi_exit.sees(f"*Du er ute av sak {town.code} i TOT Bergen.*")
    confirms = town.politi_leder.presses(CONFIRM, in_="tot-bot")
    assert await town.rings_when(confirms) == {"politi-leder": 1}
    assert town.inside() == {"koordinator", "politi-leder", "barnevern"}


@story(*ASKED, confirmed=("politi-exit",))
async def test_a_deputy_stays_unless_the_new_holder_comes(town: Town) -> None:
    await town.police_send_a_deputy()
    await town.politi_vakt.presses("Jeg kommer")
    await hands_over(town.politi_exit, "Leder")
    await town.politi_leder.confirms()
    town.politi_leder.sees("Kommer du på møtet i sak", "Vara: @politi-vakt, som kommer.")
    assert "politi-vakt" not in await town.rings_when(town.politi_leder.does("Kan ikke", in_="tot-bot"))
    town.koordinator.sees("*Politiet:* vara kommer · @politi-vakt", in_=town.room)
    assert "Vara: @politi-vakt" in town.politi_leder.sees("Du kommer ikke")
    await town.politi_leder.presses("Jeg kan komme likevel", in_="tot-bot")
    town.koordinator.sees("*Politiet:* kommer · @politi-leder", in_=town.room)
    assert town.inside() == {"koordinator", "politi-leder"}
    town.politi_vakt.sees("Du trenger ikke å være vara")


@story(*ASKED, confirmed=("politi-exit",))
async def test_a_deputy_who_takes_the_seat_over_confirms_once(town: Town) -> None:
    await town.police_send_a_deputy()
    await hands_over(town.politi_exit, "Vakthavende")
    assert town.inside() == {"koordinator", "politi-vakt"}
    assert CONFIRM not in town.politi_vakt.offers("tot-bot")
    town.koordinator.sees("*Politiet:* har ikke svart · @politi-vakt", in_=town.room)
    town.politi_vakt.sees_no("som vara på møtet", but="Kommer du på møtet i sak")


@story("Politiet", "Bistandsadvokaten", confirmed=("bistandsadvokat",))
async def test_for_who_is_not_on_slack_the_coordinator_records_that_they_have_confirmed(town: Town) -> None:
    await hands_over(town.bistandsadvokat, "Vaktadvokat")
    town.koordinator.sees("Fram til da er @bistandsadvokat fortsatt med.")
    assert "Les høyt:" in await town.koordinator.opens("Registrer taushetsplikt", in_="tot-bot")
    ahead = {"Når ble det sagt?": town.runner.day(1, "10:00")}
    assert list(await town.koordinator.is_refused(ahead)) == ["Når ble det sagt?"]
    await town.koordinator.sends({"Når ble det sagt?": None})
    assert town.inside() == {"koordinator"}
    town.bistandsadvokat.sees(f"*Du er ute av sak {town.code} i TOT Bergen.*")
    town.koordinator.sees("Vaktadvokat har tatt over etter @bistandsadvokat")
    assert "*Bistandsadvokaten:* Vaktadvokat\n" in town.koordinator.sees("*Ring disse", in_="tot-bot")
    assert town.koordinator.offers("tot-bot") == ["Registrer svar"]


@story("Politiet", when="i morgen kl 08:30", confirmed=("politi-exit",), at="09:31")
async def test_where_who_comes_is_done_a_colleague_in_the_room_is_asked(town: Town) -> None:
    await town.politi_vakt.confirms()
    await town.politi_exit.presses("Jeg kommer", in_="tot-bot")
    await town.politi_exit.leaves()
    await town.politi_exit.presses("Ja, jeg er ferdig")
    assert "*Politiet:* har ikke svart · @politi-vakt" in town.card()
    assert town.rings()["politi-vakt"] >= 1
    town.koordinator.sees_no("ingen å spørre", but="*Politiet:* har ikke svart")
    await town.politi_vakt.presses("Jeg kommer", in_="tot-bot")
    assert "*Politiet:* kommer · @politi-vakt" in town.card()
