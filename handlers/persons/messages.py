"""The persons of a case, as the card and the room show them: letters, and nothing else."""

from __future__ import annotations

from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import section
from handlers.blocks.formatting import listed


def persons_changed(ctx: RenderContext) -> Message | None:
    """To the room: for whom the case is over, or about whom it is now too. Subject: the case.

    The mark is «closed.B» or «added.CD».
    """
    file, words = ctx.file, ctx.words
    if ctx.intent.subject != file.case.id or ctx.recipient is not None or not file.open:
        return None
    what, _, letters = ctx.intent.mark.partition(".")
    if not letters or not set(letters) <= set(file.case.letters):
        return None
    shown = listed(words, letters)
    if what == "added":
        return Message(
            words("persons.changed-short"),
            [section(words.count("persons.room-added", len(letters), persons=shown))],
        )
    return Message(words("persons.changed-short"), [section(words("persons.room-closed", person=shown))])
