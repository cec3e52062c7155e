"""A thumb on a phone: from Home to Send, each tap and each typed character counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.page.browser import BrowserWindow, PersonColumn
from tests.page.conftest import Opens

#: A phone, and the most taps beside those that choose the agencies (issue 20).
PHONE = {"width": 390, "height": 664}
MOST_TAPS = 7
AGENCIES = ("Politiet", "Bistandsadvokaten")


@dataclass
class Thumb:
    """Taps what is in sight, or comes into sight by scrolling; it has no keyboard."""

    window: BrowserWindow
    taps: int = 0

    def on(self, target: Locator) -> None:
        target.click()
        self.taps += 1

    @property
    def typed(self) -> int:
        """The characters that have been typed in the page, by whatever way."""
        count: int = self.window.page.evaluate("window.typed")
        return count


def at_home(window: BrowserWindow) -> PersonColumn:
    column = window.as_("koordinator")
    column.goes_home()
    expect(column.column.get_by_role("button", name="Akutt: kall TOT sammen")).to_be_visible()
    window.page.evaluate(
        "window.typed = 0; document.addEventListener('input', event => {"
        " if (event.data) window.typed += event.data.length; }, true)"
    )
    return column


def test_from_home_to_send(opens: Opens) -> None:
    window = opens("koordinator", **PHONE)
    column, thumb = at_home(window), Thumb(window)
    thumb.on(column.column.get_by_role("button", name="Akutt: kall TOT sammen"))
    column.sees_dialog("Akutt: kall TOT sammen")
    for agency in AGENCIES:
        thumb.on(column.dialog.get_by_text(re.compile(f"^{agency} · ")))
    thumb.on(column.dialog.get_by_role("button", name="Se over", exact=True))
    column.sees_dialog("Se over og send")
    expect(column.dialog.get_by_text("Forslag til grunnlag for å dele")).to_be_visible()
    thumb.on(column.dialog.get_by_role("button", name="Send", exact=True))
    expect(column.dialog).to_contain_text("Gå til saksrommet")
    assert thumb.taps <= MOST_TAPS + len(AGENCIES)
    assert thumb.typed == 0
    # The room is one tap away.
    thumb.on(column.dialog.locator("[data-channel]"))
    column.sees("akuttfase")
    assert window.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_shortcut_from_anywhere(opens: Opens) -> None:
    """The coordinator gets the form; somebody else whom to ring, and the way to ask."""
    window = opens("koordinator", "utenforstaende")
    for handle, title in (("koordinator", "Akutt: kall TOT sammen"), ("utenforstaende", "Kall TOT sammen")):
        column = window.as_(handle)
        column.column.get_by_role("button", name="Snarveier").click()
        column.column.get_by_role("option", name="Akutt: kall TOT sammen").click()
        column.sees_dialog(title)
    stranger = window.as_("utenforstaende")
    expect(stranger.dialog.get_by_text("ring 112 eller barnevernvakten")).to_be_visible()
    stranger.submits("Be om TOT")
    expect(stranger.input("Hvor fort bør TOT møtes?")).to_be_visible()
