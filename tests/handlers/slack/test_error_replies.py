"""Every refusal has words in every language, and says nothing that it should not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import (
    AlreadyHandled,
    Invalid,
    NotAllowed,
    NothingHere,
    Overtaken,
    Problem,
    Refused,
    TotError,
)
from bot.domain.guard import ForbiddenKind
from bot.domain.language import Language
from bot.domain.validators import FieldRefused
from bot.domain.when import Ambiguous, LeftoverWords
from bot.domain.when_grammar import Ambiguity
from bot.domain.worktime import TimeRefused
from bot.texts.words import catalogue_keys, words
from bot.usecases.validation import Warn
from handlers.room.events import reproach
from handlers.slack.error_replies import field_errors, in_words
from handlers.slack.payloads import Unreadable
from tests.every import every

E = TypeVar("E", bound=TotError)
ROOT = Path(__file__).parents[3]


def _subclasses(kind: type[E]) -> Iterator[type[E]]:
    for child in kind.__subclasses__():
        if child.__module__.split(".")[0] in ("bot", "handlers"):
            yield child
            yield from _subclasses(child)


def _raised() -> list[TotError]:
    errors: list[TotError] = [AlreadyHandled(), Unreadable(), LeftoverWords((2, 4))]
    errors += [Ambiguous(why) for why in Ambiguity]
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


def test_who_was_first_is_named_when_known() -> None:
    """The loser of a race is told who won it."""
    spoken = words(Language.NB)
    assert in_words(spoken, Overtaken(by="p"), first="<@U1>").startswith("<@U1> var først")
    assert in_words(spoken, Overtaken()).startswith("Noen andre var først")


def test_not_allowed_tells_nothing_of_what_exists() -> None:
    """One answer for what is not there and what is not allowed, whatever the details."""
    spoken = words(Language.NB)
    assert in_words(spoken, NotAllowed(case="x")) == in_words(spoken, NotAllowed())


def _codes() -> set[str]:
    sources = "\n".join(p.read_text() for p in (ROOT / "bot" / "usecases").rglob("*.py"))
    codes = set(re.findall(r'"(invalid\.[a-z-]+)"', sources))
    codes |= {f"invalid.{kind.code}" for kind in _subclasses(FieldRefused)}
    return codes | {f"guard.{kind}" for kind in ForbiddenKind} | {f"warn.{warn}" for warn in Warn}


@every("language", Language)
def test_every_code_of_a_problem_has_words(language: Language) -> None:
    codes = _codes()
    assert len(codes) > 30
    assert {code for code in codes if not words(language).has(code)} == set()


AREAS = ("modal.", "field.", "help.", "command.", "refused", "invalid.", "guard.", "warn.", "when.")


@every("language", Language)
def test_words_that_are_never_used(language: Language) -> None:
    """«mulig offer», never «offer»; a duty by mandate, never by law."""
    never = re.compile(r"\b(offer|offeret|victims?|klient|client|lovpålagt|lovpålagd)\b", re.IGNORECASE)
    for key, text in catalogue_keys(language).items():
        if key.startswith(AREAS):
            assert not never.search(text if isinstance(text, str) else " ".join(text)), key


def test_titles_and_buttons_hold_24_characters() -> None:
    """Nobody cuts the words of a form's frame."""
    for language in Language:
        for key, text in catalogue_keys(language).items():
            if key.startswith("modal.") and key.endswith((".title", ".submit")):
                assert len(text) <= 24, (language, key)


def test_problems_are_shown_at_their_fields() -> None:
    """Each once, several at one field together, and those without a field at the first."""
    error = Invalid(
        Problem("note", "guard.phone"),
        Problem("note", "guard.email"),
        Problem("note", "guard.phone"),
        Problem("elsewhere", "invalid.too-long", {"most": "300"}),
    )
    assert field_errors(words(Language.NB), error, ["starts_at", "note"]) == {
        "note": "Dette ligner et telefonnummer. Ta det ut. Dette ligner en e-postadresse. Ta den ut.",
        "starts_at": "Teksten er for lang. Skriv høyst 300 tegn.",
    }


@every("language", Language)
def test_the_guard_names_kinds_and_says_that_it_catches_a_part(language: Language) -> None:
    """A file, a kind, all kinds: the writer is asked to delete, and told what is not found."""
    spoken = words(language)
    for kinds, files in (([], True), ([ForbiddenKind.PHONE], False), (list(ForbiddenKind), True)):
        text = reproach(spoken, kinds, files)
        assert text.endswith(spoken("guard.only-a-part"))
        assert len(text.splitlines()) == bool(kinds) + files + 1
