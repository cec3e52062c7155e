"""Block elements: where each is allowed, its properties, and the state that it fills."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.model import Json

_ALL = frozenset({"modal", "message", "home"})


@dataclass(frozen=True)
class Element:
    """One element type: its blocks and surfaces, its properties, and the state field it fills."""

    blocks: frozenset[str]
    keys: frozenset[str]
    """Properties besides type and action_id."""
    surfaces: frozenset[str] = _ALL
    state: str = ""

    @property
    def initial(self) -> str:
        """The name of the property with the initial value."""
        return f"initial_{self.state.removeprefix('selected_')}"

    @property
    def many(self) -> bool:
        """True if several options can be chosen."""
        return self.state == "selected_options"


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


_EVERYWHERE = _of("section", "actions", "input")
_BESIDE_TEXT = _of("section", "actions")
_INPUT = _of("input")

# https://api.slack.com/reference/block-kit/block-elements: «available in surfaces», «works with block types».
# The elements that the bot sends; any other is refused as unknown.
ELEMENTS: dict[str, Element] = {
    "button": Element(_BESIDE_TEXT, _of("text", "value", "style")),
    "overflow": Element(_BESIDE_TEXT, _of("options")),
    "checkboxes": Element(_EVERYWHERE, _of("options", "initial_options"), state="selected_options"),
    "radio_buttons": Element(_EVERYWHERE, _of("options", "initial_option"), state="selected_option"),
    "datepicker": Element(_EVERYWHERE, _of("placeholder", "initial_date"), state="selected_date"),
    "datetimepicker": Element(
        _of("actions", "input"), _of("initial_date_time"), _of("modal", "message"), state="selected_date_time"
    ),
    "plain_text_input": Element(
        _INPUT, _of("placeholder", "initial_value", "multiline", "max_length"), state="value"
    ),
    "email_text_input": Element(_INPUT, _of("placeholder", "initial_value"), _of("modal"), state="value"),
    "number_input": Element(
        _INPUT,
        _of("placeholder", "initial_value", "is_decimal_allowed", "min_value", "max_value"),
        _of("modal"),
        state="value",
    ),
    "static_select": Element(
        _EVERYWHERE, _of("placeholder", "options", "option_groups", "initial_option"), state="selected_option"
    ),
    "multi_static_select": Element(
        _EVERYWHERE,
        _of("placeholder", "options", "option_groups", "initial_options"),
        state="selected_options",
    ),
    "users_select": Element(_EVERYWHERE, _of("placeholder", "initial_user"), state="selected_user"),
}
TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "number_input"})


def of_block(block: Json) -> Iterator[Json]:
    """Yield the interactive elements of a block, in the order shown."""
    kind = block.get("type")
    if kind == "section":
        if block.get("accessory"):
            yield block["accessory"]
    elif kind == "actions":
        yield from block.get("elements") or []
    elif kind == "input" and block.get("element"):
        yield block["element"]


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return a copy of the blocks, with a block_id and action_ids where the app gave none."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in of_block(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return blocks


def initial_values(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """Return the `state.values` of untouched blocks: block_id → action_id → state."""
    values: dict[str, dict[str, Json]] = {}
    for block in blocks:
        for element in of_block(block):
            known = ELEMENTS[element["type"]]
            if known.state:
                filled_in = element.get(known.initial, [] if known.many else None)
                state = {"type": element["type"], known.state: filled_in}
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def carried_values(blocks: list[Json], before: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """Return `state.values` after an update. A value is kept if block_id, action_id and type are the same."""
    values = initial_values(blocks)
    for block_id, by_action in values.items():
        for action_id, state in by_action.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == state["type"]:
                by_action[action_id] = old
    return values


def is_filled(state: Json) -> bool:
    known = ELEMENTS[state["type"]]
    return state.get(known.state) not in (None, "", [])


def all_options(element: Json) -> list[Json]:
    """Return the options of a select, grouped or not."""
    if element.get("option_groups"):
        return [option for group in element["option_groups"] for option in group["options"]]
    return list(element.get("options") or [])
