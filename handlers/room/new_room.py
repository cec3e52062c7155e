"""«Nytt rom»: the button, and the review of who is let in."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.case.entities import Seat
from bot.domain.case.file import CaseFile
from bot.domain.errors import Refusal, Refused
from bot.texts.words import Words
from bot.usecases.room import make_new_room, review_new_room
from handlers.blocks.context import escape
from handlers.blocks.elements import bullets, section
from handlers.blocks.modal import Blocks, form, line_blocks
from handlers.blocks.people import human, mention
from handlers.slack.requests import SubmissionRequest


async def make(request: SubmissionRequest) -> None:
    """Make a new room, under a new code; if the people to let in have changed, show them instead."""
    case_id, _, seen = request.metadata.partition(".")
    try:
        await request.act_and_close(make_new_room, case_id, seen)
    except Refused as error:
        if error.why is not Refusal.REVIEW_OUTDATED:
            raise
        view = new_room_form(request.words, *await request.look(review_new_room, case_id))
        view["blocks"].insert(0, section(request.words(error.code)))
        await request.replace(view)


@form("new_room", "case, and a hash of the people shown")
def new_room_form(words: Words, file: CaseFile, seen: str) -> Blocks:
    yield from line_blocks(words("modal.new-room.what", code=escape(file.case.code)))
    yield from line_blocks(words("modal.new-room.let-in"), bullets(list(_let_in(words, file)), most=2800))
    yield from line_blocks(words("modal.new-room.old"))
    return f"{file.case.id}.{seen}"


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
