"""Slack's mrkdwn, rich text and blocks without interactive elements as HTML.

All text is escaped; the result has only known tags.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator

from sandbox.block_kit import render
from sandbox.block_kit.render import Names, with_emoji
from sandbox.model import Json, User

_PIECES = re.compile(r"(```.*?```|`[^`\n]+`|<[^<>\n]+>)", re.DOTALL)
_EMPHASIS = (
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), "strong"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), "em"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), "s"),
)
_SAFE_LINK = ("https://", "http://", "mailto:", "tel:")
#: A time span, which is not broken over two lines.
_FROM_TO = re.compile(r"\d\d:\d\d–\d\d:\d\d")
#: A placeholder for a piece that is already HTML, while the text around it is marked up.
_HELD = "\x00{}\x00"
_HELD_RE = re.compile("\x00(\\d+)\x00")


def plain(text: str) -> str:
    """Return plain text as HTML, such as for a heading, a button or an option."""
    return with_emoji(html.escape(text))


def mrkdwn(text: str, names: Names) -> str:
    """Return a mrkdwn text as HTML, with its lines, quotes and lists."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(_piece(match.group(1), names))
        return _HELD.format(len(held) - 1)

    lines = _PIECES.sub(hold, text.replace("\x00", "")).split("\n")
    shown = "".join(_lines(lines))
    return _HELD_RE.sub(lambda match: held[int(match.group(1))], shown)


def _piece(piece: str, names: Names) -> str:
    if piece.startswith("```"):
        return f"<pre>{_unescaped(piece[3:-3].strip())}</pre>"
    if piece.startswith("`"):
        return f"<code>{_unescaped(piece[1:-1])}</code>"
    return _token(piece[1:-1], names)


def _unescaped(text: str) -> str:
    """Undo Slack's three escapes, then escape for HTML."""
    return html.escape(html.unescape(text))


def _token(inner: str, names: Names) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return f'<span class="mention">@{html.escape(names.user(target[1:]))}</span>'
    if target.startswith("#"):
        name = names.channel(target[1:])
        key = html.escape(target[1:], quote=True)
        shown = html.escape(label or name)
        return f'<span class="mention" role="link" tabindex="0" data-channel="{key}">#{shown}</span>'
    if target.startswith("!"):
        return f'<span class="mention">@{html.escape((label or target[1:]).removeprefix("@"))}</span>'
    return link(html.unescape(target), html.unescape(label) or html.unescape(target))


def link(address: str, label: str) -> str:
    """Return a link that opens in a new tab, or only the label if the address is not safe to follow."""
    if not address.startswith(_SAFE_LINK):
        return html.escape(label)
    where = html.escape(address, quote=True)
    return f'<a href="{where}" target="_blank" rel="noreferrer noopener">{html.escape(label)}</a>'


def _lines(lines: list[str]) -> Iterator[str]:
    """Yield the lines, with quotes and lists grouped, and line breaks between other lines."""
    for kind, gathered in itertools.groupby(map(_kind, lines), key=lambda line: line[0]):
        shown = [_inline(text) for _, text in gathered]
        if kind == "quote":
            yield f"<blockquote>{'<br>'.join(shown)}</blockquote>"
        elif kind == "list":
            yield f"<ul>{''.join(f'<li>{item}</li>' for item in shown)}</ul>"
        else:
            yield "<br>".join(shown)


def _kind(line: str) -> tuple[str, str]:
    for mark in ("&gt;", ">"):
        if line.startswith(mark):
            return "quote", line.removeprefix(mark).removeprefix(" ")
    if line.startswith("• "):
        return "list", line[2:]
    return "text", line


def _inline(text: str) -> str:
    shown = html.escape(html.unescape(text), quote=False)
    for pattern, tag in _EMPHASIS:
        shown = pattern.sub(rf"<{tag}>\1</{tag}>", shown)
    return with_emoji(_FROM_TO.sub(r'<span class="from-to">\g<0></span>', shown))


def text_object(value: Json | None, names: Names) -> str:
    if not value:
        return ""
    text = str(value.get("text", ""))
    return mrkdwn(text, names) if value.get("type") == "mrkdwn" else plain(text).replace("\n", "<br>")


def first_line(value: Json | None, names: Names) -> str:
    """Return the first line of a text object as plain text, to name what stands at its side."""
    return render.text_object(value, names).partition("\n")[0].replace("*", "")


def rich_text(block: Json, names: Names) -> str:
    """Return a rich_text block as HTML: text of people, with mentions."""
    sections = ("".join(_rich(part, names) for part in each["elements"]) for each in block["elements"])
    return "".join(f"<div>{section}</div>" for section in sections)


def _rich(part: Json, names: Names) -> str:
    if part["type"] == "user":
        return _token(f"@{part['user_id']}", names)
    return plain(part["text"]).replace("\n", "<br>")


#: Colours of avatars, dark enough for white letters (WCAG 2.2 AA: 4.5 to 1).
_COLOURS = ("#7a3e1d", "#1f5f8b", "#2f6b3c", "#8a2f55", "#5b4a99", "#6b5b12", "#0f6674", "#8c3326")
_BOT = "#1f3a4d"
EYE = (
    '<svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="1.4"><path d="M1 8s2.6-4.5 7-4.5S15 8 15 8s-2.6 4.5-7 4.5S1 8 1 8z"/>'
    '<circle cx="8" cy="8" r="2"/></svg>'
)
PIN = (
    '<svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="1.4"><path d="M5.5 2h5l-.8 5 2.3 2.5H4L6.3 7zM8 9.5V14"/></svg>'
)
CALENDAR = (
    '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="1.4"><rect x="2" y="3" width="12" height="11" rx="1.5"/>'
    '<path d="M2 6.5h12M5 1.5v3M11 1.5v3"/></svg>'
)
LOCK = (
    '<svg class="lock" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="none" '
    'stroke="currentColor" stroke-width="1.6"><rect x="3" y="7" width="10" height="7" rx="1.5"/>'
    '<path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2"/></svg>'
)


def face(user: User | None, *, small: bool = False) -> str:
    """Return the avatar as HTML. It is hidden from screen readers, because the name is next to it."""
    size = " small" if small else ""
    if user is None:
        return f'<span class="face{size}" style="background:#4a4a4a" aria-hidden="true">S</span>'
    colour = _BOT if user.is_bot else _COLOURS[sum(user.handle.encode()) % len(_COLOURS)]
    return f'<span class="face{size}" style="background:{colour}" aria-hidden="true">{_letters(user)}</span>'


def _letters(user: User) -> str:
    parts = [part for part in user.display_name.split("-") if part]
    letters = "".join(part[0] for part in parts[:2]) if len(parts) > 1 else user.display_name[:2]
    return html.escape(letters.upper())


def static(block: Json, names: Names) -> str:
    """Return a block without interactive elements as HTML."""
    kind = block["type"]
    if kind == "divider":
        return '<hr class="b-divider">'
    if kind == "header":
        text = text_object(block["text"], names)
        return f'<div class="b-header" role="heading" aria-level="3">{text}</div>'
    if kind == "context":
        parts = "".join(f"<span>{text_object(each, names)}</span>" for each in block["elements"])
        return f'<div class="b-context">{parts}</div>'
    if kind == "rich_text":
        return f'<div class="b-text">{rich_text(block, names)}</div>'
    return section_text(block, names)


def section_text(block: Json, names: Names) -> str:
    """Return a section as HTML, without its accessory."""
    return f'<div class="b-text">{text_object(block["text"], names)}</div>'
