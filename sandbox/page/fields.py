"""Elements that hold a value: selects, pickers, choices and texts.

A browser draws its own pickers in its own language. The picker for days here is always in the page's
language; a time is typed, with the 24-hour clock.
"""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from babel.dates import get_day_names, get_month_names
from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from sandbox.block_kit.elements import ELEMENTS, TEXT_INPUTS, all_options
from sandbox.block_kit.render import with_emoji
from sandbox.model import Json
from sandbox.page.markup import CALENDAR
from sandbox.page.session import Controller
from sandbox.page.widgets import LIST, LIST_OF_MANY
from sandbox.page.words import ZONE, Words

Give = Callable[[Any], Awaitable[None]]
#: A menu with more options than this can be searched by typing.
MOST_IN_SIGHT = 12


@dataclass(frozen=True)
class Frame:
    """A field's accessible name, and the id of the element with its hint and error."""

    controller: Controller
    label: str
    described_by: str = ""
    required: bool = False

    def name(self, element: ui.element, label: str = "") -> None:
        """Set a control's accessible name, if it has none."""
        if label or "aria-label" not in element.props:
            element.props["aria-label"] = label or self.label
        if self.described_by:
            element.props["aria-describedby"] = self.described_by
        if self.required and element.tag not in ("button", "div"):
            element.props["aria-required"] = "true"


@dataclass(frozen=True)
class Pending:
    """A typed text that is given to the app only when the person goes on, as in Slack."""

    block_id: str
    action_id: str
    read: Callable[[], str | None]
    drawn: str | None
    """The text when it was drawn."""


def draw(frame: Frame, element: Json, state: Json, give: Give) -> Callable[[], str | None] | None:
    """Draw a field with its state. For a text field, return a function that reads what is typed so far."""
    kind = element["type"]
    if kind in TEXT_INPUTS:
        return _text(frame, element, state)
    DRAWN[kind](frame, element, state, give)
    return None


def _labels(options: dict[str, Json]) -> dict[str, str]:
    return {key: with_emoji(str(option["text"]["text"])) for key, option in options.items()}


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

    _menu(frame, element, _labels(options), value, changed, many=many)


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
    is_long = len(labels) > MOST_IN_SIGHT
    menu = ui.select(labels, value=value, multiple=many, on_change=changed, with_input=is_long)
    menu.props(f"outlined dense hide-bottom-space behavior=menu {LIST_OF_MANY if many else LIST}")
    menu.classes("field-select")
    # Escape closes only the list, and not the modal around it.
    menu.on("keydown.escape.stop")
    placeholder = _placeholder(frame, element, "select.choose")

    def show_placeholder() -> None:
        """Show the placeholder while nothing is chosen."""
        is_empty = not menu.value
        menu.classes(add="is-empty" if is_empty else "", remove="" if is_empty else "is-empty")
        if many:
            menu.props("use-chips" if not is_empty else "", remove="use-chips" if is_empty else "")
        if is_long:
            menu.props["placeholder"] = placeholder if is_empty else None
        elif is_empty:
            menu.props["display-value"] = placeholder
        else:
            menu.props.pop("display-value", None)

    show_placeholder()
    menu.on_value_change(show_placeholder)
    if is_long:
        with menu.add_slot("no-option"):
            ui.label(frame.controller.words("select.none")).classes("no-option")
    frame.name(menu)


def _radio(frame: Frame, element: Json, state: Json, give: Give) -> None:
    options = {option["value"]: option for option in element["options"]}
    chosen = (state.get("selected_option") or {}).get("value")

    async def changed(event: ValueChangeEventArguments[Any]) -> None:
        await give(options[event.value])

    group = ui.radio(_labels(options), value=chosen, on_change=changed)
    group.props("dense").classes("field-choices")
    frame.name(group)


def _checkboxes(frame: Frame, element: Json, state: Json, give: Give) -> None:
    options = {option["value"]: option for option in element["options"]}
    labels = _labels(options)
    ticked = {option["value"] for option in state.get("selected_options") or []}

    def ticker(value: str) -> Callable[[ValueChangeEventArguments[Any]], Awaitable[None]]:
        async def changed(event: ValueChangeEventArguments[Any]) -> None:
            (ticked.add if event.value else ticked.discard)(value)
            await give([option for key, option in options.items() if key in ticked])

        return changed

    with ui.element("div").classes("field-choices").props("role=group") as group:
        for value in options:
            ui.checkbox(labels[value], value=value in ticked, on_change=ticker(value)).props("dense")
    frame.name(group)


def _datetime(frame: Frame, element: Json, state: Json, give: Give) -> None:
    seconds = state.get("selected_date_time")
    local = datetime.fromtimestamp(int(seconds), ZONE) if seconds else None
    words = frame.controller.words
    today = frame.controller.now().astimezone(ZONE).date()
    day, clock = (local.date(), local.time()) if local else (None, None)

    async def gives() -> None:
        if day is None or clock is None:
            told.set_text(words("field.half", what=words("field.date" if day is None else "field.time")))
            return
        given = datetime.combine(day, clock, ZONE)
        told.set_text(words.moment(given))
        await give(given)

    async def day_given(chosen: date | None) -> None:
        nonlocal day
        day = chosen
        await gives()

    async def time_given(chosen: time) -> None:
        nonlocal clock
        clock = chosen
        await gives()

    with ui.element("div").classes("field-moment"):
        label = f"{frame.label}: {words('field.date')}"
        on = day_picker(words, label, day, today, words("field.choose-day"), day_given)
        at = time_field(clock, words("field.choose-time"), time_given)
    told = ui.label(words.moment(local) if local else "").classes("field-told")
    frame.name(on)
    frame.name(at, f"{frame.label}: {words('field.time')}")


def _day(frame: Frame, element: Json, state: Json, give: Give) -> None:
    selected = state.get("selected_date")
    chosen = date.fromisoformat(selected) if selected else None
    placeholder = _placeholder(frame, element, "field.choose-day")
    today = frame.controller.now().date()
    frame.name(day_picker(frame.controller.words, frame.label, chosen, today, placeholder, give))


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


_CLOCK = re.compile(r"(\d{1,2})[:. ]?(\d{2})?")
TimeGiven = Callable[[time], Awaitable[None]]
DayGiven = Callable[[date | None], Awaitable[None]]


def clock_time(typed: str) -> time | None:
    """Return the time meant by «21», «21:05», «21.05», «2105» or «9.05»; None if it is no time."""
    found = _CLOCK.fullmatch(typed.strip())
    if found is None:
        return None
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def day_picker(
    words: Words, label: str, value: date | None, today: date, placeholder: str, given: DayGiven
) -> ui.element:
    """Draw a button with this label and the day in words, which opens a month."""

    def show() -> None:
        chosen = words.day(date.fromisoformat(picker.value)) if picker.value else ""
        opener.props["aria-label"] = f"{label}: {chosen or placeholder}"
        told = html.escape(chosen or placeholder)
        shown.set_content(f'<span class="{"chosen" if chosen else "placeholder"}">{told}</span>{CALENDAR}')

    async def changed(event: ValueChangeEventArguments[Any]) -> None:
        menu.close()
        show()
        await given(date.fromisoformat(event.value) if event.value else None)

    with ui.element("button").classes("field-button").props("type=button aria-haspopup=dialog") as opener:
        shown = ui.html("", sanitize=False).classes("field-button-text")
        with ui.menu().classes("choices month").props("role=dialog") as menu:
            menu.props["aria-label"] = placeholder
            picker = ui.date(value=value.isoformat() if value else None, on_change=changed)
            picker.props("minimal flat no-unset square")
            # The workspace's today, which can differ from the browser's.
            picker.props["default-year-month"] = f"{today:%Y/%m}"
            picker.props["events"] = [f"{today:%Y/%m/%d}"]
            picker.props["locale"] = _locale(words)
    show()
    return opener


def _locale(words: Words) -> dict[str, Any]:
    """Return names of days and months for Quasar, Sunday first; weeks begin on Monday."""
    days = {width: get_day_names(width, "stand-alone", words.locale) for width in ("wide", "short")}
    months = {width: get_month_names(width, "stand-alone", words.locale) for width in ("wide", "abbreviated")}
    sunday_first = (6, 0, 1, 2, 3, 4, 5)
    return {
        "days": [days["wide"][day] for day in sunday_first],
        "daysShort": [days["short"][day].rstrip(".") for day in sunday_first],
        "months": [months["wide"][month] for month in range(1, 13)],
        "monthsShort": [months["abbreviated"][month].rstrip(".") for month in range(1, 13)],
        "firstDayOfWeek": 1,
        "format24h": True,
    }


def time_field(value: time | None, placeholder: str, given: TimeGiven) -> ui.input:
    """Draw a field in which a time is typed; what is no time leaves the earlier one."""
    before = value

    async def take() -> None:
        nonlocal before
        meant = clock_time(field.value or "") or before
        field.set_value(f"{meant:%H:%M}" if meant else "")
        if meant is not None and meant != before:
            before = meant
            await given(meant)

    field = ui.input(value=f"{value:%H:%M}" if value else "", placeholder=placeholder)
    field.props("outlined dense hide-bottom-space inputmode=numeric").classes("field-time")
    field.on("blur", take).on("keydown.enter", take)
    return field
