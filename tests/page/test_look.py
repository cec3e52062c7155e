"""The eyes of `make look`: their findings in small pages with one fault each."""

from __future__ import annotations

from typing import Any

from tests.every import every
from tests.page.look.eyes import SEE

#: The fault → a page with only that fault.
FAULTS = {
    "contrast": '<p style="color: #999">grått på hvitt</p>',
    "contrast of a placeholder": '<style>::placeholder { color: #aaa }</style><input placeholder="Velg">',
    "contrast through what is half transparent": (
        '<div style="background: #000"><div style="background: #fff4"><p>mørkt</p></div></div>'
    ),
    "clipped": '<div style="width: 40px; overflow: hidden; white-space: nowrap">et langt navn</div>',
    "clipped in a field": '<input style="width: 40px" value="et langt navn på en tjeneste">',
    "overlap": '<p style="margin: 0">en linje</p><p style="margin: -15px 0 0">en annen</p>',
    "an emoji that is not drawn": "<p>:unknown_sign: Haster</p>",
    "drawn by the browser, in its own language": '<input type="date" aria-label="Dag">',
    "scrolls sideways": '<div style="overflow: auto; width: 90px"><p style="width: 300px">bredt</p></div>',
    "goes on and does not show it": (
        '<div class="q-menu" style="overflow: auto; height: 40px"><p>en</p><p>to</p><p>tre</p></div>'
    ),
    "the page scrolls sideways": '<p style="width: 900px">bredt</p>',
    "empty": '<div style="height: 0"></div>',
    "off the screen": '<div style="position: fixed; left: -30px; width: 200px">utenfor til venstre</div>',
    "covered": '<p>under</p><div style="position: fixed; inset: 0; background: #fff"></div>',
}
GOOD = """
<style>body { background: #1a1d21 } p { color: #d9dadb }</style>
<p>lyst på mørkt <b>fet</b> 🔴</p><button aria-label="Lukk">✕</button><input value="kort">
<div style="height: 40px; overflow: auto"><p>lenger enn det er plass til</p><p>og mer</p><p>og mer</p></div>
<p title="et langt navn" style="width: 60px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap">
et langt navn</p>
"""


def _seen(chromium: Any, inside: str) -> list[str]:
    page = chromium.new_page(viewport={"width": 390, "height": 780})
    page.set_content(f"<main>{inside}</main>")
    found: list[str] = page.evaluate(SEE, [page.query_selector("main"), True])
    page.close()
    return found


@every("what", FAULTS)
def test_a_fault_is_seen(chromium: Any, what: str) -> None:
    found = _seen(chromium, FAULTS[what])
    assert any(what.startswith(each.partition(":")[0]) for each in found), found


def test_what_is_well_is_left_in_peace(chromium: Any) -> None:
    assert _seen(chromium, GOOD) == []
