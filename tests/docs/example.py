"""The subject that docs/architecture.md shows: the persons of a case, with nothing that it can do without."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Case
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.notifications import Kind, PersonsChange
from bot.texts.words import Words
from bot.usecases.authorization import CaseContext, enter_case, enter_room
from bot.usecases.ports import UnitOfWork
from handlers.blocks import inputs
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import section
from handlers.blocks.modal import CallbackId, View, field, modal
from handlers.delivery.declarations import CaseMessage
from handlers.slack.declarations import Command, Form, Subject
from handlers.slack.verbs import does, opened
from handlers.slack.vocabulary import Audience

ADD = CallbackId("add_persons", "case", heading="modal.persons.title", submit="modal.save")


def see(uow: UnitOfWork, actor: Person, channel: str) -> CaseContext:
    return enter_room(uow, actor, Action.ADD_PERSONS, channel)  # refused or let in, it is logged


def form(words: Words, file: CaseFile) -> View:
    number = field(words, "number", "field.more-persons", inputs.number(1, 1, 5))
    return modal(words, ADD, [number], file.case.id)


def add(uow: UnitOfWork, actor: Person, case_id: str, *, number: int) -> None:
    case = enter_case(uow, actor, Action.ADD_PERSONS, case_id).file.case
    uow.change(case, persons=case.persons + number)  # who is told of it follows


def told(ctx: RenderContext, _case: Case) -> Message:
    new = ctx.notification.params_as(PersonsChange).letters
    return Message([section(f"+ {new}")])


PERSONS = Subject(
    "persons",
    commands=(Command("person", Action.ADD_PERSONS, Audience.ROOM, opened(see, form, "More persons.")),),
    forms=(Form(ADD, Action.ADD_PERSONS, does(add)),),
    notifications=(CaseMessage(Kind.PERSONS_CHANGED, told),),
)
