"""Verbs: what a button, a word or a form does is a use case, and is read off its own signature.

What a use case is about it takes by position: the value of the button, or the metadata of the form, in its
parts. What is filled in it takes by keyword, each from the field of that name. A command that is reviewed
first is read in the same way.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from bot.domain.access import Action
from bot.domain.case.entities import Case
from bot.usecases.authorization import CaseContext, Target, enter_case, enter_lasting, enter_room
from bot.usecases.validation import Letters
from handlers.blocks.modal import Drawing, View
from handlers.slack.names import names_of
from handlers.slack.payloads import Fields, Unreadable, member, moment
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest

#: Between the parts of a value.
_BETWEEN = "|"
Pressed = Callable[[ActionRequest], Awaitable[None]]
Submitted = Callable[[SubmissionRequest], Awaitable[None]]
UseCase = Callable[..., Any]
#: How a field of a kind of its own is read, by the kind.
Readers = Mapping[Any, Callable[[Fields], Any]]
NO_READERS: Readers = {}
C = TypeVar("C")


def tap(act: UseCase, **said: Any) -> Pressed:
    """Return what a button does that does something at once; `said` is what the button says."""

    async def run(request: ActionRequest) -> None:
        await request.act(act, **_about(act, request.value, but=said), **said)

    return run


@dataclass(frozen=True, slots=True)
class Among:
    """The choice of one of several, where there are, before the form of it is opened.

    `see` finds them by the channel, each as the last of what is found with it; the form has one field.
    """

    see: UseCase
    draw: Drawing[...]


@dataclass(frozen=True, slots=True)
class Opening:
    """A form that is opened, and what it is about.

    That is a kind of thing in a case that is not over; the case itself, by its id or its room; or what a use
    case finds, which is told the row of the access table, and the way in, where it asks for them.
    """

    on: UseCase
    draw: Drawing[...]
    row: Action
    among: Among | None = None

    async def pressed(self, request: ActionRequest) -> None:
        await request.open(await self.view(request, request.value))

    async def typed(self, request: CommandRequest) -> None:
        if self.among is None:
            await request.open(await self.view(request, request.channel, request.rest, in_room=True))
            return
        found = await request.look(self.among.see, request.channel)
        if len(found) > 1:
            await request.open(self.among.draw(request.words, found))
        else:
            await request.open(await self.view(request, found[0][-1].id))

    async def chosen(self, request: SubmissionRequest) -> None:
        """Show the form of the one that was chosen in place of the choice."""
        field = next(iter(request.inputs), "")
        await request.replace(await self.view(request, request.fields.needed(field)))

    async def view(self, request: Request, value: str, typed: str = "", *, in_room: bool = False) -> View:
        """The form of what the value says."""
        see, said = self._finding(in_room=in_room)
        about = _about(see, value, but=said)
        return await drawn(request, see, self.draw, **about, **said, typed=typed)

    def _finding(self, *, in_room: bool) -> tuple[UseCase, dict[str, Any]]:
        """Return what finds what it is about, and what that is told."""
        if self.on is Case:
            return (enter_room if in_room else enter_case), {"action": self.row, "target": Target()}
        if isinstance(self.on, type):
            return enter_lasting, {"action": self.row, "kind": self.on}
        told = {"action": self.row} | ({"into": enter_room} if in_room else {})
        return self.on, asked_for(self.on, told)


async def drawn(
    request: Request, see: UseCase, draw: Drawing[...], *about: Any, typed: str = "", **said: Any
) -> View:
    """The form of what is found, as one thing or several; of a case that was entered, of its file.

    A drawing that asks for `now` is given the time, for `typed` what was typed after the word, for `names`
    those that Slack has for the people who were found last.
    """
    found = await request.look(see, *about, **said)
    all_found: tuple[Any, ...] = found if isinstance(found, tuple) else (found,)
    seen: list[Any] = [each.file if isinstance(each, CaseContext) else each for each in all_found]
    known: dict[str, Any] = {"now": request.now, "typed": typed}
    if "names" in _parameters(draw):
        ids = (each if isinstance(each, str) else each.person_id for each in seen[-1])
        known["names"] = await names_of(request, [seen[0].persons[id] for id in ids])
    return draw(request.words, *seen, **asked_for(draw, known))


def does(act: UseCase, *, says: str = "", none: str = "") -> Submitted:
    """Return what a form does; `says` is the key of what is said after.

    `none` is the choice that stands for nothing. What the form is about can be chosen in it, too.
    """

    async def run(request: SubmissionRequest) -> None:
        about = _about(act, request.metadata or _chosen(act, request.fields))
        await request.act(act, **about, **read_fields(act, request.fields, none=none))
        await request.done(request.words(says) if says else None)

    return run


def _chosen(act: UseCase, fields: Fields) -> str:
    """Return what the form is about where that is chosen in it."""
    name = next(iter(_positional(act)), "")
    return fields.option(name.removesuffix("_id")) or ""


def read_fields(
    act: UseCase, fields: Fields, *, none: str = "", readers: Readers = NO_READERS
) -> dict[str, Any]:
    """Return the keyword arguments of a use case, from the fields of a form; not those that it may lack.

    Raises:
        Unreadable: a field has what the bot's own form does not send.
    """
    kinds, may_lack = _kinds(act, inspect.Parameter.KEYWORD_ONLY), _defaulted(act)
    return {
        name: readers[kind](fields) if kind in readers else _field(fields, name, kind, none)
        for name, kind in kinds.items()
        if name in fields or kind in readers or name not in may_lack
    }


def read_command(
    kind: type[C],
    request: SubmissionRequest,
    about: Collection[str] = (),
    between: str = _BETWEEN,
    readers: Readers = NO_READERS,
) -> C:
    """Return the command that a form says.

    `about` names what its metadata is, if that is more or less than the positions that have to be filled.
    """
    make: Callable[..., C] = kind
    but = [name for name in _positional(make) if name not in about] if about else _defaulted(make)
    filled_in = read_fields(make, request.fields, readers=readers)
    return make(**_about(make, request.metadata, but, between), **filled_in)


def _about(act: UseCase, value: str, but: Iterable[str] = (), between: str = _BETWEEN) -> Mapping[str, Any]:
    """Return the positional arguments of a use case by name, from the parts of a value."""
    kinds = {name: kind for name, kind in _positional(act).items() if name not in but}
    parts = value.split(between, len(kinds) - 1) if len(kinds) > 1 else [value][: len(kinds)]
    if len(parts) < len(kinds.keys() - _defaulted(act)):
        raise Unreadable
    return {name: _part(part, kind) for part, (name, kind) in zip(parts, kinds.items(), strict=False)}


def _part(text: str, kind: Any) -> Any:
    if kind is int:
        if not (text.isascii() and text.isdigit()):
            raise Unreadable
        return int(text)
    if kind is datetime:
        return moment(text)
    return member(kind, text) if isinstance(kind, type) and issubclass(kind, StrEnum) else text


def _field(fields: Fields, name: str, kind: Any, none: str) -> Any:
    """The value of one field, as the kind that is wanted: what may be lacking, or is chosen so, is None."""
    optional = get_origin(kind) is UnionType and type(None) in get_args(kind)
    if optional:
        if none and fields.option(name) == none:
            return None
        kind = next(k for k in get_args(kind) if k is not type(None))
    if get_origin(kind) is tuple:
        return tuple(_part(each, get_args(kind)[0]) for each in fields.options(name))
    found = _one(fields, name, kind)
    if found is None and not optional:
        raise Unreadable
    return found


def _one(fields: Fields, name: str, kind: Any) -> Any:
    if kind is bool:
        return bool(fields.options(name))
    if kind is Letters:
        return Letters("".join(fields.options(name)))
    if kind is date:
        return fields.day(name)
    if kind is datetime:
        return fields.moment_or_none(name)
    if kind is int:
        return fields.number(name)
    if issubclass(kind, StrEnum):
        return fields.choice(name, kind)
    return fields.said(name)


def _positional(act: UseCase) -> dict[str, Any]:
    """What a use case is about, by name, each of which kind."""
    by_position = _kinds(act, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return {name: kind for name, kind in by_position.items() if name not in ("uow", "actor")}


def asked_for(function: Callable[..., Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a function asks for by name, of what is known."""
    return {name: value for name, value in known.items() if name in _parameters(function)}


@cache
def _parameters(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(function).parameters


@cache
def _kinds(act: UseCase, how: Any) -> Mapping[str, Any]:
    hints = get_type_hints(act)
    return {p.name: hints[p.name] for p in _parameters(act).values() if p.kind is how}


@cache
def _defaulted(act: UseCase) -> frozenset[str]:
    """The names of what need not be given."""
    return frozenset(p.name for p in _parameters(act).values() if p.default is not p.empty)
