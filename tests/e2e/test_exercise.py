"""The first case, through the front door: whom it rings, and what remains of it."""

from __future__ import annotations

from collections import Counter

from bot.cli.demo import Rehearsal
from tests.e2e import kit
from tests.e2e.recorded_case import Played

#: Each person's new messages, in direct messages, rooms and mail; an edit rings no phone. The room's message
#: that the case is closed is not counted: people being removed at that moment may or may not see it.
MOST_NEW = {"barnevern": 8, "bistandsadvokat": 8}


def test_few_messages_ring_a_phone(first_case: Played) -> None:
    """Every later change keeps these limits, or lowers them."""
    new = kit.new_messages(m for m in first_case.moments if not m.text.startswith("*Saken er avsluttet.*"))
    assert {handle: new[handle] for handle in MOST_NEW if new[handle] > MOST_NEW[handle]} == {}
    assert kit.pin_lines(first_case.moments) == {"koordinator": 1}
    for outside in ("botilbud", "udi", "politi-leder", "barnevern-leder"):
        assert new[outside] == 0, outside


def test_nothing_about_the_case_is_left_after_the_deletion_date(first_case: Played) -> None:
    left = {place: texts for place, texts in first_case.end.items() if texts and "generelt" not in place}
    (nothing,) = left.pop("barnevernvakt in tot-bot")
    assert nothing.startswith("Ingenting venter på deg nå.")
    home = "\n".join(left.pop("koordinator at home"))
    assert "KODE" not in home
    assert left == {}
    assert all(file.deleted for file in first_case.files)
    assert first_case.archived
    assert first_case.left_in_room == []


def test_no_call_to_slack_has_failed(first_case: Played) -> None:
    failed = [c for c in first_case.calls if c.status != 200 or (isinstance(c.answer, dict) and not c.ok)]
    assert failed == []


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
