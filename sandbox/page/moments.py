"""Pickers of days and times: in the page's language, by the 24-hour clock, in whatever browser.

A browser draws its own pickers in its own language, and nobody can see from outside what it draws.
"""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from datetime import date, time
from typing import Any

from babel.dates import get_day_names, get_month_names
from nicegui import ui
from nicegui.events import GenericEventArguments, ValueChangeEventArguments

from sandbox.page.markup import CALENDAR
from sandbox.page.words import Words

#: Minutes between the times that can be chosen; any other can be typed.
STEP = 15
_CLOCK = re.compile(r"(\d{1,2})[:. ]?(\d{2})?")
#: An empty list of times opens at the one of this index.
_OPENS_AT = """() => setTimeout(() => {
    const list = getElement(%d).$refs.qRef;
    if (!list.modelValue) list.scrollTo(%d, "start-force");
})"""
TimeGiven = Callable[[time], Awaitable[None]]
DayGiven = Callable[[date | None], Awaitable[None]]


def clock_time(typed: str) -> time | None:
    """The time that somebody means by «21», «21:05», «21.05», «2105» or «9.05»; None if it is none."""
    found = _CLOCK.fullmatch(typed.strip())
    if found is None:
        return None
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def day_picker(
    words: Words, value: date | None, today: date, placeholder: str, given: DayGiven
) -> Callable[[str], ui.element]:
    """A button with the day in words, which opens a month; what it returns gives it its label."""

    def text() -> str:
        chosen = date.fromisoformat(picker.value) if picker.value else None
        told = html.escape(words.day(chosen) if chosen else placeholder)
        return f'<span class="{"chosen" if chosen else "placeholder"}">{told}</span>{CALENDAR}'

    async def changed(event: ValueChangeEventArguments[Any]) -> None:
        menu.close()
        shown.set_content(text())
        name()
        await given(date.fromisoformat(event.value) if event.value else None)

    label = ""

    def name(told: str = "") -> ui.element:
        nonlocal label
        label = told or label
        chosen = words.day(date.fromisoformat(picker.value)) if picker.value else placeholder
        opener.props["aria-label"] = f"{label}: {chosen}"
        return opener

    with ui.element("button").classes("field-button").props("type=button aria-haspopup=dialog") as opener:
        shown = ui.html("", sanitize=False).classes("field-button-text")
        with ui.menu().classes("choices month").props("role=dialog") as menu:
            menu.props["aria-label"] = placeholder
            picker = ui.date(value=value.isoformat() if value else None, on_change=changed)
            picker.props("minimal flat no-unset square")
            # The workspace's today, which is not the browser's.
            picker.props["default-year-month"] = f"{today:%Y/%m}"
            picker.props["events"] = [f"{today:%Y/%m/%d}"]
            picker.props["locale"] = _locale(words)
    shown.set_content(text())
    return name


def _locale(words: Words) -> dict[str, Any]:
    """Names of days and months for Quasar, Sunday first; weeks begin on Monday."""
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


def time_picker(value: time | None, now: time, placeholder: str, given: TimeGiven) -> ui.select:
    """A list of times, from 00:00 to 23:45, in which any other can be typed; empty, it opens at `now`."""
    options = [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in range(0, 24 * 60, STEP)]
    before = f"{value:%H:%M}" if value else None
    if before and before not in options:
        options.append(before)
    typed = ""

    async def take(text: str | None) -> None:
        """Take what is chosen or typed; what is no time leaves the one before."""
        nonlocal before, typed
        typed = ""
        meant = clock_time(text or "")
        taken = f"{meant:%H:%M}" if meant else before
        picker.options = sorted({*options, *([taken] if taken else [])})
        picker.value = taken
        picker.update()
        if meant is not None and taken != before:
            before = taken
            await given(meant)

    async def changed(event: ValueChangeEventArguments[Any]) -> None:
        if event.value != before:
            await take(event.value)

    def types(event: GenericEventArguments) -> None:
        nonlocal typed
        typed = str(event.args or "")

    async def left() -> None:
        if typed and typed != before:
            await take(typed)

    picker = ui.select(sorted(options), value=before, on_change=changed, new_value_mode="add-unique")
    picker.props("outlined dense options-dense hide-bottom-space popup-content-class=choices behavior=menu")
    picker.classes("field-time").on("input-value", types).on("blur", left)
    # Escape closes the list, and not also the modal around it.
    picker.on("keydown.escape.stop")
    if before is None:
        picker.props["placeholder"] = placeholder
    picker.on("popup-show", js_handler=_OPENS_AT % (picker.id, (now.hour * 60 + now.minute) // STEP))
    return picker
