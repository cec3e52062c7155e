"""Take the pictures of docs/img: `python -m tests.page.pictures [FOLDER]`. Needs Chromium."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.page.browser import BrowserWindow
from tests.page.conftest import CHROMIUM, FLAGS, running_demo
from tests.stories.town import CONFIRM

FOLDER = Path(__file__).parents[2] / "docs" / "img"
AGENCIES = (
    *("Politiet", "Barneverntjenesten", "Helsetjenesten", "Sosialtjenesten", "Bistandsadvokaten"),
    "botilbud 1",
)


def main(folder: Path) -> None:
    """Take all of them, in one pass through a case."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, running_demo() as address:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        _case(browser, address, folder)
        _exercise(browser, address, folder)
        browser.close()


def _case(browser: Browser, address: str, folder: Path) -> None:
    with BrowserWindow.opened(browser, address, ["koordinator"], width=1200, height=760) as window:
        koordinator = window.as_("koordinator")
        koordinator.opens_case_form()
        koordinator.chooses("Hvem ba om TOT?", "Politiet")
        koordinator.fills("Hvor mange personer", "2")
        koordinator.chooses("Tjenester som spørres nå", *AGENCIES)
        koordinator.chooses("Sted", "Møterom Nord")
        koordinator.fills("Dagsorden", "Hvem gjør hva den første uka. Ring 41 23 45 67.")
        koordinator.submits("Se over")
        _take(window, folder, "modal-error")
        koordinator.fills("Dagsorden", "Hvem gjør hva den første uka.")
        koordinator.submits("Se over")
        koordinator.sees_dialog("Se over og send")
        _take(window, folder, "review")
        koordinator.sends_case()
        koordinator.sees("akuttfase")
    _answered(browser, address, folder)
    _led(browser, address, folder)
    with BrowserWindow.opened(browser, address, ["koordinator"], width=1200, height=1000) as window:
        window.as_("koordinator").goes_to_room()
        _take(window, folder, "case-room")
    with BrowserWindow.opened(browser, address, ["koordinator"], width=1200, height=660) as window:
        koordinator = window.as_("koordinator")
        koordinator.goes_home()
        koordinator.column.get_by_role("button", name="Opprett sak").wait_for()
        _take(window, folder, "home")
    both = ["koordinator", "utenforstaende"]
    with BrowserWindow.opened(browser, address, both, width=1400, height=720) as window:
        window.as_("koordinator").goes_to_room()
        _take(window, folder, "side-by-side")
    with BrowserWindow.opened(
        browser, address, ["koordinator"], mode="dark", width=1200, height=720
    ) as window:
        window.as_("koordinator").goes_to_room()
        _take(window, folder, "dark")
    with BrowserWindow.opened(browser, address, ["barnevern"], width=390, height=780) as window:
        window.as_("barnevern").goes_to("TOT")
        _take(window, folder, "narrow")


def _exercise(browser: Browser, address: str, folder: Path) -> None:
    """Take an exercise as watched, and its kept run as seen by a person who was called."""
    with BrowserWindow.opened(browser, address, ["koordinator"], width=1400, height=800) as window:
        page = window.page
        window.opens_panel("Øvelser").get_by_role("button", name="Spill av «Fredag kveld»").click()
        page.get_by_role("button", name="Tøm og begynn").click()
        page.locator(".caption", has_text="barnevernvakt trykker «Jeg kommer»").wait_for(timeout=120_000)
        page.get_by_role("button", name="Pause").click()
        page.locator(".pointed").wait_for()
        _take(window, folder, "exercise")
        panel = window.opens_panel("Øvelser")
        with page.expect_download() as download:
            panel.get_by_role("button", name="Lagre forløpet").click()
        kept = folder / "kept-run.html"
        download.value.save_as(kept)
        page.goto(kept.as_uri())
        page.get_by_label("barnevernvakt").check()
        page.screenshot(path=folder / "kept-run.png")
        kept.unlink()


def _answered(browser: Browser, address: str, folder: Path) -> None:
    for handle in ("barnevern", "helse"):
        with BrowserWindow.opened(browser, address, [handle], width=1200, height=820) as window:
            agency = window.as_(handle)
            agency.goes_to("TOT")
            agency.presses(CONFIRM)
            agency.sees("Kommer du på møtet")
            if handle == "barnevern":
                _take(window, folder, "summons")
            agency.presses("Jeg kommer")
            agency.sees("Du kommer på møtet")


def _led(browser: Browser, address: str, folder: Path) -> None:
    """Take the card, and a coordinator's «Valg», on a phone as tall as they need."""
    with BrowserWindow.opened(browser, address, ["koordinator"], width=390, height=1240) as window:
        koordinator = window.as_("koordinator")
        koordinator.goes_to_room()
        koordinator.sees("kommer")
        _take(window, folder, "card")
        koordinator.presses("Valg")
        koordinator.sees_dialog("Valg")
        _take(window, folder, "choices")
        koordinator.dialog.get_by_role("button", name="Lukk", exact=True).last.click()


def _take(window: BrowserWindow, folder: Path, name: str) -> None:
    window.page.mouse.move(2, 2)
    window.page.wait_for_timeout(500)
    window.page.screenshot(path=folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
