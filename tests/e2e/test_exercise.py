"""Opening a case through the front door: what Slack is called for."""

from __future__ import annotations

from collections import Counter

from bot.cli.demo import Rehearsal
from tests.e2e import kit


async def test_opening_a_case_with_six_agencies_makes_no_call_that_slack_does_not_require(
    rehearsal: Rehearsal,
) -> None:
    calls = rehearsal.runner.sandbox.workspace.calls
    before = len(calls)
    await kit.open_case(rehearsal.runner, *kit.SIX)
    assert Counter(c.method for c in calls[before:]) == {
        "auth.test": 1,  # the bot's identity, before its first message
        "views.open": 1,  # the form
        "conversations.create": 1,  # the room
        "conversations.invite": 1,  # the coordinator who opened it
        # the card; five questions; the other coordinator's question; the coordinator's ring list
        "chat.postMessage": 1 + 5 + 1 + 1,
        # not required: the card stays at hand; which of those about to be told cannot hear it; the receipt
        # gets its link once there is a room
        "pins.add": 1,
        "dnd.info": 5,
        "views.update": 1,
    }
