"""What a typed text becomes before it is kept: one line where the field has one, and nothing unseen."""

from __future__ import annotations

import pytest

from bot.domain.errors import Invalid
from bot.usecases.validation import check_text
from tests.bot.cast import T0
from tests.every import every


@every(
    ("typed", "kept"),
    [
        ("Ring\n*Saken er lukket*", "Ring *Saken er lukket*"),
        ("Ring\r\nUDI", "Ring  UDI"),
        ("Ring\u2028UDI\u2029nå", "Ring UDI nå"),
        ("Ring \u202eIDU\u202c", "Ring IDU"),
        ("\u2066Ring\u2069 UDI\u200b", "Ring UDI"),
        ("Ring\x00UDI\x08", "Ring UDI"),
        ("  Ring UDI – på «dagtid» 👍🏽 ", "Ring UDI – på «dagtid» 👍🏽"),
    ],
)
def test_a_field_of_one_line_gives_one_line(typed: str, kept: str) -> None:
    assert check_text("text", typed, T0) == kept


@every(
    ("typed", "kept"),
    [
        ("Ta med:\n\n– lader", "Ta med:\n\n– lader"),
        ("Ta med:\r\nlader\rnøkkel", "Ta med:\nlader\nnøkkel"),
        ("Ta med\u2028 \u202elader\x00\n", "Ta med  lader"),
    ],
)
def test_a_field_of_several_lines_keeps_them_and_nothing_else(typed: str, kept: str) -> None:
    assert check_text("note", typed, T0, several_lines=True) == kept


@every("several_lines", [False, True])
def test_the_guard_looks_at_what_is_kept(several_lines: bool) -> None:
    for typed in ("ring 41 23\n45 67", "ring 41\u200b234567", "ring 41\u202e234567"):
        with pytest.raises(Invalid):
            check_text("text", typed, T0, several_lines=several_lines)
