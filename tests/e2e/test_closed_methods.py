"""Slack closes a method for a while (429): nobody else knocks, and whoever waits gets a true answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.demo import rehearse
from handlers.delivery.calls import RateLimited, call
from handlers.delivery.dispatcher import CONCURRENCY
from handlers.delivery.gate import PER_MINUTE, Gate
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.databases import StillClock
from tests.e2e import kit

MANY = 2 * CONCURRENCY


@pytest.mark.usefixtures("in_a_room")
async def test_a_closed_method_is_known_to_all_rows(runner: ExerciseRunner) -> None:
    """Another language: everything that stands in somebody's direct messages is to be written over."""
    sandbox, koordinator = runner.sandbox, runner.person("koordinator")
    for _ in range(MANY):
        await koordinator.writes("hei")
    await runner.until_idle()
    closed = sandbox.faults.add(Fault("ratelimited", "chat.update", times=-1, retry_after=30))
    await koordinator.types("/tot språk nynorsk")
    await runner.later(seconds=20)
    assert 0 < closed.hits <= CONCURRENCY, "those that were under way when it closed"
    asked, closed.times = closed.hits, 0
    before = len(sandbox.workspace.calls)
    await runner.later(minutes=2)
    assert closed.hits == asked
    calls = [c for c in sandbox.workspace.calls[before:] if c.method == "chat.update"]
    assert len({c.arguments["ts"] for c in calls}) == len(calls) >= MANY


async def test_what_waits_for_a_method_does_not_come_all_at_once() -> None:
    """A method that Slack closes again at once is learnt by one call, and one for each moment at most."""
    clock = StillClock()
    calls = 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        return web.json_response(
            {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "30"}
        )

    app = web.Application()
    app.router.add_post("/api/chat.update", answer)
    async with TestServer(app) as server, ClientSession(middlewares=(Gate(clock),)) as session:
        client = AsyncWebClient("xoxb-1", str(server.make_url("/api/")), session=session, retry_handlers=[])
        later = [await told_to_wait(client) for _ in range(50)]
        assert calls == 1
        assert later == sorted(set(later)), "each has a moment of its own"
        assert later[0] == 30.0
        assert later[-1] == pytest.approx(30.0 + 49 * 60 / PER_MINUTE, abs=0.01)
        clock.move(timedelta(seconds=-3600))
        await told_to_wait(client)
        assert calls == 2, "a clock that was put back keeps nothing closed"


async def told_to_wait(client: AsyncWebClient) -> float:
    """For how many seconds a call is put off."""
    with pytest.raises(RateLimited) as limited:
        await call(client.chat_update(channel="C1", ts="1.1", text="x"))
    return limited.value.after.total_seconds()


async def test_the_end_of_a_form_that_took_long_comes_when_slack_takes_it(sqlite_database_url: str) -> None:
    # Any commit counts as one that takes long.
    async with rehearse(
        sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick(), slack_waits=0.0
    ) as rehearsal:
        runner = rehearsal.runner
        busy = runner.sandbox.faults.add(Fault("ratelimited", "views.update", retry_after=1))
        person = runner.person("helse")
        await person.types("/tot veiledning")
        await person.sees_modal("Be om veiledning")
        await person.fills({"Tema": "Annet", "Hva vil du drøfte?": "Hva gjør vi nå?"})
        await runner.sends(person)
        await runner.until_idle()
        assert busy.hits == 1
        assert "Koordinatorene har fått spørsmålet" in (await person.sees_modal("Det er gjort")).text
