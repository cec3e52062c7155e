"""Refusals in words: each says what the person can do instead, and reveals nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.directory.entities import Person
from bot.domain.errors import CodedError, Invalid, Overtaken, Refused
from bot.texts.words import Words
from handlers.blocks.context import Block
from handlers.blocks.elements import actions, section
from handlers.slack.services import Services
from handlers.slack.vocabulary import choose

#: An error that is explained to the person.
Explainable = CodedError | Invalid


def in_words(words: Words, error: Explainable) -> str:
    """Return a refusal in words."""
    return "\n".join(dict.fromkeys(worded(words, code, **values) for code, values in _said(error)))


def _said(error: Explainable) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the keys of a refusal's texts, each with what fills it in."""
    if isinstance(error, Invalid):
        return [(problem.code, problem.params) for problem in error.problems]
    return [(error.code, error.values)]


def worded(words: Words, code: str, **params: object) -> str:
    """Return the sentence of a problem or a refusal. A kind that the guard found has one for all kinds."""
    said = words(code, **params)
    return words("guard.looks-like", kind=said) if code.startswith("guard.kind.") else said


#: The command that provides what the case lacks, by `Refused.what`.
_INSTEAD = {"meeting": "meeting", "part": "invite", "asked": "invite"}


def with_way_out(words: Words, error: Explainable, text: str) -> list[Block] | None:
    """Return the refusal with a button for the command that provides what is lacking, if there is one."""
    if not isinstance(error, Refused) or error.what not in _INSTEAD or not (room := error.values.get("room")):
        return None
    return [section(text), actions(choose(words, _INSTEAD[error.what], str(room)))]


#: Values of a refusal that are ids and do not fill in its text.
_IDS = frozenset({"room"})


def names_of(error: Explainable) -> tuple[str, ...]:
    """Return the keys of a refusal's texts, without those that need values filled in.

    The values hold for this moment only, and some are about people.
    """
    return tuple(dict.fromkeys(code for code, values in _said(error) if values.keys() <= _IDS))


async def explain(services: Services, words: Words, error: Explainable) -> str:
    """Return a refusal in words, with the person who acted first."""
    by = error.by if isinstance(error, Overtaken) else None
    person = await services.database.read(lambda uow: uow.get(Person, by)) if by else None
    if person is not None and person.slack_id is not None:
        return words("refused.overtaken-by", who=f"<@{person.slack_id}>")
    return in_words(words, error)


def field_errors(words: Words, error: Invalid, inputs: Sequence[str]) -> dict[str, str]:
    """Return the errors by field; a problem whose field is not in the form goes to the first field."""
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        where = problem.where if problem.where in inputs else inputs[0]
        line = worded(words, problem.code, **problem.params)
        if line not in found.setdefault(where, []):
            found[where].append(line)
    return {where: " ".join(lines) for where, lines in found.items()}
