"""Times as typed, and what the page remembers when it redraws a place or a form."""

from __future__ import annotations

import re
from datetime import time

from playwright.sync_api import expect

from sandbox.cast import CAST
from sandbox.page.fields import clock_time
from tests.every import every
from tests.page.conftest import Bot, Opens


@every(
    ("typed", "meant"),
    [
        ("21:05", time(21, 5)),
        ("21.05", time(21, 5)),
        ("2105", time(21, 5)),
        (" 9 ", time(9)),
        ("9.15", time(9, 15)),
        ("24:00", None),
        ("12:60", None),
        ("snart", None),
        ("", None),
    ],
)
def test_a_time_as_people_write_it(typed: str, meant: time | None) -> None:
    assert clock_time(typed) == meant


def test_a_day_is_chosen_in_a_month_and_a_time_is_typed(opens: Opens) -> None:
    """In Norwegian and with the 24-hour clock, whatever the browser's language."""
    koordinator = opens("koordinator", locale="en-US").as_("koordinator")
    koordinator.opens_case_form("/tot sak 18.12.2026 kl 10")
    field = koordinator.input("Når begynner møtet?")
    field.get_by_role("button").click()
    month = koordinator.page.get_by_role("dialog", name="Velg dato")
    expect(month.get_by_text("desember")).to_be_visible()
    expect(month.get_by_text("ma", exact=True)).to_be_visible()
    # The workspace's day, 1 December, has a ring.
    ringed = month.get_by_role("button").filter(has=koordinator.page.locator(".q-date__event"))
    expect(ringed).to_have_text(["1"])
    month.get_by_role("button", name="17", exact=True).click()
    expect(month).to_have_count(0)
    expect(field.get_by_role("button")).to_contain_text("torsdag 17. desember 2026")
    at = field.get_by_role("textbox")
    at.fill("2114")
    at.press("Enter")
    expect(field.get_by_text("torsdag 17. desember 2026 kl. 21:14")).to_be_visible()
    at.fill("snart")
    at.press("Tab")
    expect(at).to_have_value("21:14")
    koordinator.dialog.get_by_role("button", name="Avbryt").click()
    expect(koordinator.dialog).to_have_count(0)


def test_where_one_has_scrolled_to_stays(opens: Opens) -> None:
    """In a form that is redrawn because one returns to it."""
    koordinator = opens("koordinator", height=500).as_("koordinator")
    koordinator.goes_home()
    koordinator.column.get_by_role("button", name="Akutt: kall TOT sammen").click()
    koordinator.sees_dialog("Akutt: kall TOT sammen")
    for agency in ("Politiet", "Bistandsadvokaten"):
        koordinator.dialog.get_by_text(re.compile(f"^{agency} · ")).click()
    body = koordinator.dialog.locator(".d-body")
    at = "each => (each.scrollTop = 120, each.scrollTop)"
    assert body.evaluate(at) == 120
    koordinator.submits("Se over")
    koordinator.sees_dialog("Se over og send")
    koordinator.dialog.get_by_role("button", name="Tilbake", exact=True).last.click()
    koordinator.sees_dialog("Akutt: kall TOT sammen")
    expect(body).to_have_js_property("scrollTop", 120)


def test_an_answer_is_in_sight_and_what_is_unread_elsewhere_is_told(opens: Opens, bot: Bot) -> None:
    helse = opens("helse", width=390, height=640).as_("helse")
    places = helse.column.locator(".c-head .menu")
    bot.posts(CAST["helse"], "Noe nytt")
    expect(places).to_have_accessible_name(re.compile("1 ulest"))
    expect(helse.place("generelt")).to_be_hidden()
    helse.goes_to("TOT")
    expect(helse.place("generelt")).to_be_hidden()
    expect(places).to_have_accessible_name("Vis steder")
    for n in range(30):
        bot.posts(CAST["helse"], f"eldre melding {n}")
    helse.sees("eldre melding 29")
    helse.feed.evaluate("each => each.scrollTo(0, -400)")
    helse.types("/tot hjelp")
    answer = helse.column.locator(".message.ephemeral").last
    expect(answer.locator(".only-you")).to_be_in_viewport()
