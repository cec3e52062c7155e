"""The messages of a place, kept up to date: only what changed is redrawn."""

from __future__ import annotations

import html
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar
from nicegui import ui

from sandbox.model import PINNED, Channel, Ephemeral, File, Message, User
from sandbox.page import markup
from sandbox.page.blocks import Drawing
from sandbox.page.markup import EYE, PIN, face
from sandbox.page.session import Controller, is_news
from sandbox.page.widgets import button
from sandbox.page.words import ZONE, Words
from sandbox.serializers import message_values
from sandbox.workspace import Workspace

#: The number of messages drawn at first, and added with each press on «older».
MOST = 40
#: Seconds after an acknowledgement in which new messages count as an answer; seconds to wait for one.
REVEALS_FOR, LONGEST_ANSWER = 3.0, 60.0
#: Scrolls to the newest message, or to its beginning if it is too long for the view.
_REVEAL = """requestAnimationFrame(() => requestAnimationFrame(() => {
    const feed = getHtmlElement(%d), newest = [...feed.querySelectorAll("[data-ts]")].pop();
    if (newest && newest.offsetHeight > feed.clientHeight) newest.scrollIntoView({block: "start"});
    else feed.scrollTop = 0;
}))"""
#: Scrolls to the first unread message, once it is drawn.
_FROM_THE_FIRST = """requestAnimationFrame(() => requestAnimationFrame(() => {
    const first = getHtmlElement(%d);
    if (first) first.scrollIntoView({block: "start"});
}))"""

Item = Message | Ephemeral
_JOINS = {"channel_join": "line.joined", "channel_leave": "line.left", PINNED: "line.pinned"}


@dataclass
class _Drawn:
    item: Item
    look: tuple[object, ...]
    element: ui.element


class Feed:
    """The messages of one place in one column."""

    def __init__(self, ws: Workspace, controller: Controller) -> None:
        self._ws = ws
        self._controller = controller
        self._channel: Channel | None = None
        self._drawn: list[_Drawn] = []
        self._most = MOST
        self._reveals_until = 0.0
        with ui.element("div").classes("feed") as self.element:
            self._inner = ui.element("div").classes("feed-inner")
            self._beginning = ui.label().classes("beginning")
        self.element.props("role=log tabindex=0")

    def show(self, channel: Channel | None, unread: int = 0) -> None:
        """Show this place from the first `unread` message, as Slack does by default, or from its end."""
        self._channel = channel
        # Unread messages are drawn in addition, up to what a browser can handle at once.
        self._most = MOST + min(unread, MOST)
        self._inner.clear()
        self._drawn.clear()
        if channel is not None:
            name = self._controller.place(channel)
            self.element.props["aria-label"] = self._controller.words("feed.label", place=name)
            self.element.props["data-keep"] = f"{self._controller.person.id} {channel.id}"
            self._beginning.set_text(self._controller.words("feed.beginning", place=name))
        self.refresh()
        reader = self._controller.person.id
        news = [each for each in self._drawn if isinstance(each.item, Message) and is_news(each.item, reader)]
        if 0 < unread <= len(news):
            first = news[-unread].element
            first.client.run_javascript(_FROM_THE_FIRST % first.id)

    def reveals_what_comes(self, *, answered: bool) -> None:
        """Scroll to what comes next, because the person has sent something."""
        self._reveals_until = time.monotonic() + (REVEALS_FOR if answered else LONGEST_ANSWER)

    def refresh(self) -> None:
        """Draw new and changed messages, and remove deleted ones."""
        if self._channel is None:
            return
        items = self._controller.person.latest(self._channel, self._most + 1)
        self._beginning.set_visibility(not items)
        more = len(items) > self._most
        pairs = list(zip([None, *items], items, strict=False))[more:]
        wanted = [(item, self._look(before, item)) for before, item in pairs]
        both = zip(self._drawn, wanted, strict=False)
        same = all(drawn.item is item and drawn.look == look for drawn, (item, look) in both)
        if not same or len(wanted) != len(self._drawn):
            self._redraw(wanted, more)

    def _redraw(self, wanted: list[tuple[Item, tuple[object, ...]]], more: bool) -> None:
        kept = {drawn.item.ts: drawn for drawn in self._drawn}
        fresh: list[_Drawn] = []
        with self._inner:
            for item, look in wanted:
                old = kept.pop(item.ts, None)
                if old is not None and old.item is item and old.look == look:
                    fresh.append(old)
                    continue
                if old is not None:
                    old.element.delete()
                fresh.append(_Drawn(item, look, self._draw(item, look)))
        for gone in kept.values():
            gone.element.delete()
        self._drawn = fresh
        self._older(more)
        for n, drawn in enumerate(fresh):
            at = n + more
            if self._inner.default_slot.children[at] is not drawn.element:
                drawn.element.move(target_index=at)
        if time.monotonic() < self._reveals_until:
            self.element.client.run_javascript(_REVEAL % self.element.id)

    def _older(self, more: bool) -> None:
        first = next(iter(self._inner.default_slot.children), None)
        has = first is not None and "older" in first.classes
        if more and not has:
            with self._inner:
                older = button(self._controller.words("feed.older"), self._show_older, "older slack-button")
            older.move(target_index=0)
        elif has and not more and first is not None:
            first.delete()

    def _show_older(self) -> None:
        self._most += MOST
        self.refresh()

    def _look(self, before: Item | None, item: Item) -> tuple[object, ...]:
        """Return everything besides the item itself that decides how it is drawn."""
        day = _local(item.ts).date()
        new_day = before is None or _local(before.ts).date() != day
        follows = not new_day and _follows(before, item)
        gone = tuple(file.deleted for file in self._controller.person.files(item))
        return day if new_day else None, follows, gone, self._is_pinned(item), id(item.blocks), item.text

    def _draw(self, item: Item, look: tuple[object, ...]) -> ui.element:
        """Draw an item; one without buttons is a single element, so that a long list stays fast."""
        follows = bool(look[1])
        day = "" if look[0] is None else self._day(item)
        static = self._static(item, follows=follows)
        if static is not None:
            return ui.html(day + static, sanitize=False).classes("item")
        with ui.element("div").classes("item") as whole:
            if day:
                ui.html(day, sanitize=False)
            with ui.element("article").classes(self._classes(item, follows=follows)) as article:
                article.props["aria-label"] = self._label(item)
                article.props["data-ts"] = item.ts
                ui.html(self._beside(item, follows=follows), sanitize=False).classes("beside")
                with ui.element("div").classes("body"):
                    self._content(item)
        return whole

    def _static(self, item: Item, *, follows: bool) -> str | None:
        """Return the whole item as HTML, or None if it has interactive elements or files."""
        if isinstance(item, Message) and item.subtype in _JOINS:
            user = self._ws.users[item.user]
            text = self._controller.words(_JOINS[item.subtype], who=user.display_name)
            line = f"{face(user, small=True)}<span>{html.escape(text)}</span>"
            return f'<div class="join-line" data-ts="{item.ts}">{line}</div>'
        shown = Drawing(self._controller, item, {}).static(item.blocks)
        if shown is None or self._controller.person.files(item):
            return None
        if not item.blocks:
            shown = f'<div class="b-text">{markup.mrkdwn(item.text, self._controller.names)}</div>'
        if isinstance(item, Message) and item.edited and not item.by_bot:
            shown += f'<div class="edited">{self._controller.words("edited")}</div>'
        classes, label = self._classes(item, follows=follows), html.escape(self._label(item))
        beside = f'<div class="beside">{self._beside(item, follows=follows)}</div>'
        body = f'<div class="body blocks-html">{shown}</div>'
        return f'<article class="{classes}" data-ts="{item.ts}" aria-label="{label}">{beside}{body}</article>'

    def _day(self, item: Item) -> str:
        told = html.escape(self._controller.words.day(_local(item.ts).date()))
        return f'<div class="day-line"><span>{told}</span></div>'

    def _classes(self, item: Item, *, follows: bool) -> str:
        names = {
            "message": True,
            "follows": follows,
            "ephemeral": isinstance(item, Ephemeral),
            "pinned": self._is_pinned(item),
        }
        return " ".join(name for name, given in names.items() if given)

    def _is_pinned(self, item: Item) -> bool:
        return self._channel is not None and item.ts in self._channel.pins

    def _label(self, item: Item) -> str:
        return self._controller.words("feed.from", who=self._name(self._sender(item)))

    def _name(self, sender: User | None) -> str:
        return sender.display_name if sender else "Slackbot"

    def _beside(self, item: Item, *, follows: bool) -> str:
        """Return the lines above and to the left of a message: who sees it, sender and time."""
        shown = ""
        if isinstance(item, Ephemeral):
            shown = f'<div class="only-you">{EYE} {html.escape(self._controller.words("only-you"))}</div>'
        elif self._is_pinned(item):
            shown = f'<div class="only-you">{PIN} {html.escape(self._controller.words("pinned"))}</div>'
        if follows:
            return f'{shown}<div class="gutter"><span>{_local(item.ts):%H:%M}</span></div>'
        sender = self._sender(item)
        head = self._head(item, sender)
        return f'{shown}<div class="gutter">{face(sender)}</div><div class="head">{head}</div>'

    def _sender(self, item: Item) -> User | None:
        if isinstance(item, Ephemeral):
            return None if item.from_slack else self._ws.bot
        return self._ws.users[item.user]

    def _head(self, item: Item, sender: User | None) -> str:
        app = ' <span class="app">APP</span>' if sender is None or sender.is_bot else ""
        return f"<b>{html.escape(self._name(sender))}</b>{app} <time>{_local(item.ts):%H:%M}</time>"

    def _content(self, item: Item) -> None:
        if item.blocks:
            values = message_values(self._ws, self._controller.person.id, item)
            Drawing(self._controller, item, values).draw(item.blocks)
        elif item.text:
            ui.html(markup.mrkdwn(item.text, self._controller.names), sanitize=False).classes(
                "blocks-html b-text"
            )
        for file in self._controller.person.files(item):
            draw_file(file, self._controller.words)


def _local(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC).astimezone(ZONE)


def _follows(before: Item | None, item: Item) -> bool:
    """Return whether it is soon after a message of the same sender, and so has no head, as in Slack."""
    return (
        isinstance(before, Message)
        and isinstance(item, Message)
        and before.user == item.user
        and not before.subtype
        and not item.subtype
        and float(item.ts) - float(before.ts) < 5 * 60
    )


def draw_file(file: File, words: Words) -> None:
    """Draw a file as a card, with a button to save it."""
    if file.deleted:
        ui.label(words("file.deleted")).classes("file gone")
        return
    with ui.element("div").classes("file"):
        ui.html('<span aria-hidden="true">🗓</span>' if file.name.endswith(".ics") else "📄", sanitize=False)
        with ui.element("div").classes("file-told"):
            ui.label(file.name).classes("file-name")
            ui.label(_told(file, words)).classes("file-what")
        label = words("file.save-named", name=file.name)
        button(words("file.save"), lambda: ui.download.content(file.content, file.name), label=label)


def _told(file: File, words: Words) -> str:
    if not file.name.endswith(".ics"):
        return words("file.size", count=len(file.content))
    event = next(iter(Calendar.from_ical(file.content).walk("VEVENT")), None)
    if event is None:
        return words("file.calendar")
    start, end = event.decoded("DTSTART"), event.decoded("DTEND", None)
    told = [words.moment(start) if isinstance(start, datetime) else words.day(start)]
    if isinstance(end, datetime):
        told[0] += f"–{end.astimezone(ZONE):%H:%M}"
    told += [str(event[key]) for key in ("SUMMARY", "LOCATION") if event.get(key)]
    if str(event.get("STATUS", "")) == "CANCELLED":
        told.insert(0, words("file.cancelled"))
    return " · ".join(told)
