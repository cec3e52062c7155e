"""Two cases and people with no part in one of them, for bad input at every door."""

from __future__ import annotations

import contextlib
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.cli.demo import Rehearsal
from handlers.blocks.modal import NOTICE
from sandbox import modals
from sandbox.activity import render_view
from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.person import Person
from sandbox.server import Sandbox
from tests.e2e import kit

CANARY = "Kanarifugl"
#: The sandbox's own server logs what passes over its wires.
OF_THE_SANDBOX = ("uvicorn", "websockets", "python_multipart", "hypothesis")
SLACK_ID = r"\b[UCDTVF]0[A-Z0-9]{3,}\b"


@dataclass
class World:
    """Two cases: the police and child welfare sit in one room, social services are asked in the other."""

    rehearsal: Rehearsal
    room: str
    written: io.StringIO
    caplog: pytest.LogCaptureFixture

    @property
    def runner(self) -> ExerciseRunner:
        return self.rehearsal.runner

    @property
    def sandbox(self) -> Sandbox:
        return self.rehearsal.runner.sandbox

    @contextlib.asynccontextmanager
    async def untouched(self) -> AsyncIterator[None]:
        """Nothing changes, neither in the database nor in what people see, but for answers to one alone."""
        before = await kit.dump(self.rehearsal.bot), self.standing()
        yield
        await self.runner.until_idle()
        assert (await kit.dump(self.rehearsal.bot), self.standing()) == before

    def standing(self) -> list[str]:
        channels = self.sandbox.workspace.channels.values()
        return [f"{m.ts} {m.text} {m.blocks}" for c in channels for m in c.messages.values()]

    async def all(self, kind: type[Any]) -> list[Any]:
        return await self.rehearsal.bot.database.read(lambda uow: uow.find(kind))


def is_answered(world: World, person: Person, *but_not: str) -> None:
    """There is a form with errors, or one that says why; close it."""
    modal = person.modal
    assert modal is not None
    assert modal.errors or modal.view.payload["callback_id"] == NOTICE
    assert modal.title not in but_not
    text = render_view(world.sandbox.workspace, modal.view)
    assert text.strip()
    assert "referanse" not in text.lower(), "nobody foresaw it"
    modals.clear(world.sandbox.workspace, person.id)


async def pressed(world: World, person: Person, message: Any, action_id: str, value: str) -> str:
    """Press a button, which need not be there; what the bot answers to the person alone."""
    whispers = world.sandbox.workspace.ephemerals
    before = len(whispers)
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
    await world.sandbox.interactions.act_in_message(person.id, message, action)

    def told() -> list[str]:
        return [w.text for w in whispers[before:] if w.user == person.id]

    answers = await world.sandbox.workspace.changes.until(told, kit.IN_TIME)
    assert answers, (person.handle, action_id, value)
    return answers[-1]


def logged_by_the_bot(world: World) -> Iterator[str]:
    """Every line, whether of structlog or of the standard library."""
    yield from world.written.getvalue().splitlines()
    for record in (*world.caplog.get_records("setup"), *world.caplog.get_records("call")):
        if not record.name.startswith(OF_THE_SANDBOX):
            yield f"{record.name} {record.getMessage()} {record.exc_text or ''}"
