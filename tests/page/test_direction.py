"""Controlling a demo: exercises, the log, columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.page.browser import PATIENCE, BrowserWindow
from tests.page.conftest import Opens, running_demo
from tests.page.look.eyes import AXE, RULES


@pytest.fixture(scope="module")
def demo(chromium: object) -> Iterator[str]:
    """Yield a demo without mail, in which each step is announced until the test has paused."""
    with running_demo("--port", "0", "--no-mail", pace=120.0) as address:
        yield address


def test_an_exercise_is_played_paused_stepped_and_taken_over(opens: Opens, tmp_path: Path) -> None:
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
    expect(window.as_("vara-koordinator").column).to_be_visible()  # the columns follow
    with window.page.expect_download() as download:
        panel.get_by_role("button", name="Lagre forløpet").click()
    download.value.save_as(tmp_path / "run.html")
    _opens_anywhere(window, tmp_path / "run.html")

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


def _opens_anywhere(window: BrowserWindow, file: Path) -> None:
    """Open the kept run: readable on a phone, persons are chosen without a script, nothing is fetched."""
    page = window.page.context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="Den første saken")).to_be_visible()
    told = page.locator("details[open]", has_text="Ses av: barnevern").first
    expect(told).to_be_visible()
    page.evaluate(Axe().axe_script)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(AXE, [page.query_selector("html"), RULES]) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("utenforstående").check()
    expect(told).to_be_hidden()
    expect(page.locator("main details:visible")).to_contain_text(["Bare synlig for deg"])
    assert asked == [file.as_uri()]
    page.close()


def test_the_log_shows_calls_with_arguments_and_answers(opens: Opens) -> None:
    window = opens("koordinator", width=1400)
    window.as_("koordinator").goes_home()
    log = window.opens_panel("Under panseret")
    row = log.locator("details").filter(has_text="views.publish").first
    row.locator("summary").click()
    expect(row.locator("pre").first).to_contain_text('"user_id"')
    expect(row.locator("pre").last).to_contain_text('"ok": true')
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
