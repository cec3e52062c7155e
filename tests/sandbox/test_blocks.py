"""Slack's rules for blocks and views, each broken once."""

from __future__ import annotations

from typing import Any

from sandbox.block_kit.checks import check_message, check_view
from tests.every import every
from tests.sandbox.kit import (
    TEXT,
    actions,
    button,
    field,
    home,
    modal,
    mrkdwn,
    option,
    plain,
    section,
)

Json = dict[str, Any]


def choices(kind: str, count: int = 2, **more: Any) -> Json:
    return {"type": kind, "action_id": "c", "options": [option(f"V{n}") for n in range(count)], **more}


def select(count: int = 2, **more: Any) -> Json:
    return choices("static_select", count, **{"action_id": "s", **more})


def less(characters: int) -> str:
    return f"must be less than {characters} characters"


def most(items: int) -> str:
    return f"no more than {items} items allowed"


WHEN = {"type": "datetimepicker"}
SHORT = TEXT | {"max_length": 3}


GROUP = {"label": plain("g"), "options": [option("x")]}
BAD: list[tuple[str, Json, str]] = [
    (less(3001), section("x" * 3001), "/text/text"),
    ("must be more than 0 characters", section(""), "/text/text"),
    ("must provide an object", {"type": "section"}, "/text"),
    (less(151), {"type": "header", "text": plain("x" * 151)}, "/text/text"),
    ("got 'mrkdwn'", {"type": "header", "text": mrkdwn("x")}, "/text/type"),
    ("got 'html'", {"type": "section", "text": {"type": "html", "text": "x"}}, "/text/type"),
    ("must provide an object", {"type": "section", "text": "bare tekst"}, "/text"),
    ("must provide a string", {"type": "section", "text": {"type": "mrkdwn"}}, "/text/text"),
    ("emoji", {"type": "section", "text": mrkdwn("x") | {"emoji": True}}, "/text"),
    ("verbatim", {"type": "section", "text": plain("x") | {"verbatim": True}}, "/text"),
    ("unsupported type: carousel", {"type": "carousel"}, "/type"),
    ("invalid additional property: colour", section("x", colour="red"), ""),
    (less(256), section("x", block_id="b" * 256), "/block_id"),
    ("action_id already exists: a", actions(button("x", "a"), button("y", "a")), "/elements/1/action_id"),
    (most(25), actions(*[button("B", f"b{n}") for n in range(26)]), "/elements"),
    ("no less than 1 items allowed", actions(), "/elements"),
    ("must provide an array", {"type": "actions", "elements": "x"}, "/elements"),
    ("must provide an object", {"type": "actions", "elements": ["x"]}, "/elements/0"),
    ("datetimepicker in a block of type section", section("x", accessory=WHEN), "/accessory"),
    ("email_text_input on a surface of type message", field("E", {"type": "email_text_input"}), "/element"),
    (most(10), {"type": "context", "elements": [mrkdwn("x")] * 11}, "/elements"),
    ("got 'mrkdwn'", field("x", TEXT) | {"label": mrkdwn("x")}, "/label/type"),
    (less(2001), field("x" * 2001, TEXT, "b"), "/label/text"),
    ("unsupported type: button in a block of type input", field("x", button("x")), "/element"),
    (less(4), field("x", SHORT | {"initial_value": "abcd"}), "/element/initial_value"),
    ("must be between 1 and 3000", field("x", TEXT | {"max_length": 3001}), "/element/max_length"),
    (less(151), field("x", TEXT | {"placeholder": plain("x" * 151)}), "/element/placeholder/text"),
    ("unsupported type: rich_text", {"type": "rich_text", "elements": []}, "/type"),
]
#: In a block of type actions.
BAD_ELEMENTS: list[tuple[str, Json, str]] = [
    (less(76), button("x" * 76), "/text/text"),
    (less(2001), button("x", value="v" * 2001), "/value"),
    (less(256), button("x", "a" * 256), "/action_id"),
    ("got 'mrkdwn'", button("x") | {"text": mrkdwn("x")}, "/text/type"),
    ("primary, danger", button("x", style="red"), "/style"),
    ("unsupported type: slider", {"type": "slider"}, ""),
    ("plain_text_input in a block of type actions", TEXT, ""),
    (most(100), select(101), "/options"),
    ("no less than 1 items allowed", select(0), "/options"),
    ("must match one of the options", select(initial_option=option("Nei")), "/initial_option"),
    ("`options` or `option_groups`", {"type": "static_select"}, ""),
    (less(76), select(options=[option("x" * 76)]), "/options/0/text/text"),
    (less(151), select(options=[option("x", "v" * 151)]), "/options/0/value"),
    ("got 'mrkdwn'", select(options=[{"text": mrkdwn("x"), "value": "x"}]), "/options/0/text/type"),
    (most(100), {"type": "static_select", "option_groups": [GROUP] * 101}, "/option_groups"),
    (most(5), choices("overflow", 6), "/options"),
    (most(10), choices("radio_buttons", 11), "/options"),
    (most(10), choices("checkboxes", 11), "/options"),
    (
        "must match one of the options",
        choices("checkboxes", initial_options=[option("V9")]),
        "/initial_options/0",
    ),
    ("must match", {"type": "datepicker", "initial_date": "1. mai"}, "/initial_date"),
    ("10 digit", {"type": "datetimepicker", "initial_date_time": 12}, "/initial_date_time"),
]
BAD += [(what, actions(element), f"/elements/0{at}") for what, element, at in BAD_ELEMENTS]
#: Of a modal.
BAD_VIEWS: list[tuple[Json, str]] = [
    ({"title": None}, "/view/title"),
    ({"title": mrkdwn("x")}, "/view/title/type"),
    ({"title": plain("x" * 25)}, "/view/title/text"),
    ({"submit": plain("x" * 25)}, "/view/submit/text"),
    ({"close": plain("x" * 25)}, "/view/close/text"),
    ({"submit": None}, "missing required field: submit"),
    ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
    ({"callback_id": "x" * 256}, "/view/callback_id"),
    ({"blocks": []}, "/view/blocks"),
    ({"blocks": None}, "/view/blocks"),
    ({"blocks": "x"}, "/view/blocks"),
    ({"blocks": [{"type": "markdown", "text": "x"}]}, "unsupported type: markdown"),
    ({"notify_on_close": True}, "invalid additional property: notify_on_close"),
    ({"hash": "1"}, "invalid additional property: hash"),
    ({"type": "page"}, "/view/type"),
]
MANY: list[Json] = [{"type": "divider"}] * 101


@every(("what", "block", "at"), BAD)
def test_beyond_the_limits(what: str, block: Json, at: str) -> None:
    messages = check_message([block])
    assert any(what in message and message.endswith(f"[json-pointer:/blocks/0{at}]") for message in messages)
    assert all(message.startswith("[ERROR] ") for message in messages)


@every(
    ("wrong", "message"),
    [
        (check_message(MANY[:50]), None),
        (check_message(MANY[:51]), "no more than 50 items allowed [json-pointer:/blocks]"),
        (check_view(home(*MANY[:100])), None),
        (check_view(home(*MANY)), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (
            check_message([section("a", block_id="b"), section("b", block_id="b")]),
            "block_id already exists: b [json-pointer:/blocks/1/block_id]",
        ),
        (check_view([]), "must provide an object [json-pointer:/view]"),
    ],
)
def test_messages_and_views_as_a_whole(wrong: list[str], message: str | None) -> None:
    assert wrong == ([f"[ERROR] {message}"] if message else [])


@every(
    ("view", "what"),
    [
        (home(field("x", WHEN)), "datetimepicker"),
        (home(field("x", {"type": "email_text_input"})), "email_text_input"),
        (modal(field("x", {"type": "number_input"})), "is_decimal"),
        *((modal() | changes, what) for changes, what in BAD_VIEWS),
    ],
)
def test_views_that_break_the_rules(view: Json, what: str) -> None:
    assert any(what in message for message in check_view(view))
