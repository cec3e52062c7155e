"""Reading a kept run as each person would who has chosen their own name in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: Elements that have no end.
_EMPTY = frozenset({"meta", "img", "input", "hr", "br"})


class KeptRun(HTMLParser):
    """The texts in it, for whom, and what it would fetch or run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.keys: dict[str, str] = {
            name.strip(): key for key, name in re.findall(r'id="w-(p\d+)"> ([^<]+)<', html)
        }
        self.sources: list[str] = []
        self.scripts = 0
        self.policy = ""
        self._open: list[tuple[str, frozenset[str] | None]] = []
        self._texts: list[tuple[list[frozenset[str]], str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.sources += [known[name] for name in ("src", "srcset", "data") if name in known]
        self.sources += [known["href"]] if tag == "link" else []
        self.scripts += tag == "script" or any(name.startswith("on") for name in known)
        if known.get("http-equiv") == "Content-Security-Policy":
            self.policy = known["content"]
        classes = frozenset(known.get("class", "").split())
        if tag not in _EMPTY:
            self._open.append((tag, classes if "of" in classes else None))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            opened, _ = self._open.pop()
            assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self._open}
        if "main" in inside:
            self._texts.append(([classes for _, classes in self._open if classes is not None], data))

    def seen_by(self, name: str) -> str:
        """The text that is left when the person of this name is chosen: nothing that is somebody else's."""
        key = self.keys[name]
        return "\n".join(text for holders, text in self._texts if all(key in each for each in holders))

    def sights(self, name: str) -> str:
        """The same, without the chapters, which are everybody's."""
        key = self.keys[name]
        return "\n".join(
            text for holders, text in self._texts if holders and all(key in each for each in holders)
        )
