"""A small window that says one thing."""

from __future__ import annotations

from bot.texts import Words
from handlers.blocks.modals.parts import View, lines, modal
from handlers.ids import ViewId


def notice(words: Words, *texts: str, clears: bool = False) -> View:
    """Something said; it can only be closed. With `clears`, closing it closes the forms below it too."""
    view = modal(words, ViewId.NOTICE, "modal.title", lines(*texts), close="modal.close")
    return view | {"clear_on_close": True} if clears else view
