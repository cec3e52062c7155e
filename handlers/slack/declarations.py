"""Declarations of a subject: its verbs, events and notifications, each once.

A declaration names its ids, its handlers, and the rows of the access table (`Action`) that allow them.
`handlers.subjects` joins the subjects; vocabulary, help, listeners and the tables of docs/interface.md are
derived from them.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial, update_wrapper
from inspect import iscoroutinefunction
from itertools import chain
from typing import Any, Generic, TypeVar

from bot.domain.access import Action, Right
from bot.domain.case.entities import Case
from bot.domain.case.file import Target
from bot.domain.language import Language
from bot.usecases.authorization import OF_CLOSED, enter_case, enter_lasting
from handlers.blocks.choosing import other_form
from handlers.blocks.elements import ActionId
from handlers.blocks.modal import CallbackId, Drawing, View
from handlers.delivery.declarations import Declared, Registry, wrongly_declared
from handlers.slack.bolt_adapters import AfterAck, EventRequest
from handlers.slack.payloads import Payload
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import OfTeam, Says, UseCase, arguments, asked_for, does, drawn
from handlers.slack.vocabulary import (
    Choice,
    Command,
    Group,
    Place,
    Rows,
    choice_of,
    label_of,
    normal,
    of_room,
    rows_of,
    split,
)

P = TypeVar("P", bound=Payload)
#: The slash command.
COMMAND = "/tot"
#: How similar a name must be, of at most 1, to be suggested for a typed word.
_NEAR = 0.6


@dataclass(frozen=True, slots=True)
class Button:
    """A button, a select or a menu; or a global shortcut, whose name the manifest has."""

    id: ActionId
    may: Rows
    run: Callable[[ActionRequest], Awaitable[None]]
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A modal that is submitted."""

    id: CallbackId
    may: Rows
    run: Callable[[SubmissionRequest], Awaitable[None]]


Part = TypeVar("Part", Command, Button, Form)


@dataclass(frozen=True, slots=True)
class Verb:
    """An act done by a form: who may do it, what opens the form, and what the form does.

    `act` is a use case, a form that is reviewed first, or a request handler; None for a list, which has only
    buttons. `on` is what the form is about: a class of objects in a case, of which the one opened must not be
    over; `Case`, found by its id or its room; or a use case that finds what `draw` shows, and may take
    `action`, the row of the access table. It can also be a request handler that opens the form.

    The typed `word` opens the form for the case of that room; `typed` is a handler that runs instead. With
    `among`, a use case and a form, one of several objects is chosen first: the use case finds them by the
    channel, as tuples that end with the object, and the form has one field. It may take what was `typed`; its
    metadata is what the form that follows takes for it. The docs print the docstring of `typed`, or of the
    form.

    `submit` is the rows that allow submitting, if they differ from `may`. `says` and `none` as in `does`.
    """

    may: Rows
    draw: Drawing[...]
    act: UseCase | ReviewedForm[Any, Any] | None
    on: Any = None
    press: ActionId | None = None
    place: Place | None = field(default=None, kw_only=True)
    word: str | None = field(default=None, kw_only=True)
    typed: Callable[[CommandRequest], Awaitable[None]] | None = field(default=None, kw_only=True)
    among: tuple[UseCase, Drawing[...]] | None = field(default=None, kw_only=True)
    submit: Rows | None = field(default=None, kw_only=True)
    says: Says = field(default="", kw_only=True)
    none: str = field(default="", kw_only=True)

    def parts(self) -> Iterator[Command | Button | Form]:
        if self.word is not None:
            typed = self.typed or update_wrapper(partial(self._typed), self.draw)
            yield Command(self.word, self.may, typed)
        if isinstance(self.on, OfTeam):
            yield Button(self.on.press, self.may, self.on.pressed)
        elif self.press is not None:
            own = self.on if iscoroutinefunction(self.on) else None
            yield Button(self.press, self.may, own or self._pressed, self.place)
        if self.among is not None:
            yield Form(self.among[1].id, self.may, self._chosen)
        if self.act is None:
            return
        allowed = self.may if self.submit is None else self.submit
        if not isinstance(self.act, ReviewedForm):
            own = self.act if iscoroutinefunction(self.act) else None
            run = own or does(self.act, may=self._may, says=self.says, none=self.none)
            yield Form(self.draw.id, allowed, run)
            return
        yield Form(self.draw.id, allowed, self.act.filled_in)
        other = self.act.other
        if other is not None:
            yield Button(other, allowed, self.act.choose)
            yield Form(other_form(other), allowed, self.act.chosen)
        yield Form(self.act.show.id, allowed, self.act.send)

    async def _may(self, request: SubmissionRequest) -> None:
        """Refuse somebody who may not open the form."""
        await self._form(request, request.metadata)

    async def _typed(self, request: CommandRequest) -> None:
        if isinstance(self.on, OfTeam):
            await request.open(await self.on.first(request, request.rest))
            return
        if self.among is None:
            await request.open(await self._form(request, request.channel, request.rest))
            return
        see, choose = self.among
        found = await request.look(see, request.channel)
        if len(found) > 1:
            known = asked_for(choose, {"typed": request.rest, "now": request.now})
            await request.open(choose(request.words, found, **known))
        else:
            await request.open(await self._form(request, found[0][-1].id, request.rest))

    async def _pressed(self, request: ActionRequest) -> None:
        await request.open(await self._form(request, request.value))

    async def _chosen(self, request: SubmissionRequest) -> None:
        """Show the form about the chosen object in place of the choice."""
        chosen = next(iter(request.inputs), "")
        await request.replace(await self._form(request, request.fields.needed(chosen, str), request.metadata))

    async def show_again(self, request: ActionRequest, metadata: str) -> None:
        """Show a list in which a button was pressed, as it is now."""
        await request.open(await self._form(request, metadata))

    async def _form(self, request: Request, value: str, typed: str = "") -> View:
        """Return the form about the object that the value names."""
        if isinstance(self.on, OfTeam):
            return await self.on.view(request, value, typed)
        row, see = rows_of(self.may)[0], self.on
        if self.on is Case:
            see, said = enter_case, {"action": row, "target": Target()}
        elif isinstance(self.on, type):
            see, said = enter_lasting, {"action": row, "kind": self.on}
        else:
            said = asked_for(see, {"action": row})
        about = arguments(see, value, but=said)
        return await drawn(request, see, self.draw, **about, **said, typed=typed)


@dataclass(frozen=True, slots=True)
class Event(Generic[P]):
    """A Slack event, by its type; `model` is the part of it that is read."""

    kind: str
    model: type[P]
    may: Rows
    run: Callable[[EventRequest, P], Awaitable[AfterAck | None]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the domain.

    Its words, and its buttons that have a place, are shown in its `group` behind «Flere valg».
    """

    verbs: tuple[Verb | Command | Button | Form, ...] = ()
    events: tuple[Event[Any], ...] = ()
    notifications: tuple[Declared, ...] = ()
    group: Group | None = None

    def parts(self, kind: type[Part]) -> tuple[Part, ...]:
        """Return all its commands, its buttons or its forms."""
        parts = (verb.parts() if isinstance(verb, Verb) else [verb] for verb in self.verbs)
        return tuple(each for each in chain.from_iterable(parts) if isinstance(each, kind))


class DeclarationError(Exception):
    """The subjects contradict each other, or leave something out."""


class Subjects:
    """All subjects, joined; `without_word` answers `/tot` with no word.

    Raises:
        DeclarationError: something is declared twice, or a row of the access table or a kind of notification
            is not declared.
    """

    def __init__(
        self, subjects: tuple[Subject, ...], without_word: Callable[[CommandRequest], Awaitable[None]]
    ) -> None:
        self.without_word = without_word
        self.commands = tuple(c for s in subjects for c in s.parts(Command))
        self.buttons = tuple(b for s in subjects for b in s.parts(Button))
        #: The button of each command.
        self.choices = tuple(Button(choice_of(c.key), c.may, _chosen(c.run)) for c in self.commands)
        #: The buttons behind «Flere valg», in the order within each group.
        self.placed = tuple(_placed(subjects))
        self.forms = tuple(f for s in subjects for f in s.parts(Form))
        verbs = (v for s in subjects for v in s.verbs if isinstance(v, Verb))
        self.lists = {str(v.draw.id): v for v in verbs if v.act is None}
        self.events = tuple(e for s in subjects for e in s.events)
        declared: tuple[Command | Button | Form | Event[Any], ...]
        declared = (*self.commands, *self.buttons, *self.forms, *self.events)
        # What only people invited by calendar may do is done by mail.
        rows = {row for each in declared for row in rows_of(each.may)}
        rows |= {row for row in Action if row.rights == {Right.INVITED}}
        problems = [
            *_twice("command", (c.key for c in self.commands)),
            *_twice("action_id", (b.id for b in (*self.buttons, *self.choices))),
            *_twice("callback_id", (f.id for f in self.forms)),
            *_twice("event", (e.kind for e in self.events)),
            *wrongly_declared([n for s in subjects for n in s.notifications]),
            *(f"nothing does {row}" for row in Action if row not in rows),
        ]
        if problems:
            raise DeclarationError("; ".join(problems))
        self.notifications: Registry = {n.kind: n for s in subjects for n in s.notifications}

    @cached_property
    def _by_name(self) -> Mapping[str, Command]:
        """The commands by their names in three languages, read when somebody first types one."""
        return {normal(name): c for c in self.commands for each in Language for name in c.names(each)}

    def find(self, word: str) -> Command | None:
        return self._by_name.get(normal(word))

    def nearest(self, word: str) -> list[Command]:
        """Return up to three commands with a name similar to the typed one, the nearest first."""
        close = difflib.get_close_matches(normal(word), self._by_name, n=5, cutoff=_NEAR)
        return list({self._by_name[name].key: self._by_name[name] for name in close}.values())[:3]

    async def typed(self, request: CommandRequest) -> None:
        """Answer `/tot` with any word or none. It never repeats what was typed."""
        first, request.rest = split(request.rest)
        command = self.find(first)
        if not first:
            await self.without_word(request)
        elif command is not None:
            await command.run(request)
        else:
            near = [f"`{COMMAND} {c.shown(request.words)}`" for c in self.nearest(first)]
            key = "command.unknown-near" if near else "command.unknown"
            await request.answer(request.words(key, near=request.words.either(near)))


def _chosen(run: Callable[[CommandRequest], Awaitable[None]]) -> Callable[[ActionRequest], Awaitable[None]]:
    """Return the handler of a command's button; its value is the channel and the text after the word."""

    async def choose(pressed: ActionRequest) -> None:
        pressed.channel, _, pressed.rest = pressed.value.partition(" ")
        await run(pressed)

    return choose


def _placed(subjects: Iterable[Subject]) -> Iterator[Choice]:
    grouped = [(subject.group, subject) for subject in subjects if subject.group is not None]
    for group, subject in grouped:
        for word in subject.parts(Command):
            row = rows_of(word.may)[0]
            if row not in OF_CLOSED:
                yield Choice(group, choice_of(word.key), row, Place(label_of(word.key), of_room))
    for group, subject in grouped:
        for button in subject.parts(Button):
            if button.place is not None:
                yield Choice(group, button.id, rows_of(button.may)[0], button.place)


def _twice(kind: str, ids: Iterable[str]) -> list[str]:
    return [f"{kind} {id} is declared twice" for id, times in Counter(ids).items() if times > 1]
