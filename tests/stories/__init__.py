"""Stories at the Slack edge: what people do and see; README.md says how to write one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import pytest

T = TypeVar("T", bound=Callable[..., object])


@dataclass(frozen=True)
class Beginning:
    """The beginning of a story; it is played once per run, and copied."""

    agencies: tuple[str, ...] = ()
    when: str = "i overmorgen kl 10"
    confirmed: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()
    at: str = ""


def changed(*words: tuple[str, str]) -> Callable[[str], str]:
    """Return how to change the text of a partners file: these words, which must be there, for those."""

    def change(text: str) -> str:
        for old, new in words:
            assert old in text, old
            text = text.replace(old, new)
        return text

    return change


def story(
    *agencies: str,
    when: str = "i overmorgen kl 10",
    confirmed: tuple[str, ...] = (),
    answered: tuple[str, ...] = (),
    fields: dict[str, Any] | None = None,
    at: str = "",
    mail: bool = False,
    database: Literal["sqlite", "postgres"] = "sqlite",
    partners: Callable[[str], str] | None = None,
) -> Callable[[T], T]:
    """Mark a story: it begins on Tuesday 1 December 2026, 9 o'clock in Oslo, with everything due delivered.

    With `agencies` a case is open for which these have been asked, to a meeting `when` at «Møterom Nord»;
    `fields` are the form's other fields, by label. `confirmed` have confirmed taushetsplikt, in this order,
    `answered` have then said that they come; then it has become `at` o'clock, if given. With `mail` everybody
    has a mailbox and a calendar. `partners` changes the text of the example's partners file.
    """
    begins = Beginning(agencies, when, confirmed, answered, tuple((fields or {}).items()), at)
    return pytest.mark.story(begins=begins, mail=mail, database=database, partners=partners)
