"""Filling in fields, and what Slack itself checks before it lets a person submit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sandbox import limits
from sandbox.block_kit import render
from sandbox.block_kit.elements import ELEMENTS, TEXT_INPUTS, all_options, is_filled
from sandbox.model import Json, View
from sandbox.people.visibility import CouldNot
from sandbox.workspace import Workspace

_REQUIRED = "Please complete this required field."


def state_for(ws: Workspace, names: render.Names, element: Json, value: Any) -> Json:
    """The state of an element after the person gave it this value (None: cleared)."""
    kind = element["type"]
    known = ELEMENTS[kind]
    state: Json = {"type": kind}
    if value is None:
        return state | {known.state: [] if known.many else None}
    if known.many:
        items = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        state[known.state] = [_one(ws, names, element, item) for item in items]
        return state
    state[known.state] = _one(ws, names, element, value)
    return state


def in_words(value: Any) -> str:
    """A given value as told; of an option its words."""
    if isinstance(value, (list, tuple)):
        return ", ".join(in_words(item) for item in value)
    return str(value["text"]["text"]) if isinstance(value, dict) else str(value)


def _one(ws: Workspace, names: render.Names, element: Json, value: Any) -> Any:
    kind = element["type"]
    if kind in TEXT_INPUTS:
        return str(value)
    if kind == "datepicker":
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else _date(value)
    if kind == "datetimepicker":
        return _seconds(value)
    if kind == "users_select":
        return _user_id(ws, str(value))
    if value in all_options(element):
        return value
    return _option(names, element, str(value))


def _date(value: Any) -> str:
    if not isinstance(value, date):
        raise CouldNot(f"{value!r} is no date")
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def _seconds(value: Any) -> int:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise CouldNot(f"{value!r} has no time zone")
        return int(value.timestamp())
    return int(value)


def _user_id(ws: Workspace, handle: str) -> str:
    try:
        return ws.user(handle).id
    except KeyError as missing:
        raise CouldNot(str(missing.args[0])) from missing


def _option(names: render.Names, element: Json, words: str) -> Json:
    offered = [(render.text_object(option["text"], names), option) for option in all_options(element)]
    wanted = words.casefold().strip()
    exact = [option for text, option in offered if text.casefold().strip() == wanted]
    hits = exact or [option for text, option in offered if wanted in text.casefold()]
    if len(hits) == 1:
        return hits[0]
    listed = ", ".join(f"«{text}»" for text, _ in offered)
    raise CouldNot(
        f"«{words}» {'is ambiguous' if hits else 'cannot be chosen'}; there is {listed or 'nothing'}"
    )


def find_block(view: View, label: str, names: render.Names) -> Json:
    """The input block with this label, or the only one whose label contains it."""
    inputs = [block for block in view.blocks if block["type"] == "input"]
    labels = [render.text_object(block["label"], names) for block in inputs]
    wanted = label.casefold().strip()
    exact = [b for b, text in zip(inputs, labels, strict=True) if text.casefold().strip() == wanted]
    hits = exact or [b for b, text in zip(inputs, labels, strict=True) if wanted in text.casefold()]
    if len(hits) == 1:
        return hits[0]
    listed = ", ".join(f"«{text}»" for text in labels)
    raise CouldNot(
        f"the field «{label}» {'is ambiguous' if hits else 'is not there'}; there is {listed or 'none'}"
    )


def own_checks(view: View) -> dict[str, str]:
    """Slack's own complaints, before the app is asked: block_id → words."""
    wrong: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = view.values[block["block_id"]][element["action_id"]]
        if not is_filled(state):
            if not block.get("optional"):
                wrong[block["block_id"]] = _REQUIRED
        elif element["type"] in TEXT_INPUTS:
            complaint = _text_complaint(element, str(state["value"]))
            if complaint:
                wrong[block["block_id"]] = complaint
    return wrong


def _text_complaint(element: Json, value: str) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        shortest, longest = element.get("min_length", 0), element.get("max_length", limits.PLAIN_TEXT_INPUT)
        if len(value) < shortest:
            return f"Must be at least {shortest} characters."
        return f"Must be at most {longest} characters." if len(value) > longest else ""
    if kind == "email_text_input":
        name, at, domain = value.partition("@")
        return "" if name and at and "." in domain else "Enter a valid email address."
    return _number_complaint(element, value)


def _number_complaint(element: Json, value: str) -> str:
    try:
        number = float(value) if element["is_decimal_allowed"] else int(value)
    except ValueError:
        return "Enter a valid number."
    if element.get("min_value") is not None and number < float(element["min_value"]):
        return f"Must be at least {element['min_value']}."
    if element.get("max_value") is not None and number > float(element["max_value"]):
        return f"Must be at most {element['max_value']}."
    return ""
