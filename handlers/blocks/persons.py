"""The persons of a case, as the card and the room show them: letters, and nothing else."""

from __future__ import annotations

from bot.domain.persons import folded
from bot.texts import Words
from handlers.blocks.elements import lines, section
from handlers.blocks.scene import Message, Scene


def listed(words: Words, letters: str) -> str:
    """«A, B og D», «A–G»."""
    return words.several(folded(letters))


def persons_line(scene: Scene) -> str:
    """Whom the case is about, and for whom it is over since when."""
    words, file = scene.words, scene.file
    still = file.open_letters
    closed = [
        words(
            "persons.closed-on",
            person=c.letter,
            day=words.day(c.closed_at.astimezone(scene.zone).date()),
        )
        for c in sorted(file.closed_persons, key=lambda c: c.letter)
    ]
    return lines(
        words.count("card.persons", len(still), persons=listed(words, still)),
        words("persons.closed", persons=words.several(closed)) if closed else None,
    )


def persons_changed(scene: Scene) -> Message | None:
    """To the room: for whom the case is over, or about whom it is now too. Subject: the case.

    The mark is «closed.B» or «added.CD».
    """
    file, words = scene.file, scene.words
    if scene.intent.subject != file.case.id or scene.recipient is not None or not file.open:
        return None
    what, _, letters = scene.intent.mark.partition(".")
    if not letters or not set(letters) <= set(file.case.letters):
        return None
    shown = listed(words, letters)
    if what == "added":
        return Message(
            words("persons.changed-short"),
            [section(words.count("persons.room-added", len(letters), persons=shown))],
        )
    return Message(words("persons.changed-short"), [section(words("persons.room-closed", person=shown))])
