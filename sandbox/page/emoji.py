"""Emoji by the names that Slack gives them; the ones that work messages use."""

from __future__ import annotations

import re

EMOJI = {
    "+1": "👍",
    "-1": "👎",
    "bell": "🔔",
    "bust_in_silhouette": "👤",
    "busts_in_silhouette": "👥",
    "calendar": "📅",
    "clipboard": "📋",
    "date": "📅",
    "eyes": "👀",
    "heavy_check_mark": "✔️",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "information_source": "ℹ️",
    "lock": "🔒",
    "memo": "📝",
    "ok_hand": "👌",
    "paperclip": "📎",
    "phone": "☎️",
    "pray": "🙏",
    "question": "❓",
    "raised_hands": "🙌",
    "rotating_light": "🚨",
    "round_pushpin": "📍",
    "slightly_smiling_face": "🙂",
    "smile": "😄",
    "tada": "🎉",
    "telephone_receiver": "📞",
    "thumbsup": "👍",
    "wave": "👋",
    "warning": "⚠️",
    "white_check_mark": "✅",
    "x": "❌",
}
_NAMED = re.compile(r":([a-z0-9_+-]+):")


def with_emoji(text: str) -> str:
    """The text with every emoji that is known by its name; other names stay as they are written."""
    return _NAMED.sub(lambda match: EMOJI.get(match.group(1), match.group(0)), text)
