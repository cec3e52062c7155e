"""Files in messages: a calendar file with its date in words, a picture shown, anything else by its name."""

from __future__ import annotations

import base64
import html
import mimetypes
from datetime import datetime

from icalendar import Calendar
from nicegui import ui

from sandbox.model import File
from sandbox.page.words import ZONE, Words


def draw(file: File, words: Words) -> None:
    """Draws a file as a card, with a button to save it."""
    if file.deleted:
        ui.label(words("file.deleted")).classes("file gone")
        return
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if kind.startswith("image/"):
        source = f"data:{kind};base64,{base64.b64encode(file.content).decode()}"
        ui.html(
            f'<img class="picture" src="{source}" alt="{html.escape(file.alt or file.title or file.name)}">',
            sanitize=False,
        )
        return
    with ui.element("div").classes("file"):
        ui.html('<span aria-hidden="true">🗓</span>' if file.name.endswith(".ics") else "📄", sanitize=False)
        with ui.element("div").classes("file-told"):
            ui.label(file.name).classes("file-name")
            ui.label(_told(file, words)).classes("file-what")
        save = ui.element("button").classes("slack-button").props("type=button")
        save.props["aria-label"] = words("file.save-named", name=file.name)
        with save:
            ui.label(words("file.save"))
        save.on("click", lambda: ui.download.content(file.content, file.name))


def _told(file: File, words: Words) -> str:
    if not file.name.endswith(".ics"):
        return words("file.size", count=len(file.content))
    event = next(iter(Calendar.from_ical(file.content).walk("VEVENT")), None)
    if event is None:
        return words("file.calendar")
    start, end = event.decoded("DTSTART"), event.decoded("DTEND", None)
    told = [words.moment(start) if isinstance(start, datetime) else words.day(start)]
    if isinstance(end, datetime):
        told[0] += f"–{end.astimezone(ZONE):%H:%M}"
    told += [str(event[key]) for key in ("SUMMARY", "LOCATION") if event.get(key)]
    if str(event.get("STATUS", "")) == "CANCELLED":
        told.insert(0, words("file.cancelled"))
    return " · ".join(told)
