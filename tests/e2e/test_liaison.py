"""A liaison in Slack: let in, and out on the day, also when the bot was away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from sandbox.exercises.runner import ZONE, ExerciseRunner
from tests.databases import sqlite_first
from tests.e2e import kit
from tests.e2e.killable_bot import mortal_stage
from tests.handlers.mail.kit import moves, playing, words_of


def calendar_files(runner: ExerciseRunner, handle: str) -> list[Event]:
    """The calendar files that somebody can see in their direct messages, oldest first."""
    ws = runner.sandbox.workspace
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


async def named(runner: ExerciseRunner, room: str, handle: str, until: str) -> None:
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot koble liaison", in_=room)
    await koordinator.fills({"Hva vil du gjøre?": "Ta inn en kontakt fra et annet distrikt"})
    await runner.sends(koordinator)
    await koordinator.fills({"Hvem": handle, "Til": until})
    await kit.send(runner, koordinator)


async def guest_named(runner: ExerciseRunner) -> str:
    """A case in which the police have confirmed and a guest is named until Friday; the name of its room."""
    runner.sandbox.add_person("stavanger", is_restricted=True)
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    await named(runner, room, "stavanger", "2026-12-04")
    return room


async def test_a_guest_is_a_liaison_until_the_day(runner: ExerciseRunner) -> None:
    sandbox = runner.sandbox
    room = await guest_named(runner)
    guest = runner.person("stavanger")
    (question,) = kit.direct(sandbox, "stavanger")
    assert "liaison til fredag 4. desember" in question.text.replace("om du kan være med", "liaison")
    assert room.removeprefix("rom-") not in question.text
    assert "stavanger" not in kit.people_in(sandbox, room)
    await kit.confirm(runner, "stavanger")
    assert "stavanger" in kit.people_in(sandbox, room)
    await runner.person("politi-exit").sees(
        "*Kontakt fra et annet distrikt* til fredag 4. desember", in_=room
    )
    await guest.opens_home()
    await runner.until_idle()
    assert "du er med fra et annet distrikt" in guest.home
    await kit.submit_form(
        runner, "koordinator", "/tot møte tirsdag 15. desember kl 10", room, Sted="Møterom Nord"
    )
    await guest.opens_home()
    await runner.until_idle()
    assert "torsdag 3. desember kl. 10" in guest.home
    assert "15. desember" not in guest.home, "after their last day"
    await runner.until(runner.day(2, "09:30"))
    assert any(kit.heading(m.text).startswith("Møtet i sak KODE ") for m in kit.direct(sandbox, "stavanger"))
    await runner.until(runner.day(1, "15:59"))
    assert "stavanger" in kit.people_in(sandbox, room)
    await runner.until(runner.day(0, "16:01"))
    assert "stavanger" not in kit.people_in(sandbox, room)
    await runner.person("politi-exit").sees("Kontakten fra et annet distrikt er ute av saken", in_=room)
    (left,) = kit.direct(sandbox, "stavanger")
    assert "Tiden din i en sak" in left.text
    assert room.removeprefix("rom-") not in left.text + guest.home


async def test_the_meetings_are_in_their_calendar_for_as_long_as_they_are_theirs(
    runner: ExerciseRunner,
) -> None:
    """By file in Slack: invited when confirmed, again when moved; never to a meeting after their last day."""
    sandbox = runner.sandbox
    room = await guest_named(runner)
    assert calendar_files(runner, "stavanger") == []
    await kit.confirm(runner, "stavanger")
    (first,) = calendar_files(runner, "stavanger")
    (officers,) = calendar_files(runner, "politi-exit")
    assert str(first["UID"]) != str(officers["UID"])
    assert first["SEQUENCE"] == 0
    assert first.decoded("DTSTART").astimezone(ZONE) == runner.day(2, "10:00")
    await runner.person("stavanger").sees("du kan være med, men har ikke møteplikt", in_="tot-bot")
    await moves(runner, room)
    (moved,) = calendar_files(runner, "stavanger")
    assert (str(moved["UID"]), moved["SEQUENCE"]) == (str(first["UID"]), 1)
    assert moved.decoded("DTSTART").astimezone(ZONE) == runner.day(3, "12:00")
    await runner.person("stavanger").sees("slett den for hånd", in_="tot-bot")
    await kit.submit_form(runner, "koordinator", "/tot møte mandag kl 10", room, Sted="Møterom Nord")
    assert len(calendar_files(runner, "politi-exit")) == 2
    assert [str(e["UID"]) for e in calendar_files(runner, "stavanger")] == [str(first["UID"])]
    await kit.submit_form(runner, "koordinator", "/tot koble", room, **{"Hva_vil_du_gjøre?": ENDED})
    assert "stavanger" not in kit.people_in(sandbox, room)
    assert calendar_files(runner, "stavanger") == []
    (left,) = kit.direct(sandbox, "stavanger")
    assert "Ligger det møter i kalenderen din, må du slette dem selv." in left.text
    assert len(calendar_files(runner, "politi-exit")) == 2


#: What is chosen to let the liaison go.
ENDED = "Ta ut kontakten fra et annet distrikt (fredag 4. desember)"


@pytest.mark.parametrize("how", ["let go", "called off", "last day"])
async def test_whoever_has_a_work_mail_is_told_by_mail(sqlite_database_url: str, how: str) -> None:
    """REQUEST, the same with SEQUENCE 1, CANCEL; on the last day there is nothing left to withdraw."""
    async with playing(sqlite_database_url) as (_, runner, post):
        helse = "kontakt@helse.example"

        def told() -> list[tuple[str, int]]:
            return [word[1:] for word in words_of(post.sent) if word[0] == helse]

        room = await kit.open_case(runner, "Politiet")
        await kit.confirm(runner, "politi-exit")
        await named(runner, room, "helse", "2026-12-04")
        assert told() == []
        await kit.confirm(runner, "helse")
        assert told() == [("REQUEST", 0)]
        (entry,) = post.invited(helse)
        assert b"ROLE=OPT-PARTICIPANT" in entry.event.replace(b"\r\n ", b"")
        assert (entry.summary, entry.location) == ("Møte", "Se Slack")
        assert calendar_files(runner, "helse") == []
        await moves(runner, room)
        assert told() == [("REQUEST", 0), ("REQUEST", 1)]
        post.answer(helse, "DECLINED", "outlook")
        await runner.until_idle()
        assert not any("svar på e-post" in m.text for m in kit.direct(runner.sandbox, "koordinator"))
        if how == "let go":
            await kit.submit_form(runner, "koordinator", "/tot koble", room, **{"Hva_vil_du_gjøre?": ENDED})
        elif how == "called off":
            await kit.submit_form(runner, "koordinator", "/tot avlys", room)
            await runner.person("helse").sees("Kalenderen din får beskjed på e-post", in_="tot-bot")
        else:
            await runner.until(runner.day(3, "16:01"))
            assert "helse" not in kit.people_in(runner.sandbox, room)
        assert told()[2:] == ([] if how == "last day" else [("CANCEL", 2)])


async def test_a_silent_liaison_is_reminded_and_the_coordinators_are_told(runner: ExerciseRunner) -> None:
    sandbox = runner.sandbox
    room = await guest_named(runner)
    silent = "har ikke bekreftet taushetsplikten*\n"
    await runner.later(minutes=29)
    assert len(kit.direct(sandbox, "stavanger")) == 1
    await runner.later(minutes=2)
    _, reminder = kit.direct(sandbox, "stavanger")
    assert "TOT Bergen venter på svar fra deg" in reminder.text
    assert room.removeprefix("rom-") not in reminder.text
    assert not any(silent in m.text for m in kit.direct(sandbox, "koordinator"))
    await runner.later(minutes=30)
    (told,) = (m for m in kit.direct(sandbox, "koordinator") if silent in m.text)
    assert "Kontakt fra et annet distrikt: @stavanger, til fredag 4. desember" in told.text
    assert {h for m in runner.sandbox.activity if silent in m.text for h in m.seen_by} == {"koordinator"}
    await kit.confirm(runner, "stavanger")
    assert "stavanger" in kit.people_in(sandbox, room)
    assert not any(silent in m.text for m in kit.direct(sandbox, "koordinator"))
    assert not any("venter på svar" in m.text for m in kit.direct(sandbox, "stavanger"))


@sqlite_first
@pytest.mark.parametrize("days", [4, 40])
async def test_the_day_passes_while_the_bot_is_down(database_url: str, tmp_path: Path, days: int) -> None:
    async with mortal_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        sandbox = runner.sandbox
        sandbox.add_person("stavanger")
        room = await kit.open_case(runner, "Politiet")
        await named(runner, room, "stavanger", "2026-12-04")
        await kit.confirm(runner, "stavanger")
        assert "stavanger" in kit.people_in(sandbox, room)
        await mortal.kill()
        sandbox.clock.move_to(runner.day(days, "09:00"))
        await mortal.start()
        await runner.until_idle()
        assert "stavanger" not in kit.people_in(sandbox, room)
