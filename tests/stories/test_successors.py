"""Somebody new at a known work mail: nothing of the one before comes with the mail."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import Town

NEW = "U0NYPERSON"


@story("Politiet", confirmed=("politi-exit", "vara-koordinator"))
async def test_the_room_of_the_one_before_stays_shut(town: Town) -> None:
    new = town.newcomer("ny", id=NEW)
    for closed in (False, True):
        if closed:
            await town.koordinator.does("/tot avslutt", in_=town.room)
        inside = town.inside()
        await town.partners_change(("U0VARAKOORD", NEW))
        await town.jobs_run()
        assert town.inside() <= inside
        assert town.code not in await new.looks_at_home()
        assert "taushetsplikt bekreftet" not in await new.types("/tot innsyn")


@story("Politiet", confirmed=("politi-exit", "vara-koordinator"))
async def test_a_new_coordinator_is_asked_in_the_cases_of_a_deactivated_one(town: Town) -> None:
    new = town.newcomer("ny", id=NEW)
    await town.vara_koordinator.is_deactivated()
    await town.partners_change(("U0VARAKOORD", NEW))
    town.coordinators.add("ny")
    assert "ny" not in town.inside()
    await new.confirms()
    assert town.inside() == {"koordinator", "politi-exit", "ny"}


@story()
async def test_guidance_is_answered_to_the_one_who_asked(town: Town) -> None:
    await town.helse.does("/tot veiledning", {"Tema": "Barn og unge under 18", "drøfte": "Hvem kan hjelpe?"})
    new = town.newcomer("ny", id=NEW)
    await town.partners_change(("U0HELSE", NEW))
    await town.koordinator.does("Svar", {"Svaret": "Ring vaktlinjen."}, in_="tot-bot")
    town.helse.sees("Ring vaktlinjen.")
    assert new.messages == []
