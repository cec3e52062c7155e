"""7 persons, 12 agencies, 40 actions: one change is one update of the card, and it can be read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from bot.cli.demo import PARTNERS, rehearse
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.usecases.actions.actions import AgreeAction, agree_action
from bot.usecases.actions.needs import NoteNeeds, note_needs
from bot.usecases.ports import UnitOfWork
from sandbox.block_kit.checks import check_message
from sandbox.model import Change
from tests.e2e import kit

MORE = ("Vergen", "Skolen", "Oppfølgingstjenesten", "Kontaktetaten")
AGENCIES = (*kit.SIX, "Barnevernvakten", "botilbud 1", *MORE)
NEEDS = ("housing", "health", "lawyer", "interpreter", "residence", "income", "safe_return", "own_voice")
CONFIRMING = ("politi-exit", "barnevern", "sosialtjenesten", "bistandsadvokat", "helse")


def twelve_agencies(folder: Path) -> Path:
    """The partners of the example, and four agencies more."""
    path = folder / "partners.toml"
    more = "".join(
        f'\n[[teams.agencies]]\nkey = "mer{n}"\nkind = "health"\nname = "{name}"\n'
        f'contacts = [{{ work_mail = "vakt@mer{n}.example", title = "Vakt" }}]\n'
        for n, name in enumerate(MORE)
    )
    path.write_text(PARTNERS.read_text("utf-8") + more, "utf-8")
    return path


def agree_forty(uow: UnitOfWork, koordinator: Person) -> CaseFile:
    """Forty actions of all agencies, the first one of the police, and some needs."""
    (case_id,) = uow.cases_with(koordinator.id)
    note_needs(uow, koordinator, NoteNeeds(case_id, NEEDS))
    file = uow.case_file(case_id)
    assert file is not None
    parts = sorted(file.current(), key=lambda i: file.agency_of(i.id).key != "politi")
    for number in range(40):
        part = parts[number % len(parts)]
        day = date(2026, 12, 1) + timedelta(days=number % 20)
        text = f"avklare det neste som må gjøres, del {number}"
        command = AgreeAction(case_id, part.id, part.persons, day, NEEDS[number % len(NEEDS)], text)
        agree_action(uow, koordinator, command)
    fresh = uow.case_file(case_id)
    assert fresh is not None
    return fresh


async def test_one_change_is_one_update_of_the_card(play_url: str, tmp_path: Path) -> None:
    partners = twelve_agencies(tmp_path)
    async with rehearse(play_url, starts=kit.STARTS, sandbox=kit.quick(), partners=partners) as rehearsal:
        runner, workspace = rehearsal.runner, rehearsal.runner.sandbox.workspace
        name = await kit.open_case(runner, *AGENCIES, **{"Hvor mange personer": "7"})
        await kit.confirm(runner, *CONFIRMING)
        koordinator = runner.person("koordinator")

        def forty(uow: UnitOfWork) -> CaseFile:
            person = uow.person_by_slack(koordinator.id)
            assert person is not None
            return agree_forty(uow, person)

        file = await rehearsal.bot.database.write(forty)
        await runner.until_idle()
        await runner.until(runner.day(1, "12:00"))
        assert (file.case.persons, len(list(file.current())), len(file.actions)) == (7, 12, 40)
        room = workspace.channel_named(name)
        assert room is not None
        in_room: list[Change] = []
        workspace.on_change(lambda change: in_room.append(change) if change.channel == room.id else None)
        before = len(workspace.calls)

        await kit.press(runner, "politi-exit", "Utført")

        assert [change.kind for change in in_room] == ["message_changed"]
        made = [c for c in workspace.calls[before:] if c.arguments.get("channel") == room.id]
        assert [c.method for c in made] == ["conversations.info", "chat.update"]
        (changed,) = in_room
        assert changed.message is not None
        blocks = changed.message.blocks
        assert check_message(blocks) == []
        assert len(blocks) <= 50
        card = next(m.text for m in koordinator.messages(name) if "*Tiltak:*" in m.text)
        assert "*Tiltak:* 39 åpne" in card
        assert "Avsluttede tiltak: 1 utført" in card
        assert all(f"*{agency}*" in card for agency in AGENCIES)
        heads = [line for line in card.splitlines() if line.startswith("• ") and "frist" in line]
        late = [":red_circle:" in line for line in heads]
        assert any(late)
        assert late == sorted(late, reverse=True), "what is late stands first"
