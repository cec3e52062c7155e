"""Less to see: one word that calls, six buttons in «Valg», a Home in which one acts, no dead ends."""

from __future__ import annotations

import pytest

from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.person import Person
from tests.e2e import kit

#: The buttons with which «Valg» begins, by who presses and when. A coordinator had 21 before a meeting and 18
#: from its start; a contact 9 and 5.
ASKED = ["Jeg kommer", "Kan ikke", "Ikke vår sak"]
AGREE = ["Avtal tiltak", "Flere valg"]
VALG = {
    ("koordinator", "before"): ["Ring og registrer svar", "Flytt møtet", "Kall inn en tjeneste til", *AGREE],
    ("koordinator", "during"): [
        *("Oppmøte", "Ring og registrer svar", "Kall inn til møte", "Kall inn en tjeneste til", *AGREE)
    ],
    ("koordinator", "after"): ["Oppmøte", "Kall inn til møte", "Kall inn en tjeneste til", *AGREE],
    ("koordinator", "without"): [
        *("Kall inn til møte", "Kall inn en tjeneste til", AGREE[0], "Avslutt saken", AGREE[1])
    ],
    ("politi-exit", "before"): [*ASKED, *AGREE],
    ("politi-exit", "during"): AGREE,
    ("politi-exit", "after"): AGREE,
    ("politi-exit", "without"): AGREE,
}


def buttons(person: Person) -> list[str]:
    """The buttons of the window before somebody, but for the menus beside each agency."""
    assert person.modal is not None
    elements = [e for block in person.modal.view.blocks for e in block.get("elements", ())]
    return [e["text"]["text"] for e in elements if e["type"] == "button"]


async def test_valg_begins_with_what_is_of_use_now_and_six_at_most(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")

    async def holds(moment: str) -> None:
        for handle in ("koordinator", "politi-exit"):
            person = runner.person(handle)
            await person.presses("Valg", in_=room)
            await person.sees_modal("Valg i saken")
            assert buttons(person) == VALG[handle, moment], (handle, moment)
            await person.closes()

    assert all(len(each) <= 6 for each in VALG.values())
    await holds("before")
    await runner.until(runner.day(2, "10:30"))
    await holds("during")
    await runner.until(runner.day(2, "11:30"))
    await holds("after")
    koordinator = runner.person("koordinator")
    came = {"Politiet": "Møtte", "Barneverntjenesten": "Møtte"}
    await kit.submit_form(runner, "koordinator", "/tot oppmøte", room, **came)
    await holds("without")
    # What leads nowhere says why, with the button that does it.
    for word in ("flytt", "avlys", "ring"):
        told = await koordinator.types(f"/tot {word}", in_=room)
        assert told is not None
        assert told.text.startswith("Saken har ingen kommende møter. Kall inn?"), word
        await koordinator.presses("Kall inn til møte", in_=room)
        await koordinator.sees_modal("Kall inn til møte")
        await koordinator.closes()


async def test_kall_opens_what_fits_who_types_it_and_where(runner: ExerciseRunner) -> None:
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot kall")
    assert (await koordinator.sees_modal("Akutt: kall TOT sammen")).labels()[0] == "Tjenester som spørres nå"
    await koordinator.closes()
    await koordinator.types("/tot kall mandag kl 9")
    assert "Foreslått: mandag, om seks dager." in (await koordinator.sees_modal("Opprett sak")).text
    await koordinator.closes()
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    for typed, label, window, says in (
        ("kall", "Møte i denne saken", "Kall inn til møte", ""),
        ("kall", "En ny sak", "Akutt: kall TOT sammen", "Tjenester som spørres nå"),
        ("kall mandag kl 9", "Møte i denne saken", "Kall inn til møte", "man. 7. des. kl. 09:00"),
        ("kall mandag kl 9", "En ny sak", "Opprett sak", "2026-12-07 09:00"),
    ):
        await koordinator.types(f"/tot {typed}", in_=room)
        assert "Gjelder det denne saken, eller en ny?" in (await koordinator.sees_modal("TOT")).text
        await koordinator.presses(label)
        assert says in (await koordinator.sees_modal(window)).text, (typed, label)
        await koordinator.closes()
    for handle, place in (("utenforstaende", "#generelt"), ("politi-exit", room)):
        person = runner.person(handle)
        await person.types("/tot kall", in_=place)
        form = await person.sees_modal("Kall TOT sammen")
        assert "ring 112 eller barnevernvakten" in form.text
        assert "Hvor fort bør TOT møtes?" in form.labels()
        await person.closes()


@pytest.mark.parametrize(("language", "word"), [("nynorsk", "kall"), ("english", "convene")])
async def test_kall_in_the_other_languages(runner: ExerciseRunner, language: str, word: str) -> None:
    koordinator = runner.person("koordinator")
    await koordinator.types(f"/tot språk {language}")
    await koordinator.types(f"/tot {word}")
    await koordinator.sees_modal()
    assert koordinator.modal is not None
    assert koordinator.modal.callback_id == "acute"


async def test_in_home_one_answers_and_reads_which_case_misses_something(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    police, koordinator = runner.person("politi-exit"), runner.person("koordinator")
    for label, state in (("Jeg kommer", "du kommer"), ("Kan ikke", "du har meldt forfall")):
        await police.opens_home()
        await runner.until_idle()
        await police.presses(label, in_="home")
        if label == "Kan ikke":
            await police.sees_modal()
            await police.fills({"Hvorfor kan du ikke?": "borte fra jobb"})
            await kit.send(runner, police)
        await runner.until_idle()
        meetings = (police.home or "").partition("Møtene mine")[2].partition("Sakene mine")[0]
        assert f"{state} · #{room}" in meetings
    assert "Jeg kan komme likevel" in meetings
    await koordinator.opens_home()
    await runner.until_idle()
    code = room.removeprefix("rom-")
    assert f"Sak {code} mangler noe. #{room}" in (koordinator.home or "")
    for handle in ("politi-exit", "vara-koordinator", "utenforstaende"):
        await runner.person(handle).opens_home()
        assert "mangler noe" not in (runner.person(handle).home or ""), handle


async def test_who_is_outside_asks_that_tot_convenes_from_home(runner: ExerciseRunner) -> None:
    for handle in ("utenforstaende", "helse"):
        person = runner.person(handle)
        assert (await person.opens_home()).count("TOT er et tverretatlig team") == 1
        await person.presses("Be om at TOT samles", in_="home")
        await person.sees_modal("Kall TOT sammen")
        await person.closes()
