"""The persons of a case: more of them, and what the room is told."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Case
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind, PersonsChange
from bot.texts.words import Words
from bot.usecases.case import MOST_PERSONS
from bot.usecases.persons import add_persons, leaving_with
from handlers.blocks import inputs
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import context, section
from handlers.blocks.modal import Blocks, field, form
from handlers.blocks.people import agency_choices, agency_names, by_agency
from handlers.delivery.declarations import CaseMessage
from handlers.slack.declarations import Subject, Verb
from handlers.slack.vocabulary import Group


@form(
    "add_persons",
    "case and how many letters it has, parted by a bar",
    heading="command.person.choice",
    submit="modal.save",
)
def add_persons_form(words: Words, file: CaseFile) -> Blocks:
    """More persons in the case."""
    parts = by_agency(file, [i for i in file.involvements if i.live])
    names = agency_choices(file, parts)
    number = inputs.number(1, 1, MOST_PERSONS)
    yield section(words("modal.persons.now", persons=words.several(file.open_letters)))
    yield field(words, "number", "field.more-persons", number, hint=True)
    if names:
        there = inputs.selects(names, dict(names))
        yield field(words, "parts", "field.parts-for-them", there, optional=True)
    yield context(words("modal.persons.told"))
    return f"{file.case.id}|{file.case.persons}"


def over_for_each(words: Words, file: CaseFile, letters: str) -> list[str]:
    """Return for each of these persons the agencies that leave if the case is closed for them."""
    leaving = ((letter, agency_names(words, file, leaving_with(file, letter))) for letter in letters)
    none = words("modal.no-one")
    return [words("modal.persons.leaves", person=letter, agencies=names or none) for letter, names in leaving]


def persons_changed(ctx: RenderContext, _: Case) -> Message:
    """To the room: the persons for whom the case is closed, or who were added."""
    words, change = ctx.words, ctx.notification.params_as(PersonsChange)
    shown = words.several(change.letters)
    if change.closed:
        return Message([section(words("persons.room-closed", person=shown))])
    return Message([section(words.count("persons.room-added", len(change.letters), persons=shown))])


NOTIFICATIONS = (CaseMessage(Kind.PERSONS_CHANGED, persons_changed),)


PERSONS = Subject(
    verbs=(
        Verb(
            Action.ADD_PERSONS,
            add_persons_form,
            add_persons,
            Case,
            word="person",
        ),
    ),
    notifications=NOTIFICATIONS,
    group=Group.CASE,
)
