"""The words after `/tot`, in three languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.access import Action
from bot.domain.language import Language
from bot.texts.words import Words, words
from handlers.blocks.context import Block, RenderContext
from handlers.blocks.elements import ActionId, button

#: Longer than any word; the rest of an endless text is ignored.
_LONGEST = 40
#: Rows of the access table.
Rows = Action | tuple[Action, ...]


def rows_of(may: Rows) -> tuple[Action, ...]:
    return may if isinstance(may, tuple) else (may,)


class Audience(StrEnum):
    """The people a word is for, and the place where it is typed."""

    ROOM = "room"  # people whom the access table allows, in the room of the case
    COORDINATOR = "coordinator"  # a coordinator, anywhere
    CONTACT = "contact"  # a contact of an agency, or a coordinator, anywhere
    ANYONE = "anyone"


class Group(StrEnum):
    """The groups behind «Flere valg», in their order: each is the key of its heading."""

    MEETING = "choices.meeting"
    AGENCIES = "choices.agencies"
    WORK = "choices.work"
    CASE = "choices.case"


def of_case(ctx: RenderContext) -> str:
    return ctx.file.case.id


@dataclass(frozen=True, slots=True)
class Place:
    """A button's place behind «Flere valg», in the subject's group: the label's key, and the button's value.

    If `value` returns None, there is no button: the reader has no use for it now.
    """

    label: str
    value: Callable[[RenderContext], str | None] = of_case
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A button behind «Flere valg», shown to people whom `row` of the access table allows."""

    group: Group
    id: ActionId
    row: Action
    place: Place


@dataclass(frozen=True, slots=True)
class Word:
    """A word after `/tot`. `key` names its words in the texts.

    The words of subjects of cases are shown behind «Flere valg», unless they are for `closed` cases; a higher
    `late` puts a word after those of other subjects.
    """

    key: str
    audience: Audience
    closed: bool = field(default=False, kw_only=True)
    late: int = field(default=0, kw_only=True)

    @property
    def choice(self) -> ActionId:
        """The button that does the same as typing the word; its value is the channel."""
        return ActionId(choice_of(self.key), "channel, and for `gather` a time")

    @property
    def label(self) -> str:
        """The key of the button's label."""
        return f"command.{self.key}.choice"

    def names(self, language: Language) -> list[str]:
        """Return its names in a language; the first one is shown."""
        return words(language)(f"command.{self.key}.names").split()

    def shown(self, words: Words) -> str:
        return self.names(words.language)[0]


@dataclass(frozen=True, slots=True)
class CommandWord(Word):
    """A word with the rows of the access table that allow it, but without its handler.

    In a room it is offered to people whom the first row allows.
    """

    may: Rows


def choice_of(key: str) -> str:
    """Return the id of a word's button, by the word's key."""
    return f"command_{key}"


def of_room(ctx: RenderContext) -> str:
    return ctx.file.room.channel_id or ""


def choose(words: Words, command: Word, channel: str) -> Block:
    return button(words(command.label), command.choice, channel)


def normal(text: str) -> str:
    """Return a word without case, diacritics and punctuation: «Møte!» and «mote» are the same."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    text = text.replace("ø", "o").replace("æ", "ae").replace("å", "a")
    bare = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^a-z0-9]", "", bare)


def split(text: str) -> tuple[str, str]:
    """Return the first word of a command's text, and the rest."""
    word, _, rest = text.strip().partition(" ")
    return word, rest.strip()


def named(text: str, names: Mapping[str, str]) -> str | None:
    """Return the id whose name is or begins with the text; None unless it is exactly one."""
    wanted = normal(text)
    exact = [id for id, name in names.items() if normal(name) == wanted]
    begins = exact or [id for id, name in names.items() if wanted and normal(name).startswith(wanted)]
    return begins[0] if len(begins) == 1 else None
