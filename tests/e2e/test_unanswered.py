"""No press without an answer, whatever Slack refuses; and nothing said that is not so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.cli.demo import PARTNERS, rehearse
from sandbox import channels
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from sandbox.people.visibility import Seen
from tests.e2e import kit
from tests.e2e.test_acute import ASKED, OTHERS, on_friday
from tests.e2e.test_reopening import closed, in_home

ACUTE = "Akutt: kall TOT sammen"
NOT_OPENED = "skjemaet ble ikke åpnet"
UNFORESEEN = "Noe gikk galt hos meg"
CARD_DELETED = "Noen har slettet sakskortet"
UNSEEN = "Det kan ta litt tid før meldingen viser det"


def told(runner: ExerciseRunner, handle: str, words: str) -> list[Seen]:
    return [message for message in kit.direct(runner.sandbox, handle) if words in message.text]


def whispers(runner: ExerciseRunner) -> list[str]:
    return [whisper.text for whisper in runner.sandbox.workspace.ephemerals]


@pytest.mark.parametrize("refusal", ["expired", "busy"])
@pytest.mark.parametrize("door", ["home", "shortcut"])
async def test_an_acute_form_that_does_not_open_is_offered_in_a_message(
    runner: ExerciseRunner, door: str, refusal: str
) -> None:
    koordinator = await on_friday(runner)
    busy = Fault("ratelimited", "views.open", retry_after=20)
    expired = Fault("error", "views.open", code="expired_trigger_id")
    runner.sandbox.faults.add(busy if refusal == "busy" else expired)
    if door == "home":
        await koordinator.presses(ACUTE, in_="home")
    else:
        await koordinator.uses(ACUTE)
    await runner.until_idle()
    assert koordinator.modal is None
    assert len(told(runner, "koordinator", NOT_OPENED)) == 1
    await runner.later(seconds=30)
    await koordinator.presses(ACUTE, in_="tot-bot")
    await koordinator.sees_modal(ACUTE)


async def test_whoever_coordinates_nothing_is_offered_to_ask(runner: ExerciseRunner) -> None:
    asker = runner.person("utenforstaende")
    runner.sandbox.faults.add(Fault("error", "views.open", code="expired_trigger_id"))
    await asker.uses(ACUTE)
    await runner.until_idle()
    assert len(told(runner, "utenforstaende", NOT_OPENED)) == 1
    await asker.presses("Be om at TOT samles", in_="tot-bot")
    await asker.sees_modal("Kall TOT sammen")


@pytest.mark.parametrize("code", ["not_found", "hash_conflict"])
async def test_more_in_a_form_that_is_closed_meanwhile_is_no_fault(
    runner: ExerciseRunner, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    koordinator = await on_friday(runner)
    await koordinator.types("/tot akutt")
    refused = runner.sandbox.faults.add(Fault("error", "views.update", code=code))
    await koordinator.presses("Mer")
    await runner.until_idle()
    assert refused.hits == 1
    assert "unforeseen" not in caplog.text
    assert not any(UNFORESEEN in text for text in whispers(runner))
    assert UNFORESEEN not in (koordinator.modal.text if koordinator.modal is not None else "")


async def test_whoever_answers_while_slack_takes_no_changes_is_told(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")
    assert not any(UNSEEN in text for text in whispers(runner))
    closed = runner.sandbox.faults.add(Fault("ratelimited", "chat.update", retry_after=60))
    for handle in ("politi-exit", "barnevern"):
        await kit.press(runner, handle, "Jeg kommer")
        await runner.person(handle).sees(UNSEEN, in_="tot-bot")
    assert sum(UNSEEN in text for text in whispers(runner)) == 2
    assert closed.hits == 1
    await runner.later(minutes=2)
    assert len(told(runner, "politi-exit", "Du kommer")) == 1


def delete_card(runner: ExerciseRunner, room: str) -> None:
    """As an administrator of the workspace can."""
    workspace = runner.sandbox.workspace
    channel = next(c for c in workspace.channels.values() if c.name == room)
    pinned = channel.messages[channel.pins[0]]
    channels.delete_message(workspace, channel, pinned, runner.person("koordinator").id)


def cards(runner: ExerciseRunner, room: str) -> int:
    return sum("*Neste møte:*" in text for text in runner.person("koordinator").reads(room))


async def test_a_card_that_is_deleted_comes_back_once_and_the_coordinators_are_told(
    runner: ExerciseRunner,
) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    assert cards(runner, room) == 1
    delete_card(runner, room)
    await kit.confirm(runner, "politi-exit")
    assert cards(runner, room) == 1
    (message,) = told(runner, "koordinator", CARD_DELETED)
    assert "et navn" in message.text
    delete_card(runner, room)
    await kit.confirm(runner, "barnevern", "vara-koordinator")
    assert cards(runner, room) == 0
    assert told(runner, "koordinator", CARD_DELETED) == [message]


def buttons(runner: ExerciseRunner, handle: str) -> list[str]:
    rows = [b for m in kit.direct(runner.sandbox, handle) for b in m.source.blocks if b["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


async def test_no_button_stands_with_an_agency_that_is_not_asked_at_a_reopening(
    runner: ExerciseRunner,
) -> None:
    room = await closed(runner)
    assert buttons(runner, "barnevern") == ["Journalført hos oss"]
    await in_home(runner, room)
    koordinator = runner.person("koordinator")
    await koordinator.sees_modal("Åpne saken igjen")
    await koordinator.fills({"Tjenester som spørres på nytt": ["Politiet"], "Sted": "Møterom Nord"})
    await runner.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await kit.send(runner, koordinator)
    assert buttons(runner, "barnevern") == []


@pytest.mark.parametrize("places", [True, False])
async def test_the_acute_form_of_a_team_without_a_video_room(
    sqlite_database_url: str, tmp_path: Path, places: bool
) -> None:
    lines = PARTNERS.read_text().splitlines()
    without = ("video_room =",) if places else ("video_room =", "places =")
    (file := tmp_path / "partners.toml").write_text("\n".join(x for x in lines if not x.startswith(without)))
    async with rehearse(
        sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick(), partners=file
    ) as rehearsal:
        runner = rehearsal.runner
        koordinator = await on_friday(runner)
        await koordinator.presses(ACUTE, in_="home")
        form = await koordinator.sees_modal(ACUTE)
        where = ["Sted", "Lenke til videomøte"] if places else ["Lenke til videomøte"]
        assert form.labels() == [ASKED, OTHERS, "Når begynner møtet?", *where]
        link = next(b for b in form.view.blocks if b.get("block_id") == "link")
        assert link["optional"] is places
        await koordinator.fills({ASKED: ["Politiet · Vakthavende"]})
        if not places:
            await koordinator.fills({"Lenke til videomøte": "meet.example.no/kveld"})
        await runner.sends(koordinator)
        review = await koordinator.sees_modal("Se over og send")
        assert ("Møterom Nord" if places else "På video") in review.text


async def test_anyone_reads_on_the_shortcut_the_number_that_the_roster_has(runner: ExerciseRunner) -> None:
    asker = runner.person("utenforstaende")
    await asker.uses(ACUTE)
    assert "Barnevernvakten: 55 00 00 03" in (await asker.sees_modal()).text


async def test_the_form_that_closes_names_only_those_who_have_the_room(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot lukk", in_=room)
    form = await koordinator.sees_modal("Avslutt sak")
    assert "@politi-exit" in form.text
    assert "@barnevern" not in form.text


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
async def test_a_direct_message_that_is_not_found_once_is_opened_anew(
    runner: ExerciseRunner, method: str
) -> None:
    police, workspace = runner.person("politi-exit").id, runner.sandbox.workspace

    def to_police(arguments: dict[str, Any]) -> bool:
        channel = arguments["channel"]
        return channel == police or (
            channel.startswith("D") and police in workspace.channels[channel].members
        )

    lost = runner.sandbox.faults.add(Fault("error", method, code="channel_not_found", where=to_police))
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit")
    assert lost.hits == 1
    assert len(told(runner, "politi-exit", "Taushetsplikten gjelder")) == 1
    assert kit.CONFIRM not in buttons(runner, "politi-exit"), "the one that was changed, and no second one"
    assert told(runner, "koordinator", "kom ikke fram") == []
