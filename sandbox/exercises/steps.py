"""Steps that several exercises take, and looking at what has come of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.visibility import CouldNot

CONFIRM = "Jeg bekrefter taushetsplikten"


def rooms(runner: ExerciseRunner) -> list[str]:
    """The names of the case rooms that the coordinator is in."""
    return [name for name in runner.person("koordinator").channels() if name.startswith("rom-")]


async def opens(runner: ExerciseRunner, agencies: Sequence[str], when: str, **fields: Any) -> str:
    """The coordinator opens a case; the name of its room."""
    before = set(rooms(runner))
    koordinator = runner.person("koordinator")
    await koordinator.types(f"/tot sak {when}")
    await koordinator.sees_modal("Opprett sak")
    await koordinator.fills({"Etater som spørres nå": list(agencies), "Sted": "Møterom Nord", **fields})
    await reviews(runner)
    return next(name for name in rooms(runner) if name not in before)


async def reviews(runner: ExerciseRunner) -> None:
    """The coordinator looks over what is filled in, and sends it."""
    koordinator = runner.person("koordinator")
    await runner.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await runner.sends(koordinator)
    await runner.settle()


async def confirm(runner: ExerciseRunner, *handles: str) -> None:
    """These people confirm taushetsplikt."""
    for handle in handles:
        await runner.person(handle).presses(CONFIRM, in_="tot-bot")
        await runner.settle()


async def fills_in(runner: ExerciseRunner, command: str, room: str, **fields: Any) -> None:
    """The coordinator types a command in a room, fills in its form, and submits it."""
    koordinator = runner.person("koordinator")
    await koordinator.types(command, in_=room)
    await koordinator.sees_modal()
    await koordinator.fills(fields)
    await runner.sends(koordinator)
    await runner.settle()


async def links(runner: ExerciseRunner, what: str, room: str, **fields: Any) -> None:
    """The coordinator chooses in the form of `/tot koble`, and submits the form that follows."""
    koordinator = runner.person("koordinator")
    await fills_in(runner, "/tot koble", room, **{"Hva vil du gjøre?": what})
    if fields:
        await koordinator.fills(fields)
        await runner.sends(koordinator)
        await runner.settle()


def inside(runner: ExerciseRunner, room: str, *handles: str) -> None:
    """CouldNot unless exactly these people, and the bot, are in the room."""
    there = set(runner.sandbox.workspace.members(room)) - {"tot-bot"}
    if there != set(handles):
        raise CouldNot(f"{sorted(there ^ set(handles))} should not be in the room, or should")


def unknown_to(runner: ExerciseRunner, text: str, *handles: str) -> None:
    """CouldNot if any of these people can see the text anywhere."""
    for holding in runner.sandbox.workspace.visible_texts():
        seeing = holding.audience & set(handles)
        if text in holding.text and seeing:
            raise CouldNot(f"{sorted(seeing)} should not see this in {holding.place}")


def only(runner: ExerciseRunner, handle: str, text: str, count: int) -> None:
    """CouldNot unless so many messages with this text stand in the person's direct messages."""
    found = [m for m in runner.person(handle).messages("tot-bot") if text in m.text]
    if len(found) != count:
        raise CouldNot(f"@{handle} sees «{text}» {len(found)} times, not {count}")


def must_not_see(runner: ExerciseRunner, handles: Iterable[str], words: str) -> None:
    """CouldNot if one of these people can see the words anywhere in the workspace at this moment."""
    watched = set(handles)
    for holding in runner.sandbox.workspace.visible_texts():
        seen = watched & holding.audience
        if seen and words in holding.text:
            raise CouldNot(f"{', '.join(sorted(seen))} can see «{words}» in {holding.place}")
