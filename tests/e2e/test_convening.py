"""`/tot kalle`, as people use it: asked by any agency or anyone, answered yes or no, counted."""

from __future__ import annotations

import re

from bot.cli.demo import Rehearsal
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit
from tests.e2e.test_guidance import texts, who_sees

NOTE = "Kanarimerknad: flere tjenester trengs."


async def ask(runner: ExerciseRunner, handle: str, **fields: str) -> None:
    person = runner.person(handle)
    await person.types("/tot kalle")
    form = await person.sees_modal("Kall TOT sammen")
    assert "Dette er ikke en bekymringsmelding" in form.text
    await person.fills({"Hvor fort bør TOT møtes?": "I dag", "Merknad": NOTE, **fields})
    await kit.send(runner, person)


async def test_an_agency_asks_and_the_coordinator_opens_a_case(runner: ExerciseRunner) -> None:
    await ask(runner, "helse")
    for handle in ("koordinator", "vara-koordinator"):
        assert "Helsetjenesten ber om at TOT kalles sammen" in texts(runner, handle)
        assert NOTE in texts(runner, handle)
    assert who_sees(runner) == {"koordinator", "vara-koordinator"}
    coordinator = runner.person("koordinator")
    await coordinator.presses("Ja, opprett sak", in_="tot-bot")
    form = await coordinator.sees_modal("Akutt: kall TOT sammen")
    assert "Kanari" not in form.text
    await coordinator.fills({"Tjenester som spørres nå": ["Politiet · Etterforsker, EXIT"]})
    await kit.send(runner, coordinator)
    assert "Ja, TOT kalles sammen" not in texts(runner, "helse"), "nothing is sent before the review"
    await kit.send(runner, coordinator)
    assert "Ja, TOT kalles sammen" in texts(runner, "helse")
    room = kit.rooms(runner.sandbox)[0]
    assert room.removeprefix("rom-") not in texts(runner, "helse")
    assert "Helsetjenesten" in "\n".join(m.text for m in coordinator.messages(room))
    assert who_sees(runner) == set()
    await runner.later(hours=3)
    assert "skulle hatt et svar" not in texts(runner, "koordinator")


async def test_a_request_that_can_wait_opens_as_a_case_that_is_not_acute(runner: ExerciseRunner) -> None:
    await ask(runner, "helse", **{"Hvor fort bør TOT møtes?": "Det kan vente et par uker"})
    coordinator = runner.person("koordinator")
    await coordinator.presses("Ja, opprett sak", in_="tot-bot")
    form = await coordinator.sees_modal("Opprett sak")
    assert "(•) Arbeidsfase" in form.text
    assert "2026-12-08 09:00" in form.text


async def test_a_request_for_these_days_proposes_the_next_working_day(runner: ExerciseRunner) -> None:
    await ask(runner, "helse", **{"Hvor fort bør TOT møtes?": "I løpet av noen dager"})
    coordinator = runner.person("koordinator")
    await coordinator.presses("Ja, opprett sak", in_="tot-bot")
    form = await coordinator.sees_modal("Opprett sak")
    assert "(•) Akuttfase" in form.text
    assert "2026-12-02 09:00" in form.text


async def test_whoever_writes_kalle_to_the_bot_gets_the_button_that_asks(runner: ExerciseRunner) -> None:
    helse = runner.person("helse")
    await helse.writes("kalle")
    await runner.until_idle()
    await helse.sees("Ingenting venter på deg nå", in_="tot-bot")
    await helse.presses("Be om at TOT samles", in_="tot-bot")
    await helse.sees_modal("Kall TOT sammen")
    await helse.fills({"Hvor fort bør TOT møtes?": "I dag"})
    await kit.send(runner, helse)
    assert "Helsetjenesten ber om at TOT kalles sammen" in texts(runner, "koordinator")
    coordinator = runner.person("vara-koordinator")
    await coordinator.writes("kalle")
    await runner.until_idle()
    answer = coordinator.messages("tot-bot")[-1].text
    assert answer.startswith("Ingenting venter på deg nå")
    assert "Be om" not in answer, "they call it themselves"


async def test_no_with_a_reason(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    await ask(runner, "utenforstaende", **{"Hvilken tjeneste spør?": "En tjeneste som ikke står her"})
    coordinator = runner.person("koordinator")
    await coordinator.presses("Nei", in_="tot-bot")
    await coordinator.sees_modal("Ikke kall sammen")
    await coordinator.fills({"Hvorfor ikke?": "Dette løses bedre med veiledning"})
    await kit.send(runner, coordinator)
    assert "TOT kalles ikke sammen nå: dette løses bedre med veiledning" in re.sub(
        r"\*", "", texts(runner, "utenforstaende")
    )
    assert "@koordinator" in texts(runner, "utenforstaende")
    assert who_sees(runner) == set()
    await runner.until(runner.day(31))
    assert texts(runner, "utenforstaende") == ""
    (row,) = (await kit.dump(rehearsal.bot))["convenings"]
    assert "guidance" in row


async def test_a_contact_asks_for_their_own_agency(runner: ExerciseRunner) -> None:
    person = runner.person("barnevern")
    await person.types("/tot kalle")
    form = await person.sees_modal("Kall TOT sammen")
    assert "Barneverntjenesten" in form.text
    assert "Politiet" not in form.text


async def test_it_is_reminded_of_until_it_is_decided(runner: ExerciseRunner) -> None:
    await ask(runner, "helse")
    await runner.later(minutes=31)
    assert texts(runner, "vara-koordinator").count("Dette venter på ja eller nei.") == 1
    await runner.later(minutes=30)
    assert texts(runner, "vara-koordinator").count("Dette skulle hatt et svar nå.") == 1
    coordinator = runner.person("koordinator")
    await coordinator.presses("Nei", in_="tot-bot")
    await coordinator.fills({"Hvorfor ikke?": "Tjenesten må avklare mer selv først"})
    await kit.send(runner, coordinator)
    assert "skulle hatt" not in texts(runner, "vara-koordinator")


async def test_home_and_language(runner: ExerciseRunner) -> None:
    for handle in ("koordinator", "helse", "barnevern"):
        await runner.person(handle).opens_home()
    await runner.person("helse").types("/tot språk english")
    await runner.until_idle()
    person = runner.person("helse")
    await person.types("/tot convene")
    await person.sees_modal("Convene TOT")
    await person.fills({"How soon should TOT meet?": "Within a few days"})
    await kit.send(runner, person)
    assert "You have asked TOT to convene" in person.home
    assert "Skal TOT kalles sammen?" in runner.person("koordinator").home
    assert "Ingenting venter på deg" not in runner.person("koordinator").home
    assert "Ingenting venter på deg" in runner.person("barnevern").home
    assert "kalles sammen" not in runner.person("barnevern").home
