"""How `/tot innsyn` tells what the log has: who did it, and whether what was shown was of a case."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.access import Action
from bot.domain.audit import Event, Logged
from bot.domain.language import Language
from bot.texts.words import words
from handlers.profile.commands import lines

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def told(event: Event, *, actor: str = "me", case_id: str | None = None) -> str:
    entry = Logged(1, AT, event, None, actor, case_id, "me")
    (line,) = lines(words(Language.NB), "me", ZoneInfo("Europe/Oslo"), [entry])[1:-1]
    return line


@pytest.mark.parametrize(
    ("event", "case_id", "said"),
    [
        (Event.SERVED, "case", "fikk se noe fra en sak"),
        (Event.SERVED, None, "fikk se noe utenom sakene"),
        (Event.REFUSED, None, "fikk nei"),
        (Action.ACKNOWLEDGE_SEAT, "case", "taushetsplikt bekreftet"),
    ],
)
def test_what_one_did(event: Event, case_id: str | None, said: str) -> None:
    assert told(event, case_id=case_id) == f"• tirsdag 1. desember 2026 kl. 10:00: du – {said}"


def test_what_was_done_about_one() -> None:
    line = told(Event.REMOVED, actor="bot", case_id="case")
    assert line.endswith(": noe som gjaldt deg, tatt ut av et saksrom")
