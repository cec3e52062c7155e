"""Elements that hold a value: selects, pickers, choices and texts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from sandbox.block_kit.elements import ELEMENTS, TEXT_INPUTS, all_options
from sandbox.model import Json
from sandbox.page.controller import Controller
from sandbox.page.words import ZONE

Give = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True)
class Frame:
    """The surroundings of a field: its accessible name, and where its hint and error stand."""

    controller: Controller
    label: str
    described_by: str = ""
    required: bool = False

    def name(self, element: ui.element, label: str = "") -> None:
        """Give a control its accessible name."""
        element.props["aria-label"] = label or self.label
        if self.described_by:
            element.props["aria-describedby"] = self.described_by
        if self.required:
            element.props["aria-required"] = "true"


@dataclass(frozen=True)
class Pending:
    """A text that is typed, and given only when its person goes on, as Slack does it."""

    block_id: str
    action_id: str
    read: Callable[[], str | None]
    drawn: str | None
    """The text when it was drawn."""


def draw(frame: Frame, element: Json, state: Json, give: Give) -> Callable[[], str | None] | None:
    """Draw a field with its state; for a text it returns how to read what is typed so far."""
    kind = element["type"]
    if kind in TEXT_INPUTS:
        return _text(frame, element, state)
    DRAWN[kind](frame, element, state, give)
    return None


def _placeholder(frame: Frame, element: Json, otherwise: str) -> str:
    given = element.get("placeholder")
    return str(given["text"]) if given else frame.controller.words(otherwise)


def _select(frame: Frame, element: Json, state: Json, give: Give) -> None:
    many = ELEMENTS[element["type"]].many
    options = {option["value"]: option for option in all_options(element)}
    chosen = state.get(ELEMENTS[element["type"]].state)
    value = [option["value"] for option in chosen or []] if many else (chosen or {}).get("value")

    async def changed(event: ValueChangeEventArguments[Any]) -> None:
        if many:
            await give([options[each] for each in event.value])
        else:
            await give(options[event.value] if event.value is not None else None)

    labels = {key: str(option["text"]["text"]) for key, option in options.items()}
    _menu(frame, element, labels, value, changed, many=many)


def _people(frame: Frame, element: Json, state: Json, give: Give) -> None:
    async def changed(event: ValueChangeEventArguments[Any]) -> None:
        await give(event.value)

    _menu(frame, element, frame.controller.people, state.get("selected_user"), changed, many=False)


def _menu(
    frame: Frame,
    element: Json,
    labels: dict[str, str],
    value: Any,
    changed: Callable[[ValueChangeEventArguments[Any]], Awaitable[None]],
    *,
    many: bool,
) -> None:
    menu = ui.select(labels, value=value, multiple=many, on_change=changed, with_input=True)
    menu.props("outlined dense options-dense hide-bottom-space popup-content-class=choices")
    menu.classes("field-select")
    # Escape closes the list, and not also the modal around it.
    menu.on("keydown.escape.stop")
    if many:
        menu.props("use-chips")
    if not value:
        menu.props["placeholder"] = _placeholder(frame, element, "select.choose")
    frame.name(menu)


def _radio(frame: Frame, element: Json, state: Json, give: Give) -> None:
    options = {option["value"]: option for option in element["options"]}
    labels = {key: str(option["text"]["text"]) for key, option in options.items()}
    chosen = (state.get("selected_option") or {}).get("value")

    async def changed(event: ValueChangeEventArguments[Any]) -> None:
        await give(options[event.value])

    group = ui.radio(labels, value=chosen, on_change=changed).props("dense").classes("field-choices")
    frame.name(group)


def _checkboxes(frame: Frame, element: Json, state: Json, give: Give) -> None:
    options = {option["value"]: option for option in element["options"]}
    ticked = {option["value"] for option in state.get("selected_options") or []}

    def ticker(value: str) -> Callable[[ValueChangeEventArguments[Any]], Awaitable[None]]:
        async def changed(event: ValueChangeEventArguments[Any]) -> None:
            (ticked.add if event.value else ticked.discard)(value)
            await give([option for key, option in options.items() if key in ticked])

        return changed

    with ui.element("div").classes("field-choices").props("role=group") as group:
        for value, option in options.items():
            ui.checkbox(option["text"]["text"], value=value in ticked, on_change=ticker(value)).props("dense")
    frame.name(group)


def _datetime(frame: Frame, element: Json, state: Json, give: Give) -> None:
    seconds = state.get("selected_date_time")
    local = datetime.fromtimestamp(int(seconds), ZONE) if seconds else None
    words = frame.controller.words

    async def changed() -> None:
        try:
            given = datetime.fromisoformat(f"{day.value}T{clock.value}").replace(tzinfo=ZONE)
        except ValueError:
            return
        told.set_text(words.moment(given))
        await give(given)

    with ui.element("div").classes("field-moment"):
        day = ui.input(value=f"{local:%Y-%m-%d}" if local else "", on_change=changed)
        day.props("type=date outlined dense hide-bottom-space")
        clock = ui.input(value=f"{local:%H:%M}" if local else "", on_change=changed)
        clock.props("type=time outlined dense hide-bottom-space")
    told = ui.label(words.moment(local) if local else "").classes("field-told")
    frame.name(day, f"{frame.label}: {words('field.date')}")
    frame.name(clock, f"{frame.label}: {words('field.time')}")


def _day(frame: Frame, element: Json, state: Json, give: Give) -> None:
    async def changed(event: ValueChangeEventArguments[Any]) -> None:
        await give(event.value or None)

    day = ui.input(value=str(state.get("selected_date") or ""), on_change=changed)
    day.props("type=date outlined dense hide-bottom-space")
    frame.name(day)


def _text(frame: Frame, element: Json, state: Json) -> Callable[[], str | None]:
    value = str(state.get("value") or "")
    field: ui.textarea | ui.input
    if element.get("multiline"):
        field = ui.textarea(value=value).props("autogrow")
    else:
        field = ui.input(value=value)
        if element["type"] == "number_input":
            field.props["inputmode"] = "numeric"
    field.props("outlined dense hide-bottom-space").classes("field-text")
    if element.get("placeholder"):
        field.props["placeholder"] = str(element["placeholder"]["text"])
    frame.name(field)
    return lambda: field.value or None


DRAWN: dict[str, Callable[[Frame, Json, Json, Give], None]] = {
    "static_select": _select,
    "multi_static_select": _select,
    "users_select": _people,
    "radio_buttons": _radio,
    "checkboxes": _checkboxes,
    "datetimepicker": _datetime,
    "datepicker": _day,
}
