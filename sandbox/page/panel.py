"""The panel at the side: exercises, what came due, post, faults, the log, the outbox."""

from __future__ import annotations

import html
from typing import Protocol

from nicegui import ui

from sandbox.exercises.step_gate import Action
from sandbox.page.session import Session
from sandbox.page.tabs import CameTab, FaultsTab, LogTab, MailTab, OutboxTab
from sandbox.page.widgets import LIST, button, icon_button
from sandbox.page.words import Words

_PRIMARY = "slack-button primary"
TABS = ("exercises", "came", "mail", "faults", "log", "outbox")


class Tab(Protocol):
    element: ui.element

    def refresh(self) -> None:
        """Draw it again if it has changed."""
        ...


class Panel:
    """One tab at a time, or none."""

    def __init__(self, session: Session, words: Words) -> None:
        self._words = words
        self._tab = ""
        with ui.element("aside").classes("panel").props("id=panel") as self.element:
            with ui.element("div").classes("p-head"):
                self._title = ui.html("", sanitize=False, tag="h2")
                icon_button("✕", words("panel.close"), lambda: self.toggle(self._tab))
            self._came = CameTab(session, words)
            self._tabs: dict[str, Tab] = {
                "exercises": ExercisesTab(session, words),
                "came": self._came,
                "mail": MailTab(session, words),
                "faults": FaultsTab(session, words),
                "log": LogTab(session, words),
                "outbox": OutboxTab(session, words),
            }
        for name, each in self._tabs.items():
            # One can scroll it by keyboard.
            each.element.props("tabindex=0 role=group")
            each.element.props["aria-label"] = words(f"panel.{name}")
            each.element.props["data-keep"] = f"panel {name}"
        self.toggle("exercises" if session.player.name else "")

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

    def tell_what_came(self, since: int) -> None:
        """The clock was moved: show what happened since this entry of the log."""
        self._came.since = since
        if self._tab != "came":
            self.toggle("came")
        self.refresh()

    def refresh(self) -> None:
        """Draw the open tab again if it has changed."""
        if self._tab:
            self._tabs[self._tab].refresh()


class ExercisesTab:
    """The list, and the exercise that is under way."""

    def __init__(self, session: Session, words: Words) -> None:
        self._session = session
        self._words = words
        self._frame: object = None
        self._now: object = None
        self._playing: object = None
        self.element = ui.element("div").classes("p-body")

    def refresh(self) -> None:
        player = self._session.player
        step_gate = player.step_gate
        frame = (player, player.name, player.over, player.stopped, tuple(sorted(step_gate.taken)))
        if frame != self._frame:
            self._frame, self._now, self._playing = frame, None, None
            self.element.clear()
            with self.element:
                if player.name:
                    self._under_way()
                self._list()
        if player.under_way:
            self._go_with_it()

    def _go_with_it(self) -> None:
        """Draw what changes with each step. The buttons stay: a click must not find them gone."""
        player, step_gate = self._session.player, self._session.player.step_gate
        now = (step_gate.next, len(player.runner.chapters))
        if now != self._now:
            self._now = now
            self._told_now.clear()
            with self._told_now:
                self._chapter()
                if step_gate.next is not None:
                    self._next(step_gate.next)
        if step_gate.playing != self._playing:
            self._playing = step_gate.playing
            self._buttons.clear()
            with self._buttons:
                self._steering()

    def _list(self) -> None:
        words = self._words
        for name, exercise in self._session.exercises.items():
            with ui.element("div").classes("card"):
                ui.html(html.escape(exercise.TITLE), sanitize=False, tag="h3")
                ui.label(exercise.SENTENCE)
                with ui.element("div").classes("row"):
                    label = words("exercise.play-named", title=exercise.TITLE)
                    button(
                        words("exercise.play"),
                        lambda name=name: self._session.begin_anew(name),
                        _PRIMARY,
                        label=label,
                    )
        with ui.element("div").classes("card"):
            ui.label(words("exercise.anew.told"))
            button(words("exercise.anew"), lambda: self._session.begin_anew(""))

    def _under_way(self) -> None:
        words, player = self._words, self._session.player
        with ui.element("div").classes("card under-way"):
            if player.over:
                self._chapter()
                told = (
                    words("exercise.stopped", why=player.stopped)
                    if player.stopped
                    else words("exercise.over")
                )
                ui.label(told).classes("told").props("role=status")
                return
            self._told_now = ui.element("div").classes("now")
            self._buttons = ui.element("div").classes("row")
            self._roles()

    def _chapter(self) -> None:
        chapters = self._session.player.runner.chapters
        if chapters:
            ui.html(html.escape(chapters[-1].title), sanitize=False, tag="h3")
            ui.label(chapters[-1].text)

    def _steering(self) -> None:
        words, step_gate = self._words, self._session.player.step_gate
        if step_gate.playing:
            button(words("exercise.pause"), step_gate.pause)
        else:
            button(words("exercise.go-on"), step_gate.play, _PRIMARY)
            button(words("exercise.step"), step_gate.step)

    def _next(self, action: Action) -> None:
        words, step_gate = self._words, self._session.player.step_gate
        mine = step_gate.waits_for_human
        with ui.element("div").classes("next" + (" mine" if mine else "")).props("role=status"):
            ui.label(words("exercise.yours" if mine else "exercise.next")).classes("next-title")
            ui.label(self._told(action)).classes("next-text")
            if mine:
                with ui.element("div").classes("row"):
                    button(words("exercise.do-it"), step_gate.step)
                    button(words("exercise.skip"), step_gate.skip)

    def _told(self, action: Action) -> str:
        if not action.who:
            return self._words("action.time")
        who = self._session.runner.sandbox.workspace.user(action.who).display_name
        return self._words(f"action.{action.kind}", who=who, text=action.text)

    def _roles(self) -> None:
        step_gate = self._session.player.step_gate
        users = self._session.runner.sandbox.workspace
        cast = {handle: users.user(handle).display_name for handle in self._session.cast}
        roles = ui.select(
            cast, value=sorted(step_gate.taken), multiple=True, label=self._words("exercise.roles")
        )
        roles.props(f"outlined dense use-chips hide-bottom-space {LIST}")
        roles.props["aria-label"] = self._words("exercise.roles")
        roles.on_value_change(lambda event: self._take(set(event.value)))

    def _take(self, handles: set[str]) -> None:
        step_gate = self._session.player.step_gate
        for handle in handles - step_gate.taken:
            step_gate.take(handle)
        for handle in step_gate.taken - handles:
            step_gate.give_back(handle)
