"""A room that is no closed room of its case any more, whatever people have done to it; and «Nytt rom»."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.cli.demo import Rehearsal
from bot.domain.case.entities import Case, FormerRoom, Room
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from sandbox.model import Channel
from sandbox.people.person import Person
from sandbox.server import Sandbox
from tests.e2e import kit

OTHERS = "T0NABO"
PUBLIC = "er gjort åpent for hele arbeidsområdet"
SHARED = "er delt med en annen organisasjon"
ARCHIVED = "Noen har arkivert saksrommet"
THROWN_OUT = "Boten er kastet ut av saksrommet"
RENAMED = "har fått et annet navn"
SETTLED = "er i orden igjen"

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


async def opened(runner: ExerciseRunner) -> str:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "politi-exit", "barnevern"}
    return room


def channel_of(sandbox: Sandbox, room: str) -> Channel:
    found = sandbox.workspace.channel_named(room)
    assert found is not None
    return found


def of_the_bot(sandbox: Sandbox, channel: Channel) -> list[str]:
    me = sandbox.workspace.bot.id
    return [m.text for m in channel.messages.values() if m.user == me and not m.subtype]


def alerts(sandbox: Sandbox, words: str, handle: str = "koordinator") -> list[str]:
    return [seen.text for seen in kit.direct(sandbox, handle) if words in seen.text]


def owner(runner: ExerciseRunner, room: str) -> Person:
    """An owner of the workspace, who is in the room: they can let themselves in."""
    person, workspace = runner.person("utenforstaende"), runner.sandbox.workspace
    channel = workspace.channel_named(room)
    if channel is not None and person.id not in channel.members:
        channel.members.append(person.id)
    return person


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_the_bot_stops_and_tells_and_goes_on_when_it_is_settled(
    runner: ExerciseRunner, trouble: str
) -> None:
    do, words, undo = TROUBLES[trouble]
    sandbox = runner.sandbox
    room = await opened(runner)
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
    assert not alerts(sandbox, "Er din del over"), "nobody who was taken out is asked whether they have left"
    assert [m for m in kit.direct(sandbox, "barnevern") if room in m.text] == [], "no way to the room is shown"

    # Something that the room would be told.
    (case,) = await cases(runner)
    await kit.press(runner, "politi-exit", "Bekreft")
    later = [call for call in sandbox.workspace.calls if call.arguments.get("channel") == channel.id]
    told = {c.method for c in later[len(posted) :]} & {"chat.postMessage", "chat.update", "chat.postEphemeral"}
    assert told == set()
    assert not {c.method for c in later[len(posted) :]} & {"conversations.invite"}

    if undo is None:
        return
    await undo(owner(runner, room), room)
    await runner.until_idle()
    await runner.later(minutes=2)
    assert kit.people_in(sandbox, room) == {"koordinator", "politi-exit", "barnevern"}
    assert "Sakskortet" in of_the_bot(sandbox, channel)
    assert alerts(sandbox, words) == []
    assert len(alerts(sandbox, SETTLED)) == 1
    assert (await cases(runner))[0].code == case.code


_bots: dict[int, Rehearsal] = {}


@pytest.fixture(autouse=True)
def known(rehearsal: Rehearsal) -> None:
    _bots[id(rehearsal.runner)] = rehearsal


async def cases(runner: ExerciseRunner) -> list[Case]:
    return await _bots[id(runner)].bot.database.read(lambda uow: uow.find(Case))
