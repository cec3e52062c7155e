"""Every word for people, in bokmål, nynorsk and English.

The words stand in gettext catalogues beside this file, one folder a language and one file a subject, and
are read at start without a build step. A msgid is a key («summons.title»), never a sentence, so that
all of a language can be read in one place. Dates and plurals are Babel's.
"""

from __future__ import annotations

from bot.texts.words import MissingWords, Words, catalogue_keys, words

__all__ = ["MissingWords", "Words", "catalogue_keys", "words"]
