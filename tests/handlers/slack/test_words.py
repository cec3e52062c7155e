"""Every refusal has words, and the words after /tot are found."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

from bot.domain.access import Action
from bot.domain.errors import Refusal
from bot.domain.guard import ForbiddenKind
from bot.domain.language import Language
from bot.texts.words import words
from bot.usecases.overview import HelpContext
from bot.usecases.validation import Warn
from handlers.overview.requests import all_help, short_help
from handlers.slack.vocabulary import named
from handlers.subjects import joined
from tests.every import every

ROOT = Path(__file__).parents[3]


def _source(*folders: str) -> str:
    return "\n".join(p.read_text("utf-8") for f in folders for p in sorted((ROOT / "bot" / f).rglob("*.py")))


def test_every_refusal_and_every_problem_has_words() -> None:
    """In bokmål; tests/texts/test_catalogues.py compares the languages."""
    rules, uses = _source("domain"), _source("usecases")
    ways = set(re.findall(r'Refusal\.NOTHING_HERE,\s+"([a-z-]+)"', rules + uses))
    refused = {f"refused.{why}" for why in Refusal if why is not Refusal.NOTHING_HERE}
    refused |= {f"refused.{Refusal.NOTHING_HERE}.{way}" for way in ways}
    fields = re.findall(r'(?:Refused\(| else |= |, )"([a-z-]+\.[a-z-]+)"', rules)
    times = {code for code in fields if code.startswith("when.")}
    invalid = {f"invalid.{code}" for code in fields if code not in times}
    invalid |= set(re.findall(r'"(invalid\.[a-z-]+)"', uses))
    told = {f"guard.kind.{kind}" for kind in ForbiddenKind} | {f"warn.{warn}" for warn in Warn}
    assert min(map(len, (ways, times, invalid))) >= 3
    assert {
        code for code in refused | times | invalid | told if code not in words(Language.NB).catalogue
    } == set()


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
    word = joined().find(typed)
    assert word is not None
    assert word.key == key


@every("typed", ["", "😀", "x" * 10_000, "<@U0EVIL>", "*", "kaffe"])
def test_not_found(typed: str) -> None:
    """Nonsense and endless texts are not words."""
    assert joined().find(typed) is None
    assert len(joined().nearest(typed)) <= 3


def test_the_nearest_is_offered() -> None:
    for typed, key in (
        *(("mæte", "meeting"), ("flyt", "move"), ("hjlep", "help"), ("invitere", "invite")),
        *(("avlyys", "cancel"), ("avslut", "close"), ("frigii", "release")),
    ):
        assert joined().nearest(typed)[0].key == key


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
