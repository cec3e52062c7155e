"""Columns that follow an exercise: whoever acts, and whoever has got something by it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nicegui import background_tasks, ui

from sandbox.activity import Activity
from sandbox.exercises.step_gate import Action
from sandbox.page.session import PACES, Session
from sandbox.people.visibility import BOT_PLACE

if TYPE_CHECKING:
    from sandbox.page.column import Column

#: So many columns beside each other can be read.
MOST = 2
#: So long an unread mark stands before its place is opened, in seconds: it is part of what is shown.
MARK_STANDS = 1.2
#: Brings a column into sight where they do not fit beside each other, and marks what will be pressed in it.
_POINT = """(([handle, label]) => {
    document.querySelectorAll(".pointed").forEach(each => each.classList.remove("pointed"));
    const column = document.querySelector(`[data-who="${handle}"]`);
    if (!column) return;
    column.scrollIntoView({inline: "nearest", block: "nearest"});
    const named = [...column.querySelectorAll("button")].filter(each => each.innerText.trim() === label);
    const button = named.at(-1);
    if (!button || !label) return;
    button.classList.add("pointed");
    button.scrollIntoView({block: "nearest"});
})"""


class Following:
    """Decides who is shown while an exercise is played."""

    def __init__(
        self,
        session: Session,
        shown: Callable[[], Sequence[Column]],
        arrange: Callable[[Sequence[str]], None],
    ) -> None:
        self.on = True
        """False from when somebody has chosen for themselves whom to see."""
        self._session = session
        self._shown = shown
        self._arrange = arrange
        self._step: Action | None = None

    def refresh(self) -> None:
        """Follow the step that is announced, if it is another one than before."""
        player = self._session.player
        step = player.step_gate.next
        if not self.on or not player.under_way or step is None or step is self._step:
            return
        self._step = step
        wanted = wanted_columns(
            step,
            player.outcome(),
            [column.handle for column in self._shown()],
            player.step_gate.taken,
            self._session.cast,
        )
        self._arrange(wanted)
        background_tasks.create(self._lead(step), name="follow the exercise")

    async def _lead(self, step: Action) -> None:
        """Let the unread marks be seen, then open where it happens, and where something has come."""
        player = self._session.player
        places = {column.handle: newest_place(player.outcome(), column.handle) for column in self._shown()}
        places |= dict.fromkeys(player.step_gate.taken, "")  # who plays a part themselves is not moved
        places[step.who] = step.place or (BOT_PLACE if step.kind == "presses" else "")
        moving = [column for column in self._shown() if not column.shows(places[column.handle])]
        if step.who:
            self._point(step.who, "")
        if moving and player.pace != "fast":
            await asyncio.sleep(min(MARK_STANDS, PACES["normal"].least / 2))
        if step is not player.step_gate.next:
            return
        for column in moving:
            column.show(places[column.handle])
        await asyncio.sleep(0.2)  # until it is drawn
        self._point(step.who, step.text if step.kind == "presses" else "")

    def _point(self, handle: str, label: str) -> None:
        column = next((each for each in self._shown() if each.handle == handle), None)
        if column is not None and not column.element.is_deleted:
            with column.element:
                ui.run_javascript(f"{_POINT}({json.dumps([handle, label])})")


def newest_place(outcome: Sequence[Activity], handle: str) -> str:
    """Where this person has got the newest message, else where one has changed; empty if nowhere."""
    for kind in ("message", "updated"):
        for entry in reversed(outcome):
            if entry.kind == kind and handle in entry.seen_by:
                return entry.place
    return ""


def wanted_columns(
    step: Action, outcome: Sequence[Activity], shown: Sequence[str], taken: set[str], cast: Sequence[str]
) -> list[str]:
    """Whose columns to show: whoever acts, whoever got something; those that stay keep their place."""
    gains = dict.fromkeys(cast, 0)
    for entry in outcome:
        if entry.kind == "message" and entry.place == BOT_PLACE:
            for handle in entry.seen_by & gains.keys():
                gains[handle] = max(gains[handle], 4)
        elif entry.seen_by and entry.kind in ("message", "updated", "ephemeral"):
            for handle in entry.seen_by & gains.keys():
                gains[handle] = max(gains[handle], 2)
        if entry.who in gains and entry.kind not in ("joined", "removed", "left"):
            gains[entry.who] = max(gains[entry.who], 3)
    for handle in shown:
        gains[handle] = 2 * gains.get(handle, 0) + 1
    for handle in taken:
        gains[handle] = 100
    if step.who:
        gains[step.who] = 1000
    best = sorted((h for h in gains if gains[h]), key=lambda handle: -gains[handle])[:MOST]
    stay = [handle for handle in shown if handle in best]
    fresh = [handle for handle in best if handle not in stay]
    return stay + fresh
