"""«Fortsett der du slapp»: nothing that arrived is lost, and nobody else is given it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from bot.cli.demo import Rehearsal
from bot.scheduler import tidy
from bot.usecases.ports import Draft
from handlers.slack.resume import RESUME
from sandbox.model import Message
from sandbox.people.person import Person
from tests.e2e import kit

ASKED = "Tjenester som spørres nå"
POLICE = "Politiet · Etterforsker, EXIT"
NOTE = "Dagsorden eller merknad"
RESUMES = "Fortsett der du slapp"


async def drafts(rehearsal: Rehearsal) -> list[Draft]:
    found = await rehearsal.bot.database.read(lambda uow: uow.find(Draft))
    return [draft for draft in found if draft.id.startswith("form-")]


async def filled_in(koordinator: Person, note: str = "Hvem gjør hva i kveld.") -> None:
    await koordinator.types("/tot akutt")
    await koordinator.fills({ASKED: [POLICE]})
    await koordinator.presses("Mer")
    await koordinator.fills({NOTE: note})


#: A database that takes no receipt: nothing that people submit is carried out.
BROKEN = "CREATE TRIGGER broken BEFORE INSERT ON receipts BEGIN SELECT RAISE(FAIL, 'broken'); END"


def sql(url: str, statement: str) -> None:
    """As somebody else who has the file open."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other, other:
        other.execute(statement)


async def test_a_form_that_was_left_before_it_was_sent_is_offered_in_home(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    koordinator = runner.person("koordinator")
    await filled_in(koordinator)
    await runner.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await koordinator.closes(whole_stack=True)
    await koordinator.opens_home()
    await runner.until_idle()
    assert "Du ble ikke ferdig med «Akutt: kall TOT sammen»" in koordinator.home
    await koordinator.presses(RESUMES, in_="home")
    form = await koordinator.sees_modal("Akutt: kall TOT sammen")
    assert "Hvem gjør hva i kveld." in form.text
    await runner.sends(koordinator)
    review = await koordinator.sees_modal("Se over og send")
    assert "Politiet" in review.text
    assert "Hvem gjør hva i kveld." in review.text
    await kit.send(runner, koordinator)
    assert len(kit.rooms(runner.sandbox)) == 1
    assert RESUMES not in koordinator.home
    assert await drafts(rehearsal) == []


async def test_a_form_that_failed_is_offered_where_it_failed(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    runner = rehearsal.runner
    person = runner.person("helse")
    await person.types("/tot kalle")
    await person.fills({"Hvor fort bør TOT møtes?": "I løpet av noen dager", "Merknad": "Flere trengs."})
    sql(sqlite_database_url, BROKEN)
    await person.submits()
    assert "Noe gikk galt hos meg." in (await person.sees_modal()).text
    sql(sqlite_database_url, "DROP TRIGGER broken")
    await person.presses(RESUMES)
    form = await person.sees_modal("Kall TOT sammen")
    assert "Flere trengs." in form.text
    await kit.send(runner, person)
    await runner.person("koordinator").sees("Flere trengs.", in_="tot-bot")
    assert await drafts(rehearsal) == []


async def test_what_the_guard_refuses_is_not_kept(rehearsal: Rehearsal, sqlite_database_url: str) -> None:
    person = rehearsal.runner.person("helse")
    await person.types("/tot kalle")
    await person.fills({"Hvor fort bør TOT møtes?": "I dag", "Merknad": "Ring 41 23 45 67"})
    sql(sqlite_database_url, BROKEN)
    await person.submits()
    sql(sqlite_database_url, "DROP TRIGGER broken")
    (kept,) = await drafts(rehearsal)
    assert "41 23" not in kept.data
    await person.presses(RESUMES)
    assert "I dag" in (await person.sees_modal("Kall TOT sammen")).text


async def test_it_is_given_to_its_person_alone_and_dies_in_a_day(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    koordinator = runner.person("koordinator")
    await filled_in(koordinator)
    await runner.sends(koordinator)
    await koordinator.closes(whole_stack=True)
    (kept,) = await drafts(rehearsal)
    other = runner.person("vara-koordinator")
    direct = runner.sandbox.workspace.direct(runner.sandbox.workspace.bot.id, other.id)
    button = {"type": "button", "action_id": str(RESUME), "block_id": "b", "value": kept.id}
    forged = Message(runner.sandbox.workspace.new_ts(), direct.id, runner.sandbox.workspace.bot.id, "")
    await runner.sandbox.interactions.act_in_message(other.id, forged, button)
    await runner.until_idle()
    assert other.modal is None
    assert "Dette har du ikke tilgang til" in "\n".join(other.reads("tot-bot"))
    await runner.later(hours=26)
    await koordinator.opens_home()
    await runner.until_idle()
    assert RESUMES not in koordinator.home
    await rehearsal.bot.database.write(tidy)
    assert await drafts(rehearsal) == []
