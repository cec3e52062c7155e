"""Leading a demo: exercises, faults, log, outbox, columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.page.browser import PATIENCE
from tests.page.conftest import Opens, running_demo


@pytest.fixture(scope="module")
def demo(chromium: object) -> Iterator[str]:
    """A demo in which each step stands announced until the test has paused, however long that takes."""
    with running_demo("--port", "0", pace=120.0) as address:
        yield address


def test_an_exercise_is_played_paused_stepped_and_taken_over(opens: Opens) -> None:
    window = opens("koordinator", "utenforstaende", width=1500)
    panel = window.opens_panel("Øvelser")
    expect(panel.get_by_text("Seks tjenester kalles inn")).to_be_visible()
    panel.get_by_role("button", name="Spill av «Den første saken»").click()

    koordinator = window.as_("koordinator")
    panel = window.page.locator("aside.panel")
    expect(panel.get_by_text("Neste steg")).to_be_visible(timeout=PATIENCE)
    panel.get_by_role("button", name="Pause").click()
    expect(panel.get_by_role("button", name="Ett steg")).to_be_visible()
    told = panel.locator(".next-text")
    for _ in range(6):
        if "koordinator skriver" in told.inner_text():
            break
        before = told.inner_text()
        panel.get_by_role("button", name="Ett steg").click()
        expect(told).not_to_have_text(before)

    # Now a human plays the coordinator, and the exercise waits for them and goes on by itself.
    panel.get_by_label("Disse spiller jeg selv").first.click()
    window.page.get_by_role("option", name="koordinator", exact=True).click()
    window.page.keyboard.press("Escape")
    expect(panel.get_by_text("Nå er det din tur")).to_be_visible()
    koordinator.types("/tot sak i overmorgen kl 10")
    koordinator.sees_dialog("Opprett sak")
    expect(told).to_contain_text("fyller ut")
    panel.get_by_role("button", name="Gjør det for meg").click()
    expect(koordinator.input("Hvor mange personer").locator("input")).to_have_value("2")
    panel.get_by_role("button", name="Begynn på nytt").click()
    expect(window.as_("koordinator").dialog).to_have_count(0, timeout=PATIENCE)
    window.has_seen_the_server_restart()


def test_a_fault_hits_and_nothing_is_lost(opens: Opens) -> None:
    window = opens("helse", width=1400)
    helse = window.as_("helse")
    helse.goes_to("TOT")
    faults = window.opens_panel("Feil")
    faults.get_by_role("button", name="429 på neste kall", exact=True).click()
    expect(faults.get_by_text("Venter: 429 på neste kall")).to_be_visible()
    helse.types("jeg kommer")
    expect(faults.get_by_text("Har truffet: 429 på neste kall")).to_be_visible(timeout=PATIENCE)
    expect(helse.feed.get_by_text("Ingenting venter på deg nå")).to_be_visible(timeout=PATIENCE)

    faults.get_by_role("button", name="Bryt forbindelsen").click()
    helse.types("jeg kommer")
    expect(helse.feed.get_by_text("Ingenting venter på deg nå")).to_have_count(2, timeout=PATIENCE)
    faults.get_by_role("button", name="Slå av alle feil").click()
    expect(faults.get_by_text("Har truffet")).to_have_count(0)


def test_the_log_shows_calls_with_arguments_and_the_outbox_what_is_due(opens: Opens) -> None:
    window = opens("koordinator", width=1400)
    window.as_("koordinator").goes_to("TOT")
    log = window.opens_panel("Logg")
    row = log.locator("details").filter(has_text="chat.postMessage").first
    row.locator("summary").click()
    expect(row.locator("pre").first).to_contain_text('"channel"')
    expect(row.locator("pre").last).to_contain_text('"ok": true')
    outbox = window.opens_panel("Utboks")
    expect(
        outbox.get_by_text("Ingenting venter.", exact=True).or_(outbox.locator("th").first)
    ).to_be_visible()


def test_people_are_put_side_by_side_and_taken_away(opens: Opens) -> None:
    window = opens("koordinator")
    window.page.get_by_role("button", name="+ Person").click()
    columns = window.page.locator("section.person-column")
    expect(columns).to_have_count(2)
    window.page.get_by_label("Du er").last.click()
    window.page.get_by_role("option", name="barnevern", exact=True).click()
    expect(columns.last).to_have_attribute("data-who", "barnevern")
    expect(window.page).to_have_url(re.compile("som=koordinator%2Cbarnevern&"))
    columns.first.get_by_role("button", name="Lukk kolonnen").click()
    expect(columns).to_have_count(1)
    expect(columns).to_have_attribute("data-who", "barnevern")
