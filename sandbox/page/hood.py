"""«Under panseret»: the log of Web API calls, the outbox, and faults; for those who build the bot."""

from __future__ import annotations

import functools

from nicegui import ui

from sandbox.page.session import Session
from sandbox.page.tabs import FaultsTab, LogTab, OutboxTab
from sandbox.page.widgets import button
from sandbox.page.words import Words


class HoodTab:
    """Three tabs in one, so that nobody else has to step over them."""

    def __init__(self, session: Session, words: Words) -> None:
        self._words = words
        self._buttons: dict[str, ui.element] = {}
        with ui.element("div").classes("hood") as self.element:
            with ui.element("div").classes("hood-tabs").props("role=tablist"):
                for name in ("log", "outbox", "faults"):
                    choose = functools.partial(self._choose, name)
                    made = button(words(f"panel.{name}"), lambda choose=choose: choose(), "tab")
                    self._buttons[name] = made.props("role=tab")
            self._tabs: dict[str, LogTab | OutboxTab | FaultsTab] = {
                "log": LogTab(session, words),
                "outbox": OutboxTab(session, words),
                "faults": FaultsTab(session, words),
            }
        for name, each in self._tabs.items():
            # One can scroll it by keyboard.
            each.element.props("tabindex=0 role=tabpanel")
            each.element.props["aria-label"] = words(f"panel.{name}")
            each.element.props["data-keep"] = f"hood {name}"
        self._chosen = "log"
        self._choose("log")

    def _choose(self, name: str) -> None:
        self._chosen = name
        for each, tab in self._tabs.items():
            tab.element.set_visibility(each == name)
            self._buttons[each].props["aria-selected"] = "true" if each == name else "false"
            self._buttons[each].update()
        self.refresh()

    def refresh(self) -> None:
        self._tabs[self._chosen].refresh()
