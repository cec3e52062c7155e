"""Forms about the persons of a case: more of them, and whether the case is over for one."""

from __future__ import annotations

from bot.domain.case.file import CaseFile
from bot.texts.words import Words
from bot.usecases.case import MOST_PERSONS
from bot.usecases.persons import leaving_with, there_for
from handlers.blocks.context import escape
from handlers.blocks.elements import context, section
from handlers.blocks.formatting import listed
from handlers.blocks.modal import CallbackId, View, field, modal, number, selects
from handlers.blocks.people import by_agency

ADD_PERSONS = CallbackId("add_persons", "case")


def add_persons_form(words: Words, file: CaseFile) -> View:
    """How many more, and which agencies are there for them too."""
    parts = by_agency(file, [i for i in file.involvements if i.ended_at is None])
    names = [(i.id, file.agency_of(i.id).shown_name) for i in parts]
    blocks = [
        section(words("modal.persons.now", persons=listed(words, file.open_letters))),
        field(
            "number",
            words("field.more-persons"),
            number(1, 1, MOST_PERSONS - file.case.persons),
            hint=words("field.more-persons.hint"),
        ),
    ]
    if names:
        blocks.append(
            field("parts", words("field.parts-for-them"), selects(names, dict(names)), optional=True)
        )
    return modal(
        words,
        ADD_PERSONS,
        "modal.persons.title",
        [*blocks, context(words("modal.persons.told"))],
        submit="modal.save",
        metadata=file.case.id,
    )


def over_for_one(words: Words, file: CaseFile, letter: str) -> str:
    """What happens when the case is over for this person, under their letter."""
    return "\n".join([words("modal.persons.over", person=letter), *agencies_without(words, file, letter)])


def agencies_without(words: Words, file: CaseFile, letter: str) -> list[str]:
    """Which agencies leave when the case is over for this person, and which stay for others."""
    leaving = leaving_with(file, letter)
    gone = {i.id for i in leaving}
    staying = [i for i in there_for(file, letter) if i.id not in gone]
    return [
        *_agencies(words, file, "modal.persons.leaves", letter, [i.id for i in by_agency(file, leaving)]),
        *_agencies(words, file, "modal.persons.stays", letter, [i.id for i in by_agency(file, staying)]),
    ]


def _agencies(words: Words, file: CaseFile, key: str, letter: str, parts: list[str]) -> list[str]:
    if not parts:
        return []
    names = words.several(escape(file.agency_of(id).shown_name) for id in parts)
    return [words(key, agencies=names, person=letter)]
