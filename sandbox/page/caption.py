"""The caption of the exercise that is played, and its controls, above the columns."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime

from nicegui import ui

from sandbox.activity import Activity
from sandbox.block_kit.wording import as_read
from sandbox.exercises.captions import said, why
from sandbox.exercises.step_gate import Action
from sandbox.page.session import MOST_TOLD, PACES, Session
from sandbox.page.widgets import button, menu
from sandbox.page.words import ZONE, Words

_PRIMARY = "slack-button primary"
#: A day, or a day and a clock, as an exercise fills them in.
_TIME = re.compile(r"\b\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d[+-]\d\d:\d\d)?)?")


class Caption:
    """The step being played: why, who got something by it, and how fast it goes."""

    def __init__(self, session: Session, words: Words, *, saves: Callable[[], None]) -> None:
        self._session = session
        self._words = words
        self._saves = saves
        self._told: object = None
        self._steered: object = None
        self._reasons: dict[tuple[int, str], Action] = {}
        with ui.element("section").classes("caption") as self.element:
            self.element.props["aria-label"] = words("caption.label")
            self._text = ui.html("", sanitize=False).classes("caption-text").props("role=status")
            with ui.element("div").classes("caption-row"):
                self._place_buttons()
        self.refresh()

    def refresh(self) -> None:
        """Draw what has changed."""
        player = self._session.player
        self.element.set_visibility(bool(player.name))
        if not player.name:
            return
        step_gate = player.step_gate
        told = (step_gate.next, player.over, step_gate.waits_for_human, len(player.runner.chapters))
        if told != self._told:
            self._told = told
            self._text.set_content(self._shown())
        self._steer()

    # What is said

    def _shown(self) -> str:
        player = self._session.player
        step = player.step_gate.next
        if player.over:
            end = self._words("exercise.stopped" if player.stopped else "exercise.over")
            detail = f'<div class="caption-why">{html.escape(player.stopped)}</div>' if player.stopped else ""
            return f'{self._chapter()}<div class="caption-what">{html.escape(end)}</div>{detail}'
        if step is None:
            return self._chapter() + self._got()
        mine = step is not None and player.step_gate.waits_for_human
        turn = html.escape(self._words("exercise.yours" if mine else "exercise.next"))
        turn = f'<span class="turn">{turn}</span>' if mine else turn
        reason = self._reason(step)
        because = f'<div class="caption-why">{html.escape(reason)}</div>' if reason else ""
        what = html.escape(told(step, self._session, self._words, most=None if mine else MOST_TOLD))
        return f'{self._chapter()}<div class="caption-what">{turn} {what}</div>{because}{self._got()}'

    def _chapter(self) -> str:
        chapters = self._session.player.runner.chapters
        if not chapters:
            return ""
        chapter, step_gate = chapters[-1], self._session.player.step_gate
        title, text = (said(each, self._words.language) for each in (chapter.title, chapter.text))
        if chapter.before < step_gate.began and step_gate.next is not None:
            text = ""  # it was told with the first step
        return f'<div class="caption-chapter"><b>{html.escape(title)}</b> {html.escape(text)}</div>'

    def _reason(self, step: Action) -> str:
        """Why the step is done, once in each chapter."""
        reason, chapter = why(step, self._words.language), len(self._session.player.runner.chapters)
        known = self._reasons.setdefault((chapter, reason), step)
        return reason if known is step else ""

    def _got(self) -> str:
        """Whom the last step has told something."""
        line = got(self._session.player.outcome(), self._session, self._words)
        return f'<div class="caption-got">{html.escape(line)}</div>' if line else ""

    # How it goes on

    def _place_buttons(self) -> None:
        """All of them, once: a click must not find its button drawn anew."""
        words, player = self._words, self._session.player
        step_gate = player.step_gate
        self._do_it = button(words("exercise.do-it"), step_gate.step)
        self._skip = button(words("exercise.skip"), step_gate.skip)
        self._next = button(words("exercise.step"), step_gate.step)
        self._pause = button(words("exercise.pause"), step_gate.pause)
        self._resume = button(words("exercise.go-on"), self._go_on)
        paces = {pace: words(f"pace.{pace}") for pace in (*PACES, "step")}
        self._pace = menu(paces, player.pace, words("pace.label"), player.go_at).classes("caption-pace")
        self._save = button(words("run.save"), self._saves, _PRIMARY)

    def _steer(self) -> None:
        """Show the buttons that are of use now."""
        player = self._session.player
        step_gate = player.step_gate
        state = (step_gate.playing, player.over, step_gate.waits_for_human, player.pace)
        if state == self._steered:
            return
        self._steered = state
        playing, over, mine, pace = state
        for made, is_shown in (
            (self._do_it, mine),
            (self._skip, mine),
            (self._next, not mine),
            (self._pause, playing and not mine),
            (self._resume, not playing and not mine),
            (self._pace, True),
        ):
            made.set_visibility(is_shown and not over)
        self._save.set_visibility(over)
        if self._pace.value != pace:
            self._pace.set_value(pace)

    def _go_on(self) -> None:
        player = self._session.player
        player.go_at("normal" if player.pace == "step" else player.pace)


def told(action: Action, session: Session, words: Words, *, most: int | None = None) -> str:
    """A step in words, with at most so many characters of what is typed or filled in."""
    if action.kind == "time":
        when, now = datetime.fromisoformat(action.text), session.runner.now()
        same = when.astimezone(ZONE).date() == now.date()
        return words("action.time", when=f"{when.astimezone(ZONE):%H:%M}" if same else words.moment(when))
    who = session.runner.sandbox.workspace.user(action.who).display_name
    text = in_words(action.text, words)
    if most is not None and len(text) > most:
        text = f"{text[:most].rpartition(' ')[0].rstrip(' ;,')} …"
    return words(f"action.{action.kind}", who=who, text=text)


def in_words(text: str, words: Words) -> str:
    """Fields with their values as people read them, days and times too."""
    return _TIME.sub(lambda found: _time(found[0], words), as_read(text))


def _time(time: str, words: Words) -> str:
    given = datetime.fromisoformat(time)
    if len(time) == len("2026-12-01"):
        return words.day(given.date())
    return words.moment(given if given.tzinfo else given.replace(tzinfo=ZONE))


def got(outcome: list[Activity], session: Session, words: Words) -> str:
    """Name who has a new message, or say what was stopped; empty if nobody noticed anything."""
    ws = session.runner.sandbox.workspace
    stopped = next((entry.text for entry in outcome if entry.kind == "modal_errors"), "")
    if stopped:
        return words("got.stopped", what=stopped.splitlines()[0])
    readers: dict[str, None] = {}
    for entry in outcome:
        if entry.kind == "message" and entry.who == "tot-bot":
            readers.update(dict.fromkeys(sorted(entry.seen_by)))
    if not readers:
        return ""
    return words("got.message", who=words.listed([ws.user(handle).display_name for handle in readers]))
