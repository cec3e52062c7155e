"""Nothing is given up because Slack takes nothing of the app: it all arrives, nobody gets it twice."""

from __future__ import annotations

import asyncio

import pytest

from bot.cli.demo import Rehearsal, rehearse
from handlers.delivery.calls import NO_POSTING_CODES, OUT_OF_ORDER_CODES
from sandbox.exercises import steps
from sandbox.exercises.runner import ExerciseRunner
from sandbox.exercises.steps import puts_away
from sandbox.faults import Fault
from sandbox.model import Json
from tests.e2e import kit

POSTS = ("chat.postMessage", "chat.update", "files.completeUploadExternal")
#: All that deliveries call. A form can be opened: somebody moves a meeting meanwhile.
DELIVERIES = (
    *POSTS,
    *("conversations.create", "conversations.invite", "conversations.kick", "conversations.open"),
    *("conversations.info", "conversations.members", "conversations.history", "files.getUploadURLExternal"),
    *("pins.add", "views.publish"),
)
UNHEARD = "chat_post_forbidden"
_undisturbed: dict[str, list[str]] = {}


def to_a_person(arguments: Json) -> bool:
    return str(arguments.get("channel", arguments.get("channel_id"))).startswith(("U", "D"))


def goes_wrong(runner: ExerciseRunner, code: str, *, everywhere: bool) -> None:
    methods = DELIVERIES if everywhere and code not in NO_POSTING_CODES else POSTS
    for method in methods:
        where = None if everywhere else to_a_person
        runner.sandbox.faults.add(Fault("error", method, times=-1, code=code, where=where))


async def play(
    rehearsal: Rehearsal, code: str = "", *, everywhere: bool = True, seconds: float = 0.0
) -> None:
    """A case is opened, and the meeting of another is moved, while Slack takes nothing."""
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


async def arrives_as_if_nothing_had_been(
    url: str, code: str, *, everywhere: bool, seconds: float = 0.0
) -> None:
    if not _undisturbed:
        async with rehearse(f"{url}-undisturbed", starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
            await play(rehearsal)
            _undisturbed.update(kit.everything(rehearsal.runner.sandbox))
    async with rehearse(url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        await play(rehearsal, code, everywhere=everywhere, seconds=seconds)
        assert kit.everything(rehearsal.runner.sandbox) == _undisturbed


@pytest.mark.parametrize(
    ("code", "everywhere"), [("team_added_to_org", True), (UNHEARD, False)], ids=["app", "unheard of"]
)
async def test_it_all_arrives_once(sqlite_database_url: str, code: str, everywhere: bool) -> None:
    await arrives_as_if_nothing_had_been(sqlite_database_url, code, everywhere=everywhere)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("everywhere", [True, False], ids=["whole app", "direct messages alone"])
@pytest.mark.parametrize("code", sorted(OUT_OF_ORDER_CODES | NO_POSTING_CODES))
async def test_it_all_arrives_once_after_a_while(
    sqlite_database_url: str, code: str, everywhere: bool
) -> None:
    await arrives_as_if_nothing_had_been(sqlite_database_url, code, everywhere=everywhere, seconds=15.0)


def nobody_hears(runner: ExerciseRunner, *handles: str) -> None:
    """Slack refuses for good whatever is posted to these people."""
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
    (told,) = [m.text for m in kit.direct(runner.sandbox, "koordinator") if "kom ikke fram" in m.text]
    assert "Det var til @politi-exit (Politiet) i sak" in told
    assert "*Vakttelefon:* 55 00 00 01" in told
    state = await rehearsal.bot.health.state()
    assert "given up, and waited for in open cases: 1 acknowledgement:" in str(state["reasons"])
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot ring", in_=kit.rooms(runner.sandbox)[-1])
    await koordinator.sees_modal()
    await koordinator.presses("Registrer svar", near="Politiet")
    await koordinator.sees_modal("Registrer svar")
    answered = {"Hvem snakket du med?": answers, "Hva svarte de?": "Kommer"}
    await koordinator.fills({**answered, **steps.CONFIRMS})
    await kit.send(runner, runner.person("koordinator"))
    state = await rehearsal.bot.health.state()
    assert state["ok"], state["reasons"]
    assert "given up in the last 30 days: 1 acknowledgement" in str(state["attention"])


async def test_the_alert_of_it_is_told_for_as_long_as_it_takes(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    nobody_hears(runner, "politi-exit", "koordinator")
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    runner.sandbox.faults.clear()
    await runner.later(minutes=11)
    assert [m.text for m in kit.direct(runner.sandbox, "koordinator") if "kom ikke fram" in m.text]


async def test_the_start_waits_for_it(sqlite_database_url: str) -> None:
    joins = Fault("error", "auth.test", code="team_added_to_org")
    async with rehearse(
        sqlite_database_url, sandbox=kit.quick(), furnish=lambda sandbox: sandbox.faults.add(joins)
    ) as rehearsal:
        assert joins.hits == 1
        assert rehearsal.bot.slack_refusal() is None
