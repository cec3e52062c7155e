"""The exercise of the drill, played: what the page shows of it, and what is left when it is over."""

from __future__ import annotations

import pytest

from bot.cli.demo import rehearse
from bot.domain.directory.entities import Agency, Contact
from bot.domain.drill import Drill, DrillAsk
from bot.domain.notifications import Kind
from bot.usecases.ports import Posted
from sandbox.exercises import EXERCISES
from tests.e2e import kit
from tests.e2e.drawable import all_can_be_drawn
from tests.lock_screen import locked_phones_learn_nothing, mail_servers_learn_nothing

EXERCISE = EXERCISES["kontaktprove"]
KINDS = {Kind.DRILL_ASKED, Kind.DRILL_REMINDED, Kind.DRILL_HELD}


@pytest.mark.parametrize("mail", [False, True])
async def test_played(play_url: str, mail: bool) -> None:
    async with rehearse(play_url, starts=EXERCISE.STARTS, sandbox=kit.quick(), mail=mail) as rehearsal:
        await EXERCISE.play(rehearsal.runner)
        workspace = rehearsal.runner.sandbox.workspace
        all_can_be_drawn(workspace)
        locked_phones_learn_nothing(workspace)
        database = rehearsal.bot.database
        assert await database.outbox.given_up() == {}
        (drill,) = await database.read(lambda uow: uow.find(Drill))
        assert (drill.begun_by, drill.delete_on) == ("", None)
        assert await database.read(lambda uow: uow.find(DrillAsk)) == []
        assert [p for p in await database.read(lambda uow: uow.find(Posted)) if p.kind in KINDS] == []
        contacts = await database.read(lambda uow: uow.find(Contact))
        months = {c.title: c.last_reached for c in contacts if c.last_reached is not None}
        assert len(months) == 5 + mail
        if rehearsal.runner.mail is not None:
            mail_servers_learn_nothing(rehearsal.runner.mail)
        assert {str(month) for month in months.values()} == {"2026-12-01"}
        agencies = await database.read(lambda uow: uow.find(Agency))
        assert [a.name for a in agencies if a.line_confirmed is not None] == ["Politiet"]
