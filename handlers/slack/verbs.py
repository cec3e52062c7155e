"""Verbs: buttons, words and forms that call a use case, with arguments read from its signature.

Positional parameters are filled from the parts of the button's value or of the form's metadata. Keyword-only
parameters are filled from the form fields of the same name. A command that is reviewed first is read in the
same way.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.domain.directory.entities import Team
from bot.domain.when import parse_when
from bot.domain.worktime import TimeRefused
from bot.usecases.authorization import CaseContext, teams_of
from bot.usecases.validation import ChosenMember, ChosenPerson, Letters
from handlers.blocks.elements import ActionId
from handlers.blocks.modal import Drawing, View, choose_team
from handlers.slack.chosen_people import check_chosen
from handlers.slack.payloads import Fields, Unreadable, parsed
from handlers.slack.requests import ActionRequest, Request, SubmissionRequest

#: Separates the parts of a value.
_BETWEEN = "|"
Pressed = Callable[[ActionRequest], Awaitable[None]]
Submitted = Callable[[SubmissionRequest], Awaitable[None]]
UseCase = Callable[..., Any]
#: Functions that read fields of special types, by type.
Readers = Mapping[Any, Callable[[Fields], Any]]
#: The key of a text, or a function of the words and of what a use case returns: a text, or the next form.
Says = str | Callable[..., View | str]
NO_READERS: Readers = {}
C = TypeVar("C")


def tap(act: UseCase, **said: Any) -> Pressed:
    """Return the handler of a button that acts at once; `said` is the arguments that the button sets."""

    async def run(request: ActionRequest) -> None:
        await request.act(act, **arguments(act, request.value, but=said), **said)

    return run


@dataclass(frozen=True, slots=True)
class OfTeam:
    """A form about one of the teams that a person coordinates; of several, one is chosen first.

    `press` is the button of a team, with its id and what was typed, parted by a bar. `view` returns the form
    from these two, and refuses people who may not.
    """

    press: ActionId
    view: Callable[[Request, str, str], Awaitable[View]]

    async def first(self, request: Request, typed: str = "") -> View:
        """Return the form of the only team, or the choice of a team."""
        teams = await request.look(teams_of)
        if len(teams) > 1:
            return choose_team(request.words, teams, self.press, typed_again(teams[0], typed, request.now))
        return await self.view(request, teams[0].id if teams else "", typed)

    async def pressed(self, request: ActionRequest) -> None:
        team_id, _, typed = request.value.partition(_BETWEEN)
        await request.open(await self.view(request, team_id, typed))


def typed_again(team: Team, text: str, now: datetime) -> str:
    """Return a typed time with its full date, so that it can be typed again later; empty if there is none."""
    try:
        at = parse_when(text, now=now, zone=team.time_zone) if text else None
    except TimeRefused:
        at = None
    return f"{at.astimezone(team.time_zone):%d.%m.%Y kl %H:%M}" if at is not None else ""


async def drawn(
    request: Request, see: UseCase, draw: Drawing[...], *about: Any, typed: str = "", **said: Any
) -> View:
    """Return the form about what `see` finds, one object or a tuple; an entered case is passed as its file.

    A drawing can take `now`, the time; `typed`, the text after the word; `reader`, the reader's person id.
    """
    found = await request.look(see, *about, **said)
    all_found: tuple[Any, ...] = found if isinstance(found, tuple) else (found,)
    seen: list[Any] = [each.file() if isinstance(each, CaseContext) else each for each in all_found]
    known: dict[str, Any] = {"now": request.now, "typed": typed, "reader": request.visitor.person.id}
    return draw(request.words, *seen, **asked_for(draw, known))


def does(act: UseCase, *, may: Submitted, says: Says = "", none: str = "") -> Submitted:
    """Return the handler of a form; `says` is what is shown afterwards.

    `none` is the option that means None. The object that the form is about can also be chosen in the form.
    Before a chosen person's account is looked up, `may` refuses somebody who may not do this: they must not
    learn what kind of account it is.
    """
    people = {name: _required(kind) for name, kind in _kinds(act, inspect.Parameter.KEYWORD_ONLY).items()}

    async def run(request: SubmissionRequest) -> None:
        about = arguments(act, request.metadata or _chosen(act, request.fields))
        said = read_fields(act, request.fields, none=none)
        for name, slack_id in said.items():
            if slack_id is not None and people[name] in (ChosenPerson, ChosenMember):
                await may(request)
                await check_chosen(request, name, guests=people[name] is ChosenPerson)
        done = await request.act(act, **about, **said)
        if isinstance(says, str):
            await request.done(request.words(says) if says else None)
            return
        shown = says(request.words, *(done if isinstance(done, tuple) else (done,)))
        await (request.done(shown) if isinstance(shown, str) else request.replace(shown))

    return run


def _chosen(act: UseCase, fields: Fields) -> str:
    """Return the id of the object that is chosen in the form; empty if none is."""
    name = next(iter(_positional(act)), "")
    return fields.option(name.removesuffix("_id")) or ""


def read_fields(
    act: UseCase, fields: Fields, *, none: str = "", readers: Readers = NO_READERS
) -> dict[str, Any]:
    """Return the keyword arguments of a use case from a form; without optional ones that have no field.

    Raises:
        Unreadable: a field has a value that the bot's own form does not send.
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
    readers: Readers = NO_READERS,
) -> C:
    """Return the command that is made from a form.

    `about` names the parameters that the metadata fills; by default, those without a default value.
    """
    make: Callable[..., C] = kind
    but = [name for name in _positional(make) if name not in about] if about else _defaulted(make)
    filled_in = read_fields(make, request.fields, readers=readers)
    return make(**arguments(make, request.metadata, but), **filled_in)


def arguments(act: UseCase, value: str, but: Iterable[str] = ()) -> Mapping[str, Any]:
    """Return the positional arguments of a use case by name, from the parts of a value."""
    kinds = {name: kind for name, kind in _positional(act).items() if name not in but}
    parts = value.split(_BETWEEN, len(kinds) - 1) if kinds else []
    if len(parts) < len(kinds.keys() - _defaulted(act)):
        raise Unreadable
    return {
        name: parsed(part, _required(kind)) for part, (name, kind) in zip(parts, kinds.items(), strict=False)
    }


def _field(fields: Fields, name: str, kind: Any, none: str) -> Any:
    """Return a field's value as the type `kind`; None for an optional one that is empty or is `none`."""
    required = _required(kind)
    if required is bool:
        return bool(fields.options(name))
    if required is Letters:
        return Letters("".join(fields.options(name)))
    if get_origin(required) is tuple:
        return tuple(parsed(each, get_args(required)[0]) for each in fields.options(name))
    if required is kind:
        return fields.needed(name, kind)
    return None if none and fields.option(name) == none else fields.get(name, required)


def _required(kind: Any) -> Any:
    """Return the type of a value that is not None."""
    if get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind):
        return next(each for each in get_args(kind) if each is not type(None))
    return kind


def _positional(act: UseCase) -> dict[str, Any]:
    """Return the types of a use case's positional parameters by name, without `uow` and `actor`."""
    by_position = _kinds(act, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return {name: kind for name, kind in by_position.items() if name not in ("uow", "actor")}


def asked_for(function: Callable[..., Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the known arguments that a function takes."""
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
    return frozenset(p.name for p in _parameters(act).values() if p.default is not p.empty)
