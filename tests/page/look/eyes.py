"""Checks what is drawn: closed, and with each opener open; in each width and its colour modes."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ElementHandle, Locator, Page
from playwright.async_api import TimeoutError as NotSeen

SEE = Path(__file__).with_name("eyes.js").read_text("utf-8")
Mode = Literal["light", "dark"]
Size = tuple[int, int]
WIDE, NARROW = (1280, 800), (390, 780)
#: Dark mode changes only colours, which are the same in every width.
SIZES: dict[Size, tuple[Mode, ...]] = {WIDE: ("light",), NARROW: ("light", "dark")}
#: Elements that open something when pressed; these also find new kinds of controls.
OPENERS = "[aria-haspopup], [role=combobox], [aria-expanded=false], summary"
#: Overlays on the page.
POPUP = ".q-menu, .q-dialog__inner > *"
#: Opens in place, and closes when pressed again.
_UNFOLDS = "each => each.tagName === 'SUMMARY' || !each.matches('[aria-haspopup], [role=combobox]')"
PATIENCE = 60_000
"""Milliseconds for what is pressed to open."""
#: Seconds for which a finding is rechecked before it is a fault: the page may still be drawing.
STAYS_WRONG = 15.0
#: Milliseconds between two rechecks.
PAUSE = 100
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
#: An element just opened or narrowed is in its final place after some unchanged frames.
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
#: Marks each opener: once open it may no longer match.
_MARK = """
(root, openers) => [...root.querySelectorAll(openers)]
    .map(each => each.dataset.opener ??= window.openers = (window.openers ?? 0) + 1)
"""
#: What a form on a phone, which fills the screen, loses from sight when something opens in it.
_HIDDEN = """
(popup, opener) => {
  const field = opener.closest(".d-body .q-select, .d-body .field-button");
  if (!field) return [];
  const foot = field.closest(".dialog").querySelector(".d-foot");
  const [opened, own, buttons] = [popup, field, foot].map((each) => each.getBoundingClientRect());
  return [
    [opened.top < own.bottom - 2, "its own field"],
    [opened.bottom > buttons.top, "the form's buttons"],
  ].filter(([isHidden]) => isHidden).map(([, what]) => `hidden by what opens: ${what}`);
}
"""
_HEARS = "each => each.matches('.q-menu') || each.contains(document.activeElement)"
AXE = """
async ([root, rules]) => !root.isConnected ? null : (await axe.run(root, rules)).violations.flatMap(rule =>
    rule.nodes.map(node => `axe ${rule.id}: ${(node.failureSummary.split("\\n")[1] ?? "").trim()} `
        + node.html.replace(/ (id|for|style|aria-controls|aria-describedby)="[^"]*"/g, "").slice(0, 160)))
"""


@dataclass
class Eyes:
    """Eyes on one page. Their findings are collected, each once."""

    page: Page
    pictures: Path | None = None
    """The folder for every picture; without it, pictures of faults go to `on_failure`."""
    on_failure: Path = Path("look")
    found: dict[str, list[str]] = field(default_factory=dict)
    """Each fault → where it was seen."""
    looks: int = 0
    opened: int = 0
    _size: Size = WIDE
    _mode: Mode = "light"
    _known: set[tuple[str, Size]] = field(default_factory=set)

    async def be(self, size: Size) -> None:
        """Set the page's width and height."""
        if size != self._size:
            await self.page.set_viewport_size({"width": size[0], "height": size[1]})
            await self.page.wait_for_function("width => innerWidth === width", arg=size[0])
            self._size = size

    async def _light(self, mode: Mode) -> None:
        if mode != self._mode:
            await self.page.emulate_media(color_scheme=mode)
            dark = "dark => document.body.classList.contains('body--dark') === dark"
            await self.page.wait_for_function(dark, arg=mode == "dark")
            self._mode = mode

    async def look(self, name: str, root: Locator, *, overlay: bool = False) -> None:
        """Check it in the present width, in every colour mode of that width."""
        for mode in sorted(SIZES[self._size], key=lambda mode: mode != self._mode):
            await self._light(mode)
            wrong = await self._stays_wrong(root, overlay=overlay)
            self.looks += 1
            await self._tell(f"{name} {self._size[0]} {mode}", wrong)

    async def _stays_wrong(self, root: Locator, *, overlay: bool) -> list[str]:
        """Return findings that stay wrong in every recheck; known ones are not waited for."""
        wrong = await self._see(root, overlay=overlay)
        given_up = time.monotonic() + STAYS_WRONG
        while any(each not in self.found for each in wrong) and time.monotonic() < given_up:
            await self.page.wait_for_timeout(PAUSE)
            again = set(await self._see(root, overlay=overlay))
            wrong = [each for each in wrong if each in again]
        return wrong

    async def _see(self, root: Locator, *, overlay: bool) -> list[str]:
        element = await root.element_handle(timeout=PATIENCE)
        assert element is not None
        await self.page.evaluate(_STEADY, element)
        wrong: list[str] = await self.page.evaluate(SEE, [element, overlay])
        axe = await self._axe(element) if self._size == WIDE else []
        return wrong + axe if axe is not None else await self._see(root, overlay=overlay)

    async def _axe(self, element: ElementHandle) -> list[str] | None:
        """Return what axe finds; None if the element has been redrawn meanwhile."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(Axe().axe_script)
        wrong: list[str] | None = await self.page.evaluate(AXE, [element, RULES])
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
        """Check it, and each opener in it, in the present width."""
        await root.evaluate("each => each.scrollIntoView({block: 'nearest'})", timeout=PATIENCE)
        await self.look(name, root, overlay=overlay)
        await self._open_each(name, root)

    async def _open_each(self, name: str, root: Locator) -> None:
        marks = await root.evaluate(_MARK, OPENERS, timeout=PATIENCE)
        for opener in [root.locator(f'[data-opener="{mark}"]') for mark in marks]:
            inner = opener.locator("[role=combobox]")
            if await inner.count() or not await opener.is_visible():
                continue  # a combobox opens the field around it
            label = await _label(opener)
            # The same list is in many forms, and a log has a hundred rows of a kind.
            what = f"{name} {label}" if await opener.get_attribute("aria-haspopup") == "menu" else label
            if (what, self._size) not in self._known:
                self._known.add((what, self._size))
                await self._open(f"{name} › {label}", opener)

    async def _open(self, where: str, opener: Locator) -> None:
        if await opener.evaluate(_UNFOLDS):
            await opener.click(timeout=PATIENCE)
            await self.look_and_open(where, opener.locator(".."))
            await opener.click(timeout=PATIENCE)
            return
        popup = self.page.locator(POPUP).last
        # A month is a dialog too: what finds the opener in the last dialog finds it no more.
        by = await opener.element_handle(timeout=PATIENCE)
        try:
            await opener.click(timeout=PATIENCE)
            await popup.wait_for(timeout=PATIENCE)
            self.opened += 1
            await self.look(where, popup, overlay=True)
            if self._size == NARROW:
                hidden: list[str] = await popup.evaluate(_HIDDEN, by)
                await self._tell(f"{where} {NARROW[0]}", hidden)
        except NotSeen:
            await self._tell(f"{where} {self._size[0]}", [f"does not open and stay open: «{where}»"])
            return
        try:
            # A dialog gets keys once it has focus; a menu gets them at once.
            await self.page.wait_for_function(_HEARS, arg=await popup.element_handle(), timeout=PATIENCE)
            await self.page.keyboard.press("Escape")
            await popup.wait_for(state="hidden", timeout=PATIENCE)
        except NotSeen:
            await self._tell(f"{where} {self._size[0]}", [f"does not close with Escape: «{where}»"])


_LABEL = r"""
each => each.tagName === "SUMMARY" ? `row of ${each.closest("[aria-label]").ariaLabel}`
    : (each.ariaLabel || each.textContent.trim() || each.className).replace(/: [^:]*\d{4}$/, "")
"""


async def _label(opener: Locator) -> str:
    label: str = await opener.evaluate(_LABEL)
    return label


def file_name(words: str) -> str:
    """Return a descriptive file name."""
    return re.sub(r"[^\w›-]+", "-", words).strip("-").replace("›", "_")[:120]
