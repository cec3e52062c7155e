"""All texts in the workspace and who can see them, for tests that plant canaries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.model import Channel, View
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class VisibleText:
    place: str
    """Such as `rom-k7f3: message 1.000001`."""
    audience: frozenset[str]
    """The handles of everybody who can see it now, including the bot."""
    text: str


def visible_texts(ws: Workspace) -> Iterator[VisibleText]:
    """Yield every message with blocks and metadata, ephemeral, file, room name, Home and modal."""
    for channel in ws.channels.values():
        yield from _channel(ws, channel)
    for ephemeral in ws.ephemerals:
        channel = ws.channels[ephemeral.channel]
        readers = {ephemeral.user} & set(channel.members)
        text = _texts(ephemeral.text, ephemeral.blocks)
        yield VisibleText(f"{ws.place(channel)}: ephemeral", ws.handles(readers), text)
    for file in ws.files.values():
        if file.deleted:
            continue
        sharers = {file.user}.union(*(_audience(ws, ws.channels[channel]) for channel in file.channels))
        content = file.content.decode("utf-8", "replace")
        yield VisibleText(f"file {file.id}", ws.handles(sharers), f"{file.name}\n{file.title}\n{content}")
    for stack in ws.stacks.values():
        for view in stack:
            yield _view(ws, "modal", view)
    for view in ws.homes.values():
        yield _view(ws, "home", view)


def _channel(ws: Workspace, channel: Channel) -> Iterator[VisibleText]:
    place = ws.place(channel)
    audience = ws.handles(_audience(ws, channel))
    if channel.is_room:
        yield VisibleText(f"{place}: name", audience, channel.name)
    for message in channel.messages.values():
        text = _texts(message.text, message.blocks, message.metadata, message.extra)
        yield VisibleText(f"{place}: message {message.ts}", audience, text)


def _audience(ws: Workspace, channel: Channel) -> set[str]:
    """Return user ids. Every full member of the workspace can read a public channel."""
    if channel.kind != "public":
        return set(channel.members)
    guests = (user for user in ws.users.values() if not user.deleted)
    members = {u.id for u in guests if not (u.is_restricted or u.is_ultra_restricted or u.is_stranger)}
    return members | set(channel.members)


def _view(ws: Workspace, kind: str, view: View) -> VisibleText:
    audience = ws.handles([view.user, ws.bot.id])
    return VisibleText(f"{kind} of {ws.handle(view.user)}", audience, _texts("", view.payload, view.values))


def _texts(text: str, *parts: object) -> str:
    shown = [json.dumps(part, ensure_ascii=False) for part in parts if part]
    return "\n".join([text, *shown])
