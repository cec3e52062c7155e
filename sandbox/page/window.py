"""One browser window: the bar, the columns side by side, and the panel."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from nicegui import app, background_tasks, ui
from starlette.types import ASGIApp

from sandbox.page.column import Column
from sandbox.page.panel import SEEN, TABS, Panel
from sandbox.page.session import Session
from sandbox.page.teaching import Following, Teaching
from sandbox.page.widgets import button, icon_button, menu
from sandbox.page.words import Language, Words, language_of

#: The least seconds between two redraws: an exercise changes many things at once.
_LEAST_PAUSE = 0.02


@dataclass(frozen=True)
class Options:
    """The query of a window's address."""

    who: tuple[str, ...]
    language: Language = "nb"
    mode: str = "auto"
    is_newcomer: bool = False
    """True if the address names nobody, because the user has just come."""
    places: tuple[str, ...] = ()
    """The places that are open at first, in the form of `Column.show`."""

    def address(self) -> str:
        places = {"sted": ",".join(self.places)} if self.places else {}
        return "/?" + urlencode(
            {"som": ",".join(self.who), "lang": self.language, "mode": self.mode} | places
        )

    @staticmethod
    def read(session: Session, som: str, lang: str, mode: str, sted: str) -> Options:
        """Return the options of an address, as far as they are valid."""
        who = tuple(handle for handle in som.split(",") if handle in session.cast)
        mode = mode if mode in ("light", "dark") else "auto"
        places = tuple(sted.split(",")) if sted else ()
        return Options(who or (session.cast[0],), language_of(lang), mode, is_newcomer=not som, places=places)


@dataclass
class Window:
    session: Session
    options: Options
    columns: list[Column] = field(default_factory=list)

    def draw(self) -> None:
        """Draw everything, and keep it up to date until the window is closed."""
        words = Words(self.options.language)
        ui.page_title(words("title"))
        ui.query("html").props(f"lang={self.options.language}")
        ui.colors(primary="#155e9c", negative="#b3123f")
        ui.dark_mode({"light": False, "dark": True}.get(self.options.mode))
        self._toolbar = Toolbar(self.session, words, self.options.mode, self)
        self._following = Following(self.session, lambda: self.columns, self._arrange)
        self.teaching = Teaching(self.session, words, is_newcomer=self.options.is_newcomer)
        with ui.element("div").classes("workspace"):
            self._main = ui.element("div").classes("columns")
            self.panel = Panel(self.session, words, self.teaching)
        self._draw_columns()
        if self.options.is_newcomer:
            self.columns[0].show("home")
        for column, place in zip(self.columns, self.options.places, strict=False):
            column.show(place)
        following = background_tasks.create(self._follow(), name="follow the workspace")
        ui.context.client.on_delete(following.cancel)

    def _draw_columns(self) -> None:
        """Show the columns of the people in the options. Columns that stay are not redrawn."""
        words = Words(self.options.language)
        several = len(self.options.who) > 1
        places = {column.handle: column.place for column in self.columns}
        if several != (len(self.columns) > 1):
            self._main.clear()
            self.columns.clear()
        kept = {column.handle: column for column in self.columns if column.handle in self.options.who}
        for column in self.columns:
            if column.handle not in kept:
                column.element.delete()
        self.columns.clear()
        for n, handle in enumerate(self.options.who):
            made = kept.get(handle)
            if made is None:
                close = functools.partial(self._close, handle) if several else None
                with self._main:
                    become = functools.partial(self._become, handle)
                    made = Column(self.session, handle, words, become, close)
                made.show(places.get(handle, ""))
            made.element.move(target_index=n)
            self.columns.append(made)

    async def _follow(self) -> None:
        changes = self.session.runner.sandbox.workspace.changes
        while True:
            seen = changes.count
            for column in list(self.columns):
                column.refresh()
            self.panel.refresh()
            self._toolbar.refresh()
            self.teaching.refresh()
            self._following.refresh()
            self._toolbar.has_drawn(seen)
            await asyncio.sleep(_LEAST_PAUSE)
            if changes.count == seen:
                await changes.next()

    # Who is shown

    def add(self) -> None:
        """Add a column for the first of the cast who has none."""
        others = [handle for handle in self.session.cast if handle not in self.options.who]
        if others:
            self._now((*self.options.who, others[0]))

    def _become(self, before: str, handle: str) -> None:
        who = (handle if each == before else each for each in self.options.who)
        self._now(dict.fromkeys(who))

    def _close(self, handle: str) -> None:
        self._now(each for each in self.options.who if each != handle)

    def _now(self, who: Iterable[str]) -> None:
        """Show the people that the user has chosen. From then on the columns follow no exercise."""
        self._following.on = False
        self._arrange(who)

    def _arrange(self, who: Iterable[str]) -> None:
        options = replace(self.options, who=tuple(who), places=())
        if options == self.options:
            return
        self.options = options
        with self._main:
            ui.navigate.history.replace(options.address())
        self._draw_columns()

    def change(self, **changes: Any) -> None:
        """Change language or mode by loading the window again, at the same places."""
        places = tuple(column.place for column in self.columns)
        ui.navigate.to(replace(self.options, places=places, **changes).address())


_LANGUAGE_NAMES: dict[Language, str] = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
#: The most deliveries that nobody sees to skip on the way to the next reminder.
MOST_UNSEEN = 20
_BAR = "bar-button"
#: Whether the panel covers the columns, with the same limit as look.css.
_COVERS = "matchMedia('(max-width: 900px)').matches"
_LONGEST_LOOK = 5.0
#: Seconds that a text is shown in the bar.
_SAID_FOR = 5.0
_MODES = ("auto", "light", "dark")


class Toolbar:
    def __init__(self, session: Session, words: Words, mode: str, window: Window) -> None:
        self._session = session
        self._words = words
        self._window = window
        self._busy = False
        self._moves = 0
        with ui.element("header").classes("bar") as self._bar:
            ui.html("Sandkassen", sanitize=False, tag="h1")
            self._clock()
            ui.element("div").classes("spring")
            with ui.element("div").classes("bar-group bar-tabs") as tabs:
                _label(words("bar.tools"), "bar-heading")
                for tab in TABS:
                    made = button(words(f"panel.{tab}"), functools.partial(self._toggle_tab, tab), _BAR)
                    made.props["aria-controls"] = "panel"
            tabs.on("click", functools.partial(self._unfold, is_open=False))
            self._more = icon_button("⋯", words("bar.more"), self._toggle_more, f"{_BAR} bar-more")
            self._more.props["aria-expanded"] = "false"
            with ui.element("div").classes("bar-group bar-choices"):
                _label(words("bar.page"), "bar-heading")
                button(words("bar.add"), window.add, _BAR)
                modes = {m: words(f"mode.{m}") for m in _MODES}
                for label, options, chosen, change in (
                    ("bar.language", _LANGUAGE_NAMES, words.language, lambda to: window.change(language=to)),
                    ("bar.mode", modes, mode, lambda to: window.change(mode=to)),
                ):
                    with ui.element("div").classes("bar-labelled"):
                        _label(words(label), "bar-label")
                        menu(options, chosen, words(label), change).classes("bar-select")
        ui.timer(1.0, self.refresh)

    def _toggle_more(self) -> None:
        """Show or hide what does not fit in a narrow bar."""
        self._unfold(is_open=self._more.props["aria-expanded"] == "false")

    def _unfold(self, *, is_open: bool) -> None:
        self._more.props["aria-expanded"] = "true" if is_open else "false"
        self._bar.classes(add="bar-open" if is_open else "", remove="" if is_open else "bar-open")

    def _toggle_tab(self, tab: str) -> None:
        self._window.panel.toggle(tab)
        if tab == "came":
            self._show_news(0)

    def refresh(self) -> None:
        told = self._words.moment(self._session.runner.now())
        if self._time.text != told:
            self._time.set_text(told)
            self._short_time.set_text(self._words.short_moment(self._session.runner.now()))

    def has_drawn(self, count: int) -> None:
        """Write into the page up to which change of the workspace it is drawn."""
        self._time.props["data-drawn"] = str(count)

    def _clock(self) -> None:
        words = self._words
        with ui.element("div").classes("bar-group clock").props("role=group data-moves=0") as group:
            self._clock_group = group
            group.props["aria-label"] = words("clock.label")
            self._said = ui.label().classes("said").props("role=status")
            self._time = ui.label(words.moment(self._session.runner.now())).classes("time")
            # The same time for narrow windows, hidden from screen readers, which read it once.
            self._short_time = ui.label(words.short_moment(self._session.runner.now())).classes("time-short")
            self._short_time.props("aria-hidden=true")
            runner = self._session.runner
            for key, target in (
                ("clock.15", lambda: runner.now() + timedelta(minutes=15)),
                ("clock.60", lambda: runner.now() + timedelta(hours=1)),
                ("clock.day", lambda: runner.working_day(1, "09:00")),
                ("clock.friday", runner.friday),
            ):
                move = functools.partial(self._move_to, target)
                button(words(key), move, _BAR).props["title"] = words(f"{key}.long")
            to_next = functools.partial(self._moving, self._until_something)
            made = button(words("clock.next"), to_next, f"{_BAR} clock-next")
            made.props["title"] = words("clock.next.long")
            anew = button(
                words("exercise.anew"), lambda: self._window.teaching.begins(""), f"{_BAR} clock-anew"
            )
            anew.props["title"] = words("clock.anew.long")
            ui.label(words("clock.anew.long")).classes("clock-told")

    async def _move_to(self, target: Callable[[], datetime]) -> None:
        await self._moving(lambda: self._session.runner.until(target()))

    async def _until_something(self) -> None:
        """Move the clock to the next delivery that somebody sees."""
        runner = self._session.runner
        for _ in range(MOST_UNSEEN):
            due = await runner.next_due()
            if due is None:
                self._say(self._words("clock.nothing"))
                return
            before = len(runner.sandbox.activity)
            await runner.until(max(due, runner.now()) + timedelta(seconds=1))
            if any(entry.kind in SEEN for entry in runner.sandbox.activity.since(before)):
                return

    async def _moving(self, move: Callable[[], Awaitable[None]]) -> None:
        """Move the clock, unless it is already moving, and show what came."""
        if self._busy:
            return
        self._busy = True
        before = len(self._session.runner.sandbox.activity)
        try:
            await move()
        except TimeoutError as failure:
            self._say(str(failure))
        finally:
            self._busy = False
        self._moves += 1
        self._clock_group.props["data-moves"] = str(self._moves)
        await self._tell(before)
        self.refresh()

    async def _tell(self, before: int) -> None:
        """Show what came in the panel, or in the bar if the panel would cover the columns."""
        try:
            covers = await ui.run_javascript(_COVERS, timeout=_LONGEST_LOOK)
        except TimeoutError:
            covers = True
        came = self._window.panel.tell_what_came(before, opens=not covers)
        if covers:
            self._show_news(came)
            self._say(self._words("came.toast", count=came) if came else self._words("came.nothing"))

    def _say(self, text: str) -> None:
        """Show a text for a while in the bar instead of the time, where it covers no button."""
        self._said.set_text(text)
        with self._bar:
            ui.timer(_SAID_FOR, lambda: self._unsay(text), once=True)

    def _unsay(self, text: str) -> None:
        if self._said.text == text:
            self._said.set_text("")

    def _show_news(self, count: int) -> None:
        """Show a dot on the button that opens the list, until it is opened."""
        self._more.classes(add="has-unread" if count else "", remove="" if count else "has-unread")


def _label(text: str, classes: str) -> None:
    """Draw a label in the open bar. Screen readers get it from the labelled control."""
    ui.label(text).classes(classes).props("aria-hidden=true")


#: Seconds to wait for a window that has lost its connection: if it is drawn again, it loses its place.
_PATIENCE = 20.0
_LOOKS = [Path(__file__).with_name(name) for name in ("look.css", "teaching.css")]
_SCRIPTS = [Path(__file__).with_name(name).read_text("utf-8") for name in ("keep.js", "mend.js", "room.js")]


class Page:
    """The page. `app` is served at the sandbox's root; `show` sets the workspace."""

    def __init__(self, served: ASGIApp) -> None:
        self.app = served
        self._session: Session | None = None

    def show(self, session: Session) -> None:
        """Show this workspace from now on, and reload open windows."""
        self._session = session
        for client in list(app.clients("/")):
            with client:
                ui.navigate.reload()

    def draw(self, som: str, lang: str, mode: str, sted: str) -> None:
        for looks in _LOOKS:
            ui.add_css(looks)
        ui.add_head_html("".join(f"<script>{script}</script>" for script in _SCRIPTS))
        if self._session is None:
            ui.label("…")
            return
        Window(self._session, Options.read(self._session, som, lang, mode, sted)).draw()


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[Page]:
    """Yield a page that lives until the end of the block. NiceGUI can be started only once per process."""
    shell = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    page = Page(shell)

    @ui.page("/")
    def window(som: str = "", lang: str = "nb", mode: str = "auto", sted: str = "") -> None:
        page.draw(som, lang, mode, sted)

    ui.run_with(
        shell,
        title="Sandkassen",
        favicon="🪣",
        dark=None,
        language="nb-NO",
        tailwind=False,
        show_welcome_message=False,
        storage_secret=None,
        reconnect_timeout=_PATIENCE,
    )
    async with shell.router.lifespan_context(shell):
        yield page
