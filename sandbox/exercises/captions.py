"""The words about an exercise while it is played, in three languages.

An exercise is written in bokmål, in its own file. The other languages stand in `said/LANGUAGE.po`, by the
bokmål words, as gettext does it; tests/sandbox/test_captions.py says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from sandbox.exercises.step_gate import Action
from sandbox.exercises.ways import way

#: Bokmål is what the exercises are written in.
TRANSLATED = ("nn", "en")
_FOLDER = Path(__file__).with_name("said")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Bokmål → the words in this language."""
    with (_FOLDER / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=language)}


def said(text: str, language: str) -> str:
    """Words of an exercise in this language; in bokmål where they are not translated."""
    return text if language not in TRANSLATED else catalogue(language).get(text) or text


def why(action: Action, language: str) -> str:
    """Why a step is done; empty where it speaks for itself."""
    return said(way(action.kind, action.text, action.who).why, language)
