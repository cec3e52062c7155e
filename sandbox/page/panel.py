"""The panel at the side: exercises, what came due, mail, and the calls to Slack."""

from __future__ import annotations

import functools
import html
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from nicegui import ui

from sandbox.activity import Activity
from sandbox.cast import WORK_MAILS
from sandbox.exercises.ways import said
from sandbox.mail.calendar import Entry, PartStat, scheduling_part
from sandbox.mail.clients import Client
from sandbox.mail.servers import MailServers, SentMail
from sandbox.model import Call
from sandbox.page.session import Session
from sandbox.page.teaching import Teaching
from sandbox.page.widgets import LIST, LIST_OF_MANY, button, icon_button
from sandbox.page.words import ZONE, Words

_PRIMARY = "slack-button primary"
TABS = ("exercises", "came", "mail", "hood")


class Tab(Protocol):
    element: ui.element

    def refresh(self) -> None:
        """Redraw the tab if it has changed."""


class Panel:
    """The panel, which shows one tab or is closed."""

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
                "hood": LogTab(session, words),
            }
        for name, each in self._tabs.items():
            each.element.props("tabindex=0 role=group")  # so that it can be scrolled by keyboard
            each.element.props["aria-label"] = words(f"panel.{name}")
            each.element.props["data-keep"] = f"panel {name}"
        self.toggle("")

    def toggle(self, tab: str) -> None:
        """Open this tab, or close the panel if the tab is already open."""
        self._tab = "" if tab == self._tab else tab
        self.element.set_visibility(bool(self._tab))
        for name, each in self._tabs.items():
            each.element.set_visibility(name == self._tab)
        if self._tab:
            self._title.set_content(self._words(f"panel.{self._tab}"))
            self.element.props["aria-label"] = self._words(f"panel.{self._tab}")
        self.refresh()

    def tell_what_came(self, since: int, *, opens: bool) -> int:
        """Show what happened since this entry of the log, after the clock was moved; return how much.

        The panel opens only if `opens`, because in a narrow window it would cover the columns.
        """
        self._came.since = since
        if opens and self._tab != "came":
            self.toggle("came")
        self.refresh()
        return len(self._came.entries())

    def refresh(self) -> None:
        """Redraw the open tab if it has changed."""
        if self._tab:
            self._tabs[self._tab].refresh()


class ExercisesTab:
    """The exercises, the parts that the user plays, and a button to begin again."""

    def __init__(self, session: Session, words: Words, teaching: Teaching) -> None:
        self._session = session
        self._words = words
        self._teaching = teaching
        self._drawn: object = None
        self.element = ui.element("div").classes("p-body")

    def refresh(self) -> None:
        """Redraw if an exercise began or ended, or a part was taken."""
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
                    button(words("exercise.play"), play, _PRIMARY, label=label)
        anew = functools.partial(self._teaching.begins, "")
        for key, pressed in (("exercise.anew", anew), ("run.save", self._teaching.saves)):
            with ui.element("div").classes("card"):
                ui.label(words(f"{key}.told"))
                button(words(key), pressed)

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


_MOST_CALLS = 100
#: Kinds of activity that people newly see when something falls due.
SEEN = ("message", "updated", "removed", "joined", "archived", "home")
#: Kinds shown with their first line; in other kinds it repeats the place, or is the sandbox's own English.
_WITH_WORDS = ("message", "updated")
_SHOWN_CHARACTERS = 4000


class CameTab:
    """The news that people saw while the clock was moved."""

    def __init__(self, session: Session, words: Words) -> None:
        self._session = session
        self._words = words
        self.since = 0
        """Index of the first entry of the log that is told."""
        self._look = (-1, -1)
        self.element = ui.element("div").classes("p-body").props("role=status")

    def refresh(self) -> None:
        look = (self.since, len(self._session.runner.sandbox.activity))
        if look == self._look:
            return
        self._look = look
        came = self.entries()
        self.element.clear()
        with self.element:
            if not came:
                ui.label(self._words("came.nothing"))
            else:
                ui.html("".join(self._told(entry) for entry in reversed(came[-60:])), sanitize=False)

    def entries(self) -> list[Activity]:
        """Return what somebody has seen since."""
        return [e for e in self._session.runner.sandbox.activity.since(self.since) if e.kind in SEEN]

    def _told(self, entry: Activity) -> str:
        ws = self._session.runner.sandbox.workspace
        readers = ", ".join(ws.user(handle).display_name for handle in sorted(entry.seen_by))
        first = entry.text.splitlines()[0] if entry.text and entry.kind in _WITH_WORDS else ""
        place = self._words("place.direct") if entry.place == "tot-bot" else entry.place
        place = self._words("place.home") if place == "home" else place
        what = self._words(f"came.{entry.kind}", who=ws.user(entry.who).display_name)
        at = self._words.moment(entry.time)
        seen_by = self._words("came.seen-by", who=readers) if readers else ""
        return (
            f'<div class="came"><div class="came-when">{html.escape(at)} · {html.escape(place)}</div>'
            f'<div class="came-what"><b>{html.escape(what)}</b> {html.escape(first.replace("*", ""))}</div>'
            f'<div class="came-who">{html.escape(seen_by)}</div></div>'
        )


class LogTab:
    """The Web API calls, newest first, with arguments and answers."""

    def __init__(self, session: Session, words: Words) -> None:
        self._session = session
        self._words = words
        with ui.element("div").classes("p-body") as self.element:
            self._told = ui.label().classes("told")
            self._rows = ui.element("div").classes("log-rows")
        self._drawn = 0

    def refresh(self) -> None:
        calls = self._session.runner.sandbox.workspace.calls
        done = [call for call in calls[self._drawn :] if call.status is not None or call.fault]
        if not done:
            return
        first = max(self._drawn, len(calls) - _MOST_CALLS)
        with self._rows:
            for call in calls[first:]:
                ui.html(_call(call), sanitize=False).move(target_index=0)
        self._drawn = len(calls)
        for old in self._rows.default_slot.children[_MOST_CALLS:]:
            old.delete()
        self._told.set_text(self._words("log.count", count=len(calls)))


def _call(call: Call) -> str:
    at = datetime.fromisoformat(call.time).astimezone(ZONE)
    ended = "ok" if call.ok else call.error or (str(call.status) if call.status else "–")
    mark = "good" if call.ok else "bad"
    fault = f" ⚡{html.escape(call.fault)}" if call.fault else ""
    return (
        f"<details><summary><span>{at:%H:%M:%S}</span> <b>{html.escape(call.method)}</b> "
        f'<span class="{mark}">{html.escape(ended)}{fault}</span></summary>'
        f"<pre tabindex=0>{_json(call.arguments)}</pre><pre tabindex=0>{_json(call.answer)}</pre></details>"
    )


def _json(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return html.escape(text[:_SHOWN_CHARACTERS] + ("…" if len(text) > _SHOWN_CHARACTERS else ""))


_CLIENTS: dict[Client, str] = {"outlook": "Outlook", "google": "Google", "apple": "Apple"}
_ANSWERS: tuple[PartStat, ...] = ("ACCEPTED", "TENTATIVE", "DECLINED")
_MOST_MAILS = 30


def mailboxes(sent: Sequence[SentMail]) -> dict[str, str]:
    """Return mailbox → name: the cast's, and by address those of other people who have got mail."""
    others = {each.recipient for each in sent} - set(WORK_MAILS.values())
    return {name: name for name in (*WORK_MAILS, *sorted(others))}


class MailTab:
    """One person's mail and calendar. The person and their mail program are chosen at the top."""

    def __init__(self, session: Session, words: Words) -> None:
        self._session = session
        self._words = words
        self._look: tuple[object, ...] = ()
        self._whose = next(iter(WORK_MAILS))
        self._client: Client = "outlook"
        with ui.element("div").classes("p-body") as self.element:
            if session.runner.mail is None:
                ui.label(words("mail.none"))
                self._rows = ui.element("div")
                return
            people = mailboxes(session.runner.mail.sent)
            self._choice = ui.select(people, value=self._whose, label=words("mail.whose"))
            client = ui.select(_CLIENTS, value=self._client, label=words("mail.client"))
            client.on_value_change(lambda e: self._answer_with(e.value))
            self._choice.on_value_change(lambda e: self._choose(e.value))
            for choice in (self._choice, client):
                choice.props(f"outlined dense {LIST}").classes("post-choice")
            self._rows = ui.element("div").classes("post-rows")

    def refresh(self) -> None:
        mail = self._session.runner.mail
        if mail is None:
            return
        if self._choice.options != (people := mailboxes(mail.sent)):
            self._choice.set_options(people)
        address = WORK_MAILS.get(self._whose, self._whose)
        entries = sorted(mail.calendar(address).entries.values(), key=lambda e: e.starts_at)
        mails = [sent for sent in mail.sent if sent.recipient == address]
        look = (self._whose, len(mails), *((e.uid, e.sequence, e.partstat, e.cancelled) for e in entries))
        if look == self._look:
            return
        self._look = look
        self._rows.clear()
        with self._rows:
            self._heading("mail.calendar")
            if not entries:
                ui.label(self._words("mail.calendar-empty"))
            for entry in entries:
                self._entry(mail, entry)
            self._heading("mail.mailbox")
            if not mails:
                ui.label(self._words("mail.mailbox-empty"))
            for sent in reversed(mails[-_MOST_MAILS:]):
                ui.html(self._mail(sent), sanitize=False)

    def _choose(self, handle: str) -> None:
        self._whose = handle
        self.refresh()

    def _answer_with(self, client: Client) -> None:
        self._client = client

    def _heading(self, key: str) -> None:
        ui.label(self._words(key)).classes("group").props("role=heading aria-level=3")

    def _entry(self, mail: MailServers, entry: Entry) -> None:
        words = self._words
        standing = "cancelled" if entry.cancelled else entry.partstat.lower()
        with ui.element("div").classes("card entry") as card:
            card.props["data-standing"] = standing
            when = f"{words.moment(entry.starts_at)}–{entry.ends_at.astimezone(ZONE):%H:%M}"
            ui.label(when).classes("entry-when")
            ui.label(" · ".join(part for part in (entry.summary, entry.location) if part))
            ui.label(words(f"mail.{standing}")).classes("told")
            if entry.cancelled:
                return
            with ui.element("div").classes("row"):
                for answer in _ANSWERS:
                    made = button(
                        words(f"mail.press-{answer.lower()}"),
                        lambda answer=answer: self._answers(mail, entry, answer),
                    )
                    made.props["aria-pressed"] = "true" if entry.partstat == answer else "false"

    def _answers(self, mail: MailServers, entry: Entry, answer: PartStat) -> None:
        self._session.runner.answers(self._whose, answer, self._client, uid=entry.uid)
        self.refresh()

    def _mail(self, sent: SentMail) -> str:
        mail, text = sent.read()
        found = scheduling_part(sent.raw)
        kind = self._words(f"mail.method-{found[0].lower()}") if found is not None else ""
        told = " · ".join(part for part in (self._words.moment(sent.at), str(mail["From"]), kind) if part)
        return (
            f'<details class="mail"><summary><b>{html.escape(str(mail["Subject"]))}</b>'
            f'<span class="came-when">{html.escape(told)}</span></summary>'
            f"<pre>{html.escape(text)}</pre></details>"
        )
