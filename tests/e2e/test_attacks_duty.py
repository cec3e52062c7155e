"""Attacks by what people write about agencies and deputies: it mentions nobody and is no link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.cli.demo import Rehearsal
from bot.domain.directory.entities import Team
from handlers.blocks.choosing import UNLISTED
from handlers.directory.modals import ADD, LINE, NEW
from sandbox.people.person import Person
from tests.e2e import kit
from tests.e2e.test_attacks import ALIVE, INJECTED, SHORT, WRITTEN_ABOUT_DUTY, sent
from tests.handlers.access.workspace import chosen, filled_in


async def writes(rehearsal: Rehearsal, person: Person, /, **fields: Any) -> dict[str, str]:
    """Fill in the open form and those that follow, and submit them; the errors of the last."""
    await person.sees_modal()
    errors: dict[str, str] = {}
    while person.modal is not None and not errors:
        filled_in(person.modal.view, (), fields)
        errors = await person.submits()
    if person.modal is not None:
        await person.closes(whole_stack=True)
    await rehearsal.runner.until_idle()
    return errors


async def a_duty_line(rehearsal: Rehearsal) -> None:
    """A number that can be rung, and nothing else."""
    koordinator = rehearsal.runner.person("koordinator")
    await koordinator.types("/tot etat politiet")
    errors = await writes(rehearsal, koordinator, what=chosen(LINE), duty_line={"value": INJECTED[:30]})
    assert "Vakttelefon" in errors


async def a_refusal(rehearsal: Rehearsal) -> None:
    """Read by whoever named the deputy."""
    exit_, koordinator = rehearsal.runner.person("politi-exit"), rehearsal.runner.person("koordinator")
    await exit_.types("/tot vara")
    assert await writes(rehearsal, exit_) == {}
    await koordinator.presses("Avslå", in_="tot-bot")
    assert await writes(rehearsal, koordinator, refusal={"value": INJECTED}) == {}
    await exit_.sees("@channel", in_="tot-bot")


async def a_title(rehearsal: Rehearsal) -> None:
    """Shown in the agency's form, where deputies are chosen, and in the room."""
    exit_, koordinator = rehearsal.runner.person("politi-exit"), rehearsal.runner.person("koordinator")
    await koordinator.types("/tot etat politiet")
    new = {"person": {"selected_user": rehearsal.runner.person("udi").id}, "title": {"value": SHORT}}
    assert await writes(rehearsal, koordinator, what=chosen(NEW), **new) == {}
    await koordinator.types("/tot etat politiet")
    assert "@channel" in (await koordinator.sees_modal()).text
    await koordinator.closes(whole_stack=True)
    await exit_.types("/tot overlever")
    form = (await exit_.sees_modal()).view
    (field,) = (b for b in form.blocks if b.get("block_id") == "colleague")
    option = next(o for o in field["element"]["options"] if "@channel" in o["text"]["text"])
    assert await writes(rehearsal, exit_, colleague=chosen(option["value"])) == {}
    await rehearsal.runner.person("udi").sees("ta over plassen", in_="tot-bot")


async def an_agency(rehearsal: Rehearsal) -> None:
    """Whoever asks whom to turn to reads its name and what it can do; forms and reviews have its name."""
    (team,) = await rehearsal.bot.database.read(lambda uow: uow.find(Team))
    koordinator = rehearsal.runner.person("koordinator")
    await koordinator.types("/tot etat")
    new = {"name": {"value": SHORT}, "can": {"value": INJECTED}, "duty_line": {"value": INJECTED[:30]}}
    errors = await writes(rehearsal, koordinator, agency=chosen(f"{ADD}{team.id}"), **new)
    assert "Vakttelefon" in errors
    await koordinator.types("/tot etat")
    new |= {"duty_line": {"value": ""}, "what": chosen(LINE)}
    assert await writes(rehearsal, koordinator, agency=chosen(f"{ADD}{team.id}"), **new) == {}
    shown = await rehearsal.runner.person("utenforstaende").types("/tot hvem HYPERLINK")
    assert shown is not None
    assert shown.text.count("@channel") == 2
    await kit.fill_in_case(rehearsal.runner, ("Politiet", SHORT), when="fredag kl 10")
    assert SHORT in (await koordinator.sees_modal("Se over og send")).text
    await kit.send(rehearsal.runner, koordinator)


async def somebody_unlisted(rehearsal: Rehearsal) -> None:
    """The number of whom a case alone knows is one that can be rung; their title is shown to who rings."""
    koordinator = rehearsal.runner.person("koordinator")
    await kit.fill_in_case(rehearsal.runner, ("Politiet", "Bistandsadvokaten"), when="fredag kl 10")
    await koordinator.presses("Spør en annen", near="Bistandsadvokaten")
    view = (await koordinator.sees_modal("Hvem skal spørres?")).view
    filled_in(view, (), {"who": chosen(UNLISTED)})
    await rehearsal.runner.sends(koordinator)
    view = (await koordinator.sees_modal("Hvem skal spørres?")).view
    filled_in(view, (), {"title": {"value": SHORT}, "line": {"value": INJECTED[:30]}})
    assert list(await rehearsal.runner.is_refused(koordinator)) == ["Telefon"]
    filled_in(view, (), {"line": {"value": "93000000"}})
    await rehearsal.runner.sends(koordinator)
    assert "@channel" in (await koordinator.sees_modal("Se over og send")).text
    await kit.send(rehearsal.runner, koordinator)
    await koordinator.sees("@channel", in_="tot-bot")


#: Who attacks, and the fields in which they write.
WRITTEN = {
    a_duty_line: {"_duty_line: duty_line"},
    a_refusal: {"refuse_form: refusal"},
    a_title: {"contact_form: title"},
    an_agency: {"new_agency_form: name", "new_agency_form: can", "_duty_line: duty_line"},
    somebody_unlisted: {"unlisted_form: title", "unlisted_form: line"},
}


@pytest.mark.usefixtures("in_a_room")
@pytest.mark.parametrize("attack", WRITTEN)
async def test_what_is_written_about_duty_is_no_mention_and_no_link(
    rehearsal: Rehearsal, attack: Callable[[Rehearsal], Awaitable[None]]
) -> None:
    await attack(rehearsal)
    assert [alive for alive in ALIVE if alive in sent(rehearsal)] == []
    for call in rehearsal.runner.sandbox.workspace.calls:
        assert not {"link_names", "parse"} & set(call.arguments), call.method


def test_all_that_is_to_be_attacked_here_is() -> None:
    assert set().union(*WRITTEN.values()) == WRITTEN_ABOUT_DUTY
