"""Write all generated documents; given a folder, also write the papers there as printable pages."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.docs import data, example, interface, papers
from tests.storage import released

DOCS = Path(__file__).parents[2] / "docs"
ARCHITECTURE, PRIVACY = DOCS / "architecture.md", DOCS / "privacy.md"


def with_example(page: str) -> str:
    """Return the page with the current example, without its imports."""
    code = re.split(r"^from .*\n", Path(example.__file__).read_text("utf-8"), flags=re.M)[-1].lstrip()
    before, _, rest = page.partition("```python\n")
    _, _, behind = rest.partition("```\n")
    return f"{before}```python\n{code}```\n{behind}"


def derived() -> Iterator[tuple[Path, str]]:
    """Yield each wholly or partly generated file, and its expected content."""
    yield interface.PAGE, interface.rewritten(interface.PAGE.read_text("utf-8"))
    yield interface.IDS, "".join(f"{id}\n" for id in sorted(interface.ids()))
    yield ARCHITECTURE, with_example(ARCHITECTURE.read_text("utf-8"))
    yield data.PAGE, papers.with_figures(data.rewritten(data.PAGE.read_text("utf-8")))
    yield PRIVACY, papers.with_figures(PRIVACY.read_text("utf-8"))
    for paper in papers.papers():
        yield paper, papers.rewritten(paper.read_text("utf-8"))


def main(folder: str | None = None) -> None:
    for file, text in derived():
        file.write_text(text, "utf-8")
    released.renew()
    if folder is None:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for paper in papers.papers():
        made = papers.as_html(paper.read_text("utf-8"))
        Path(folder, paper.with_suffix(".html").name).write_text(made, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
