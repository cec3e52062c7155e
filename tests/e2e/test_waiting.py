"""Everybody told to wait is told the outcome, also if killed, closed, or where Slack refuses the answer."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import psycopg

from bot.domain.case.entities import Case
from bot.usecases.involvement.agencies import release_agency
from bot.usecases.ports import UnitOfWork
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit
from tests.e2e.killable_bot import KillableBot, killable_stage

STILL = "Jeg jobber fortsatt"
NOTHING, DONE = "Ingenting er lagret", "Det er gjort"
#: The receipt of a case, in its form.
SENT = "Sendt til"
WHO = "koordinator"
#: Seconds until people are told to wait: less than the wait for a lock.
SLOW = 0.5


@contextlib.contextmanager
def nothing_can_be_written(url: str) -> Iterator[None]:
    """Lock what the bot has to write to; it waits five seconds for a lock."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(Path(url.removeprefix("sqlite:///")))) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()
        return
    with psycopg.connect(url) as locked:
        locked.execute("LOCK TABLE documents, receipts IN EXCLUSIVE MODE")
        yield
        locked.rollback()


@asynccontextmanager
async def impatient(url: str, folder: Path) -> AsyncIterator[tuple[ExerciseRunner, KillableBot]]:
    """Yield a stage where people are soon told to wait, with a case's review open to the coordinator."""
    async with killable_stage(url, folder, kit.STARTS) as (runner, mortal):
        await mortal.kill(later=False)
        await mortal.start(0, SLOW)
        await runner.until_idle()
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        yield runner, mortal


def said(runner: ExerciseRunner, who: str = WHO) -> list[str]:
    texts = [m.text for m in kit.direct(runner.sandbox, who)]
    return [text for text in texts if "Du ventet på svar" in text]


async def until_said(runner: ExerciseRunner, what: str, who: str = WHO) -> None:
    changes = runner.sandbox.workspace.changes
    assert await changes.until(lambda: bool(said(runner, who)), kit.IN_TIME), "left waiting"
    await runner.until_idle()
    (text,) = said(runner, who)
    assert what in text


def notes(folder: Path) -> list[Path]:
    return list(folder.rglob("*-waiting/*"))


async def until_settled(folder: Path) -> None:
    """Wait until nobody is left to be told: any direct message is then in the outbox."""
    await kit.until(lambda: notes(folder) == [])


def modal(runner: ExerciseRunner) -> str:
    shown = runner.person(WHO).modal
    return shown.text if shown is not None else ""


async def test_killed_before_anything_was_saved(database_url: str, tmp_path: Path) -> None:
    async with impatient(database_url, tmp_path) as (runner, mortal):
        with nothing_can_be_written(database_url):
            await runner.sends(runner.person(WHO))
            assert STILL in modal(runner)
            (note,) = notes(tmp_path)
            assert runner.person(WHO).id.encode() not in note.read_bytes(), "sealed"
            await mortal.kill(later=False)
        await mortal.start()
        await until_said(runner, NOTHING)
        await until_settled(tmp_path)
        assert "i en melding" in modal(runner), "the form says so too"
        assert kit.rooms(runner.sandbox) == []
        await mortal.kill(later=False)
        await mortal.start()
        await runner.until_idle()
        assert len(said(runner)) == 1, "once"


async def test_killed_when_it_was_saved_and_not_yet_said(database_url: str, tmp_path: Path) -> None:
    async with impatient(database_url, tmp_path) as (runner, mortal):
        hangs = runner.sandbox.faults.add(Fault("hang_before", "views.update"))
        with nothing_can_be_written(database_url):
            await runner.sends(runner.person(WHO))
            assert STILL in modal(runner)
        await mortal.killed_at(hangs, later=False)
        await mortal.start()
        await until_said(runner, DONE)
        assert len(kit.rooms(runner.sandbox)) == 1


async def test_a_form_that_is_closed_meanwhile(database_url: str, tmp_path: Path) -> None:
    async with impatient(database_url, tmp_path) as (runner, _):
        with nothing_can_be_written(database_url):
            await runner.sends(runner.person(WHO))
            assert STILL in modal(runner)
            await runner.person(WHO).closes(whole_stack=True)
        await until_said(runner, DONE)
        assert len(kit.rooms(runner.sandbox)) == 1


def release(uow: UnitOfWork, agency: str = "Politiet") -> None:
    """Release it as another coordinator would, meanwhile."""
    (case,) = uow.find(Case)
    file = uow.case_file(case.id)
    assert file is not None
    (part,) = (i for i in file.involvements if file.agency_of(i.id).name == agency)
    release_agency(uow, file.persons[case.opened_by], part.id)


async def test_a_refusal_is_told_with_its_reason_where_the_form_is_closed(
    database_url: str, tmp_path: Path
) -> None:
    async with impatient(database_url, tmp_path) as (runner, mortal):
        who = runner.person(WHO)
        await runner.sends(who)
        await kit.until(lambda: SENT in modal(runner))
        await runner.until_idle()
        (room,) = kit.rooms(runner.sandbox)
        await who.types("/tot ut", in_=room)
        await who.sees_modal()
        await mortal.database.write(release)
        with nothing_can_be_written(database_url):
            await runner.sends(who)
            assert STILL in modal(runner)
            await who.closes(whole_stack=True)
        await until_said(runner, NOTHING)
        (text,) = said(runner)
        assert "Dette gjelder ikke lenger" in text
        await until_settled(tmp_path)


async def test_a_form_that_stands_open_says_it_and_no_message_comes(
    database_url: str, tmp_path: Path
) -> None:
    async with impatient(database_url, tmp_path) as (runner, _):
        with nothing_can_be_written(database_url):
            await runner.sends(runner.person(WHO))
        changes = runner.sandbox.workspace.changes
        assert await changes.until(lambda: SENT in modal(runner), kit.IN_TIME)
        await until_settled(tmp_path)
        await runner.until_idle()
        assert said(runner) == []


async def test_a_button_says_that_it_is_done_or_is_told_after_a_kill(
    database_url: str, tmp_path: Path
) -> None:
    async with impatient(database_url, tmp_path) as (runner, mortal):
        await kit.send(runner, runner.person(WHO))
        # The form may be answered before it is carried out.
        await runner.person("politi-exit").sees(kit.CONFIRM, in_="tot-bot")
        with nothing_can_be_written(database_url):
            await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
            await until_whispered(runner, STILL)
            await mortal.kill(later=False)
        await mortal.start(0, SLOW)
        await until_said(runner, NOTHING, "politi-exit")
        with nothing_can_be_written(database_url):
            await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
            await until_whispered(runner, STILL)
        await until_whispered(runner, DONE)
        await until_settled(tmp_path)
        await runner.until_idle()
        assert len(said(runner, "politi-exit")) == 1, "in no message as well"


async def until_whispered(runner: ExerciseRunner, what: str) -> None:
    workspace = runner.sandbox.workspace
    whispers = workspace.ephemerals
    assert await workspace.changes.until(lambda: bool(whispers) and what in whispers[-1].text, kit.IN_TIME)


async def types_slowly(runner: ExerciseRunner, url: str) -> None:
    with nothing_can_be_written(url):
        assert STILL in str(await runner.person(WHO).types("/tot språk bokmål"))


async def test_a_typed_command_is_told_once_where_it_was_typed(database_url: str, tmp_path: Path) -> None:
    async with impatient(database_url, tmp_path) as (runner, _):
        await types_slowly(runner, database_url)
        await until_whispered(runner, "Fra nå av")
        await until_settled(tmp_path)
        await runner.until_idle()
        assert said(runner) == []


async def test_a_typed_command_is_told_in_a_message_where_slack_takes_no_answer(
    database_url: str, tmp_path: Path
) -> None:
    async with impatient(database_url, tmp_path) as (runner, _):
        runner.sandbox.settings.response_url_seconds = 0
        await types_slowly(runner, database_url)
        await until_said(runner, DONE)
        await until_settled(tmp_path)
