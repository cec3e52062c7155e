"""«Journalført hos oss» as people see it: their own, the coordinators' list, and nothing in the room."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.access import Action
from bot.domain.answers import standing_of
from bot.domain.case.entities import SeatEnd
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.domain.notifications import Kind
from handlers import on_record
from handlers.blocks.context import Message
from handlers.lifecycle import unrecorded
from handlers.overview.agencies import in_full, in_short
from handlers.overview.card import card
from handlers.overview.choices import more_choices_view
from handlers.subjects import joined
from sandbox.block_kit.checks import check_message
from tests.handlers.cases import NOW, amend, base, ctx, render
from tests.handlers.forms import NB, built
from tests.handlers.overview.test_home import home
from tests.handlers.reading import body, buttons, shown
from tests.handlers.registered import registered

DUE = date(2026, 12, 30)
BEFORE, WAITS = NOW + timedelta(days=10), NOW + timedelta(days=31)


def closed(*recorded: str, days: int = 14) -> CaseFile:
    """Closed, with the police and child welfare in it to the end; those named have it on record."""
    file = amend(base(), "case", closed_at=NOW, delete_on=DUE)
    for key in ("police", "child", "social", "counsel", "shelter"):
        file = amend(file, f"part-{key}", ended_at=NOW)
        file = amend(file, f"seat-{key}", ended_at=NOW, end=SeatEnd.CASE_CLOSED)
    for key in recorded:
        file = amend(file, f"part-{key}", on_record="case")
    return amend(file, "team", rules=replace(file.team.rules, record_days=days))


def told(file: CaseFile, reader: str, key: str) -> str:
    made = render(ctx(file, Kind.PART_OVER, f"part-{key}", reader))
    assert made is not None
    return shown(made)


def test_the_closing_asks_each_agency_and_shows_it_its_own() -> None:
    asked = told(closed("police"), "child", "child")
    assert "Har dere journalført det dere skal?" in asked
    assert "venter slettingen i inntil 14 dager" in asked
    assert "Politiet" not in asked, "nothing of another agency"
    said = told(closed("police"), "police", "police")
    assert "Saken er ført i deres eget system." in said
    assert "Angre" in said
    assert "venter slettingen" not in told(closed(days=0), "child", "child")


def test_a_coordinator_asks_those_whom_the_bot_cannot_ask() -> None:
    """The counsel is not on Slack, and the shelter is never written to."""
    file = closed()
    for key in ("counsel", "shelter"):
        file = amend(file, f"seat-{key}", acknowledged_at=NOW)
    made = render(ctx(file, Kind.CASE_CLOSED, "case", "lead"))
    asked = "Spør dem også om saken er ført i deres eget system"
    assert f"{asked}: Bistandsadvokaten og botilbud 1." in body(made)
    assert buttons(made) == [("Registrer at den er ført", "records", "case")]
    file = amend(file, "part-counsel", on_record="case")
    assert f"{asked}: botilbud 1." in body(render(ctx(file, Kind.CASE_CLOSED, "case", "lead")))
    all_have = amend(file, "part-shelter", on_record="case")
    made = render(ctx(all_have, Kind.CASE_CLOSED, "case", "lead"))
    assert asked not in shown(made)
    assert buttons(made) == []


def test_no_other_end_of_a_part_asks() -> None:
    over = amend(
        amend(base(), "part-police", ended_at=NOW), "seat-police", ended_at=NOW, end=SeatEnd.PART_OVER
    )
    assert "eget system" not in told(over, "police", "police")
    assert "eget system" not in told(amend(closed(), "case", erasing_since=NOW), "police", "police")


def test_the_newest_minutes_have_the_button_and_say_nothing_of_anybody() -> None:
    """In the room, before and after the police have said so, for everybody the same."""
    file = registered()
    minutes = render(ctx(file, Kind.MINUTES, "meeting"))
    said = render(ctx(amend(file, "part-police", on_record="meeting"), Kind.MINUTES, "meeting"))
    assert minutes is not None
    assert said == minutes
    assert ("Journalført hos oss", "record_minutes", "meeting") in buttons(minutes)
    newer = replace(file.meetings[0], id="newer", starts_at=file.meetings[0].starts_at + timedelta(days=1))
    older = render(ctx(replace(file, meetings=(*file.meetings, newer)), Kind.MINUTES, "meeting"))
    assert older is not None
    assert "record_minutes" not in [action for _, action, _ in buttons(older)]


def test_the_room_does_not_see_it_on_the_card() -> None:
    file = registered()
    said = amend(file, "part-police", on_record="meeting")
    for before, after in ((file, said), (closed(), closed("police"))):
        cards = [card(ctx(each, Kind.ROOM, "case")) for each in (before, after)]
        assert cards[0] == cards[1]
    part = said.involvement("part-police")
    assert "Ført i eget" not in in_short(ctx(said, Kind.ROOM, "case"), standing_of(said, part, None))


@pytest.mark.parametrize(("reader", "sees"), [("lead", True), ("police", True), ("child", False)])
def test_valg_shows_it_to_the_agency_and_to_the_coordinators(reader: str, sees: bool) -> None:
    said = amend(registered(), "part-police", on_record="meeting")
    seen = in_full(
        ctx(said, Kind.HOME, reader, reader), standing_of(said, said.involvement("part-police"), None)
    )
    assert ("Ført i eget system" in seen) is sees


def test_valg_has_the_form_once_there_are_minutes() -> None:
    for file, offered in ((base(), False), (registered(), True)):
        view = more_choices_view(ctx(file, Kind.HOME, "lead", "lead"), frozenset(Action), joined().commands)
        pressed = [e.get("action_id") for block in view["blocks"] for e in block.get("elements", ())]
        assert (on_record.RECORDS in pressed) is offered


@pytest.mark.parametrize(
    ("file", "now", "says", "offers"),
    [
        (
            closed("police"),
            BEFORE,
            "*Sak k7f3 slettes onsdag 30. desember.* Barneverntjenesten har ikke sagt at den er journalført. "
            "Hører jeg ikke fra dere, slettes den onsdag 13. januar.",
            ["Registrer at den er ført"],
        ),
        (
            closed("police"),
            WAITS,
            "*Sak k7f3 slettes om 13 dager, onsdag 13. januar.* Den er ikke ført i eget system hos: "
            "Barneverntjenesten.",
            ["Registrer at den er ført", "Slett nå …"],
        ),
        (
            closed(days=0),
            BEFORE,
            "*Sak k7f3 slettes onsdag 30. desember.* Den er ikke ført i eget system hos: "
            "Barneverntjenesten og Politiet.",
            ["Registrer at den er ført"],
        ),
    ],
)
def test_a_coordinator_learns_for_whom_it_waits_and_how_long(
    file: CaseFile, now: datetime, says: str, offers: list[str]
) -> None:
    seen = ctx(file, Kind.DELETION_SOON, "case", "lead", now=now)
    blocks = unrecorded.deletion(seen)
    assert blocks[0]["text"]["text"] == says
    assert [e["text"]["text"] for e in blocks[1]["elements"]] == offers
    made = render(ctx(file, Kind.DELETION_SOON, "case", "lead"))
    assert isinstance(made, Message)
    assert check_message(made.blocks) == []
    assert body(made)[-1].startswith("Jeg sletter meldingene mine.")
    assert render(ctx(file, Kind.DELETION_SOON, "case", "police")) is None


def test_home_lists_what_is_not_on_record_to_coordinators_alone() -> None:
    assert "Avsluttet, men ikke ført" in shown(home("lead", closed("police")))
    assert "Avsluttet, men ikke ført" not in shown(home("lead", closed("police", "child")))
    assert "Avsluttet, men ikke ført" not in shown(home("lead", base()))
    assert "ikke ført" not in shown(home("police", closed()))


def test_the_form_that_closes_says_who_lacks_it() -> None:
    view = str(built("close", registered()))
    assert "Ikke ført i eget system: Barneverntjenesten og Politiet" in view
    assert "venter slettingen i inntil 14 dager" in view


def test_a_coordinators_form_offers_what_lacks_and_takes_back_what_does_not() -> None:
    names = [b["block_id"] for b in on_record.records_form(NB, closed("police"))["blocks"] if "block_id" in b]
    assert names == ["recorded", "undone"]
    names = [b["block_id"] for b in on_record.records_form(NB, closed())["blocks"] if "block_id" in b]
    assert names == ["recorded"]


@pytest.mark.parametrize("language", Language)
def test_it_is_said_in_every_language(language: Language) -> None:
    for kind, subject, reader in (
        (Kind.PART_OVER, "part-child", "child"),
        (Kind.DELETION_SOON, "case", "lead"),
    ):
        made = render(ctx(closed("police"), kind, subject, reader, language=language))
        assert isinstance(made, Message)
        assert check_message(made.blocks) == []
