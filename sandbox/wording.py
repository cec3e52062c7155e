"""What a person types, as Slack sends it on."""

from __future__ import annotations

import re

from sandbox.model import Json
from sandbox.workspace import Workspace

_MENTION = re.compile(r"@([\w-]+)")


def as_message(ws: Workspace, text: str) -> tuple[str, list[Json]]:
    """The text with mentions resolved and &, <, > escaped, and its rich_text block."""
    parts: list[Json] = []
    written = ""
    at = 0
    for match in _MENTION.finditer(text):
        user_id = _user_id(ws, match.group(1))
        if user_id is None:
            continue
        parts += [_text(text[at : match.start()]), {"type": "user", "user_id": user_id}]
        written += _escape(text[at : match.start()]) + f"<@{user_id}>"
        at = match.end()
    written += _escape(text[at:])
    parts.append(_text(text[at:]))
    kept = [part for part in parts if part.get("text") != ""]
    section: Json = {"type": "rich_text_section", "elements": kept}
    return written, [{"type": "rich_text", "elements": [section]}]


def as_command(ws: Workspace, text: str, *, escape: bool) -> str:
    """A command's text; with `should_escape` mentions are resolved."""
    if not escape:
        return text

    def resolved(match: re.Match[str]) -> str:
        user_id = _user_id(ws, match.group(1))
        return f"<@{user_id}|{match.group(1)}>" if user_id else match.group(0)

    return _MENTION.sub(resolved, text)


def _user_id(ws: Workspace, handle: str) -> str | None:
    try:
        return ws.user(handle).id
    except KeyError:
        return None


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
