"""A part ends while the question to its contact is on its way to Slack: nothing of the question stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.cli.rehearsal import Rehearsal, rehearse
from bot.domain.case.entities import Case
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.ports import UnitOfWork
from sandbox.faults import Fault
from storage.database import open_database
from tests.e2e import kit

ASKED = "En sak i TOT Bergen trenger Helsetjenesten"
WITHDRAWN = "Du trenger ikke lenger å svare på forespørselen fra TOT Bergen."


async def by_the_coordinator(rehearsal: Rehearsal, _: str) -> None:
    """As a person does it, in the bot's own process."""
    (room,) = kit.rooms(rehearsal.stage.box)
    koordinator = rehearsal.stage.person("koordinator")
    await koordinator.types("/tot ut", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Etat": "Helsetjenesten"})
    await rehearsal.stage.sends(koordinator)


async def by_another_process(rehearsal: Rehearsal, database_url: str) -> None:
    """Through connections that the bot does not know of."""

    def release(uow: UnitOfWork) -> None:
        (case,) = uow.find(Case)
        file = uow.case_file(case.id)
        assert file is not None
        (part,) = (i for i in file.involvements if file.agency_of(i.id).name == "Helsetjenesten")
        release_agency(uow, file.persons[case.opened_by], ReleaseAgency(part.id))

    other = open_database(database_url, rehearsal.stage.box.clock)
    await other.write(release)
    await other.close()


@pytest.mark.parametrize("released", [by_the_coordinator, by_another_process])
async def test_released_meanwhile(
    database_url: str, released: Callable[[Rehearsal, str], Awaitable[None]]
) -> None:
    async with rehearse(database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage, box = rehearsal.stage, rehearsal.stage.box
        await kit.fill_in_case(stage, ["Politiet", "Helsetjenesten"], when="fredag kl 10")
        held = box.faults.add(Fault("slow", "chat.postMessage", where=lambda a: a["channel"] == "U0HELSE"))
        await stage.sends(stage.person("koordinator"))

        def all_but_that_is_done() -> bool:
            inside = [room for room in kit.rooms(box) if "koordinator" in kit.people_in(box, room)]
            return bool(held.hits and inside and kit.direct(box, "politi-exit"))

        assert await box.workspace.pulse.until(all_but_that_is_done, 5.0)
        assert [kit.heading(m.text) for m in kit.direct(box, "helse")] == [ASKED]
        await released(rehearsal, database_url)
        box.faults.release()
        await stage.settle()
        read = [kit.heading(m.text) for m in kit.direct(box, "helse")]
        assert all(line.startswith(WITHDRAWN) for line in read), read
