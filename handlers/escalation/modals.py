"""The form in which an agency's leader says who comes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.case.duty import EscalationStep
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact
from bot.texts.words import Words
from handlers.blocks.context import escape
from handlers.blocks.elements import section
from handlers.blocks.modal import CallbackId, View, field, lines, modal, select
from handlers.blocks.people import numbered, span

NAME_ATTENDEE = CallbackId("name_attendee", "step")


def name_attendee_form(words: Words, file: CaseFile, step: EscalationStep, contacts: list[Contact]) -> View:
    """Which of the agency's contacts comes. It tells when, and nothing of the case."""
    duty = file.duty(step.duty_id)
    when = span(words, file.meeting(duty.meeting_id), ZoneInfo(file.team.zone))
    agency = escape(file.agency_of(duty.involvement_id).shown_name)
    names, choices = numbered(words, file, contacts)
    return modal(
        words,
        NAME_ATTENDEE,
        "modal.name-attendee.title",
        [
            section(words("modal.name-attendee.intro", agency=agency, when=when)),
            *lines(*names),
            field("attendee", words("field.attendee"), select(choices)),
        ],
        submit="modal.name-attendee.submit",
        metadata=step.id,
    )
