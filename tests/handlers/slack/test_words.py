"""Every refusal has words in every language, and the words after /tot are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from bot.domain.access import Action
from bot.domain.errors import AlreadyHandled, Refusal, Refused, TotError
from bot.domain.guard import ForbiddenKind
from bot.domain.language import Language
from bot.domain.worktime import ClockChangeGap, TimeRefused
from bot.texts.words import words
from bot.usecases.overview import HelpContext
from bot.usecases.validation import Warn
from handlers.overview.requests import all_help, short_help
from handlers.slack.error_replies import in_words
from handlers.slack.payloads import Unreadable
from handlers.slack.vocabulary import named
from handlers.subjects import joined
from tests.every import every

ROOT = Path(__file__).parents[3]


def _raised_in(module: str, code: str) -> set[str]:
    source = (ROOT / "bot" / "domain" / f"{module}.py").read_text("utf-8")
    codes = set(re.findall(rf'(?:Refused\(| else |= |, )"({code})"', source))
    assert len(codes) > 3
    return codes


def _refusals() -> Iterator[Refused]:
    """Yield the refusals, in each form that the code names."""
    source = "\n".join(
        p.read_text("utf-8") for top in ("bot", "handlers") for p in (ROOT / top).rglob("*.py")
    )
    ways = re.findall(r'Refused\(\s*Refusal\.([A-Z_]+), "([a-z-]+)"', source)
    several = {name for name, _ in ways}
    assert several == {"NOTHING_HERE"}
    yield from (Refused(Refusal[name], way, n=3) for name, way in ways)
    yield Refused(Refusal.SLACK_BUSY, seconds=3)
    yield Refused(Refusal.FROM_OUTSIDE, team="TOT")
    yield Refused(Refusal.TOO_MANY_ASKED, n=3)
    several |= {"SLACK_BUSY", "FROM_OUTSIDE", "TOO_MANY_ASKED"}
    yield from (Refused(why) for why in Refusal if why.name not in several)


def _raised() -> list[TotError]:
    return [
        AlreadyHandled(),
        Unreadable(),
        ClockChangeGap(),
        *(TimeRefused(code) for code in _raised_in("when", r"when\.[a-z-]+")),
        *_refusals(),
    ]


@every("language", Language)
def test_every_refusal_has_words(language: Language) -> None:
    """None lacks words, and none shows its code."""
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
    codes |= {f"invalid.{code}" for code in _raised_in("validators", r"[a-z-]+\.[a-z-]+")}
    return codes | {f"guard.kind.{kind}" for kind in ForbiddenKind} | {f"warn.{warn}" for warn in Warn}


@every("language", Language)
def test_every_code_of_a_problem_has_words(language: Language) -> None:
    codes = _codes()
    assert len(codes) > 30
    assert {code for code in codes if not words(language).has(code)} == set()


#: What may be typed for each command: case, diacritics and punctuation do not matter.
TYPED = {
    "case": "sak SAK case",
    "meeting": "møte mote Møte! mo\u0308te MEETING",
    "attendance": "oppmøte oppmote frammøte",
    "language": "språk sprak language",
    "coordinator": "koordinator",
    "release": "ut",
    "help": "hjelp",
    "calls": "Ring! svar answer",
}


@every(("typed", "key"), [(typed, key) for key, each in TYPED.items() for typed in each.split()])
def test_found(typed: str, key: str) -> None:
    word = joined().vocabulary.find(typed)
    assert word is not None
    assert word.key == key


@every("typed", ["", "😀", "x" * 10_000, "<@U0EVIL>", "*", "kaffe"])
def test_not_found(typed: str) -> None:
    """Nonsense and endless texts are not words."""
    assert joined().vocabulary.find(typed) is None
    assert len(joined().vocabulary.nearest(typed)) <= 3


@every("typed", ["ute", "rut", "frisk", "avl", "bring", "kanskje", "ri"])
def test_what_ends_something_is_offered_for_no_word_that_is_short_or_unlike(typed: str) -> None:
    assert not {c.key for c in joined().vocabulary.nearest(typed)} & {"release", "cancel", "close"}


def test_the_nearest_is_offered_also_of_what_ends_something() -> None:
    for typed, key in (
        *(("mæte", "meeting"), ("flyt", "move"), ("hjlep", "help"), ("invitere", "invite")),
        *(("avlyys", "cancel"), ("avslut", "close"), ("frigii", "release")),
    ):
        assert joined().vocabulary.nearest(typed)[0].key == key


def test_named() -> None:
    """Only a unique name beginning with the text is meant; an exact name beats others that begin with it."""
    names = {"1": "Barnevernet", "2": "Barnevernvakten", "3": "Barnevern"}
    assert named("barnevernv", names) == "2"
    assert named("barnevern", names) == "3"
    assert named("barne", names) is None
    assert named("", names) is None


@every("language", Language)
def test_help_always_says_whom_to_ring(language: Language) -> None:
    """112 is in every help, and room words only where they can be used."""
    spoken = words(language)
    (close,) = (c.names(language)[0] for c in joined().commands if c.key == "close")
    for coordinates, contact in product((False, True), repeat=2):
        may = frozenset(Action) if coordinates else frozenset[Action]()
        around = HelpContext(coordinates, contact, None, may, (), ())
        for help_of in (all_help, short_help):
            lines = help_of(spoken, joined().commands, around)
            assert "112" in lines[0]
            assert any(f"/tot {close}`" in line for line in lines) is coordinates
