"""The words that can follow `/tot`, in three languages, and finding the one that was meant.

Data only: which function a word runs is in `handlers.slack.commands`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.access import Action
from bot.domain.language import Language
from bot.texts.words import Words

#: Longer than any word; what follows in an endless text is not looked at.
_LONGEST = 40
_NEAR = 0.6


class Audience(StrEnum):
    """For whom a word is, and where it is typed."""

    ROOM = "room"  # whoever the access table lets do it, in the room of the case
    COORDINATOR = "coordinator"  # a coordinator, anywhere
    CONTACT = "contact"  # a contact of an agency, or a coordinator, anywhere
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class CommandWord:
    """A command word. `key` names its help; the first of each language's names is the one shown.

    `needs` is the row of the access table by which one typed in a room is let in; with `more` it does more,
    and has other help (the key with «-more»).
    """

    key: str
    whose: Audience
    names: Mapping[Language, tuple[str, ...]]
    needs: Action | None = None
    more: Action | None = None

    def shown(self, words: Words) -> str:
        """The word as it is shown in a language."""
        return self.names[words.language][0]


def _word(key: str, whose: Audience, nb: str, nn: str, en: str) -> CommandWord:
    names = {Language.NB: nb, Language.NN: nn, Language.EN: en}
    return CommandWord(key, whose, {language: tuple(text.split()) for language, text in names.items()})


def _in_room(key: str, needs: Action, nb: str, nn: str, en: str, more: Action | None = None) -> CommandWord:
    return replace(_word(key, Audience.ROOM, nb, nn, en), needs=needs, more=more)


VOCABULARY: tuple[CommandWord, ...] = (
    _word("case", Audience.COORDINATOR, "sak opprett åpne", "sak opprett opne", "case open"),
    _in_room("invite", Action.INVITE_AGENCY, "inviter kallinn", "inviter kallinn", "invite involve"),
    _in_room("release", Action.RELEASE_AGENCY, "ut frigi", "ut frigje", "release"),
    _in_room("meeting", Action.CALL_MEETING, "møte", "møte", "meeting meet"),
    _in_room("move", Action.MOVE_MEETING, "flytt", "flytt", "move"),
    _in_room("cancel", Action.CANCEL_MEETING, "avlys", "avlys", "cancel"),
    _in_room(
        *("attendance", Action.REGISTER_ATTENDANCE),
        *("oppmøte oppmøteliste", "frammøte frammøteliste oppmøte", "attendance"),
    ),
    _in_room("actions", Action.SEE_ACTIONS, "tiltak", "tiltak", "action actions", Action.KEEP_NEEDS),
    _in_room(
        *("deadline", Action.SEE_ACTIONS, "frist frister", "frist fristar", "deadline deadlines"),
        more=Action.KEEP_PLACEMENT,
    ),
    _in_room("phase", Action.CHANGE_PHASE, "fase", "fase", "phase"),
    _in_room("person", Action.ADD_PERSONS, "person personer", "person personar", "person persons"),
    _in_room("link", Action.LINK_CASES, "koble kople", "kople koble", "link"),
    _in_room("wait", Action.WAIT, "vent venter", "vent ventar", "wait"),
    _in_room("close", Action.CLOSE_CASE, "lukk avslutt", "lukk avslutt", "close"),
    _word(
        "coordinator",
        Audience.COORDINATOR,
        "koordinator koordinatorer",
        "koordinator koordinatorar",
        "coordinator coordinators",
    ),
    _word("joint", Audience.COORDINATOR, "fellesmøte fellesmøter", "fellesmøte", "joint"),
    _word(
        "guidance", Audience.ANYONE, "veiledning veiled", "rettleiing rettlei veiledning", "guidance advice"
    ),
    _word("convene", Audience.ANYONE, "kalle", "kalle", "convene"),
    _word("roster", Audience.ANYONE, "hvem", "kven hvem", "who"),
    _word("report", Audience.COORDINATOR, "rapport", "rapport", "report"),
    _word("agency", Audience.CONTACT, "etat etater", "etat etatar", "agency agencies"),
    _word("deputy", Audience.CONTACT, "vara stedfortreder", "vara stadfortredar", "deputy"),
    _word("hand-over", Audience.CONTACT, "overlever overlevering", "overlever overlevering", "handover"),
    _word("access", Audience.ANYONE, "innsyn", "innsyn", "access"),
    _word("language", Audience.ANYONE, "språk", "språk", "language"),
    _word("help", Audience.ANYONE, "hjelp", "hjelp", "help"),
)


def normal(text: str) -> str:
    """A word without case, diacritics and punctuation: «Møte!» and «mote» are the same."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    text = text.replace("ø", "o").replace("æ", "ae").replace("å", "a")
    bare = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^a-z0-9]", "", bare)


_BY_NAME: Mapping[str, CommandWord] = {
    normal(name): word for word in VOCABULARY for names in word.names.values() for name in names
}


def find(text: str) -> CommandWord | None:
    """The word that was typed."""
    return _BY_NAME.get(normal(text))


def nearest(text: str) -> list[CommandWord]:
    """Up to three words that look like what was typed, the nearest first."""
    close = difflib.get_close_matches(normal(text), _BY_NAME, n=5, cutoff=_NEAR)
    return list({_BY_NAME[name].key: _BY_NAME[name] for name in close}.values())[:3]


def split(text: str) -> tuple[str, str]:
    """The first word of a command's text, and the rest."""
    word, _, rest = text.strip().partition(" ")
    return word, rest.strip()


def named(text: str, names: Mapping[str, str]) -> str | None:
    """The id whose name begins with the text, if it is only one."""
    wanted = normal(text)
    exact = [id for id, name in names.items() if normal(name) == wanted]
    begins = exact or [id for id, name in names.items() if wanted and normal(name).startswith(wanted)]
    return begins[0] if len(begins) == 1 else None
