"""Blocks as they stand, in HTML that needs nothing else: no browser session, no script, no other file."""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from sandbox.activity import Shown
from sandbox.block_kit.elements import ELEMENTS, all_options, of_block
from sandbox.block_kit.render import Names, value_text
from sandbox.model import File, Json
from sandbox.page import markup
from sandbox.page.words import Words

_LINK_TO_ROOM = re.compile(r' role="link" tabindex="0" data-channel="[^"]*"')
#: Are drawn with all that can be chosen in them.
_LISTED = frozenset({"checkboxes", "radio_buttons"})


def picture(shown: Shown, names: Names, words: Words) -> str:
    """A message or a view as it was: its blocks, what was filled in, its files."""
    drawn = "".join(_block(block, shown, names, words) for block in shown.blocks)
    if not shown.blocks and shown.text:
        drawn = f'<div class="b-text">{markup.mrkdwn(shown.text, names)}</div>'
    drawn += "".join(map(_file, shown.files))
    return _LINK_TO_ROOM.sub("", drawn)


def static(block: Json, names: Names) -> str:
    """A block in which there is nothing to use."""
    kind = block["type"]
    if kind == "divider":
        return '<hr class="b-divider">'
    if kind == "header":
        text = markup.text_object(block["text"], names)
        return f'<div class="b-header" role="heading" aria-level="3">{text}</div>'
    if kind == "context":
        parts = "".join(f"<span>{markup.text_object(each, names)}</span>" for each in block["elements"])
        return f'<div class="b-context">{parts}</div>'
    if kind == "rich_text":
        return f'<div class="b-text">{markup.rich_text(block, names)}</div>'
    if kind == "table":
        return f'<div class="b-table">{markup.table(block, names)}</div>'
    return section_text(block, names)


def section_text(block: Json, names: Names) -> str:
    """A section without what stands beside it."""
    text = markup.text_object(block.get("text"), names)
    pairs = "".join(f"<div>{markup.text_object(each, names)}</div>" for each in block.get("fields") or [])
    return (f'<div class="b-text">{text}</div>' if text else "") + (
        f'<div class="b-fields">{pairs}</div>' if pairs else ""
    )


def _block(block: Json, shown: Shown, names: Names, words: Words) -> str:
    kind = block["type"]
    values = shown.values.get(block.get("block_id", ""), {})
    if kind == "input":
        label = markup.text_object(block["label"], names)
        wrong = shown.errors.get(block.get("block_id", ""), "")
        error = f'<div class="b-error">{html.escape(wrong)}</div>' if wrong else ""
        field = _element(block["element"], values, names, words)
        return f'<div class="b-input"><b>{label}</b>{field}{error}</div>'
    elements = "".join(_element(each, values, names, words) for each in of_block(block))
    if kind == "actions":
        return f'<div class="b-actions">{elements}</div>'
    if elements:
        return f'<div class="b-section"><div>{section_text(block, names)}</div>{elements}</div>'
    return static(block, names)


def _element(element: Json, values: Mapping[str, Json], names: Names, words: Words) -> str:
    kind = element["type"]
    if kind == "button":
        text = markup.text_object(element["text"], names)
        return f'<span class="button {element.get("style", "")}">{text}</span>'
    if kind == "overflow":
        return '<span class="button">⋯</span>'
    state = values.get(element.get("action_id", "")) or {}
    if kind in _LISTED:
        chosen = state.get(ELEMENTS[kind].state) if state else None
        return _options(element, chosen if isinstance(chosen, list) else [chosen], names)
    given = _in_words(state, words) or value_text(state, names)
    if given:
        return f'<span class="field">{markup.plain(given)}</span>'
    placeholder = markup.text_object(element.get("placeholder"), names)
    return f'<span class="field empty">{placeholder or "&nbsp;"}</span>'


def _in_words(state: Json, words: Words) -> str:
    """A chosen day or time as people say it; empty if it is something else."""
    if state.get("selected_date_time"):
        return words.moment(datetime.fromtimestamp(int(state["selected_date_time"]), UTC))
    return words.day(date.fromisoformat(state["selected_date"])) if state.get("selected_date") else ""


def _options(element: Json, chosen: list[Json | None], names: Names) -> str:
    values = {each["value"] for each in chosen if each}
    yes, no = ("◉", "○") if element["type"] == "radio_buttons" else ("☑", "☐")
    rows = (
        f"<li>{yes if option['value'] in values else no} {markup.text_object(option['text'], names)}</li>"
        for option in all_options(element)
    )
    return f'<ul class="options">{"".join(rows)}</ul>'


def _file(file: File) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    told = html.escape(file.alt or file.title or file.name)
    if kind.startswith("image/"):
        source = f"data:{kind};base64,{base64.b64encode(file.content).decode()}"
        return f'<img src="{source}" alt="{told}">'
    return f'<div class="file">📄 {html.escape(file.name)}</div>'
