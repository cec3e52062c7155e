"""The plan of an import, as shown to an operator and as carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from bot.domain.directory.entities import Quorum, TeamRules
from bot.usecases.ports import UnitOfWork


class Verb(StrEnum):
    """The effect on one object. A kept one is missing from the file, but an open case needs it."""

    ADDED = "+"
    CHANGED = "~"
    REMOVED = "-"
    KEPT = "="


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that differs. `which` is a key, a Slack id or a mail; never anything of a case."""

    verb: Verb
    kind: str
    which: str
    changes: tuple[str, ...] = ()
    why: str = ""

    @property
    def lines(self) -> list[str]:
        why = f" stays: {self.why}" if self.why else ""
        return [f"{self.verb} {self.kind} {self.which}{why}", *(f"    {change}" for change in self.changes)]


@dataclass(frozen=True)
class Plan:
    """An import that has not happened yet.

    `first`: nothing has been imported before. `untouched` are the keys of stored teams that the file
    does not name. Two plans with the same `differences` are the same to an operator.
    """

    first: bool
    differences: tuple[Difference, ...]
    untouched: tuple[str, ...]

    @property
    def does_something(self) -> bool:
        return any(d.verb is not Verb.KEPT or d.changes for d in self.differences)


class Draft:
    """An import in progress: the differences so far, and the writes that they need."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.differences: list[Difference] = []
        self._new: list[object] = []
        self._changes: list[tuple[Any, dict[str, Any]]] = []

    def note(self, verb: Verb, kind: str, which: str, changes: tuple[str, ...] = (), why: str = "") -> None:
        self.differences.append(Difference(verb, kind, which, changes, why))

    def add(self, kind: str, which: str, entity: object) -> None:
        self.note(Verb.ADDED, kind, which)
        self.store(entity)

    def change(self, kind: str, which: str, stored: object, facts: Mapping[str, Any], **back: bool) -> None:
        """Update a stored object to the file; `back` are fields that restore one taken out, or waiting."""
        changes = changes_of(stored, facts)
        if changes_of(stored, back):
            self.note(Verb.ADDED, kind, which)
        elif changes:
            self.note(Verb.CHANGED, kind, which, described(stored, changes))
        self.write(stored, **changes, **changes_of(stored, back))

    def store(self, entity: object) -> None:
        self._new.append(entity)

    def write(self, stored: object, **changes: Any) -> None:
        if changes:
            self._changes.append((stored, changes))

    def carry_out(self) -> None:
        """Write everything. A person's unique ids are given up before another person takes them."""
        changes = []
        for stored, wanted in self._changes:
            given_up = dict.fromkeys(wanted.keys() & {"slack_id", "work_mail"})
            changes.append((self.uow.change(stored, **given_up) if given_up else stored, wanted))
        for new in self._new:
            self.uow.add(new)
        for stored, wanted in changes:
            self.uow.change(stored, **wanted)


def changes_of(stored: object, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The fields whose stored value is not the wanted one, with the wanted values."""
    return {name: value for name, value in wanted.items() if getattr(stored, name) != value}


def described(stored: object, changes: Mapping[str, Any]) -> tuple[str, ...]:
    """The changes as text; for a team's rules, one text for each changed rule."""
    found: list[str] = []
    for name, after in changes.items():
        before = getattr(stored, name)
        if isinstance(after, TeamRules):
            rules = {rule.name: getattr(after, rule.name) for rule in fields(after)}
            found += described(before, changes_of(before, rules))
        else:
            found.append(f"{name}: {_text(before)} → {_text(after)}")
    return tuple(found)


def _text(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(_text, value)) or "nothing"
    if isinstance(value, Quorum):
        return f"{value.minimum}, one of {_text(value.any_of)}"
    return " ".join(str(value).split())
