"""The subject that docs/architecture.md shows: the persons of a case, with nothing that it can do without."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Case
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.notifications import Kind, PersonsChange
from bot.texts.words import Words
from bot.usecases.authorization import enter_case
from bot.usecases.ports import UnitOfWork
from handlers.blocks import inputs
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import section
from handlers.blocks.modal import Blocks, field, form
from handlers.delivery.declarations import CaseMessage
from handlers.slack.declarations import Subject, Verb


@form("add_persons", "case", heading="command.person.choice", submit="modal.save")
def more(words: Words, file: CaseFile) -> Blocks:
    """More persons in the case."""
    yield field(words, "number", "field.more-persons", inputs.number(1, 1, 5))
    return file.case.id


def add(uow: UnitOfWork, actor: Person, case_id: str, *, number: int) -> None:
    case = enter_case(uow, actor, Action.ADD_PERSONS, case_id).file().case  # refused or let in, it is logged
    uow.change(case, persons=case.persons + number)  # who is told of it follows


def told(ctx: RenderContext, _case: Case) -> Message:
    new = ctx.notification.params_as(PersonsChange).letters
    return Message([section(f"+ {new}")])


PERSONS = Subject(
    verbs=(Verb(Action.ADD_PERSONS, more, add, Case, word="person"),),
    notifications=(CaseMessage(Kind.PERSONS_CHANGED, told),),
)
