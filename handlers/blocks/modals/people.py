"""Forms about coordinators, and a person's own language."""

from __future__ import annotations

from bot.domain.directory import Language, Person, Team
from bot.texts import Words
from handlers.blocks.modals.parts import View, choices_of, field, lines, modal, radio, says, someone
from handlers.blocks.modals.told import mention
from handlers.blocks.scene import escape
from handlers.ids import ViewId


def coordinators_form(words: Words, team: Team, coordinators: list[Person]) -> View:
    """Who coordinates a team; appoint and relieve."""
    return modal(
        words,
        ViewId.APPOINT,
        "modal.coordinators.title",
        [
            *lines(
                words("modal.coordinators.now", team=escape(team.name)),
                *(f"• {mention(words, p)}" for p in coordinators),
            ),
            field(
                "appoint",
                words("field.appoint"),
                someone(),
                hint=words("field.appoint.hint"),
                optional=True,
            ),
            field(
                "relieve",
                words("field.relieve"),
                someone(),
                hint=words("field.relieve.hint"),
                optional=True,
            ),
        ],
        submit="modal.save",
        metadata=team.id,
    )


def language_form(words: Words) -> View:
    """The language in which the bot speaks with this person."""
    return modal(
        words,
        ViewId.LANGUAGE,
        "modal.language.title",
        [
            says(words("modal.language.intro")),
            field(
                "language",
                words("field.language"),
                radio(choices_of(words, "language", Language), words.language),
            ),
        ],
        submit="modal.save",
    )
