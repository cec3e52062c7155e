"""The bot of `tot run`, forked from a process that has loaded everything (`tests.e2e.bot_process`).

It is as in production, except for its clock, which a file offsets (changes are not announced), and how soon
it tells people to wait, and replaces a quiet socket. Everything with threads, sockets, connections or a lock
is made after the fork.

TOT_CAMPAIGN_MUTANT breaks it on purpose, to see whether the witness notices.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import itertools
import os
import signal
import sys
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.cli.console import in_one_line
from bot.domain.notifications import Kind, Notification
from bot.logs import set_up
from bot.usecases.ports import UnitOfWork
from handlers.delivery.wanted import Wanted
from handlers.slack import socket
from tests.e2e.bot_process import MachineClock, settings_of, work
from tests.forks import serve

#: Linux: PR_SET_PDEATHSIG.
PR_SET_PDEATHSIG = 1
#: Seconds after which people are told to wait: within the short life of a bot here.
SLOW = 0.5
POST, WANTED = AsyncWebClient.chat_postMessage, Wanted._wanted
DROPPED = {Kind.ACKNOWLEDGEMENT, Kind.CASE_ACKNOWLEDGEMENT, Kind.SUMMONS, Kind.CALL_LIST}
_posted = itertools.count()


async def doubled(client: AsyncWebClient, *, channel: str, **what: Any) -> AsyncSlackResponse:
    """Post every other direct message twice."""
    if next(_posted) % 2 and not channel.startswith("C"):
        await POST(client, channel=channel, **what)
    return await POST(client, channel=channel, **what)


def dropped(wanted: Wanted, uow: UnitOfWork, notification: Notification, *rest: Any) -> Any:
    """Want no question, no summons and no list of people to ring."""
    return None if notification.kind in DROPPED else WANTED(wanted, uow, notification, *rest)


def spoil(mutants: str) -> None:
    if "doubled" in mutants:
        AsyncWebClient.chat_postMessage = doubled  # type: ignore[method-assign, assignment]
    if "dropped" in mutants:
        Wanted._wanted = dropped  # type: ignore[method-assign, assignment]


def run(api_url: str, database_url: str, clock_file: str, quiet: str) -> None:
    # It ends with the campaign, however that ends.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    set_up(json=True)
    socket.QUIET = float(quiet)
    spoil(os.environ.get("TOT_CAMPAIGN_MUTANT", ""))
    try:
        asyncio.run(work(settings_of(api_url, database_url, clock_file), MachineClock(clock_file), SLOW))
    except Exception as error:
        # Like `tot run`.
        line = in_one_line(error)
        if line is None:
            raise
        sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    gc.collect()
    gc.freeze()
    serve(run)
