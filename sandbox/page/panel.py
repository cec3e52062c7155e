"""The panel at the side: exercises, what came due, post, and what is under the hood."""

from __future__ import annotations

import functools
import html
from typing import Protocol

from nicegui import ui

from sandbox.exercises.captions import said
from sandbox.page.hood import HoodTab
from sandbox.page.session import Session
from sandbox.page.tabs import CameTab, MailTab
from sandbox.page.teaching import Teaching
from sandbox.page.widgets import LIST_OF_MANY, button, icon_button
from sandbox.page.words import Words

_PRIMARY = "slack-button primary"
TABS = ("exercises", "came", "mail", "hood")


class Tab(Protocol):
    element: ui.element

    def refresh(self) -> None:
        """Draw it again if it has changed."""
        ...


class Panel:
    """One tab at a time, or none."""

    def __init__(self, session: Session, words: Words, teaching: Teaching) -> None:
        self._words = words
        self._tab = ""
        with ui.element("aside").classes("panel").props("id=panel") as self.element:
            with ui.element("div").classes("p-head"):
                self._title = ui.html("", sanitize=False, tag="h2")
                close = icon_button("✕", words("panel.close"), lambda: self.toggle(self._tab))
                close.props["data-escape"] = "1"
            self._came = CameTab(session, words)
            self._tabs: dict[str, Tab] = {
                "exercises": ExercisesTab(session, words, teaching),
                "came": self._came,
                "mail": MailTab(session, words),
                "hood": HoodTab(session, words),
            }
        for name, each in self._tabs.items():
            if name != "hood":  # which scrolls inside
                each.element.props("tabindex=0")  # one can scroll it by keyboard
            each.element.props("role=group")
            each.element.props["aria-label"] = words(f"panel.{name}")
            each.element.props["data-keep"] = f"panel {name}"
        self.toggle("")

    def toggle(self, tab: str) -> None:
        """Open this tab, or close the panel if it is open already."""
        self._tab = "" if tab == self._tab else tab
        self.element.set_visibility(bool(self._tab))
        for name, each in self._tabs.items():
            each.element.set_visibility(name == self._tab)
        if self._tab:
            self._title.set_content(self._words(f"panel.{self._tab}"))
            self.element.props["aria-label"] = self._words(f"panel.{self._tab}")
        self.refresh()

    def tell_what_came(self, since: int, *, opens: bool) -> int:
        """The clock was moved: show what happened since this entry of the log; return how much it is.

        Where it would cover the person it does not open by itself.
        """
        self._came.since = since
        if opens and self._tab != "came":
            self.toggle("came")
        self.refresh()
        return len(self._came.entries())

    def refresh(self) -> None:
        """Draw the open tab again if it has changed."""
        if self._tab:
            self._tabs[self._tab].refresh()


class ExercisesTab:
    """The exercises, which parts one plays oneself, and beginning afresh."""

    def __init__(self, session: Session, words: Words, teaching: Teaching) -> None:
        self._session = session
        self._words = words
        self._teaching = teaching
        self._drawn: object = None
        self.element = ui.element("div").classes("p-body")

    def refresh(self) -> None:
        """Draw it again if an exercise began or ended, or a part was taken."""
        player = self._session.player
        look = (player.name, player.over, tuple(sorted(player.step_gate.taken)))
        if look == self._drawn:
            return
        self._drawn = look
        self.element.clear()
        with self.element:
            if player.under_way:
                with ui.element("div").classes("card under-way"):
                    ui.label(self._words("exercise.roles.told"))
                    self._roles()
            self._list()

    def _list(self) -> None:
        words = self._words
        for name, exercise in self._session.exercises.items():
            title, sentence = (said(each, words.language) for each in (exercise.TITLE, exercise.SENTENCE))
            with ui.element("div").classes("card"):
                ui.html(html.escape(title), sanitize=False, tag="h3")
                ui.label(sentence)
                with ui.element("div").classes("row"):
                    label = words("exercise.play-named", title=title)
                    play = functools.partial(self._teaching.begins, name)
                    button(words("exercise.play"), lambda play=play: play(), _PRIMARY, label=label)
        with ui.element("div").classes("card"):
            ui.label(words("exercise.anew.told"))
            button(words("exercise.anew"), lambda: self._teaching.begins(""))
        with ui.element("div").classes("card"):
            ui.label(words("run.save.told"))
            button(words("run.save"), self._teaching.saves)

    def _roles(self) -> None:
        step_gate = self._session.player.step_gate
        users = self._session.runner.sandbox.workspace
        cast = {handle: users.user(handle).display_name for handle in self._session.cast}
        roles = ui.select(
            cast, value=sorted(step_gate.taken), multiple=True, label=self._words("exercise.roles")
        )
        roles.props(f"outlined dense use-chips hide-bottom-space {LIST_OF_MANY}")
        roles.props["aria-label"] = self._words("exercise.roles")
        roles.on_value_change(lambda event: self._take(set(event.value)))

    def _take(self, handles: set[str]) -> None:
        step_gate = self._session.player.step_gate
        for handle in handles - step_gate.taken:
            step_gate.take(handle)
        for handle in step_gate.taken - handles:
            step_gate.give_back(handle)
        self._drawn = (self._session.player.name, self._session.player.over, tuple(sorted(step_gate.taken)))
