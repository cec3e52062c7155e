"""`/tot fellesmøte`, as people use it: called, signed up for, called off, registered, forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.rehearsal import Rehearsal, rehearse
from sandbox.stage import ZONE, Stage
from tests.play import canaries, kit
from tests.play.test_at_rest import at_rest
from tests.play.test_guidance import ask, close, texts, who_sees

TOPIC, AGENDA = "Kanariemne om deling", "Kanariplan for dagen"
PARTNERS = {
    *("politi-exit", "politi-vakt", "politi-leder", "barnevern", "barnevern-leder", "barnevernvakt"),
    *("sosialtjenesten", "bistandsadvokat", "helse"),
}
TEAM = {"koordinator", "vara-koordinator"}


@pytest.fixture
async def rehearsal(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[Rehearsal]:
    partners = canaries.partners(tmp_path)
    async with rehearse(
        sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick(), partners=partners
    ) as rehearsal:
        yield rehearsal


async def call(stage: Stage, when: str = "fredag kl 12") -> str:
    """The coordinator calls a joint meeting; what the review shows."""
    coordinator = stage.person("koordinator")
    await coordinator.types(f"/tot fellesmøte {when}")
    await coordinator.sees_modal("Fellesmøte")
    await coordinator.fills(
        {"Emne": TOPIC, "Sted": "Det store møterommet", "Dagsorden eller merknad": AGENDA}
    )
    await stage.sends(coordinator)
    review = await coordinator.sees_modal("Se over og send")
    await stage.sends(coordinator)
    await stage.settle()
    return review.text


async def test_every_partner_is_invited_and_nobody_else(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    review = await call(stage)
    assert "@politi-exit" in review
    assert "UDI" in review
    assert "botilbud 1" in review
    assert not canaries.NOBODY_SEES.search(review)
    assert who_sees(stage) - TEAM == PARTNERS
    for handle in ("helse", "politi-vakt"):
        assert "Fellesmøte i TOT Bergen" in texts(stage, handle)
        assert "fredag 4. desember 2026 kl. 12:00–13:00" in texts(stage, handle)
        assert "ingen møteplikt" in texts(stage, handle)
    overview = texts(stage, "koordinator")
    assert "UDI · Saksbehandler: 55 00 00 06" in overview
    assert "botilbud 1" in overview
    assert not canaries.NOBODY_SEES.search(overview)


async def test_signing_up_and_changing_ones_mind(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await call(stage)
    helse = stage.person("helse")
    await helse.presses("Kommer", in_="tot-bot")
    await stage.settle()
    assert "Kommer (1): Helsetjenesten · Helsesykepleier" in texts(stage, "vara-koordinator").replace("*", "")
    assert "Du kommer." in texts(stage, "helse")
    assert len([f for f in stage.box.workspace.files.values() if not f.deleted]) == len(PARTNERS)
    await helse.presses("Kommer ikke", in_="tot-bot")
    await stage.settle()
    assert "Kommer ikke (1): Helsetjenesten" in texts(stage, "koordinator").replace("*", "")
    assert "Helsesykepleier" not in texts(stage, "politi-exit")
    assert len([f for f in stage.box.workspace.files.values() if not f.deleted]) == len(PARTNERS) - 1


async def test_the_calendar_entry_is_neutral(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await call(stage)
    entries = [f for f in stage.box.workspace.files.values() if f.name.endswith(".ics")]
    assert all(b"anari" not in f.content and b"SUMMARY:M" in f.content for f in entries)
    assert len(
        {line for f in entries for line in f.content.split(b"\r\n") if line.startswith(b"UID")}
    ) == len(entries)


async def test_only_those_who_may_come_are_reminded_and_only_once_each(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await call(stage)
    await stage.person("helse").presses("Kommer ikke", in_="tot-bot")
    await stage.settle()
    await stage.until(stage.day(3, "13:30"))

    def reminded(handle: str) -> list[str]:
        found = [m for m in stage.box.moments if m.kind == "message" and handle in m.seen_by]
        soon = "Fellesmøtet nærmer seg"
        return [f"{m.time.astimezone(ZONE):%d.%m %H:%M}" for m in found if soon in m.text]

    assert reminded("barnevern") == ["03.12 12:00", "04.12 11:00"]
    assert reminded("helse") == []
    assert reminded("utenforstaende") == []


async def test_called_off(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await call(stage)
    coordinator = stage.person("koordinator")
    await coordinator.presses("Avlys fellesmøtet", in_="tot-bot")
    await coordinator.sees_modal("Avlys fellesmøtet")
    await stage.sends(coordinator)
    await stage.settle()
    assert "Fellesmøtet er avlyst" in texts(stage, "helse")
    assert [f for f in stage.box.workspace.files.values() if not f.deleted] == []
    await stage.until(stage.day(5))
    assert "nærmer seg" not in texts(stage, "helse")
    assert "Hvem kom" not in texts(stage, "koordinator")


async def test_registered_and_forgotten_but_for_the_number(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    stage = rehearsal.stage
    await call(stage)
    for handle in ("helse", "politi-exit"):
        await stage.person(handle).presses("Kommer", in_="tot-bot")
    await stage.settle()
    coordinator = stage.person("koordinator")
    await coordinator.presses("Hvem kom?", in_="tot-bot")
    assert coordinator.modal is None, "nobody has come yet"
    await stage.until(stage.day(6, "09:00"))
    assert "Hvem kom på fellesmøtet?" in texts(stage, "koordinator")
    await coordinator.presses("Hvem kom?", in_="tot-bot")
    await coordinator.sees_modal("Hvem kom?")
    await stage.sends(coordinator)
    await stage.settle()
    assert "2 kom." in texts(stage, "koordinator")
    await stage.until(stage.day(31))
    assert who_sees(stage) == set()
    rows = await kit.dump(rehearsal.bot)
    assert rows["joint_invitations"] == []
    assert len(rows["joint_meetings"]) == 1
    assert 2 in rows["joint_meetings"][0]
    assert b"Kanariemne" not in at_rest(sqlite_database_url)
    assert b"Kanariplan" not in at_rest(sqlite_database_url)


async def test_what_people_asked_about_is_proposed(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    await ask(stage)
    await close(stage)
    coordinator = stage.person("koordinator")
    await coordinator.types("/tot fellesmøte fredag kl 12")
    await coordinator.sees_modal("Fellesmøte")
    await coordinator.fills(
        {"Tema fra veiledning siden sist": "Barn og unge under 18 (1)", "Sted": "Møterom Nord"}
    )
    await stage.sends(coordinator)
    await stage.sends(coordinator)
    await stage.settle()
    assert "Barn og unge under 18" in texts(stage, "politi-exit")


async def test_only_a_coordinator_calls_and_home_shows_it(rehearsal: Rehearsal) -> None:
    stage = rehearsal.stage
    refused = await stage.person("helse").types("/tot fellesmøte")
    assert refused is not None
    assert stage.person("helse").modal is None
    for handle in ("helse", "utenforstaende", "koordinator"):
        await stage.person(handle).opens_home()
    await stage.settle()
    await call(stage)
    await stage.person("helse").presses("Kommer", in_="tot-bot")
    await stage.settle()
    assert f"{TOPIC} · du kommer" in stage.person("helse").home
    assert "Fellesmøter" in stage.person("koordinator").home
    assert "Fellesmøter" not in stage.person("utenforstaende").home
