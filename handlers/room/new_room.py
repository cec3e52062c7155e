"""«Nytt rom»: the button, and the review of who is let in."""

from __future__ import annotations

from bot.domain.case.file import CaseFile
from bot.texts.words import Words
from handlers.blocks.context import escape
from handlers.blocks.elements import bullets
from handlers.blocks.modal import Blocks, form, line_blocks
from handlers.blocks.people import mention


@form("new_room", "case", heading="press.new-room", submit="press.new-room")
def new_room_form(words: Words, file: CaseFile) -> Blocks:
    let_in = dict.fromkeys(seat.person_id for seat in file.seats if file.opens_room(seat))
    people = [mention(words, file.persons.get(person_id)) for person_id in let_in]
    yield from line_blocks(words("modal.new-room.what", code=escape(file.case.code)))
    yield from line_blocks(words("modal.new-room.let-in"), bullets(people, most=2800))
    yield from line_blocks(words("modal.new-room.old"))
    return file.case.id
