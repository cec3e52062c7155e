"""The words after /tot."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.language import Language
from bot.texts.words import words
from bot.usecases.overview import Around
from handlers.overview.commands import all_help, short_help
from handlers.slack.vocabulary import named, split
from handlers.subjects import joined
from tests.every import every


@every(
    ("typed", "key"),
    [
        ("sak", "case"),
        ("SAK", "case"),
        ("case", "case"),
        ("møte", "meeting"),
        ("mote", "meeting"),
        ("Møte!", "meeting"),
        ("mo\u0308te", "meeting"),
        ("MEETING", "meeting"),
        ("oppmøte", "attendance"),
        ("oppmote", "attendance"),
        ("frammøte", "attendance"),
        ("språk", "language"),
        ("sprak", "language"),
        ("language", "language"),
        ("koordinator", "coordinator"),
        ("ut", "release"),
        ("hjelp", "help"),
        ("Ring!", "calls"),
        ("svar", "calls"),
        ("answer", "calls"),
    ],
)
def test_found(typed: str, key: str) -> None:
    """Case, diacritics and punctuation do not matter."""
    word = joined().vocabulary.find(typed)
    assert word is not None
    assert word.key == key


@every("typed", ["", "😀", "x" * 10_000, "<@U0EVIL>", "*", "kaffe"])
def test_not_found(typed: str) -> None:
    """Nonsense and endless texts are not words."""
    assert joined().vocabulary.find(typed) is None
    assert len(joined().vocabulary.nearest(typed)) <= 3


@every(("typed", "key"), [("mæte", "meeting"), ("flyt", "move"), ("hjlep", "help"), ("invitere", "invite")])
def test_nearest(typed: str, key: str) -> None:
    assert joined().vocabulary.nearest(typed)[0].key == key


@every("typed", ["ute", "rut", "frisk", "avl", "bring", "kanskje", "ri"])
def test_what_ends_something_is_offered_for_no_word_that_is_short_or_unlike(typed: str) -> None:
    assert not {c.key for c in joined().vocabulary.nearest(typed)} & {"release", "cancel", "close"}


def test_what_ends_something_is_offered_where_it_was_mistyped() -> None:
    for typed, key in (("avlyys", "cancel"), ("avslut", "close"), ("frigii", "release")):
        assert joined().vocabulary.nearest(typed)[0].key == key


def test_split() -> None:
    """The rest of the text is kept as it is."""
    assert split("  sak  i morgen   kl 10 ") == ("sak", "i morgen   kl 10")
    assert split("") == ("", "")


def test_named() -> None:
    """Only one that begins with the text is meant; an exact name before others that begin with it."""
    names = {"1": "Barnevernet", "2": "Barnevernvakten", "3": "Barnevern"}
    assert named("barnevernv", names) == "2"
    assert named("barnevern", names) == "3"
    assert named("barne", names) is None
    assert named("", names) is None


@every("language", Language)
def test_help_always_says_whom_to_ring(language: Language) -> None:
    """112 stands in every help, and room words only where they can be used."""
    spoken = words(language)
    for coordinates in (False, True):
        for contact in (False, True):
            may = frozenset(Action) if coordinates else frozenset[Action]()
            around = Around(
                coordinates, contact, here=may, in_rooms=may, case_id=None, coordinators=(), teams=()
            )
            for lines in (
                all_help(spoken, joined().commands, around),
                short_help(spoken, joined().commands, around),
            ):
                assert "112" in lines[0]
                room_words = [line for line in lines if f"/tot {_name('close', language)}`" in line]
                assert bool(room_words) is coordinates


def _name(key: str, language: Language) -> str:
    return next(c for c in joined().commands if c.key == key).names(language)[0]
