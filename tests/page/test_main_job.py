"""The main job by clicks only; after each step an uninvolved person sees nothing new."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.page.browser import BrowserWindow, PersonColumn
from tests.page.conftest import Opens
from tests.stories.town import CONFIRM

STRANGER = "utenforstaende"


class Uninvolved:
    """A person who is not involved, shown alongside all the time."""

    def __init__(self, window: BrowserWindow) -> None:
        self._column = window.as_(STRANGER)
        self._column.goes_to("generelt")
        self._before = self._column.everything()

    def sees_nothing_new(self) -> None:
        """Assert that every place is unchanged."""
        assert self._column.everything() == self._before
        expect(self._column.room()).to_have_count(0)
        expect(self._column.column.locator(".place")).to_have_count(2)
        expect(self._column.column.locator(".is-unread")).to_have_count(0)


def _opens_case(koordinator: PersonColumn) -> None:
    koordinator.opens_case_form()
    koordinator.chooses("Hvem ba om TOT?", "Politiet")
    koordinator.fills("Hvor mange personer", "2")
    koordinator.chooses("Tjenester som spørres nå", "Politiet", "Barneverntjenesten")
    koordinator.chooses("Sted", "Møterom Nord")
    koordinator.fills("Dagsorden", "Ring 41 23 45 67")
    koordinator.submits("Se over")
    # The error is under its own field only.
    expect(koordinator.wrong).to_have_count(1)
    expect(koordinator.input("Dagsorden").locator(".b-error")).to_contain_text("telefonnummer")
    koordinator.fills("Dagsorden", "Hvem gjør hva den første uka.")
    koordinator.submits("Se over")
    koordinator.sees_dialog("Se over og send")
    koordinator.sends_case()


@pytest.mark.long
def test_a_case_from_opening_to_closing_by_clicking_only(opens: Opens) -> None:
    window = opens("koordinator", STRANGER, "barnevern", "politi-exit", width=2400)
    uninvolved = Uninvolved(window)
    koordinator, barnevern, police = map(window.as_, ("koordinator", "barnevern", "politi-exit"))
    _opens_case(koordinator)
    koordinator.sees("akuttfase")
    uninvolved.sees_nothing_new()

    for agency in (barnevern, police):
        expect(agency.place("TOT").locator(".count")).to_contain_text("1 ulest")
        agency.goes_to("TOT")
        agency.presses(CONFIRM)
        agency.sees("Kommer du på møtet")
        expect(agency.room()).to_have_count(1)
    barnevern.presses("Jeg kommer")
    barnevern.sees("Du kommer på møtet")
    _cannot_come(police)
    uninvolved.sees_nothing_new()

    koordinator.goes_to("TOT")
    window.moves_clock("Fredag 21:00")
    koordinator.presses("Registrer hvem som kom")
    koordinator.sees_dialog("Oppmøte")
    koordinator.chooses("Barneverntjenesten", "Møtte")
    koordinator.chooses("Politiet", "Møtte ikke, hadde meldt forfall")
    koordinator.submits("Registrer")
    expect(koordinator.dialog).to_contain_text("Oppmøtet er ført.")
    koordinator.dialog.get_by_role("button", name="Lukk", exact=True).last.click()
    expect(koordinator.dialog).to_have_count(0)
    uninvolved.sees_nothing_new()

    koordinator.goes_to_room()
    koordinator.types("/tot lukk")
    koordinator.sees_dialog("Avslutt saken")
    koordinator.submits("Avslutt")
    koordinator.sees("Saken er avsluttet")
    uninvolved.sees_nothing_new()


def _cannot_come(police: PersonColumn) -> None:
    police.presses("Kan ikke")
    police.sees_dialog("Kan ikke komme")
    police.chooses("Hvorfor kan du ikke?", "Møte i retten")
    police.chooses("Hvem kommer i stedet?", "Vakthavende")
    police.submits("Send svaret")
    expect(police.dialog).to_have_count(0)
    police.sees("Du kommer ikke på møtet")
