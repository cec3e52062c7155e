"""The generated parts of docs/interface.md: commands, ids; what phones show."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

from bot.domain.access import Right
from bot.domain.language import Language
from bot.texts.words import words
from handlers.slack.vocabulary import Audience, Command, Group, rows_of
from handlers.subjects import joined
from tests.docs.data import with_table
from tests.lock_screen import SENTENCES

PAGE = Path(__file__).parents[2] / "docs" / "interface.md"
#: Messages in Slack refer to these ids: one that is removed or renamed shows up here.
IDS = Path(__file__).with_name("ids.txt")
NB = words(Language.NB)
_TIMED = "; text after the word is read as a time"
WHO = {
    Right.ANYONE: "anyone",
    Right.TEAM_COORDINATOR: "coordinator",
    Right.CASE_COORDINATOR: "coordinator",
    Right.SEAT_HOLDER: "seat holder",
    Right.DEPUTY: "deputy",
    Right.CHAIR: "the chair",
    Right.LEADER: "leader",
    Right.LIAISON: "liaison",
    Right.OWN: "the one it concerns",
    Right.OWN_PART: "seat holder",
    Right.LEFT_AT_CLOSING: "whoever left at closing",
}


def tables() -> dict[str, str]:
    """Return each table, and the list of commands, by its heading."""
    return {
        "Commands": "".join(f"- {_names(c)} ({_who(c)}): {_does(c.run)}.\n" for c in joined().commands),
        "What a locked phone shows": "".join(
            f"- {_code(NB(f'lock-screen.{key}', clock='21:20'))}\n" for key in SENTENCES
        ),
    }


def behind_more_choices() -> dict[str, str]:
    """Return the choices behind «Flere valg», in order, and who has them."""
    placed = [(choice.group, choice) for choice in joined().placed]
    in_order = (choice for group in Group for of, choice in placed if of is group)
    return {NB(choice.place.label): _people(*choice.row.rights) for choice in in_order}


def ids() -> set[str]:
    """Return every id that Slack sends back: `action_id confirm`, `callback_id meeting`."""
    return {f"action_id {button.id}" for button in joined().buttons} | {
        f"callback_id {form.id}" for form in joined().forms
    }


def rewritten(page: str) -> str:
    """Return the page with each table up to date."""
    for heading, written in tables().items():
        page = with_table(page, heading, written)
    return page


def _code(id: str) -> str:
    return f"`{id}`"


def _names(command: Command) -> str:
    """The command's word in bokmål, nynorsk and English, each once."""
    return ", ".join(dict.fromkeys(_code(command.names(language)[0]) for language in Language))


def _people(*rights: Right) -> str:
    found = list(dict.fromkeys(WHO[right] for right in Right if right in rights))
    return " or ".join(([", ".join(found[:-1])] if found[1:] else []) + found[-1:])


def _who(command: Command) -> str:
    who = _people(*(right for row in rows_of(command.may) for right in row.rights))
    return who if command.audience in (Audience.ANYONE, Audience.ROOM) else f"{who}, anywhere"


def _does(run: Callable[..., object]) -> str:
    """Return the first sentence of a handler's docstring, without what «Times in words» says of all."""
    said = " ".join((inspect.getdoc(run) or "").split()).removesuffix(".").partition(". ")[0]
    return said.removesuffix(_TIMED)
