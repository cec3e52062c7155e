"""The things that stories have used; at the end everything else that people can meet is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from sandbox.model import Delivery
from tests.docs import samples
from tests.docs.interface import ids
from tests.handlers import intruders
from tests.lock_screen import KINDS
from tests.stories.town import Town

INTERFACE = Path(__file__).parents[2] / "docs" / "interface.md"
TOLD = "told"
#: The kind of each message that was delivered, by op_id.
_DELIVERED: dict[str, str] = {}
#: What people meet only when Slack or a machine fails, or what is no act of theirs → the test of it.
ELSEWHERE = {
    "action_id new_room": "tests/e2e/test_room_trouble.py",
    "callback_id new_room": "tests/e2e/test_room_trouble.py",
    "action_id cleared": "tests/e2e/test_left_standing.py",
    "kind left_standing": "tests/e2e/test_left_standing.py",
    "kind set_aside": "tests/e2e/test_queue.py",
    "kind summary": "tests/e2e/test_interrupted.py",
}


def listed() -> set[str]:
    """Return all that people can meet: `command sak`, `action_id confirm`, `kind summons`."""
    part = INTERFACE.read_text("utf-8").partition("\n## Commands\n")[2].partition("\n## ")[0]
    words = re.findall(r"^- `([^`]+)`", part, re.MULTILINE)
    return {*(f"command {word}" for word in words), *ids(), *(f"kind {kind}" for kind in KINDS)}


def note(config: pytest.Config, town: Town) -> None:
    """Record what this story has used, with the other stories' records."""
    folder = _folder(config)
    folder.mkdir(exist_ok=True)
    deliveries = town.runner.sandbox.workspace.deliveries
    delivered = (f"kind {kind}" for kind in _DELIVERED.values())
    used = sorted({*_used(deliveries), *delivered, *intruders.tried()})
    samples.keep(town.runner.sandbox.workspace, _DELIVERED)
    _DELIVERED.clear()
    with (folder / f"{id(config)}.txt").open("a", encoding="utf-8") as file:
        file.write("".join(f"{word}\n" for word in used))


def untold(config: pytest.Config) -> list[str]:
    """Return what is listed but used in no story of this run, and what nobody has tried in vain."""
    texts = (file.read_text("utf-8") for file in _folder(config).glob("*.txt"))
    used = {line for text in texts for line in text.splitlines()}
    return sorted({*listed() - used - ELSEWHERE.keys(), *intruders.missing(used)})


def _folder(config: pytest.Config) -> Path:
    factory: pytest.TempPathFactory = config._tmp_path_factory  # type: ignore[attr-defined]
    base = factory.getbasetemp()
    return (base.parent if hasattr(config, "workerinput") else base) / TOLD


def _used(deliveries: Iterable[Delivery]) -> Iterator[str]:
    for delivery in deliveries:
        payload = delivery.payload
        if delivery.type == "slash_commands":
            yield f"command {payload['text'].split(' ', 1)[0]}"
        elif payload["type"] == "block_actions":
            yield from (f"action_id {action['action_id']}" for action in payload["actions"])
        elif payload["type"] == "shortcut":
            yield f"action_id {payload['callback_id']}"
        elif payload["type"] == "view_submission":
            yield f"callback_id {payload['view']['callback_id']}"


def listen(town: Town) -> None:
    """Record the kinds of everything that this process's bots deliver, from now on."""
    outbox = type(town.rehearsal.bot.database.outbox)
    claim = outbox.claim
    if hasattr(claim, "__wrapped__"):
        return

    @wraps(claim)
    async def noted(self: Any, *args: Any, **how: Any) -> Any:
        claimed = await claim(self, *args, **how)
        _DELIVERED.update((each.op_id, str(each.notification.kind)) for each in claimed.rows)
        return claimed

    outbox.claim = noted  # type: ignore[method-assign]
