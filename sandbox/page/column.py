"""One person's Slack: the list of places, the open place, and a modal over it."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable
from dataclasses import dataclass

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from sandbox import cast
from sandbox.activity import names
from sandbox.model import Channel, View
from sandbox.page.blocks import Drawing, ModalLayer
from sandbox.page.feed import Feed
from sandbox.page.markup import LOCK, face
from sandbox.page.session import Controller, Session
from sandbox.page.widgets import button, icon_button, menu
from sandbox.page.words import Words
from sandbox.people.visibility import BOT_PLACE, CouldNot

#: Sends the place's key when a link to a room is clicked.
_FOLLOWED = """(event) => {
    const room = event.target.closest("[data-channel]");
    if (room) emit(room.dataset.channel);
}"""


class Column:
    def __init__(
        self,
        session: Session,
        handle: str,
        words: Words,
        become: Callable[[str], None],
        close: Callable[[], None] | None,
    ) -> None:
        """`become` makes it another person's column; `close`, if there are several columns, removes it."""
        self.handle = handle
        self._session = session
        self._ws = session.runner.sandbox.workspace
        self._words = words
        self._current: Channel | None = None
        self._tab = "messages"
        self._home_look: tuple[object, ...] = ()
        self._members_look: tuple[str, ...] = ()
        self.controller = Controller(
            session.person(handle),
            words,
            names(self._ws),
            {u.id: u.display_name for u in self._ws.users.values() if not u.is_bot and not u.deleted},
            self._ws.bot.display_name,
            session.runner.now,
        )
        name = self._ws.user(handle).display_name
        with ui.element("section").classes("person-column") as self.element:
            self.element.props["aria-label"] = words("column.label", who=name)
            self.element.props["data-who"] = handle
            self._head(become, close)
            with ui.element("div").classes("c-body") as self._beneath:
                self._side = Sidebar(session, self.controller, self.open)
                with ui.element("div").classes("room"):
                    self._room_head = ui.element("header").classes("r-head")
                    self._feed = Feed(self._ws, self.controller)
                    self._home = ui.element("div").classes("home").props("tabindex=0 role=region")
                    self._home.props["aria-label"] = words("home.label")
                    self._home.props["data-keep"] = f"home {handle}"
                    self._composer = Composer(session, self.controller, self._feed.reveals_what_comes)
            self._modal = ModalLayer(self.controller, face(self._ws.bot, small=True))
        self.element.on("click", self._follow, js_handler=_FOLLOWED)
        self.open(self._first())

    def _follow(self, pressed: GenericEventArguments) -> None:
        """Open the room of a link, if the person is in it."""
        key = str(pressed.args)
        if any(channel.id == key for channel in self.controller.person.places()):
            self.open(key)
            self._modal.step_aside()

    def _first(self) -> str:
        general = self._ws.channel_named("generelt")
        return general.id if general is not None else ""

    def _head(self, become: Callable[[str], None], close: Callable[[], None] | None) -> None:
        words = self._words
        with ui.element("div").classes("c-head"):
            toggle = functools.partial(self.element.classes, toggle="side-open")
            self._places = icon_button("☰", words("column.places"), toggle, "icon-button menu")
            ui.html(face(self._ws.user(self.handle), small=True), sanitize=False)
            cast = {handle: self._ws.user(handle).display_name for handle in self._session.cast}
            menu(cast, self.handle, words("column.who"), become).classes("who")
            if close is not None:
                icon_button("✕", words("column.close"), close, "icon-button close")

    # Places

    def open(self, key: str) -> None:
        channel = next((c for c in self.controller.person.places() if c.id == key), None)
        self.element.classes(remove="side-open")
        user = self.controller.person.id
        unread = self._session.read_marks.unread(user, channel) if channel is not None else 0
        self._current = channel
        self._tab = "messages"
        self._draw_room_head()
        self._show_tab()
        self._feed.show(channel, unread)
        self._composer.show(channel)
        self.refresh()
        if channel is not None and self._is_app(channel):
            background_tasks.create(self.controller.person.opens_messages())

    def shows(self, place: str) -> bool:
        """Return whether this place is open, or cannot be opened."""
        if place in ("", "modal"):
            return True
        if place == "home":
            return self._tab == "home"
        return self._tab == "messages" and self._current is self._named(place)

    def show(self, place: str) -> None:
        """Open a place by its name, or `home`. A modal stays over the open place."""
        if self.shows(place) or self.element.is_deleted:
            return
        channel = self._named(BOT_PLACE if place == "home" else place)
        if channel is not None:
            self.open(channel.id)
        if place == "home":
            background_tasks.create(self._choose_tab("home"))

    @property
    def place(self) -> str:
        """The open place, in the form of `show`."""
        return "home" if self._tab == "home" else self._current.id if self._current else ""

    def _named(self, place: str) -> Channel | None:
        try:
            return self.controller.person.channel(place)
        except CouldNot:
            return None

    def _is_app(self, channel: Channel) -> bool:
        return channel.kind == "im" and self._ws.bot.id in channel.members

    def _draw_room_head(self) -> None:
        self._room_head.clear()
        channel = self._current
        if channel is None:
            return
        with self._room_head:
            if not self._is_app(channel):
                sign = "" if not channel.is_room else f"{LOCK} " if channel.kind == "private" else "# "
                name = html.escape(self.controller.person.place_name(channel))
                ui.html(f'<span aria-hidden="true">{sign}</span>{name}', sanitize=False, tag="h2")
                count = len([m for m in channel.members if not self._ws.users[m].is_bot])
                people = ", ".join(sorted(self._ws.users[m].display_name for m in channel.members))
                members = ui.label(self._words("room.members", count=count)).classes("members")
                members.props["title"] = people
                return
            ui.html(html.escape(self._ws.bot.display_name), sanitize=False, tag="h2")
            with ui.element("div").classes("tabs").props("role=tablist"):
                for tab in ("home", "messages"):
                    choose = functools.partial(self._choose_tab, tab)
                    made = button(self._words(f"tab.{tab}"), choose, "tab").props("role=tab")
                    made.props["aria-selected"] = "true" if tab == self._tab else "false"

    async def _choose_tab(self, tab: str) -> None:
        comes_from, self._tab = self._tab, tab
        self._draw_room_head()
        self._show_tab()
        if self._current is not None and (comes_from, tab) == ("home", "messages"):
            unread = self._session.read_marks.unread(self.controller.person.id, self._current)
            self._feed.show(self._current, unread)
        if tab == "home":
            await self.controller.person.opens_home()
        else:
            await self.controller.person.opens_messages()
        self.refresh()

    def _show_tab(self) -> None:
        at_home = self._tab == "home"
        self._home.set_visibility(at_home)
        self._feed.element.set_visibility(not at_home)
        self._composer.element.set_visibility(not at_home and self._current is not None)

    # Updates

    def refresh(self) -> None:
        if self._current is not None and self._current not in self.controller.person.places():
            # Removed from the open room: another one is opened, as in Slack.
            self.open(self._first())
            return
        if self._current is not None and self._tab == "messages":
            self._session.read_marks.read(self.controller.person.id, self._current)
        self._feed.refresh()
        self._tell_unread(self._side.refresh(self._current.id if self._current else ""))
        self._members()
        if self._tab == "home":
            self._refresh_home()
        if self._modal.refresh():
            if self._modal.is_open:
                self._beneath.props("inert")
            else:
                self._beneath.props(remove="inert")
                self._composer.focus()

    def _tell_unread(self, count: int) -> None:
        """Mark the button of the hidden list of places if something is unread."""
        self._places.classes(add="has-unread" if count else "", remove="" if count else "has-unread")
        told = self._words("column.places")
        unread = f", {self._words('side.unread', count=count)}" if count else ""
        self._places.props["aria-label"] = self._places.props["title"] = told + unread

    def _members(self) -> None:
        look = tuple(self._current.members) if self._current else ()
        if self._members_look != look:
            self._members_look = look
            self._draw_room_head()

    def _refresh_home(self) -> None:
        view: View | None = self.controller.person.home_view()
        look: tuple[object, ...] = () if view is None else (view.id, view.hash)
        if look == self._home_look:
            return
        self._home_look = look
        self._home.clear()
        if view is not None:
            with self._home, ui.element("div").classes("home-inner"):
                Drawing(self.controller, view, view.values).draw(view.blocks)


class Composer:
    """The text field below a place."""

    def __init__(self, session: Session, controller: Controller, sends: Callable[..., None]) -> None:
        self._sends = sends
        manifest = session.runner.sandbox.workspace.manifest
        self._commands, self._shortcuts = manifest.commands, manifest.shortcuts
        self._controller = controller
        self._channel: Channel | None = None
        words = controller.words
        with ui.element("div").classes("composer") as self.element:
            self._completion = ui.element("div").classes("completion").props("role=listbox")
            self._completion.props["aria-label"] = words("composer.commands")
            self._completion.set_visibility(False)
            self._trouble = ui.label().classes("trouble").props("role=alert")
            with ui.element("div").classes("composer-box"):
                self._text = ui.textarea(on_change=self._typed).props("autogrow borderless dense")
                if self._shortcuts:
                    icon_button("⚡", words("composer.shortcuts"), self._list_shortcuts)
                send = icon_button("➤", words("composer.send"), None, "send")
            ui.label(words("composer.how")).classes("composer-how")
        # The browser empties the field at once: the server's update could come after the next line has begun.
        # The server is told that the field is empty before it gets the line, which it may put back.
        take = (
            f"() => {{ const box = getElement({self._text.id}), text = box.inputValue; "
            "box.inputValue = ''; box.$nextTick(() => emit(text)); }"
        )
        self._text.on("keydown.enter.exact.prevent", self._send, js_handler=take)
        self._text.on("keydown.tab.exact", self._complete_first)
        send.on("click", self._send, js_handler=take)

    def show(self, channel: Channel | None) -> None:
        """Write to this place from now on, if it is not archived."""
        self._channel = channel
        self.element.set_visibility(channel is not None and not channel.archived)
        if channel is not None:
            told = self._controller.words("composer.to", place=self._controller.place(channel))
            self._text.props["placeholder"] = told
            self._text.props["aria-label"] = told

    def focus(self) -> None:
        self._text.run_method("focus")

    def _typed(self) -> None:
        text = self._text.value or ""
        fitting = [c for c in self._commands if text.startswith("/") and c.startswith(text.split(" ")[0])]
        self._completion.clear()
        self._completion.set_visibility(bool(fitting))
        for command in fitting:
            hint, told = self._commands[command]
            more = f" <code>{html.escape(hint)}</code><span>{html.escape(told)}</span>"
            self._offer(command, more, lambda command=command: self._complete(command))

    def _list_shortcuts(self) -> None:
        shown = self._completion.visible and not (self._text.value or "").startswith("/")
        self._completion.clear()
        self._completion.set_visibility(not shown)
        for name in self._shortcuts.values():
            self._offer(name, "", lambda name=name: self._use(name))

    def _offer(self, name: str, more: str, chosen: Callable[..., object]) -> None:
        with self._completion, ui.element("button").classes("command") as row:
            ui.html(f"<b>{html.escape(name)}</b>{more}", sanitize=False)
        row.props("type=button role=option").on("click", chosen)

    async def _use(self, shortcut: str) -> None:
        self._completion.set_visibility(False)
        self._trouble.set_text("")
        try:
            await self._controller.person.uses(shortcut)
        except CouldNot as failure:
            self._trouble.set_text(f"⚠ {self._controller.trouble(failure)}")

    def _complete_first(self) -> None:
        text = self._text.value or ""
        fitting = [c for c in self._commands if text.startswith("/") and c.startswith(text) and c != text]
        if fitting:
            self._complete(fitting[0])

    def _complete(self, command: str) -> None:
        self._text.value = f"{command} "
        self.focus()

    async def _send(self, typed: GenericEventArguments) -> None:
        text = (typed.args or "").strip()
        if not text or self._channel is None:
            return
        place = self._channel.id
        self._trouble.set_text("")
        self.element.classes("busy")
        self._sends(answered=False)
        try:
            if text.startswith("/"):
                await self._controller.person.types(text, place)
            else:
                await self._controller.person.writes(text, place)
        except CouldNot as failure:
            # As in Slack, the failure of a command is shown in the place itself.
            if not text.startswith("/") or "not a valid command" in str(failure):
                self._trouble.set_text(f"⚠ {self._controller.trouble(failure)}")
            self._text.value = self._text.value or text
        self._sends(answered=True)
        self.element.classes(remove="busy")


@dataclass(frozen=True)
class Entry:
    kind: str
    name: str
    unread: int
    channel: Channel


class _Row:
    """A drawn place in the list."""

    def __init__(self, entry: Entry, face: str, told: Callable[[int], str]) -> None:
        self._told = told
        self._shown: tuple[int, bool] | None = None
        self._button = ui.element("button").classes("place").props("type=button")
        self._button.props["data-place"] = entry.name
        self._button.props["data-key"] = entry.channel.id
        with self._button:
            ui.html(face, sanitize=False, tag="span").classes("mark")
            ui.html(html.escape(entry.name), sanitize=False, tag="span").classes("name")
        self._count: ui.html | None = None

    def show(self, unread: int, *, is_current: bool) -> None:
        """Show the number of unread messages, and whether the place is open."""
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


#: Sends the place's key when the list is clicked. The handler is on the list, so that no click is lost while
#: a place is redrawn.
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
        # An installed app is listed before it has written anything.
        controller.person.channel(BOT_PLACE)
        self.element = ui.element("nav").classes("side")
        self.element.props["aria-label"] = controller.words("side.label")
        self.element.on("click", lambda event: chosen(str(event.args)), js_handler=_PRESSED)

    def entries(self) -> list[Entry]:
        """Return the places: rooms, public ones first, then direct messages and the app by name."""
        ws = self._session.runner.sandbox.workspace
        user = self._controller.person.user
        found: list[Entry] = []
        for channel in self._controller.person.places():
            if channel.archived and channel.is_room:
                continue
            with_bot = channel.kind == "im" and ws.bot.id in channel.members
            kind = "app" if with_bot else "room" if channel.is_room else "direct"
            name = ws.bot.display_name if with_bot else self._controller.person.place_name(channel)
            unread = self._session.read_marks.unread(user.id, channel)
            found.append(Entry(kind, name, unread, channel))
        return sorted(found, key=lambda e: (e.kind != "room", e.channel.kind == "private", e.name))

    def refresh(self, current: str) -> int:
        """Update the list, and return the number of unread messages in other places.

        The list is redrawn only if its places have changed, so that a click in progress is not lost.
        """
        entries = self.entries()
        places = [(e.channel.id, e.name) for e in entries]
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
            self._rows[entry.channel.id].show(entry.unread, is_current=entry.channel.id == current)
        return sum(entry.unread for entry in entries if entry.channel.id != current)

    def _group(self, title: str, entries: list[Entry]) -> None:
        if not entries:
            return
        ui.label(self._controller.words(title)).classes("group").props("role=heading aria-level=2")
        with ui.element("ul"):
            for entry in entries:
                with ui.element("li"):
                    self._rows[entry.channel.id] = _Row(entry, self._face(entry), self._told)

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
