"""Every refusal has words in every language, and says nothing that it should not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import AlreadyHandled, NothingHere, Refused, TotError
from bot.domain.guard import ForbiddenKind
from bot.domain.language import Language
from bot.domain.validators import FieldRefused
from bot.domain.when import Ambiguity, Ambiguous, LeftoverWords
from bot.domain.worktime import TimeRefused
from bot.texts.words import words
from bot.usecases.validation import Warn
from handlers.slack.error_replies import in_words
from handlers.slack.payloads import Unreadable
from tests.every import every

E = TypeVar("E", bound=TotError)
ROOT = Path(__file__).parents[3]


def _subclasses(kind: type[E]) -> Iterator[type[E]]:
    for child in kind.__subclasses__():
        if child.__module__.split(".")[0] in ("bot", "handlers"):
            yield child
            yield from _subclasses(child)


def _raised_in(module: str, code: str) -> set[str]:
    source = (ROOT / "bot" / "domain" / f"{module}.py").read_text("utf-8")
    codes = set(re.findall(rf'(?:Refused\(| else )"({code})"', source))
    assert len(codes) > 5
    return codes


def _raised() -> list[TotError]:
    errors: list[TotError] = [AlreadyHandled(), Unreadable(), LeftoverWords((2, 4))]
    errors += [Ambiguous(why) for why in Ambiguity]
    errors += [TimeRefused(code) for code in _raised_in("when", r"when\.[a-z-]+")]
    errors += [NothingHere(what=what) for what in ("meeting", "begun", "agency", "part", "directory")]
    for kind in _subclasses(TotError):
        if issubclass(kind, Refused) or (
            issubclass(kind, TimeRefused) and kind not in (LeftoverWords, Ambiguous)
        ):
            errors.append(kind())
    return errors


@every("language", Language)
def test_every_refusal_has_words(language: Language) -> None:
    """None of them is left without, and none shows its code."""
    spoken = words(language)
    errors = _raised()
    assert len(errors) > 30
    for error in errors:
        text = in_words(spoken, error)
        assert text[0].isupper() or text[0] in "*«“"
        assert "refused." not in text
        assert "{" not in text


def _codes() -> set[str]:
    sources = "\n".join(p.read_text() for p in (ROOT / "bot" / "usecases").rglob("*.py"))
    codes = set(re.findall(r'"(invalid\.[a-z-]+)"', sources))
    codes |= {f"invalid.{kind.code}" for kind in _subclasses(FieldRefused)}
    codes |= {f"invalid.{code}" for code in _raised_in("validators", r"[a-z-]+\.[a-z-]+")}
    return codes | {f"guard.{kind}" for kind in ForbiddenKind} | {f"warn.{warn}" for warn in Warn}


@every("language", Language)
def test_every_code_of_a_problem_has_words(language: Language) -> None:
    codes = _codes()
    assert len(codes) > 30
    assert {code for code in codes if not words(language).has(code)} == set()
