"""Blocks and mrkdwn as plain text, as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox.block_kit.elements import ELEMENTS, of_block
from sandbox.model import Json

Values = dict[str, dict[str, Json]]
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_ZONE = ZoneInfo("Europe/Oslo")
_TOKEN = re.compile(r"<([^<>\n]+)>")


@dataclass(frozen=True)
class Names:
    """Names of people and rooms: id → handle or name."""

    user: Callable[[str], str]
    channel: Callable[[str], str]


def mrkdwn(text: str, names: Names) -> str:
    """Resolve mentions and links; leave bold and italics as written."""
    text = _TOKEN.sub(lambda match: _token(match.group(1), names), text)
    for entity, plain in _ENTITIES:
        text = text.replace(entity, plain)
    return text


def _token(inner: str, names: Names) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return "@" + names.user(target[1:])
    if target.startswith("#"):
        return "#" + (label or names.channel(target[1:]))
    if target.startswith("!"):
        return label or "@" + target[1:]
    return f"{label} ({target})" if label and label != target else target


def text_object(value: Json | None, names: Names) -> str:
    """Return a text object as it is read: a no-break space looks like a space."""
    if not value:
        return ""
    text = str(value.get("text", "")).replace("\u00a0", " ")
    return mrkdwn(text, names) if value.get("type") == "mrkdwn" else text


def blocks(
    items: list[Json], names: Names, values: Values | None = None, errors: dict[str, str] | None = None
) -> str:
    """Return blocks as text, one or more lines each, with filled-in values and errors."""
    lines: list[str] = []
    for item in items:
        shown = block(item, names, values or {})
        if errors and item.get("block_id") in errors:
            shown += f"\n  ⚠ {errors[item['block_id']]}"
        if shown:
            lines.append(shown)
    return "\n".join(lines)


def block(item: Json, names: Names, values: Values) -> str:
    kind = item["type"]
    chosen = values.get(item.get("block_id", ""), {})
    if kind == "section":
        parts = [text_object(item.get("text"), names)]
        parts += [element(part, names, chosen) for part in of_block(item)]
        return "\n".join(part for part in parts if part)
    if kind == "header":
        return text_object(item.get("text"), names)  # a forged option may have none
    if kind == "context":
        return " · ".join(text_object(part, names) for part in item["elements"])
    if kind == "actions":
        return " ".join(element(part, names, chosen) for part in item["elements"])
    if kind == "input":
        label = text_object(item["label"], names)
        optional = " (valgfritt)" if item.get("optional") else ""
        hint = text_object(item.get("hint"), names)
        shown = f"{label}{optional}: {element(item['element'], names, chosen)}"
        return f"{shown}\n  {hint}" if hint else shown
    if kind == "rich_text":
        return _rich(item, names)
    return "———" if kind == "divider" else ""


def element(item: Json, names: Names, chosen: dict[str, Json]) -> str:
    """Return one element as text: a button, a select with its choice, a field with its value."""
    kind = item["type"]
    if kind == "button":
        return f"[ {text_object(item['text'], names)} ]"
    if kind == "overflow":
        return "[ ⋯ " + " | ".join(text_object(o["text"], names) for o in item["options"]) + " ]"
    state = chosen.get(item.get("action_id", ""), {})
    if kind in ("radio_buttons", "checkboxes"):
        return _choices(item, state, names)
    value = value_text(state, names)
    placeholder = text_object(item.get("placeholder"), names)
    if kind.endswith("_select"):
        return f"[ {value or placeholder or 'velg'} ▾ ]"
    return value or (f"‹{placeholder}›" if placeholder else "‹›")


def _choices(item: Json, state: Json, names: Names) -> str:
    on, off = ("(•)", "( )") if item["type"] == "radio_buttons" else ("[x]", "[ ]")
    picked = state.get("selected_options") or [state.get("selected_option")]
    values = [option["value"] for option in picked if option]
    return " ".join(
        f"{on if option['value'] in values else off} {text_object(option['text'], names)}"
        for option in item["options"]
    )


def value_text(state: Json, names: Names) -> str:
    """Return an entry of `state.values` as text."""
    if not state:
        return ""
    kind = state["type"]
    value = state.get(ELEMENTS[kind].state)
    if value in (None, "", []):
        return ""
    items = value if isinstance(value, list) else [value]
    return ", ".join(_one_value(kind, item, names) for item in items)


def _one_value(kind: str, item: Json | str | int, names: Names) -> str:
    if isinstance(item, dict):
        return text_object(item.get("text"), names)  # a forged option may have none
    if kind == "datetimepicker":
        when = datetime.fromtimestamp(int(item), UTC).astimezone(_ZONE)
        return when.strftime("%Y-%m-%d %H:%M")
    if kind == "users_select":
        return "@" + names.user(str(item))
    return str(item)


def _rich(item: Json, names: Names) -> str:
    if item["type"] == "text":
        return str(item["text"])
    if item["type"] == "user":
        return "@" + names.user(item["user_id"])
    return "".join(_rich(part, names) for part in item["elements"])


EMOJI = {
    "+1": "👍",
    "bell": "🔔",
    "eyes": "👀",
    "no_entry": "⛔",
    "red_circle": "🔴",
    "rotating_light": "🚨",
    "warning": "⚠️",
    "white_check_mark": "✅",
}
_NAMED = re.compile(r":([a-z0-9_+-]+):")


def with_emoji(text: str) -> str:
    """Replace the names of known emoji by the emoji; leave other names as written."""
    return _NAMED.sub(lambda match: EMOJI.get(match.group(1), match.group(0)), text)


def as_read(text: str) -> str:
    """Return fields with their values, with emoji, and without a colon after a question mark."""
    return with_emoji(text).replace("?: ", "? ")
