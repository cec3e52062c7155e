"""The messages when something is over, to those whose it was; and those about the room itself."""

from __future__ import annotations

from tests.stories import story
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
async def test_at_the_end_the_coordinator_learns_whom_nobody_else_tells(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.presses("Registrer svar", in_="tot-bot", near="UDI")
    await koordinator.sends({"Taushetsplikten": "Har fått dette forklart, og bekrefter det"})
    await koordinator.puts_away()
    await sends(town, "fase")
    told = "er i arbeidsfasen.* Si fra til UDI, som ikke leser rommet."
    town.vara_koordinator.sees(told, in_="tot-bot")
    koordinator.sees_no(told, but="vara-koordinator: arbeidsfasen", in_="tot-bot")
    town.rings()
    await koordinator.types("/tot avslutt", in_=town.room)
    assert "@politi-exit" in koordinator.form
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
    rung = town.rings()
    assert {handle: rung[handle] for handle in ("barnevern", "helse", "politi-exit")} == dict.fromkeys(
        (*IN, "helse"), 1
    )
    town.vara_koordinator.sees(CLOSED, in_="tot-bot")
    assert "Alle andre enn koordinatorene er tatt ut av rommet." in koordinator.reads(town.room)


@story(*BOTH, confirmed=IN)
async def test_whoever_is_there_for_two_agencies_reads_that_they_still_are_for_one(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot tjeneste helsetjenesten")
    await koordinator.steps({"Hva vil du endre?": "Ny kontaktperson"})
    await koordinator.sends({"Kollega i Slack": "politi-exit", "Plass": "1", "Tittel": "Lege"})
    await koordinator.puts_away()
    await sends(town, "inviter helse")
    await town.politi_exit.confirms()
    await sends(town, "ut politiet")
    assert "politi-exit" in town.inside()
    over = "Du er ferdig i én av rollene dine i sak"
    assert "Du har fortsatt tilgang i en annen." in town.politi_exit.sees(over)
    await sends(town, "ut helse")
    assert "politi-exit" not in town.inside()


@story(*BOTH, confirmed=IN)
async def test_a_case_opened_again_and_closed_once_more_goes_on_the_new_date(town: Town) -> None:
    recorded = "Journalført hos oss"
    await sends(town, "avslutt")
    await town.politi_exit.presses(recorded)
    town.politi_exit.sees("Saken er ført i deres eget system")
    await town.later("20 d")
    await town.koordinator.looks_at_home()
    await town.koordinator.presses("Åpne saken igjen", in_="home")
    shown = await town.koordinator.looks_over({"Sted": "Møterom Nord"})
    for told in ("@politi-exit", "@barnevern", "Rommet er det samme"):
        assert told in shown
    await town.koordinator.sends()
    assert "*Saken er åpnet igjen.*" in town.koordinator.reads(town.room)
    assert "Saken er avsluttet" not in town.koordinator.reads(town.room), "what said so has gone"
    town.politi_exit.sees_no("er avsluttet", but="trenger Politiet")
    await town.politi_exit.confirms()
    assert recorded not in town.politi_exit.offers()
    await sends(town, "avslutt")
    town.politi_exit.sees("i TOT Bergen er avsluttet")
    assert recorded in town.politi_exit.offers("tot-bot"), "it has to be on record anew"
    assert "Tidligst onsdag 20. januar" in town.koordinator.reads(town.room)
    await town.until("12:00", days=20)
    assert "Sak" in town.card(), "the first date has passed"
    await town.until("03:00", days=10)
    assert "Tidligst onsdag 20. januar" not in town.koordinator.reads(town.room), "a day that is over"
    assert "Tidligst onsdag 3. februar" in town.koordinator.reads(town.room), "it is not on record yet"


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
    await town.koordinator.puts_away()
    assert town.room != old
    assert town.inside() == {"koordinator"}
    assert f"Sak {town.code}" in town.card()
    await town.politi_exit.confirms()
    assert town.inside() == {"koordinator", "politi-exit"}
