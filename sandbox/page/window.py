"""One browser window: the bar, the columns side by side, the panel."""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from nicegui import background_tasks, ui

from sandbox.page.bar import Bar
from sandbox.page.column import Choices, Column
from sandbox.page.panel import Panel
from sandbox.page.show import Show
from sandbox.page.words import Tongue, Words, tongue_of

#: Between two drawings at least, in seconds: an exercise changes many things at once.
_LEAST_PAUSE = 0.02


@dataclass(frozen=True)
class Look:
    """What the address says of a window."""

    who: tuple[str, ...]
    tongue: Tongue = "nb"
    mode: str = "auto"

    def address(self) -> str:
        """The address of a window that looks so."""
        return "/?" + urlencode({"som": ",".join(self.who), "lang": self.tongue, "mode": self.mode})

    @staticmethod
    def read(show: Show, som: str, lang: str, mode: str) -> Look:
        """The look that an address asks for, as far as it can be had."""
        who = tuple(handle for handle in som.split(",") if handle in show.cast)
        return Look(who or (show.cast[0],), tongue_of(lang), mode if mode in ("light", "dark") else "auto")


@dataclass
class Window:
    """What one browser window shows."""

    show: Show
    look: Look
    columns: list[Column] = field(default_factory=list)

    def draw(self) -> None:
        """Draws everything, and keeps it current until the window is closed."""
        words = Words(self.look.tongue)
        ui.page_title(words("title"))
        ui.query("html").props(f"lang={self.look.tongue}")
        ui.colors(primary="#155e9c", negative="#b3123f")
        ui.dark_mode({"light": False, "dark": True}.get(self.look.mode))
        self._bar = Bar(self.show, words, self.look.mode, self)
        with ui.element("div").classes("stage"):
            self._main = ui.element("div").classes("columns")
            self._panel = Panel(self.show, words)
        self._bar.opens(self._panel)
        self._draw_columns()
        following = background_tasks.create(self._follow(), name="follow the workspace")
        ui.context.client.on_delete(following.cancel)

    def _draw_columns(self) -> None:
        words = Words(self.look.tongue)
        self._main.clear()
        self.columns.clear()
        several = len(self.look.who) > 1
        with self._main:
            for n, handle in enumerate(self.look.who):
                close = functools.partial(self._close, n) if several else None
                choices = Choices(functools.partial(self._become, n), close)
                self.columns.append(Column(self.show, handle, words, choices))

    async def _follow(self) -> None:
        pulse = self.show.stage.box.workspace.pulse
        while True:
            seen = pulse.beats
            for column in list(self.columns):
                column.refresh()
            self._panel.refresh()
            self._bar.refresh()
            await asyncio.sleep(_LEAST_PAUSE)
            if pulse.beats == seen:
                await pulse.beaten()

    # Who is shown

    def add(self) -> None:
        """One more person at the side, the first who is not there yet."""
        others = [handle for handle in self.show.cast if handle not in self.look.who]
        if others:
            self._now(replace(self.look, who=(*self.look.who, others[0])))

    def _become(self, n: int, handle: str) -> None:
        who = list(self.look.who)
        who[n] = handle
        self._now(replace(self.look, who=tuple(who)))

    def _close(self, n: int) -> None:
        self._now(replace(self.look, who=self.look.who[:n] + self.look.who[n + 1 :]))

    def _now(self, look: Look) -> None:
        self.look = look
        ui.navigate.history.replace(look.address())
        self._draw_columns()

    def change(self, **changes: str) -> None:
        """Another tongue or mode: the window is opened anew."""
        mode, tongue = changes.get("mode", self.look.mode), tongue_of(changes.get("tongue", self.look.tongue))
        ui.navigate.to(replace(self.look, mode=mode, tongue=tongue).address())
