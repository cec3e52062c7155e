"""«Spør en annen»: another on an agency's list, or somebody for this case only, who is on no list."""

from __future__ import annotations

import pytest

from sandbox.people.visibility import CouldNot
from tests.stories import story
from tests.stories.town import Town

NEEDED = "trenger Bistandsadvokaten i en sak i TOT Bergen"
UNLISTED = "En som ikke står på listen"
TITLE = "kanariadvokat"
ANOTHER = "Spør en annen"


async def reviews(town: Town, **fields: str) -> None:
    """Open, as the coordinator, the review of asking the police and a lawyer."""
    await town.koordinator.types("/tot sak i overmorgen kl 10")
    agencies = ["Politiet", "Bistandsadvokaten"]
    await town.koordinator.steps({"Tjenester som spørres nå": agencies, "Sted": "Møterom Nord", **fields})


@story("Barneverntjenesten")
async def test_another_of_the_list_is_asked_and_at_the_next_meeting_whoever_has_the_seat(town: Town) -> None:
    await town.koordinator.opens("/tot inviter politi", {}, in_=town.room)
    await town.koordinator.opens(ANOTHER, {"Spør": "Vakthavende"}, near="@politi-exit")
    assert "@politi-vakt" in town.koordinator.form
    assert "@politi-exit" not in town.koordinator.form
    assert await town.rings_when(town.koordinator.sends()) == {"politi-vakt": 1}
    town.politi_vakt.sees("trenger Politiet i en sak i TOT Bergen")
    await town.politi_vakt.confirms()
    await town.koordinator.does("/tot møte fredag kl 10", {"Sted": "Møterom Nord"}, in_=town.room)
    assert town.rings().keys() == {"barnevern", "politi-vakt"}
    assert town.politi_exit.messages == []


@story()
async def test_a_bot_a_guest_or_nobody_is_not_asked_and_it_says_so_at_the_field(town: Town) -> None:
    town.newcomer("stavanger", is_restricted=True)
    await reviews(town)
    await town.koordinator.opens(ANOTHER, {"Spør": UNLISTED}, near="Bistandsadvokaten")
    await town.koordinator.fills({"Tittel": TITLE})
    for account in (None, "tot-bot", "stavanger"):
        assert list(await town.koordinator.is_refused({"Konto i Slack": account})) == ["Konto i Slack"]
    wrong = {"Konto i Slack": "utenforstaende", "Jobbadresse": "a@advokat.example"}
    assert list(await town.koordinator.is_refused(wrong)) == ["Jobbadresse"]
    sheltering = await town.koordinator.is_refused({"Konto i Slack": "botilbud", "Jobbadresse": None})
    assert "kan ikke være med i rommet. La feltet stå tomt" in sheltering["Konto i Slack"]
    # A person with only a number is rung there.
    alone = {"Konto i Slack": None, "Jobbadresse": None, "Telefon": "93000000"}
    untitled = await town.koordinator.is_refused({**alone, "Tittel": "  "})
    assert untitled == {"Tittel": "Skriv hvilken rolle personen har, for eksempel «oppnevnt advokat»."}
    await town.koordinator.steps({"Tittel": TITLE})
    assert f"{TITLE} · 930 00 000 · bare i denne saken" in town.koordinator.form
    await town.koordinator.sends()
    listed = town.koordinator.sees("*Ring disse", in_="tot-bot")
    assert f"*Bistandsadvokaten:* {TITLE}\n*Telefon:* 930 00 000\n" in listed
    assert town.bistandsadvokat.messages == []


@story()
async def test_who_is_in_no_list_is_in_the_case_and_nowhere_else_and_gone_with_it(town: Town) -> None:
    await reviews(town, Fase="Arbeidsfase")
    await town.koordinator.opens(ANOTHER, {"Spør": UNLISTED}, near="Bistandsadvokaten")
    lawyer = {"Tittel": TITLE, "Konto i Slack": "utenforstaende", "Telefon": "93000000"}
    await town.koordinator.steps(lawyer)
    assert f"@utenforstaende ({TITLE}) · 930 00 000 · bare i denne saken" in town.koordinator.form
    await town.koordinator.sends()
    town.utenforstaende.sees(NEEDED)
    assert town.bistandsadvokat.messages == []
    await town.utenforstaende.comes()
    assert "utenforstaende" in town.inside()
    town.koordinator.sees("*Bistandsadvokaten:* kommer · @utenforstaende", in_=town.room)

    # Asked a second time they are known to the case.
    await town.koordinator.does("/tot ut bistandsadvokat", in_=town.room)
    await town.koordinator.opens("/tot inviter bistandsadvokat", {}, in_=town.room)
    await town.koordinator.opens(ANOTHER, {"Spør": UNLISTED}, near="@bistandsadvokat")
    await town.koordinator.steps({**lawyer, "Tittel": "Advokat"})
    town.koordinator.sees(f"• Bistandsadvokaten: @utenforstaende ({TITLE})\n", in_="modal")
    await town.koordinator.sends()
    await town.utenforstaende.comes()

    listed = [await town.helse.types("/tot hvem advokat"), await town.helse.types("/tot hvem utskrift")]
    files = town.runner.sandbox.workspace.files.values()
    listed += [file.content.decode() for file in files if file.name.startswith("hvem-")]
    await town.koordinator.types("/tot prøve")
    listed.append(town.koordinator.form)
    await town.koordinator.types("/tot tjeneste bistandsadvokat")
    listed.append(town.koordinator.form)
    for text in listed:
        assert not [word for word in (TITLE, "utenforstaende", "U0UTENFOR", "930 00 000") if word in text]
    assert sum("advokat" in text for text in listed) == 4

    await town.koordinator.does("/tot avslutt", in_=town.room)
    await town.until("10:00", days=50)
    await town.jobs_run()
    assert town.utenforstaende.messages == []
    await town.opens_case("Politiet", "Bistandsadvokaten")
    assert town.bistandsadvokat.messages, "the next case asks whoever is in the list"
    with pytest.raises(CouldNot):
        town.utenforstaende.sees("TOT Bergen")
