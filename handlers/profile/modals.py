"""The form of one's language."""

from __future__ import annotations

from bot.domain.language import Language
from bot.texts.words import Words
from handlers.blocks.elements import section
from handlers.blocks.modal import CallbackId, View, choices_of, field, modal, radio

LANGUAGE = CallbackId("language")


def language_form(words: Words) -> View:
    """The language in which the bot speaks with this person."""
    return modal(
        words,
        LANGUAGE,
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
