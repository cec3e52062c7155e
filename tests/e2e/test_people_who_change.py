"""People who change: accounts that go or are made guests, old buttons, channels that are dead."""

from __future__ import annotations

import pytest

from bot.domain.case.entities import Ask
from bot.domain.directory.entities import Person
from sandbox import channels
from sandbox.faults import Fault, Kind
from sandbox.model import User
from tests.e2e import kit
from tests.e2e.two_cases import World, logged_by_the_bot, pressed


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
    old = next(m for m in kit.direct(world.sandbox, "politi-exit") if "Jeg kommer" in m.text)
    before = len(kit.direct(world.sandbox, "politi-exit"))
    for action_id in ("confirm", "decline"):
        answer = await pressed(world, person, old.source, action_id, ask.id)
        assert "Svar på nytt i den nyeste meldingen" in answer
        assert person.modal is None
    await world.runner.until_idle()
    assert (await _ask(world, "politi-exit")).answer is None
    fresh = kit.direct(world.sandbox, "politi-exit")[before:]
    assert fresh
    await kit.press(world.runner, "politi-exit", "Jeg kommer")
    assert (await _ask(world, "politi-exit")).answer == "confirmed"


NUMBER = "151086 95088"


def _whispers(world: World) -> list[tuple[str, str]]:
    """The bot's words to one alone: to whom, and the text."""
    whispers = world.sandbox.workspace.ephemerals
    return [(world.sandbox.workspace.handle(w.user), w.blocks[0]["text"]["text"]) for w in whispers]


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
    # What stood in an archived one cannot be deleted any more, and that is told.
    assert how == "archived" or not any("kom ikke fram" in text for text in told)
    assert (await _person(world, "politi-exit")).dm_channel == fresh.id
    await person.presses("Jeg kommer", in_="tot-bot")
    assert (await _ask(world, "politi-exit")).answer == "confirmed"


def _new(world: World, handle: str, before: int) -> list[str]:
    return [m.text for m in kit.direct(world.sandbox, handle)[before:]]


async def test_where_a_contact_is_gone_the_next_one_is_asked_and_the_coordinators_are_told(
    world: World,
) -> None:
    """A confirmed one is deactivated; nobody of the agency answers, so its leader is asked as usual."""
    runner = world.runner
    await kit.press(runner, "politi-exit", "Jeg kommer")
    before = len(kit.direct(world.sandbox, "koordinator"))
    await runner.person("politi-exit").is_deactivated()
    await runner.until_idle()
    (told,) = _new(world, "koordinator", before)
    assert "har ikke lenger konto i Slack" in told
    assert "@politi-vakt er spurt i stedet" in told
    (asked,) = kit.direct(world.sandbox, "politi-vakt")
    assert kit.heading(asked.text) == "trenger Politiet i en sak i TOT Bergen"
    assert world.room.removeprefix("rom-") not in asked.text
    assert "politi-vakt" not in kit.people_in(world.sandbox, world.room)
    assert kit.direct(world.sandbox, "politi-leder") == []
    await runner.until(runner.day(1, "11:00"))
    assert len(kit.direct(world.sandbox, "politi-leder")) == 1
    await kit.confirm(runner, "politi-vakt")
    await kit.press(runner, "politi-vakt", "Jeg kommer")
    assert "politi-vakt" in kit.people_in(world.sandbox, world.room)


async def test_where_the_next_one_is_not_on_slack_the_coordinators_are_told_to_ring(world: World) -> None:
    """The coordinators get the list of whom to ring too, in which they record the answer."""
    before = len(kit.direct(world.sandbox, "koordinator"))
    await world.runner.person("sosialtjenesten").is_deactivated()
    await world.runner.until_idle()
    told = _new(world, "koordinator", before)
    (gone,) = (text for text in told if "har ikke lenger konto i Slack" in text)
    assert "Ring vakttelefonen og hør hvem som kommer" in gone
    assert [text for text in told if text != gone and "Ring disse" not in text] == []


@pytest.mark.parametrize("one_channel", [False, True])
async def test_a_coordinator_who_is_made_a_guest_coordinates_no_more(world: World, one_channel: bool) -> None:
    runner = world.runner
    vara = runner.person("vara-koordinator")
    await kit.confirm(runner, "vara-koordinator", "vara-koordinator")
    assert "vara-koordinator" in kit.people_in(world.sandbox, world.room)
    before = len(kit.direct(world.sandbox, "koordinator"))
    await vara.is_made_guest(one_channel=one_channel)
    await runner.until_idle()
    assert "vara-koordinator" not in kit.people_in(world.sandbox, world.room)
    (told,) = _new(world, "koordinator", before)
    assert "@vara-koordinator koordinerer ikke lenger TOT Bergen: kontoen er gjort om til gjest" in told
    assert "Du er nå alene" in told
    assert "Du koordinerer ikke lenger TOT Bergen" in kit.direct(world.sandbox, "vara-koordinator")[-1].text
    answer = await vara.types("/tot sak")
    assert answer is not None
    assert vara.modal is None
    assert "team.without-coordinator" not in "".join(logged_by_the_bot(world))
    await runner.person("koordinator").is_made_guest()
    await runner.until_idle()
    assert "team.without-coordinator" in "".join(logged_by_the_bot(world))


async def test_a_contact_made_a_guest_stays_and_one_of_another_workspace_is_refused(world: World) -> None:
    runner = world.runner
    exit_, barnevern = runner.person("politi-exit"), runner.person("barnevern")
    await exit_.is_made_guest()
    await barnevern.moves_to("T0ANNENBY")
    await runner.until_idle()
    assert kit.people_in(world.sandbox, world.room) >= {"politi-exit"}
    assert "barnevern" not in kit.people_in(world.sandbox, world.room)
    await kit.press(runner, "politi-exit", "Jeg kommer")
    answer = await barnevern.types("/tot hjelp")
    assert "ikke registrert" in str(answer)


async def test_who_only_looked_in_is_forgotten(world: World) -> None:
    """Opening Home is forgotten within the hour, what the bot has answered after a month; no one else is."""
    runner = world.runner
    known = {p.id for p in await world.all(Person)}
    stranger = runner.person("utenforstaende")
    await stranger.opens_home()
    await runner.until_idle()
    await world.rehearsal.bot.scheduler.tidy()
    assert {p.id for p in await world.all(Person)} == known
    await stranger.writes("hei")
    await runner.until_idle()
    await world.rehearsal.bot.scheduler.tidy()
    assert len(await world.all(Person)) == len(known) + 1
    await stranger.types("/tot språk")
    await stranger.sees_modal()
    await stranger.closes()
    await runner.later(days=31)
    await world.rehearsal.bot.scheduler.tidy()
    assert {p.id for p in await world.all(Person)} == known
    assert await stranger.opens_home()


async def test_who_has_chosen_a_language_is_kept_for_a_month(world: World) -> None:
    runner = world.runner
    stranger = runner.person("utenforstaende")
    await stranger.types("/tot språk")
    await stranger.sees_modal()
    await stranger.fills({"Språk": "English"})
    await kit.send(runner, stranger)
    await runner.later(days=29)
    await world.rehearsal.bot.scheduler.tidy()
    known = {p.id for p in await world.all(Person)}
    chose = await _person(world, "utenforstaende")
    await runner.later(days=2)
    await world.rehearsal.bot.scheduler.tidy()
    assert {p.id for p in await world.all(Person)} == known - {chose.id}


async def test_what_has_become_of_accounts_while_nobody_listened_is_seen_within_the_hour(
    world: World,
) -> None:
    workspace = world.sandbox.workspace
    await kit.confirm(world.runner, "vara-koordinator", "vara-koordinator")
    workspace.user("vara-koordinator").is_restricted = True
    workspace.user("politi-exit").deleted = True
    await world.rehearsal.bot.scheduler.check_accounts()
    await world.runner.until_idle()
    assert "vara-koordinator" not in kit.people_in(world.sandbox, world.room)
    texts = [m.text for m in kit.direct(world.sandbox, "koordinator")]
    assert any("@politi-vakt er spurt i stedet" in text for text in texts)
    assert any("koordinerer ikke lenger TOT Bergen" in text for text in texts)
    before = await kit.dump(world.rehearsal.bot)
    await world.rehearsal.bot.scheduler.check_accounts()
    assert await kit.dump(world.rehearsal.bot) == before


@pytest.mark.parametrize(("fault", "times"), [("ratelimited", 1), ("5xx_before", -1), ("error", -1)])
async def test_one_account_that_slack_does_not_tell_of_keeps_no_other_from_being_looked_up(
    world: World, fault: Kind, times: int
) -> None:
    workspace, other = world.sandbox.workspace, world.runner.person("koordinator").id
    people = [workspace.user(handle) for handle in ("politi-exit", "barnevern")]
    for user in people:
        user.deleted = True
    workspace.faults.add(Fault(fault, "users.info", times, where=lambda asked: asked.get("user") == other))
    await world.rehearsal.bot.scheduler.check_accounts()
    await world.runner.until_idle()
    texts = [m.text for m in kit.direct(world.sandbox, "koordinator")]
    assert all(
        any(f"@{user.handle} (" in t and "har ikke lenger konto" in t for t in texts) for user in people
    )
