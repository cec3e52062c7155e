"""Buttons and menus for all parts of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from sandbox.page.markup import plain

#: Properties of every menu, for its open list.
LIST = "options-dense popup-content-class=choices"
#: Properties of a menu in which several options can be chosen.
LIST_OF_MANY = 'options-dense popup-content-class="choices many"'


def button(
    text: str, pressed: Callable[..., object] | None, classes: str = "slack-button", *, label: str = ""
) -> ui.element:
    """Draw a button. `label` is its accessible name if its text does not say enough."""
    with ui.element("button").classes(classes).props("type=button") as made:
        ui.html(plain(text), sanitize=False, tag="span")
    if label:
        made.props["aria-label"] = label
    if pressed is not None:
        made.on("click", pressed)
    return made


def icon_button(
    sign: str, label: str, pressed: Callable[..., object] | None, classes: str = "icon-button"
) -> ui.element:
    """Draw a button with a sign, and with a label for screen readers and as tooltip."""
    made = button(sign, pressed, classes, label=label)
    made.props["title"] = label
    return made


def menu(options: dict[Any, str], value: Any, label: str, changed: Callable[[Any], None]) -> ui.select:
    """Draw a menu without a frame. `changed` gets the chosen value."""
    made = ui.select(options, value=value, on_change=lambda event: changed(event.value))
    made.props(f"borderless dense {LIST}")
    made.props["aria-label"] = label
    return made
