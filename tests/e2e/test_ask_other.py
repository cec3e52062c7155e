"""«Spør en annen»: another of an agency's list, or somebody for this case alone, of whom no list knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.cli.demo import Rehearsal
from bot.domain.case.contacts import CaseContact
from bot.domain.directory.entities import Person
from bot.usecases.directory.partners.transfer import export_partners
from bot.usecases.ports import UnitOfWork
from sandbox.exercises.runner import ExerciseRunner
from sandbox.exercises.steps import puts_away
from storage.schema.directory import persons
from storage.schema.involvement import case_contacts
from storage.unit_of_work import SqlUnitOfWork
from tests.e2e import kit
from tests.e2e.at_rest import at_rest
from tests.e2e.test_escalation import headings

NEEDED = "trenger Bistandsadvokaten i en sak i TOT Bergen"
UNLISTED = "En som ikke står i lista"
TITLE = "kanariadvokat"


async def other(runner: ExerciseRunner, agency: str, who: str, **fields: Any) -> str:
    """The coordinator chooses somebody else in the review; the review as it then is."""
    koordinator = runner.person("koordinator")
    await koordinator.presses("Spør en annen", near=agency)
    await koordinator.sees_modal("Hvem skal spørres?")
    await koordinator.fills({"Spør": who})
    await runner.sends(koordinator)
    if fields:
        await koordinator.sees_modal("Hvem skal spørres?")
        await koordinator.fills({label.replace("_", " "): value for label, value in fields.items()})
        await runner.sends(koordinator)
    return (await koordinator.sees_modal("Se over og send")).text


async def test_another_of_the_list_is_asked_although_nobody_is_muted(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Barneverntjenesten")
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot inviter politi", room)
    await runner.sends(koordinator)
    assert "@politi-exit" in (await koordinator.sees_modal("Se over og send")).text
    shown = await other(runner, "Politiet", "politi-vakt (Vakthavende)")
    assert "@politi-vakt" in shown
    assert "@politi-exit" not in shown
    await kit.send(runner, koordinator)
    assert headings(runner, "politi-vakt") == [NEEDED.replace("Bistandsadvokaten", "Politiet")]
    assert headings(runner, "politi-exit") == []


async def test_who_has_a_number_alone_is_rung_there(runner: ExerciseRunner) -> None:
    await kit.fill_in_case(runner, ("Politiet", "Bistandsadvokaten"), when="i overmorgen kl 10")
    shown = await other(runner, "Bistandsadvokaten", UNLISTED, Tittel=TITLE, Telefon="93000000")
    assert f"{TITLE} · 930 00 000 · bare i denne saken" in shown
    await kit.send(runner, runner.person("koordinator"))
    (listed,) = [
        m.text for m in kit.direct(runner.sandbox, "koordinator") if m.text.startswith("*Ring disse")
    ]
    assert f"*Bistandsadvokaten:* {TITLE}\n*Telefon:* 930 00 000\n" in listed
    assert headings(runner, "bistandsadvokat") == []


async def test_a_bot_a_guest_or_nobody_is_not_asked_and_it_says_so_at_the_field(
    runner: ExerciseRunner,
) -> None:
    runner.sandbox.add_person("stavanger", is_restricted=True)
    await kit.fill_in_case(runner, ("Politiet", "Bistandsadvokaten"), when="i overmorgen kl 10")
    koordinator = runner.person("koordinator")
    await koordinator.presses("Spør en annen", near="Bistandsadvokaten")
    await koordinator.fills({"Spør": UNLISTED})
    await runner.sends(koordinator)
    await koordinator.fills({"Tittel": TITLE})
    assert list(await runner.is_refused(koordinator)) == ["Konto i Slack"]
    for handle in ("tot-bot", "stavanger"):
        await koordinator.fills({"Konto i Slack": handle})
        assert list(await runner.is_refused(koordinator)) == ["Konto i Slack"]
    await koordinator.fills({"Konto i Slack": "utenforstaende", "Jobbadresse": "a@advokat.example"})
    assert list(await runner.is_refused(koordinator)) == ["Jobbadresse"]


async def test_who_is_in_no_list_is_in_the_case_and_nowhere_else_and_gone_with_it(
    rehearsal: Rehearsal, runner: ExerciseRunner, sqlite_database_url: str, tmp_path: Path
) -> None:
    sandbox, database = runner.sandbox, rehearsal.bot.database
    await kit.fill_in_case(
        runner, ("Politiet", "Bistandsadvokaten"), when="i overmorgen kl 10", Fase="Arbeidsfase"
    )
    lawyer = {"Tittel": TITLE, "Konto i Slack": "utenforstaende", "Telefon": "93000000"}
    shown = await other(runner, "Bistandsadvokaten", UNLISTED, **lawyer)
    assert f"@utenforstaende ({TITLE}) · 930 00 000 · bare i denne saken" in shown
    await kit.send(runner, runner.person("koordinator"))
    await puts_away(runner.person("koordinator"))
    room = kit.rooms(sandbox)[-1]
    assert headings(runner, "utenforstaende") == [NEEDED]
    assert headings(runner, "bistandsadvokat") == []
    await kit.confirm(runner, "utenforstaende")
    await kit.press(runner, "utenforstaende", "Jeg kommer")
    assert "utenforstaende" in kit.people_in(sandbox, room)

    who = await runner.person("helse").types("/tot hvem advokat")
    await runner.person("helse").types("/tot hvem utskrift")
    await runner.until_idle()
    (page,) = [f.content.decode() for f in sandbox.workspace.files.values() if f.name.startswith("hvem-")]
    await runner.person("koordinator").types("/tot prøve")
    drill = (await runner.person("koordinator").sees_modal("Kontaktprøve")).text
    await runner.person("koordinator").closes()
    exported = await database.read(export_partners)
    for told in (who.text if who is not None else "", page, drill, exported):
        assert "dvokat" in told, "the agency's own contact is there"
        assert not [c for c in (TITLE, "utenforstaende", "U0UTENFOR", "930 00 000") if c in told]

    sealed = await database.read(lambda uow: list(_sealed(uow)))
    assert all(value in at_rest(sqlite_database_url) for value in sealed)
    await kit.submit_form(runner, "koordinator", "/tot lukk", room)
    for day in (50, 82, 83):
        sandbox.clock.move_to(runner.day(day))
        await rehearsal.bot.clock_moved()
        await runner.until_idle()
        for job in rehearsal.bot.scheduler._scheduler.get_jobs():
            await job.func()
            await runner.until_idle()
        assert await database.read(lambda uow: uow.find(CaseContact)) == []
    kept = await database.read(lambda uow: [p.slack_id for p in uow.find(Person)])
    assert "U0POLITIEXIT" in kept
    assert "U0UTENFOR" not in kept
    left = at_rest(sqlite_database_url)
    assert [value for value in sealed if value in left] == []
    assert not [c for c in (TITLE, "U0UTENFOR", "930 00 000") if c.encode() in left]


def _sealed(uow: UnitOfWork) -> Iterator[bytes]:
    """What the database has of them: all that is sealed in the two rows."""
    assert isinstance(uow, SqlUnitOfWork)
    (row,) = uow._connection.execute(case_contacts.select()).mappings()
    (own,) = uow.find(CaseContact)
    (person,) = uow._connection.execute(persons.select().where(persons.c.id == own.person_id)).mappings()
    for found, names in ((row, ("agency_id", "person_id", "title", "line")), (person, ("slack_id",))):
        yield from (found[name] for name in names)
