"""The select in Home by which a person chooses their language."""

from __future__ import annotations

from bot.domain.language import Language
from bot.texts.words import Words
from handlers.blocks.context import Block
from handlers.blocks.elements import ActionId, section, select

LANGUAGE = ActionId("language", "`nb`, `nn`, `en`")


def language_select(words: Words) -> Block:
    """Return the select, at the language that is spoken now."""
    names = ((words(f"language.{language}"), language.value) for language in Language)
    options = [(name[:1].upper() + name[1:], value) for name, value in names]
    return section(words("home.language"), accessory=select(LANGUAGE, options, words.language.value))
