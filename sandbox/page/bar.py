"""The bar on top: the clock and what moves it, who is shown, the panel's buttons, tongue and light."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Protocol

from nicegui import ui

from sandbox.page.panel import TABS, Panel
from sandbox.page.records import SEEN
from sandbox.page.show import Show
from sandbox.page.words import Tongue, Words

_TONGUE_NAMES: dict[Tongue, str] = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
#: How many deliveries that nobody sees are passed by on the way to the next reminder.
MOST_UNSEEN = 20
_MODES = ("auto", "light", "dark")


class HasColumns(Protocol):
    """The window, as far as the bar knows it."""

    def add(self) -> None:
        """One more column."""
        ...

    def change(self, **changes: str) -> None:
        """Another tongue or mode."""
        ...


class Bar:
    """The bar."""

    def __init__(self, show: Show, words: Words, mode: str, window: HasColumns) -> None:
        self._show = show
        self._words = words
        self._busy = False
        self._moves = 0
        with ui.element("header").classes("bar"):
            ui.html("Sandkassen", sanitize=False, tag="h1")
            self._clock()
            ui.element("div").classes("spring")
            self._tabs = ui.element("div").classes("bar-group")
            with ui.element("div").classes("bar-group"):
                _button(words("bar.add"), window.add)
                tongue = ui.select(_TONGUE_NAMES, value=words.tongue)
                tongue.on_value_change(lambda e: window.change(tongue=e.value))
                light = ui.select({m: words(f"mode.{m}") for m in _MODES}, value=mode)
                light.on_value_change(lambda e: window.change(mode=e.value))
            for choice, label in ((tongue, "bar.tongue"), (light, "bar.mode")):
                choice.props("borderless dense options-dense popup-content-class=choices").classes(
                    "bar-select"
                )
                choice.props["aria-label"] = words(label)
        ui.timer(1.0, self.refresh)

    def opens(self, panel: Panel) -> None:
        """The buttons that open the panel at one of its tabs."""
        self._panel = panel
        with self._tabs:
            for tab in TABS:
                button = _button(self._words(f"panel.{tab}"), functools.partial(panel.toggle, tab))
                button.props["aria-controls"] = "panel"

    def refresh(self) -> None:
        """The clock."""
        told = self._words.moment(self._show.stage.now())
        if self._time.text != told:
            self._time.set_text(told)

    def _clock(self) -> None:
        words = self._words
        with ui.element("div").classes("bar-group clock").props("role=group data-moves=0") as group:
            self._clock_group = group
            group.props["aria-label"] = words("clock.label")
            self._time = ui.label(words.moment(self._show.stage.now())).classes("time")
            stage = self._show.stage
            for key, target in (
                ("clock.15", lambda: stage.now() + timedelta(minutes=15)),
                ("clock.60", lambda: stage.now() + timedelta(hours=1)),
                ("clock.day", lambda: stage.working_day(1, "09:00")),
            ):
                button = _button(words(key), self._mover(target))
                button.props["title"] = words(f"{key}.long")
            button = _button(words("clock.next"), self._to_next)
            button.props["title"] = words("clock.next.long")

    def _mover(self, target: Callable[[], datetime]) -> Callable[[], Awaitable[None]]:
        async def move() -> None:
            await self._moving(self._show.stage.until(target()))

        return move

    async def _to_next(self) -> None:
        await self._moving(self._until_something())

    async def _until_something(self) -> None:
        """To the next delivery that somebody sees; those that nobody sees are passed by."""
        stage = self._show.stage
        for _ in range(MOST_UNSEEN):
            due = await stage.next_due()
            if due is None:
                ui.notify(self._words("clock.nothing"))
                return
            before = len(stage.box.moments)
            await stage.until(max(due, stage.now()) + timedelta(seconds=1))
            if any(moment.kind in SEEN for moment in list(stage.box.moments)[before:]):
                return

    async def _moving(self, move: Coroutine[Any, Any, None]) -> None:
        """Moves the clock, once at a time, and shows what came."""
        if self._busy:
            move.close()
            return
        self._busy = True
        before = len(self._show.stage.box.moments)
        try:
            await move
        except TimeoutError as failure:
            ui.notify(str(failure), type="negative")
        finally:
            self._busy = False
        self._moves += 1
        self._clock_group.props["data-moves"] = str(self._moves)
        self._panel.tell_what_came(before)
        self.refresh()


def _button(text: str, pressed: Callable[[], object]) -> ui.element:
    with ui.element("button").classes("bar-button").props("type=button") as button:
        ui.label(text)
    button.on("click", pressed)
    return button
