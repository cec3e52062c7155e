"""Actions on the page, done as the column's person, and what to say when one cannot be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.block_kit.render import Names
from sandbox.model import Channel, Ephemeral, Json, Message, View
from sandbox.page.words import Words
from sandbox.people.person import Person
from sandbox.people.ui_actions import target_at
from sandbox.people.visibility import CouldNot, Visibility

What = Message | Ephemeral | View
Ask = Callable[[Json], Awaitable[bool]]


@dataclass(frozen=True)
class Controller:
    """Acts for one person in one column."""

    person: Person
    visibility: Visibility
    words: Words
    names: Names
    ask: Ask
    """Shows a confirm dialog in the column and gives its answer."""
    people: dict[str, str]
    """Slack id → display name of those who can be chosen."""
    app: str
    """The app's display name."""
    now: Callable[[], datetime]
    """The moved time, in Oslo."""

    def place(self, channel: Channel) -> str:
        """Slack's name of a place: a room by its name, others by whom one writes to."""
        if channel.is_room:
            return f"#{channel.name}"
        return ", ".join(self.people.get(m, self.app) for m in channel.members if m != self.person.id)

    async def press(self, what: What, block_id: str, action_id: str, option: str | None = None) -> str:
        """Press a button or an overflow option; return what Slack says went wrong, if anything."""
        try:
            target = target_at(self.visibility.surface(what), block_id, action_id, option)
            dialog = target.element.get("confirm")
            if dialog is None or await self.ask(dialog):
                await self.person.presses_this(target)
        except CouldNot as failure:
            return self.trouble(failure)
        return ""

    async def give(self, what: What, block_id: str, action_id: str, value: Any) -> str:
        """Fill in or choose; return what Slack says went wrong, if anything."""
        try:
            target = target_at(self.visibility.surface(what), block_id, action_id)
            await self.person.gives(target, value)
        except CouldNot as failure:
            return self.trouble(failure)
        return ""

    def trouble(self, failure: CouldNot) -> str:
        """Slack's words for a failure."""
        text = str(failure)
        if "operation_timeout" in text:
            return self.words("trouble.timeout")
        if "dispatch_failed" in text:
            return self.words("trouble.no-app")
        return self.words("trouble.other", what=text)
