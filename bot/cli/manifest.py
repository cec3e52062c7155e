"""The Slack app's manifest file and the scopes that it asks for."""

from __future__ import annotations

import re
from pathlib import Path

#: The file in the package; the one at the top of a checkout is the same file.
MANIFEST = Path(__file__).parents[1] / "data" / "manifest.yaml"


def scopes() -> frozenset[str]:
    """Return the manifest's bot scopes. They are matched by a regex, so that no YAML package is needed."""
    listed = re.search(r"^    bot:\n((?:      - .*\n)+)", MANIFEST.read_text("utf-8"), re.MULTILINE)
    return frozenset(re.findall(r"^      - ([a-z:._]+)", listed[1], re.MULTILINE) if listed else ())
