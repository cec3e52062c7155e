"""Checks of blocks and views, with Slack's limits and error messages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox import limits
from sandbox.block_kit.elements import ELEMENTS, all_options
from sandbox.model import Json

_VIEW_KEYS = frozenset(
    ("type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "clear_on_close")
)


def check_message(blocks: Any) -> list[str]:
    """Return the errors in a message's blocks, worded as Slack words them."""
    found = Findings()
    _check_blocks(blocks, "message", limits.MESSAGE_BLOCKS, "/blocks", found)
    return found.messages


def check_view(view: Any) -> list[str]:
    """Return the errors in a modal or a Home view. Its size is not checked (`view_bytes`)."""
    found = Findings()
    if not isinstance(view, dict):
        found.add("/view", "must provide an object")
        return found.messages
    surface = view.get("type")
    if surface not in ("modal", "home"):
        found.add("/view/type", f"must be a valid enum value: modal, home; got {surface!r}")
        return found.messages
    found.unknown(view, "/view", _VIEW_KEYS)
    if surface == "modal":
        found.text(view.get("title"), "/view/title", limits.VIEW_TITLE, plain=True)
    for key in ("submit", "close"):
        found.optional_text(view, key, "/view", limits.VIEW_TITLE)
    found.optional_string(view, "private_metadata", "/view", limits.PRIVATE_METADATA)
    found.optional_string(view, "callback_id", "/view")
    _check_blocks(view.get("blocks"), surface, limits.VIEW_BLOCKS, "/view/blocks", found)
    sends_nothing = surface == "modal" and view.get("submit") is None
    if not found.messages and sends_nothing and any(b["type"] == "input" for b in view["blocks"]):
        found.add("/view/submit", "missing required field: submit, as there are input blocks")
    return found.messages


def view_bytes(view: Json) -> int:
    """Return the size of a view as JSON, in bytes."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())


def _check_blocks(blocks: Any, surface: str, most: int, at: str, found: Findings) -> None:
    seen: set[str] = set()
    # Slack allows an empty list of blocks in a message, but not in a view.
    least = 0 if surface == "message" else 1
    for n, block in enumerate(found.listed(blocks, at, most, least=least)):
        here = f"{at}/{n}"
        if not found.is_object(block, here):
            continue
        kind = block.get("type")
        if not isinstance(kind, str) or kind not in BLOCKS:
            found.add(f"{here}/type", f"unsupported type: {kind}")
            continue
        keys, check = BLOCKS[kind]
        found.unknown(block, here, keys | {"type", "block_id"})
        found.optional_string(block, "block_id", here)
        found.once(block, "block_id", here, seen)
        if check is not None:
            check(block, here, surface, found)


def _section(block: Json, at: str, surface: str, found: Findings) -> None:
    found.text(block.get("text"), f"{at}/text", limits.SECTION_TEXT)
    if block.get("accessory") is not None:
        check_element(block["accessory"], f"{at}/accessory", "section", surface, found)


def _actions(block: Json, at: str, surface: str, found: Findings) -> None:
    seen: set[str] = set()
    for n, element in enumerate(
        found.listed(block.get("elements"), f"{at}/elements", limits.ACTIONS_ELEMENTS)
    ):
        check_element(element, f"{at}/elements/{n}", "actions", surface, found)
        if isinstance(element, dict):
            found.once(element, "action_id", f"{at}/elements/{n}", seen)


def _context(block: Json, at: str, _surface: str, found: Findings) -> None:
    for n, part in enumerate(found.listed(block.get("elements"), f"{at}/elements", limits.CONTEXT_ELEMENTS)):
        found.text(part, f"{at}/elements/{n}", limits.TEXT_OBJECT)


def _header(block: Json, at: str, _surface: str, found: Findings) -> None:
    found.text(block.get("text"), f"{at}/text", limits.HEADER, plain=True)


def _input(block: Json, at: str, surface: str, found: Findings) -> None:
    found.text(block.get("label"), f"{at}/label", limits.INPUT_LABEL, plain=True)
    found.optional_text(block, "hint", at, limits.INPUT_HINT)
    check_element(block.get("element"), f"{at}/element", "input", surface, found)


#: Block type → its properties besides type and block_id, and the function that checks them.
BLOCKS: dict[str, tuple[frozenset[str], Callable[[Json, str, str, Findings], None] | None]] = {
    "section": (frozenset({"text", "accessory"}), _section),
    "actions": (frozenset({"elements"}), _actions),
    "context": (frozenset({"elements"}), _context),
    "divider": (frozenset(), None),
    "header": (frozenset({"text"}), _header),
    "input": (frozenset({"label", "element", "hint", "optional"}), _input),
}


def check_element(element: Any, at: str, block: str, surface: str, found: Findings) -> None:
    """Check one element in a block of this type, on this surface (message, modal or home)."""
    if not found.is_object(element, at):
        return
    kind = element.get("type")
    known = ELEMENTS.get(kind) if isinstance(kind, str) else None
    if known is None or not isinstance(kind, str):
        found.add(at, f"unsupported type: {kind}")
        return
    if block not in known.blocks:
        found.add(at, f"unsupported type: {kind} in a block of type {block}")
    if surface not in known.surfaces:
        found.add(at, f"unsupported type: {kind} on a surface of type {surface}")
    found.unknown(element, at, known.keys | {"type", "action_id"})
    found.optional_string(element, "action_id", at)
    found.optional_text(element, "placeholder", at, limits.PLACEHOLDER)
    check = _CHECKS.get(kind)
    if check is not None:
        check(element, at, found)


def _button(element: Json, at: str, found: Findings) -> None:
    found.text(element.get("text"), f"{at}/text", limits.BUTTON_TEXT, plain=True)
    found.optional_string(element, "value", at, limits.BUTTON_VALUE)
    if element.get("style") not in (None, "primary", "danger"):
        found.add(f"{at}/style", "must be a valid enum value: primary, danger")


def _overflow(element: Json, at: str, found: Findings) -> None:
    _option_list(element.get("options"), f"{at}/options", limits.OVERFLOW_OPTIONS, found)


def _choices(element: Json, at: str, found: Findings) -> None:
    _option_list(element.get("options"), f"{at}/options", limits.CHOICE_OPTIONS, found)
    _initial_options(element, at, found)


def _static(element: Json, at: str, found: Findings) -> None:
    options, groups = element.get("options"), element.get("option_groups")
    if (options is None) == (groups is None):
        found.add(at, "must define either `options` or `option_groups`, and not both")
    if options is not None:
        _option_list(options, f"{at}/options", limits.SELECT_OPTIONS, found)
    if groups is not None:
        for n, group in enumerate(found.listed(groups, f"{at}/option_groups", limits.OPTION_GROUPS)):
            group_at = f"{at}/option_groups/{n}"
            if not found.is_object(group, group_at):
                return
            found.text(group.get("label"), f"{group_at}/label", limits.OPTION_TEXT, plain=True)
            _option_list(group.get("options"), f"{group_at}/options", limits.SELECT_OPTIONS, found)
    _initial_options(element, at, found)


def _option_list(options: Any, at: str, most: int, found: Findings) -> None:
    for n, option in enumerate(found.listed(options, at, most)):
        here = f"{at}/{n}"
        if found.is_object(option, here):
            found.unknown(option, here, frozenset({"text", "value"}))
            found.text(option.get("text"), f"{here}/text", limits.OPTION_TEXT, plain=True)
            found.string(option.get("value"), f"{here}/value", limits.OPTION_VALUE)


def _initial_options(element: Json, at: str, found: Findings) -> None:
    try:
        offered = [(option["value"], option["text"]["text"]) for option in all_options(element)]
        if element.get("initial_option") is not None:
            chosen = element["initial_option"]
            if (chosen["value"], chosen["text"]["text"]) not in offered:
                found.add(f"{at}/initial_option", "must match one of the options")
        if element.get("initial_options") is not None:
            chosen_many = found.listed(element["initial_options"], f"{at}/initial_options", len(offered))
            for n, chosen in enumerate(chosen_many):
                if (chosen["value"], chosen["text"]["text"]) not in offered:
                    found.add(f"{at}/initial_options/{n}", "must match one of the options")
    except (KeyError, TypeError):
        found.add(at, "must provide options with text and value")


def _date(element: Json, at: str, found: Findings) -> None:
    value = element.get("initial_date")
    if value is not None and not (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)):
        found.add(f"{at}/initial_date", "must match the expected format")


def _datetime(element: Json, at: str, found: Findings) -> None:
    value = element.get("initial_date_time")
    # The reference says: ten digits of UNIX seconds.
    if value is not None and (not isinstance(value, int) or len(str(value)) != 10):
        found.add(f"{at}/initial_date_time", "must be a 10 digit UNIX timestamp in seconds")


def _plain_input(element: Json, at: str, found: Findings) -> None:
    longest = element.get("max_length", limits.PLAIN_TEXT_INPUT)
    if not isinstance(longest, int) or not 1 <= longest <= limits.PLAIN_TEXT_INPUT:
        found.add(f"{at}/max_length", f"must be between 1 and {limits.PLAIN_TEXT_INPUT}")
        return
    found.optional_string(element, "initial_value", at, longest)


def _number(element: Json, at: str, found: Findings) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        found.add(f"{at}/is_decimal_allowed", "must provide a boolean")
    for key in ("initial_value", "min_value", "max_value"):
        if element.get(key) is not None and not isinstance(element[key], str):
            found.add(f"{at}/{key}", "must provide a string")


_CHECKS: dict[str, Callable[[Json, str, Findings], None]] = {
    "button": _button,
    "overflow": _overflow,
    "checkboxes": _choices,
    "radio_buttons": _choices,
    "static_select": _static,
    "multi_static_select": _static,
    "datepicker": _date,
    "datetimepicker": _datetime,
    "plain_text_input": _plain_input,
    "number_input": _number,
}


class Findings:
    """Errors, each with a JSON pointer, worded as Slack words them."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, at: str, what: str) -> None:
        self.messages.append(f"[ERROR] {what} [json-pointer:{at}]")

    def text(self, value: Any, at: str, longest: int, *, plain: bool = False) -> None:
        """Check a text object; with `plain` only plain_text is allowed."""
        if not self.is_object(value, at):
            return
        kind = value.get("type")
        allowed = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if kind not in allowed:
            self.add(f"{at}/type", f"must be a valid enum value: {', '.join(allowed)}; got {kind!r}")
        if kind == "mrkdwn" and "emoji" in value:
            self.add(at, "invalid additional property: emoji")
        if kind == "plain_text" and "verbatim" in value:
            self.add(at, "invalid additional property: verbatim")
        self.string(value.get("text"), f"{at}/text", longest, shortest=1)

    def string(self, value: Any, at: str, longest: int, *, shortest: int = 0) -> None:
        """Check a string of `shortest` to `longest` characters."""
        if not isinstance(value, str):
            self.add(at, "must provide a string")
        elif len(value) > longest:
            self.add(at, f"must be less than {longest + 1} characters")
        elif len(value) < shortest:
            self.add(at, f"must be more than {shortest - 1} characters")

    def optional_text(self, owner: Json, key: str, at: str, longest: int) -> None:
        """Check a plain text object that may be missing."""
        if owner.get(key) is not None:
            self.text(owner[key], f"{at}/{key}", longest, plain=True)

    def optional_string(self, owner: Json, key: str, at: str, longest: int = limits.IDENTIFIER) -> None:
        """Check a string that may be missing, such as an action_id, block_id or callback_id."""
        if owner.get(key) is not None:
            self.string(owner[key], f"{at}/{key}", longest)

    def once(self, owner: Json, key: str, at: str, seen: set[str]) -> None:
        """Check that an action_id or block_id is unique."""
        if owner.get(key) is not None:
            if owner[key] in seen:
                self.add(f"{at}/{key}", f"{key} already exists: {owner[key]}")
            seen.add(owner[key])

    def is_object(self, value: Any, at: str) -> bool:
        """Return whether it is an object, so that its properties can be checked."""
        if not isinstance(value, dict):
            self.add(at, "must provide an object")
        return isinstance(value, dict)

    def listed(self, value: Any, at: str, most: int, *, least: int = 1) -> list[Any]:
        """Check a list of `least` to `most` items, and return it; empty if it is no list."""
        if not isinstance(value, list):
            self.add(at, "must provide an array")
            return []
        if len(value) > most:
            self.add(at, f"no more than {most} items allowed")
        if len(value) < least:
            self.add(at, f"no less than {least} items allowed")
        return value

    def unknown(self, owner: Json, at: str, known: frozenset[str]) -> None:
        """Check that there are only known properties."""
        for key in owner:
            if key not in known:
                self.add(at, f"invalid additional property: {key}")
