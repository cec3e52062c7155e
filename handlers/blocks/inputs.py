"""Input elements of forms, within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from bot.texts.words import Words
from bot.usecases.validation import FreeText
from handlers.blocks import elements
from handlers.blocks.context import Block
from handlers.blocks.elements import plain

#: Value and text of an option.
Choice = tuple[str, str]
_MOST_OPTIONS = 100
_FEW = 10


def choices_of(words: Words, area: str, values: Iterable[StrEnum]) -> list[Choice]:
    """Return a fixed list as options, capitalised because the terms are written for sentences."""
    named = ((v.value, words(f"{area}.{v}")) for v in values)
    return [(value, name[:1].upper() + name[1:]) for value, name in named]


def id_of(text: str, fixed: type[StrEnum]) -> str:
    """Return an id that may travel through Slack: a fixed name itself, or a digest of a team's own text."""
    return text if text in list(fixed) else sha256(text.encode()).hexdigest()[:16]


def _choice(kind: str, choices: Sequence[Choice], initial: Iterable[str | None]) -> Block:
    """Return up to a hundred options, or groups of a hundred."""
    first = frozenset(initial)
    options = [elements.option(text, value) for value, text in choices]
    chosen = [option for option in options if option["value"] in first]
    element: Block = {"type": kind}
    if len(options) <= _MOST_OPTIONS:
        element["options"] = options
    else:
        groups = ((at, options[at : at + _MOST_OPTIONS]) for at in range(0, len(options), _MOST_OPTIONS))
        element["option_groups"] = [
            {"label": plain(f"{at + 1}–{at + len(group)}", elements.OPTION_TEXT), "options": group}
            for at, group in groups
        ]
    if chosen:
        several = kind in ("multi_static_select", "checkboxes")
        element |= {"initial_options": chosen} if several else {"initial_option": chosen[0]}
    return element


def select(choices: Sequence[Choice], initial: str | None = None) -> Block:
    return _choice("static_select", choices, (initial,))


def selects(choices: Sequence[Choice], initial: Iterable[str] = ()) -> Block:
    return _choice("multi_static_select", choices, initial)


def radio(choices: Sequence[Choice], initial: str | None = None) -> Block:
    """Return radio buttons: one of a few options, all seen at once; a menu if there are more than ten."""
    return _choice("radio_buttons" if len(choices) <= _FEW else "static_select", choices, (initial,))


def ticks(choices: Sequence[Choice], initial: Iterable[str] = ()) -> Block:
    """Return checkboxes: some of a few options, all seen at once; a menu if there are more than ten."""
    return _choice("checkboxes" if len(choices) <= _FEW else "multi_static_select", choices, initial)


def number(initial: int, least: int, most: int) -> Block:
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "initial_value": str(initial),
        "min_value": str(least),
        "max_value": str(most),
    }


def moment(initial: datetime | None = None) -> Block:
    element: Block = {"type": "datetimepicker"}
    return element | {"initial_date_time": int(initial.timestamp())} if initial else element


def day(initial: date | None = None) -> Block:
    element: Block = {"type": "datepicker"}
    return element | {"initial_date": initial.isoformat()} if initial else element


def mail() -> Block:
    return {"type": "email_text_input"}


def writing(text: FreeText, initial: str = "") -> Block:
    """Return the input of a text that the guard checks."""
    return line(initial, text.longest) | {"multiline": text.several_lines}


def line(initial: str, longest: int) -> Block:
    """Return the input of a number or a link, whose format is checked."""
    element: Block = {"type": "plain_text_input", "multiline": False, "max_length": longest}
    return element | {"initial_value": initial[:longest]} if initial else element


def someone(initial: str | None = None) -> Block:
    """Return the input of a person in the workspace, by Slack id."""
    first = {"initial_user": initial} if initial else {}
    return {"type": "users_select", **first}
