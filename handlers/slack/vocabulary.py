"""The words that can follow `/tot`, in three languages, and finding the one that was meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from bot.domain.access import Action
from bot.domain.language import Language
from bot.texts.words import Words, words
from handlers.blocks.context import Block, RenderContext
from handlers.blocks.elements import ActionId, button

#: Longer than any word; what follows in an endless text is not looked at.
_LONGEST = 40
_NEAR, _VERY_NEAR = 0.6, 0.8
_SHORT = 4
#: Rows of the access table.
Rows = Action | tuple[Action, ...]


def rows_of(may: Rows) -> tuple[Action, ...]:
    return may if isinstance(may, tuple) else (may,)


class Audience(StrEnum):
    """For whom a word is, and where it is typed."""

    ROOM = "room"  # whoever the access table lets do it, in the room of the case
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
    """A place behind «Flere valg», in the group of the subject: the key of the label, and the button's value.

    There is no value, and no button, where it is of no use to the reader now.
    """

    label: str
    value: Callable[[RenderContext], str | None] = of_case
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A button behind «Flere valg», for whom the row of the access table allows it."""

    group: Group
    id: ActionId
    row: Action
    place: Place


@dataclass(frozen=True, slots=True)
class Word:
    """A word after `/tot`. `key` names its words in the texts.

    With `more` it does more, and has other help. What `ends` something is offered for no word that is short
    or only somewhat like it. Behind «Flere valg» stand the words of a subject of cases, unless they are for
    `closed` ones; some stand as `late` as behind those of other subjects.
    """

    key: str
    audience: Audience
    more: Action | None = field(default=None, kw_only=True)
    ends: bool = field(default=False, kw_only=True)
    closed: bool = field(default=False, kw_only=True)
    late: int = field(default=0, kw_only=True)

    @property
    def names_key(self) -> str:
        """The key of its names, parted by spaces; the first of a language's is the one shown."""
        return f"command.{self.key}.names"

    def help_key(self, *, more: bool = False) -> str:
        """The key of what help says of it."""
        return f"command.{self.key}-more" if more else f"command.{self.key}"

    @property
    def choice(self) -> ActionId:
        """The button that does the same as typing the word; its value is where."""
        return ActionId(choice_of(self.key), "channel, and for `gather` a time")

    @property
    def label(self) -> str:
        """The key of what stands on it."""
        return f"command.{self.key}.choice"

    def names(self, language: Language) -> list[str]:
        return words(language)(self.names_key).split()

    def shown(self, words: Words) -> str:
        return words(self.names_key).split()[0]


@dataclass(frozen=True, slots=True)
class CommandWord(Word):
    """A command word, without what it runs, and the rows of the access table by which it is allowed.

    In a room it is offered to whom the first allows.
    """

    may: Rows


def choice_of(key: str) -> str:
    """The id of the button of a word, by the word's key."""
    return f"command_{key}"


def of_room(ctx: RenderContext) -> str:
    return ctx.file.room.channel_id or ""


def choose(words: Words, command: CommandWord, channel: str) -> Block:
    """The button of a command."""
    return button(words(command.label), command.choice, channel)


W = TypeVar("W", bound=CommandWord)


def normal(text: str) -> str:
    """A word without case, diacritics and punctuation: «Møte!» and «mote» are the same."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    text = text.replace("ø", "o").replace("æ", "ae").replace("å", "a")
    bare = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^a-z0-9]", "", bare)


class Vocabulary(Generic[W]):
    """Finding a command by what was typed."""

    def __init__(self, commands: Sequence[W]) -> None:
        self._by_name: Mapping[str, W] = {
            normal(name): command
            for command in commands
            for language in Language
            for name in command.names(language)
        }

    def find(self, text: str) -> W | None:
        return self._by_name.get(normal(text))

    def nearest(self, text: str) -> list[W]:
        """Up to three words that look like what was typed, the nearest first."""
        typed = normal(text)
        close = [
            name
            for name in difflib.get_close_matches(typed, self._by_name, n=5, cutoff=_NEAR)
            if not self._by_name[name].ends or _mistyped(typed, name)
        ]
        return list({self._by_name[name].key: self._by_name[name] for name in close}.values())[:3]


def _mistyped(typed: str, name: str) -> bool:
    """Return whether one is hardly anything but the other: «ring» is not «frigi»."""
    return len(typed) >= _SHORT and difflib.SequenceMatcher(None, name, typed).ratio() >= _VERY_NEAR


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
