"""The words after `/tot`, in three languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.access import Action, Right
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
class Command:
    """A word after `/tot`. `key` names its words in the texts.

    In a room it is offered to people whom the first row of `may` allows. The docstring of the handler says
    what it does, and is printed in docs/interface.md. The words of subjects of cases are shown behind «Flere
    valg».
    """

    key: str
    may: Rows
    run: Callable[[Any], Awaitable[None]]

    @property
    def audience(self) -> Audience:
        rights = {right for row in rows_of(self.may) for right in row.rights}
        if Right.ANYONE in rights:
            return Audience.ANYONE
        if Right.LEADER in rights:
            return Audience.CONTACT
        return Audience.COORDINATOR if rights == {Right.TEAM_COORDINATOR} else Audience.ROOM

    def names(self, language: Language) -> list[str]:
        """Return its names in a language; the first one is shown."""
        return words(language)(f"command.{self.key}.names").split()

    def shown(self, words: Words) -> str:
        return self.names(words.language)[0]


def choice_of(key: str) -> ActionId:
    """Return the button that does the same as typing a word; its value is the channel."""
    return ActionId(f"command_{key}", "channel, and for `gather` a time")


def label_of(key: str) -> str:
    """Return the key of the label of a word's button."""
    return f"command.{key}.choice"


def of_room(ctx: RenderContext) -> str:
    return ctx.file.room.channel_id or ""


def choose(words: Words, key: str, channel: str, *, primary: bool = False) -> Block:
    """Return a word's button."""
    return button(words(label_of(key)), choice_of(key), channel, primary=primary)


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
