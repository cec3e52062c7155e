"""Plays an exercise step by step, and shows the eyes whatever they have not seen the like of."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page

from sandbox.activity import render_message
from sandbox.model import Channel, Ephemeral, Message
from sandbox.page.session import Session
from tests.page.look.eyes import Eyes

#: Everybody is in one window, and alone in it when looked at; nothing that moves is waited for.
_STILL = """
* { transition: none !important; animation: none !important; }
section[data-who]:not([data-looked-at]) { display: none !important; }
"""
_LOOK_AT = """
handle => document.querySelectorAll("section[data-who]")
    .forEach(each => each.toggleAttribute("data-looked-at", each.dataset.who === handle))
"""
#: What a step leaves behind is drawn by then; what is not yet there is waited for.
_DRAWN = 0.05


def shape(blocks: list[dict[str, Any]], text: str) -> str:
    """The same of two messages or forms that differ only in names, times and counts."""
    return json.dumps(list(_kinds(blocks))) + re.sub(r"[\d\W_]+", " ", text)[:40]


def _kinds(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{key}={value[key]}" for key in ("type", "style") if isinstance(value.get(key), str))
        yield re.sub(r"[\d:.]+.*", "", str(value.get("action_id", "")))
        yield from (key for key in ("confirm", "optional") if value.get(key))
        inner = [each for key, each in value.items() if key not in ("options", "option_groups", "confirm")]
    else:
        inner = value if isinstance(value, list) else []
    for each in inner:
        yield from _kinds(each)


@dataclass
class Scenes:
    """One exercise, as a window shows it to everybody who is in it."""

    session: Session
    eyes: Eyes
    seen: set[str]
    """The shapes that have been looked at, in this exercise or one before."""
    name: str
    _n: int = 0

    @property
    def page(self) -> Page:
        return self.eyes.page

    async def play(self, address: str) -> None:
        """From its first step to its end."""
        player, gate = self.session.player, self.session.player.step_gate
        gate.pause()
        await self.page.goto(f"{address}?som={','.join(self.session.cast)}&mode=auto")
        await self.page.locator("section .composer").last.wait_for(state="attached")
        await self.page.add_style_tag(content=_STILL)
        await self.page.locator(".panel .p-head button").click()
        changes = player.runner.sandbox.workspace.changes
        while not player.over:
            await changes.until(lambda: gate.next is not None or player.over, 120)
            await self._look_around()
            gate.step()
            await asyncio.sleep(0)
        await self._look_around()
        if player.stopped:
            self.eyes.found[f"the exercise stopped: {player.stopped}"] = [self.name]

    async def _look_around(self) -> None:
        await asyncio.sleep(_DRAWN)
        clock = self.session.runner.sandbox.clock
        before, looks = clock.now(), self.eyes.looks
        await self._look_at_everybody()
        if self.eyes.looks > looks:
            # Looking takes time, of which the exercise is to know nothing.
            clock.move(before - clock.now())

    async def _look_at_everybody(self) -> None:
        for handle in self.session.cast:
            visibility = self.session.visibility(handle)
            view = visibility.modal()
            if view is not None:
                title = str(view.payload["title"]["text"])
                if self._is_new(view.blocks, f"{title} {'wrong' if view.errors else ''}"):
                    dialog = (await self._column(handle)).locator("[role=dialog]").last
                    await dialog.wait_for()
                    await self.eyes.look_and_open(self._named("form", title), dialog, overlay=True)
                continue
            for channel in visibility.channels():
                for item in visibility.latest(channel, 40):
                    if self._is_new(item.blocks, self._told(item)):
                        await self._message(handle, channel, item)
            home = visibility.home_view()
            if home is not None and self._is_new(home.blocks, "home"):
                async with self._at_home(handle) as shown:
                    await self.eyes.look_and_open(self._named("home", handle), shown)

    def _is_new(self, blocks: list[dict[str, Any]], text: str) -> bool:
        key = shape(blocks, text)
        is_new = key not in self.seen
        self.seen.add(key)
        return is_new

    def _told(self, item: Message | Ephemeral) -> str:
        return render_message(self.session.runner.sandbox.workspace, item)

    def _named(self, kind: str, text: str) -> str:
        self._n += 1
        return f"{self.name} {self._n:03} {kind} {text[:40]}"

    async def _column(self, handle: str) -> Locator:
        """Show only this one's column."""
        await self.page.evaluate(_LOOK_AT, handle)
        return self.page.locator(f'section[data-who="{handle}"]')

    async def _go(self, handle: str, key: str) -> Locator:
        """Open a place, which may be in a list that is put away."""
        column = await self._column(handle)
        place = f'.place[data-key="{key}"]'
        await column.locator(place).evaluate("each => each.click()")
        await column.locator(f"{place}[aria-current=page]").wait_for(state="attached")
        return column

    async def _message(self, handle: str, channel: Channel, item: Message | Ephemeral) -> None:
        column = await self._go(handle, channel.id)
        article = column.locator(f'[data-ts="{item.ts}"]')
        await article.wait_for(state="attached")
        kind = "ephemeral" if isinstance(item, Ephemeral) else "message"
        await self.eyes.look_and_open(self._named(kind, f"{handle} {self._told(item)}"), article)

    @asynccontextmanager
    async def _at_home(self, handle: str) -> AsyncIterator[Locator]:
        column = await self._go(handle, self.session.visibility(handle).channel("tot-bot").id)
        tabs = column.get_by_role("tab")
        await tabs.first.evaluate("each => each.click()")
        home = column.locator(".home")
        await home.locator(".home-inner").wait_for()
        yield home
        await tabs.last.evaluate("each => each.click()")

    # --- the page around the messages

    async def look_at_places(self) -> None:
        """The bar, the panels, a column with its lists and its composer: in every width, all that opens."""
        for size in self.eyes.sizes:
            async with self.eyes.at_width(size):
                await self._bar_and_panels()
                await self._column_parts(self.session.cast[0])

    async def _bar_and_panels(self) -> None:
        bar, panel = self.page.locator("header.bar"), self.page.locator("aside.panel")
        await self.eyes.look_and_open_here("place bar", bar)
        for opener in await bar.locator("[aria-controls=panel]").all():
            await self._unfolded(bar)
            label = await opener.text_content()
            await opener.click()
            await self.eyes.look_and_open_here(f"place panel {label}", panel, overlay=True)
            for tab in (await panel.get_by_role("tab").all())[1:]:
                await tab.click()
                named = f"place panel {label} {await tab.text_content()}"
                await self.eyes.look_and_open_here(named, panel, overlay=True)
            await panel.locator(".p-head button").click()
            await panel.wait_for(state="hidden")

    async def _unfolded(self, bar: Locator) -> None:
        """Open what the bar has no room for."""
        more = bar.locator(".bar-more[aria-expanded=false]")
        if await more.is_visible():
            await more.click()

    async def _column_parts(self, handle: str) -> None:
        general = self.session.visibility(handle).channel("generelt")
        column = await self._go(handle, general.id)
        await self.eyes.look_and_open_here("place head", column.locator(".c-head"))
        menu = column.locator(".c-head .menu")
        if await menu.is_visible():
            await menu.click()
            await self.eyes.look("place list", column.locator(".side"), overlay=True)
            await menu.click()
        else:
            await self.eyes.look("place list", column.locator(".side"))
        await self.eyes.look("place room", column.locator(".room"))
        box, offered = column.locator(".composer textarea"), column.locator(".completion")
        await box.fill("/")
        await offered.wait_for()
        await self.eyes.look("place commands", offered, overlay=True)
        await box.fill("")
        await offered.wait_for(state="hidden")
        shortcuts = column.locator(".composer-box .icon-button").first
        await shortcuts.click()
        await offered.wait_for()
        await self.eyes.look("place shortcuts", offered, overlay=True)
        await shortcuts.click()
