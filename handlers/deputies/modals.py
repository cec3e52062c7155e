"""Forms that name a deputy, refuse one, and hand a seat over."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.case.entities import Ask, Seat
from bot.domain.case.file import CaseFile
from bot.domain.deputies import proposed_deputy
from bot.domain.directory.entities import Contact
from bot.texts.words import Words
from handlers.answers.modals import reason_field
from handlers.blocks import inputs
from handlers.blocks.choosing import colleague_blocks
from handlers.blocks.elements import section
from handlers.blocks.modal import Blocks, field, form
from handlers.blocks.people import span
from handlers.involvement.modals import whom


@form("choose_ask", heading="command.deputy.choice", submit="modal.next")
def choose_ask(words: Words, found: Sequence[tuple[CaseFile, Ask]]) -> Blocks:
    """Choose a meeting; the code is not shown, since a leader may be the one who chooses."""
    choices = [(ask.id, which(words, file, ask)) for file, ask in found[:100]]
    yield field(words, "ask", "field.for-meeting", inputs.select(choices, choices[0][0]))
    return ""


def which(words: Words, file: CaseFile, ask: Ask) -> str:
    when = words.short(file.meeting(ask.meeting_id).starts_at, file.team.time_zone)
    return f"{when} · {file.agency_of_ask(ask).shown_name}"


@form("name_deputy", "ask", heading="command.deputy.choice", submit="command.deputy.choice")
def deputy_form(words: Words, file: CaseFile, ask: Ask, contacts: list[Contact]) -> Blocks:
    """Name a deputy for a meeting; a coordinator does it in the room.

    The next on call is proposed.
    """
    when = span(words, file.meeting(ask.meeting_id), file.team.time_zone)
    intro, likely = "modal.decline.deputies", proposed_deputy(contacts)
    yield section(words("modal.deputy.intro", who=whom(words, file, ask), when=when))
    yield from colleague_blocks(words, file, contacts, "deputy", "field.deputy", intro=intro, likely=likely)
    yield reason_field(words, "field.decline-reason")
    yield section(words("modal.deputy.then"))
    return ask.id


@form("choose_seat", heading="command.hand-over.choice", submit="modal.next")
def choose_seat(words: Words, found: Sequence[tuple[CaseFile, Seat]]) -> Blocks:
    """Choose a seat, by agency and its holder's title."""
    choices = [(seat.id, _whose(words, file, seat)) for file, seat in found[:100]]
    yield field(words, "seat", "field.seat", inputs.select(choices, choices[0][0]))
    return ""


def _whose(words: Words, file: CaseFile, seat: Seat) -> str:
    agency = file.agency_of(file.part_of(seat))
    asked = words.short_day(file.team.day_of(seat.asked_at))
    titles = (c.title for c in file.contacts_of(agency.id) if c.person_id == seat.person_id)
    title = "" if agency.reached_by_coordinator else next(titles, "")
    return " · ".join(part for part in (agency.shown_name, title, asked) if part)


@form("hand_over", "seat", heading="command.hand-over.choice", submit="modal.save")
def handover_form(words: Words, file: CaseFile, seat: Seat, contacts: list[Contact]) -> Blocks:
    """Hand a seat over for good; a coordinator does it in the room."""
    likely = proposed_deputy(contacts)
    yield section(words("modal.handover.intro", who=whom(words, file, seat)))
    yield from colleague_blocks(words, file, contacts, "colleague", "field.successor", likely=likely)
    yield section(words("modal.handover.then" if seat.confirmed else "modal.handover.then-at-once"))
    return seat.id
