"""That every kind has its message, and that what is unknown, foreign or gone has none."""

from __future__ import annotations

import pytest

from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.texts.words import words
from handlers.delivery.message_registry import NOT_OF_ONE_CASE, MessageRegistry
from handlers.directory.messages import appointed
from tests.handlers.cases import NOW, TEAM, amend, base, ctx
from tests.handlers.reading import body

DOCUMENTS = MessageRegistry("noreply@tot.invalid")
READERS = (None, "lead", "second", "police", "social", "shelter", "stranger")


def test_every_kind_has_a_renderer_or_is_not_of_a_scene() -> None:
    assert set(DOCUMENTS.renderers) | NOT_OF_ONE_CASE == set(Kind)
    assert not set(DOCUMENTS.renderers) & NOT_OF_ONE_CASE


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.NOT_DELIVERED])
@pytest.mark.parametrize("reader", READERS)
def test_an_unknown_subject_makes_nothing(kind: Kind, reader: str | None) -> None:
    assert DOCUMENTS.render(ctx(base(), kind, "unknown", reader, mark="0")) is None


@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_left_of_a_purged_case(kind: Kind) -> None:
    file = amend(amend(base(), "case", closed_at=NOW, purged_at=NOW), "room", kick_refused=True)
    for subject in ("case", "meeting", "ask-police", "seat-police", "part-police"):
        for reader in READERS:
            assert DOCUMENTS.render(ctx(file, kind, subject, reader, mark="0")) is None


@pytest.mark.parametrize("mark", ["", ".", "summons", "summons.0.gone", "x.y.z", "...room..."])
def test_a_strange_mark_of_what_was_not_delivered_is_no_fault(mark: str) -> None:
    DOCUMENTS.render(ctx(base(), Kind.NOT_DELIVERED, "unknown", "lead", mark=mark))


def test_appointed() -> None:
    made = appointed(words(Language.NB), TEAM)
    assert made.text == "Du er koordinator for TOT Bergen"
    assert body(made) == [
        "*Du er koordinator for TOT Bergen*\nDu kan opprette saker med `/tot sak`, kalle inn til møter og "
        "følge dem opp. I saker som alt er åpne, bekrefter du taushetsplikten først; de spørsmålene kommer "
        "hit. `/tot hjelp` viser hva du kan gjøre."
    ]
