"""Coordinators come and go, accounts end, and a case is never without somebody who has it."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import CONFIRM, Town

BOTH = ("Politiet", "Barneverntjenesten")


@story(*BOTH, confirmed=("politi-exit", "barnevern"))
async def test_a_new_coordinator_confirms_first_and_the_last_one_stays(town: Town) -> None:
    koordinator = town.koordinator
    for who in (town.politi_exit, town.utenforstaende):
        assert "koordinator" in await who.types("/tot koordinator")
        assert not who.form
    await koordinator.does("/tot koordinator", {"Utnevn ny koordinator": "helse"})
    assert town.rings() == {"helse": 2}, "that they are one, and the open case"
    town.helse.sees_no("Politiet", but=CONFIRM)
    assert "helse" not in town.inside()
    await town.helse.confirms()
    assert "helse" in town.inside()
    await town.helse.does("/tot koordinator", {"Frita koordinator": "koordinator"})
    assert "koordinator" not in town.inside()
    assert town.koordinator.messages == []
    assert "*Koordinerer:* @helse" in town.card()
    assert "koordinator" in await town.koordinator.types("/tot sak")
    await town.helse.does("/tot koordinator", {"Frita koordinator": "vara-koordinator"})
    await town.helse.types("/tot koordinator")
    await town.helse.sends({"Frita koordinator": "helse"})
    assert "Et team må ha minst én koordinator" in town.helse.form + "".join(town.helse.whispers), (
        town.helse.form
    )
    assert "helse" in town.inside(), "somebody has to have the cases"


@story(*BOTH, confirmed=("politi-exit", "barnevern"))
async def test_a_case_that_waits_to_be_on_record_is_deleted_at_once_by_a_coordinator_alone(
    town: Town,
) -> None:
    koordinator = town.koordinator
    await koordinator.does("/tot avslutt", in_=town.room)
    delete = "Slett nå"
    assert not any(delete in label for label in koordinator.offers()), "until its date it can be opened again"
    await town.until("12:00", days=31)
    label = next(label for label in (*koordinator.offers("home"), *koordinator.offers()) if "lett" in label)
    await koordinator.presses(label)
    await koordinator.sends({"Hvorfor": "Tjenesten svarer ikke"} if "Hvorfor" in koordinator.form else None)
    koordinator.sees("Saken slettes nå.")
    await koordinator.puts_away()
    await town.later("2 t")
    assert town.channel(town.room).archived
    assert town.card() == ""
