"""Every word for people, in bokmål, nynorsk and English.

The words are in gettext catalogues next to this file, one folder per language and one file per subject. They
are read at start, without a build step. A msgid is a key («summons.title»), never a sentence, so that all
words of a language can be read in one place. Babel formats dates and plurals.
"""

from __future__ import annotations

from bot.texts.words import MissingWords, Words, catalogue_keys, words

__all__ = ["MissingWords", "Words", "catalogue_keys", "words"]
