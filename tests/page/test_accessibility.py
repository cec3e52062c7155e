"""WCAG 2.2 A and AA, light and dark: axe-core on what people see, and menus that are open."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sandbox import cast
from tests.page.browser import BrowserWindow, is_still
from tests.page.conftest import Bot, Opens
from tests.page.test_drawing import BLOCKS, HELSE

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    # Of what is as it should be nothing needs to be told.
    "resultTypes": ["violations"],
}


def _violations(window: BrowserWindow) -> list[str]:
    if not window.page.evaluate("'axe' in window"):
        window.page.evaluate(Axe().axe_script)  # half a megabyte, once for each page
    found = window.page.evaluate("rules => axe.run(rules)", RULES)["violations"]
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.fixture(scope="module")
def blocks(demo: str) -> None:
    """A message with everything that a message can have."""
    Bot(demo).posts(HELSE, "reserve", BLOCKS)


@pytest.mark.parametrize(
    ("lang", "mode"),
    [
        ("nb", "light"),
        ("en", "dark"),
        pytest.param("nb", "dark", marks=pytest.mark.slow),
        pytest.param("en", "light", marks=pytest.mark.slow),
    ],
)
@pytest.mark.usefixtures("blocks")
def test_messages_places_and_panels(opens: Opens, mode: str, lang: str) -> None:
    window = opens("helse", "koordinator", mode=mode, lang=lang, width=1500)
    window.as_("helse").goes_to("TOT")
    window.as_("helse").types("/tot hjelp")
    window.is_still()
    assert _violations(window) == []
    for button in window.page.locator(".bar button[aria-controls=panel]").all():
        button.click()
        window.is_still()
        assert _violations(window) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_modal_with_errors_and_home(opens: Opens, mode: str) -> None:
    window = opens("koordinator", mode=mode)
    koordinator = window.as_("koordinator")
    koordinator.types("/tot sak")
    koordinator.sees_dialog("Opprett sak")
    koordinator.submits("Se over")
    expect(koordinator.wrong.first).to_be_visible()
    assert _violations(window) == []
    window.page.keyboard.press("Escape")
    koordinator.goes_to("TOT")
    koordinator.column.get_by_role("tab", name="Home").click()
    koordinator.column.get_by_role("button", name="Opprett sak").wait_for()
    assert _violations(window) == []


# --- menus that are open: a check of what is closed says nothing of them ------------------------------------

#: Of text of this size.
LEAST_CONTRAST = 4.5
OPTIONS = ("Politiet", "Barneverntjenesten", "Helsetjenesten")
#: Of each option in the open menu: its words, how much of their width is seen, and their contrast with what
#: is behind them.
_READ = """
() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((c, n) => c * a + under[n] * (1 - a));
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const own = channels(getComputedStyle(element).backgroundColor);
    return own[3] === undefined ? own : over(own, behind(element.parentElement));
  };
  const luminance = (colour) => colour.map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  return [...document.querySelectorAll(".q-menu .q-item")].map((item) => {
    const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT, (node) =>
      node.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
    const text = walker.nextNode(), range = document.createRange();
    range.selectNodeContents(text);
    const under = behind(text.parentElement);
    const lights = [over(channels(getComputedStyle(text.parentElement).color), under), under].map(luminance);
    const contrast = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    let { left, right } = range.getBoundingClientRect();
    for (let box = text.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflowX === "visible") continue;
      const edge = box.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
    }
    return [text.data.trim(), right - left, contrast];
  });
}
"""


def _text(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


_OFFERED = [{"text": _text(words), "value": words} for words in OPTIONS]
#: The option that is chosen has a colour of its own.
_CHOSEN: dict[str, dict[str, Any]] = {
    "static_select": {"initial_option": _OFFERED[0]},
    "multi_static_select": {"initial_options": _OFFERED[:1]},
}
MENUS: list[dict[str, Any]] = [
    {
        "type": "section",
        "text": _text("Tre menyer"),
        "accessory": {"type": "overflow", "action_id": "overflow", "options": _OFFERED},
    },
    {
        "type": "actions",
        "elements": [
            {"type": kind, "action_id": kind, "options": _OFFERED} | chosen
            for kind, chosen in _CHOSEN.items()
        ],
    },
]


def _can_be_read(page: Page, *options: str) -> None:
    menu = page.locator(".q-menu")
    expect(menu.locator(".q-item")).to_have_count(len(options))
    is_still(page)
    found = page.evaluate(_READ)
    assert [words for words, _, _ in found] == list(options)
    for words, width, contrast in found:
        assert (words, width > 0, contrast >= LEAST_CONTRAST) == (words, True, True), (width, contrast)


def _opened(window: BrowserWindow, kind: str) -> None:
    feed = window.as_("botilbud").feed
    if kind == "overflow":
        feed.get_by_role("button", name="Flere valg").last.click()
    else:
        feed.get_by_role("combobox").nth(list(_CHOSEN).index(kind)).click()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_open_menu_can_be_read(opens: Opens, bot: Bot, mode: str) -> None:
    bot.posts(cast.CAST["botilbud"], "reserve", MENUS)
    window = opens("botilbud", mode=mode, width=390, height=780)
    window.as_("botilbud").goes_to("TOT")
    for kind in (*_CHOSEN, "overflow"):
        _opened(window, kind)
        _can_be_read(window.page, *OPTIONS)
        window.page.keyboard.press("Escape")
        expect(window.page.locator(".q-menu")).to_have_count(0)
