"""Declarations of a subject: its verbs, events and notifications, each once.

A declaration names its ids, its handlers, and the rows of the access table (`Action`) that allow them.
`handlers.subjects` joins the subjects; vocabulary, help, listeners and the tables of docs/interface.md are
derived from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from inspect import iscoroutinefunction
from itertools import chain
from typing import Any, Generic, TypeVar

from bot.domain.access import Action
from handlers.blocks.elements import ActionId
from handlers.blocks.modal import CallbackId, Drawing
from handlers.delivery.declarations import Declared, Registry, wrongly_declared
from handlers.slack.bolt_adapters import AfterAck, EventRequest
from handlers.slack.payloads import Payload
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import ChooseOne, FormOpener, Submitted, UseCase, does
from handlers.slack.vocabulary import (
    Choice,
    CommandWord,
    Group,
    Place,
    Rows,
    Vocabulary,
    Word,
    of_room,
    rows_of,
)

P = TypeVar("P", bound=Payload)


@dataclass(frozen=True, slots=True)
class Command(CommandWord):
    """A word after `/tot`. The handler's docstring says what it does, and is printed in docs/interface.md."""

    run: Callable[[CommandRequest], Awaitable[None]]


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


@dataclass(frozen=True, slots=True)
class Verb:
    """An act done by a form: who may do it, what opens the form, and what the form does.

    `act` is a use case, a form that is reviewed first, or a request handler. `on` is what the form is about:
    a class of objects in a case, `Case` itself, or a use case that finds what `draw` shows. It can also be a
    request handler that opens the form.

    The typed word opens the form for the case of that room; with `among`, one of several objects is chosen
    first; `typed` is a handler that runs instead. The docs print the docstring of `typed`, or of the form.

    `submit` is the rows that allow submitting, if they differ from `may`. `says` and `none` as in `does`.
    """

    may: Rows
    draw: Drawing[...]
    act: UseCase | ReviewedForm[Any, Any]
    on: UseCase | None = None
    press: ActionId | None = None
    place: Place | None = field(default=None, kw_only=True)
    word: Word | None = field(default=None, kw_only=True)
    typed: Callable[[CommandRequest], Awaitable[None]] | None = field(default=None, kw_only=True)
    among: ChooseOne | None = field(default=None, kw_only=True)
    submit: Rows | None = field(default=None, kw_only=True)
    says: str = field(default="", kw_only=True)
    none: str = field(default="", kw_only=True)

    def parts(self) -> Iterator[Command | Button | Form]:
        if self.word is not None:
            yield self._command(self.word)
        if self.press is not None:
            own = self.on if iscoroutinefunction(self.on) else None
            yield Button(self.press, self.may, own or self._opening.pressed, self.place)
        if self.among is not None:
            yield Form(self.among.draw.id, self.may, self._opening.chosen)
        allowed = self.may if self.submit is None else self.submit
        yield Form(self.draw.id, allowed, self._submitted())
        if isinstance(self.act, ReviewedForm):
            other = self.act.other
            if other is not None:
                yield Button(other.press, allowed, self.act.choose)
                yield Form(other.form, allowed, self.act.chosen)
            yield Form(self.act.form, allowed, self.act.send)

    @property
    def _opening(self) -> FormOpener:
        if self.on is None:
            raise DeclarationError(f"nothing opens {self.draw.id}")
        return FormOpener(self.on, self.draw, rows_of(self.may)[0], self.among)

    def _command(self, word: Word) -> Command:
        run = self.typed
        if run is None:
            opening = self._opening

            async def run(request: CommandRequest) -> None:
                await opening.typed(request)

            run.__doc__ = self.draw.__doc__
        said: dict[str, Any] = {each.name: getattr(word, each.name) for each in fields(word)}
        return Command(**said, may=self.may, run=run)

    def _submitted(self) -> Submitted:
        if isinstance(self.act, ReviewedForm):
            return self.act.filled_in
        return self.act if iscoroutinefunction(self.act) else does(self.act, says=self.says, none=self.none)


@dataclass(frozen=True, slots=True)
class Event(Generic[P]):
    """A Slack event, by its type; `model` is the part of it that is read."""

    kind: str
    model: type[P]
    may: Rows
    run: Callable[[EventRequest, P], Awaitable[AfterAck | None]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the domain. `by_mail` is the access rows of acts that are done only by mail.

    Its words, and its buttons that have a place, are shown in its `group` behind «Flere valg».
    """

    name: str
    verbs: tuple[Verb | Command | Button | Form, ...] = ()
    events: tuple[Event[Any], ...] = ()
    notifications: tuple[Declared, ...] = ()
    by_mail: tuple[Action, ...] = ()
    shortcuts: tuple[Button, ...] = ()
    group: Group | None = None
    _parts: tuple[Command | Button | Form, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = (verb.parts() if isinstance(verb, Verb) else [verb] for verb in self.verbs)
        object.__setattr__(self, "_parts", tuple(chain.from_iterable(parts)))

    @property
    def commands(self) -> tuple[Command, ...]:
        return tuple(each for each in self._parts if isinstance(each, Command))

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(each for each in self._parts if isinstance(each, Button))

    @property
    def forms(self) -> tuple[Form, ...]:
        return tuple(each for each in self._parts if isinstance(each, Form))


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
        self.commands = tuple(c for s in subjects for c in s.commands)
        self.shortcuts = tuple(x for s in subjects for x in s.shortcuts)
        self.buttons = tuple(b for s in subjects for b in s.buttons)
        #: The button of each command.
        self.choices = tuple(Button(c.choice, c.may, _chosen(c.run)) for c in self.commands)
        #: The buttons behind «Flere valg», in the order within each group.
        self.placed = tuple(_placed(subjects))
        self.forms = tuple(f for s in subjects for f in s.forms)
        self.events = tuple(e for s in subjects for e in s.events)
        self._by_mail = frozenset(row for s in subjects for row in s.by_mail)
        rows = self._rows()
        problems = [
            *_twice("subject", (s.name for s in subjects)),
            *_twice("command", (c.key for c in self.commands)),
            *_twice("shortcut", (s.id for s in self.shortcuts)),
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
    def vocabulary(self) -> Vocabulary[Command]:
        """The words of all commands in three languages, read when somebody first types one."""
        return Vocabulary(self.commands)

    def _rows(self) -> frozenset[Action]:
        declared: tuple[Command | Button | Form | Event[Any], ...]
        declared = (*self.commands, *self.shortcuts, *self.buttons, *self.forms, *self.events)
        return self._by_mail.union(*(rows_of(each.may) for each in declared))


def _chosen(run: Callable[[CommandRequest], Awaitable[None]]) -> Callable[[ActionRequest], Awaitable[None]]:
    """Return the handler of a command's button; its value is the channel and the text after the word."""

    async def choose(pressed: ActionRequest) -> None:
        pressed.channel, _, pressed.rest = pressed.value.partition(" ")
        await run(pressed)

    return choose


def _placed(subjects: Iterable[Subject]) -> Iterator[Choice]:
    grouped = [(subject.group, subject) for subject in subjects if subject.group is not None]
    found = [(group, word) for group, subject in grouped for word in subject.commands if not word.closed]
    for group, word in sorted(found, key=lambda each: each[1].late):
        yield Choice(group, word.choice, rows_of(word.may)[0], Place(word.label, of_room))
    for group, subject in grouped:
        for button in subject.buttons:
            if button.place is not None:
                yield Choice(group, button.id, rows_of(button.may)[0], button.place)


def _twice(kind: str, ids: Iterable[str]) -> list[str]:
    return [f"{kind} {id} is declared twice" for id, times in Counter(ids).items() if times > 1]
