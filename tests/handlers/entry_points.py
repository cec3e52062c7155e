"""Hands that reach past what people can do: what a client sends that the bot never gave it."""

from __future__ import annotations

import copy
import sqlite3
import weakref
from pathlib import Path
from typing import Any

from bot.cli.demo import Rehearsal
from sandbox.model import Ephemeral, Json, Message, View
from sandbox.people.person import Person
from sandbox.people.visibility import Seen
from sandbox.serializers import view_json
from tests.e2e import kit

UNREADABLE = "Dette kunne jeg ikke lese"


class EntryPoints:
    """A rehearsal with one case open, and what the database holds."""

    def __init__(self, rehearsal: Rehearsal, database: Path) -> None:
        self.runner = rehearsal.runner
        self.bot = rehearsal.bot
        self.database = database
        self.sandbox = rehearsal.runner.sandbox
        self.coordinator = self.person("koordinator")
        self.room = ""
        # `data_version` only tells a connection that stays open of what others have written.
        self._looking = sqlite3.connect(database)
        weakref.finalize(self, self._looking.close)
        self._names = [
            name
            for (name,) in self._looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in ("receipts", "ledgers", "audit")
        ]
        self._seen: tuple[int, dict[str, list[str]]] = (-1, {})

    def person(self, handle: str) -> Person:
        return self.runner.person(handle)

    async def open_case(self) -> None:
        self.room = await kit.open_case(self.runner, "Politiet", "Sosialtjenesten", when="i morgen kl 10")

    def state(self) -> dict[str, list[str]]:
        """The database's content, but for bookkeeping."""
        (version,) = self._looking.execute("PRAGMA data_version").fetchone()
        if version != self._seen[0]:
            tables = {n: self._looking.execute(f"SELECT * FROM {n}") for n in self._names}  # noqa: S608
            self._seen = (version, {n: sorted(map(repr, rows)) for n, rows in tables.items()})
        return self._seen[1]

    async def submits(self, person: Person, view: View, **changes: Any) -> Json:
        """A person's client submits a view that the bot did not give them."""
        forged = copy.deepcopy(view)
        forged.values = changes.pop("values", forged.values)
        forged.payload |= changes
        interactions = self.sandbox.interactions
        payload = interactions._interaction("view_submission", person.id) | {
            "trigger_id": interactions._tokens.trigger(person.id),
            "view": view_json(forged, with_state=True),
        }
        delivery = await interactions._request("interactive", payload, answerable=True)
        return delivery.answer or {}

    async def presses(self, person: Person, action_id: str, value: str, **action: Any) -> str:
        """A person's client presses a button that the bot did not give them; what they are then told."""
        direct = self.sandbox.workspace.direct(self.sandbox.workspace.bot.id, person.id)
        message = Message(self.sandbox.workspace.new_ts(), direct.id, self.sandbox.workspace.bot.id, "")
        before = len(self.told(person))
        await self.sandbox.interactions.act_in_message(
            person.id,
            message,
            {"type": "button", "action_id": action_id, "block_id": "b", "value": value} | action,
        )
        await self.runner.until_idle()
        if person.modal is not None:
            text = person.modal.text
            await person.closes(whole_stack=True)
            return text
        return "\n".join(self.told(person)[before:])

    def told(self, person: Person) -> list[str]:
        """The bot's whispers to a person in their direct message."""
        if "tot-bot" not in person.channels():
            return []
        return [s.text for s in person.messages("tot-bot") if isinstance(s.source, Ephemeral)]


def said(answer: Json) -> str:
    view = answer.get("view") or {"blocks": []}
    return "\n".join(b["text"]["text"] for b in view["blocks"] if b["type"] == "section")


def text_of(seen: Seen | None) -> str:
    return seen.text if seen is not None else ""
