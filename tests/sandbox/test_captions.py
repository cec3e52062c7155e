"""Every word of the exercises exists in three languages, and every step has its words."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract

from sandbox.exercises import EXERCISES, ways
from sandbox.exercises.ways import TRANSLATED, catalogue
from sandbox.page.teaching import in_words
from sandbox.page.words import LANGUAGES, Words
from tests.every import every


def _chapters(module: Path) -> Iterator[str]:
    with module.open("rb") as file:
        for _, found, _, _ in extract("python", file, keywords={"chapter": (1, 2)}):
            yield from (text for text in ([found] if isinstance(found, str) else found) if text)


def _in_bokmal() -> set[str]:
    """Return every word of every exercise, and every reason."""
    found = {way.why for table in (ways.COMMANDS, ways.BUTTONS, ways.FORMS) for way in table.values()}
    found |= {way.why for way in ways.OTHERS.values()} | {ways.OUTSIDER.why}
    for exercise in EXERCISES.values():
        file = Path(inspect.getfile(exercise.play))
        chapters = list(_chapters(file))
        # A chapter title composed during play could not be translated.
        assert len(chapters) >= 2 * file.read_text("utf-8").count("runner.chapter("), file.name
        found |= {exercise.TITLE, exercise.SENTENCE, *chapters}
    return found - {""}


@every("language", TRANSLATED)
def test_all_of_it_is_translated_and_nothing_else(language: str) -> None:
    translated = {key: text for key, text in catalogue(language).items() if key}
    assert set(translated) == _in_bokmal()
    assert [key for key, text in translated.items() if not text.strip()] == []
    # Quotes from the bot stay in bokmål, as in the exercises.
    for key, text in translated.items():
        if key.startswith("«"):
            assert key.split("»")[0] in text, key


@every("language", LANGUAGES)
def test_every_step_can_be_told(language: typing.Any) -> None:
    """Everything that an exercise may announce, or a kept run tells, has words."""
    words = Words(language)
    for kind in ("types", "writes", "presses", "fills", "submits", "closes", "opens_home", "answers", "time"):
        assert words(f"action.{kind}", who="helse", text="«Ja»", when="nå")


def test_what_is_filled_in_is_told_as_people_say_it() -> None:
    filled_in = "Hvor mange?: 2; Fra: 2026-12-02; Når?: 2026-12-15 10:00:00+01:00; Så: 2026-12-16 09:30"
    assert in_words(filled_in, Words("nb")) == (
        "Hvor mange? 2; Fra: onsdag 2. desember 2026; Når? tirsdag 15. desember 2026 kl.\u00a010:00; "
        "Så: onsdag 16. desember 2026 kl.\u00a009:30"
    )
    assert in_words(":warning: For få", Words("nb")) == "⚠️ For få"
