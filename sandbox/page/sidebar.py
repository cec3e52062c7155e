"""The list of places on the left: channels, rooms, direct messages, the app."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass

from nicegui import ui

from sandbox import cast
from sandbox.model import Channel
from sandbox.page.controller import Controller
from sandbox.page.markup import LOCK, face
from sandbox.page.session import Session
from sandbox.people.visibility import BOT_PLACE


@dataclass(frozen=True)
class Entry:
    key: str
    """The channel's id."""
    kind: str
    name: str
    unread: int
    channel: Channel


class _Row:
    """A place in the list as it is drawn."""

    def __init__(self, entry: Entry, face: str, told: Callable[[int], str]) -> None:
        self._told = told
        self._shown: tuple[int, bool] | None = None
        self._button = ui.element("button").classes("place").props("type=button")
        self._button.props["data-place"] = entry.name
        self._button.props["data-key"] = entry.key
        with self._button:
            ui.html(face, sanitize=False, tag="span").classes("mark")
            ui.html(html.escape(entry.name), sanitize=False, tag="span").classes("name")
        self._count: ui.html | None = None

    def show(self, unread: int, *, is_current: bool) -> None:
        """How many messages are unread, and whether it is the place that is looked at."""
        if self._shown == (unread, is_current):
            return
        self._shown = (unread, is_current)
        states = {"is-current": is_current, "is-unread": bool(unread)}
        self._button.classes(replace=" ".join(["place", *(name for name, so in states.items() if so)]))
        self._button.props(
            "aria-current=page" if is_current else "", remove=None if is_current else "aria-current"
        )
        if self._count is not None:
            self._count.delete()
            self._count = None
        if unread:
            count = (
                f'<span aria-hidden="true">{unread}</span><span class="sr-only">{self._told(unread)}</span>'
            )
            with self._button:
                self._count = ui.html(count, sanitize=False, tag="span").classes("count")


#: What a press on the list tells: the key of the place. The list hears it, so that no press of a place that
#: is just being drawn again is lost.
_PRESSED = """(event) => {
    const place = event.target.closest(".place");
    if (place) emit(place.dataset.key);
}"""


class Sidebar:
    def __init__(self, session: Session, controller: Controller, chosen: Callable[[str], None]) -> None:
        self._session = session
        self._controller = controller
        self._places: list[tuple[str, str]] = []
        self._rows: dict[str, _Row] = {}
        # An installed app stands in the list before it has written anything.
        controller.visibility.channel(BOT_PLACE)
        self.element = ui.element("nav").classes("side")
        self.element.props["aria-label"] = controller.words("side.label")
        self.element.on("click", lambda event: chosen(str(event.args)), js_handler=_PRESSED)

    def entries(self) -> list[Entry]:
        """The places, rooms first, then direct messages, last the app."""
        ws = self._session.runner.sandbox.workspace
        user = self._controller.person.user
        found: list[Entry] = []
        for channel in self._controller.visibility.channels():
            if channel.archived and channel.is_room:
                continue
            with_bot = channel.kind == "im" and ws.bot.id in channel.members
            kind = "app" if with_bot else "room" if channel.is_room else "direct"
            name = ws.bot.display_name if with_bot else self._controller.visibility.place_name(channel)
            unread = self._session.read_marks.unread(user.id, channel)
            found.append(Entry(channel.id, kind, name, unread, channel))
        return sorted(found, key=lambda e: (e.kind != "room", e.channel.kind == "private", e.name))

    def refresh(self, current: str) -> int:
        """Show what has changed, and return how much is unread elsewhere.

        The list is drawn again only if its places have changed: what somebody is just pressing must not
        be taken away under their finger.
        """
        entries = self.entries()
        places = [(e.key, e.name) for e in entries]
        if places != self._places:
            self._places = places
            self._rows.clear()
            self.element.clear()
            with self.element:
                ui.label(cast.TEAM_NAME).classes("team")
                self._group("side.channels", [e for e in entries if e.kind == "room"])
                self._group("side.direct", [e for e in entries if e.kind == "direct"])
                self._group("side.apps", [e for e in entries if e.kind == "app"])
        for entry in entries:
            self._rows[entry.key].show(entry.unread, is_current=entry.key == current)
        return sum(entry.unread for entry in entries if entry.key != current)

    def _group(self, title: str, entries: list[Entry]) -> None:
        if not entries:
            return
        ui.label(self._controller.words(title)).classes("group").props("role=heading aria-level=2")
        with ui.element("ul"):
            for entry in entries:
                with ui.element("li"):
                    self._rows[entry.key] = _Row(entry, self._face(entry), self._told)

    def _told(self, unread: int) -> str:
        return self._controller.words("side.unread", count=unread)

    def _face(self, entry: Entry) -> str:
        ws = self._session.runner.sandbox.workspace
        if entry.kind == "room":
            private = entry.channel.kind == "private"
            sign = (
                self._controller.words("side.private") if private else self._controller.words("side.public")
            )
            mark = LOCK if private else "#"
            return f'<span aria-hidden="true">{mark}</span><span class="sr-only">{sign}</span>'
        if entry.kind == "app":
            return face(ws.bot, small=True)
        other = next((m for m in entry.channel.members if m != self._controller.person.id), "")
        return face(ws.users.get(other), small=True)
