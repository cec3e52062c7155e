"""Buttons and menus, as all parts of the page have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from sandbox.page.markup import plain

#: Of every menu's list, when it is open.
LIST = "options-dense popup-content-class=choices"
#: Of one in which several may be chosen.
LIST_OF_MANY = 'options-dense popup-content-class="choices many"'


def button(
    text: str, pressed: Callable[..., object] | None, classes: str = "slack-button", *, label: str = ""
) -> ui.element:
    """A button; `label` is its accessible name where its text alone does not say enough."""
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
    """A button with a sign for those who see it, and a label for everybody."""
    with ui.element("button").classes(classes).props("type=button") as made:
        ui.html(sign, sanitize=False, tag="span").props("aria-hidden=true")
    made.props["aria-label"] = made.props["title"] = label
    if pressed is not None:
        made.on("click", pressed)
    return made


def menu(options: dict[Any, str], value: Any, label: str, changed: Callable[[Any], None]) -> ui.select:
    """A menu without a frame; `changed` gets the value that is chosen."""
    made = ui.select(options, value=value, on_change=lambda event: changed(event.value))
    made.props(f"borderless dense {LIST}")
    made.props["aria-label"] = label
    return made
