"""The payloads of a client: an element as it is used, and a form as it is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sandbox.model import View
from tests.e2e import kit


def chosen(value: str) -> Any:
    """Return an option as Slack sends it when it is chosen."""
    return {"selected_option": {"text": {"type": "plain_text", "text": value}, "value": value}}


def filled_in(view: View, fill: Sequence[str], values: Mapping[str, Any]) -> None:
    """Fill in the given values; and the first option in every other field that is required, or in `fill`."""
    for block in view.blocks:
        if block["type"] != "input":
            continue
        name, element = block["block_id"], block["element"]
        here = view.values.setdefault(name, {}).setdefault("value", {"type": element["type"]})
        if name in values:
            here |= values[name]
        elif (name in fill or not block.get("optional")) and not any(list(here.values())[1:]):
            options = element.get("options") or []
            if options and element["type"] in ("static_select", "radio_buttons"):
                here["selected_option"] = options[0]
            elif options:
                here["selected_options"] = options[:1]
            elif element["type"] == "plain_text_input":
                here["value"] = "Ringe skolen"
            elif element["type"] == "datepicker":
                here["selected_date"] = f"{kit.STARTS + timedelta(days=14):%Y-%m-%d}"
