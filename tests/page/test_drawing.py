"""Blocks, unread marks, ephemerals, completion, keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from sandbox import cast
from tests.page.conftest import Bot, Opens
from tests.sandbox.kit import actions, button, mrkdwn, option, plain, section

HELSE = cast.CAST["helse"]


BLOCKS = [
    {"type": "header", "text": plain("Overskrift")},
    section(
        "*fet* _kursiv_ ~strek~ `kode` <https://meet.example.no/x|lenken> :bell:\n> sitat\n• en\n• to\n"
        f"<@{HELSE}> &lt;b&gt;ikke HTML&lt;/b&gt; <script|x>",
    ),
    section(
        f"*Hos <@{HELSE}>*\nog mer",
        accessory={
            "type": "overflow",
            "action_id": "mer",
            "options": [option("Ta ut")],
        },
    ),
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("Småskrift")]},
    actions(button("Slett alt", style="danger"), button("Vanlig")),
]


def test_what_is_sent_is_drawn_as_slack_draws_it_and_nothing_written_becomes_markup(
    opens: Opens, bot: Bot
) -> None:
    bot.posts(HELSE, "reserve", BLOCKS)
    helse = opens("helse").as_("helse")
    expect(helse.place("TOT").locator(".count")).to_contain_text("1 ulest")
    helse.goes_to("TOT")
    expect(helse.place("TOT").locator(".count")).to_have_count(0)
    feed = helse.feed
    expect(feed.get_by_role("heading", name="Overskrift")).to_be_visible()
    for tag, words in (("strong", "fet"), ("li", "to"), (".mention", "@helse"), (".b-context", "Småskrift")):
        expect(feed.locator(tag, has_text=words).first).to_be_visible()
    expect(feed.get_by_role("button", name="Flere valg: Hos @helse", exact=True)).to_be_visible()
    expect(feed.get_by_text("<b>ikke HTML</b>")).to_be_visible()
    expect(feed.locator(".b-text script")).to_have_count(0)


def test_a_command_is_completed_and_its_answer_is_for_one_alone(opens: Opens) -> None:
    window = opens("utenforstaende", "helse")
    stranger, helse = window.as_("utenforstaende"), window.as_("helse")
    box = stranger.column.locator(".composer textarea")
    box.press_sequentially("/t")
    expect(stranger.column.get_by_role("option", name="/tot")).to_be_visible()
    box.press("Tab")
    expect(box).to_have_value("/tot ")
    box.press_sequentially("sak")
    box.press("Enter")
    expect(stranger.feed.get_by_text("Bare synlig for deg")).to_be_visible()
    stranger.sees("Dette er det koordinatoren som gjør")
    expect(helse.feed.locator(".message")).to_have_count(0)
    stranger.types("/finnesikke")
    expect(stranger.column.locator(".composer .trouble")).to_contain_text("not a valid command")
    expect(box).to_have_value("/finnesikke")


def test_by_keyboard_alone(opens: Opens) -> None:
    window = opens("koordinator")
    koordinator, keys = window.as_("koordinator"), window.page.keyboard
    for _ in range(60):
        keys.press("Tab")
        if window.page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    keys.type("/tot sak")
    keys.press("Enter")
    dialog = koordinator.sees_dialog("Opprett sak")
    expect(dialog).to_be_focused()
    seen: list[str] = []
    for _ in range(40):
        keys.press("Tab")
        inside = window.page.evaluate("!!document.activeElement.closest('[role=dialog]')")
        seen.append(str(inside))
        if window.page.evaluate("document.activeElement.innerText") == "Se over":
            break
    else:
        raise AssertionError(f"the submit button cannot be reached: {seen}")
    keys.press("Enter")
    expect(koordinator.wrong.first).to_be_visible()
    keys.press("Escape")
    expect(koordinator.dialog).to_have_count(0)
    expect(koordinator.column.locator(".composer textarea")).to_be_focused()


def test_in_other_languages_and_in_the_dark(opens: Opens) -> None:
    english = opens("helse", lang="en", mode="dark")
    expect(english.page.locator("html")).to_have_attribute("lang", "en")
    expect(english.page.locator("body.body--dark")).to_have_count(1)
    expect(english.page.get_by_role("button", name="Next reminder")).to_be_visible()
    nynorsk = opens("helse", lang="nn")
    expect(nynorsk.page.get_by_role("button", name="Øvingar")).to_be_visible()
    nynorsk.as_("helse").goes_to("TOT")
    nynorsk.page.get_by_role("button", name="Meir", exact=True).click()
    nynorsk.page.get_by_label("Språk").click()
    nynorsk.page.get_by_role("option", name="English").click()
    expect(nynorsk.page.get_by_role("button", name="Exercises")).to_be_visible()
    # The open place is kept.
    expect(nynorsk.as_("helse").place("TOT")).to_have_attribute("aria-current", "page")


def test_nothing_is_lost_of_what_is_typed_while_the_last_message_is_on_its_way(opens: Opens) -> None:
    helse = opens("helse").as_("helse")
    helse.goes_to("TOT")
    lines = [f"linje nummer {n}." for n in range(8)]
    for line in lines:
        helse.types(line)
    for line in lines:
        helse.sees(line)
