"""Plays an exercise step by step, and checks every scene of a new shape."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from playwright.async_api import Locator, Page

from sandbox.activity import render_message
from sandbox.model import Channel, Ephemeral, Message
from sandbox.page.session import Session
from tests.page.look.eyes import SIZES, Eyes

#: Everybody is in one window, and shown alone when checked; animations are off, so none is waited for.
_STILL = """
* { transition: none !important; animation: none !important; }
section[data-who]:not([data-looked-at]) { display: none !important; }
"""
_COUNT = "count => document.querySelectorAll('section[data-who]').length === count"
_LOOK_AT = """
handle => document.querySelectorAll("section[data-who]")
    .forEach(each => each.toggleAttribute("data-looked-at", each.dataset.who === handle))
"""
#: The page shows the workspace after this many changes.
_DRAWN = "count => Number(document.querySelector('.clock .time')?.dataset.drawn) >= count"
_LONGEST_STEP = 120
"""Seconds."""
#: Opens a place, which may be in a hidden list.
_CLICK = "each => each.click()"


def shape(blocks: list[dict[str, Any]], form: str = "") -> str:
    """Return the shape of a message or form: equal for the same fields and buttons, in any number."""
    return json.dumps([form, *sorted(set(_kinds(blocks)))])


def _kinds(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        told = (str(value[key]) for key in ("type", "style") if isinstance(value.get(key), str))
        yield " ".join([*told, re.sub(r"[\d:.]+.*", "", str(value.get("action_id", "")))])
        if value.get("accessory"):
            yield "accessory"
        inner = [each for key, each in value.items() if key not in ("options", "option_groups")]
    else:
        inner = value if isinstance(value, list) else []
    for each in inner:
        yield from _kinds(each)


#: Does something on the page, or shows something for a check, in the present width.
Look = Callable[[], Awaitable[None]]


@dataclass
class Scenes:
    """One exercise, in a window that shows everybody in it."""

    session: Session
    eyes: Eyes
    seen: set[str]
    """The shapes checked so far, in this exercise or an earlier one."""
    name: str
    _n: int = 0
    _checked: dict[tuple[str, str], object] = field(default_factory=dict)
    """Messages compared with the known shapes → their blocks then."""

    @property
    def page(self) -> Page:
        return self.eyes.page

    async def play(self, address: str) -> None:
        """Play it from its first step to its end."""
        player, gate = self.session.player, self.session.player.step_gate
        gate.pause()
        await self.page.goto(f"{address}?som={','.join(self.session.cast)}&mode=auto")
        await self.page.locator("section .composer").last.wait_for(state="attached")
        await self.page.add_style_tag(content=_STILL)
        await self._stay()
        changes = player.runner.sandbox.workspace.changes
        done = None
        while not player.over:
            await changes.until(lambda done=done: gate.next not in (None, done) or player.over, _LONGEST_STEP)  # type: ignore[misc]
            await self._look_around()
            done = gate.next
            gate.step()
        await self._look_around()
        if player.stopped:
            self.eyes.found[f"the exercise stopped: {player.stopped}"] = [self.name]

    async def _stay(self) -> None:
        """Choose the shown person manually: the columns stop following the exercise."""
        close = self.page.locator("section[data-who] .c-head .icon-button:not(.menu)")
        if await close.count():
            await close.last.evaluate(_CLICK)
        add = self.page.locator(".bar-choices .bar-button").first
        for _ in self.session.cast:
            await add.evaluate(_CLICK)
        await self.page.wait_for_function(_COUNT, arg=len(self.session.cast))
        await self.page.locator("section .composer").last.wait_for(state="attached")

    async def _look_around(self) -> None:
        # Checking takes time, which the exercise must not notice, and in which nothing must fall due.
        with self.session.runner.sandbox.clock.held():
            await self.session.runner.until_idle()
            fresh = list(self._fresh())
            for size in SIZES if fresh else ():
                await self.eyes.be(size)
                for look in fresh:
                    await look()

    async def _settled(self) -> None:
        """Wait until the bot has answered and delivered, and the page shows it: no redraw is pending."""
        await self.session.runner.until_idle()
        changes = self.session.runner.sandbox.workspace.changes
        await self.page.wait_for_function(_DRAWN, arg=changes.count)

    def _fresh(self) -> Iterator[Look]:
        """Yield everything of a new shape."""
        for handle in self.session.cast:
            person = self.session.person(handle)
            view = person.modal_view()
            if view is not None:
                wrong = "wrong" if view.errors else ""
                if self._is_new(view.blocks, f"form {view.payload.get('callback_id')} {wrong}"):
                    title = str(view.payload["title"]["text"])
                    yield partial(self._form, handle, self._named("form", f"{title} {wrong}"))
                continue
            for channel in person.places():
                for item in person.latest(channel, 40):
                    key = (channel.id, item.ts)
                    if self._checked.get(key) is item.blocks:
                        continue
                    self._checked[key] = item.blocks
                    kind = "ephemeral" if isinstance(item, Ephemeral) else "message"
                    if self._is_new(item.blocks, kind):
                        name = self._named(kind, f"{handle} {self._told(item)}")
                        yield partial(self._message, handle, channel, item, name)
            home = person.home_view()
            if home is not None and self._is_new(home.blocks, "home"):
                yield partial(self._home, handle, self._named("home", handle))

    def _is_new(self, blocks: list[dict[str, Any]], form: str) -> bool:
        key = shape(blocks, form)
        is_new = key not in self.seen
        self.seen.add(key)
        return is_new

    def _told(self, item: Message | Ephemeral) -> str:
        return render_message(self.session.runner.sandbox.workspace, item)

    def _named(self, kind: str, text: str) -> str:
        self._n += 1
        return f"{self.name} {self._n:03} {kind} {text[:40]}"

    async def _column(self, handle: str) -> Locator:
        """Show only this person's column."""
        await self.page.evaluate(_LOOK_AT, handle)
        return self.page.locator(f'section[data-who="{handle}"]')

    async def _go(self, handle: str, key: str) -> Locator:
        column = await self._column(handle)
        place = f'.place[data-key="{key}"]'
        await column.locator(place).evaluate(_CLICK)
        await column.locator(f"{place}[aria-current=page]").wait_for(state="attached")
        await self._settled()
        return column

    async def _form(self, handle: str, name: str) -> None:
        dialog = (await self._column(handle)).locator("[role=dialog]").last
        await self._settled()
        await dialog.wait_for()
        await self.eyes.look_and_open(name, dialog, overlay=True)

    async def _message(self, handle: str, channel: Channel, item: Message | Ephemeral, name: str) -> None:
        column = await self._go(handle, channel.id)
        article = column.locator(f'[data-ts="{item.ts}"]')
        await article.wait_for(state="attached")
        await self.eyes.look_and_open(name, article)

    async def _home(self, handle: str, name: str) -> None:
        column = await self._go(handle, self.session.person(handle).channel("tot-bot").id)
        tabs = column.get_by_role("tab")
        await tabs.first.evaluate(_CLICK)
        home = column.locator(".home")
        await home.locator(".home-inner").wait_for()
        await self._settled()
        await self.eyes.look_and_open(name, home)
        await tabs.last.evaluate(_CLICK)

    # --- the page around the messages

    async def look_at_places(self) -> None:
        """Check the bar, the panels, a column with its lists and its composer: every width, all openers."""
        for size in SIZES:
            await self.eyes.be(size)
            await self.eyes.look_and_open("place caption", self.page.locator(".caption"))
            await self._bar_and_panels()
            await self._column_parts(self.session.cast[0])

    async def look_at_welcome(self, address: str) -> None:
        """Check the page as a newcomer sees it."""
        await self.page.goto(address)
        await self._settled()
        for size in SIZES:
            await self.eyes.be(size)
            await self.eyes.look_and_open("place welcome", self.page.locator(".welcome"))
            await self.eyes.look("place page", self.page.locator("html"))

    async def _bar_and_panels(self) -> None:
        bar, panel = self.page.locator("header.bar"), self.page.locator("aside.panel")
        await self.eyes.look_and_open("place bar", bar)
        for opener in await bar.locator("[aria-controls=panel]").all():
            await self._unfolded(bar)
            label = await opener.text_content()
            await opener.click()
            await panel.wait_for()
            await self._settled()
            await self.eyes.look_and_open(f"place panel {label}", panel, overlay=True)
            await panel.locator(".p-head button").click()
            await panel.wait_for(state="hidden")

    async def _unfolded(self, bar: Locator) -> None:
        """Open the bar's overflow."""
        more = bar.locator(".bar-more[aria-expanded=false]")
        if await more.is_visible():
            await more.click()

    async def _column_parts(self, handle: str) -> None:
        general = self.session.person(handle).channel("generelt")
        column = await self._go(handle, general.id)
        await self.eyes.look_and_open("place head", column.locator(".c-head"))
        menu, places = column.locator(".c-head .menu"), column.locator(".side")
        if await menu.is_visible():
            await self._shown("place list", menu.click, places, menu.click)
        else:
            await self.eyes.look("place list", places)
        await self.eyes.look("place room", column.locator(".room"))
        box, offered = column.locator(".composer textarea"), column.locator(".completion")
        await self._shown("place commands", partial(box.fill, "/"), offered, partial(box.fill, ""))
        shortcuts = column.locator(".composer-box .icon-button").first
        await self._shown("place shortcuts", shortcuts.click, offered, shortcuts.click)

    async def _shown(self, name: str, opens: Look, root: Locator, closes: Look) -> None:
        """Check something that is open for a while."""
        await opens()
        await root.wait_for()
        await self.eyes.look(name, root, overlay=True)
        await closes()
        await root.wait_for(state="hidden")
