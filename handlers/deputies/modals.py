"""Forms that name a deputy, refuse one, and hand a seat over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.case.entities import Ask, DeclineReason, Seat
from bot.domain.case.file import CaseFile
from bot.domain.deputies import possible_deputies, proposed_deputy
from bot.domain.directory.entities import Contact
from bot.texts.words import Words
from handlers.blocks import inputs
from handlers.blocks.elements import section
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form, line_blocks
from handlers.blocks.people import colleagues, span
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
def deputy_form(words: Words, file: CaseFile, ask: Ask, *, now: datetime) -> Blocks:
    """Name a deputy for a meeting; a coordinator does it in the room.

    The next on call is proposed.
    """
    deputies = possible_deputies(file, ask, now)
    names, choices = colleagues(words, file, deputies)
    when = span(words, file.meeting(ask.meeting_id), file.team.time_zone)
    who = whom(words, file, file.part_of(ask), ask.person_id)
    proposed = proposed_deputy(deputies)
    reasons = inputs.select(choices_of(words, "decline", DeclineReason))
    yield section(words("modal.deputy.intro", who=who, when=when))
    yield from line_blocks(words("modal.decline.deputies"), *names) if names else []
    yield field(words, "deputy", "field.deputy", inputs.select(choices, proposed.id if proposed else None))
    yield field(words, "reason", "field.decline-reason", reasons, hint=True, optional=True)
    yield section(words("modal.deputy.then"))
    return ask.id


@form("choose_seat", heading="command.hand-over.choice", submit="modal.next")
def choose_seat(words: Words, found: Sequence[tuple[CaseFile, Seat]]) -> Blocks:
    """Choose a seat, by agency and its holder's title."""
    choices = [(seat.id, _whose(words, file, seat)) for file, seat in found[:100]]
    yield field(words, "seat", "field.seat", inputs.select(choices, choices[0][0]))
    return ""


def _whose(words: Words, file: CaseFile, seat: Seat) -> str:
    agency = file.agency_of(seat.involvement_id or "")
    asked = words.short_day(file.team.day_of(seat.asked_at))
    titles = (c.title for c in file.contacts_of(agency.id) if c.person_id == seat.person_id)
    title = "" if agency.reached_by_coordinator else next(titles, "")
    return " · ".join(part for part in (agency.shown_name, title, asked) if part)


@form("hand_over", "seat", heading="command.hand-over.choice", submit="modal.save")
def handover_form(words: Words, file: CaseFile, seat: Seat, contacts: list[Contact]) -> Blocks:
    """Hand a seat over for good; a coordinator does it in the room."""
    names, choices = colleagues(words, file, contacts)
    who = whom(words, file, seat.involvement_id or "", seat.person_id)
    proposed = proposed_deputy(contacts)
    successors = inputs.select(choices, proposed.id if proposed else None)
    yield section(words("modal.handover.intro", who=who))
    yield from line_blocks(*names)
    yield field(words, "colleague", "field.successor", successors)
    yield section(words("modal.handover.then" if seat.confirmed else "modal.handover.then-at-once"))
    return seat.id
