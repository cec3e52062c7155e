"""An agency that does not answer, through the front door: what each one sees, and who is first."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli.demo import Rehearsal, rehearse
from bot.domain.case.duty import StepKind
from bot.domain.case.entities import Answer, Case, Phase
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Ground, Person, Reason
from bot.domain.notifications import Kind
from bot.usecases.answers import AnswerSummons, answer_summons
from bot.usecases.authorization import get_or_make_person
from bot.usecases.case import OpenCase, open_case
from bot.usecases.directory.partners.reader import read_partners
from bot.usecases.directory.partners.transfer import import_partners
from bot.usecases.escalation import escalate
from bot.usecases.involvement.acknowledgement import Acknowledge, acknowledge
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import MeetingPlan
from sandbox.cast import CAST
from sandbox.exercises.runner import ExerciseRunner
from storage.database import SqlDatabase
from storage.outbox_statements import RowState
from storage.schema import infrastructure
from storage.unit_of_work import SqlUnitOfWork
from tests.databases import SettableClock, open_database
from tests.e2e import kit

ROOT = Path(__file__).parents[2]

LEADER_ASKED = "TOT Bergen har bedt Barneverntjenesten om å komme til et møte, og ingen hos dere har svart"
COLLEAGUE = "En kollega hos dere har svart TOT Bergen. Du trenger ikke gjøre noe."
REMINDED = "Vi venter på svar fra deg"


def headings(runner: ExerciseRunner, handle: str) -> list[str]:
    return [kit.heading(m.text) for m in kit.direct(runner.sandbox, handle)]


def card(runner: ExerciseRunner, room: str) -> str:
    (found,) = (m for m in runner.sandbox.person("koordinator").messages(room) if m.sender == "tot-bot")
    return found.text


def listed(runner: ExerciseRunner) -> str:
    """The list of whom to ring, where the coordinators see what has been tried."""
    return "\n".join(m.text for m in kit.direct(runner.sandbox, "koordinator") if "Ring disse" in m.text)


async def test_the_next_contact_answers_and_the_first_is_told(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten", when="i morgen kl 08:30")
    await kit.confirm(runner, "barnevern")
    await runner.person("barnevern").presses("Jeg kommer", in_="tot-bot")
    await runner.later(minutes=16)
    assert REMINDED in headings(runner, "politi-exit")
    assert "Purret" not in card(runner, room)
    await runner.later(minutes=15)
    (asked,) = kit.direct(runner.sandbox, "politi-vakt")
    assert kit.heading(asked.text) == "trenger Politiet i en sak i TOT Bergen"
    assert room.removeprefix("rom-") not in asked.text
    assert "Purret @politi-exit 09:15. Spurte neste, @politi-vakt, 09:30." in listed(runner)
    await kit.confirm(runner, "politi-vakt")
    await kit.press(runner, "politi-vakt", "Jeg kommer")
    assert headings(runner, "politi-exit") == [COLLEAGUE]
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "barnevern", "politi-vakt"}
    await runner.later(hours=3)
    assert headings(runner, "politi-leder") == []
    assert not [h for h in headings(runner, "koordinator") if h.startswith("Ring disse")]


async def test_a_leader_says_who_comes_and_the_one_named_does(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Barneverntjenesten", "Helsetjenesten", when="i morgen kl 08:30")
    leader = runner.person("barnevern-leder")
    await runner.later(minutes=31)
    (asked,) = kit.direct(runner.sandbox, "barnevern-leder")
    assert kit.heading(asked.text) == LEADER_ASKED
    for hidden in (room.removeprefix("rom-"), "Helsetjenesten"):
        assert hidden not in asked.text
    assert "Ingen flere å spørre. Spurte lederen, @barnevern-leder, 09:30." in listed(runner)
    await leader.presses("Si hvem som kommer", in_="tot-bot")
    await leader.sees_modal("Hvem kommer?")
    await leader.fills({"Hvem kommer": "Kontaktperson"})
    await kit.send(runner, leader)
    assert headings(runner, "barnevern-leder") == ["Takk. Den du nevnte for Barneverntjenesten, er spurt."]
    assert "leder har sagt hvem som kommer" not in card(runner, room)
    await kit.confirm(runner, "barnevern")
    await kit.press(runner, "barnevern", "Jeg kommer")
    assert "barnevern-leder" not in kit.people_in(runner.sandbox, room)
    assert "barnevern" in kit.people_in(runner.sandbox, room)


async def test_a_leader_is_asked_no_more_once_the_meeting_begins(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Barneverntjenesten", when="i dag kl 12")
    await runner.until(runner.day(0, "11:30"))
    assert headings(runner, "barnevern-leder") == [LEADER_ASKED]
    await runner.until(runner.day(0, "12:01"))
    assert headings(runner, "barnevern-leder") == []


async def test_a_chain_at_its_end_gives_the_coordinator_the_line_to_ring(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", when="i morgen kl 08:30")
    await runner.later(minutes=91)
    (listed,) = [m for m in kit.direct(runner.sandbox, "koordinator") if "Ring disse" in m.text]
    assert "*Politiet:* @politi-vakt\n*Vakttelefon:* 55 00 00 01\n" in listed.text
    assert "1 må ringes" in card(runner, room)
    await kit.confirm(runner, "politi-exit")
    await kit.press(runner, "politi-exit", "Jeg kommer")
    assert not [m for m in kit.direct(runner.sandbox, "koordinator") if "Ring disse" in m.text]
    assert "må ringes" not in card(runner, room)
    assert headings(runner, "politi-vakt") == [COLLEAGUE]
    over = "Takk, nå er det svart for Politiet. Du trenger ikke gjøre noe."
    assert headings(runner, "politi-leder") == [over]


async def test_whoever_is_overtaken_is_told_who_was_first(rehearsal: Rehearsal) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    await kit.open_case(runner, "Politiet", when="i morgen kl 08:30")
    await runner.later(minutes=31)
    await kit.confirm(runner, "politi-vakt")
    file = await the_case(rehearsal.bot.database)
    second = next(a for a in file.asks if a.escalated_from is not None)
    confirmed = AnswerSummons(second.id, Answer.CONFIRMED)
    await rehearsal.bot.database.write(
        lambda uow: answer_summons(uow, get_or_make_person(uow, CAST["politi-vakt"]), confirmed)
    )
    await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
    assert await sandbox.workspace.changes.until(
        lambda: any(
            "politi-vakt var først" in m.text for m in sandbox.person("politi-exit").messages("tot-bot")
        ),
        5.0,
    )


async def the_case(database: SqlDatabase) -> CaseFile:
    def read(uow: UnitOfWork) -> CaseFile:
        (case,) = uow.find(Case)
        file = uow.case_file(case.id)
        assert file is not None
        return file

    return await database.read(read)


@contextlib.asynccontextmanager
async def answerer(url: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.e2e.answering_process", url), cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        assert await said(process) == "ready"
        yield process
    finally:
        process.kill()
        await process.wait()


async def said(process: Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()


def told(process: Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())


async def both_asked(database: SqlDatabase, clock: SettableClock) -> str:
    """A case in which the first of the police was silent, and both have confirmed taushetsplikt; its id."""
    starts_at = clock.now() + timedelta(hours=23)
    plan = MeetingPlan(starts_at, starts_at + timedelta(hours=1), place="Møterom Nord")

    def begin(uow: UnitOfWork) -> str:
        team = uow.teams()[0]
        (police,) = uow.find(Agency, team_id=team.id, key="politi")
        choice = AgencyChoice(police.id, "A", Reason.INVESTIGATION, Ground.LEGAL)
        command = OpenCase(team.id, Phase.ACUTE, 1, (choice,), plan)
        return open_case(uow, get_or_make_person(uow, CAST["koordinator"]), command).id

    case_id = await database.write(begin)
    clock.move(timedelta(minutes=31))
    file = await database.read(lambda uow: uow.case_file(case_id))
    assert file is not None
    (first,) = file.asks
    await database.write(lambda uow: escalate(uow, first.id))
    file = await database.read(lambda uow: uow.case_file(case_id))
    assert file is not None
    for seat in file.seats:
        person = file.persons[seat.person_id]
        if not seat.confirmed and seat.involvement_id is not None and person.slack_id is not None:
            await database.write(
                lambda uow, s=seat.id, p=person.slack_id: acknowledge(
                    uow, get_or_make_person(uow, p), Acknowledge(s)
                )  # type: ignore[misc]
            )
    return case_id


async def test_two_answer_for_one_agency_at_the_same_moment_in_two_processes(
    postgres_database_url: str,
) -> None:
    clock = SettableClock()
    database = open_database(postgres_database_url, clock)
    partners = read_partners((ROOT / "partners.example.toml").read_text("utf-8"))
    await database.write(lambda uow: import_partners(uow, partners))
    firsts: Counter[str] = Counter()
    async with answerer(postgres_database_url) as one, answerer(postgres_database_url) as two:
        for round_ in range(12):
            clock.offset = timedelta(0)
            case_id = await both_asked(database, clock)
            file = await database.read(lambda uow, id=case_id: uow.case_file(id))  # type: ignore[misc]
            assert file is not None
            asks = {file.persons[a.person_id].slack_id: a for a in file.asks if a.live}
            moment = time.time() + 0.05
            pairs = ((one, CAST["politi-exit"]), (two, CAST["politi-vakt"]))
            for number, (process, slack_id) in enumerate(pairs):
                answer = Answer.CONFIRMED if (round_ + number) % 3 else Answer.DECLINED
                told(process, f"{slack_id} {asks[slack_id].id} {answer} {moment}")
            outcomes = [await said(process) for process, _ in pairs]
            assert sorted(o == "answered" for o in outcomes) == [False, True], outcomes
            winner = pairs[outcomes.index("answered")][1]
            firsts[winner] += 1
            (person,) = await database.read(lambda uow, s=winner: uow.find(Person, slack_id=s))  # type: ignore[misc]
            assert next(o for o in outcomes if o != "answered") == f"refused.overtaken {person.id}"
            after = await database.read(lambda uow, id=case_id: uow.case_file(id))  # type: ignore[misc]
            assert after is not None
            assert [a.person_id for a in after.asks if a.live] == [person.id]
            assert len([a for a in after.asks if a.answer is not None]) == 1
    assert sum(firsts.values()) == 12
    await database.close()


AGENCIES = 10
PEOPLE = [h for h in CAST if h not in ("koordinator", "vara-koordinator", "utenforstaende")]
MANY = """\
[[teams]]
key = "t"
name = "TOT Bergen"
mandate = "M"
places = ["Møterom Nord"]
coordinators = [{ slack_id = "U0KOORDINATOR" }]
"""


def many_agencies(folder: Path) -> Path:
    """A partners file with as many agencies; the cast are contacts of several."""
    lines = [MANY]
    for number in range(AGENCIES):
        person = CAST[PEOPLE[number % len(PEOPLE)]]
        lines.append(
            f'[[teams.agencies]]\nkey = "a{number}"\nkind = "other"\nname = "Etat {number}"\n'
            f'contacts = [{{ slack_id = "{person}", title = "Vakt" }}]\n'
        )
    path = folder / "partners.toml"
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.mark.long
@pytest.mark.parametrize(
    ("cases", "minute"), [(6, 10.0), pytest.param(20, 30.0, marks=pytest.mark.slow, id="two hundred")]
)
async def test_many_steps_in_one_minute_keep_to_the_rate_limits(
    sqlite_database_url: str, tmp_path: Path, cases: int, minute: float
) -> None:
    settings = replace(kit.quick(), rate_window=minute)
    async with rehearse(
        sqlite_database_url, starts=kit.STARTS, sandbox=settings, partners=many_agencies(tmp_path)
    ) as rehearsal:
        runner, sandbox, database = rehearsal.runner, rehearsal.runner.sandbox, rehearsal.bot.database
        for _ in range(cases):
            await database.write(all_are_asked)
        await runner.until_idle()
        settings.rate_limits = True
        before = len(sandbox.workspace.calls)
        sandbox.clock.move_to(kit.STARTS + timedelta(minutes=16))
        await rehearsal.bot.clock_moved()
        await at_rest(database, within=300.0)
        calls = sandbox.workspace.calls[before:]
        refused = [c for c in calls if c.method == "chat.postMessage" and c.status == 429]
        assert 0 < len(refused) < cases * AGENCIES / 2, "a channel that is full is left alone until it is not"
        files = await database.read(lambda uow: [uow.case_file(c.id) for c in uow.find(Case)])
        steps = [s for f in files if f is not None for s in f.steps]
        assert Counter(s.kind for s in steps) == {StepKind.REMINDER: cases * AGENCIES}
        reminders = Counter(h for h in PEOPLE for text in headings(runner, h) if text == REMINDED)
        share = Counter(PEOPLE[n % len(PEOPLE)] for n in range(AGENCIES))
        assert reminders == {h: cases * share[h] for h in share}
        assert await outbox_of(database, Kind.UNANSWERED) == {RowState.DONE: cases * AGENCIES}
        assert await outbox_of(database, Kind.ESCALATION) == {
            RowState.DONE: cases * AGENCIES,
            RowState.PENDING: cases * AGENCIES,
        }


def all_are_asked(uow: UnitOfWork) -> None:
    """A case in which every agency is asked at this moment."""
    team = uow.teams()[0]
    starts_at = uow.now + timedelta(hours=23)
    plan = MeetingPlan(starts_at, starts_at + timedelta(hours=1), place="Møterom Nord")
    choices = tuple(AgencyChoice(a.id, "A", Reason.FOLLOW_UP, Ground.CONSENT) for a in uow.agencies(team.id))
    open_case(
        uow, get_or_make_person(uow, CAST["koordinator"]), OpenCase(team.id, Phase.ACUTE, 1, choices, plan)
    )


async def at_rest(database: SqlDatabase, *, within: float) -> None:
    """Wait in real time until nothing is due soon and nothing is under way."""
    async with asyncio.timeout(within):
        while True:
            due_in = await database.outbox.next_due_in()
            claimed = any(row.claimed for row in await database.outbox.upcoming(50))
            if not claimed and (due_in is None or due_in > timedelta(minutes=5)):
                return
            await asyncio.sleep(0.1)


async def outbox_of(database: SqlDatabase, kind: Kind) -> dict[RowState, int]:
    """How many rows of a kind stand where."""

    def count(uow: UnitOfWork) -> dict[RowState, int]:
        assert isinstance(uow, SqlUnitOfWork)
        rows = uow._connection.execute(
            select(infrastructure.outbox.c.state).where(infrastructure.outbox.c.kind == kind)
        )
        return dict(Counter(RowState(row.state) for row in rows))

    return await database.read(count)
