"""A seat is handed over for good: who is with the case until when, and who is reminded of it."""

from __future__ import annotations

import pytest

from sandbox.people.visibility import CouldNot
from tests.stories import story
from tests.stories.town import CONFIRM, Town, Townsperson

ASKED = ("Politiet", "Barneverntjenesten")
TAKE_OVER = "spør om du kan ta over plassen til en kollega"
WAITED_FOR = "*TOT Bergen venter fortsatt på svar fra deg*"
NOT_TAKEN = "*Politiet: plassen i sak"
NO_SEAT = "Det er ingen plass i en sak som du kan gi videre."


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


@story(*ASKED, confirmed=("politi-exit",))
async def test_whoever_left_before_the_new_one_confirmed_is_told_then(town: Town) -> None:
    await hands_over(town.politi_exit, "Vakthavende")
    await town.politi_exit.leaves()
    await town.politi_exit.presses("Ja, jeg er ferdig")
    town.politi_exit.sees_no("Du er ute av sak", but="politi-vakt: " + TAKE_OVER)
    town.rings()
    await town.politi_vakt.presses(CONFIRM, in_="tot-bot")
    assert town.rings() == {"politi-exit": 1, "politi-vakt": 1}
    town.politi_exit.sees(f"*Du er ute av sak {town.code} i TOT Bergen.*")


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
        assert NO_SEAT in await town.person(handle).types("/tot plass")
    await town.politi_leder.types("/tot plass")
    assert "@barnevern" not in town.politi_leder.form
    with pytest.raises(CouldNot, match="Vakthavende"):
        await town.politi_leder.fills({"Tar over": "Leder"})
    await town.politi_leder.sends({"Tar over": "Vakthavende"})
    town.politi_vakt.sees(TAKE_OVER)
    town.rings()
    await hands_over(town.koordinator, "Leder", town.room, which="Etterforsker")
    assert town.rings() == {"koordinator": 1, "politi-leder": 1}
    assert town.politi_vakt.offers("tot-bot") == [], "now it is another"
    await town.until("15:00")
    assert "politi-vakt" not in town.rings()
    await town.politi_leder.presses(CONFIRM, in_="tot-bot")
    assert town.inside() == {"koordinator", "politi-leder", "barnevern"}


@story(*ASKED, confirmed=("politi-exit",))
async def test_a_deputy_stays_until_the_new_holder_has_answered(town: Town) -> None:
    await town.police_send_a_deputy()
    await town.politi_vakt.presses("Jeg kommer")
    await hands_over(town.politi_exit, "Leder")
    await town.politi_leder.confirms()
    town.koordinator.sees("*Politiet:* vara kommer · @politi-vakt", in_=town.room)
    await town.politi_leder.presses("Jeg kommer", in_="tot-bot")
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
    town.koordinator.sees("Til da er @bistandsadvokat fortsatt med.")
    await town.koordinator.presses("Registrer taushetsplikt", in_="tot-bot")
    assert "Les høyt:" in town.koordinator.form
    ahead = {"Når ble det sagt?": town.runner.day(1, "10:00")}
    assert list(await town.koordinator.is_refused(ahead)) == ["Når ble det sagt?"]
    await town.koordinator.sends({"Når ble det sagt?": None})
    assert town.inside() == {"koordinator"}
    town.bistandsadvokat.sees(f"*Du er ute av sak {town.code} i TOT Bergen.*")
    town.koordinator.sees("Vaktadvokat har tatt over etter @bistandsadvokat")
    assert "*Bistandsadvokaten:* Vaktadvokat\n" in town.koordinator.sees("*Ring disse", in_="tot-bot")
    assert town.koordinator.offers("tot-bot") == ["Registrer svar"]
