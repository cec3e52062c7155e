"""Checks of block elements: buttons, selects, pickers, inputs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox import limits
from sandbox.check_parts import Findings
from sandbox.elements import ELEMENTS, all_options
from sandbox.model import Json

_COMMON = frozenset({"type", "action_id", "confirm", "focus_on_load", "placeholder"})
_KNOWN: dict[str, frozenset[str]] = {
    "button": frozenset(
        {"type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label"}
    ),
    "overflow": frozenset({"type", "action_id", "options", "confirm"}),
    "image": frozenset({"type", "image_url", "alt_text", "slack_file"}),
    "checkboxes": frozenset({"type", "action_id", "options", "initial_options", "confirm", "focus_on_load"}),
    "radio_buttons": frozenset(
        {"type", "action_id", "options", "initial_option", "confirm", "focus_on_load"}
    ),
    "datepicker": _COMMON | {"initial_date"},
    "timepicker": _COMMON | {"initial_time", "timezone"},
    "datetimepicker": frozenset({"type", "action_id", "initial_date_time", "confirm", "focus_on_load"}),
    "plain_text_input": _COMMON
    | {"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"},
    "email_text_input": _COMMON | {"initial_value", "dispatch_action_config"},
    "url_text_input": _COMMON | {"initial_value", "dispatch_action_config"},
    "number_input": _COMMON
    | {"initial_value", "is_decimal_allowed", "min_value", "max_value", "dispatch_action_config"},
    "file_input": frozenset({"type", "action_id", "filetypes", "max_files"}),
    "rich_text_input": _COMMON | {"initial_value", "dispatch_action_config"},
    "static_select": _COMMON | {"options", "option_groups", "initial_option"},
    "external_select": _COMMON | {"min_query_length", "initial_option"},
    "users_select": _COMMON | {"initial_user"},
    "conversations_select": _COMMON
    | {"initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"},
    "channels_select": _COMMON | {"initial_channel", "response_url_enabled"},
    "multi_static_select": _COMMON | {"options", "option_groups", "initial_options", "max_selected_items"},
    "multi_external_select": _COMMON | {"min_query_length", "initial_options", "max_selected_items"},
    "multi_users_select": _COMMON | {"initial_users", "max_selected_items"},
    "multi_conversations_select": _COMMON
    | {"initial_conversations", "default_to_current_conversation", "max_selected_items", "filter"},
    "multi_channels_select": _COMMON | {"initial_channels", "max_selected_items"},
}


def check_element(element: Any, at: str, block: str, surface: str, found: Findings) -> None:
    """Checks one element standing in a block of this type, on this surface (message, modal or home)."""
    if not isinstance(element, dict):
        found.add(at, "must provide an object")
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
    found.unknown(element, at, _KNOWN[kind])
    found.identifier(element, "action_id", at)
    if "placeholder" in _KNOWN[kind]:
        found.optional_text(element, "placeholder", at, limits.PLACEHOLDER)
    if "confirm" in _KNOWN[kind]:
        found.confirm(element, at)
    if "dispatch_action_config" in _KNOWN[kind]:
        _dispatch_config(element, at, found)
    check = _CHECKS.get(kind)
    if check is not None:
        check(element, at, found)


def _dispatch_config(element: Json, at: str, found: Findings) -> None:
    config = element.get("dispatch_action_config")
    if config is None:
        return
    for n, trigger in enumerate(
        found.listed(config.get("trigger_actions_on"), f"{at}/dispatch_action_config/trigger_actions_on", 2)
    ):
        if trigger not in ("on_enter_pressed", "on_character_entered"):
            found.add(f"{at}/dispatch_action_config/trigger_actions_on/{n}", "must be a valid enum value")


def _button(element: Json, at: str, found: Findings) -> None:
    found.text(element.get("text"), f"{at}/text", limits.BUTTON_TEXT, plain=True)
    if element.get("value") is not None:
        found.string(element["value"], f"{at}/value", limits.BUTTON_VALUE)
    if element.get("url") is not None:
        found.string(element["url"], f"{at}/url", limits.BUTTON_URL)
    if element.get("accessibility_label") is not None:
        found.string(element["accessibility_label"], f"{at}/accessibility_label", limits.BUTTON_TEXT)
    found.style(element, at)


def _overflow(element: Json, at: str, found: Findings) -> None:
    _option_list(element.get("options"), f"{at}/options", limits.OVERFLOW_OPTIONS, found, overflow=True)


def _image(element: Json, at: str, found: Findings) -> None:
    if (element.get("image_url") is None) == (element.get("slack_file") is None):
        found.add(at, "must define either `image_url` or `slack_file`")
    if element.get("image_url") is not None:
        found.string(element["image_url"], f"{at}/image_url", limits.IMAGE_URL, shortest=1)
    found.string(element.get("alt_text"), f"{at}/alt_text", limits.IMAGE_ALT, shortest=1)


def _choices(element: Json, at: str, found: Findings) -> None:
    _option_list(element.get("options"), f"{at}/options", limits.CHOICE_OPTIONS, found, mrkdwn=True)
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
            if not isinstance(group, dict):
                found.add(group_at, "must provide an object")
                return
            found.text(group.get("label"), f"{group_at}/label", limits.OPTION_TEXT, plain=True)
            _option_list(group.get("options"), f"{group_at}/options", limits.SELECT_OPTIONS, found)
    _initial_options(element, at, found)
    _most_selected(element, at, found)


def _option_list(
    options: Any, at: str, most: int, found: Findings, *, mrkdwn: bool = False, overflow: bool = False
) -> None:
    for n, option in enumerate(found.listed(options, at, most)):
        found.option(option, f"{at}/{n}", mrkdwn=mrkdwn, overflow=overflow)


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


def _most_selected(element: Json, at: str, found: Findings) -> None:
    most = element.get("max_selected_items")
    if most is not None and (not isinstance(most, int) or most < 1):
        found.add(f"{at}/max_selected_items", "must be at least 1")


def _matches(key: str, pattern: str) -> Callable[[Json, str, Findings], None]:
    def check(element: Json, at: str, found: Findings) -> None:
        value = element.get(key)
        if value is not None and not (isinstance(value, str) and re.fullmatch(pattern, value)):
            found.add(f"{at}/{key}", "must match the expected format")

    return check


def _datetime(element: Json, at: str, found: Findings) -> None:
    value = element.get("initial_date_time")
    # Ten digits of UNIX seconds, says the reference.
    if value is not None and (not isinstance(value, int) or len(str(value)) != 10):
        found.add(f"{at}/initial_date_time", "must be a 10 digit UNIX timestamp in seconds")


def _plain_input(element: Json, at: str, found: Findings) -> None:
    longest = element.get("max_length", limits.PLAIN_TEXT_INPUT)
    shortest = element.get("min_length", 0)
    if not isinstance(longest, int) or not 1 <= longest <= limits.PLAIN_TEXT_INPUT:
        found.add(f"{at}/max_length", f"must be between 1 and {limits.PLAIN_TEXT_INPUT}")
        return
    if not isinstance(shortest, int) or not 0 <= shortest <= limits.PLAIN_TEXT_INPUT:
        found.add(f"{at}/min_length", f"must be between 0 and {limits.PLAIN_TEXT_INPUT}")
        return
    if shortest > longest:
        found.add(f"{at}/min_length", "must be at most max_length")
    if element.get("initial_value") is not None:
        found.string(element["initial_value"], f"{at}/initial_value", longest)


def _number(element: Json, at: str, found: Findings) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        found.add(f"{at}/is_decimal_allowed", "must provide a boolean")
    for key in ("initial_value", "min_value", "max_value"):
        if element.get(key) is not None and not isinstance(element[key], str):
            found.add(f"{at}/{key}", "must provide a string")


_CHECKS: dict[str, Callable[[Json, str, Findings], None]] = {
    "button": _button,
    "overflow": _overflow,
    "image": _image,
    "checkboxes": _choices,
    "radio_buttons": _choices,
    "static_select": _static,
    "multi_static_select": _static,
    "multi_external_select": _most_selected,
    "multi_users_select": _most_selected,
    "multi_conversations_select": _most_selected,
    "multi_channels_select": _most_selected,
    "datepicker": _matches("initial_date", r"\d{4}-\d\d-\d\d"),
    "timepicker": _matches("initial_time", r"\d\d:\d\d"),
    "datetimepicker": _datetime,
    "plain_text_input": _plain_input,
    "number_input": _number,
}
