"""The list of places on the left: channels, rooms, direct messages, the app."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass

from nicegui import ui

from sandbox import cast
from sandbox.model import Channel
from sandbox.page.faces import LOCK, face
from sandbox.page.hand import Hand
from sandbox.page.show import Show
from sandbox.seeing import BOT_PLACE


@dataclass(frozen=True)
class Entry:
    """A place in the list."""

    key: str
    """The channel's id."""
    kind: str
    name: str
    unread: int
    channel: Channel


class Sidebar:
    """The places of one person."""

    def __init__(self, show: Show, hand: Hand, chosen: Callable[[str], None]) -> None:
        self._show = show
        self._hand = hand
        self._chosen = chosen
        self._look: tuple[object, ...] = ()
        # An installed app stands in the list before it has written anything.
        hand.eyes.channel(BOT_PLACE)
        self.element = ui.element("nav").classes("side")
        self.element.props["aria-label"] = hand.words("side.label")

    def entries(self) -> list[Entry]:
        """The places, rooms first, then direct messages, last the app."""
        ws = self._show.stage.box.workspace
        user = self._hand.person.user
        found: list[Entry] = []
        for channel in self._hand.eyes.channels():
            if channel.archived and channel.is_room:
                continue
            with_bot = channel.kind == "im" and ws.bot.id in channel.members
            kind = "app" if with_bot else "room" if channel.is_room else "direct"
            name = ws.bot.display_name if with_bot else self._hand.eyes.place_name(channel)
            unread = self._show.reading.unread(user.id, channel)
            found.append(Entry(channel.id, kind, name, unread, channel))
        return sorted(found, key=lambda e: (e.kind != "room", e.channel.kind == "private", e.name))

    def refresh(self, current: str) -> None:
        """Draws the list again if anything in it has changed."""
        entries = self.entries()
        look = (current, *((e.key, e.name, e.unread) for e in entries))
        if look == self._look:
            return
        self._look = look
        self.element.clear()
        with self.element:
            ui.label(cast.TEAM_NAME).classes("team")
            self._group("side.channels", [e for e in entries if e.kind == "room"], current)
            self._group("side.direct", [e for e in entries if e.kind == "direct"], current)
            self._group("side.apps", [e for e in entries if e.kind == "app"], current)

    def _group(self, title: str, entries: list[Entry], current: str) -> None:
        if not entries:
            return
        ui.label(self._hand.words(title)).classes("group").props("role=heading aria-level=2")
        with ui.element("ul"):
            for entry in entries:
                with ui.element("li"):
                    self._entry(entry, current == entry.key)

    def _entry(self, entry: Entry, is_current: bool) -> None:
        button = ui.element("button").classes("place").props("type=button")
        button.props["data-place"] = entry.name
        if is_current:
            button.props("aria-current=page").classes("is-current")
        if entry.unread:
            button.classes("is-unread")
        with button:
            ui.html(self._face(entry), sanitize=False, tag="span").classes("mark")
            ui.html(html.escape(entry.name), sanitize=False, tag="span").classes("name")
            if entry.unread:
                told = self._hand.words("side.unread", count=entry.unread)
                count = f'<span aria-hidden="true">{entry.unread}</span><span class="sr-only">{told}</span>'
                ui.html(count, sanitize=False, tag="span").classes("count")
        button.on("click", lambda: self._chosen(entry.key))

    def _face(self, entry: Entry) -> str:
        ws = self._show.stage.box.workspace
        if entry.kind == "room":
            private = entry.channel.kind == "private"
            sign = self._hand.words("side.private") if private else self._hand.words("side.public")
            mark = LOCK if private else "#"
            return f'<span aria-hidden="true">{mark}</span><span class="sr-only">{sign}</span>'
        if entry.kind == "app":
            return face(ws.bot, small=True)
        other = next((m for m in entry.channel.members if m != self._hand.person.id), "")
        return face(ws.users.get(other), small=True)
