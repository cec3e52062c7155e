"""Looks at what is drawn: closed, and with each thing open that opens; in every light and width."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ElementHandle, Locator, Page
from playwright.async_api import TimeoutError as NotSeen

SEE = Path(__file__).with_name("eyes.js").read_text("utf-8")
WIDE, NARROW = (1280, 800), (390, 780)
Mode = Literal["light", "dark"]
MODES: tuple[Mode, ...] = ("light", "dark")
#: What opens something when it is pressed, whatever it opens; a new kind of control is found by these too.
OPENERS = "[aria-haspopup], [role=combobox], [aria-expanded=false], summary"
#: What lies over the page when something is open.
POPUP = ".q-menu, .q-dialog__inner > *, [role=alertdialog]"
#: It opens in its place, and closes when it is pressed again.
_UNFOLDS = "each => each.tagName === 'SUMMARY' || !each.matches('[aria-haspopup], [role=combobox]')"
PATIENCE = 30_000
"""Milliseconds for what is pressed to open."""
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
#: What has just been opened or made narrower has found its place when it stays there for some frames.
_STEADY = """
element => new Promise(done => {
  let before = "", same = 0;
  const look = () => {
    const now = JSON.stringify(element.getBoundingClientRect());
    same = now === before ? same + 1 : 0;
    before = now;
    same > 4 ? done() : requestAnimationFrame(look);
  };
  look();
})
"""
_AXE = """
async ([root, rules]) => (await axe.run(root, rules)).violations.flatMap(rule =>
    rule.nodes.map(node => `axe ${rule.id}: ${(node.failureSummary.split("\\n")[1] ?? "").trim()} `
        + node.html.replace(/ (id|for|style|aria-controls|aria-describedby)="[^"]*"/g, "").slice(0, 160)))
"""


@dataclass
class Eyes:
    """Eyes on one page. What they find wrong is collected, each thing once."""

    page: Page
    pictures: Path | None = None
    """Where every picture goes; without it, those of what is wrong go to `on_failure`."""
    on_failure: Path = Path("look")
    sizes: tuple[tuple[int, int], ...] = (WIDE, NARROW)
    found: dict[str, list[str]] = field(default_factory=dict)
    """What is wrong → where it was seen."""
    looks: int = 0
    opened: int = 0
    _width: int = WIDE[0]
    _mode: Mode = "light"
    _known: set[tuple[str, int]] = field(default_factory=set)

    @asynccontextmanager
    async def at_width(self, size: tuple[int, int]) -> AsyncIterator[None]:
        if size[0] != self._width:
            await self.page.set_viewport_size({"width": size[0], "height": size[1]})
            await self.page.wait_for_timeout(60)
            self._width = size[0]
        yield

    async def look(self, name: str, root: Locator, *, overlay: bool = False) -> None:
        """Look at it in the light and in the dark, as wide as the page is now."""
        element = await root.element_handle(timeout=PATIENCE)
        assert element is not None
        await self.page.evaluate(_STEADY, element)
        for mode in (self._mode, *(each for each in MODES if each != self._mode)):
            if mode != self._mode:
                await self.page.emulate_media(color_scheme=mode)
                self._mode = mode
            wrong: list[str] = await self.page.evaluate(SEE, [element, overlay])
            # Nothing but colours is another in the dark, and those have been seen.
            wrong += await self._axe(element) if overlay and mode == "light" else []
            self.looks += 1
            await self._tell(f"{name} {self._width} {mode}", wrong)

    async def _axe(self, element: ElementHandle) -> list[str]:
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(Axe().axe_script)
        wrong: list[str] = await self.page.evaluate(_AXE, [element, RULES])
        return wrong

    async def _tell(self, where: str, wrong: list[str]) -> None:
        new = [each for each in wrong if each not in self.found]
        for each in wrong:
            self.found.setdefault(each, []).append(where)
        folder = self.pictures or (self.on_failure if new else None)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            await self.page.screenshot(path=folder / f"{file_name(where)}.png")

    async def look_and_open(self, name: str, root: Locator, *, overlay: bool = False) -> None:
        """Look at it, and at each thing that opens in it, in every width."""
        for size in self.sizes:
            async with self.at_width(size):
                await self.look_and_open_here(name, root, overlay=overlay)

    async def look_and_open_here(self, name: str, root: Locator, *, overlay: bool = False) -> None:
        """Look at it, and at each thing that opens in it, as wide as the page is now."""
        await root.scroll_into_view_if_needed(timeout=PATIENCE)
        await self.look(name, root, overlay=overlay)
        await self._open_each(name, root)

    async def _open_each(self, name: str, root: Locator) -> None:
        for opener in await root.locator(OPENERS).all():
            inner = opener.locator("[role=combobox]")
            if await inner.count() or not await opener.is_visible():
                continue  # the field around a combobox is opened by it
            label = await _label(opener)
            # The same list stands in many forms, and a log has a hundred rows of a kind.
            what = f"{name} {label}" if await opener.get_attribute("aria-haspopup") == "menu" else label
            if (what, self._width) not in self._known:
                self._known.add((what, self._width))
                await self._open(f"{name} › {label}", opener)

    async def _open(self, where: str, opener: Locator) -> None:
        await opener.scroll_into_view_if_needed(timeout=PATIENCE)
        if await opener.evaluate(_UNFOLDS):
            await opener.click(timeout=PATIENCE)
            await self.look(where, opener.locator(".."))
            await opener.click(timeout=PATIENCE)
            return
        popup = self.page.locator(POPUP).last
        try:
            await opener.click(timeout=PATIENCE)
            await popup.wait_for(timeout=PATIENCE)
        except NotSeen:
            await self._tell(f"{where} {self._width}", [f"does not open: «{where}»"])
            return
        self.opened += 1
        await self.look(where, popup, overlay=True)
        await self.page.keyboard.press("Escape")
        try:
            await popup.wait_for(state="detached", timeout=PATIENCE)
        except NotSeen:
            await self._tell(f"{where} {self._width}", [f"does not close with Escape: «{where}»"])


_LABEL = """
each => each.tagName === "SUMMARY" ? `row of ${each.closest("[aria-label]").ariaLabel}`
    : each.ariaLabel || each.textContent.trim() || each.className
"""


async def _label(opener: Locator) -> str:
    label: str = await opener.evaluate(_LABEL)
    return label


def file_name(words: str) -> str:
    """A telling name of a file."""
    return re.sub(r"[^\w›-]+", "-", words).strip("-").replace("›", "_")[:120]
