"""A thumb on a phone: from Home to Send, with each tap and each typed character counted."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.page.conftest import Opens

#: A phone, and the most taps besides those that choose the agencies (issue 20).
PHONE = {"width": 390, "height": 664}
MOST_TAPS = 7
AGENCIES = ("Politiet", "Bistandsadvokaten")


#: Counts all taps and typing in the page from now on.
_COUNTED = """
() => {
  window.taps = window.typed = 0;
  document.addEventListener("click", () => window.taps++, true);
  document.addEventListener("input", event => { window.typed += (event.data ?? "").length; }, true);
}
"""


def test_from_home_to_send(opens: Opens) -> None:
    window = opens(**PHONE)  # the bare address, as `tot demo` prints it
    column = window.as_("koordinator")
    expect(window.page.locator(".welcome")).to_contain_text("Du er koordinator")
    window.page.get_by_role("button", name="Skjul dette").click()
    acute = column.column.get_by_role("button", name="Akutt: kall TOT sammen")
    expect(acute).to_be_visible()
    window.page.evaluate(_COUNTED)
    acute.click()
    column.sees_dialog("Akutt: kall TOT sammen")
    for agency in AGENCIES:
        column.dialog.get_by_text(re.compile(f"^{agency} · ")).click()
    column.dialog.get_by_role("button", name="Se over", exact=True).click()
    column.sees_dialog("Se over og send")
    expect(column.dialog.get_by_text("Forslag til grunnlag for å dele")).to_be_visible()
    column.dialog.get_by_role("button", name="Send", exact=True).click()
    expect(column.dialog).to_contain_text("Gå til saksrommet")
    taps, typed = window.page.evaluate("[window.taps, window.typed]")
    assert 3 <= taps <= MOST_TAPS + len(AGENCIES)
    assert typed == 0
    # The room is one tap away.
    column.dialog.locator("[data-channel]").click()
    column.sees("akuttfase")
    assert re.search(r"Neste møte: .* kl\.\u00a0\d", column.feed.inner_text()), "no line breaks there"
    assert window.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_shortcut_from_anywhere(opens: Opens) -> None:
    window = opens("koordinator", "utenforstaende")
    for handle, title in (
        ("koordinator", "Akutt: kall TOT sammen"),
        ("utenforstaende", "Be om at TOT samles"),
    ):
        column = window.as_(handle)
        column.column.get_by_role("button", name="Snarveier").click()
        column.column.get_by_role("option", name="Akutt: kall TOT sammen").click()
        column.sees_dialog(title)
