"""`/tot språk`: the language in which the bot speaks with this person."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.directory import Language
from bot.texts import words
from bot.usecases.keep_profile import SetLanguage, set_language
from handlers.blocks.modals.people import language_form
from handlers.commands.vocabulary import normal
from handlers.encounters import Typed

_NAMES: Mapping[str, Language] = {
    normal(name): language
    for language, names in {
        Language.NB: "nb bokmål norsk norwegian no",
        Language.NN: "nn nynorsk",
        Language.EN: "en engelsk english",
    }.items()
    for name in names.split()
}


async def run(typed: Typed) -> None:
    """Set the language that was named, else open the form."""
    language = _NAMES.get(normal(typed.rest))
    if language is None:
        await typed.open(language_form(typed.words))
        return
    await typed.act(set_language, SetLanguage(language))
    await typed.answer(words(language)("command.language-set"))
