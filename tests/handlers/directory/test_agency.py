"""`/tot etat`, `/tot vara` and `/tot plass`, as people do them in the local workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.cli.demo import Rehearsal, rehearse
from bot.domain.directory.entities import Agency, Contact
from bot.usecases.ports import UnitOfWork
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit
from tests.handlers.access.workspace import Court, filled_in
from tests.handlers.slack.test_bad_input import NO_ACCESS, EntryPoints, said

CHANGE = "Hva vil du endre?"


@pytest.fixture
async def rehearsal(sqlite_database_url: str) -> AsyncIterator[Rehearsal]:
    """A Tuesday at nine; a case with the police, who have confirmed, and a meeting on Thursday at ten."""
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as playing:
        await kit.open_case(playing.runner, "Politiet", "Helsetjenesten")
        await kit.confirm(playing.runner, "politi-exit")
        yield playing


def room(runner: ExerciseRunner) -> str:
    return kit.rooms(runner.sandbox)[0]


def reads(runner: ExerciseRunner, handle: str) -> str:
    return "\n".join(m.text for m in kit.direct(runner.sandbox, handle))


async def contacts(rehearsal: Rehearsal, agency: str = "politi") -> list[Contact]:
    def find(uow: UnitOfWork) -> list[Contact]:
        return uow.contacts(next(a.id for a in uow.find(Agency) if a.key == agency))

    return await rehearsal.bot.database.read(find)


async def chooses(runner: ExerciseRunner, handle: str, what: str, request: str = "politiet") -> None:
    """Somebody opens an agency and chooses what to change."""
    person = runner.person(handle)
    await person.types(f"/tot etat {request}")
    await person.sees_modal("Tjeneste")
    await person.fills({CHANGE: what})
    await runner.sends(person)


async def test_a_contact_whom_a_leader_adds_waits_for_the_coordinator(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    leader = runner.person("politi-leder")
    await leader.types("/tot etat")
    await leader.fills({"Hvilken tjeneste?": "Politiet"})
    await runner.sends(leader)
    assert "@politi-exit (Etterforsker, EXIT), i arbeidstiden" in (await leader.sees_modal("Tjeneste")).text
    await leader.fills({CHANGE: "Ny kontaktperson"})
    await runner.sends(leader)
    form = await leader.sees_modal("Kontaktperson")
    assert "Koordinatoren godkjenner nye kontaktpersoner" in form.text
    assert await leader.submits() == {"Kollega i Slack": "Velg en kollega, eller skriv en jobbadresse."}
    await leader.fills({"Kollega i Slack": "utenforstaende", "Tittel": "Etterforsker", "Plass": "1"})
    await kit.send(runner, leader)
    assert [c.waits for c in await contacts(rehearsal)] == [True, False, False, False]
    assert "har foreslått en ny kontaktperson" in reads(runner, "koordinator")
    await leader.types("/tot etat politiet")
    assert "venter på godkjenning" in (await leader.sees_modal("Tjeneste")).text
    await kit.press(runner, "koordinator", "Godkjenn")
    assert "ny kontaktperson godkjent" in reads(runner, "politi-leder")
    assert "Godkjenn" not in reads(runner, "vara-koordinator"), "the other coordinator's buttons are gone"
    assert [c.waits for c in await contacts(rehearsal)] == [False] * 4
    assert [c.position for c in await contacts(rehearsal)] == [1, 2, 3, 4]


async def test_a_refused_contact_is_none(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    await chooses(runner, "politi-leder", "Ny kontaktperson")
    await runner.person("politi-leder").fills({"Jobbadresse": "ny@politi.example"})
    await kit.send(runner, runner.person("politi-leder"))
    await kit.press(runner, "koordinator", "Avslå")
    assert "ny kontaktperson ikke godkjent" in reads(runner, "politi-leder")
    assert len(await contacts(rehearsal)) == 3


async def test_what_a_coordinator_adds_and_changes_is_so_at_once(rehearsal: Rehearsal) -> None:
    runner, koordinator = rehearsal.runner, rehearsal.runner.person("koordinator")
    await chooses(runner, "koordinator", "Ny kontaktperson")
    await koordinator.fills({"Jobbadresse": "ny@politi.example", "Tittel": "Reserve"})
    await runner.sends(koordinator)
    assert koordinator.modal is None
    assert [c.title for c in await contacts(rehearsal)][-1] == "Reserve"
    await chooses(runner, "koordinator", "4. Reserve")
    await koordinator.fills({"Plass i rekkefølgen": "2", "Når svarer": "Utenom arbeidstiden"})
    await runner.sends(koordinator)
    assert [c.title for c in await contacts(rehearsal)][1] == "Reserve"
    await chooses(runner, "koordinator", "2. Reserve")
    await koordinator.fills({"Mer": ["Ta ut som kontaktperson"]})
    await runner.sends(koordinator)
    assert "Reserve" not in [c.title for c in await contacts(rehearsal)]
    await chooses(runner, "koordinator", "Vakttelefonen")
    await koordinator.fills({"Vakttelefon": "ring oss"})
    assert "ikke et norsk telefonnummer" in str(await koordinator.submits())
    await koordinator.fills({"Vakttelefon": "55112233"})
    await runner.sends(koordinator)
    await koordinator.types("/tot etat politiet")
    assert "Vakttelefon: 55 11 22 33" in (await koordinator.sees_modal("Tjeneste")).text


async def test_a_coordinator_adds_an_agency_and_calls_it_at_once(rehearsal: Rehearsal) -> None:
    runner, koordinator = rehearsal.runner, rehearsal.runner.person("koordinator")
    await koordinator.types("/tot tjeneste")
    await koordinator.fills({"Hvilken tjeneste?": "Ny tjeneste"})
    await runner.sends(koordinator)
    await koordinator.sees_modal("Ny tjeneste")
    await koordinator.fills({"Hva slags tjeneste er det?": "Krisesenter", "Navn": "Krisesenteret i Bergen"})
    assert "botilbud 2" in (await koordinator.submits())["Navn"], (
        "a name that would tell where somebody lives"
    )
    await koordinator.fills({"Hva slags tjeneste er det?": "Helsetjeneste", "Navn": "Helsetjenesten"})
    assert "allerede en tjeneste med det navnet" in (await koordinator.submits())["Navn"]
    await koordinator.fills({"Navn": "Sykehuset", "Vakttelefon": "55112233"})
    await runner.sends(koordinator)
    assert "Tjenesten har ingen kontaktpersoner ennå" in (await koordinator.sees_modal("Tjeneste")).text
    await koordinator.fills({CHANGE: "Ny kontaktperson"})
    await runner.sends(koordinator)
    await koordinator.fills({"Jobbadresse": "ny@sykehus.example", "Tittel": "Vakthavende lege"})
    await runner.sends(koordinator)
    assert [c.title for c in await contacts(rehearsal, "sykehuset")] == ["Vakthavende lege"]
    roster = await koordinator.types("/tot hvem sykehuset")
    assert roster is not None
    assert "55 11 22 33" in roster.text


async def test_nobody_with_a_seat_in_an_open_case_is_taken_out(rehearsal: Rehearsal) -> None:
    runner, koordinator = rehearsal.runner, rehearsal.runner.person("koordinator")
    await chooses(runner, "koordinator", "1. Etterforsker, EXIT")
    await koordinator.fills({"Mer": ["Ta ut som kontaktperson"]})
    assert "/tot plass" in (await koordinator.submits())["Mer"]
    assert len(await contacts(rehearsal)) == 3


async def test_others_keep_no_agency(rehearsal: Rehearsal) -> None:
    """A leader keeps no other agency than their own, a contact their absence alone, a stranger nothing."""
    runner = rehearsal.runner
    seen = await runner.person("utenforstaende").types("/tot etat")
    assert seen is not None
    assert seen.text.startswith("Dette har du ikke tilgang til")
    await runner.person("politi-leder").types("/tot etat barneverntjenesten")
    assert "Barneverntjenesten" not in (await runner.person("politi-leder").sees_modal("Tjeneste")).text
    await runner.person("politi-vakt").types("/tot etat politiet")
    await runner.person("politi-vakt").sees_modal("Jeg er borte")


async def test_who_keeps_no_agency_learns_nothing_of_an_account(rehearsal: Rehearsal, tmp_path: Path) -> None:
    entry_points = EntryPoints(rehearsal, tmp_path / "tot.db")
    await chooses(rehearsal.runner, "koordinator", "Ny kontaktperson")
    form = (await entry_points.coordinator.sees_modal("Kontaktperson")).view
    filled_in(form, (), {"person": {"selected_user": entry_points.sandbox.workspace.bot.id}})
    assert "app" in "".join((await entry_points.coordinator.submits()).values())
    answer = await entry_points.submits(entry_points.person("politi-exit"), form)
    assert said(answer).startswith(NO_ACCESS)


async def test_a_contact_of_another_agency_is_as_unknown_and_it_is_logged(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    court = Court(rehearsal, tmp_path / "tot.db")
    await chooses(rehearsal.runner, "koordinator", "2. Vakthavende")
    form = (await court.coordinator.sees_modal("Kontaktperson")).view
    agency_id = form.payload["private_metadata"].partition("|")[0]
    for contact_id in ((await contacts(rehearsal, "udi"))[0].id, "unknown"):
        answer = await court.submits(court.coordinator, form, private_metadata=f"{agency_id}|{contact_id}")
        assert said(answer).startswith(NO_ACCESS)
    assert [event for event, _ in court.log()].count("refused") == 2


async def test_a_deputy_is_told_nothing_before_the_approval(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    exit_, koordinator = runner.person("politi-exit"), runner.person("koordinator")
    await exit_.types("/tot vara")
    form = await exit_.sees_modal("Meld vara")
    assert form.values["Vara"].endswith("Vakthavende"), "the next on call is proposed"
    decides = ["Varaen kan bestemme for tjenesten"]
    await exit_.fills({"Grunn til forfallet": "Borte fra jobb", "Om varaen": decides})
    await kit.send(runner, exit_)
    assert "tot-bot" not in runner.person("politi-vakt").channels()
    assert "vara venter på godkjenning" in "\n".join(koordinator.reads(room(runner)))
    assert "Koordinatoren må godkjenne først" in reads(runner, "politi-exit")
    assert "Varaen kan bestemme for tjenesten" in reads(runner, "koordinator")
    await koordinator.presses("Avslå", in_="tot-bot")
    await koordinator.fills({"Grunn": "Må kunne snakke for EXIT."})
    await kit.send(runner, koordinator)
    assert "Grunn: Må kunne snakke for EXIT." in reads(runner, "politi-exit")
    assert "tot-bot" not in runner.person("politi-vakt").channels()
    await exit_.presses("Meld en annen vara", in_="tot-bot")
    await exit_.sees_modal("Meld vara")
    await exit_.fills({"Vara": "Vakthavende"})
    await kit.send(runner, exit_)
    assert "er ikke godkjent" not in reads(runner, "politi-exit"), "mended"
    await koordinator.presses("Godkjenn", in_="tot-bot")
    await runner.until_idle()
    deputy = runner.person("politi-vakt")
    assert "spør om du kan være vara for Politiet" in reads(runner, "politi-vakt")
    assert room(runner).removeprefix("rom-") not in reads(runner, "politi-vakt")
    await deputy.presses(kit.CONFIRM, in_="tot-bot")
    await runner.until_idle()
    assert "Kommer du som vara" in reads(runner, "politi-vakt")


async def test_a_leader_names_a_deputy_and_learns_no_code(rehearsal: Rehearsal) -> None:
    runner, leader = rehearsal.runner, rehearsal.runner.person("politi-leder")
    await leader.types("/tot vara")
    form = await leader.sees_modal("Meld vara")
    code = room(runner).removeprefix("rom-")
    assert code not in form.text
    await leader.fills({"Vara": "Vakthavende"})
    await kit.send(runner, leader)
    await runner.person("koordinator").presses("Avslå", in_="tot-bot")
    await runner.person("koordinator").fills({"Grunn": "Velg en annen."})
    await kit.send(runner, runner.person("koordinator"))
    assert "Grunn: Velg en annen." in reads(runner, "politi-leder")
    assert code not in reads(runner, "politi-leder")
    assert "politi-leder" not in kit.people_in(runner.sandbox, room(runner))


async def test_a_seat_is_handed_over_for_good(rehearsal: Rehearsal) -> None:
    runner, exit_ = rehearsal.runner, rehearsal.runner.person("politi-exit")
    await exit_.presses("Jeg kommer", in_="tot-bot")
    await exit_.types("/tot plass")
    await exit_.sees_modal("Gi plassen videre")
    await exit_.fills({"Tar over": "Vakthavende"})
    await kit.send(runner, exit_)
    assert "politi-exit" in kit.people_in(runner.sandbox, room(runner))
    assert "ta over plassen til en kollega, for resten av en sak" in reads(runner, "politi-vakt")
    assert "Tar over: @politi-vakt" in "\n".join(runner.person("koordinator").reads(room(runner)))
    await kit.confirm(runner, "politi-vakt")
    inside = kit.people_in(runner.sandbox, room(runner))
    assert "politi-vakt" in inside
    assert "politi-exit" not in inside
    assert "Kommer du på møtet" in reads(runner, "politi-vakt")
    assert "Innkalling" not in reads(runner, "politi-exit")
    assert "Du er ute av sak " in reads(runner, "politi-exit")
    assert "har gitt plassen sin videre" in reads(runner, "koordinator")
    assert "*Politiet:* har ikke svart · @politi-vakt" in "\n".join(
        runner.person("koordinator").reads(room(runner))
    )


async def test_who_is_away_is_asked_for_deputies_and_is_not_asked_again(rehearsal: Rehearsal) -> None:
    runner, exit_ = rehearsal.runner, rehearsal.runner.person("politi-exit")
    await exit_.types("/tot etat")
    await exit_.sees_modal("Jeg er borte")
    await exit_.fills({"Borte fra": date(2026, 12, 2), "Borte til og med": date(2026, 11, 30)})
    assert "Siste dag kan ikke være før" in (await exit_.submits())["Borte til og med"]
    await exit_.fills({"Borte fra": None, "Borte til og med": date(2026, 12, 4)})
    await runner.sends(exit_)
    form = await exit_.sees_modal("Meld vara")
    assert "Disse møtene faller i den tiden" in form.text
    assert form.values["Grunn til forfallet"] == "Borte fra jobb"
    await kit.send(runner, exit_)
    assert "vil sende en vara" in reads(runner, "koordinator")
    await kit.fill_in_case(runner, ["Politiet"], when="mandag kl 10")
    review = await runner.person("koordinator").sees_modal("Se over")
    assert "Politiet: @politi-vakt" in review.text
    await runner.person("koordinator").closes(whole_stack=True)
    await chooses(runner, "koordinator", "1. Etterforsker, EXIT")
    await runner.person("koordinator").sees_modal("Kontaktperson")
