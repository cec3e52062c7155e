"""A case is opened, the bot is killed at one of the calls, and started again: how long until all stands."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Awaitable, Callable

from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from tests.campaign.people import AGENCIES, People
from tests.campaign.processes import Bots
from tests.e2e import kit

#: An opening makes about so many calls that bring something about.
CALLS = 14
#: … and makes them within so many seconds, however busy the machine is.
REACHED = 10.0


async def openings(
    runner: ExerciseRunner,
    bots: Bots,
    chance: random.Random,
    at_rest: Callable[[], Awaitable[None]],
    times: int,
    people: People,
) -> list[float]:
    """Return for each of so many openings that met its kill the seconds from the restart to the end."""
    took = []
    sandbox = runner.sandbox
    # How soon a busy machine lets the bot open a form is not what is measured.
    usual = dict(vars(sandbox.settings))
    vars(sandbox.settings).update(vars(kit.quick()))
    for _ in range(times):
        await bots.start(0)
        await sandbox.connected(within=kit.IN_TIME)
        await at_rest()
        sandbox.workspace.stacks.clear()
        await kit.fill_in_case(runner, AGENCIES, when="i overmorgen kl 10")
        kind: Kind = chance.choice(("hang_before", "hang_after"))
        fault = sandbox.faults.add(Fault(kind, "*", skip=chance.randrange(CALLS)))
        await runner.sends(runner.person("koordinator"))
        people.has_sent(taken=runner.person("koordinator").modal is None)
        await sandbox.workspace.changes.until(lambda fault=fault: fault.hits, REACHED)  # type: ignore[misc]
        await bots.end(0, signal.SIGKILL)
        sandbox.faults.clear()
        began = time.monotonic()
        await bots.start(0)
        await at_rest()
        if fault.hits:
            took.append(time.monotonic() - began)
    vars(sandbox.settings).update(usual)
    return took
