"""Slack's mrkdwn and rich text as HTML. Whatever is written is escaped; only known tags come out."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox.block_kit.render import Names
from sandbox.block_kit.wording import with_emoji
from sandbox.model import Json, User

_PIECES = re.compile(r"(```.*?```|`[^`\n]+`|<[^<>\n]+>)", re.DOTALL)
_DATE = re.compile(r"!date\^(-?\d+)\^([^|^]+)(?:\^[^|]*)?\|(.*)", re.DOTALL)
_EMPHASIS = (
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), "strong"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), "em"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), "s"),
)
_SAFE_LINK = ("https://", "http://", "mailto:", "tel:")
#: From when to when, which is not broken over two lines.
_FROM_TO = re.compile(r"\d\d:\d\d–\d\d:\d\d")
#: Stands for a piece that is HTML already, while what surrounds it is marked up.
_HELD = "\x00{}\x00"
_HELD_RE = re.compile("\x00(\\d+)\x00")


def plain(text: str) -> str:
    """Plain text: a heading, a button, an option."""
    return with_emoji(html.escape(text))


def mrkdwn(text: str, names: Names) -> str:
    """A mrkdwn text, with its lines, quotes and lists."""
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
    """Slack's own three escapes undone, then HTML's applied."""
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
    date = _DATE.fullmatch(inner)
    if date is not None:
        return html.escape(_date(int(date.group(1)), date.group(2), names))
    if target.startswith("!"):
        return f'<span class="mention">@{html.escape((label or target[1:]).removeprefix("@"))}</span>'
    return link(html.unescape(target), html.unescape(label) or html.unescape(target))


def link(address: str, label: str) -> str:
    """A link that opens beside; what is no address that is safe to follow is shown as text."""
    if not address.startswith(_SAFE_LINK):
        return html.escape(label)
    where = html.escape(address, quote=True)
    return f'<a href="{where}" target="_blank" rel="noreferrer noopener">{html.escape(label)}</a>'


def _date(seconds: int, wanted: str, names: Names) -> str:
    when = datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(names.tz))
    wanted = wanted.replace("{time}", when.strftime("%H:%M")).replace(
        "{time_secs}", when.strftime("%H:%M:%S")
    )
    return re.sub(r"\{date[a-z_]*\}", when.strftime("%d.%m.%Y"), wanted)


def _lines(lines: list[str]) -> list[str]:
    """Lines with quotes and lists gathered; a line break between the others."""
    parts: list[str] = []
    gathered: list[str] = []
    kind = ""

    def close() -> None:
        nonlocal kind
        if kind == "quote":
            parts.append("<blockquote>" + "<br>".join(gathered) + "</blockquote>")
        elif kind == "list":
            parts.append("<ul>" + "".join(f"<li>{item}</li>" for item in gathered) + "</ul>")
        elif kind == "text":
            parts.append("<br>".join(gathered))
        gathered.clear()
        kind = ""

    for line in lines:
        now, text = _kind(line)
        if now != kind:
            close()
            kind = now
        gathered.append(_inline(text))
    close()
    return parts


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


def rich_text(block: Json, names: Names) -> str:
    """A rich_text block: what people write, with mentions."""
    sections = ("".join(_rich(part, names) for part in each["elements"]) for each in block["elements"])
    return "".join(f"<div>{section}</div>" for section in sections)


def table(block: Json, names: Names) -> str:
    """A table block, its first row as headings."""
    aligned = [(setting or {}).get("align", "left") for setting in block.get("column_settings") or []]

    def row(cells: list[Json], tag: str) -> str:
        shown = (
            f'<{tag} class="{aligned[n] if n < len(aligned) else "left"}">{_cell(cell, names)}</{tag}>'
            for n, cell in enumerate(cells)
        )
        return f"<tr>{''.join(shown)}</tr>"

    first, *others = block["rows"]
    body = "".join(row(cells, "td") for cells in others)
    return f"<table><thead>{row(first, 'th')}</thead><tbody>{body}</tbody></table>"


def _cell(cell: Json, names: Names) -> str:
    return plain(cell["text"]) if cell["type"] == "raw_text" else rich_text(cell, names)


def _rich(part: Json, names: Names) -> str:
    if part["type"] == "user":
        return _token(f"@{part['user_id']}", names)
    return plain(part["text"]).replace("\n", "<br>")


#: The ones that the bot sends, and some that people write.
#: Dark enough for white letters (WCAG 2.2 AA: 4.5 to 1).
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
    """The avatar as HTML; what it says is said beside it, so it is hidden from screen readers."""
    size = " small" if small else ""
    if user is None:
        return f'<span class="face{size}" style="background:#4a4a4a" aria-hidden="true">S</span>'
    colour = _BOT if user.is_bot else _COLOURS[sum(user.handle.encode()) % len(_COLOURS)]
    return f'<span class="face{size}" style="background:{colour}" aria-hidden="true">{_letters(user)}</span>'


def _letters(user: User) -> str:
    parts = [part for part in user.display_name.split("-") if part]
    letters = "".join(part[0] for part in parts[:2]) if len(parts) > 1 else user.display_name[:2]
    return html.escape(letters.upper())
