"""Ten tasks for somebody who has never seen the page, by clicks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.browser import BrowserWindow
from tests.page.conftest import Opens, running_demo
from tests.page.test_accessibility import violations

#: The most clicks that each task may take.
MOST_CLICKS = {
    "open the form of an acute case": 1,
    "call two services together": 4,
    "see what an outsider sees": 1,
    "go to Friday at nine": 1,
    "watch an exercise, and be asked before the work is wiped": 2,
    "have it slower": 2,
    "see who is told, and what": 0,
    "play the coordinator oneself": 4,
    "have a whole move done": 1,
    "keep what was played": 1,
}


@pytest.fixture
def demo(chromium: object) -> Iterator[str]:
    """Yield a demo for this test only: one is a newcomer once."""
    with running_demo("--port", "0", "--no-mail", pace=1.0) as address:
        yield address


@dataclass
class Newcomer:
    """Clicks, and counts the clicks until their goal is reached."""

    page: Page
    clicks: int = 0
    took: dict[str, int] = field(default_factory=dict)

    def on(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).first

    def has(self, task: str) -> None:
        self.took[task], self.clicks = self.clicks, 0


@pytest.mark.slow  # an exercise is watched at human speed
def test_ten_tasks(opens: Opens, demo: str, tmp_path: Path) -> None:
    window = opens("koordinator", width=1400)
    # The bare address, as `tot demo` prints it.
    window.page.goto(demo)
    new = Newcomer(window.page)
    koordinator, outsider = window.as_("koordinator"), window.as_("utenforstaende")
    caption = new.page.locator(".caption")
    expect(new.page.locator(".welcome")).to_contain_text("Du er koordinator")

    new.on(new.button("Akutt: kall TOT sammen"))
    dialog = koordinator.sees_dialog("Akutt: kall TOT sammen")
    new.has("open the form of an acute case")

    for agency in ("Politiet", "Bistandsadvokaten"):
        new.on(dialog.get_by_text(re.compile(f"^{agency} · ")))
    new.on(dialog.get_by_role("button", name="Se over", exact=True))
    koordinator.sees_dialog("Se over og send")
    new.on(dialog.get_by_role("button", name="Send", exact=True))
    expect(koordinator.room()).to_be_visible()
    new.has("call two services together")

    new.on(new.button("Se hva en utenforstående ser"))
    expect(outsider.column).to_be_visible()
    expect(outsider.room()).to_have_count(0)
    new.has("see what an outsider sees")

    new.on(new.button("Fredag 21:00"))
    expect(new.page.locator(".bar .time")).to_contain_text("fredag 4. desember 2026 kl. 21:00")
    new.has("go to Friday at nine")

    new.on(new.button("Se en øvelse"))
    expect(new.page.locator(".asking")).to_contain_text("Alt du har gjort her, slettes.")
    new.on(new.button("Tøm og begynn"))
    expect(caption).to_contain_text("Klokken er 18 en fredag")
    new.has("watch an exercise, and be asked before the work is wiped")

    new.on(caption.get_by_role("combobox"))
    new.on(new.page.get_by_role("option", name="Sakte"))
    expect(caption.get_by_role("button", name="Pause")).to_be_visible()
    new.has("have it slower")

    told = window.as_("barnevernvakt")
    expect(told.column).to_be_visible()
    told.sees("taushetsplikten")
    new.has("see who is told, and what")

    new.on(new.button("Øvelser"))
    new.on(new.page.get_by_role("combobox", name="Disse spiller jeg selv"))
    new.on(new.page.get_by_role("option", name="koordinator", exact=True))
    new.page.keyboard.press("Escape")
    expect(caption).to_contain_text("Nå er det din tur koordinator trykker «Godkjenn»")
    new.on(koordinator.feed.get_by_role("button", name="Godkjenn", exact=True))
    expect(caption).to_contain_text("Nå er det din tur koordinator trykker «Registrer svar»")
    new.has("play the coordinator oneself")

    new.on(new.button("Gjør det for meg"))
    expect(caption).not_to_contain_text("«Registrer svar»")
    expect(koordinator.dialog).to_have_count(0)
    new.has("have a whole move done")

    with new.page.expect_download() as download:
        new.on(new.page.locator("aside.panel").get_by_role("button", name="Lagre forløpet"))
    download.value.save_as(tmp_path / "run.html")
    new.has("keep what was played")

    assert new.took.keys() == MOST_CLICKS.keys()
    assert {task: clicks for task, clicks in new.took.items() if clicks > MOST_CLICKS[task]} == {}
    window.has_seen_the_server_restart()
    _opens_anywhere(window, tmp_path / "run.html")


def _opens_anywhere(window: BrowserWindow, file: Path) -> None:
    """Open the kept run: readable on a phone, persons are chosen without a script, nothing is fetched."""
    page = window.page.context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="Fredag kveld")).to_be_visible()
    told = page.locator("figure", has_text="Ses av: barnevernvakt").first
    expect(told).to_be_visible()
    page.emulate_media(color_scheme="light")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("utenforstående").check()
    expect(told).to_be_hidden()
    expect(page.locator("main figure:visible")).to_have_count(0)
    assert asked == [file.as_uri()]
    page.close()
