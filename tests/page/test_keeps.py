"""What somebody has before them stays, closes and is told as they expect."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sandbox.cast import CAST
from tests.page.conftest import Bot, Opens

PHONE = {"width": 390, "height": 664}
MANY = 50
_TOP = "e => e.getBoundingClientRect().top"


def test_what_is_pressed_stays_where_it_is(opens: Opens, bot: Bot) -> None:
    window = opens("koordinator", "politi-exit", width=1280, height=800)
    koordinator, police = window.as_("koordinator"), window.as_("politi-exit")
    koordinator.types("/tot sak i overmorgen kl 10")
    koordinator.sees_dialog("Opprett sak")
    koordinator.chooses("Tjenester som spørres nå", "Politiet")
    koordinator.chooses("Sted", "Møterom Nord")
    koordinator.submits("Se over")
    koordinator.sends_case()
    police.goes_to("TOT")
    for n in range(20):
        bot.posts(CAST["politi-exit"], f"linje {n}")
    police.sees("linje 19")
    press = police.feed.get_by_role("button", name="Jeg bekrefter taushetsplikten")
    press.scroll_into_view_if_needed()
    article = press.locator("xpath=ancestor::article")
    ts, before = article.get_attribute("data-ts"), article.evaluate(_TOP)
    press.click()
    comes = police.feed.get_by_role("button", name="Jeg kommer", exact=True)
    expect(comes).to_be_visible()
    window.page.wait_for_timeout(500)
    after = police.feed.locator(f'article[data-ts="{ts}"]').evaluate(_TOP)
    assert abs(after - before) < 3


def test_the_messages_tab_opens_at_what_came_meanwhile(opens: Opens, bot: Bot) -> None:
    udi = opens("udi", **PHONE).as_("udi")
    udi.goes_to("TOT")
    udi.column.get_by_role("tab", name="Home").click()
    for n in range(MANY):
        bot.posts(CAST["udi"], f"mens du var hjemme {n}")
    udi.column.get_by_role("tab", name="Meldinger").click()
    expect(udi.feed.get_by_text("mens du var hjemme 0", exact=True)).to_be_in_viewport()


def test_escape_closes_whatever_lies_on_top_wherever_the_keyboard_is(opens: Opens) -> None:
    window = opens("koordinator", width=1280, height=800)
    koordinator = window.as_("koordinator")
    koordinator.types("/tot sak i overmorgen kl 10")
    koordinator.sees_dialog("Opprett sak")
    expect(koordinator.dialog.locator(".d-whose")).to_contain_text("Åpent hos")
    window.opens_panel("Øvelser")
    window.page.evaluate("document.activeElement.blur()")
    window.page.keyboard.press("Escape")
    expect(koordinator.dialog).to_have_count(0)
    expect(window.page.locator("aside.panel")).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.page.locator("aside.panel")).to_be_hidden()


def test_beside_a_column_on_a_phone_nothing_of_the_next_one_is_seen(opens: Opens) -> None:
    window = opens("koordinator", "politi-exit", "barnevern", **PHONE)
    for handle in ("koordinator", "politi-exit", "barnevern"):
        window.as_(handle).column.evaluate("e => e.scrollIntoView({inline: 'nearest', block: 'nearest'})")
        window.page.wait_for_timeout(600)
        seen = window.page.evaluate(
            "[...document.querySelectorAll('.person-column')].filter(e => {"
            " const {left, right} = e.getBoundingClientRect();"
            " return right > 0.5 && left < innerWidth - 0.5; })"
            ".map(e => e.dataset.who)"
        )
        assert seen == [handle]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_list_that_goes_on_shows_it(opens: Opens, mode: str) -> None:
    window = opens("koordinator", mode=mode, **PHONE)
    koordinator = window.as_("koordinator")
    koordinator.types("/tot sak i overmorgen kl 10")
    koordinator.sees_dialog("Opprett sak")
    koordinator.input("Tjenester som ventes senere").locator(".q-select").first.click()
    menu = window.page.locator(".q-menu")
    expect(menu).to_be_visible()
    assert menu.evaluate("e => e.scrollHeight > e.clientHeight")
    assert "linear-gradient" in menu.evaluate("e => getComputedStyle(e).backgroundImage")
    window.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(koordinator.dialog).to_have_count(1)
    window.page.keyboard.press("Escape")
    expect(koordinator.dialog).to_have_count(0)
