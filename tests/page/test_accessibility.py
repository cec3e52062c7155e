"""axe-core on what people see, in light and dark: WCAG 2.2 A and AA."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.page.conftest import Bot, Opens
from tests.page.desk import Desk
from tests.page.test_drawing import BLOCKS, HELSE

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    # Of what is as it should be nothing needs to be told.
    "resultTypes": ["violations"],
}


def _violations(desk: Desk) -> list[str]:
    if not desk.page.evaluate("'axe' in window"):
        desk.page.evaluate(Axe().axe_script)  # half a megabyte, once for each page
    found = desk.page.evaluate("rules => axe.run(rules)", RULES)["violations"]
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.fixture(scope="module")
def blocks(demo: str) -> None:
    """A message with everything that a message can have."""
    Bot(demo).posts(HELSE, "reserve", BLOCKS)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.usefixtures("blocks")
def test_messages_places_and_panels(opens: Opens, mode: str, lang: str) -> None:
    desk = opens("helse", "koordinator", mode=mode, lang=lang, width=1500)
    desk.as_("helse").goes_to("TOT")
    desk.as_("helse").types("/tot hjelp")
    desk.page.wait_for_timeout(300)
    assert _violations(desk) == []
    for button in desk.page.locator(".bar button[aria-controls=panel]").all():
        button.click()
        desk.page.wait_for_timeout(150)
        assert _violations(desk) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_modal_with_errors_and_home(opens: Opens, mode: str) -> None:
    desk = opens("koordinator", mode=mode)
    koordinator = desk.as_("koordinator")
    koordinator.types("/tot sak")
    koordinator.sees_dialog("Opprett sak")
    koordinator.submits("Se over")
    expect(koordinator.wrong.first).to_be_visible()
    assert _violations(desk) == []
    desk.page.keyboard.press("Escape")
    koordinator.goes_to("TOT")
    koordinator.column.get_by_role("tab", name="Hjem").click()
    koordinator.column.get_by_role("button", name="Opprett sak").wait_for()
    assert _violations(desk) == []
