"""Which of several was meant by what was typed after a word."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.commands.vocabulary import normal


def named(text: str, names: Mapping[str, str]) -> str | None:
    """The id whose name begins with the text, if it is only one."""
    wanted = normal(text)
    exact = [id for id, name in names.items() if normal(name) == wanted]
    begins = exact or [id for id, name in names.items() if wanted and normal(name).startswith(wanted)]
    return begins[0] if len(begins) == 1 else None
