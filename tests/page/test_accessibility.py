"""WCAG 2.2 A and AA, light and dark: axe-core on what people see. `make look` checks what opens."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.page.conftest import Bot, Opens
from tests.page.look.eyes import AXE, RULES
from tests.page.test_drawing import BLOCKS, HELSE


def violations(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)  # half a megabyte, once for each page
    found: list[str] = page.evaluate(AXE, [page.query_selector("html"), RULES])
    return found


@pytest.fixture(scope="module")
def blocks(demo: str) -> None:
    """Post a message with everything that a message can have."""
    Bot(demo).posts(HELSE, "reserve", BLOCKS)


@pytest.mark.parametrize(("lang", "mode"), [("nb", "light"), ("en", "dark")])
@pytest.mark.usefixtures("blocks")
def test_messages_places_and_panels(opens: Opens, mode: str, lang: str) -> None:
    window = opens("helse", "koordinator", mode=mode, lang=lang, width=1500)
    window.as_("helse").goes_to("TOT")
    window.as_("helse").types("/tot hjelp")
    window.is_still()
    assert violations(window.page) == []
    for button in window.page.locator(".bar button[aria-controls=panel]").all():
        button.click()
        window.is_still()
        assert violations(window.page) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_modal_with_errors_and_home(opens: Opens, mode: str) -> None:
    koordinator = opens("koordinator", mode=mode).as_("koordinator")
    koordinator.opens_case_form("/tot sak")
    koordinator.submits("Se over")
    expect(koordinator.wrong.first).to_be_visible()
    assert violations(koordinator.page) == []
    koordinator.page.keyboard.press("Escape")
    koordinator.goes_home()
    koordinator.column.get_by_role("button", name="Opprett sak").wait_for()
    assert violations(koordinator.page) == []
