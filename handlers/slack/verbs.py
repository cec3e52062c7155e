"""Verbs: what a button, or a form, does is a use case, and is read off its own signature.

What a use case is about it takes by position: the value of the button, or the metadata of the form, in its
parts. What is filled in it takes by keyword, each from the field of that name.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from bot.usecases.authorization import CaseContext
from handlers.blocks.modal import View
from handlers.slack.names import names_of
from handlers.slack.payloads import Fields, Unreadable, member, moment
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest

#: Between the parts of a value.
_BETWEEN = "|"
Typed = Callable[[CommandRequest], Awaitable[None]]
Pressed = Callable[[ActionRequest], Awaitable[None]]
Submitted = Callable[[SubmissionRequest], Awaitable[None]]
UseCase = Callable[..., Any]
Drawing = Callable[..., View]


def tap(act: UseCase, **said: Any) -> Pressed:
    """Return what a button does that does something at once; `said` is what the button says."""

    async def run(request: ActionRequest) -> None:
        await request.act(act, **_about(act, request.value, but=said), **said)

    run.__doc__ = act.__doc__
    return run


def opens(see: UseCase, draw: Drawing, does: str, **said: Any) -> Pressed:
    """Return what a button does that opens a form: `see` finds what `draw` shows, as one thing or several.

    A drawing that asks for `now` is given the time, one that asks for `names` those that Slack has for the
    contacts that were found last. `does` says in the docs what the form is for.
    """

    async def run(request: ActionRequest) -> None:
        await request.open(await drawn(request, see, draw, **_about(see, request.value, but=said), **said))

    run.__doc__ = does
    return run


def opened(see: UseCase, draw: Drawing, does: str, **said: Any) -> Typed:
    """Return what a word does that opens a form; if `see` is about something, it is the channel."""

    async def run(request: CommandRequest) -> None:
        about = [name for name in _positional(see) if name not in said]
        where = (request.channel,) if about else ()
        await request.open(await drawn(request, see, draw, *where, **said))

    run.__doc__ = does
    return run


async def drawn(request: Request, see: UseCase, draw: Drawing, *about: Any, **said: Any) -> View:
    """The form of what is found; of a case that was entered, `draw` is given the file."""
    found = await request.look(see, *about, **said)
    all_found: tuple[Any, ...] = found if isinstance(found, tuple) else (found,)
    seen: list[Any] = [each.file if isinstance(each, CaseContext) else each for each in all_found]
    asks = inspect.signature(draw).parameters
    more: dict[str, Any] = {}
    if "names" in asks:
        more["names"] = await names_of(request, [seen[0].persons[c.person_id] for c in seen[-1]])
    if "now" in asks:
        more["now"] = request.now
    return draw(request.words, *seen, **more)


def does(act: UseCase, *, says: str = "", **said: Any) -> Submitted:
    """Return what a form does; `said` is what it says by itself, `says` the key of what is said after."""

    async def run(request: SubmissionRequest) -> None:
        filled_in = read_fields(act, request.fields, but=said)
        await request.act(act, **_about(act, request.metadata, but=said), **filled_in, **said)
        await request.done(request.words(says) if says else None)

    run.__doc__ = act.__doc__
    return run


def read_fields(act: UseCase, fields: Fields, but: Iterable[str] = ()) -> dict[str, Any]:
    """Return the keyword arguments of a use case, from the fields of a form.

    Raises:
        Unreadable: a field has what the bot's own form does not send.
    """
    kinds = _kinds(act, inspect.Parameter.KEYWORD_ONLY)
    return {name: _field(fields, name, kind) for name, kind in kinds.items() if name not in but}


def _about(act: UseCase, value: str, but: Iterable[str] = ()) -> Mapping[str, Any]:
    """Return the positional arguments of a use case by name, from the parts of a value."""
    kinds = [(name, kind) for name, kind in _positional(act).items() if name not in but]
    parts = value.split(_BETWEEN, len(kinds) - 1) if len(kinds) > 1 else [value][: len(kinds)]
    if len(parts) != len(kinds):
        raise Unreadable
    return {name: _part(part, kind) for part, (name, kind) in zip(parts, kinds, strict=True)}


def _part(text: str, kind: Any) -> Any:
    if kind is int:
        if not (text.isascii() and text.isdigit()):
            raise Unreadable
        return int(text)
    if kind is datetime:
        return moment(text)
    return member(kind, text) if isinstance(kind, type) and issubclass(kind, StrEnum) else text


def _field(fields: Fields, name: str, kind: Any) -> Any:
    """The value of one field, as the kind that is wanted: what may be lacking is None."""
    optional = get_origin(kind) is UnionType and type(None) in get_args(kind)
    if optional:
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


@cache
def _kinds(act: UseCase, how: Any) -> Mapping[str, Any]:
    hints = get_type_hints(act)
    return {p.name: hints[p.name] for p in inspect.signature(act).parameters.values() if p.kind is how}
