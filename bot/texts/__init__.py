"""Every word for people, in bokmål, nynorsk and English.

The words are in gettext catalogues next to this file, one folder per language and one file per subject. They
are read at start, without a build step. A msgid is a key («summons.title»), never a sentence, so that all
words of a language can be read in one place. Babel formats dates and plurals.
"""
