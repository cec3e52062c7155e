"""The form that lets a case wait, or go on."""

from __future__ import annotations

from datetime import date

from bot.domain.case_file import CaseFile
from bot.domain.standstill import StandstillReason
from bot.texts import Words
from handlers.blocks.modals.parts import View, choices_of, day, field, modal, radio, says, select, ticks
from handlers.blocks.modals.told import by_agency
from handlers.ids import ViewId

GO_ON = "go_on"


def wait_form(words: Words, file: CaseFile, contact_on: date) -> View:
    """Why, until when, and who makes contact; while the case waits, also that it goes on."""
    parts = by_agency(file, file.current())
    names = [(i.id, file.agency_of(i.id).shown_name) for i in parts]
    standing = file.standstill
    reasons = choices_of(words, "standstill", StandstillReason)
    owner = standing.involvement_id if standing is not None else None
    blocks = [
        says(words("modal.wait.intro")),
        field(
            "reason",
            words("field.wait-reason"),
            radio(reasons, standing.reason if standing is not None else StandstillReason.NOT_NOW),
        ),
        field("contact_on", words("field.contact-on"), day(contact_on)),
        field("owner", words("field.contact-owner"), select(names, owner or names[0][0])),
    ]
    if standing is not None:
        over = ticks([(GO_ON, words("field.go-on.yes"))])
        blocks.append(field("over", words("field.go-on"), over, optional=True))
    return modal(words, ViewId.WAIT, "modal.wait.title", blocks, submit="modal.save", metadata=file.case.id)
