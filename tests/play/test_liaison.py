"""A liaison in Slack: let in, and out on the day, also when the bot was away."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.rehearsal import rehearse
from sandbox.stage import Stage
from tests.play import kit
from tests.play.mortal import mortal_stage


async def named(stage: Stage, room: str, handle: str, until: str) -> None:
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot koble liaison", in_=room)
    await koordinator.fills({"Hva vil du gjøre?": "Ta inn en liaison fra et annet distrikt"})
    await stage.sends(koordinator)
    await koordinator.fills({"Hvem": handle, "Til": until})
    await stage.sends(koordinator)
    await stage.settle()


async def test_a_guest_is_a_liaison_until_the_day(sqlite_database_url: str) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage, box = rehearsal.stage, rehearsal.stage.box
        box.add_person("stavanger", is_restricted=True)
        room = await kit.open_case(stage, "Politiet", "Barneverntjenesten")
        await kit.confirm(stage, "politi-exit")
        await named(stage, room, "stavanger", "2026-12-04")
        guest = stage.person("stavanger")
        (question,) = kit.direct(box, "stavanger")
        assert "liaison til fredag 4. desember 2026" in question.text.replace("om du kan være med", "liaison")
        assert room.removeprefix("rom-") not in question.text
        assert "stavanger" not in kit.people_in(box, room)
        await kit.confirm(stage, "stavanger")
        assert "stavanger" in kit.people_in(box, room)
        await stage.person("politi-exit").sees(
            "*Liaison fra annet distrikt* til fredag 4. desember 2026", in_=room
        )
        await guest.opens_home()
        await stage.settle()
        assert "du er med som liaison" in guest.home
        await stage.until(stage.day(3, "15:59"))
        assert "stavanger" in kit.people_in(box, room)
        assert any(kit.heading(m.text) == "Husk møtet i sak KODE" for m in kit.direct(box, "stavanger"))
        await stage.until(stage.day(0, "16:01"))
        assert "stavanger" not in kit.people_in(box, room)
        await stage.person("politi-exit").sees("Liaisonen er ute av saken", in_=room)
        (left,) = kit.direct(box, "stavanger")
        assert "Tiden din som liaison" in left.text
        assert room.removeprefix("rom-") not in left.text + guest.home


async def test_a_silent_liaison_is_reminded_and_the_coordinators_are_told(sqlite_database_url: str) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage, box = rehearsal.stage, rehearsal.stage.box
        box.add_person("stavanger", is_restricted=True)
        room = await kit.open_case(stage, "Politiet", "Barneverntjenesten")
        await kit.confirm(stage, "politi-exit")
        await named(stage, room, "stavanger", "2026-12-04")
        silent = "har ikke bekreftet taushetsplikten*\n"
        await stage.later(minutes=29)
        assert len(kit.direct(box, "stavanger")) == 1
        await stage.later(minutes=2)
        _, reminder = kit.direct(box, "stavanger")
        assert "TOT Bergen venter på svar fra deg" in reminder.text
        assert room.removeprefix("rom-") not in reminder.text
        assert not any(silent in m.text for m in kit.direct(box, "koordinator"))
        await stage.later(minutes=30)
        (told,) = (m for m in kit.direct(box, "koordinator") if silent in m.text)
        assert "Liaison: @stavanger, til fredag 4. desember 2026" in told.text
        assert {h for m in stage.box.moments if silent in m.text for h in m.seen_by} == {"koordinator"}
        await stage.person("stavanger").presses(kit.CONFIRM, in_="tot-bot")
        await stage.settle()
        assert "stavanger" in kit.people_in(box, room)
        assert not any(silent in m.text for m in kit.direct(box, "koordinator"))
        assert not any("venter på svar" in m.text for m in kit.direct(box, "stavanger"))


@pytest.mark.parametrize("days", [4, 40])
async def test_the_day_passes_while_the_bot_is_down(database_url: str, tmp_path: Path, days: int) -> None:
    async with mortal_stage(database_url, tmp_path, kit.STARTS) as (stage, mortal):
        box = stage.box
        box.add_person("stavanger")
        room = await kit.open_case(stage, "Politiet")
        await named(stage, room, "stavanger", "2026-12-04")
        await kit.confirm(stage, "stavanger")
        assert "stavanger" in kit.people_in(box, room)
        await mortal.kill()
        box.clock.move_to(stage.day(days, "09:00"))
        await mortal.start()
        await stage.settle()
        assert "stavanger" not in kit.people_in(box, room)
