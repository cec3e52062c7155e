"""The panel at the side: exercises, what came due, post, faults, the log, the outbox."""

from __future__ import annotations

from typing import Protocol

from nicegui import ui

from sandbox.page.exercises import ExercisesTab
from sandbox.page.post import PostTab
from sandbox.page.records import CameTab, FaultsTab, LogTab, OutboxTab
from sandbox.page.show import Show
from sandbox.page.words import Words

TABS = ("exercises", "came", "post", "faults", "log", "outbox")


class Tab(Protocol):
    """One of them."""

    element: ui.element

    def refresh(self) -> None:
        """Draws it again if it has changed."""
        ...


class Panel:
    """One tab at a time, or none."""

    def __init__(self, show: Show, words: Words) -> None:
        self._words = words
        self._tab = ""
        with ui.element("aside").classes("panel").props("id=panel") as self.element:
            with ui.element("div").classes("p-head"):
                self._title = ui.html("", sanitize=False, tag="h2")
                close = ui.element("button").classes("icon-button").props("type=button")
                close.props["aria-label"] = words("panel.close")
                with close:
                    ui.html("✕", sanitize=False, tag="span").props("aria-hidden=true")
                close.on("click", lambda: self.toggle(self._tab))
            self._came = CameTab(show, words)
            self._tabs: dict[str, Tab] = {
                "exercises": ExercisesTab(show, words),
                "came": self._came,
                "post": PostTab(show, words),
                "faults": FaultsTab(show, words),
                "log": LogTab(show, words),
                "outbox": OutboxTab(show, words),
            }
        self.toggle("exercises" if show.player.name else "")

    def toggle(self, tab: str) -> None:
        """Opens this tab, or closes the panel if it is open already."""
        self._tab = "" if tab == self._tab else tab
        self.element.set_visibility(bool(self._tab))
        for name, each in self._tabs.items():
            each.element.set_visibility(name == self._tab)
        if self._tab:
            self._title.set_content(self._words(f"panel.{self._tab}"))
            self.element.props["aria-label"] = self._words(f"panel.{self._tab}")
        self.refresh()

    def tell_what_came(self, since: int) -> None:
        """The clock was moved: shows what happened since this moment."""
        self._came.since = since
        if self._tab != "came":
            self.toggle("came")
        self.refresh()

    def refresh(self) -> None:
        """Draws the open tab again if it has changed."""
        if self._tab:
            self._tabs[self._tab].refresh()
