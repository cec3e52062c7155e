"""For somebody who is here for the first time: who they are, and three things to try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import ui

from sandbox.page.session import Session
from sandbox.page.widgets import button, icon_button
from sandbox.page.words import Words

OUTSIDER = "utenforstaende"


@dataclass(frozen=True)
class Thing:
    """Something to try."""

    key: str
    go: Callable[[], object]
    is_done: Callable[[], bool]


class Welcome:
    """A line and three buttons, gone once all three are done or it is put away."""

    def __init__(self, session: Session, words: Words, first: Callable[[], str], things: list[Thing]) -> None:
        self._session = session
        self._newcomer = session.newcomer
        self._first = first
        self._words = words
        self._things = things
        self._drawn: frozenset[str] | None = None
        with ui.element("section").classes("welcome") as self.element:
            self.element.props["aria-label"] = words("welcome.label")
            self._who = ui.label().classes("welcome-who")
            self._row = ui.element("div").classes("welcome-row")
            icon_button("✕", words("welcome.away"), self._put_away)
        self.refresh()

    def refresh(self) -> None:
        """Tick what is done; go when all is."""
        for thing in self._things:
            if thing.is_done():
                self._newcomer.tried.add(thing.key)
        done = frozenset(self._newcomer.tried)
        if done.issuperset(thing.key for thing in self._things):
            self._put_away()
        # While an exercise is played there is enough to read.
        self.element.set_visibility(bool(self._newcomer.is_here) and not self._session.player.under_way)
        handle = self._first()
        name = self._session.runner.sandbox.workspace.user(handle).display_name
        self._who.set_text(self._words("welcome.who", who=name, role=self._words.role(handle)))
        if done != self._drawn:
            self._drawn = done
            self._row.clear()
            with self._row:
                for thing in self._things:
                    self._thing(thing, is_done=thing.key in done)

    def _thing(self, thing: Thing, *, is_done: bool) -> None:
        told = self._words(f"welcome.{thing.key}")
        made = button(f"✓ {told}" if is_done else told, thing.go)
        if is_done:
            made.classes("is-done")
            made.props["aria-label"] = self._words("welcome.done", what=told)

    def _put_away(self) -> None:
        self._newcomer.is_here = False
        self.element.set_visibility(False)
