"""The parts of docs/interface.md that derive: commands, buttons, forms; what phones and mail servers see."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.domain.access import Right
from bot.domain.language import Language
from bot.texts.words import words
from handlers.blocks.modal import NOTICE
from handlers.slack.declarations import Command
from handlers.slack.vocabulary import Audience, Group, Rows, rows_of
from handlers.subjects import joined
from tests.docs.data import table, with_table
from tests.lock_screen import by_header, by_sentence

PAGE = Path(__file__).parents[2] / "docs" / "interface.md"
NB = words(Language.NB)
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
    """Return each table by the heading that it stands under."""
    return {
        "Commands": _table(
            ("bokmål", "nynorsk", "English", "who, where", "does"),
            ((*_names(c), _who(c), _does(c.run)) for c in joined().commands),
        ),
        "Shortcuts": _table(
            ("callback_id", "access", "does"),
            ((_code(s.id), _rows(s.may), _does(s.run)) for s in joined().shortcuts),
        ),
        "action_id": _table(
            ("action_id", "value", "access", "does"),
            (
                *((_code(b.id), b.id.value, _rows(b.may), _does(b.run)) for b in joined().buttons),
                (
                    "`command_` and the key of a word",
                    joined().choices[0].id.value,
                    "the word's",
                    "The same as the word",
                ),
            ),
        ),
        "callback_id": _table(
            ("callback_id", "heading in bokmål", "private_metadata", "access"),
            (
                *((_code(f.id), NB(f.id.heading), f.id.metadata, _rows(f.may)) for f in joined().forms),
                (_code(NOTICE), NB(NOTICE.heading), NOTICE.metadata, ""),
            ),
        ),
        "Behind «Flere valg»": _table(
            ("bokmål", "who"),
            (
                (_code(NB(choice.place.label)), _people(*choice.row.rights))
                for group in Group
                for choice in joined().placed
                if choice.group is group
            ),
        ),
        "What a locked phone shows": _table(("bokmål", "nynorsk", "English", "kinds"), by_sentence()),
        "What a mail server sees": _table(("header", "such as"), by_header()),
    }


def rewritten(page: str) -> str:
    """Return the page with each table as it should be."""
    for heading, written in tables().items():
        page = with_table(page, heading, written)
    return page


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return table(head, ([cell.replace("|", r"\|") for cell in row] for row in rows))


def _code(id: str) -> str:
    return f"`{id}`"


def _names(command: Command) -> Iterable[str]:
    return (_code(command.names(language)[0]) for language in Language)


def _people(*rights: Right) -> str:
    found = list(dict.fromkeys(WHO[right] for right in Right if right in rights))
    return " or ".join(([", ".join(found[:-1])] if found[1:] else []) + found[-1:])


def _who(command: Command) -> str:
    who = _people(*(right for row in rows_of(command.may) for right in row.rights))
    if command.audience is Audience.ANYONE:
        return who
    return f"{who}, {'in the room' if command.audience is Audience.ROOM else 'anywhere'}"


def _rows(may: Rows) -> str:
    return ", ".join(_code(row) for row in rows_of(may))


def _does(run: Callable[..., object]) -> str:
    """Return the docstring of a handler, in one line."""
    return " ".join((inspect.getdoc(run) or "").split()).removesuffix(".")
