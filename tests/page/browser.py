"""The page, used with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, Page, expect

PATIENCE = 60_000
"""Milliseconds."""
# On a busy machine the page answers in seconds; a missing element is still detected.
expect.set_options(timeout=PATIENCE)


@dataclass
class BrowserWindow:
    page: Page
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    @staticmethod
    @contextmanager
    def opened(
        browser: Any,
        address: str,
        who: Sequence[str],
        *,
        lang: str = "nb",
        mode: str = "light",
        locale: str = "nb-NO",
        width: int = 1280,
        height: int = 800,
    ) -> Iterator[BrowserWindow]:
        """Open a window with these people side by side."""
        assert isinstance(browser, Browser)
        context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        window = BrowserWindow(page)
        page.on("console", lambda m: window.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: window.complaints.append(str(error)))
        page.on("request", lambda request: window._asked(address, request.url))
        page.goto(address + "?" + urlencode({"som": ",".join(who), "lang": lang, "mode": mode}))
        for handle in who:
            expect(window.as_(handle).column.locator(".composer")).to_be_visible()
        yield window
        context.close()

    def _asked(self, address: str, url: str) -> None:
        if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
            self.outside.append(url)

    def has_seen_the_server_restart(self) -> None:
        """Forget that the server could not be reached: a fresh workspace comes with a fresh server."""
        self.complaints[:] = [c for c in self.complaints if "ERR_CONNECTION_REFUSED" not in c]

    def as_(self, handle: str) -> PersonColumn:
        column = self.page.locator(f'section.person-column[data-who="{handle}"]')
        return PersonColumn(self.page, column, handle)

    def moves_clock(self, label: str) -> None:
        """Press one of the clock's buttons, and wait until the clock has moved."""
        clock = self.page.locator(".bar .clock")
        moves = int(clock.get_attribute("data-moves") or 0)
        self.page.locator(".bar").get_by_role("button", name=label, exact=True).click()
        expect(clock).to_have_attribute("data-moves", str(moves + 1), timeout=PATIENCE)

    def _unfolds(self, wanted: Locator) -> None:
        """Open the bar's overflow, if this is in it."""
        if not wanted.is_visible():
            self.page.locator(".bar .bar-more").click()

    def adds_person(self) -> None:
        add = self.page.locator(".bar-choices").get_by_text("+ Person", exact=True)
        self._unfolds(add)
        add.click()

    def opens_panel(self, label: str) -> Locator:
        tab = self.page.locator(".bar-tabs").get_by_text(label, exact=True)
        self._unfolds(tab)
        tab.click()
        panel = self.page.locator("aside.panel")
        expect(panel).to_be_visible()
        return panel


@dataclass
class PersonColumn:
    page: Page
    column: Locator
    handle: str

    def place(self, name: str) -> Locator:
        return self.column.locator(f'.place[data-place="{name}"]')

    def room(self) -> Locator:
        return self.column.locator('.place[data-place^="rom-"]')

    def goes_to(self, name: str) -> None:
        self._opens(self.place(name))

    def goes_to_room(self) -> None:
        self._opens(self.room())

    def _opens(self, place: Locator) -> None:
        self._finds(place).click()
        expect(place).to_have_attribute("aria-current", "page")

    def _finds(self, place: Locator) -> Locator:
        """Open the list of places first if a narrow column hides it."""
        menu = self.column.locator(".c-head .menu")
        if menu.is_visible():
            menu.click()
        return place

    @property
    def feed(self) -> Locator:
        return self.column.locator(".feed")

    @property
    def dialog(self) -> Locator:
        return self.column.locator('[role="dialog"]')

    def types(self, text: str) -> None:
        """Type in the composer, and send."""
        box = self.column.locator(".composer textarea")
        box.fill(text)
        box.press("Enter")

    def sees(self, text: str) -> None:
        """Wait until this is in the messages."""
        expect(self.feed.get_by_text(text).last).to_be_visible()

    def presses(self, label: str) -> None:
        """Press the newest button with these words in the messages."""
        self.feed.get_by_role("button", name=label, exact=True).last.click()

    @property
    def wrong(self) -> Locator:
        """Return the errors under fields of the modal."""
        return self.dialog.locator(".b-error:not(:empty)")

    def sees_dialog(self, title: str) -> Locator:
        """Wait for the modal with this title."""
        expect(self.dialog.get_by_role("heading", name=title, exact=True).first).to_be_visible()
        return self.dialog

    def input(self, label: str) -> Locator:
        """Return the field with this label in the modal."""
        return self.dialog.locator(f'.b-input[data-label^="{label}"]')

    def fills(self, label: str, text: str) -> None:
        self.input(label).locator("input, textarea").first.fill(text)

    def chooses(self, label: str, *options: str) -> None:
        """Choose in a menu, or tick."""
        menu = self.input(label).get_by_role("combobox")
        if menu.count() == 0:
            for option in options:
                self.input(label).get_by_text(option, exact=True).click()
            return
        menu.click()
        for option in options:
            self.page.get_by_role("option", name=option).first.click()
        if self.input(label).locator(".q-select--multiple").count():
            self.page.keyboard.press("Escape")
        expect(self.page.locator(".q-menu")).to_have_count(0)
        # The list is closed, but not the modal.
        expect(self.dialog).to_have_count(1)

    def goes_home(self) -> None:
        self.goes_to("TOT")
        self.column.get_by_role("tab", name="Home").click()

    def opens_case_form(self, command: str = "/tot sak i overmorgen kl 10") -> None:
        self.types(command)
        self.sees_dialog("Opprett sak")

    def opens_case(self, *agencies: str) -> None:
        """Fill in the minimum for a case, send it, and go to its room."""
        self.opens_case_form()
        self.chooses("Tjenester som spørres nå", *agencies)
        self.chooses("Sted", "Møterom Nord")
        self.submits("Se over")
        self.sees_dialog("Se over og send")
        self.sends_case()

    def submits(self, label: str) -> None:
        self.dialog.get_by_role("button", name=label, exact=True).click()
        expect(self.column.locator(".busy")).to_have_count(0)

    def sends_case(self) -> None:
        """Send a reviewed case, and follow the receipt's link to its room."""
        self.submits("Send")
        expect(self.dialog).to_contain_text("Gå til saksrommet")
        self.dialog.locator("[data-channel]").click()
        expect(self.dialog).to_have_count(0)
        expect(self.room().last).to_have_attribute("aria-current", "page")
