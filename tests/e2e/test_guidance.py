"""`/tot veiledning`, as people use it: asked, answered, talked over, closed, forgotten."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.cli.rehearsal import Rehearsal, rehearse
from sandbox.stage import Stage
from tests.e2e import kit
from tests.e2e.at_rest import at_rest

NO_REPORT = "Dette er ikke en bekymringsmelding"
QUESTION = "Kanarispørsmål om hvem som kan hjelpe."
ANSWER = "Kanarisvar: ring vaktlinjen."
CANARY = re.compile("kanari", re.IGNORECASE)


@pytest.fixture
async def rehearsal(sqlite_database_url: str) -> AsyncIterator[Rehearsal]:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        yield rehearsal


async def ask(stage: Stage, handle: str = "helse", text: str = QUESTION) -> None:
    """Somebody asks for guidance."""
    person = stage.person(handle)
    await person.types("/tot veiledning")
    form = await person.sees_modal("Be om veiledning")
    assert NO_REPORT in form.text
    assert "112" in form.text
    await person.fills({"Tema": "Barn og unge under 18", "Hva vil du drøfte?": text})
    await stage.sends(person)
    await stage.settle()


async def answer(stage: Stage, handle: str = "koordinator", text: str = ANSWER) -> None:
    """A coordinator answers in writing."""
    person = stage.person(handle)
    await person.presses("Svar", in_="tot-bot")
    await person.sees_modal("Svar")
    await person.fills({"Svaret": text})
    await stage.sends(person)
    await stage.settle()


async def close(stage: Stage) -> None:
    """The coordinator closes it."""
    person = stage.person("koordinator")
    await person.presses("Lukk", in_="tot-bot")
    await person.sees_modal("Lukk veiledningen")
    await stage.sends(person)
    await stage.settle()


def texts(stage: Stage, handle: str) -> str:
    """All that the bot has written to somebody, as it stands."""
    return "\n".join(seen.text for seen in kit.direct(stage.box, handle))


def who_sees(stage: Stage, pattern: re.Pattern[str] = CANARY) -> set[str]:
    """Who can see this anywhere in the workspace."""
    found = (h.audience for h in stage.box.workspace.holdings() if pattern.search(h.text))
    return {handle for audience in found for handle in audience} - {"tot-bot"}


async def test_from_the_question_to_the_answer(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage)
    for handle in ("koordinator", "vara-koordinator"):
        assert QUESTION in texts(stage, handle)
        assert "@helse ber om veiledning" in texts(stage, handle)
        assert "innen torsdag 3. desember 2026 kl. 09:00" in texts(stage, handle)
    assert "Du får svar innen torsdag 3. desember 2026" in texts(stage, "helse")
    assert who_sees(stage) == {"koordinator", "vara-koordinator"}
    await answer(stage)
    assert ANSWER in texts(stage, "helse")
    assert NO_REPORT in texts(stage, "helse")
    assert "Du har fått svar." in texts(stage, "helse")
    assert "@koordinator svarte" in texts(stage, "vara-koordinator")
    assert who_sees(stage) == {"helse", "koordinator", "vara-koordinator"} - (
        {"koordinator"} if QUESTION not in texts(stage, "koordinator") else set()
    )


async def test_what_may_not_be_written_is_refused_and_kept_nowhere(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    person = stage.person("utenforstaende")
    await person.types("/tot veiledning Ola Nordmann 41 23 45 67")
    await person.sees_modal("Be om veiledning")
    for text, why in (("Ring 41 23 45 67.", "telefonnummer"), ("  ", "Skriv noe")):
        await person.fills({"Tema": "Annet", "Hva vil du drøfte?": text})
        errors = await stage.is_refused(person)
        assert why in " ".join(errors.values())
    await stage.settle()
    assert "eiledning" not in texts(stage, "koordinator")
    rows = await kit.dump(rehearsal.bot)
    assert rows["guidances"] == []


async def test_the_promise_is_reminded_of_and_no_longer_when_it_is_kept(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage)
    await stage.until(stage.day(1, "08:59"))
    assert "Halve tiden" not in texts(stage, "koordinator")
    await stage.until(stage.day(0, "09:01"))
    assert texts(stage, "koordinator").count("Halve tiden er gått") == 1
    assert texts(stage, "vara-koordinator").count("Halve tiden er gått") == 1
    assert "Halve tiden" not in texts(stage, "helse")
    await stage.until(stage.day(1, "09:01"))
    assert texts(stage, "koordinator").count("den tiden er ute") == 1
    await answer(stage)
    for said in ("Halve tiden", "den tiden er ute"):
        assert said not in texts(stage, "koordinator")
    rows = await kit.dump(rehearsal.bot)
    assert len(rows["guidances"]) == 1


async def test_answered_at_once_nobody_is_reminded(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage)
    await answer(stage)
    await stage.later(days=5)
    assert not [m for m in stage.box.moments if re.search(r"venter (fortsatt )?på veiledning", m.text)]


async def test_a_talk_goes_into_both_calendars(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage)
    coordinator = stage.person("koordinator")
    await coordinator.presses("Inviter til samtale", in_="tot-bot")
    await coordinator.sees_modal("Inviter til samtale")
    await stage.sends(coordinator)
    await stage.settle()
    for handle in ("helse", "koordinator"):
        assert "samtale onsdag 2. desember 2026 kl. 09:00" in texts(stage, handle)
    entries = [f for f in stage.box.workspace.files.values() if f.name.endswith(".ics")]
    assert len(entries) == 2
    assert all(b"SUMMARY:M" in f.content and b"anari" not in f.content for f in entries)
    assert "samtale" not in texts(stage, "vara-koordinator").replace("har invitert til samtale", "").replace(
        "Inviter til samtale", ""
    )
    await stage.later(days=4)
    assert "den tiden er ute" not in texts(stage, "koordinator")


async def test_a_case_is_opened_from_it_and_nothing_goes_along(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage)
    coordinator = stage.person("koordinator")
    await coordinator.presses("Opprett sak", in_="tot-bot")
    form = await coordinator.sees_modal("Opprett sak")
    assert "Helsetjenesten" in form.text
    assert not CANARY.search(form.text)
    await coordinator.fills({"Etater som spørres nå": ["Politiet"], "Sted": "Møterom Nord"})
    await stage.sends(coordinator)
    await stage.sends(coordinator)
    await stage.settle()
    room = kit.rooms(stage.box)[0]
    assert "Helsetjenesten" in "\n".join(m.text for m in coordinator.messages(room))
    assert "ble en sak" in texts(stage, "koordinator")
    assert "Veiledningen er lukket" in texts(stage, "helse")
    assert who_sees(stage) == set()
    assert room.removeprefix("rom-") not in texts(stage, "helse")


async def test_closed_it_is_a_theme_and_deleted_it_is_nothing_else(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    stage = rehearsal.stage
    await ask(stage)
    await answer(stage)
    await close(stage)
    assert QUESTION not in texts(stage, "koordinator")
    assert "«Barn og unge under 18» er lukket: besvart" in texts(stage, "koordinator")
    assert ANSWER in texts(stage, "helse")
    await stage.until(stage.day(29))
    assert ANSWER in texts(stage, "helse")
    await stage.until(stage.day(2))
    assert texts(stage, "helse") == ""
    assert "eiledning" not in texts(stage, "koordinator")
    assert who_sees(stage) == set()
    rows = await kit.dump(rehearsal.bot)
    (row,) = rows["guidances"]
    assert "minors" in row
    assert "answered" in row
    assert b"anari" not in at_rest(sqlite_database_url)


async def test_an_answered_one_that_nobody_closes_closes_itself(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage)
    await answer(stage)
    await stage.later(days=31)
    assert "er lukket: besvart" in texts(stage, "koordinator")


async def test_home_shows_it_to_the_one_who_asked_and_to_the_coordinators(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    everybody = ("utenforstaende", "koordinator", "barnevern")
    for handle in everybody:
        await stage.person(handle).opens_home()
    await stage.settle()
    await ask(stage, "utenforstaende")
    homes = {handle: stage.person(handle).home for handle in everybody}
    assert "Veiledning du har bedt om" in homes["utenforstaende"]
    assert "Veiledning som venter på svar" in homes["koordinator"]
    assert "Barn og unge" not in homes["barnevern"]
    await answer(stage)
    assert "Du har fått svar" in stage.person("utenforstaende").home
    assert "besvart, ikke lukket" in stage.person("koordinator").home


async def test_a_new_coordinator_is_told_and_one_who_is_relieved_no_longer(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage)
    coordinator = stage.person("koordinator")
    await coordinator.types("/tot koordinator")
    await coordinator.fills({"Utnevn": "barnevern", "Frita": "vara-koordinator"})
    await stage.sends(coordinator)
    await stage.settle()
    assert QUESTION in texts(stage, "barnevern")
    assert QUESTION not in texts(stage, "vara-koordinator")
