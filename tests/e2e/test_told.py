"""Nobody learns that they were named: what they see of themselves is the same before and after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.cli.demo import Rehearsal
from bot.cli.person import told_to
from sandbox import modals
from sandbox.cast import CAST
from tests.e2e import kit

Named = Callable[[Rehearsal], Awaitable[None]]


async def seen_by(rehearsal: Rehearsal, handle: str) -> dict[str, str]:
    """All that somebody can ask the bot about themselves, and what the operator would hand them."""
    person = rehearsal.runner.person(handle)
    seen: dict[str, str] = {}
    for typed in ("/tot innsyn", "/tot hjelp", "/tot prøve", "/tot"):
        answer = await person.types(typed)
        seen[typed] = answer.text if answer is not None else person.modal.title if person.modal else ""
    await rehearsal.runner.until_idle()
    seen["home"] = await person.opens_home()
    seen["export"] = await told_to(rehearsal.bot.database, CAST[handle])
    return seen


async def deputy_waits(rehearsal: Rehearsal) -> None:
    """The police name «Vakthavende», whom the coordinators have not approved."""
    runner = rehearsal.runner
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "vara-koordinator")
    police = runner.person("politi-exit")
    await police.presses("Kan ikke", in_="tot-bot")
    await police.sees_modal()
    await police.fills({"Hvorfor kan du ikke?": "borte fra jobb", "Hvem kommer i stedet?": "Vakthavende"})
    await kit.send(runner, police)


async def deputy_refused(rehearsal: Rehearsal) -> None:
    await deputy_waits(rehearsal)
    coordinator = rehearsal.runner.person("koordinator")
    await coordinator.presses("Avslå", in_="tot-bot")
    await coordinator.fills({"Grunn": "En annen trengs"})
    await kit.send(rehearsal.runner, coordinator)


async def shelter_involved(rehearsal: Rehearsal) -> None:
    await kit.open_case(rehearsal.runner, "Politiet", "Botilbud 1")


async def drill_to_come(rehearsal: Rehearsal) -> None:
    """Begun late in the evening: nobody gets it before the morning."""
    runner = rehearsal.runner
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot prøve")
    await koordinator.sees_modal()
    await kit.send(runner, koordinator)


@pytest.mark.parametrize(
    ("handle", "named", "hours"),
    [
        ("politi-vakt", deputy_waits, 0),
        ("politi-vakt", deputy_refused, 0),
        ("botilbud", shelter_involved, 0),
        ("helse", drill_to_come, 14),
    ],
)
async def test_named_and_none_the_wiser(rehearsal: Rehearsal, handle: str, named: Named, hours: int) -> None:
    await rehearsal.runner.later(hours=hours)
    before = await seen_by(rehearsal, handle)
    assert "Dette har du fått fra TOT" in before["/tot innsyn"]
    assert before["export"] == before["/tot innsyn"]
    await named(rehearsal)
    assert await seen_by(rehearsal, handle) == before


async def test_a_shelters_leader_does_not_find_out_by_taking_somebody_out(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    koordinator, leader = runner.person("koordinator"), runner.person("botilbud")

    async def contact(handle: str) -> str:
        """The form about the only contact, as somebody has it before them."""
        person = runner.person(handle)
        await person.types("/tot tjeneste")
        await person.sees_modal()
        await person.fills({"Hvilken tjeneste?": "botilbud 1"})
        await runner.sends(person)
        await person.fills({"Hva vil du endre?": "1. kontaktperson"})
        await runner.sends(person)
        return (await person.sees_modal("Kontaktperson")).text

    async def taken_out() -> dict[str, str] | str:
        """What comes of it where the tick is sent although none is there."""
        await contact("botilbud")
        assert leader.modal is not None
        leader.modal.view.values["more"] = {
            "value": {"type": "checkboxes", "selected_options": [{"value": "retire"}]}
        }
        errors = await leader.submits()
        said = errors or leader.modal.text
        await leader.closes(whole_stack=True)
        return said

    assert "Ta ut som kontaktperson" in await contact("koordinator")
    await koordinator.fills({"Mer": ["Leder for tjenesten: svarer ved å si hvem som kommer"]})
    await kit.send(runner, koordinator)
    assert "Ta ut som kontaktperson" not in await contact("botilbud")
    await leader.closes(whole_stack=True)
    before = await taken_out()
    await shelter_involved(rehearsal)
    assert await taken_out() == before


async def test_the_unconfirmed_see_no_code_and_the_released_no_deletion(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    asked = await seen_by(rehearsal, "barnevern")
    assert not [place for place, text in asked.items() if room.removeprefix("rom-") in text]
    await kit.confirm(runner, "barnevern", "politi-exit")
    welfare = runner.person("barnevern")
    await welfare.presses("Kan ikke", in_="tot-bot")
    left_open = (await welfare.sees_modal("Kan ikke komme")).view
    await welfare.closes(whole_stack=True)

    async def sent_late() -> str:
        """What the form says that has stood open all the while."""
        view = modals.show(runner.sandbox.workspace, welfare.id, left_open.payload)
        await runner.sandbox.interactions.submit(welfare.id, view)
        said = (await welfare.sees_modal()).text
        await welfare.closes(whole_stack=True)
        return said

    await kit.submit_form(runner, "koordinator", "/tot ut", room, Tjeneste="Barneverntjenesten")
    released = await seen_by(rehearsal, "barnevern")
    assert "slettes" not in "".join(released.values())
    (over,) = kit.direct(runner.sandbox, "barnevern")
    assert "Dere er ferdige i sak" in over.text
    await kit.submit_form(runner, "koordinator", "/tot avslutt", room)
    await runner.later(days=15)
    assert kit.direct(runner.sandbox, "barnevern") == [], "before the case goes, which nobody sees by it"
    assert "er avsluttet" in kit.direct(runner.sandbox, "politi-exit")[-1].text, "till it is deleted"
    said = await sent_late()
    assert "har du ikke tilgang til, eller så finnes det ikke" in said
    await runner.later(days=45)
    assert await sent_late() == said
    assert await seen_by(rehearsal, "barnevern") == released
