"""The messages of a place, kept current: only what changed is drawn again."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import UTC, datetime

from nicegui import ui

from sandbox.model import Channel, Ephemeral, Message, User
from sandbox.page import files, markup
from sandbox.page.blocks import Drawing
from sandbox.page.faces import face
from sandbox.page.hand import Hand
from sandbox.page.words import ZONE
from sandbox.shapes import message_values
from sandbox.workspace import Workspace

#: So many are drawn at first, and so many more with each press on «older».
MOST = 40

Item = Message | Ephemeral
_JOINS = {"channel_join": "line.joined", "channel_leave": "line.left"}


@dataclass
class _Drawn:
    item: Item
    look: tuple[object, ...]
    element: ui.element


class Feed:
    """The messages of one place in one column."""

    def __init__(self, ws: Workspace, hand: Hand) -> None:
        self._ws = ws
        self._hand = hand
        self._channel: Channel | None = None
        self._drawn: list[_Drawn] = []
        self._most = MOST
        with ui.element("div").classes("feed") as self.element:
            self._inner = ui.element("div").classes("feed-inner")
            self._beginning = ui.label().classes("beginning")
        self.element.props("role=log tabindex=0")

    def show(self, channel: Channel | None) -> None:
        """Shows this place from its end."""
        self._channel = channel
        self._most = MOST
        self._inner.clear()
        self._drawn.clear()
        if channel is not None:
            name = self._hand.place(channel)
            self.element.props["aria-label"] = self._hand.words("feed.label", place=name)
            self._beginning.set_text(self._hand.words("feed.beginning", place=name))
        self.refresh()

    def refresh(self) -> None:
        """Draws what is new or changed, and takes away what is gone."""
        if self._channel is None:
            return
        items = self._hand.eyes.latest(self._channel, self._most + 1)
        self._beginning.set_visibility(not items)
        more = len(items) > self._most
        wanted = [(item, self._look(before, item)) for before, item in _pairs(items[-self._most :])]
        same = 0
        for drawn, (item, look) in zip(self._drawn, wanted, strict=False):
            if drawn.item is not item or drawn.look != look:
                break
            same += 1
        if same == len(wanted) == len(self._drawn):
            return
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

    def _older(self, more: bool) -> None:
        first = next(iter(self._inner.default_slot.children), None)
        has = first is not None and "older" in first.classes
        if more and not has:
            with (
                self._inner,
                ui.element("button").classes("older slack-button").props("type=button") as button,
            ):
                ui.label(self._hand.words("feed.older"))
            button.on("click", self._show_older)
            button.move(target_index=0)
        elif has and not more and first is not None:
            first.delete()

    def _show_older(self) -> None:
        self._most += MOST
        self.refresh()

    def _look(self, before: Item | None, item: Item) -> tuple[object, ...]:
        """What decides how an item looks, beside itself."""
        day = _local(item.ts).date()
        new_day = before is None or _local(before.ts).date() != day
        follows = not new_day and _follows(before, item)
        gone = tuple(file.deleted for file in self._hand.eyes.files(item))
        return day if new_day else None, follows, gone, id(item.blocks), item.text

    def _draw(self, item: Item, look: tuple[object, ...]) -> ui.element:
        day, follows = look[0], look[1]
        with ui.element("div").classes("item") as whole:
            if day is not None:
                told = self._hand.words.day(_local(item.ts).date())
                ui.html(f"<span>{html.escape(told)}</span>", sanitize=False).classes("day-line")
            if isinstance(item, Message) and item.subtype in _JOINS:
                self._line(item)
            else:
                self._message(item, follows=bool(follows))
        return whole

    def _line(self, item: Message) -> None:
        user = self._ws.users[item.user]
        text = self._hand.words(_JOINS[item.subtype], who=user.display_name)
        ui.html(f"{face(user, small=True)}<span>{html.escape(text)}</span>", sanitize=False).classes(
            "join-line"
        )

    def _message(self, item: Item, *, follows: bool) -> None:
        words = self._hand.words
        with ui.element("article").classes("message" + (" follows" if follows else "")) as article:
            sender = self._sender(item)
            name = sender.display_name if sender else "Slackbot"
            article.props["aria-label"] = words("feed.from", who=name)
            article.props["data-ts"] = item.ts
            if isinstance(item, Ephemeral):
                article.classes("ephemeral")
                ui.html(f'<span aria-hidden="true">👁</span> {words("only-you")}', sanitize=False).classes(
                    "only-you"
                )
            head = "" if follows else self._head(item, sender, name)
            gutter = f"<span>{_local(item.ts):%H:%M}</span>" if follows else face(sender)
            ui.html(gutter, sanitize=False).classes("gutter")
            with ui.element("div").classes("body"):
                if head:
                    ui.html(head, sanitize=False).classes("head")
                self._content(item)

    def _sender(self, item: Item) -> User | None:
        if isinstance(item, Ephemeral):
            return None if item.from_slack else self._ws.bot
        return self._ws.users[item.user]

    def _head(self, item: Item, sender: User | None, name: str) -> str:
        app = ' <span class="app">APP</span>' if sender is None or sender.is_bot else ""
        thread = isinstance(item, Message) and item.thread_ts
        in_thread = f' <span class="edited">{self._hand.words("in-thread")}</span>' if thread else ""
        return f"<b>{html.escape(name)}</b>{app} <time>{_local(item.ts):%H:%M}</time>{in_thread}"

    def _content(self, item: Item) -> None:
        values = message_values(self._ws, self._hand.person.id, item) if isinstance(item, Message) else {}
        if item.blocks:
            Drawing(self._hand, item, values).draw(item.blocks)
        elif item.text:
            ui.html(markup.mrkdwn(item.text, self._hand.names), sanitize=False).classes("blocks-html b-text")
        if isinstance(item, Message) and item.edited and not item.by_bot:
            ui.label(self._hand.words("edited")).classes("edited")
        for file in self._hand.eyes.files(item):
            files.draw(file, self._hand.words)


def _pairs(items: list[Item]) -> list[tuple[Item | None, Item]]:
    return list(zip([None, *items], items, strict=False))


def _local(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC).astimezone(ZONE)


def _follows(before: Item | None, item: Item) -> bool:
    """As in Slack, a message soon after one of the same sender has no head of its own."""
    return (
        isinstance(before, Message)
        and isinstance(item, Message)
        and before.user == item.user
        and not before.subtype
        and not item.subtype
        and float(item.ts) - float(before.ts) < 5 * 60
    )
