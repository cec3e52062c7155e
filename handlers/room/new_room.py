"""«Nytt rom»: the button, and the review of who is let in."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.case.entities import Seat
from bot.domain.case.file import CaseFile
from bot.texts.words import Words
from handlers.blocks.context import escape
from handlers.blocks.elements import bullets
from handlers.blocks.modal import Blocks, form, line_blocks
from handlers.blocks.people import human, mention


@form("new_room", "case", heading="press.new-room", submit="press.new-room")
def new_room_form(words: Words, file: CaseFile) -> Blocks:
    yield from line_blocks(words("modal.new-room.what", code=escape(file.case.code)))
    yield from line_blocks(words("modal.new-room.let-in"), bullets(list(_let_in(words, file)), most=2800))
    yield from line_blocks(words("modal.new-room.old"))
    return file.case.id


def _let_in(words: Words, file: CaseFile) -> Iterator[str]:
    """Yield each person once; with an agency, if they have a seat for one."""
    seats: dict[str, Seat] = {}
    for seat in sorted(file.seats, key=lambda seat: seat.involvement_id is None):
        if file.opens_room(seat):
            seats.setdefault(seat.person_id, seat)
    for seat in seats.values():
        if seat.involvement_id is None:
            yield mention(words, file.persons.get(seat.person_id))
        else:
            agency = file.agency_of(seat.involvement_id)
            yield f"{human(words, file, seat.person_id, agency)} · {escape(agency.shown_name)}"
