"""Ten tasks for somebody who has never seen the page, by clicks alone; `-s` prints what each took."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.browser import BrowserWindow
from tests.page.conftest import Opens, running_demo
from tests.page.test_accessibility import _violations

#: The most clicks that each task may take. What was before is told in docs/decisions/0098.
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


PHONE = 390


@pytest.fixture
def demo(chromium: object) -> Iterator[str]:
    """A demo of each test's own: one is a newcomer once."""
    with running_demo("--port", "0", "--no-mail", pace=1.0) as address:
        yield address


@dataclass
class Newcomer:
    """Clicks, and is timed until what the click was for is there."""

    page: Page
    clicks: int = 0
    took: dict[str, tuple[int, float]] = field(default_factory=dict)

    def on(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str)).first

    def does(self, task: str, way: Callable[[], object]) -> None:
        self.clicks, began = 0, time.monotonic()
        way()
        self.took[task] = self.clicks, time.monotonic() - began


def _arrives(window: BrowserWindow, address: str) -> Newcomer:
    """At the bare address, as `tot demo` prints it."""
    window.page.goto(address)
    expect(window.page.locator(".welcome")).to_be_visible()
    return Newcomer(window.page)


@pytest.mark.slow
def test_ten_tasks(opens: Opens, demo: str, tmp_path: Path) -> None:
    window = opens("koordinator", width=1400)
    new = _arrives(window, demo)
    koordinator, outsider = window.as_("koordinator"), window.as_("utenforstaende")
    caption = new.page.locator(".caption")
    expect(new.page.locator(".welcome")).to_contain_text("Du er koordinator")
    expect(koordinator.column.get_by_role("button", name="Akutt: kall TOT sammen")).to_be_visible()

    def acute() -> None:
        new.on(new.button("Akutt: kall TOT sammen"))
        koordinator.sees_dialog("Akutt: kall TOT sammen")

    def calls() -> None:
        for agency in ("Politiet", "Bistandsadvokaten"):
            new.on(koordinator.dialog.get_by_text(re.compile(f"^{agency} · ")))
        new.on(koordinator.dialog.get_by_role("button", name="Se over", exact=True))
        koordinator.sees_dialog("Se over og send")
        new.on(koordinator.dialog.get_by_role("button", name="Send", exact=True))
        expect(koordinator.room()).to_be_visible()

    def looks_outside() -> None:
        new.on(new.button("Se hva en utenforstående ser"))
        expect(outsider.column).to_be_visible()
        expect(outsider.room()).to_have_count(0)

    def friday() -> None:
        new.on(new.button("Fredag 21:00"))
        expect(new.page.locator(".bar .time")).to_contain_text("fredag 4. desember 2026 kl. 21:00")

    def watches() -> None:
        new.on(new.button("Se en øvelse"))
        expect(new.page.locator(".asking")).to_contain_text("Alt du har gjort her, slettes.")
        new.on(new.button("Tøm og begynn"))
        expect(caption).to_contain_text("Klokken er 18 en fredag")

    def slower() -> None:
        new.on(caption.get_by_role("combobox"))
        new.on(new.page.get_by_role("option", name="Sakte"))
        expect(caption.get_by_role("button", name="Pause")).to_be_visible()

    def follows() -> None:
        told = window.as_("barnevernvakt")
        expect(told.column).to_be_visible()
        told.sees("taushetsplikten")

    def plays() -> None:
        new.on(new.button("Øvelser"))
        new.on(new.page.get_by_role("combobox", name="Disse spiller jeg selv"))
        new.on(new.page.get_by_role("option", name="koordinator", exact=True))
        new.page.keyboard.press("Escape")
        expect(caption).to_contain_text("Nå er det din tur koordinator trykker «Godkjenn»")
        new.on(koordinator.feed.get_by_role("button", name="Godkjenn", exact=True))
        expect(caption).to_contain_text("Nå er det din tur koordinator trykker «Registrer svar»")

    def is_helped() -> None:
        new.on(new.button("Gjør det for meg"))
        expect(caption).not_to_contain_text("«Registrer svar»")
        expect(koordinator.dialog).to_have_count(0)

    def keeps() -> None:
        with new.page.expect_download() as download:
            new.on(new.page.locator("aside.panel").get_by_role("button", name="Lagre forløpet"))
        download.value.save_as(tmp_path / "run.html")

    ways = (acute, calls, looks_outside, friday, watches, slower, follows, plays, is_helped, keeps)
    for task, way in zip(MOST_CLICKS, ways, strict=True):
        new.does(task, way)
    print("\n".join(f"{task}: {n} clicks, {seconds:.1f} s" for task, (n, seconds) in new.took.items()))  # noqa: T201
    assert {task: clicks for task, (clicks, _) in new.took.items() if clicks > MOST_CLICKS[task]} == {}
    window.has_seen_the_server_restart()
    _opens_anywhere(window, tmp_path / "run.html")


def _opens_anywhere(window: BrowserWindow, file: Path) -> None:
    """The kept run: whose eyes are chosen without a script, and nothing is fetched."""
    page = window.page.context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="Fredag kveld")).to_be_visible()
    told = page.locator("figure", has_text="Ses av: barnevernvakt").first
    expect(told).to_be_visible()
    page.get_by_label("utenforstående").check()
    expect(told).to_be_hidden()
    expect(page.locator("main figure:visible")).to_have_count(0)
    assert asked == [file.as_uri()]
    page.close()


@pytest.mark.long
def test_what_stands_above_the_columns_can_be_read(opens: Opens, demo: str, tmp_path: Path) -> None:
    """On a phone: the welcome, the question, the caption, one's own turn; and the kept run."""
    window = opens("koordinator", width=PHONE, height=844)
    new = _arrives(window, demo)
    _can_be_read(window)
    koordinator = window.as_("koordinator")
    koordinator.goes_to("generelt")
    koordinator.types("/tot hjelp")
    koordinator.sees("kalle TOT sammen i en ny sak")
    new.button("Se en øvelse").click()
    asking = window.page.get_by_role("alertdialog", name="Tøm arbeidsområdet?")
    expect(asking).to_be_visible()
    expect(asking.get_by_role("button", name="Avbryt")).to_be_focused()
    _can_be_read(window)
    new.button("Tøm og begynn").click()
    caption = window.page.locator(".caption")
    expect(caption).to_contain_text("koordinator sender inn skjemaet «Se over og send»")
    caption.get_by_role("button", name="Pause").click()
    _can_be_read(window)
    with window.page.expect_download() as download:
        window.opens_panel("Øvelser").get_by_role("button", name="Lagre forløpet").click()
    _can_be_read(window)
    window.has_seen_the_server_restart()
    download.value.save_as(tmp_path / "run.html")
    window.page.goto((tmp_path / "run.html").as_uri())
    _can_be_read(window)
    window.outside.clear()  # that file, which is the browser's own


def _can_be_read(window: BrowserWindow) -> None:
    """Light and dark, on a phone."""
    for scheme in ("light", "dark"):
        window.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        window.is_still()
        assert _violations(window) == [], scheme
    assert window.page.evaluate("document.documentElement.scrollWidth") <= PHONE
