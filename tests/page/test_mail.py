"""Mail: an invitation is answered in its recipient's calendar, and the bot knows."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect

from sandbox.cast import WORK_MAILS
from sandbox.mail.servers import SentMail
from sandbox.page.panel import mailboxes
from tests.page.browser import PATIENCE
from tests.page.conftest import Opens


def test_an_invitation_is_answered_in_the_calendar_and_then_changed(opens: Opens) -> None:
    window = opens("koordinator", "barnevern", width=1700)
    koordinator, barnevern = window.as_("koordinator"), window.as_("barnevern")
    koordinator.opens_case("Barneverntjenesten")
    panel = window.opens_panel("Post")
    panel.get_by_label("Hvem sin post").click()
    window.page.get_by_role("option", name="barnevern", exact=True).click()
    expect(panel.get_by_text("Ingen møter i kalenderen.")).to_be_visible()

    barnevern.goes_to("TOT")
    barnevern.presses("Jeg bekrefter taushetsplikten")
    entry = panel.locator(".entry")
    expect(entry).to_contain_text("Se Slack", timeout=PATIENCE)
    expect(entry).to_contain_text("Ikke svart")
    mail = panel.locator(".mail").first
    mail.locator("summary").click()
    expect(mail.locator("pre")).to_be_visible()
    rooms = koordinator.room().get_attribute("data-place") or ""
    assert rooms.removeprefix("rom-") not in (panel.text_content() or "")

    entry.get_by_role("button", name="Godta").click()
    expect(entry).to_contain_text("Svart: godtatt")
    barnevern.sees("Du kommer på møtet")
    window.moves_clock("+15 min")
    window.opens_panel("Post")
    panel.get_by_label("Svarer i").click()
    window.page.get_by_role("option", name="Google", exact=True).click()
    entry.get_by_role("button", name="Avslå").click()
    barnevern.sees("Du kommer ikke på møtet")

    koordinator.goes_to_room()
    koordinator.types("/tot avlys")
    koordinator.sees_dialog("Avlys møtet")
    koordinator.submits("Avlys møtet")
    expect(panel.locator('.entry[data-standing="cancelled"]')).to_contain_text("Avlyst", timeout=PATIENCE)


def test_whoever_has_no_account_has_a_mailbox_by_their_address() -> None:
    at = datetime(2026, 12, 4, 18, tzinfo=UTC)
    to = ("vakt@advokatene.example", WORK_MAILS["udi"], "vakt@advokatene.example")
    found = mailboxes([SentMail(at, "tot@kommune.example", each, b"") for each in to])
    assert list(found) == [*WORK_MAILS, "vakt@advokatene.example"]
