"""The declarations of subjects and notifications: nothing is duplicated, missing, or drawn without one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

import handlers
from bot.domain.language import Language
from bot.domain.notifications import Kind, Origin, Undelivered
from handlers.answers.modals import calls_view
from handlers.blocks.elements import ActionId
from handlers.blocks.modal import NOTICE, CallbackId, Drawing, choose_team
from handlers.delivery.declarations import Job, PersonMessage, wrongly_declared
from handlers.deputies.subject import DEPUTIES
from handlers.leftovers import LEFTOVERS
from handlers.overview.choices import CHOICES_VIEW
from handlers.overview.requests import here
from handlers.slack.declarations import Button, DeclarationError, Form, Subject, Subjects
from handlers.slack.vocabulary import Command, normal
from handlers.subjects import SUBJECTS, joined
from tests.every import every
from tests.handlers.cases import CASE_MESSAGES, REGISTRY, base, ctx, render, some_params

Id = TypeVar("Id", ActionId, CallbackId)


def drawn(kind: type[Id]) -> Iterator[Id]:
    """Yield every id of this kind that a module of the handlers defines."""
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        for value in vars(importlib.import_module(module.name)).values():
            found = value.id if isinstance(value, Drawing) else value
            if isinstance(found, kind):
                yield found


def refused(*subjects: Subject) -> str:
    with pytest.raises(DeclarationError) as error:
        Subjects(subjects, here)
    return str(error.value)


def test_every_button_that_is_drawn_is_declared() -> None:
    assert {button.id for button in joined().buttons} == set(drawn(ActionId))


def test_every_form_that_is_drawn_is_declared() -> None:
    # The form of «Spør en annen» has the id of its button; the last ones have nothing to submit.
    others = {str(id) for id in drawn(ActionId) if id.endswith("_other")}
    assert {form.id for form in joined().forms} - others == set(drawn(CallbackId)) - {
        NOTICE,
        CHOICES_VIEW,
        calls_view.id,
        choose_team.id,
        *joined().lists,
    }


def test_a_name_taken_twice_and_a_row_that_nothing_does_are_refused() -> None:
    messages = tuple(e for s in SUBJECTS for e in s.events if e.kind == "message")
    command = replace(DEPUTIES.parts(Command)[0], key="hand-over")
    twin = Subject((command, *DEPUTIES.parts(Button)[:1], *DEPUTIES.parts(Form)[:1]), messages)
    twice = ("command hand-over", "action_id name_deputy", "callback_id choose_ask", "event message")
    assert {f"{each} is declared twice" for each in twice} <= set(refused(*SUBJECTS, twin).split("; "))
    idle = [replace(s, verbs=()) if s is DEPUTIES else s for s in SUBJECTS]
    assert refused(*idle) == "; ".join(
        f"nothing does {row}" for row in ("name_deputy", "approve_deputy", "hand_over")
    )


def test_no_word_means_two_commands() -> None:
    means: dict[str, str] = {}
    for command in joined().commands:
        for name in (name for language in Language for name in command.names(language)):
            assert means.setdefault(normal(name), command.key) == command.key, name


READERS = (None, "lead", "second", "police", "social", "shelter", "stranger")


def test_a_kind_that_is_missing_or_declared_twice_or_as_something_else_is_refused() -> None:
    whole = list(REGISTRY.values())
    others = [each for each in whole if each.kind is not Kind.SUMMONS]
    foreign = PersonMessage(Kind.SUMMONS, lambda ctx: None)
    assert list(wrongly_declared(whole)) == []
    assert all(isinstance(each, Job) for each in whole if each.kind.origin is Origin.JOB)
    assert list(wrongly_declared(others)) == ["notification summons is declared nowhere"]
    assert list(wrongly_declared([*whole, REGISTRY[Kind.HOME]])) == ["notification home is declared twice"]
    assert list(wrongly_declared([*others, foreign])) == ["notification summons is about asks"]
    with pytest.raises(DeclarationError, match="notification forget is declared nowhere"):
        Subjects(tuple(s for s in SUBJECTS if s is not LEFTOVERS), joined().without_word)


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
