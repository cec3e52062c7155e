"""The form of one's language."""

from __future__ import annotations

from bot.domain.language import Language
from bot.texts.words import Words
from handlers.blocks.elements import section
from handlers.blocks.modal import View, choices_of, field, modal, radio
from handlers.slack.ids import ViewId


def language_form(words: Words) -> View:
    """The language in which the bot speaks with this person."""
    return modal(
        words,
        ViewId.LANGUAGE,
        "modal.language.title",
        [
            section(words("modal.language.intro")),
            field(
                "language",
                words("field.language"),
                radio(choices_of(words, "language", Language), words.language),
            ),
        ],
        submit="modal.save",
    )
