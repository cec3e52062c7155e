"""What is said when a placement is entered and when it has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.case.dates import Afterwards, Placement
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.domain.notification_params import PlacementChange
from bot.domain.notifications import Kind
from bot.texts.words import words
from bot.usecases.dates import PlacementReview, StartPlacement
from handlers.blocks.context import Message
from handlers.dates.messages import placement_end, placement_told
from handlers.dates.modals import placement_review
from tests.handlers.cases import NOW, amend, base, ctx
from tests.handlers.reading import body

PLACED = Placement("placement", "case", "A", date(2026, 12, 1), date(2027, 5, 24), NOW, "lead")
ENDED = replace(PLACED, afterwards=Afterwards.NEW_MEASURE, ended_at=NOW, ended_by="lead")


def told(placement: Placement, how: str, reader: str | None = None, *amended: str) -> Message | None:
    file: CaseFile = replace(base(), placements=(placement,))
    for seat in amended:
        file = amend(file, seat, acknowledged_at=NOW)
    return placement_told(
        ctx(file, Kind.PLACEMENT_TOLD, "placement", reader, params=PlacementChange(how == "ended"))
    )


def test_the_room_hears_that_it_is_entered_and_has_ended() -> None:
    begun = ["*Plassering av A:* tirsdag 1. desember til mandag 24. mai"]
    assert body(told(PLACED, "begun")) == begun
    assert told(PLACED, "ended") is None
    assert body(told(ENDED, "ended")) == [
        "*Plasseringen av A er avsluttet.* Det som kommer etterpå, er avklart."
    ]
    assert body(told(ENDED, "begun")) == begun, "what was said stays"


def test_a_coordinator_is_told_whom_the_room_does_not_reach_and_names_nobody_who_has_not_confirmed() -> None:
    assert told(PLACED, "begun", "lead") is None
    assert body(told(PLACED, "begun", "lead", "seat-counsel")) == [
        "*Plasseringen av A i sak k7f3 er ført inn.* Disse leser ikke saksrommet, og må få vite det av deg: "
        "Bistandsadvokaten."
    ]
    assert body(told(ENDED, "ended", "lead", "seat-counsel")) == [
        "*Plasseringen av A i sak k7f3 er avsluttet.* Disse leser ikke saksrommet, og må få vite det av deg: "
        "Bistandsadvokaten."
    ]
    other = replace(ENDED, person="C")
    assert told(other, "ended", "lead", "seat-police") is None, "the police read the room"
    for reader in ("police", "second", "stranger"):
        assert told(ENDED, "ended", reader, "seat-counsel") is None


def test_what_is_over_lasted() -> None:
    file = replace(base(), placements=(PLACED,))
    at = NOW + (PLACED.ends_on - NOW.date()) + timedelta(days=2)
    made = placement_end(ctx(file, Kind.PLACEMENT_END, "placement", "lead", now=at))
    assert body(made)[0].startswith(
        "*Plasseringen av A i sak k7f3 varte til mandag 24. mai:* det er 2 dager siden."
    )


def test_no_planning_meeting_is_proposed_for_a_holiday() -> None:
    command = StartPlacement("case", "A", PLACED.starts_on, PLACED.ends_on)
    view = placement_review(words(Language.NB).read_at(NOW), "", PlacementReview(base(), command, (), None))
    said = "\n".join(b["text"]["text"] for b in view["blocks"] if b["type"] == "section")
    assert "29. mars" not in said, "Easter Monday"
    assert "• onsdag 24. mars" in said
