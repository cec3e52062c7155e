"""`/tot kalle`, as people use it: asked by any agency or anyone, answered yes or no, counted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.cli.rehearsal import Rehearsal, rehearse
from sandbox.stage import Stage
from tests.e2e import kit
from tests.e2e.test_guidance import texts, who_sees

NOTE = "Kanarimerknad: flere tjenester trengs."


@pytest.fixture
async def rehearsal(sqlite_database_url: str) -> AsyncIterator[Rehearsal]:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        yield rehearsal


async def ask(stage: Stage, handle: str, **fields: str) -> None:
    """Somebody asks that TOT convenes."""
    person = stage.person(handle)
    await person.types("/tot kalle")
    form = await person.sees_modal("Kall TOT sammen")
    assert "Dette er ikke en bekymringsmelding" in form.text
    await person.fills({"Hvor fort bør TOT møtes?": "I dag", "Merknad": NOTE, **fields})
    await stage.sends(person)
    await stage.settle()


async def test_an_agency_asks_and_the_coordinator_opens_a_case(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage, "helse")
    for handle in ("koordinator", "vara-koordinator"):
        assert "Helsetjenesten ber om at TOT kalles sammen" in texts(stage, handle)
        assert NOTE in texts(stage, handle)
    assert who_sees(stage) == {"koordinator", "vara-koordinator"}
    coordinator = stage.person("koordinator")
    await coordinator.presses("Ja, opprett sak", in_="tot-bot")
    form = await coordinator.sees_modal("Opprett sak")
    assert "Kanari" not in form.text
    await coordinator.fills({"Etater som spørres nå": ["Politiet"], "Sted": "Møterom Nord"})
    await stage.sends(coordinator)
    await stage.settle()
    assert "Ja, TOT kalles sammen" not in texts(stage, "helse"), "nothing is sent before the review"
    await stage.sends(coordinator)
    await stage.settle()
    assert "Ja, TOT kalles sammen" in texts(stage, "helse")
    room = kit.rooms(stage.box)[0]
    assert room.removeprefix("rom-") not in texts(stage, "helse")
    assert "Helsetjenesten" in "\n".join(m.text for m in coordinator.messages(room))
    assert who_sees(stage) == set()
    await stage.later(hours=3)
    assert "skulle hatt et svar" not in texts(stage, "koordinator")


async def test_no_with_a_reason(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage, "utenforstaende", **{"Hvilken etat spør?": "En etat som ikke står her"})
    coordinator = stage.person("koordinator")
    await coordinator.presses("Nei", in_="tot-bot")
    await coordinator.sees_modal("Ikke kall sammen")
    await coordinator.fills({"Hvorfor ikke?": "Dette løses bedre med veiledning"})
    await stage.sends(coordinator)
    await stage.settle()
    assert "TOT kalles ikke sammen nå: dette løses bedre med veiledning" in re.sub(
        r"\*", "", texts(stage, "utenforstaende")
    )
    assert "@koordinator" in texts(stage, "utenforstaende")
    assert who_sees(stage) == set()
    await stage.until(stage.day(31))
    assert texts(stage, "utenforstaende") == ""
    (row,) = (await kit.dump(rehearsal.bot))["convenings"]
    assert "guidance" in row


async def test_a_contact_asks_for_their_own_agency(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    person = stage.person("barnevern")
    await person.types("/tot kalle")
    form = await person.sees_modal("Kall TOT sammen")
    assert "Barneverntjenesten" in form.text
    assert "Politiet" not in form.text


async def test_it_is_reminded_of_until_it_is_decided(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage, "helse")
    await stage.later(minutes=31)
    assert texts(stage, "vara-koordinator").count("Dette venter på ja eller nei.") == 1
    await stage.later(minutes=30)
    assert texts(stage, "vara-koordinator").count("Dette skulle hatt et svar nå.") == 1
    coordinator = stage.person("koordinator")
    await coordinator.presses("Nei", in_="tot-bot")
    await coordinator.fills({"Hvorfor ikke?": "Etaten må avklare mer selv først"})
    await stage.sends(coordinator)
    await stage.settle()
    assert "skulle hatt" not in texts(stage, "vara-koordinator")


async def test_home_and_language(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    for handle in ("koordinator", "helse", "barnevern"):
        await stage.person(handle).opens_home()
    await stage.person("helse").types("/tot språk english")
    await stage.settle()
    person = stage.person("helse")
    await person.types("/tot convene")
    await person.sees_modal("Convene TOT")
    await person.fills({"How soon should TOT meet?": "Within a few days"})
    await stage.sends(person)
    await stage.settle()
    assert "You have asked that TOT convenes" in person.home
    assert "Skal TOT kalles sammen?" in stage.person("koordinator").home
    assert "Ingenting venter på deg" not in stage.person("koordinator").home
    assert "Ingenting venter på deg" in stage.person("barnevern").home
    assert "kalles sammen" not in stage.person("barnevern").home
