"""The app's manifest: the file itself, and the scopes that it asks for."""

from __future__ import annotations

import re
from pathlib import Path

from bot.domain.errors import TotError

#: Part of the package; at the top of a checkout it is the same file.
MANIFEST = Path(__file__).parents[1] / "data" / "manifest.yaml"


def read_manifest() -> str:
    try:
        return MANIFEST.read_text("utf-8")
    except OSError:
        raise TotError(f"there is no {MANIFEST}: install tot-bot anew") from None


def scopes() -> frozenset[str]:
    """The bot scopes that the manifest asks for. (Reads its own form, so that YAML is not needed to run.)"""
    listed = re.search(r"^    bot:\n((?:      - .*\n)+)", read_manifest(), re.MULTILINE)
    return frozenset(re.findall(r"^      - ([a-z:._]+)", listed[1], re.MULTILINE) if listed else ())
