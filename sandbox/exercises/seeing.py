"""What exercises assert of those who are not involved."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.seeing import CouldNot
from sandbox.stage import Stage


def must_not_see(stage: Stage, handles: Iterable[str], words: str) -> None:
    """CouldNot if one of these people can see the words anywhere in the workspace at this moment."""
    watched = set(handles)
    for holding in stage.box.workspace.holdings():
        seen = watched & holding.audience
        if seen and words in holding.text:
            raise CouldNot(f"{', '.join(sorted(seen))} can see «{words}» in {holding.place}")
