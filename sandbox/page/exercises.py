"""The exercises: a list with a sentence each; play, pause, step; take over a role in the middle."""

from __future__ import annotations

import html

from nicegui import ui

from sandbox.gate import Deed
from sandbox.page.show import Show
from sandbox.page.words import Words


class ExercisesTab:
    """The list, and the exercise that is under way."""

    def __init__(self, show: Show, words: Words) -> None:
        self._show = show
        self._words = words
        self._frame: object = None
        self._now: object = None
        self._playing: object = None
        self.element = ui.element("div").classes("p-body")

    def refresh(self) -> None:
        """Draws it again if anything in it has changed."""
        player = self._show.player
        gate = player.gate
        frame = (player, player.name, player.over, player.stopped, tuple(sorted(gate.taken)))
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
        """What changes with each step. The buttons stay meanwhile: a click must not find them gone."""
        player, gate = self._show.player, self._show.player.gate
        now = (gate.next, len(player.stage.chapters))
        if now != self._now:
            self._now = now
            self._told_now.clear()
            with self._told_now:
                self._chapter()
                if gate.next is not None:
                    self._next(gate.next)
        if gate.playing != self._playing:
            self._playing = gate.playing
            self._buttons.clear()
            with self._buttons:
                self._steering()

    def _list(self) -> None:
        words = self._words
        for name, exercise in self._show.exercises.items():
            with ui.element("div").classes("card"):
                ui.html(html.escape(exercise.TITLE), sanitize=False, tag="h3")
                ui.label(exercise.SENTENCE)
                with ui.element("div").classes("row"):
                    play = _button(words("exercise.play"), "primary")
                    play.props["aria-label"] = words("exercise.play-named", title=exercise.TITLE)
                    play.on("click", lambda name=name: self._show.begin_anew(name))
        with ui.element("div").classes("card"):
            ui.label(words("exercise.anew.told"))
            _button(words("exercise.anew"), "").on("click", lambda: self._show.begin_anew(""))

    def _under_way(self) -> None:
        words, player = self._words, self._show.player
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
        chapters = self._show.player.stage.chapters
        if chapters:
            ui.html(html.escape(chapters[-1].title), sanitize=False, tag="h3")
            ui.label(chapters[-1].text)

    def _steering(self) -> None:
        words, gate = self._words, self._show.player.gate
        if gate.playing:
            _button(words("exercise.pause"), "").on("click", gate.pause)
        else:
            _button(words("exercise.go-on"), "primary").on("click", gate.play)
            _button(words("exercise.step"), "").on("click", gate.step)

    def _next(self, deed: Deed) -> None:
        words, gate = self._words, self._show.player.gate
        mine = gate.waits_for_human
        with ui.element("div").classes("next" + (" mine" if mine else "")).props("role=status"):
            ui.label(words("exercise.yours" if mine else "exercise.next")).classes("next-title")
            ui.label(self._told(deed)).classes("next-text")
            if mine:
                with ui.element("div").classes("row"):
                    _button(words("exercise.do-it"), "").on("click", gate.step)
                    _button(words("exercise.skip"), "").on("click", gate.skip)

    def _told(self, deed: Deed) -> str:
        if not deed.who:
            return self._words("deed.time")
        who = self._show.stage.box.workspace.user(deed.who).display_name
        return self._words(f"deed.{deed.kind}", who=who, text=deed.text)

    def _roles(self) -> None:
        gate = self._show.player.gate
        users = self._show.stage.box.workspace
        cast = {handle: users.user(handle).display_name for handle in self._show.cast}
        menu = ui.select(cast, value=sorted(gate.taken), multiple=True, label=self._words("exercise.roles"))
        menu.props("outlined dense options-dense use-chips hide-bottom-space popup-content-class=choices")
        menu.props["aria-label"] = self._words("exercise.roles")
        menu.on_value_change(lambda event: self._take(set(event.value)))

    def _take(self, handles: set[str]) -> None:
        gate = self._show.player.gate
        for handle in handles - gate.taken:
            gate.take(handle)
        for handle in gate.taken - handles:
            gate.give_back(handle)


def _button(text: str, style: str) -> ui.element:
    with ui.element("button").classes(f"slack-button {style}").props("type=button") as button:
        ui.label(text)
    return button
