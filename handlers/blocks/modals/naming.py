"""The form in which an agency's leader says who comes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.case_file import CaseFile
from bot.domain.directory import Contact
from bot.domain.duty import Step
from bot.texts import Words
from handlers.blocks.modals.parts import View, field, lines, modal, says, select
from handlers.blocks.modals.told import numbered, span
from handlers.blocks.scene import escape
from handlers.ids import ViewId


def name_attendee_form(words: Words, file: CaseFile, step: Step, contacts: list[Contact]) -> View:
    """Which of the agency's contacts comes. It tells when, and nothing of the case."""
    duty = file.duty(step.duty_id)
    when = span(words, file.meeting(duty.meeting_id), ZoneInfo(file.team.zone))
    agency = escape(file.agency_of(duty.involvement_id).shown_name)
    names, choices = numbered(words, file, contacts)
    return modal(
        words,
        ViewId.NAME_ATTENDEE,
        "modal.name-attendee.title",
        [
            says(words("modal.name-attendee.intro", agency=agency, when=when)),
            *lines(*names),
            field("attendee", words("field.attendee"), select(choices)),
        ],
        submit="modal.name-attendee.submit",
        metadata=step.id,
    )
