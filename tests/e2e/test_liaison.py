"""A liaison in Slack: let in, and out on the day, also when the bot was away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from bot.cli.rehearsal import rehearse
from sandbox.stage import ZONE, Stage
from tests.e2e import kit
from tests.e2e.killable_bot import mortal_stage
from tests.handlers.mail.kit import moves, playing, words_of


def calendar_files(stage: Stage, handle: str) -> list[Event]:
    """What stands in the calendar files that somebody can see in their direct messages, oldest first."""
    ws = stage.box.workspace
    found = []
    for file in ws.files.values():
        readers = set().union(*(ws.handles(set(ws.channels[c].members)) for c in file.channels))
        if not file.deleted and handle in readers and file.name.endswith(".ics"):
            calendar = Calendar.from_ical(file.content)
            assert str(calendar["METHOD"]) == "PUBLISH"
            found.append((file.content, calendar))
    for content, calendar in found:
        assert not re.search(
            rb"ATTENDEE|VALARM|URL|Politi|Barnevern|[Ll]iaison|Rom |sak [a-z0-9]{4}\b", content
        )
        assert len(calendar.walk("VEVENT")) == 1
    return [e for _, calendar in found for e in calendar.walk("VEVENT") if isinstance(e, Event)]


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
        await kit.submit_form(
            stage, "koordinator", "/tot møte tirsdag 15. desember kl 10", room, Sted="Møterom Nord"
        )
        await guest.opens_home()
        await stage.settle()
        assert "torsdag 3. desember 2026 kl. 10:00" in guest.home
        assert "15. desember" not in guest.home, "after their last day"
        await stage.until(stage.day(3, "15:59"))
        assert "stavanger" in kit.people_in(box, room)
        assert any(kit.heading(m.text) == "Husk møtet i sak KODE" for m in kit.direct(box, "stavanger"))
        await stage.until(stage.day(0, "16:01"))
        assert "stavanger" not in kit.people_in(box, room)
        await stage.person("politi-exit").sees("Liaisonen er ute av saken", in_=room)
        (left,) = kit.direct(box, "stavanger")
        assert "Tiden din som liaison" in left.text
        assert room.removeprefix("rom-") not in left.text + guest.home


async def test_the_meetings_are_in_their_calendar_for_as_long_as_they_are_theirs(
    sqlite_database_url: str,
) -> None:
    """By file in Slack: invited when confirmed, again when moved; never to a meeting after their last day."""
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage, box = rehearsal.stage, rehearsal.stage.box
        box.add_person("stavanger", is_restricted=True)
        room = await kit.open_case(stage, "Politiet", "Barneverntjenesten")
        await kit.confirm(stage, "politi-exit")
        await named(stage, room, "stavanger", "2026-12-04")
        assert calendar_files(stage, "stavanger") == []
        await kit.confirm(stage, "stavanger")
        (first,) = calendar_files(stage, "stavanger")
        (officers,) = calendar_files(stage, "politi-exit")
        assert str(first["UID"]) != str(officers["UID"])
        assert first["SEQUENCE"] == 0
        assert first.decoded("DTSTART").astimezone(ZONE) == stage.day(2, "10:00")
        await stage.person("stavanger").sees("du kan være med, men har ikke møteplikt", in_="tot-bot")
        await moves(stage, room)
        (moved,) = calendar_files(stage, "stavanger")
        assert (str(moved["UID"]), moved["SEQUENCE"]) == (str(first["UID"]), 1)
        assert moved.decoded("DTSTART").astimezone(ZONE) == stage.day(3, "12:00")
        await stage.person("stavanger").sees("slett den for hånd", in_="tot-bot")
        await kit.submit_form(stage, "koordinator", "/tot møte mandag kl 10", room, Sted="Møterom Nord")
        assert len(calendar_files(stage, "politi-exit")) == 2
        assert [str(e["UID"]) for e in calendar_files(stage, "stavanger")] == [str(first["UID"])]
        await kit.submit_form(stage, "koordinator", "/tot koble", room, **{"Hva_vil_du_gjøre?": ENDED})
        assert "stavanger" not in kit.people_in(box, room)
        assert calendar_files(stage, "stavanger") == []
        (left,) = kit.direct(box, "stavanger")
        assert "Ligger det møter i kalenderen din, må du slette dem selv." in left.text
        assert len(calendar_files(stage, "politi-exit")) == 2


#: What is chosen to let the liaison go.
ENDED = "Avslutt for liaisonen (til fredag 4. desember 2026)"


@pytest.mark.parametrize("how", ["let go", "called off", "last day"])
async def test_whoever_has_a_work_mail_is_told_by_mail(sqlite_database_url: str, how: str) -> None:
    """REQUEST, the same with SEQUENCE 1, CANCEL; on the last day there is nothing left to withdraw."""
    async with playing(sqlite_database_url) as (_, stage, post):
        helse = "kontakt@helse.example"

        def told() -> list[tuple[str, int]]:
            return [word[1:] for word in words_of(post.sent) if word[0] == helse]

        room = await kit.open_case(stage, "Politiet")
        await kit.confirm(stage, "politi-exit")
        await named(stage, room, "helse", "2026-12-04")
        assert told() == []
        await kit.confirm(stage, "helse")
        assert told() == [("REQUEST", 0)]
        (entry,) = post.invited(helse)
        assert b"ROLE=OPT-PARTICIPANT" in entry.event.replace(b"\r\n ", b"")
        assert (entry.summary, entry.location) == ("Møte", "Se Slack")
        assert calendar_files(stage, "helse") == []
        await moves(stage, room)
        assert told() == [("REQUEST", 0), ("REQUEST", 1)]
        post.answer(helse, "DECLINED", "outlook")
        await stage.settle()
        assert not any("svar på e-post" in m.text for m in kit.direct(stage.box, "koordinator"))
        if how == "let go":
            await kit.submit_form(stage, "koordinator", "/tot koble", room, **{"Hva_vil_du_gjøre?": ENDED})
        elif how == "called off":
            await kit.submit_form(stage, "koordinator", "/tot avlys", room)
            await stage.person("helse").sees("Kalenderen din får beskjed på e-post", in_="tot-bot")
        else:
            await stage.until(stage.day(3, "16:01"))
            assert "helse" not in kit.people_in(stage.box, room)
        assert told()[2:] == ([] if how == "last day" else [("CANCEL", 2)])


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
