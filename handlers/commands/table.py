"""Which function each command word runs, and the one listener of `/tot`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from handlers.commands import (
    access,
    actions,
    agency,
    attendance,
    cancel,
    case,
    close,
    convene,
    coordinator,
    deadline,
    deputy,
    guidance,
    hand_over,
    help,
    invite,
    joint,
    language,
    link,
    meeting,
    move,
    persons,
    phase,
    release,
    report,
    roster,
    wait,
)
from handlers.commands.vocabulary import find, nearest, split
from handlers.encounters import Typed

COMMAND = "/tot"

TABLE: Mapping[str, Callable[[Typed], Awaitable[None]]] = {
    "case": case.run,
    "invite": invite.run,
    "release": release.run,
    "meeting": meeting.run,
    "move": move.run,
    "cancel": cancel.run,
    "attendance": attendance.run,
    "actions": actions.run,
    "deadline": deadline.run,
    "phase": phase.run,
    "close": close.run,
    "person": persons.run,
    "link": link.run,
    "wait": wait.run,
    "coordinator": coordinator.run,
    "joint": joint.run,
    "guidance": guidance.run,
    "convene": convene.run,
    "roster": roster.run,
    "report": report.run,
    "agency": agency.run,
    "deputy": deputy.run,
    "hand-over": hand_over.run,
    "access": access.run,
    "language": language.run,
    "help": help.run,
}


async def tot(typed: Typed) -> None:
    """`/tot`, whatever follows it. What was typed is never repeated."""
    first, rest = split(typed.rest)
    if not first:
        await help.here(typed)
        return
    word = find(first)
    if word is None:
        near = [f"`{COMMAND} {w.shown(typed.words)}`" for w in nearest(first)]
        key = "command.unknown-near" if near else "command.unknown"
        await typed.answer(typed.words(key, near=", ".join(near)) if near else typed.words(key))
        return
    await TABLE[word.key](replace(typed, rest=rest))
