"""The activity log: what people do, and what each of them newly sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sandbox.block_kit import render
from sandbox.model import PINNED, Change, Ephemeral, Message, View
from sandbox.workspace import Workspace

ActivityKind = Literal[
    "types",
    "writes",
    "presses",
    "chooses",
    "fills",
    "submits",
    "closes",
    "uploads",
    "opens_home",
    "failed",
    "message",
    "pinned",
    "updated",
    "deleted",
    "ephemeral",
    "modal",
    "modal_errors",
    "modal_closed",
    "home",
    "room",
    "joined",
    "left",
    "removed",
    "archived",
    "person",
    "mail",
    "answers",
    "writes_back",
    "time",
]


@dataclass(frozen=True)
class Activity:
    """An action of a person, or something that people newly see."""

    time: datetime
    """The moved time, aware UTC."""
    kind: ActivityKind
    who: str
    """The handle of the person who did it, or to whom it happened."""
    place: str
    """The room, `tot-bot` for direct messages with the bot, `modal` or `home`."""
    text: str
    """The rendered text."""
    seen_by: frozenset[str]
    """The handles of the people who see it."""


#: Change → kind of entry. Other changes of a room are not logged.
_KINDS: dict[str, ActivityKind] = {
    "channel_created": "room",
    "channel_archived": "archived",
    "modal_shown": "modal",
    "modal_closed": "modal_closed",
    "home_published": "home",
    "message_posted": "message",
    "message_changed": "updated",
    "message_deleted": "deleted",
}


class ActivityLog:
    """All activity so far. Iterate over it, or subscribe to it."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._all: list[Activity] = []
        self._listeners: list[Callable[[Activity], None]] = []
        ws.on_change(self._changed)
        ws.clock.on_move(lambda: self.add("time", "", "", self._ws.clock.now().isoformat(timespec="minutes")))

    def __iter__(self) -> Iterator[Activity]:
        return iter(list(self._all))

    def __len__(self) -> int:
        return len(self._all)

    def since(self, entry: int, until: int | None = None) -> list[Activity]:
        """Return the entries from index `entry` up to, but without, index `until`."""
        return self._all[entry:until]

    def subscribe(self, listener: Callable[[Activity], None]) -> None:
        self._listeners.append(listener)

    def add(
        self,
        kind: ActivityKind,
        who: str,
        place: str,
        text: str,
        seen_by: frozenset[str] = frozenset(),
    ) -> None:
        """Log something that happens now."""
        entry = Activity(self._ws.clock.now(), kind, who, place, text, seen_by)
        self._all.append(entry)
        for listener in list(self._listeners):
            listener(entry)

    def _changed(self, change: Change) -> None:
        if change.message is not None:
            self._message(change, change.message)
        elif change.view is not None:
            self._view(change, change.view)
        elif change.kind == "user_changed":
            user = self._ws.users[change.user]
            self.add("person", user.handle, "", "deactivated" if user.deleted else "in the workspace")
        elif change.channel and change.kind != "file_shared":
            self._room(change)

    def _message(self, change: Change, message: Message | Ephemeral) -> None:
        channel = self._ws.channels[message.channel]
        place = channel.name if channel.is_room else "tot-bot"
        text = render_message(self._ws, message)
        if isinstance(message, Ephemeral):
            self.add("ephemeral", "tot-bot", place, text, self._people([message.user]))
        elif message.subtype == PINNED:
            self.add("pinned", self._ws.handle(message.user), place, text, self._people(channel.members))
        # Slack's own lines about joining and leaving are logged by `_room`.
        elif message.subtype in ("", "file_share"):
            kind = _KINDS[change.kind]
            readers = self._people(channel.members)
            self.add(kind, self._ws.handle(message.user), place, text, readers)

    def _view(self, change: Change, view: View) -> None:
        place = "home" if view.payload["type"] == "home" else "modal"
        text = render_view(self._ws, view)
        readers = self._people([view.user])
        self.add(_KINDS[change.kind], self._ws.handle(view.user), place, text, readers)

    def _room(self, change: Change) -> None:
        channel = self._ws.channels[change.channel]
        people = self._people(channel.members)
        by = self._ws.handle(change.by) if change.by else ""
        if change.kind == "member_joined":
            text = f"invited by @{by}" if by else ""
            self.add("joined", self._ws.handle(change.user), channel.name, text, people)
        elif change.kind == "member_left":
            gone = self._ws.handle(change.user)
            kind: ActivityKind = "removed" if by and by != gone else "left"
            self.add(kind, gone, channel.name, f"by @{by}" if kind == "removed" else "", people)
        elif change.kind in _KINDS:
            who = by or self._ws.handle(change.user)
            self.add(_KINDS[change.kind], who, channel.name, channel.name, people)

    def _people(self, user_ids: list[str]) -> frozenset[str]:
        return self._ws.handles(u for u in user_ids if not self._ws.users[u].is_bot)


def names(ws: Workspace) -> render.Names:
    """Return how this workspace's people and rooms are named."""

    def room(channel_id: str) -> str:
        channel = ws.channels.get(channel_id)
        return channel.name if channel is not None else channel_id

    return render.Names(user=ws.handle, channel=room)


def render_message(ws: Workspace, message: Message | Ephemeral, values: render.Values | None = None) -> str:
    """Return a message as anybody reads it, or as a person who has chosen these `values` in it.

    It is its blocks, or its text if it has none, then its files.
    """
    if message.blocks:
        shown = render.blocks(message.blocks, names(ws), values)
    else:
        shown = render.mrkdwn(message.text, names(ws))
    stored = [ws.files[file_id] for file_id in message.files] if isinstance(message, Message) else []
    files = (f"📎 {'(slettet fil)' if file.deleted else file.name}" for file in stored)
    return "\n".join(line for line in (shown, *files) if line)


def render_view(ws: Workspace, view: View) -> str:
    """Return a modal or a Home tab as its person reads it, with its title and buttons."""
    known = names(ws)
    title = render.text_object(view.payload.get("title"), known)
    buttons = [render.text_object(view.payload.get(key), known) for key in ("close", "submit")]
    foot = " ".join(f"[ {button} ]" for button in buttons if button)
    body = render.blocks(view.blocks, known, view.values, view.errors)
    return "\n".join(part for part in (f"«{title}»" if title else "", body, foot) if part)
