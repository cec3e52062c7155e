"""How the cast looks: a square with letters in a colour of its own, and a display name."""

from __future__ import annotations

import html

from sandbox.model import User

#: Dark enough for white letters (WCAG 2.2 AA: 4.5 to 1).
_COLOURS = ("#7a3e1d", "#1f5f8b", "#2f6b3c", "#8a2f55", "#5b4a99", "#6b5b12", "#0f6674", "#8c3326")
_BOT = "#1f3a4d"
EYE = (
    '<svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="1.4"><path d="M1 8s2.6-4.5 7-4.5S15 8 15 8s-2.6 4.5-7 4.5S1 8 1 8z"/>'
    '<circle cx="8" cy="8" r="2"/></svg>'
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
