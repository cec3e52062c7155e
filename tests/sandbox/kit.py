"""Bits of Block Kit, for tests."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str, action_id: str = "", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id or text.lower(), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(text: str, value: str = "") -> Json:
    return {"text": plain(text), "value": value or text.lower()}


def field(label: str, element: Json, block_id: str = "", **more: Any) -> Json:
    name = block_id or label.lower()
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {"action_id": name, **element},
        **more,
    }


TEXT = {"type": "plain_text_input"}


def modal(*blocks: Json, title: str = "Sak", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "sak",
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Avbryt"),
        "blocks": list(blocks) or [field("Hvorfor", TEXT)],
        **more,
    }


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks) or [section("Velkommen")]}
