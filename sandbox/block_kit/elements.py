"""What is known of each block element: where it may stand, what it holds, and what it says when used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.model import Json

_ALL = frozenset({"modal", "message", "home"})
_MODAL = frozenset({"modal"})


@dataclass(frozen=True)
class Element:
    """One element type: the blocks and surfaces it works in, the state field it fills, its initial field."""

    blocks: frozenset[str]
    surfaces: frozenset[str] = _ALL
    state: str = ""
    initial: str = ""
    many: bool = False


def _of(*blocks: str) -> frozenset[str]:
    return frozenset(blocks)


_EVERYWHERE = _of("section", "actions", "input")

# https://api.slack.com/reference/block-kit/block-elements: «available in surfaces», «works with block types».
ELEMENTS: dict[str, Element] = {
    "button": Element(_of("section", "actions")),
    "overflow": Element(_of("section", "actions")),
    "image": Element(_of("section", "context")),
    "checkboxes": Element(_EVERYWHERE, state="selected_options", initial="initial_options", many=True),
    "radio_buttons": Element(_EVERYWHERE, state="selected_option", initial="initial_option"),
    "datepicker": Element(_EVERYWHERE, state="selected_date", initial="initial_date"),
    "timepicker": Element(_EVERYWHERE, state="selected_time", initial="initial_time"),
    "datetimepicker": Element(
        _of("actions", "input"),
        surfaces=frozenset({"modal", "message"}),
        state="selected_date_time",
        initial="initial_date_time",
    ),
    "plain_text_input": Element(_of("input"), state="value", initial="initial_value"),
    "email_text_input": Element(_of("input"), _MODAL, state="value", initial="initial_value"),
    "url_text_input": Element(_of("input"), _MODAL, state="value", initial="initial_value"),
    "number_input": Element(_of("input"), _MODAL, state="value", initial="initial_value"),
    "file_input": Element(_of("input"), _MODAL, state="files", many=True),
    "rich_text_input": Element(
        _of("input"), frozenset({"modal", "home"}), state="rich_text_value", initial="initial_value"
    ),
}
for _kind, _noun in (
    ("static", "option"),
    ("external", "option"),
    ("users", "user"),
    ("conversations", "conversation"),
    ("channels", "channel"),
):
    ELEMENTS[f"{_kind}_select"] = Element(_EVERYWHERE, state=f"selected_{_noun}", initial=f"initial_{_noun}")
    ELEMENTS[f"multi_{_kind}_select"] = Element(
        _EVERYWHERE, state=f"selected_{_noun}s", initial=f"initial_{_noun}s", many=True
    )

TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})


def of_block(block: Json) -> Iterator[Json]:
    """The interactive elements of a block, in the order shown."""
    kind = block.get("type")
    if kind == "section":
        accessory = block.get("accessory")
        if accessory and accessory.get("type") != "image":
            yield accessory
    elif kind == "actions":
        yield from block.get("elements") or []
    elif kind == "input" and block.get("element"):
        yield block["element"]


def initial_state(element: Json) -> Json | None:
    """The element's entry in `state.values` before anybody touched it, or None if it holds no state."""
    known = ELEMENTS[element["type"]]
    if not known.state:
        return None
    empty: list[Json] | None = [] if known.many else None
    state: Json = {"type": element["type"], known.state: element.get(known.initial, empty)}
    if element["type"] == "timepicker" and element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def initial_values(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """`state.values` of blocks that nobody has touched: block_id → action_id → state."""
    values: dict[str, dict[str, Json]] = {}
    for block in blocks:
        for element in of_block(block):
            state = initial_state(element)
            if state is not None:
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def carried_values(blocks: list[Json], before: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """`state.values` after an update: what was filled in stays where block_id, action_id and type did."""
    values = initial_values(blocks)
    for block_id, by_action in values.items():
        for action_id, state in by_action.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == state["type"]:
                by_action[action_id] = old
    return values


def is_filled(state: Json) -> bool:
    """True if the person gave a value."""
    known = ELEMENTS[state["type"]]
    return state.get(known.state) not in (None, "", [])


def all_options(element: Json) -> list[Json]:
    """The options of a select, whether grouped or not."""
    if element.get("option_groups"):
        return [option for group in element["option_groups"] for option in group["options"]]
    return list(element.get("options") or [])
