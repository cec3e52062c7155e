"""Help for somebody who is new: the welcome, the caption, and keeping what was played."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Protocol

from nicegui import ui

from sandbox.page.caption import Caption
from sandbox.page.column import Column
from sandbox.page.run_page import as_html
from sandbox.page.session import Session
from sandbox.page.welcome import OUTSIDER, Thing, Welcome
from sandbox.page.widgets import button
from sandbox.page.words import Words
from sandbox.people.visibility import CouldNot

#: The button on Home that begins an acute case.
ACUTE = "Akutt: kall TOT sammen"
#: Seconds in which the bot fills Home, which is opened with the page.
HOME_COMES = 10.0
#: What a newcomer is shown, for it is short and has all of it.
FIRST_EXERCISE = "fredag-kveld"


class Shows(Protocol):
    """The window, as far as it is led from here."""

    columns: list[Column]

    def show_too(self, handle: str) -> None:
        """This person at the side as well."""
        ...


class Asking:
    """A question before the workspace is emptied, in the page itself."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.element = ui.element("section").classes("asking").props("role=alertdialog")
        self.element.props["aria-label"] = words("asking.label")
        self.element.set_visibility(False)

    def asks(self, goes_on: Callable[[], None], saves: Callable[[], None]) -> None:
        """Show the question; only the button with «yes» goes on."""
        words = self._words
        self.element.clear()
        with self.element:
            ui.label(words("asking.told"))
            with ui.element("div").classes("asking-row"):
                button(words("asking.yes"), goes_on, "slack-button danger")
                button(words("run.save"), saves)
                no = button(words("asking.no"), self._put_away)
                no.props["data-escape"] = "4"
        self.element.set_visibility(True)
        no.run_method("focus")

    def _put_away(self) -> None:
        self.element.set_visibility(False)


class Teaching:
    """All of it, above the columns."""

    def __init__(self, session: Session, words: Words, window: Shows) -> None:
        self._session = session
        self._words = words
        self._window = window
        things = [
            Thing("case", self._acute, self._has_case),
            Thing("exercise", lambda: self.begins(FIRST_EXERCISE), lambda: bool(session.player.name)),
            Thing("outsider", lambda: window.show_too(OUTSIDER), self._sees_outsider),
        ]
        self._asking = Asking(words)
        self._welcome = Welcome(session, words, self._first, things)
        self._caption = Caption(session, words, saves=self.saves)

    def refresh(self) -> None:
        self._welcome.refresh()
        self._caption.refresh()

    def begins(self, exercise: str) -> None:
        """Begin afresh with this exercise, or with none; ask first where something would be lost."""
        if not self._session.is_in_use:
            self._session.begin_anew(exercise)
            return
        self._asking.asks(lambda: self._session.begin_anew(exercise), self.saves)

    def saves(self) -> None:
        """Give what has happened so far as a file."""
        player = self._session.player
        exercise = self._session.exercises.get(player.name)
        title = exercise.TITLE if exercise is not None else ""
        runner = player.runner if player.name else self._session.runner
        name = f"{player.name or 'tot'}-{runner.now():%Y-%m-%d}.html"
        ui.download.content(as_html(runner, title, self._words), name, "text/html")

    def _has_case(self) -> bool:
        channels = self._session.runner.sandbox.workspace.channels.values()
        return self._session.touched and any(channel.kind == "private" for channel in channels)

    async def _acute(self) -> None:
        """Be the coordinator, at Home, with the form open."""
        handle = self._session.cast[0]
        self._window.show_too(handle)
        column = next(each for each in self._window.columns if each.handle == handle)
        column.show("home")
        visibility, changes = self._session.visibility(handle), self._session.runner.sandbox.workspace.changes
        await changes.until(lambda: visibility.home_view() is not None, HOME_COMES)
        with contextlib.suppress(CouldNot):  # the bot may speak another language: Home is shown all the same
            await self._session.runner.sandbox.person(handle).presses(ACUTE, in_="home")

    def _first(self) -> str:
        return self._window.columns[0].handle if self._window.columns else self._session.cast[0]

    def _sees_outsider(self) -> bool:
        return any(column.handle == OUTSIDER for column in self._window.columns)
