"""Slack refuses everything of the app, or closes a method: all of it arrives later, nothing twice."""

from __future__ import annotations

import asyncio

import pytest

from bot.cli.demo import Rehearsal, rehearse
from handlers.delivery.calls import NO_POSTING_CODES, OUT_OF_ORDER_CODES
from handlers.delivery.dispatcher import CONCURRENCY
from sandbox.exercises import steps
from sandbox.exercises.runner import ExerciseRunner
from sandbox.exercises.steps import puts_away
from sandbox.faults import Fault
from tests.e2e import kit

POSTS = ("chat.postMessage", "chat.update", "files.completeUploadExternal")
#: Every method that deliveries call. A form can be opened: somebody moves a meeting meanwhile.
DELIVERIES = (
    *POSTS,
    *("conversations.create", "conversations.invite", "conversations.kick", "conversations.open"),
    *("conversations.info", "conversations.members", "conversations.history", "files.getUploadURLExternal"),
    *("pins.add", "views.publish"),
)
UNHEARD = "chat_post_forbidden"


def goes_wrong(runner: ExerciseRunner, code: str, *, everywhere: bool) -> None:
    methods = DELIVERIES if everywhere and code not in NO_POSTING_CODES else POSTS
    for method in methods:
        # Only in direct messages.
        where = None if everywhere else lambda a: str(a.get("channel", a.get("channel_id")))[0] in "UD"
        runner.sandbox.faults.add(Fault("error", method, times=-1, code=code, where=where))


async def play(
    rehearsal: Rehearsal, code: str = "", *, everywhere: bool = True, seconds: float = 0.0
) -> None:
    """Open a case, and move another's meeting, while Slack refuses everything."""
    runner, koordinator = rehearsal.runner, rehearsal.runner.person("koordinator")
    room = await kit.open_case(runner, "Politiet", "Bistandsadvokaten")
    if code:
        goes_wrong(runner, code, everywhere=everywhere)
    await kit.fill_in_case(runner, ["Barneverntjenesten", "Helsetjenesten"], when="fredag kl 10")
    await kit.send(runner, koordinator)
    await puts_away(koordinator)
    await kit.submit_form(runner, "koordinator", "/tot flytt fredag kl 12", room)
    await asyncio.sleep(seconds)
    await runner.until_idle()
    runner.sandbox.faults.clear()
    await runner.later(minutes=5)
    assert await rehearsal.bot.database.outbox.given_up() == {}
    assert rehearsal.bot.slack_refusal() is None


@pytest.mark.parametrize(
    ("code", "everywhere", "seconds"),
    [
        *(("team_added_to_org", True, 0.0), (UNHEARD, False, 0.0)),
        *(
            pytest.param(code, everywhere, 15.0, marks=(pytest.mark.slow, pytest.mark.long))
            for code in sorted(OUT_OF_ORDER_CODES | NO_POSTING_CODES)
            for everywhere in (True, False)
        ),
    ],
)
async def test_it_all_arrives_once(
    rehearsal: Rehearsal, sqlite_database_url: str, code: str, everywhere: bool, seconds: float
) -> None:
    """Everywhere, or in direct messages alone; also after a while."""
    await play(rehearsal, code, everywhere=everywhere, seconds=seconds)
    found = kit.everything(rehearsal.runner.sandbox)
    assert found == await kit.undisturbed(sqlite_database_url, play)


def nobody_hears(runner: ExerciseRunner, *handles: str) -> None:
    """Make Slack permanently refuse messages to these people."""
    workspace = runner.sandbox.workspace
    people = [runner.sandbox.person(handle).id for handle in handles]
    places = {*people, *(workspace.direct(workspace.bot.id, person).id for person in people)}
    refused = Fault("error", "chat.postMessage", times=-1, code="user_disabled")
    refused.where = lambda arguments: arguments["channel"] in places
    runner.sandbox.faults.add(refused)


@pytest.mark.parametrize("answers", ["Den som er spurt", "En annen på vakt: vakthavende"])
async def test_what_is_one_persons_is_told_and_seen_by_the_operator_until_somebody_answers(
    rehearsal: Rehearsal, answers: str
) -> None:
    runner = rehearsal.runner
    nobody_hears(runner, "politi-exit")
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    (told,) = kit.told(runner.sandbox, "koordinator", "kom ikke fram")
    assert "Mottaker: @politi-exit (Politiet), sak" in told
    assert "*Vakttelefon:* 55 00 00 01" in told
    state = await rehearsal.bot.health.state()
    assert "given up, though open cases wait for them: 1 acknowledgement:" in str(state["reasons"])
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot ring", in_=kit.the_room(runner))
    await koordinator.sees_modal()
    await koordinator.presses("Registrer svar", near="Politiet")
    answered = {"Hvem snakket du med?": answers, **steps.COMES, **steps.CONFIRMS}
    await steps.form(runner, "koordinator", answered, title="Registrer svar")
    state = await rehearsal.bot.health.state()
    assert state["ok"], state["reasons"]
    assert "given up in the last 30 days: 1 acknowledgement" in str(state["attention"])


async def test_a_case_that_is_offered_is_waited_for_until_it_is_offered_no_more(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    await kit.open_case(runner, "Politiet", when="i morgen kl 10")
    await kit.confirm(runner, "vara-koordinator")
    nobody_hears(runner, "vara-koordinator")
    lead = runner.person("koordinator")
    for to, waited_for in (("1", True), ("Ingen likevel", False)):
        await lead.presses("Valg", in_=kit.rooms(runner.sandbox)[-1])
        for label in ("Flere valg", "Gi saken til …"):
            await lead.presses(label)
        await lead.fills({"Hvem skal ta over?": to})
        await kit.send(runner, lead)
        given_up = await rehearsal.bot.database.outbox.given_up()
        assert given_up == {("case_offered", waited_for): 1}


async def test_what_was_for_somebody_who_has_left_waits_for_the_next(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    await kit.open_case(runner, "Politiet", when="i morgen kl 10")
    nobody_hears(runner, "koordinator")
    await runner.later(hours=20)
    lost = "given up, though open cases wait for them: 1 call_list:"
    assert lost in str((await rehearsal.bot.health.state())["reasons"])
    await runner.person("koordinator").is_deactivated()
    await runner.later(minutes=1)
    assert lost in str((await rehearsal.bot.health.state())["reasons"]), "nobody has the case now"
    await kit.confirm(runner, "vara-koordinator")
    await runner.later(minutes=1)
    assert kit.told(runner.sandbox, "vara-koordinator", "Ring disse")
    state = await rehearsal.bot.health.state()
    assert state["ok"], state["reasons"]


async def test_the_alert_of_it_is_told_for_as_long_as_it_takes(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    nobody_hears(runner, "politi-exit", "koordinator")
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    runner.sandbox.faults.clear()
    await runner.later(minutes=11)
    assert kit.told(runner.sandbox, "koordinator", "kom ikke fram")


async def test_the_start_waits_for_it(sqlite_database_url: str) -> None:
    joins = Fault("error", "auth.test", code="team_added_to_org")
    async with rehearse(
        sqlite_database_url, sandbox=kit.quick(), furnish=lambda sandbox: sandbox.faults.add(joins)
    ) as rehearsal:
        assert joins.hits == 1
        assert rehearsal.bot.slack_refusal() is None


MANY = 2 * CONCURRENCY


async def test_a_closed_method_is_known_to_all_rows(runner: ExerciseRunner) -> None:
    """A change of language: all of somebody's direct messages are to be overwritten."""
    sandbox = runner.sandbox
    for _ in range(MANY):
        await kit.open_case(runner, "Politiet")
    closed = sandbox.faults.add(Fault("ratelimited", "chat.update", times=-1, retry_after=30))
    await runner.person("politi-exit").types("/tot språk nynorsk")
    await runner.later(seconds=20)
    assert 0 < closed.hits <= CONCURRENCY, "those that were under way when it closed"
    asked, closed.times = closed.hits, 0
    before = len(sandbox.workspace.calls)
    await runner.later(minutes=2)
    assert closed.hits == asked
    calls = [c for c in sandbox.workspace.calls[before:] if c.method == "chat.update"]
    assert len({c.arguments["ts"] for c in calls}) == len(calls) >= MANY


async def test_the_end_of_a_form_that_took_long_comes_when_slack_takes_it(sqlite_database_url: str) -> None:
    # Any commit counts as slow.
    async with rehearse(
        sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick(), slack_waits=0.0
    ) as rehearsal:
        runner = rehearsal.runner
        busy = runner.sandbox.faults.add(Fault("ratelimited", "views.update", retry_after=1))
        await steps.wonders(runner, "helse", "Hva gjør vi nå?")
        assert busy.hits == 1
        done = await runner.person("helse").sees_modal("Det er gjort")
        assert "Koordinatorene har fått spørsmålet" in done.text
