"""Steps that several exercises take, and looking at what has come of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.exercises.runner import Stage
from sandbox.people.visibility import CouldNot

CONFIRM = "Jeg bekrefter taushetsplikten"


def rooms(stage: Stage) -> list[str]:
    """The names of the case rooms that the coordinator is in."""
    return [name for name in stage.person("koordinator").channels() if name.startswith("rom-")]


async def opens(stage: Stage, agencies: Sequence[str], when: str, **fields: Any) -> str:
    """The coordinator opens a case; the name of its room."""
    before = set(rooms(stage))
    koordinator = stage.person("koordinator")
    await koordinator.types(f"/tot sak {when}")
    await koordinator.sees_modal("Opprett sak")
    await koordinator.fills({"Etater som spørres nå": list(agencies), "Sted": "Møterom Nord", **fields})
    await reviews(stage)
    return next(name for name in rooms(stage) if name not in before)


async def reviews(stage: Stage) -> None:
    """The coordinator looks over what is filled in, and sends it."""
    koordinator = stage.person("koordinator")
    await stage.sends(koordinator)
    await koordinator.sees_modal("Se over og send")
    await stage.sends(koordinator)
    await stage.settle()


async def confirm(stage: Stage, *handles: str) -> None:
    """These people confirm taushetsplikt."""
    for handle in handles:
        await stage.person(handle).presses(CONFIRM, in_="tot-bot")
        await stage.settle()


async def fills_in(stage: Stage, command: str, room: str, **fields: Any) -> None:
    """The coordinator types a command in a room, fills in its form, and submits it."""
    koordinator = stage.person("koordinator")
    await koordinator.types(command, in_=room)
    await koordinator.sees_modal()
    await koordinator.fills(fields)
    await stage.sends(koordinator)
    await stage.settle()


async def links(stage: Stage, what: str, room: str, **fields: Any) -> None:
    """The coordinator chooses in the form of `/tot koble`, and submits the form that follows."""
    koordinator = stage.person("koordinator")
    await fills_in(stage, "/tot koble", room, **{"Hva vil du gjøre?": what})
    if fields:
        await koordinator.fills(fields)
        await stage.sends(koordinator)
        await stage.settle()


def inside(stage: Stage, room: str, *handles: str) -> None:
    """CouldNot unless exactly these people, and the bot, are in the room."""
    there = set(stage.box.workspace.members(room)) - {"tot-bot"}
    if there != set(handles):
        raise CouldNot(f"{sorted(there ^ set(handles))} should not be in the room, or should")


def unknown_to(stage: Stage, text: str, *handles: str) -> None:
    """CouldNot if any of these people can see the text anywhere."""
    for holding in stage.box.workspace.holdings():
        seeing = holding.audience & set(handles)
        if text in holding.text and seeing:
            raise CouldNot(f"{sorted(seeing)} should not see this in {holding.place}")


def only(stage: Stage, handle: str, text: str, count: int) -> None:
    """CouldNot unless so many messages with this text stand in the person's direct messages."""
    found = [m for m in stage.person(handle).messages("tot-bot") if text in m.text]
    if len(found) != count:
        raise CouldNot(f"@{handle} sees «{text}» {len(found)} times, not {count}")


def must_not_see(stage: Stage, handles: Iterable[str], words: str) -> None:
    """CouldNot if one of these people can see the words anywhere in the workspace at this moment."""
    watched = set(handles)
    for holding in stage.box.workspace.holdings():
        seen = watched & holding.audience
        if seen and words in holding.text:
            raise CouldNot(f"{', '.join(sorted(seen))} can see «{words}» in {holding.place}")
