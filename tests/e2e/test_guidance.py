"""`/tot veiledning`, as people use it: asked, answered, talked over, closed, forgotten."""

from __future__ import annotations

import re

from bot.cli.demo import Rehearsal
from sandbox.content_audit import visible_texts
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit
from tests.e2e.at_rest import at_rest

NO_REPORT = "Dette er ikke en bekymringsmelding"
QUESTION = "Kanarispørsmål om hvem som kan hjelpe."
ANSWER = "Kanarisvar: ring vaktlinjen."
CANARY = re.compile("kanari", re.IGNORECASE)


async def ask(runner: ExerciseRunner, handle: str = "helse", text: str = QUESTION) -> None:
    person = runner.person(handle)
    await person.types("/tot veiledning")
    form = await person.sees_modal("Be om veiledning")
    assert NO_REPORT in form.text
    assert "112" in form.text
    await person.fills({"Tema": "Barn og unge under 18", "Hva vil du drøfte?": text})
    await kit.send(runner, person)


async def answer(runner: ExerciseRunner, handle: str = "koordinator", text: str = ANSWER) -> None:
    person = runner.person(handle)
    await person.presses("Svar", in_="tot-bot")
    await person.sees_modal("Svar")
    await person.fills({"Svaret": text})
    await kit.send(runner, person)


async def close(runner: ExerciseRunner) -> None:
    person = runner.person("koordinator")
    await person.presses("Avslutt veiledningen", in_="tot-bot")
    await person.sees_modal("Avslutt veiledningen")
    await kit.send(runner, person)


def texts(runner: ExerciseRunner, handle: str) -> str:
    """All that the bot has written to somebody, as it stands."""
    return "\n".join(seen.text for seen in kit.direct(runner.sandbox, handle))


def who_sees(runner: ExerciseRunner, pattern: re.Pattern[str] = CANARY) -> set[str]:
    found = (h.audience for h in visible_texts(runner.sandbox.workspace) if pattern.search(h.text))
    return {handle for audience in found for handle in audience} - {"tot-bot"}


async def test_from_the_question_to_the_answer(runner: ExerciseRunner) -> None:
    await ask(runner)
    for handle in ("koordinator", "vara-koordinator"):
        assert QUESTION in texts(runner, handle)
        assert "@helse ber om veiledning" in texts(runner, handle)
        assert "innen torsdag 3. desember kl. 9" in texts(runner, handle)
    assert "Du får svar innen torsdag 3. desember" in texts(runner, "helse")
    assert who_sees(runner) == {"koordinator", "vara-koordinator"}
    await answer(runner)
    assert ANSWER in texts(runner, "helse")
    assert NO_REPORT in texts(runner, "helse")
    assert "Du har fått svar." in texts(runner, "helse")
    assert "@koordinator svarte" in texts(runner, "vara-koordinator")
    assert who_sees(runner) == {"helse", "koordinator", "vara-koordinator"} - (
        {"koordinator"} if QUESTION not in texts(runner, "koordinator") else set()
    )


async def test_what_may_not_be_written_is_refused_and_kept_nowhere(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    person = runner.person("utenforstaende")
    await person.types("/tot veiledning Ola Nordmann 41 23 45 67")
    await person.sees_modal("Be om veiledning")
    for text, why in (("Ring 41 23 45 67.", "telefonnummer"), ("  ", "Skriv noe")):
        await person.fills({"Tema": "Annet", "Hva vil du drøfte?": text})
        errors = await runner.is_refused(person)
        assert why in " ".join(errors.values())
    await runner.until_idle()
    assert "eiledning" not in texts(runner, "koordinator")
    rows = await kit.dump(rehearsal.bot)
    assert rows["guidances"] == []


async def test_the_promise_is_reminded_of_and_no_longer_when_it_is_kept(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    await ask(runner)
    await runner.until(runner.day(1, "08:59"))
    assert "Halve tiden" not in texts(runner, "koordinator")
    await runner.until(runner.day(0, "09:01"))
    assert texts(runner, "koordinator").count("Halve tiden er gått") == 1
    assert texts(runner, "vara-koordinator").count("Halve tiden er gått") == 1
    assert "Halve tiden" not in texts(runner, "helse")
    await runner.until(runner.day(1, "09:01"))
    assert texts(runner, "koordinator").count("den tiden er ute") == 1
    await answer(runner)
    for said in ("Halve tiden", "den tiden er ute"):
        assert said not in texts(runner, "koordinator")
    rows = await kit.dump(rehearsal.bot)
    assert len(rows["guidances"]) == 1


async def test_answered_at_once_nobody_is_reminded(runner: ExerciseRunner) -> None:
    await ask(runner)
    await answer(runner)
    await runner.later(days=5)
    assert not [m for m in runner.sandbox.activity if re.search(r"venter (fortsatt )?på veiledning", m.text)]


async def test_a_talk_goes_into_both_calendars(runner: ExerciseRunner) -> None:
    await ask(runner)
    coordinator = runner.person("koordinator")
    await coordinator.presses("Inviter til samtale", in_="tot-bot")
    await coordinator.sees_modal("Inviter til samtale")
    await kit.send(runner, coordinator)
    for handle in ("helse", "koordinator"):
        assert "samtale onsdag 2. desember kl. 9" in texts(runner, handle)
    entries = [f for f in runner.sandbox.workspace.files.values() if f.name.endswith(".ics")]
    assert len(entries) == 2
    assert all(b"SUMMARY:M" in f.content and b"anari" not in f.content for f in entries)
    assert "samtale" not in texts(runner, "vara-koordinator").replace("har invitert til samtale", "").replace(
        "Inviter til samtale", ""
    )
    await runner.later(days=4)
    assert "den tiden er ute" not in texts(runner, "koordinator")


async def test_a_case_is_opened_from_it_and_nothing_goes_along(runner: ExerciseRunner) -> None:
    await ask(runner)
    coordinator = runner.person("koordinator")
    await coordinator.presses("Opprett sak", in_="tot-bot")
    form = await coordinator.sees_modal("Opprett sak")
    assert "Helsetjenesten" in form.text
    assert not CANARY.search(form.text)
    await coordinator.fills({"Tjenester som spørres nå": ["Politiet"], "Sted": "Møterom Nord"})
    await runner.sends(coordinator)
    await kit.send(runner, coordinator)
    room = kit.rooms(runner.sandbox)[0]
    assert "Helsetjenesten" in "\n".join(m.text for m in coordinator.messages(room))
    assert "ble en sak" in texts(runner, "koordinator")
    assert "Veiledningen er avsluttet" in texts(runner, "helse")
    assert who_sees(runner) == set()
    assert room.removeprefix("rom-") not in texts(runner, "helse")


async def test_closed_it_is_a_theme_and_deleted_it_is_nothing_else(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    runner = rehearsal.runner
    await ask(runner)
    await answer(runner)
    await close(runner)
    assert QUESTION not in texts(runner, "koordinator")
    assert "«Barn og unge under 18» er avsluttet: besvart" in texts(runner, "koordinator")
    assert ANSWER in texts(runner, "helse")
    await runner.until(runner.day(29))
    assert ANSWER in texts(runner, "helse")
    await runner.until(runner.day(2))
    assert texts(runner, "helse") == ""
    assert "eiledning" not in texts(runner, "koordinator")
    assert who_sees(runner) == set()
    rows = await kit.dump(rehearsal.bot)
    (row,) = rows["guidances"]
    assert "minors" in row
    assert "answered" in row
    assert b"anari" not in at_rest(sqlite_database_url)


async def test_an_answered_one_that_nobody_closes_closes_itself(runner: ExerciseRunner) -> None:
    await ask(runner)
    await answer(runner)
    await runner.later(days=31)
    assert "er avsluttet: besvart" in texts(runner, "koordinator")


async def test_home_shows_it_to_the_one_who_asked_and_to_the_coordinators(runner: ExerciseRunner) -> None:
    everybody = ("utenforstaende", "koordinator", "barnevern")
    for handle in everybody:
        await runner.person(handle).opens_home()
    await runner.until_idle()
    await ask(runner, "utenforstaende")
    homes = {handle: runner.person(handle).home for handle in everybody}
    assert "Veiledning du har bedt om" in homes["utenforstaende"]
    assert "Veiledning som venter på svar" in homes["koordinator"]
    assert "Barn og unge" not in homes["barnevern"]
    await answer(runner)
    assert "Du har fått svar" in runner.person("utenforstaende").home
    assert "besvart, ikke avsluttet" in runner.person("koordinator").home


async def test_a_new_coordinator_is_told_and_one_who_is_relieved_no_longer(runner: ExerciseRunner) -> None:
    await ask(runner)
    coordinator = runner.person("koordinator")
    await coordinator.types("/tot koordinator")
    await coordinator.fills({"Utnevn": "barnevern", "Frita": "vara-koordinator"})
    await kit.send(runner, coordinator)
    assert QUESTION in texts(runner, "barnevern")
    assert QUESTION not in texts(runner, "vara-koordinator")
