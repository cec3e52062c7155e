"""Open windows stay, are visible, close and are announced as people expect; also on a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from sandbox.cast import CAST
from tests.page.conftest import Bot, Opens
from tests.sandbox.kit import section

PHONE = {"width": 390, "height": 664}
MANY = 50
_TOP = "e => e.getBoundingClientRect().top"


def test_what_is_pressed_stays_where_it_is(opens: Opens, bot: Bot) -> None:
    window = opens("koordinator", "politi-exit", width=1280, height=800)
    koordinator, police = window.as_("koordinator"), window.as_("politi-exit")
    koordinator.opens_case("Politiet")
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
    udi.goes_home()
    for n in range(MANY):
        bot.posts(CAST["udi"], f"mens du var hjemme {n}")
    udi.column.get_by_role("tab", name="Meldinger").click()
    expect(udi.feed.get_by_text("mens du var hjemme 0", exact=True)).to_be_in_viewport()


def test_escape_closes_whatever_lies_on_top_wherever_the_keyboard_is(opens: Opens) -> None:
    window = opens("koordinator", width=1280, height=800)
    koordinator = window.as_("koordinator")
    koordinator.opens_case_form()
    expect(koordinator.dialog.locator(".d-whose")).to_contain_text("Åpent hos")
    window.opens_panel("Øvelser")
    window.page.evaluate("document.activeElement.blur()")
    window.page.keyboard.press("Escape")
    expect(koordinator.dialog).to_have_count(0)
    expect(window.page.locator("aside.panel")).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.page.locator("aside.panel")).to_be_hidden()
    # The new message fits beside the person.
    window.moves_clock("+15 min")
    expect(window.page.locator("aside.panel")).to_be_visible()


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


# --- forms, and the clock, on a phone


def test_what_is_wrong_with_a_form_is_in_sight_each_time_it_is_refused(opens: Opens) -> None:
    koordinator = opens("koordinator", **PHONE).as_("koordinator")
    koordinator.opens_case_form()
    body, foot = koordinator.dialog.locator(".d-body"), koordinator.dialog.locator(".d-foot")
    error = koordinator.wrong.first
    for top in (0, 10_000):
        body.evaluate("(e, top) => { e.scrollTop = top; }", top)
        koordinator.submits("Se over")
        expect(error).to_be_visible()
        koordinator.page.wait_for_timeout(1000)
        shown, below = error.bounding_box(), foot.bounding_box()
        assert shown is not None
        assert below is not None
        assert 0 < shown["y"] <= below["y"] - shown["height"], top
    # It stands under its own field only.
    koordinator.chooses("Tjenester som spørres nå", "Politiet")
    koordinator.chooses("Sted", "Møterom Nord")
    koordinator.fills("Dagsorden", "Ring 41 23 45 67")
    koordinator.submits("Se over")
    expect(koordinator.input("Dagsorden").locator(".b-error")).to_contain_text("telefonnummer")
    expect(koordinator.wrong).to_have_count(1)


def test_a_place_opens_where_what_is_unread_begins_also_if_it_is_pinned(opens: Opens, bot: Bot) -> None:
    lines = ["Her begynner det", *(f"linje {n}" for n in range(40))]
    # Another test's window, which may still be open, could mark it as read.
    vakt = opens("politi-vakt", **PHONE).as_("politi-vakt")
    # Other tests' messages are read; only new ones are unread.
    vakt.goes_to("TOT")
    vakt.goes_to("generelt")
    bot.pins(CAST["politi-vakt"], [section(line) for line in lines])
    vakt.goes_to("TOT")
    vakt.sees("festet en melding")
    expect(vakt.feed.get_by_text("Her begynner det", exact=True)).to_be_in_viewport()


def test_the_clock_leaves_the_person_in_sight_and_says_what_came(opens: Opens) -> None:
    window = opens("koordinator", **PHONE)
    panel, more = window.page.locator("aside.panel"), window.page.locator(".bar-more")
    window.moves_clock("Neste påminnelse")
    expect(panel).to_be_hidden()
    expect(window.page.locator(".bar .said")).to_contain_text("nytt", ignore_case=True)
    more.click()
    expect(window.page.get_by_text("Klokka kan bare gå fram")).to_be_visible()
    expect(window.page.locator(".clock").get_by_role("button", name="Begynn på nytt")).to_be_visible()
    window.opens_panel("Nytt")
    expect(panel).to_be_visible()
