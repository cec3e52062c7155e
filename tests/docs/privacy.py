"""The sentence of docs/privacy.md that names every free text."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import bot.usecases
from bot.usecases.validation import FreeText

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
_SENTENCE = re.compile(r"(?<=^Every free text passes a guard: ).*(?=, the partners file\.$)", re.M)


def free_texts() -> list[str]:
    """Return the names of all free texts declared in the use cases."""
    modules = sorted(module.name for module in pkgutil.walk_packages(bot.usecases.__path__, "bot.usecases."))
    found = (value for name in modules for value in vars(import_module(name)).values())
    return list(dict.fromkeys(each.named for each in found if isinstance(each, FreeText)))


def rewritten(page: str) -> str:
    assert _SENTENCE.search(page)
    return _SENTENCE.sub(", ".join(free_texts()), page)
