"""The persons of a case, as the card and the room show them: letters, and nothing else."""

from __future__ import annotations

from bot.domain.notification_params import PersonsChange
from bot.domain.notifications import Kind
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import section
from handlers.blocks.formatting import listed
from handlers.delivery.declarations import CaseMessage


def persons_changed(ctx: RenderContext) -> Message | None:
    """To the room: for whom the case is over, or about whom it is now too. Subject: the case."""
    file, words = ctx.file, ctx.words
    if ctx.notification.subject != file.case.id or ctx.recipient is not None or not file.open:
        return None
    change = ctx.notification.params_as(PersonsChange)
    letters = change.letters
    if not set(letters) <= set(file.case.letters):
        return None
    shown = listed(words, letters)
    if not change.closed:
        return Message(
            words("persons.changed-short"),
            [section(words.count("persons.room-added", len(letters), persons=shown))],
        )
    return Message(words("persons.changed-short"), [section(words("persons.room-closed", person=shown))])


NOTIFICATIONS = (CaseMessage(Kind.PERSONS_CHANGED, persons_changed),)
