"""The declarations of the subjects: nothing twice, nothing left out, nothing drawn and not declared."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

import handlers
from bot.domain.language import Language
from handlers.answers.modals import CALLS, CHOOSE_CALLS
from handlers.blocks.elements import ActionId
from handlers.blocks.modal import NOTICE, CallbackId
from handlers.deputies.subject import DEPUTIES
from handlers.overview.choices import CHOICES_VIEW
from handlers.overview.requests import here
from handlers.slack.declarations import DeclarationError, Subject, Subjects
from handlers.slack.vocabulary import normal
from handlers.subjects import SUBJECTS, joined

Id = TypeVar("Id", ActionId, CallbackId)


def drawn(kind: type[Id]) -> Iterator[Id]:
    """Every id of this kind that a module of the handlers defines."""
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        found = vars(importlib.import_module(module.name))
        yield from (value for value in found.values() if isinstance(value, kind))


def refused(*subjects: Subject) -> str:
    with pytest.raises(DeclarationError) as error:
        Subjects(subjects, here)
    return str(error.value)


def test_every_button_that_is_drawn_is_declared() -> None:
    assert {button.id for button in joined().buttons} == set(drawn(ActionId))


def test_every_form_that_is_drawn_is_declared() -> None:
    # These have nothing to submit.
    assert {form.id for form in joined().forms} == set(drawn(CallbackId)) - {
        NOTICE,
        CHOICES_VIEW,
        CALLS,
        CHOOSE_CALLS,
    }


def test_a_name_taken_twice_is_refused() -> None:
    twin = Subject(
        "twin",
        (replace(DEPUTIES.commands[0], key="hand-over"),),
        DEPUTIES.buttons[:1],
        DEPUTIES.forms[:1],
        (*(e for s in SUBJECTS for e in s.events if e.kind == "message"),),
    )
    problems = refused(*SUBJECTS, twin)
    for problem in (
        "command hand-over is declared twice",
        "action_id name_deputy is declared twice",
        "callback_id choose_ask is declared twice",
        "event message is declared twice",
    ):
        assert problem in problems
    assert "subject deputies is declared twice" in refused(*SUBJECTS, DEPUTIES)


def test_a_row_that_nothing_does_is_refused() -> None:
    idle = [replace(s, commands=(), buttons=(), forms=()) if s is DEPUTIES else s for s in SUBJECTS]
    assert refused(*idle) == "nothing does approve_deputy; nothing does hand_over"


def test_no_word_means_two_commands() -> None:
    means: dict[str, str] = {}
    for command in joined().commands:
        for name in (name for language in Language for name in command.names(language)):
            assert means.setdefault(normal(name), command.key) == command.key, name
