"""A room that is no closed room of its case any more, whatever people have done to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cli.demo import Rehearsal
from bot.domain.case.entities import Case, FormerRoom, Room
from bot.usecases.ports import UnitOfWork
from sandbox.channels import add_member, create_room
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from sandbox.model import Channel
from sandbox.people.person import Person
from sandbox.server import Sandbox
from storage.ids import RandomIds
from tests.e2e import kit

OTHERS = "T0NABO"
PUBLIC = "gjort åpent for hele arbeidsområdet"
SHARED = "er delt med en annen organisasjon"
ARCHIVED = "Noen har arkivert saksrommet"
THROWN_OUT = "Jeg er kastet ut av saksrommet"
RENAMED = "har fått et annet navn"
SETTLED = "er i orden igjen"
INSIDE = {"koordinator", "politi-exit", "barnevern"}
#: The heading of the case card.
CARD = "Sak KODE"

pytestmark = pytest.mark.usefixtures("in_a_room")

Deed = Callable[[Person, str], Awaitable[None]]
#: What somebody does, what the coordinator reads, and how it is undone.
TROUBLES: dict[str, tuple[Deed, str, Deed | None]] = {
    "public": (Person.makes_public, PUBLIC, Person.makes_private),
    "shared": (
        lambda who, room: who.shares(room, OTHERS),
        SHARED,
        lambda who, room: who.unshares(room, OTHERS),
    ),
    "archived": (Person.archives, ARCHIVED, Person.unarchives),
    "thrown out": (
        lambda who, room: who.removes("tot-bot", room),
        THROWN_OUT,
        lambda who, room: who.invites("tot-bot", room),
    ),
    "deleted": (Person.deletes_room, THROWN_OUT, None),
}
#: Those that the bot, and so the people in it, can be taken out of.
EMPTIED = ("public", "shared")


def opened(runner: ExerciseRunner) -> str:
    """The name of the room."""
    room = kit.the_room(runner)
    assert kit.people_in(runner.sandbox, room) == INSIDE
    return room


async def thrown_out(runner: ExerciseRunner) -> str:
    """The bot is thrown out of the room; the name of this."""
    room = opened(runner)
    await runner.person("politi-exit").removes("tot-bot", room)
    await runner.until_idle()
    return room


async def date_comes(rehearsal: Rehearsal) -> None:
    """The case's deletion date."""
    rehearsal.runner.sandbox.clock.move_to(rehearsal.runner.day(46, "03:00"))
    await rehearsal.bot.scheduler.plan()
    await rehearsal.runner.until_idle()


def channel_of(sandbox: Sandbox, room: str) -> Channel:
    found = sandbox.workspace.channel_named(room)
    assert found is not None
    return found


def of_the_bot(sandbox: Sandbox, channel: Channel) -> list[str]:
    """The bot's messages there: the text of each message's first block, without the code."""
    me = sandbox.workspace.bot.id
    stands = [m for m in channel.messages.values() if m.user == me and not m.subtype]
    return [kit.heading(m.blocks[0]["text"]["text"]) if m.blocks else m.text for m in stands]


def alerts(sandbox: Sandbox, words: str, handle: str = "koordinator") -> list[str]:
    return [seen.text for seen in kit.direct(sandbox, handle) if words in seen.text]


async def the_case(rehearsal: Rehearsal) -> Case:
    (case,) = await rehearsal.bot.database.read(lambda uow: uow.find(Case))
    return case


def owner(runner: ExerciseRunner, room: str) -> Person:
    """An owner of the workspace, whom somebody in the room has let in."""
    person, workspace = runner.person("utenforstaende"), runner.sandbox.workspace
    channel = workspace.channel_named(room)
    if channel is not None and person.id not in channel.members:
        channel.members.append(person.id)
    return person


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_the_bot_stops_and_tells_and_goes_on_when_it_is_settled_or_in_a_new_room(
    rehearsal: Rehearsal, trouble: str
) -> None:
    do, words, undo = TROUBLES[trouble]
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = opened(runner)
    channel = channel_of(sandbox, room)
    await do(owner(runner, room), room)
    posted = [call for call in sandbox.workspace.calls if call.arguments.get("channel") == channel.id]
    await runner.until_idle()

    (alert,) = alerts(sandbox, words)
    assert "Nytt rom" in alert
    assert alerts(sandbox, words, "politi-exit") == []
    if trouble in EMPTIED:
        assert of_the_bot(sandbox, channel) == []
        assert kit.people_in(sandbox, room) == set()
        assert "ingen inne" in alert
    else:
        assert "@koordinator" in alert
        assert "@politi-exit" in alert
    for handle in ("politi-exit", "barnevern"):
        assert alerts(sandbox, "forlot", handle) == [], "is asked whether they have left"
    assert [m for m in kit.direct(sandbox, "barnevern") if room in m.text] == [], "the way to it is shown"

    # Something that the room would be told.
    await kit.press(runner, "politi-exit", "Jeg kommer")
    later = [call for call in sandbox.workspace.calls if call.arguments.get("channel") == channel.id]
    methods = {call.method for call in later[len(posted) :]}
    assert not methods & {"chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.invite"}

    if undo is not None:
        await undo(owner(runner, room), room)
        await runner.until_idle()
        await runner.later(minutes=2)
        assert kit.people_in(sandbox, room) == INSIDE
        assert CARD in of_the_bot(sandbox, channel)
        assert alerts(sandbox, words) == []
        assert len(alerts(sandbox, SETTLED)) == 1
        assert f"rom-{(await the_case(rehearsal)).code}" == room
        await do(owner(runner, room), room)
        await runner.until_idle()
    await goes_on_in_a_new_room_within_two_minutes(rehearsal, channel, emptied=trouble in EMPTIED)


async def goes_on_in_a_new_room_within_two_minutes(
    rehearsal: Rehearsal, old: Channel, *, emptied: bool
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    before, koordinator = sandbox.clock.now(), runner.person("koordinator")
    await koordinator.presses("Nytt rom", in_="tot-bot")
    review = await koordinator.sees_modal("Nytt rom")
    for handle in ("koordinator", "politi-exit", "barnevern"):
        assert f"@{handle}" in review.text
    assert "@vara-koordinator" not in review.text, "who has not confirmed is not let in"
    await kit.send(runner, koordinator)

    case = await the_case(rehearsal)
    new = channel_of(sandbox, f"rom-{case.code}")
    assert new.id != old.id
    assert new.name != old.name
    await runner.until(before + timedelta(minutes=2))
    assert kit.people_in(sandbox, new.id) == INSIDE
    assert CARD in of_the_bot(sandbox, new)
    await koordinator.sees(case.code, in_=new.name)

    # Whatever stands anywhere names the new code alone, but for the message that tells of the change.
    code = old.name.removeprefix("rom-")
    for handle in ("koordinator", "vara-koordinator", "politi-exit", "barnevern"):
        named = [seen.text for seen in kit.direct(sandbox, handle) if code in seen.text]
        assert all("Saken har fått nytt rom" in text for text in named), named
        assert code not in (sandbox.person(handle).home or "")
    (told,) = alerts(sandbox, "Saken har fått nytt rom")
    for words in (PUBLIC, SHARED, ARCHIVED, THROWN_OUT):
        assert alerts(sandbox, words) == []
    (former,) = await rehearsal.bot.database.read(lambda uow: uow.find(FormerRoom))
    if emptied:
        assert of_the_bot(sandbox, old) == []
        assert kit.people_in(sandbox, old.id) == set()
        assert old.archived
        assert former.emptied_at is not None
        assert "tømt og arkivert" in told
    else:
        assert former.emptied_at is None
        assert "er ikke tømt" in told
        assert "@politi-exit" in told


async def test_a_room_without_the_bot_that_is_made_public_is_told_as_that(rehearsal: Rehearsal) -> None:
    """No event tells it: the bot hears of no room that it is not in. The hourly look does."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await thrown_out(runner)
    assert len(alerts(sandbox, THROWN_OUT)) == 1
    await runner.later(seconds=5)
    await owner(runner, room).makes_public(room)
    await rehearsal.bot.scheduler.check_rooms()
    await runner.until_idle()
    (alert,) = alerts(sandbox, PUBLIC)
    told = await rehearsal.bot.health.state()
    assert (told["room"], room.removeprefix("rom-") in str(told)) == (False, False)
    assert "Jeg er kastet ut" in alert
    assert "Nytt rom" in alert
    assert alerts(sandbox, THROWN_OUT, "politi-exit") == []
    await owner(runner, room).makes_private(room)
    await runner.person("koordinator").invites("tot-bot", room)
    await runner.until_idle()
    await runner.later(minutes=2)
    assert alerts(sandbox, PUBLIC) == []
    assert (await rehearsal.bot.health.state())["room"]
    assert len(alerts(sandbox, SETTLED)) == 1
    assert kit.people_in(sandbox, room) == INSIDE


async def test_it_is_told_anew_until_it_is_settled(runner: ExerciseRunner) -> None:
    """After a quarter of an hour, an hour, and then every day; the one before goes."""
    sandbox = runner.sandbox
    room = opened(runner)
    channel = channel_of(sandbox, room)
    posted: list[str] = []

    def told() -> int:
        shown = [seen.ts for seen in kit.direct(sandbox, "koordinator") if THROWN_OUT in seen.text]
        assert len(shown) == 1
        posted.extend(ts for ts in shown if ts not in posted)
        return len(posted)

    await runner.person("politi-exit").removes("tot-bot", room)
    await runner.until_idle()
    assert told() == 1
    for minutes, times in ((14, 1), (2, 2), (45, 3), (120, 3)):
        await runner.later(minutes=minutes)
        assert told() == times, minutes
    for day in range(1, 4):
        await runner.later(days=1)
        assert told() == 3 + day
    await runner.person("koordinator").invites("tot-bot", room)
    await runner.until_idle()
    assert alerts(sandbox, THROWN_OUT) == []
    assert len(alerts(sandbox, SETTLED)) == 1
    await runner.later(days=2)
    assert alerts(sandbox, THROWN_OUT) == []
    assert kit.people_in(sandbox, channel.id) == INSIDE


# --- its name, and whose it is


async def test_a_new_name_is_taken_back_or_is_told(runner: ExerciseRunner) -> None:
    sandbox, police = runner.sandbox, runner.person("politi-exit")
    room = opened(runner)
    channel = channel_of(sandbox, room)
    await police.renames(room, "noens-sak")
    await runner.until_idle()
    assert channel.name == room
    assert alerts(sandbox, RENAMED) == []
    refused = Fault("error", "conversations.rename", times=-1, code="not_authorized")
    sandbox.workspace.faults.add(refused)
    await police.renames(room, "noens-sak")
    await runner.until_idle()
    assert len(alerts(sandbox, RENAMED)) == 1
    assert of_the_bot(sandbox, channel) == []
    assert kit.people_in(sandbox, channel.id) == INSIDE
    sandbox.workspace.faults.remove(refused)
    await police.renames("noens-sak", room)
    await runner.until_idle()
    assert alerts(sandbox, RENAMED) == []
    assert CARD in of_the_bot(sandbox, channel)


@pytest.mark.usefixtures("rooms_may_not_come")
async def test_a_foreign_channel_of_the_right_name_is_never_the_room(rehearsal: Rehearsal) -> None:
    """Somebody has made one of that name, and has let the bot in, before the bot could; it tries again."""
    runner, workspace = rehearsal.runner, rehearsal.runner.sandbox.workspace
    workspace.faults.add(Fault("5xx_before", "conversations.create", times=1))
    await kit.fill_in_case(runner, ["Politiet"], when="fredag kl 10")
    await runner.sends(runner.person("koordinator"))
    case = max(await rehearsal.bot.database.read(lambda uow: uow.find(Case)), key=lambda c: c.opened_at)
    foreign = workspace.channel_named(f"rom-{case.code}")
    if foreign is None:
        foreign = create_room(workspace, f"rom-{case.code}", "private", runner.person("utenforstaende").id)
        add_member(workspace, foreign, workspace.bot.id, foreign.creator)
    await runner.later(minutes=1)
    (room,) = await rehearsal.bot.database.read(lambda uow: uow.find(Room, case_id=case.id))
    assert room.channel_id not in (None, foreign.id)
    assert room.name == f"rom-{case.code}-2"
    assert of_the_bot(runner.sandbox, foreign) == []


# --- «Nytt rom»: the case goes on in another channel, under another code; the old one is emptied


async def make_new_room(runner: ExerciseRunner) -> None:
    koordinator = runner.person("koordinator")
    await koordinator.presses("Nytt rom", in_="tot-bot")
    await koordinator.sees_modal("Nytt rom")
    await kit.send(runner, koordinator)


async def test_nobody_makes_a_new_room_when_the_old_one_is_fine_again(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    room, koordinator = await thrown_out(runner), runner.person("koordinator")
    await koordinator.presses("Nytt rom", in_="tot-bot")
    await koordinator.sees_modal("Nytt rom")
    await runner.person("barnevern").invites("tot-bot", room)
    await runner.until_idle()
    await koordinator.submits()
    await koordinator.sees("Saksrommet er i orden", in_="modal")
    assert f"rom-{(await the_case(rehearsal)).code}" == room


async def test_an_old_room_is_emptied_as_soon_as_slack_lets_the_bot_and_goes_with_the_case(
    rehearsal: Rehearsal,
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await thrown_out(runner)
    old = channel_of(sandbox, room)
    await make_new_room(runner)
    assert of_the_bot(sandbox, old) != []
    await runner.person("barnevern").invites("tot-bot", room)
    await runner.until_idle()
    assert of_the_bot(sandbox, old) == []
    assert kit.people_in(sandbox, old.id) == set()
    assert old.archived
    assert "tømt og arkivert" in alerts(sandbox, "Saken har fått nytt rom")[0]
    new = f"rom-{(await the_case(rehearsal)).code}"
    await kit.submit_form(runner, "koordinator", "/tot lukk", new)
    await date_comes(rehearsal)
    assert (await the_case(rehearsal)).purged_at is not None
    assert of_the_bot(sandbox, channel_of(sandbox, new)) == []

    def is_taken(uow: UnitOfWork) -> bool:
        assert isinstance(uow.ids, RandomIds)
        return uow.ids._taken(room.removeprefix("rom-"))

    assert await rehearsal.bot.database.read(is_taken), "its code is never given out again"


# --- its deletion


@pytest.mark.parametrize(
    ("trouble", "known"), [*((trouble, False) for trouble in TROUBLES), ("public", True), ("archived", True)]
)
async def test_a_case_is_deleted_whatever_has_become_of_its_room(
    rehearsal: Rehearsal, trouble: str, known: bool
) -> None:
    """Also if the bot was not told (no event came, and it has not looked since)."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = opened(runner)
    await kit.submit_form(runner, "koordinator", "/tot lukk", room)
    channel = channel_of(sandbox, room)
    if not known:
        sandbox.clock.move_to(runner.day(46, "03:00"))
    await TROUBLES[trouble][0](owner(runner, room), room)
    if known:
        await runner.until_idle()
    await date_comes(rehearsal)
    await runner.later(minutes=1)
    case = await the_case(rehearsal)
    assert case.purged_at is not None
    left = [m for m in kit.direct(sandbox, "vara-koordinator") if f"/archives/{channel.id}" in m.text]
    assert len(left) == (trouble not in EMPTIED)
    rows = rehearsal.bot.database.keyring.keystore.all(f"case/{case.id}")
    assert [row.wrapped for row in rows] == [None] * len(rows)
    if trouble in EMPTIED:
        assert of_the_bot(sandbox, channel) == []
        assert kit.people_in(sandbox, channel.id) == set()
    assert alerts(sandbox, "Nytt rom") == []


async def test_an_app_that_was_installed_before_the_scopes_for_public_rooms_still_tells(
    rehearsal: Rehearsal,
) -> None:
    """It hears of nothing, and finds it out by its hourly look; what it has posted goes, people stay."""
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = opened(runner)
    channel = channel_of(sandbox, room)
    await kit.submit_form(runner, "koordinator", "/tot lukk", room)
    manifest = sandbox.workspace.manifest
    old = frozenset(scope for scope in manifest.scopes if not scope.startswith("channels:"))
    sandbox.workspace.manifest = replace(manifest, scopes=old)
    await runner.person("koordinator").makes_public(room)
    await rehearsal.bot.scheduler.check_rooms()
    await runner.until_idle()
    assert len(alerts(sandbox, PUBLIC)) == 1
    assert of_the_bot(sandbox, channel) == []
    assert "koordinator" in kit.people_in(sandbox, room)
    await date_comes(rehearsal)
    assert (await the_case(rehearsal)).purged_at is not None
