"""Controlling a demo: exercises, faults, log, outbox, columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.page.browser import PATIENCE, BrowserWindow
from tests.page.conftest import Opens, running_demo


@pytest.fixture(scope="module")
def demo(chromium: object) -> Iterator[str]:
    """Yield a demo without mail, in which each step is announced until the test has paused."""
    with running_demo("--port", "0", "--no-mail", pace=120.0) as address:
        yield address


def test_an_exercise_is_played_paused_stepped_and_taken_over(opens: Opens) -> None:
    window = opens("koordinator", "utenforstaende", width=1500)
    panel = window.opens_panel("Øvelser")
    expect(panel.get_by_text("Seks tjenester kalles inn")).to_be_visible()
    panel.get_by_role("button", name="Spill av «Den første saken»").click()

    koordinator = window.as_("koordinator")
    caption = window.page.locator(".caption")
    told = caption.locator(".caption-what")
    expect(told).to_have_text("Neste: utenforstående skriver /tot sak", timeout=PATIENCE)
    expect(caption).to_contain_text("får samme svar enten det finnes en sak eller ikke")
    caption.get_by_role("button", name="Pause").click()
    caption.get_by_role("button", name="Neste steg").click()
    expect(told).to_have_text("Neste: koordinator skriver /tot sak i overmorgen kl 10")
    panel = window.opens_panel("Øvelser")

    # Now a human plays the coordinator: the exercise waits for them and then continues.
    panel.get_by_label("Disse spiller jeg selv").first.click()
    window.page.get_by_role("option", name="koordinator", exact=True).click()
    window.page.keyboard.press("Escape")
    expect(told).to_contain_text("Nå er det din tur")
    # A button that opens the same form counts as the command.
    koordinator.goes_home()
    koordinator.column.get_by_role("button", name="Opprett sak").click()
    koordinator.sees_dialog("Opprett sak")
    expect(told).to_contain_text("fyller ut")
    caption.get_by_role("button", name="Gjør det for meg").click()
    expect(told).to_contain_text("vara-koordinator trykker", timeout=PATIENCE)
    expect(koordinator.dialog).to_have_count(0)

    # A person's work is not deleted without asking.
    panel.get_by_role("button", name="Begynn på nytt").click()
    asking = window.page.locator(".asking")
    expect(asking.get_by_role("button", name="Avbryt")).to_be_focused()
    asking.get_by_role("button", name="Avbryt").click()
    expect(asking).to_be_hidden()
    expect(koordinator.room()).to_have_count(1)
    panel.get_by_role("button", name="Begynn på nytt").click()
    asking.get_by_role("button", name="Tøm og begynn").click()
    expect(window.as_("koordinator").room()).to_have_count(0, timeout=PATIENCE)
    window.has_seen_the_server_restart()


def _under_the_hood(window: BrowserWindow, tab: str) -> Locator:
    panel = window.opens_panel("Under panseret")
    panel.get_by_role("tab", name=tab).click()
    return panel


def test_a_fault_hits_and_nothing_is_lost(opens: Opens) -> None:
    window = opens("helse", width=1400)
    helse = window.as_("helse")
    helse.goes_to("TOT")
    faults = _under_the_hood(window, "Feil")
    faults.get_by_role("button", name="429 på neste kall", exact=True).click()
    expect(faults.get_by_text("Venter: 429 på neste kall")).to_be_visible()
    helse.types("jeg kommer")
    expect(faults.get_by_text("Har truffet: 429 på neste kall")).to_be_visible(timeout=PATIENCE)
    expect(helse.feed.get_by_text("Ingenting venter på deg nå")).to_be_visible(timeout=PATIENCE)

    faults.get_by_role("button", name="Bryt forbindelsen").click()
    first = helse.feed.locator("article").last.get_attribute("data-ts")
    helse.types("jeg kommer")
    # The later answer takes the place of the first.
    expect(helse.feed.locator(f'article[data-ts="{first}"]')).to_have_count(0, timeout=PATIENCE)
    expect(helse.feed.locator("article").last).to_contain_text("Ingenting venter på deg nå")
    faults.get_by_role("button", name="Slå av alle feil").click()
    expect(faults.get_by_text("Har truffet")).to_have_count(0)


def test_the_log_shows_calls_with_arguments_and_the_outbox_what_is_due(opens: Opens) -> None:
    window = opens("koordinator", width=1400)
    window.as_("koordinator").goes_home()
    log = _under_the_hood(window, "Logg")
    row = log.locator("details").filter(has_text="views.publish").first
    row.locator("summary").click()
    expect(row.locator("pre").first).to_contain_text('"user_id"')
    expect(row.locator("pre").last).to_contain_text('"ok": true')
    log.get_by_role("tab", name="Utboks").click()
    expect(log.get_by_text("Ingenting venter.", exact=True).or_(log.locator("th").first)).to_be_visible()
    post = window.opens_panel("Post")
    expect(post.get_by_text("Start uten --no-mail")).to_be_visible()


def test_people_are_put_side_by_side_and_taken_away(opens: Opens) -> None:
    window = opens("koordinator")
    window.adds_person()
    columns = window.page.locator("section.person-column")
    expect(columns).to_have_count(2)
    window.page.get_by_label("Du er").last.click()
    window.page.get_by_role("option", name="barnevern", exact=True).click()
    expect(columns.last).to_have_attribute("data-who", "barnevern")
    expect(window.page).to_have_url(re.compile("som=koordinator%2Cbarnevern&"))
    columns.first.get_by_role("button", name="Lukk kolonnen").click()
    expect(columns).to_have_count(1)
    expect(columns).to_have_attribute("data-who", "barnevern")
