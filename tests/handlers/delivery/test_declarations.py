"""That every kind has its message, and that what is unknown, foreign or gone has none."""

from __future__ import annotations

import pytest

from bot.domain.language import Language
from bot.domain.notifications import Kind, Origin, Scope, Undelivered
from bot.texts.words import words
from handlers.delivery.declarations import CaseMessage, Job, PersonMessage, wrongly_declared
from handlers.directory.messages import appointed
from handlers.slack.declarations import DeclarationError, Subjects
from handlers.subjects import SUBJECTS, joined
from tests.every import every
from tests.handlers.cases import CASE_MESSAGES, REGISTRY, TEAM, base, ctx, render
from tests.handlers.reading import body
from tests.handlers.some_params import some_params

READERS = (None, "lead", "second", "police", "social", "shelter", "stranger")


def test_every_kind_is_declared_once_as_what_it_is() -> None:
    assert set(REGISTRY) == set(Kind) - {Kind.STANDING}, "which is the deliverer's own"
    for kind, declared in REGISTRY.items():
        assert declared.kind is kind
        assert isinstance(declared, Job) or isinstance(declared, CaseMessage) is (kind.scope is Scope.CASE)
        assert kind.origin is not Origin.JOB or isinstance(declared, Job)


def test_a_kind_that_is_missing_or_declared_twice_or_as_something_else_is_refused() -> None:
    whole = list(REGISTRY.values())
    others = [each for each in whole if each.kind is not Kind.SUMMONS]
    foreign = PersonMessage(Kind.SUMMONS, lambda ctx: None)
    assert list(wrongly_declared(whole)) == []
    assert list(wrongly_declared(others)) == ["notification summons is declared nowhere"]
    assert list(wrongly_declared([*whole, REGISTRY[Kind.HOME]])) == ["notification home is declared twice"]
    assert list(wrongly_declared([*others, foreign])) == ["notification summons is of a case"]
    with pytest.raises(DeclarationError, match="notification forget is declared nowhere"):
        Subjects(tuple(s for s in SUBJECTS if s.name != "outside"), joined().without_word)


@every("kind", [k for k in CASE_MESSAGES if k is not Kind.NOT_DELIVERED])
@every("reader", READERS)
def test_an_unknown_subject_makes_nothing(kind: Kind, reader: str | None) -> None:
    assert render(ctx(base(), kind, "unknown", reader, params=some_params(kind))) is None


@every("kind", Kind)
def test_whatever_was_not_delivered_can_be_told_and_of_somebody_unknown_is_not(kind: Kind) -> None:
    for recipient in ("police", None):
        lost = Undelivered(kind, recipient, "0")
        assert render(ctx(base(), Kind.NOT_DELIVERED, "unknown", "lead", params=lost)) is not None
    gone = Undelivered(kind, "gone", "0")
    assert render(ctx(base(), Kind.NOT_DELIVERED, "unknown", "lead", params=gone)) is None


def test_appointed() -> None:
    made = appointed(words(Language.NB), TEAM)
    assert body(made) == [
        "*Du er koordinator for TOT Bergen*\nDu kan opprette saker med `/tot sak`, kalle inn til møter og "
        "følge dem opp. I saker som allerede er åpne, bekrefter du taushetsplikten først; de spørsmålene "
        "kommer hit. `/tot hjelp` viser hva du kan gjøre."
    ]
