"""People who change: accounts that go or are made guests, old buttons, channels that are dead."""

from __future__ import annotations

import pytest

from bot.domain.case.entities import Ask
from bot.domain.directory.entities import Person
from sandbox import channels
from sandbox.model import User
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


NUMBER = "151086 95088"


def _whispers(world: World) -> list[tuple[str, str]]:
    """What the bot has said to one alone: to whom, and what."""
    return [(world.sandbox.workspace.handle(w.user), w.text) for w in world.sandbox.workspace.ephemerals]


def _in_room(world: World) -> list[str]:
    return [m.text for m in world.runner.person("koordinator").messages(world.room) if m.sender == "tot-bot"]


async def test_what_an_app_writes_in_a_room_is_looked_at_and_the_room_is_told_once(world: World) -> None:
    workspace = world.sandbox.workspace
    room = workspace.channel_named(world.room)
    assert room is not None
    channels.post_as_app(workspace, room, "Ny vaktliste er lagt ut.")
    await world.runner.until_idle()
    assert not [text for text in _in_room(world) if "En app" in text]
    section = {"type": "section", "text": {"type": "plain_text", "text": f"Ny klient: {NUMBER}"}}
    channels.post_as_app(workspace, room, "Ny sak", blocks=[section])
    channels.post_as_app(workspace, room, f"{NUMBER} venter")
    await world.runner.until_idle()
    (told,) = (text for text in _in_room(world) if "En app har lagt noe her" in text)
    assert NUMBER not in told
    assert _whispers(world) == []
    assert not any("Noen uten tilgang" in m.text for m in kit.direct(world.sandbox, "koordinator"))


async def test_an_app_that_is_a_member_of_a_room_is_an_intruder(world: World) -> None:
    workspace = world.sandbox.workspace
    room = workspace.channel_named(world.room)
    assert room is not None
    app = User("U0ANDREAPP", "vaktliste", "vaktliste", "Vaktliste", is_bot=True, bot_id="B0ANDREAPP")
    channels.join_workspace(workspace, app)
    room.members.append(app.id)  # while the bot was not listening
    channels.post_as_app(workspace, room, "Vaktliste for uke 49.", user=app.id)
    await world.runner.until_idle()
    alerts = [m for m in kit.direct(world.sandbox, "koordinator") if "Noen uten tilgang" in m.text]
    assert len(alerts) == 1
    assert app.id not in room.members


async def test_the_guard_reads_what_is_forwarded_and_the_topic_of_a_room(world: World) -> None:
    person = world.runner.person("politi-exit")
    await person.writes(f"Husk {NUMBER}", "#generelt")
    await person.forwards("Husk", "#generelt", world.room)
    await world.runner.until_idle()
    ((whom, said),) = _whispers(world)
    assert (whom, "Meldingen din ser ut til å ha et fødselsnummer" in said) == ("politi-exit", True)
    await person.sets_topic("Felles sak om menneskehandel", world.room)
    await person.sets_topic(f"Gjelder {NUMBER}", world.room)
    await world.runner.until_idle()
    _, (whom, said) = _whispers(world)
    assert (whom, "Romnavnet eller emnet" in said, "fødselsnummer" in said) == ("politi-exit", True, True)


@pytest.mark.parametrize("how", ["gone", "archived"])
async def test_a_direct_message_that_is_dead_is_opened_anew_and_written_to(world: World, how: str) -> None:
    """Slack knows the channel no more, or has archived it: what is new arrives in the one opened then."""
    workspace = world.sandbox.workspace
    person = world.runner.person("politi-exit")
    dead = workspace.direct(workspace.bot.id, person.id)
    if how == "gone":
        del workspace.channels[dead.id]
    else:
        dead.archived = True
    await kit.submit_form(
        world.runner, "koordinator", "/tot flytt i morgen kl 14", world.room, Sted="Møterom Sør"
    )
    fresh = workspace.direct(workspace.bot.id, person.id)
    assert fresh.id != dead.id
    texts = [m.text for m in fresh.messages.values()]
    assert texts
    told = [m.text for m in kit.direct(world.sandbox, "koordinator")]
    assert not any("Innkallingen kom ikke fram" in text for text in told)
    assert (await _person(world, "politi-exit")).dm_channel == fresh.id
    await person.presses("Bekreft", in_="tot-bot")
    assert (await _ask(world, "politi-exit")).answer == "confirmed"
