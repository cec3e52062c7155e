"""A deputy: named, decided on, asked."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import Town

ASKED = ("Politiet", "Barneverntjenesten")
UNDECIDED = "Varaen for Politiet venter fortsatt på godkjenning"


@story(*ASKED, confirmed=("politi-exit", "vara-koordinator"))
async def test_a_deputy_is_asked_when_a_coordinator_has_approved(town: Town) -> None:
    await town.politi_exit.presses("Kan ikke")
    await town.politi_exit.sends({"Hvorfor": "borte fra jobb", "i stedet": "Vakthavende"})
    town.politi_vakt.sees_no("vara for Politiet", but="koordinator: Politiet vil sende en vara")
    assert town.rings() == {"koordinator": 1}
    await town.later("4 t")
    for coordinator in (town.koordinator, town.vara_koordinator):
        coordinator.sees(UNDECIDED)
    assert "politi-vakt" not in town.rings()
    await town.vara_koordinator.presses("Godkjenn")
    town.politi_vakt.sees("spør om du kan være vara for Politiet")
    town.koordinator.sees_no(UNDECIDED, but="politi-vakt: vara for Politiet")
