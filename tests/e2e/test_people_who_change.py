"""People who change: accounts that go or are made guests, old buttons, channels that are dead."""

from __future__ import annotations

from bot.domain.case.entities import Ask
from bot.domain.directory.entities import Person
from tests.e2e import kit
from tests.e2e.two_cases import World, pressed


async def _ask(world: World, handle: str) -> Ask:
    """The one question that stands to this person."""
    person = await _person(world, handle)
    (found,) = (a for a in await world.all(Ask) if a.person_id == person.id and a.withdrawn_at is None)
    assert isinstance(found, Ask)
    return found


async def _person(world: World, handle: str) -> Person:
    slack_id = world.runner.person(handle).id
    person = await world.rehearsal.bot.database.read(lambda uow: uow.person_by_slack(slack_id))
    assert person is not None
    return person


async def test_a_button_that_names_no_time_is_refused_and_the_question_is_put_anew(world: World) -> None:
    """The meeting may have been moved since the button was posted: a yes to which time?"""
    ask = await _ask(world, "politi-exit")
    person = world.runner.person("politi-exit")
    old = next(m for m in kit.direct(world.sandbox, "politi-exit") if "Bekreft" in m.text)
    before = len(kit.direct(world.sandbox, "politi-exit"))
    for action_id in ("confirm", "decline"):
        answer = await pressed(world, person, old.source, action_id, ask.id)
        assert "Svar på nytt i den nyeste meldingen" in answer
        assert person.modal is None
    await world.runner.until_idle()
    assert (await _ask(world, "politi-exit")).answer is None
    fresh = kit.direct(world.sandbox, "politi-exit")[before:]
    assert fresh
    await kit.press(world.runner, "politi-exit", "Bekreft")
    assert (await _ask(world, "politi-exit")).answer == "confirmed"
