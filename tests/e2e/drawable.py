"""Everything the bot sent during an exercise must be drawable by the page."""

from __future__ import annotations

import json
from typing import Any

from sandbox.page.blocks import undrawable
from sandbox.workspace import Workspace
from tests.lock_screen import assert_lock_screens_neutral

Json = dict[str, Any]


def _blocks(value: Any) -> list[Json]:
    """Return the blocks in a call's arguments or an acknowledgement, from messages and views."""
    if not isinstance(value, dict):
        return []
    found: list[Json] = []
    for key in ("blocks", "view"):
        held = value.get(key) or []
        held = json.loads(held) if isinstance(held, str) else held
        found += _blocks(held) if isinstance(held, dict) else held
    return found


def all_can_be_drawn(workspace: Workspace) -> None:
    """Assert that the page knows everything sent, and that a locked phone shows nothing of it."""
    assert_lock_screens_neutral(workspace)
    sent = [block for call in workspace.calls for block in _blocks(call.arguments)]
    sent += [block for delivery in workspace.deliveries for block in _blocks(delivery.answer)]
    assert len({block["type"] for block in sent}) > 4
    assert sorted(set(undrawable(sent))) == []
