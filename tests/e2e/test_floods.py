"""People who write or ask for much hold nobody else up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.cli.demo import Rehearsal, rehearse
from bot.domain.audit import AuditEntry, Event
from bot.domain.outside import MOST_OPEN
from handlers.delivery.dispatcher import CONCURRENCY
from sandbox import channels
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit, outside
from tests.e2e.outside import texts
from tests.e2e.room import CaseRoom

#: Entries waiting for one conversation: at one a second, more than half a minute.
MANY = 40
INTRUDER = "Noen uten tilgang kom inn"
#: Seconds that Slack waits for an acknowledgement.
ACK = 3.0
#: The longest message that an app may write.
LONGEST_SECTION, MOST_BLOCKS = 3_000, 50
LOG = "Det du har fått fra TOT, står"
CHUNK = 5_000
MORE_ROWS = (("sqlite", 100_000), ("postgres", 10_000))
REFUSED = "Når du har fått svar, kan du"
ANOTHER = {"Hvilken tjeneste spør?": "En tjeneste som ikke står her"}


async def test_an_alert_goes_before_all_that_waits_for_the_same_conversation(play_url: str) -> None:
    settings = replace(kit.quick(), rate_limits=False)
    async with rehearse(play_url, starts=kit.STARTS, sandbox=settings) as rehearsal:
        runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
        room = await kit.open_case(runner, "Politiet")
        await kit.confirm(runner, "politi-exit")
        koordinator = runner.person("koordinator")
        before = len(kit.direct(sandbox, "koordinator"))
        settings.rate_limits = True
        for _ in range(MANY):
            await koordinator.writes("hei")
        came = sandbox.workspace.changes
        assert await came.until(lambda: len(kit.direct(sandbox, "koordinator")) > before + 1, kit.IN_TIME)
        began = time.monotonic()
        await runner.person("politi-exit").invites("udi", room)

        def alerted() -> bool:
            return any(INTRUDER in seen.text for seen in kit.direct(sandbox, "koordinator"))

        assert await came.until(alerted, kit.IN_TIME)
        took = time.monotonic() - began
        assert took <= 3.0, f"the alert came after {took:.1f} s"
        waiting = before + MANY - len(kit.direct(sandbox, "koordinator"))
        assert waiting > MANY / 2, "they wait their turn"
        settings.rate_limits = False


async def test_few_questions_of_one_person_wait_and_the_rest_are_told_what_to_do(
    runner: ExerciseRunner,
) -> None:
    asker = runner.person("utenforstaende")
    for _ in range(MOST_OPEN):
        await outside.ask(runner, "utenforstaende")
        await outside.ask_to_convene(runner, "utenforstaende", **ANOTHER)
    for command in ("/tot veiledning", "/tot kalle"):
        said = str(await asker.types(command))
        assert REFUSED in said
        assert "3" in said
        assert "Akutt: ring 112 eller barnevernvakten" in said
        assert "Koordinatorene har" in said
    asked = "ber om veiledning"
    assert texts(runner, "koordinator").count(asked) == MOST_OPEN
    await outside.ask(runner, "helse")
    assert texts(runner, "koordinator").count(asked) == MOST_OPEN + 1, "everybody else can still ask"


async def test_an_answer_makes_room_for_another_question(runner: ExerciseRunner) -> None:
    asker = runner.person("utenforstaende")
    for _ in range(MOST_OPEN):
        await outside.ask(runner, "utenforstaende")
    assert REFUSED in str(await asker.types("/tot veiledning"))
    await outside.answer(runner)
    assert await asker.types("/tot veiledning") is None
    await asker.sees_modal("Be om veiledning")


@pytest.fixture
async def impatient(sqlite_database_url: str) -> AsyncIterator[Rehearsal]:
    """Yield a bot configured with Slack's time limit, in a workspace that waits longer."""
    async with rehearse(
        sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick(), slack_waits=ACK
    ) as playing:
        yield playing


async def test_one_slow_answer_in_hand_and_everybody_else_is_answered(impatient: Rehearsal) -> None:
    """Any slow work, here while the log is being searched."""
    rehearsal, runner = impatient, impatient.runner
    go_on = threading.Event()
    looking = asyncio.create_task(rehearsal.bot.database._transactions.read_slowly(lambda _: go_on.wait()))
    try:
        asks = asyncio.create_task(runner.person("udi").types("/tot innsyn"))
        others = [asyncio.create_task(runner.person(h).types("/tot innsyn")) for h in ("helse", "barnevern")]
        await asyncio.sleep(0.1)
        again = [await runner.person("udi").types("/tot innsyn") for _ in range(20)]
        assert all(said is not None and "Jeg holder på med det du ba om" in said.text for said in again)
        for handle in ("udi", "utenforstaende", "koordinator"):
            began = time.monotonic()
            assert await runner.person(handle).types("/tot hvem") is not None
            assert time.monotonic() - began < ACK
        for waits in (asks, *others):
            assert "Jeg jobber fortsatt" in str(await waits)
    finally:
        go_on.set()
        await looking
    for handle in ("udi", "helse", "barnevern"):
        await runner.person(handle).sees(LOG, in_="generelt")
    await runner.until_idle()
    assert LOG in str(await runner.person("udi").types("/tot innsyn"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("play_url", "rows"),
    [("sqlite", 10_000), *(pytest.param(*more, marks=pytest.mark.slow) for more in MORE_ROWS)],
    indirect=["play_url"],
)
async def test_so_many_rows_are_no_reason_to_keep_others_waiting(play_url: str, rows: int) -> None:
    settings = replace(kit.quick(), ack_seconds=60.0)
    async with rehearse(play_url, starts=kit.STARTS, sandbox=settings, slack_waits=ACK) as rehearsal:
        runner = rehearsal.runner
        database, stranger = rehearsal.bot.database, "somebody"
        for _ in range(rows // CHUNK):
            entries = [AuditEntry(Event.SERVED, stranger) for _ in range(CHUNK)]
            await database.log.note(runner.sandbox.clock.now(), *entries)
        logs = [asyncio.create_task(runner.person("udi").types("/tot innsyn")) for _ in range(20)]
        await asyncio.sleep(0.05)
        waited = []
        for handle in ("helse", "utenforstaende", "barnevern", "koordinator"):
            began = time.monotonic()
            await runner.person(handle).types("/tot hvem")
            waited.append(time.monotonic() - began)
        await asyncio.gather(*logs)
        assert max(waited) < ACK, f"they waited {max(waited):.1f} s"
        await runner.person("udi").sees(LOG, in_="generelt")


async def test_who_is_let_in_again_and_again_is_one_alert(runner: ExerciseRunner, room: CaseRoom) -> None:
    for _ in range(5):
        await runner.person("politi-exit").invites("udi", room.name)
        await runner.until_idle()
        assert "udi" not in room.inside()
    assert texts(runner, "koordinator").count(INTRUDER) == 1
    await runner.later(minutes=11)
    await runner.person("politi-exit").invites("udi", room.name)
    await runner.until_idle()
    assert texts(runner, "koordinator").count(INTRUDER) == 2


async def test_what_is_written_where_no_case_is_costs_nobody_anything(runner: ExerciseRunner) -> None:
    """Anybody can invite the bot into their own channel, and have an app write a lot there."""
    workspace, stranger = runner.sandbox.workspace, runner.person("utenforstaende")
    own = channels.create_room(workspace, "mitt-eget", "private", stranger.id)
    await stranger.invites("tot-bot", own.name)
    await runner.until_idle()
    text = {"type": "plain_text", "text": "1" * LONGEST_SECTION}
    sections = [{"type": "section", "text": text} for _ in range(MOST_BLOCKS)]
    for _ in range(10):
        channels.post_as_app(workspace, own, "Vakter", blocks=sections)
    began = time.monotonic()
    assert await runner.person("koordinator").types("/tot hvem") is not None
    assert time.monotonic() - began < ACK


async def test_an_alert_does_not_wait_for_a_method_that_does_not_answer(
    runner: ExerciseRunner, room: CaseRoom
) -> None:
    """More people open Home, which Slack does not take, than there are deliveries at once."""
    workspace = runner.sandbox.workspace
    hangs = workspace.faults.add(Fault("slow", "views.publish", times=-1))
    people = [user.handle for user in workspace.users.values() if not user.is_bot][: CONCURRENCY + 2]
    looking = [asyncio.create_task(runner.person(handle).opens_home()) for handle in people]
    try:
        assert await workspace.changes.until(lambda: hangs.hits >= CONCURRENCY, kit.IN_TIME)
        began = time.monotonic()
        await runner.person("politi-exit").invites("udi", room.name)
        assert await workspace.changes.until(
            lambda: texts(runner, "koordinator").count(INTRUDER) == 1, kit.IN_TIME
        )
        assert time.monotonic() - began <= 3.0
    finally:
        workspace.faults.clear()
        await asyncio.gather(*looking)
