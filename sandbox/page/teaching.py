"""A welcome and the captions of an exercise above the columns, which follow it."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from nicegui import background_tasks, ui

from sandbox.activity import Activity
from sandbox.block_kit.render import as_read
from sandbox.exercises.ways import Action, said, why
from sandbox.page.column import Column
from sandbox.page.run_page import as_html
from sandbox.page.session import DEEDS, MOST_TOLD, PACE, Session
from sandbox.page.widgets import button, icon_button
from sandbox.page.words import ZONE, Words
from sandbox.people.visibility import BOT_PLACE


class Asking:
    """A question in the page before the workspace is emptied."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.element = ui.element("section").classes("asking").props("role=alertdialog")
        self.element.props["aria-label"] = words("asking.label")
        self.element.set_visibility(False)

    def asks(self, goes_on: Callable[[], None], saves: Callable[[], None]) -> None:
        """Show the question. Only its «yes» button calls `goes_on`."""
        words = self._words
        self.element.clear()
        with self.element:
            ui.label(words("asking.told"))
            with ui.element("div").classes("asking-row"):
                button(words("asking.yes"), goes_on, "slack-button danger")
                button(words("run.save"), saves)
                no = button(words("asking.no"), lambda: self.element.set_visibility(False))
                no.props["data-escape"] = "4"
        self.element.set_visibility(True)
        no.run_method("focus")


class Teaching:
    def __init__(self, session: Session, words: Words, *, is_newcomer: bool) -> None:
        self._session = session
        self._words = words
        self._asking = Asking(words)
        if is_newcomer and not session.player.under_way:
            self._welcome()
        self._caption = Caption(session, words, saves=self.saves)

    def _welcome(self) -> None:
        """Show a line about what can be tried, until it is put away."""
        words = self._words
        with ui.element("section").classes("welcome") as welcome:
            welcome.props["aria-label"] = words("welcome.label")
            ui.label(words("welcome.told"))
            icon_button("✕", words("welcome.away"), welcome.delete)

    def refresh(self) -> None:
        self._caption.refresh()

    def begins(self, exercise: str) -> None:
        """Begin a new workspace with this exercise, or none. Ask first if something would be lost."""
        if not self._session.is_in_use:
            self._session.restart_workspace(exercise)
            return
        self._asking.asks(lambda: self._session.restart_workspace(exercise), self.saves)

    def saves(self) -> None:
        """Download what has happened so far as a file."""
        player = self._session.player
        exercise = self._session.exercises.get(player.name)
        title = exercise.TITLE if exercise is not None else ""
        runner = player.runner if player.name else self._session.runner
        name = f"{player.name or 'tot'}-{runner.now():%Y-%m-%d}.html"
        ui.download.content(as_html(runner, title, self._words), name, "text/html")


_PRIMARY = "slack-button primary"
#: A day, or a day and a time, as exercises fill them in.
_TIME = re.compile(r"\b\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d[+-]\d\d:\d\d)?)?")


class Caption:
    """The step being played: why, who got a message from it, and buttons to pause and go on."""

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

    # The text

    def _shown(self) -> str:
        player = self._session.player
        step = player.step_gate.next
        if player.over:
            end = self._words("exercise.stopped" if player.stopped else "exercise.over")
            detail = f'<div class="caption-why">{html.escape(player.stopped)}</div>' if player.stopped else ""
            return f'{self._chapter()}<div class="caption-what">{html.escape(end)}</div>{detail}'
        if step is None:
            return self._chapter() + self._got()
        mine = player.step_gate.waits_for_human
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
            text = ""  # it was shown with the first step
        return f'<div class="caption-chapter"><b>{html.escape(title)}</b> {html.escape(text)}</div>'

    def _reason(self, step: Action) -> str:
        """Return why the step is done, once in each chapter."""
        reason, chapter = why(step, self._words.language), len(self._session.player.runner.chapters)
        known = self._reasons.setdefault((chapter, reason), step)
        return reason if known is step else ""

    def _got(self) -> str:
        """Return a line with the people who got a message from the last step."""
        line = got(self._session.player.outcome(), self._session, self._words)
        return f'<div class="caption-got">{html.escape(line)}</div>' if line else ""

    # The buttons

    def _place_buttons(self) -> None:
        """Draw all buttons once: redrawing a button while it is clicked would lose the click."""
        words, step_gate = self._words, self._session.player.step_gate
        self._do_it = button(words("exercise.do-it"), step_gate.step)
        self._skip = button(words("exercise.skip"), step_gate.skip)
        self._next = button(words("exercise.step"), step_gate.step)
        self._pause = button(words("exercise.pause"), step_gate.pause)
        self._resume = button(words("exercise.go-on"), step_gate.play)
        self._save = button(words("run.save"), self._saves, _PRIMARY)

    def _steer(self) -> None:
        """Show the buttons that apply now."""
        player = self._session.player
        step_gate = player.step_gate
        state = (step_gate.playing, player.over, step_gate.waits_for_human)
        if state == self._steered:
            return
        self._steered = state
        playing, over, mine = state
        for made, is_shown in (
            (self._do_it, mine),
            (self._skip, mine),
            (self._next, not mine),
            (self._pause, playing and not mine),
            (self._resume, not playing and not mine),
        ):
            made.set_visibility(is_shown and not over)
        self._save.set_visibility(over)


def told(action: Action, session: Session, words: Words, *, most: int | None = None) -> str:
    """Return a step in words, with at most `most` characters of what is typed or filled in."""
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
    """Return fields with their values as people read them, including days and times."""
    return _TIME.sub(lambda found: _time(found[0], words), as_read(text))


def _time(time: str, words: Words) -> str:
    given = datetime.fromisoformat(time)
    if len(time) == len("2026-12-01"):
        return words.day(given.date())
    return words.moment(given if given.tzinfo else given.replace(tzinfo=ZONE))


def got(outcome: list[Activity], session: Session, words: Words) -> str:
    """Return who has a new message, or what was refused; empty if nobody noticed anything."""
    ws = session.runner.sandbox.workspace
    stopped = next((entry.text for entry in outcome if entry.kind == "modal_errors"), "")
    if stopped:
        return words("got.stopped", what=stopped.splitlines()[0])
    told = [entry for entry in outcome if entry.kind == "message" and entry.who == "tot-bot"]
    readers = dict.fromkeys(handle for entry in told for handle in sorted(entry.seen_by))
    names = [ws.user(handle).display_name for handle in readers]
    return words("got.message", who=words.listed(names)) if names else ""


#: The most columns that can be read side by side.
MOST_COLUMNS = 2
#: Seconds that an unread mark is shown before its place is opened, so that it is seen.
MARK_STANDS = 1.2
#: Scrolls a column into view if not all fit, and marks the button that will be pressed in it.
_POINT = """(([handle, label]) => {
    document.querySelectorAll(".pointed").forEach(each => each.classList.remove("pointed"));
    const column = document.querySelector(`[data-who="${handle}"]`);
    if (!column) return;
    column.scrollIntoView({inline: "nearest", block: "nearest"});
    const named = [...column.querySelectorAll("button")].filter(each => each.innerText.trim() === label);
    const button = named.at(-1);
    if (!button || !label) return;
    button.classList.add("pointed");
    button.scrollIntoView({block: "nearest"});
})"""


class Following:
    """Decides which columns are shown while an exercise is played."""

    def __init__(
        self,
        session: Session,
        shown: Callable[[], Sequence[Column]],
        arrange: Callable[[Sequence[str]], None],
    ) -> None:
        self.on = True
        """False from when somebody has chosen for themselves whom to see."""
        self._session = session
        self._shown = shown
        self._arrange = arrange
        self._step: Action | None = None

    def refresh(self) -> None:
        """Follow the announced step, if it is a new one."""
        player = self._session.player
        step = player.step_gate.next
        if not self.on or not player.under_way or step is None or step is self._step:
            return
        self._step = step
        shown = [column.handle for column in self._shown()]
        self._arrange(wanted_columns(step, player.outcome(), shown, player.step_gate.taken))
        background_tasks.create(self._lead(step), name="follow the exercise")

    async def _lead(self, step: Action) -> None:
        """Leave time to see the unread marks, then open the places of the step and of new messages."""
        player = self._session.player
        places = {column.handle: newest_place(player.outcome(), column.handle) for column in self._shown()}
        places |= dict.fromkeys(player.step_gate.taken, "")  # a user who plays a part is not moved
        places[step.who] = step.place or (BOT_PLACE if step.kind == "presses" else "")
        moving = [column for column in self._shown() if not column.shows(places[column.handle])]
        if step.who:
            self._point(step.who, "")
        if moving:
            await asyncio.sleep(min(MARK_STANDS, PACE.least / 2))
        if step is not player.step_gate.next:
            return
        for column in moving:
            column.show(places[column.handle])
        await asyncio.sleep(0.2)  # until it is drawn
        self._point(step.who, step.text if step.kind == "presses" else "")

    def _point(self, handle: str, label: str) -> None:
        column = next((each for each in self._shown() if each.handle == handle), None)
        if column is not None and not column.element.is_deleted:
            with column.element:
                ui.run_javascript(f"{_POINT}({json.dumps([handle, label])})")


def newest_place(outcome: Sequence[Activity], handle: str) -> str:
    """Return the place of this person's newest message, or of a changed one; empty if there is none."""
    for kind in ("message", "updated"):
        for entry in reversed(outcome):
            if entry.kind == kind and handle in entry.seen_by:
                return entry.place
    return ""


def wanted_columns(
    step: Action, outcome: Sequence[Activity], shown: Sequence[str], taken: set[str]
) -> list[str]:
    """Return whose columns to show, with those that stay in their places.

    Who acts, whose part the user plays, who acted last, who then got a message, who is shown already.
    """
    acted = [entry.who for entry in outcome if entry.kind in DEEDS]
    told = [entry for entry in outcome if entry.kind == "message" and entry.place == BOT_PLACE]
    got_it = [handle for entry in told for handle in sorted(entry.seen_by)]
    best = list(dict.fromkeys(filter(None, [step.who, *sorted(taken), *acted, *got_it, *shown])))
    wanted = best[:MOST_COLUMNS]
    stay = [handle for handle in shown if handle in wanted]
    return [*stay, *(handle for handle in wanted if handle not in stay)]
