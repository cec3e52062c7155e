"""The elements of Block Kit that the bot uses, within Slack's limits for any text.

Text is mrkdwn; what comes from people or data is escaped before it gets here. `verbatim` keeps Slack from
turning text that only looks like a mention or a link into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from handlers.blocks.context import Block, escape

SECTION_TEXT = 3000
HEADER_TEXT = 150
BUTTON_TEXT = 75
OPTION_TEXT = 75
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
#: The spaces at which a line must not break: before a clock time, and within a number.
_WITHIN = re.compile(r"(?<=\bkl\.) (?=\d)|(?<=\d) (?=\d)")


class ActionId(str):
    """action_id of a button, a select or a menu, defined once, where it is drawn.

    `value` says what the element's value is: internal ids only, which are checked again.
    """

    value: str

    def __new__(cls, id: str, value: str = "") -> ActionId:
        self = super().__new__(cls, id)
        self.value = value
        return self


def as_asked(id: str, sequence: int) -> str:
    """Return a value that also tells which time and place was asked about; `payloads.asked` reads it."""
    return f"{id}|{sequence}"


def as_time(id: str, at: datetime) -> str:
    """Return a value that names one of several proposed times; `slack.verbs` reads it."""
    return f"{id}|{int(at.timestamp())}"


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": _unbroken(text), "verbatim": True}


def plain(text: str, most: int) -> Block:
    """Return a text object without markup, for headers, buttons and options."""
    return {"type": "plain_text", "text": clip(_unbroken(text), most)}


def _unbroken(text: str) -> str:
    return _WITHIN.sub("\u00a0", text)


def section(text: str, accessory: Block | None = None) -> Block:
    """Return a paragraph, with a button or a menu at its side."""
    block: Block = {"type": "section", "text": mrkdwn(clip(text, SECTION_TEXT))}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def sections(text: str) -> list[Block]:
    """Return a long text in as many paragraphs as it needs, at most ten (30,000 characters)."""
    return [section(part) for part in parts(text, SECTION_TEXT)[:10]]


def context(*texts: str) -> Block:
    """Return small print, at most ten pieces."""
    return {"type": "context", "elements": [mrkdwn(clip(text, SECTION_TEXT)) for text in texts[:10]]}


def small_print(text: str) -> Block:
    """Return a long text as small print, whole to 30,000 characters."""
    return context(*parts(text, SECTION_TEXT))


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER_TEXT)}


def code(text: str) -> list[Block]:
    """Return a text to copy, escaped here, in as many paragraphs as it needs, at most ten."""
    fence = "```"
    most = SECTION_TEXT - 2 * len(fence)
    return [section(f"{fence}{part}{fence}") for part in parts(escape(text), most)[:10]]


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(label: str, action: ActionId, value: str, *, primary: bool = False, danger: bool = False) -> Block:
    """Return a button: `primary` is the one to press (green), `danger` cannot be undone (red)."""
    block: Block = {
        "type": "button",
        "text": plain(label, BUTTON_TEXT),
        "action_id": str(action),
        "value": value,
    }
    if primary or danger:
        block["style"] = "danger" if danger else "primary"
    return block


def menu(action: ActionId, options: Iterable[tuple[str, str]]) -> Block:
    """Return an overflow menu of one to five (label, value)."""
    offered = [option(label, value) for label, value in options]
    return {"type": "overflow", "action_id": str(action), "options": offered}


def option(label: str, value: str) -> Block:
    return {"text": plain(label, OPTION_TEXT), "value": value}


def lines(*texts: str | None) -> str:
    """Return lines under each other, without the empty ones."""
    return "\n".join(text for text in texts if text)


def quoted(text: str) -> str:
    """Return what a person wrote, escaped, as a quotation."""
    return "\n".join(f"> {line}" for line in escape(text).split("\n"))


def bullets(texts: Sequence[str], most: int = SECTION_TEXT) -> str:
    """Return a list of at most `most` characters; an ellipsis replaces what does not fit."""
    shown: list[str] = []
    room = most
    for text in texts:
        line = f"• {clip(text, 500)}"
        if len(line) + 3 > room:
            return "\n".join([*shown, "…"])
        room -= len(line) + 1
        shown.append(line)
    return "\n".join(shown)


def clip(text: str, most: int) -> str:
    """Return the text, cut at a space if it is longer than `most` characters."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    at = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:at] if at > most // 2 else cut).rstrip() + "…"


def parts(text: str, most: int) -> list[str]:
    """Return the text in pieces of at most `most` characters, split at a line end or a space if possible."""
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > most:
        cut = rest[:most]
        at = max(cut.rfind("\n"), cut.rfind(" "))
        at = at if at > most // 2 else most
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*pieces, rest] if rest else pieces
