"""`/tot fellesmøte`, as people use it: called, signed up for, called off, registered, forgotten."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bot.cli.demo import Rehearsal
from sandbox.exercises.runner import ZONE, ExerciseRunner
from tests.e2e import canaries, kit
from tests.e2e.at_rest import at_rest
from tests.e2e.test_guidance import ask, close, texts, who_sees

TOPIC, AGENDA = "Kanariemne om deling", "Kanariplan for dagen"
PARTNERS = {
    *("politi-exit", "politi-vakt", "politi-leder", "barnevern", "barnevern-leder", "barnevernvakt"),
    *("sosialtjenesten", "bistandsadvokat", "helse"),
}
TEAM = {"koordinator", "vara-koordinator"}


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    return canaries.partners(tmp_path)


async def call(runner: ExerciseRunner, when: str = "fredag kl 12") -> str:
    """The coordinator calls a joint meeting; what the review shows."""
    coordinator = runner.person("koordinator")
    await coordinator.types(f"/tot fellesmøte {when}")
    await coordinator.sees_modal("Fellesmøte")
    await coordinator.fills(
        {"Emne": TOPIC, "Sted": "Det store møterommet", "Dagsorden eller merknad": AGENDA}
    )
    await runner.sends(coordinator)
    review = await coordinator.sees_modal("Se over og send")
    await kit.send(runner, coordinator)
    return review.text


async def test_every_partner_is_invited_and_nobody_else(runner: ExerciseRunner) -> None:
    review = await call(runner)
    assert "@politi-exit" in review
    assert "UDI" in review
    assert "botilbud 1" in review
    assert not canaries.NOBODY_SEES.search(review)
    assert who_sees(runner) - TEAM == PARTNERS
    for handle in ("helse", "politi-vakt"):
        assert "Fellesmøte i TOT Bergen" in texts(runner, handle)
        assert "fredag 4. desember kl. 12–13" in texts(runner, handle)
        assert "ingen møteplikt" in texts(runner, handle)
    overview = texts(runner, "koordinator")
    assert "UDI · Saksbehandler: 55 00 00 06" in overview
    assert "botilbud 1" in overview
    assert not canaries.NOBODY_SEES.search(overview)


async def test_signing_up_and_changing_ones_mind(runner: ExerciseRunner) -> None:
    await call(runner)
    helse = runner.person("helse")
    await helse.presses("Kommer", in_="tot-bot")
    await runner.until_idle()
    assert "Kommer (1): Helsetjenesten · Helsesykepleier" in texts(runner, "vara-koordinator").replace(
        "*", ""
    )
    assert "Du kommer." in texts(runner, "helse")
    assert len([f for f in runner.sandbox.workspace.files.values() if not f.deleted]) == len(PARTNERS)
    await helse.presses("Kommer ikke", in_="tot-bot")
    await runner.until_idle()
    assert "Kommer ikke (1): Helsetjenesten" in texts(runner, "koordinator").replace("*", "")
    assert "Helsesykepleier" not in texts(runner, "politi-exit")
    assert len([f for f in runner.sandbox.workspace.files.values() if not f.deleted]) == len(PARTNERS) - 1


async def test_the_calendar_entry_is_neutral(runner: ExerciseRunner) -> None:
    await call(runner)
    entries = [f for f in runner.sandbox.workspace.files.values() if f.name.endswith(".ics")]
    assert all(b"anari" not in f.content and b"SUMMARY:M" in f.content for f in entries)
    assert len(
        {line for f in entries for line in f.content.split(b"\r\n") if line.startswith(b"UID")}
    ) == len(entries)


async def test_only_those_who_may_come_are_reminded_and_only_once_each(runner: ExerciseRunner) -> None:
    await call(runner)
    await kit.press(runner, "helse", "Kommer ikke")
    await runner.until(runner.day(3, "13:30"))
    assert reminded(runner, "barnevern") == ["03.12 12:00", "04.12 11:00"]
    assert reminded(runner, "helse") == []
    assert reminded(runner, "utenforstaende") == []


def reminded(runner: ExerciseRunner, handle: str) -> list[str]:
    """When the reminders came that somebody sees."""
    found = [m for m in runner.sandbox.activity if m.kind == "message" and handle in m.seen_by]
    soon = "Fellesmøtet nærmer seg"
    return [f"{m.time.astimezone(ZONE):%d.%m %H:%M}" for m in found if soon in m.text]


async def change(runner: ExerciseRunner, fields: dict[str, Any]) -> str:
    """The coordinator changes the joint meeting; what the review shows."""
    coordinator = runner.person("koordinator")
    await coordinator.presses("Endre fellesmøtet", in_="tot-bot")
    await coordinator.sees_modal("Endre fellesmøtet")
    await coordinator.fills(fields)
    await runner.sends(coordinator)
    review = await coordinator.sees_modal("Se over og send")
    await kit.send(runner, coordinator)
    return review.text


async def test_moved_to_another_time_everybody_is_asked_again(runner: ExerciseRunner) -> None:
    await call(runner)
    for handle, answer in (("helse", "Kommer"), ("barnevern", "Kommer ikke")):
        await kit.press(runner, handle, answer)
    before = entries(runner)
    review = await change(runner, {"Når": runner.day(6, "13:00")})
    assert "spørres på nytt" in review
    assert "@helse" in review
    assert "UDI" in review
    assert not canaries.NOBODY_SEES.search(review)
    for handle in ("helse", "barnevern", "politi-exit"):
        (invitation,) = [m for m in kit.direct(runner.sandbox, handle) if "Fellesmøte i" in m.text]
        assert "flyttet, så vi spør på nytt" in invitation.text
        assert "mandag 7. desember kl. 13–14" in invitation.text
        assert "Kommer du?" in invitation.text
        assert "slett den gamle oppføringen selv" in texts(runner, handle)
    overview = texts(runner, "koordinator").replace("*", "")
    assert "alle er spurt på nytt" in overview
    assert "Kommer (0): –" in overview
    after = entries(runner)
    assert set(before.values()) == {0}
    assert set(after.values()) == {1}
    assert set(before) < set(after), "the same UIDs, and who had said no is invited again"
    assert who_sees(runner) - TEAM == PARTNERS
    await runner.until(runner.day(5, "23:00"))
    assert "nærmer seg" not in texts(runner, "utenforstaende")
    assert reminded(runner, "barnevern") == ["06.12 13:00"]


def entries(runner: ExerciseRunner) -> dict[str, int]:
    """The calendar files that can be fetched now: UID and SEQUENCE."""
    found = [Calendar.from_ical(f.content) for f in runner.sandbox.workspace.files.values() if not f.deleted]
    events = [calendar.walk("VEVENT")[0] for calendar in found]
    return {str(event["UID"]): int(str(event["SEQUENCE"])) for event in events}


async def test_another_place_is_told_and_another_agenda_only_shown(runner: ExerciseRunner) -> None:
    await call(runner)
    await kit.press(runner, "helse", "Kommer")
    before, sent = entries(runner), len(kit.direct(runner.sandbox, "helse"))
    ids = {m.source.ts for m in kit.direct(runner.sandbox, "helse")}
    review = await change(runner, {"Dagsorden eller merknad": "Ny plan", "Emne": f"{TOPIC}, igjen"})
    assert "Ingen får noen ny melding" in review
    assert "@helse" not in review
    assert {m.source.ts for m in kit.direct(runner.sandbox, "helse")} == ids
    assert "Ny plan" in texts(runner, "helse")
    assert f"{TOPIC}, igjen" in texts(runner, "helse")
    review = await change(runner, {"Sted": "Møterom Nord"})
    assert "Svarene deres står" in review
    assert len(kit.direct(runner.sandbox, "helse")) == sent
    assert "Fellesmøtet har fått et nytt sted" in texts(runner, "helse")
    assert "Møterom Nord" in texts(runner, "helse")
    assert "Du kommer." in texts(runner, "helse")
    assert entries(runner) == before
    assert "Kommer (1)" in texts(runner, "koordinator").replace("*", "")


async def test_another_place_does_not_hide_that_it_was_moved(runner: ExerciseRunner) -> None:
    await call(runner)
    await change(runner, {"Når": runner.day(6, "13:00")})
    await kit.press(runner, "helse", "Kommer")
    await change(runner, {"Sted": "Møterom Nord"})
    for handle in ("barnevern", "politi-exit"):
        (invitation,) = [m for m in kit.direct(runner.sandbox, handle) if "Fellesmøte i" in m.text]
        assert "Fellesmøtet har fått ny tid og nytt sted, så vi spør på nytt" in invitation.text
    assert "Fellesmøtet har fått et nytt sted" in texts(runner, "helse")
    assert "Du kommer." in texts(runner, "helse")
    assert "spør på nytt" not in texts(runner, "helse")


async def test_a_night_a_holiday_and_an_overlap_are_pointed_out_before_it_is_sent(
    runner: ExerciseRunner,
) -> None:
    await kit.open_case(runner, "Politiet", when="torsdag kl 10")
    await call(runner)
    coordinator = runner.person("koordinator")
    await coordinator.presses("Endre fellesmøtet", in_="tot-bot")
    for at, warned in (
        (runner.day(1, "23:00"), "mange sover"),
        (datetime(2026, 12, 25, 12, tzinfo=ZONE), "fridag for mange"),
        (runner.day(2, "10:00"), "i en sak du er med i"),
    ):
        await coordinator.fills({"Når": at})
        await runner.sends(coordinator)
        assert warned in (await coordinator.sees_modal("Se over og send")).text
        await coordinator.closes()
    await coordinator.closes(whole_stack=True)
    await runner.until_idle()
    assert "Fellesmøtet er flyttet" not in texts(runner, "helse")


async def test_called_off(runner: ExerciseRunner) -> None:
    await call(runner)
    coordinator = runner.person("koordinator")
    await coordinator.presses("Avlys fellesmøtet", in_="tot-bot")
    await coordinator.sees_modal("Avlys fellesmøtet")
    await kit.send(runner, coordinator)
    assert "Fellesmøtet er avlyst" in texts(runner, "helse")
    assert [f for f in runner.sandbox.workspace.files.values() if not f.deleted] == []
    await runner.until(runner.day(5))
    assert "nærmer seg" not in texts(runner, "helse")
    assert "Hvem kom" not in texts(runner, "koordinator")


async def test_registered_and_forgotten_but_for_the_number(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    runner = rehearsal.runner
    await call(runner)
    for handle in ("helse", "politi-exit"):
        await runner.person(handle).presses("Kommer", in_="tot-bot")
    await runner.until_idle()
    coordinator = runner.person("koordinator")
    await coordinator.presses("Hvem kom?", in_="tot-bot")
    assert coordinator.modal is None, "nobody has come yet"
    await runner.until(runner.day(6, "09:00"))
    assert "Hvem kom på fellesmøtet?" in texts(runner, "koordinator")
    await coordinator.presses("Hvem kom?", in_="tot-bot")
    await coordinator.sees_modal("Hvem kom?")
    await kit.send(runner, coordinator)
    assert "2 kom." in texts(runner, "koordinator")
    await runner.until(runner.day(31))
    assert who_sees(runner) == set()
    rows = await kit.dump(rehearsal.bot)
    assert rows["joint_invitations"] == []
    assert len(rows["joint_meetings"]) == 1
    assert 2 in rows["joint_meetings"][0]
    assert b"Kanariemne" not in at_rest(sqlite_database_url)
    assert b"Kanariplan" not in at_rest(sqlite_database_url)


async def test_what_people_asked_about_is_proposed(runner: ExerciseRunner) -> None:
    await ask(runner)
    await close(runner)
    coordinator = runner.person("koordinator")
    await coordinator.types("/tot fellesmøte fredag kl 12")
    await coordinator.sees_modal("Fellesmøte")
    await coordinator.fills(
        {"Tema fra veiledning siden sist": "Barn og unge under 18 (1)", "Sted": "Møterom Nord"}
    )
    await runner.sends(coordinator)
    await kit.send(runner, coordinator)
    assert "Barn og unge under 18" in texts(runner, "politi-exit")


async def test_only_a_coordinator_calls_and_home_shows_it(runner: ExerciseRunner) -> None:
    refused = await runner.person("helse").types("/tot fellesmøte")
    assert refused is not None
    assert runner.person("helse").modal is None
    for handle in ("helse", "utenforstaende", "koordinator"):
        await runner.person(handle).opens_home()
    await runner.until_idle()
    await call(runner)
    waiting = runner.person("helse").home
    assert "Ingenting venter på deg" not in waiting
    assert waiting.index("Venter på deg") < waiting.index("[ Kommer ]") < waiting.index("Møtene mine")
    await kit.press(runner, "helse", "Kommer")
    assert f"{TOPIC} · du kommer" in runner.person("helse").home
    assert "Ingenting venter på deg" in runner.person("helse").home
    assert "Fellesmøter" in runner.person("koordinator").home
    assert "Fellesmøter" not in runner.person("utenforstaende").home


async def test_who_came_is_asked_the_morning_after_the_meeting_as_it_was_moved(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    await call(runner)
    await change(runner, {"Når": runner.day(13, "13:00")})
    await runner.until(runner.day(20, "13:00"))
    asked = [
        f"{m.time.astimezone(ZONE):%d.%m. %H:%M}"
        for m in runner.sandbox.activity
        if m.kind == "message" and "koordinator" in m.seen_by and "Hvem kom på fellesmøtet?" in m.text
    ]
    assert asked == ["15.12. 08:00"]


async def test_what_a_contact_was_told_goes_when_they_leave_the_agency(runner: ExerciseRunner) -> None:
    await call(runner)
    assert TOPIC in texts(runner, "politi-vakt")
    koordinator = runner.person("koordinator")
    await kit.keeps_agency(runner, "koordinator", "2. Vakthavende")
    await koordinator.fills({"Mer": ["Ta ut som kontaktperson"]})
    await kit.send(runner, koordinator)
    assert texts(runner, "politi-vakt") == ""
    assert TOPIC in texts(runner, "politi-exit")
    assert len([f for f in runner.sandbox.workspace.files.values() if not f.deleted]) == len(PARTNERS) - 1
    assert "Vakthavende" not in texts(runner, "koordinator")
