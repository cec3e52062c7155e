"""A room that is no longer the closed room of its case, whatever people have done to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case.entities import Case, FormerRoom, Room
from sandbox.channels import add_member, create_room
from sandbox.faults import Fault, Kind
from sandbox.people.person import Person
from tests.e2e import kit
from tests.e2e.room import INSIDE, CaseRoom

OTHERS = "T0NABO"
PUBLIC = "gjort åpent for hele arbeidsområdet"
SHARED = "er delt med en annen organisasjon"
ARCHIVED = "Noen har arkivert saksrommet"
THROWN_OUT = "Jeg er kastet ut av saksrommet"
RENAMED = "har fått et annet navn"
INTRUDER = "Noen uten tilgang kom inn"
SETTLED = "er i orden igjen"
STAYS_IN_CASE = "Du er fortsatt med i saken"
#: The heading of the case card.
CARD = "Sak KODE"


Deed = Callable[[Person, str], Awaitable[None]]
#: The deed, what the coordinator reads, and how it is undone.
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
#: Troubles in which the bot, and so the people, can be removed from the room.
EMPTIED = ("public", "shared")


async def date_comes(room: CaseRoom) -> None:
    """Move to the case's deletion date."""
    room.sandbox.clock.move_to(room.runner.day(46, "03:00"))
    await room.after(room.bot.scheduler.plan())


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_the_bot_stops_and_tells_and_goes_on_when_it_is_settled_or_in_a_new_room(
    trouble: str, room: CaseRoom
) -> None:
    do, words, undo = TROUBLES[trouble]
    runner, sandbox = room.runner, room.sandbox
    await do(room.owner(), room.name)
    posted = [call for call in sandbox.workspace.calls if call.arguments.get("channel") == room.channel.id]
    await runner.until_idle()

    (alert,) = room.alerts(words)
    assert "Nytt rom" in alert
    assert room.alerts(words, "politi-exit") == []
    if trouble in EMPTIED:
        assert room.of_the_bot() == []
        assert room.inside() == set()
        assert "ingen inne" in alert
        assert len(room.alerts(STAYS_IN_CASE, "barnevern")) == 1
        assert room.alerts("åpner seg for deg om et øyeblikk", "barnevern") == []
    else:
        assert "@koordinator" in alert
        assert "@politi-exit" in alert
    for handle in ("politi-exit", "barnevern"):
        assert room.alerts("forlot", handle) == [], "is asked whether they have left"
    assert kit.told(sandbox, "barnevern", room.name) == [], "the way to it is shown"

    # A change that the room would be told of.
    await kit.press(runner, "politi-exit", "Jeg kommer")
    later = [call for call in sandbox.workspace.calls if call.arguments.get("channel") == room.channel.id]
    methods = {call.method for call in later[len(posted) :]}
    assert not methods & {"chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.invite"}

    if undo is not None:
        await room.after(undo(room.owner(), room.name))
        await runner.later(minutes=2)
        assert room.inside() == INSIDE
        assert CARD in room.of_the_bot()
        assert room.alerts(words) == room.alerts(STAYS_IN_CASE, "barnevern") == []
        assert len(room.alerts(SETTLED)) == 1
        assert f"rom-{(await room.case()).code}" == room.name
        await room.after(do(room.owner(), room.name))
    await goes_on_in_a_new_room_within_two_minutes(room, emptied=trouble in EMPTIED)


async def goes_on_in_a_new_room_within_two_minutes(room: CaseRoom, *, emptied: bool) -> None:
    runner, sandbox = room.runner, room.sandbox
    before, koordinator = sandbox.clock.now(), runner.person("koordinator")
    await koordinator.presses("Nytt rom", in_="tot-bot")
    review = await koordinator.sees_modal("Nytt rom")
    for handle in ("koordinator", "politi-exit", "barnevern"):
        assert f"@{handle}" in review.text
    assert "@vara-koordinator" not in review.text, "who has not confirmed is not let in"
    await kit.send(runner, koordinator)

    case = await room.case()
    new = await room.of_now()
    assert new.id != room.channel.id
    assert new.name != room.name
    await runner.until(before + timedelta(minutes=2))
    assert room.inside(new) == INSIDE
    assert CARD in room.of_the_bot(new)
    await koordinator.sees(case.code, in_=new.name)

    # Every posted message names only the new code, except the message that tells of the change.
    code = room.code
    for handle in ("koordinator", "vara-koordinator", "politi-exit", "barnevern"):
        named = kit.told(sandbox, handle, code)
        assert all("Saken har fått nytt rom" in text for text in named), named
        assert code not in (sandbox.person(handle).home or "")
    (told,) = room.alerts("Saken har fått nytt rom")
    for words in (PUBLIC, SHARED, ARCHIVED, THROWN_OUT):
        assert room.alerts(words) == []
    (former,) = await room.bot.database.read(lambda uow: uow.find(FormerRoom))
    if emptied:
        assert room.of_the_bot() == []
        assert room.inside() == set()
        assert room.channel.archived
        assert former.emptied_at is not None
        assert "tømt og arkivert" in told
    else:
        assert former.emptied_at is None
        assert "er ikke tømt" in told
        assert "@politi-exit" in told


async def test_a_room_without_the_bot_that_is_made_public_is_told_as_that(room: CaseRoom) -> None:
    """No event reports it: the bot hears of no room that it is not in. The hourly check does."""
    runner = room.runner
    await room.throws_the_bot_out()
    assert len(room.alerts(THROWN_OUT)) == 1
    await runner.later(seconds=5)
    await room.owner().makes_public(room.name)
    await room.after(room.bot.scheduler.check_rooms())
    (alert,) = room.alerts(PUBLIC)
    told = await room.bot.health.state()
    assert (told["room"], room.code in str(told)) == (False, False)
    assert "Jeg er kastet ut" in alert
    assert "Nytt rom" in alert
    assert room.alerts(THROWN_OUT, "politi-exit") == []
    await room.owner().makes_private(room.name)
    await room.after(runner.person("koordinator").invites("tot-bot", room.name))
    await runner.later(minutes=2)
    assert room.alerts(PUBLIC) == []
    assert (await room.bot.health.state())["room"]
    assert len(room.alerts(SETTLED)) == 1
    assert room.inside() == INSIDE


async def test_it_is_told_anew_until_it_is_settled(room: CaseRoom) -> None:
    """After a quarter of an hour, an hour, and then every day; the previous message is removed."""
    sandbox = room.sandbox
    posted: list[str] = []

    def told() -> int:
        shown = [seen.ts for seen in kit.direct(sandbox, "koordinator") if THROWN_OUT in seen.text]
        assert len(shown) == 1
        posted.extend(ts for ts in shown if ts not in posted)
        return len(posted)

    await room.after(room.runner.person("politi-exit").removes("tot-bot", room.name))
    assert told() == 1
    for minutes, times in ((14, 1), (2, 2), (45, 3), (120, 3)):
        await room.runner.later(minutes=minutes)
        assert told() == times, minutes
    for day in range(1, 4):
        await room.runner.later(days=1)
        assert told() == 3 + day
    await room.after(room.runner.person("koordinator").invites("tot-bot", room.name))
    assert room.alerts(THROWN_OUT) == []
    assert len(room.alerts(SETTLED)) == 1
    await room.runner.later(days=2)
    assert room.alerts(THROWN_OUT) == []
    assert room.inside() == INSIDE


async def test_a_new_name_is_taken_back_or_is_told(room: CaseRoom) -> None:
    sandbox, police = room.sandbox, room.runner.person("politi-exit")
    await room.after(police.renames(room.name, "noens-sak"))
    assert room.channel.name == room.name
    assert room.alerts(RENAMED) == []
    refused = Fault("error", "conversations.rename", times=-1, code="not_authorized")
    sandbox.workspace.faults.add(refused)
    await room.after(police.renames(room.name, "noens-sak"))
    assert len(room.alerts(RENAMED)) == 1
    assert room.of_the_bot() == []
    assert room.inside() == INSIDE
    sandbox.workspace.faults.remove(refused)
    await room.after(police.renames("noens-sak", room.name))
    assert room.alerts(RENAMED) == []
    assert CARD in room.of_the_bot()


@pytest.mark.usefixtures("rooms_may_not_come")
async def test_a_foreign_channel_of_the_right_name_is_never_the_room(room: CaseRoom) -> None:
    """Somebody made one of that name and invited the bot before the bot could make its own; it retries."""
    runner, workspace = room.runner, room.sandbox.workspace
    workspace.faults.add(Fault("5xx_before", "conversations.create", times=1))
    await kit.fill_in_case(runner, ["Politiet"], when="fredag kl 10")
    await runner.sends(runner.person("koordinator"))
    case = max(await room.bot.database.read(lambda uow: uow.find(Case)), key=lambda c: c.opened_at)
    foreign = workspace.channel_named(f"rom-{case.code}")
    if foreign is None:
        foreign = create_room(workspace, f"rom-{case.code}", "private", runner.person("utenforstaende").id)
        add_member(workspace, foreign, workspace.bot.id, foreign.creator)
    await runner.later(minutes=1)
    (made,) = await room.bot.database.read(lambda uow: uow.find(Room, case_id=case.id))
    assert made.channel_id not in (None, foreign.id)
    assert made.name == f"rom-{case.code}-2"
    assert room.of_the_bot(foreign) == []


# --- «Nytt rom»: the case continues in another channel, under another code; the old one is emptied


async def test_a_new_room_is_made_while_it_is_needed_and_the_old_one_is_emptied_when_the_bot_is_back(
    room: CaseRoom,
) -> None:
    runner, koordinator = room.runner, room.runner.person("koordinator")
    await room.throws_the_bot_out()
    await koordinator.presses("Nytt rom", in_="tot-bot")
    await koordinator.sees_modal("Nytt rom")
    await room.after(runner.person("barnevern").invites("tot-bot", room.name))
    await koordinator.submits()
    await koordinator.sees("Saksrommet er i orden", in_="modal")
    await koordinator.closes(whole_stack=True)
    assert f"rom-{(await room.case()).code}" == room.name
    await runner.later(minutes=2)
    await room.throws_the_bot_out()
    await room.is_left_for_a_new_one()
    assert room.of_the_bot() != []
    await room.after(runner.person("barnevern").invites("tot-bot", room.name))
    assert room.of_the_bot() == []
    assert room.inside() == set()
    assert room.channel.archived
    assert "tømt og arkivert" in room.alerts("Saken har fått nytt rom")[0]
    new = await room.of_now()
    await kit.submit_form(runner, "koordinator", "/tot lukk", new.name)
    await date_comes(room)
    assert (await room.case()).purged_at is not None
    assert room.of_the_bot(new) == []
    taken = await room.bot.database.read(lambda uow: uow.ids._taken(room.code))
    assert taken, "its code is never given out again"


@pytest.mark.parametrize(
    ("trouble", "known"), [*((trouble, False) for trouble in TROUBLES), ("public", True), ("archived", True)]
)
async def test_a_case_is_deleted_whatever_has_become_of_its_room(
    trouble: str, known: bool, room: CaseRoom
) -> None:
    """Also if the bot was not told (no event came, and it has not checked since)."""
    runner, sandbox = room.runner, room.sandbox
    await kit.submit_form(runner, "koordinator", "/tot lukk", room.name)
    if not known:
        sandbox.clock.move_to(runner.day(46, "03:00"))
    await TROUBLES[trouble][0](room.owner(), room.name)
    if known:
        await runner.until_idle()
    await date_comes(room)
    await runner.later(minutes=1)
    case = await room.case()
    assert case.purged_at is not None
    left = kit.told(sandbox, "vara-koordinator", f"/archives/{room.channel.id}")
    assert len(left) == (trouble not in EMPTIED)
    rows = room.bot.database.keyring.keystore.all(f"case/{case.id}")
    assert [row.wrapped for row in rows] == [None] * len(rows)
    if trouble in EMPTIED:
        assert room.of_the_bot() == []
        assert room.inside() == set()
    assert room.alerts("Nytt rom") == []


async def test_an_app_that_was_installed_before_the_scopes_for_public_rooms_still_tells(
    room: CaseRoom,
) -> None:
    """It gets no events, and finds out by its hourly check; its posts are removed, people stay."""
    runner, sandbox = room.runner, room.sandbox
    await kit.submit_form(runner, "koordinator", "/tot lukk", room.name)
    manifest = sandbox.workspace.manifest
    old = frozenset(scope for scope in manifest.scopes if not scope.startswith("channels:"))
    sandbox.workspace.manifest = replace(manifest, scopes=old)
    await runner.person("koordinator").makes_public(room.name)
    await room.after(room.bot.scheduler.check_rooms())
    assert len(room.alerts(PUBLIC)) == 1
    assert room.of_the_bot() == []
    assert "koordinator" in room.inside()
    await date_comes(room)
    assert (await room.case()).purged_at is not None


# --- deeds while the bot is out of the room, not listening, or just writing in it


async def test_who_was_let_in_while_the_bot_was_out_is_told_when_it_is_back(room: CaseRoom) -> None:
    """Strangers have read the room's messages: removing them again is not enough."""
    await room.throws_the_bot_out()
    await room.runner.person("politi-exit").invites("udi", room.name)
    await room.after(room.runner.person("udi").invites("tot-bot", room.name))
    assert room.inside() == INSIDE
    assert len(room.alerts(INTRUDER)) == 1


async def test_who_is_released_while_the_bot_is_out_is_named_as_one_who_still_reads_and_is_no_intruder(
    room: CaseRoom,
) -> None:
    await room.throws_the_bot_out()
    await kit.submit_form(room.runner, "koordinator", "/tot lukk", room.name)
    (alert,) = room.alerts(THROWN_OUT)
    (line,) = [line for line in alert.split("\n") if "Skal ikke lenger være der" in line]
    assert "@politi-exit" in line
    assert "@koordinator" not in line
    await room.after(room.runner.person("barnevern").invites("tot-bot", room.name))
    assert room.inside() == {"koordinator"}
    assert room.alerts(INTRUDER) == []


async def test_who_becomes_its_coordinator_while_a_room_is_in_trouble_is_told_at_once(room: CaseRoom) -> None:
    """The coordinator who had confirmed is gone; nobody could be told when it happened."""
    await room.after(room.runner.person("koordinator").is_deactivated())
    await room.after(room.runner.person("politi-exit").removes("tot-bot", room.name))
    await room.runner.later(hours=2)
    assert room.alerts(THROWN_OUT, "vara-koordinator") == [], "the code comes after taushetsplikt"
    await kit.confirm(room.runner, "vara-koordinator")
    (alert,) = room.alerts(THROWN_OUT, "vara-koordinator")
    assert "Nytt rom" in alert


@pytest.mark.parametrize("how", ["delayed", "slow", "hang_after"])
async def test_what_is_being_written_while_a_room_is_made_public_does_not_stay(
    how: Kind, room: CaseRoom
) -> None:
    """It may land before or after the room is emptied, and Slack may never answer."""
    runner, workspace = room.runner, room.sandbox.workspace
    written = Fault(how, "chat.postMessage", where=lambda given: given.get("channel") == room.channel.id)
    workspace.faults.add(written)
    await kit.send_form(runner, "koordinator", "/tot person", room.name)
    assert await workspace.changes.until(lambda: written.hits > 0, kit.IN_TIME)
    await room.owner().makes_public(room.name)
    card = f"Sak {room.code}"

    def emptied() -> bool:
        return not any(card in str(m.blocks) for m in room.channel.messages.values())

    assert await workspace.changes.until(emptied, kit.IN_TIME)
    workspace.faults.release()
    await runner.until_idle()
    assert room.of_the_bot() == []
    await room.owner().makes_private(room.name)
    await runner.until_idle()
    await runner.later(minutes=2)
    assert len(room.told_of_person()) == 1


@pytest.mark.parametrize("what", ["archived", "thrown out"])
async def test_what_is_for_a_room_of_which_nobody_knows_yet_waits_for_a_closed_one(
    what: str, room: CaseRoom
) -> None:
    """The bot was not listening when it was done; the case continues in another room."""
    sandbox = room.sandbox
    koordinator = room.runner.person("koordinator")
    await koordinator.types("/tot person", in_=room.name)
    await koordinator.sees_modal()
    if what == "archived":
        room.channel.archived = True
    else:
        room.channel.members.remove(sandbox.workspace.bot.id)
    await kit.send(room.runner, koordinator)
    assert len(room.alerts(ARCHIVED if what == "archived" else THROWN_OUT)) == 1
    assert room.alerts("kom ikke fram") == [], "it was not lost"
    await room.runner.later(minutes=10)
    assert await room.bot.database.outbox.oldest_due() is None, "it waits for people, not for the operator"
    await room.is_left_for_a_new_one()
    await room.runner.later(minutes=5)
    new = await room.of_now()
    assert len(room.told_of_person(new)) == 1


async def test_a_new_room_that_slack_does_not_let_the_bot_make_is_not_said_to_be_there(
    room: CaseRoom,
) -> None:
    """The workspace may not let apps create channels; the bot retries until it does."""
    sandbox = room.sandbox
    await room.throws_the_bot_out()
    refused = Fault("error", "conversations.create", times=-1, code="restricted_action")
    sandbox.workspace.faults.add(refused)
    await room.is_left_for_a_new_one()
    assert room.alerts("Saken har fått nytt rom") == []
    assert len(room.alerts("Slack lar meg ikke opprette saksrommet")) == 1
    sandbox.workspace.faults.remove(refused)
    await room.after(room.bot.scheduler.check_rooms())
    new = await room.of_now()
    assert room.inside(new) == INSIDE
    (told,) = room.alerts("Saken har fått nytt rom")
    assert new.name in told
    assert room.alerts("opprette saksrommet") == room.alerts("kom ikke fram") == [], "it is there by now"
