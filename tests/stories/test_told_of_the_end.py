"""The messages when something is over, to those whose it was; and those about the room itself."""

from __future__ import annotations

from tests.stories import story
from tests.stories.test_ringing import CONFIRMS, rang
from tests.stories.town import Town

BOTH = ("Politiet", "Barneverntjenesten")
IN = ("politi-exit", "barnevern")
WITHDRAWN = "*Forespørselen fra TOT Bergen er trukket tilbake.* Du trenger ikke å svare."
CLOSED = "Disse leser ikke saksrommet, og må få vite det av deg: UDI."


async def sends(town: Town, command: str, **fields: str) -> None:
    await town.koordinator.types(f"/tot {command}", in_=town.room)
    await town.koordinator.sends({label.replace("_", " "): value for label, value in fields.items()})
    await town.koordinator.puts_away()


@story(*BOTH, "UDI", "Helsetjenesten", confirmed=(*IN, "vara-koordinator"))
async def test_closing_ends_it_for_all_others_and_coordinators_learn_whom_nobody_tells(town: Town) -> None:
    koordinator = town.koordinator
    await rang(town, "UDI", CONFIRMS)
    await sends(town, "fase")
    told = "er i arbeidsfasen.* Si fra til UDI, som ikke leser rommet."
    town.vara_koordinator.sees(told, in_="tot-bot")
    koordinator.sees_no(told, but="vara-koordinator: arbeidsfasen", in_="tot-bot")
    town.rings()
    await koordinator.types("/tot avslutt", in_=town.room)
    for told in (
        "Møtet torsdag 3. desember kl. 10. Det blir avlyst.",
        "Mister tilgangen: @",
        "@politi-exit",
        "Sletting tidligst torsdag 31. desember",
    ):
        koordinator.sees(told, in_="modal")
    assert "@helse" not in koordinator.form, "only who has the room loses it"
    await koordinator.sends()
    koordinator.sees(CLOSED, in_="tot-bot")
    told = town.helse.sees(WITHDRAWN)
    assert "Taushetsplikten gjelder også at du ble spurt." in told
    assert town.code not in told
    for who in (town.politi_exit, town.barnevern):
        told = who.sees(f"*Sak {town.code} i TOT Bergen er avsluttet.* Takk for at du var med.")
        assert "Ligger det møter i kalenderen din, må du slette dem selv." in told
        assert "Lurer du på noe, spør @koordinator." in told
        assert "Møterom Nord" not in told
        assert who.messages == [told], "nothing else is left with them"
    assert town.inside() == {"koordinator", "vara-koordinator"}
    rung = town.rings()
    assert {handle: rung[handle] for handle in ("barnevern", "helse", "politi-exit")} == dict.fromkeys(
        (*IN, "helse"), 1
    )
    town.vara_koordinator.sees(CLOSED, in_="tot-bot")
    assert "Alle andre enn koordinatorene er tatt ut av rommet." in koordinator.reads(town.room)
    assert "*Avsluttet tirsdag 1. desember.*" in town.card()
    assert "Saken er avsluttet" in await koordinator.types("/tot avslutt", in_=town.room) + koordinator.form
    await town.later("10 d")
    assert town.rings() == {}, "no meeting, no answer, no register is waited for"


@story(*BOTH, confirmed=IN)
async def test_whoever_is_there_for_two_agencies_reads_that_they_still_are_for_one(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot tjeneste helsetjenesten")
    await koordinator.steps({"Hva vil du endre?": "Ny kontaktperson"})
    await koordinator.sends({"Kollega i Slack": "politi-exit", "Plass": "1", "Tittel": "Lege"})
    await sends(town, "inviter helse")
    await town.politi_exit.confirms()
    await sends(town, "ut politiet")
    assert "politi-exit" in town.inside()
    over = "Du er ferdig i én av rollene dine i sak"
    assert "Du har fortsatt tilgang i en annen." in town.politi_exit.sees(over)
    await sends(town, "ut helse")
    assert "politi-exit" not in town.inside()


@story(*BOTH, confirmed=IN)
async def test_a_room_that_somebody_has_archived_is_replaced_when_the_case_is_opened_again(
    town: Town,
) -> None:
    await sends(town, "avslutt")
    old = town.room
    await town.koordinator.person.archives(old)
    await town.rest()
    await town.koordinator.looks_at_home()
    await town.koordinator.presses("Åpne saken igjen", in_="home")
    assert "nytt rom og en ny kode" in await town.koordinator.looks_over({"Sted": "Møterom Nord"})
    await town.koordinator.sends()
    assert town.room != old
    assert town.inside() == {"koordinator"}
    assert f"Sak {town.code}" in town.card()
    await town.politi_exit.confirms()
    assert town.inside() == {"koordinator", "politi-exit"}
