"""Requests to convene and guidance in the report: who asked, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.convening import NotConvened
from bot.domain.directory.entities import Agency, AgencyKind
from bot.domain.guidance import GuidanceOutcome, Theme
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.domain.report.figures import ConvenedCount, GuidanceCount, Period, Report
from bot.report.figures import outside
from bot.texts.words import words
from handlers.blocks.context import Message
from handlers.report.duty import report_document
from tests.bot import cast

MONTH = date(2026, 11, 1)
NB = words(Language.NB)
POLICE = Agency("police", "team", "politi", AgencyKind.POLICE, "Politiet")
REPORT = Report(
    cast.TEAM,
    Period(MONTH, MONTH),
    agencies=(),
    numbers={},
    convened=(
        ConvenedCount(MONTH, "police", True, None, 2),
        ConvenedCount(MONTH, "police", False, NotConvened.GUIDANCE, 1),
        ConvenedCount(MONTH, None, None, None, 1),
    ),
    guidance=(
        GuidanceCount(MONTH, Theme.SIGNS, GuidanceOutcome.ANSWERED, True, 3),
        GuidanceCount(MONTH, Theme.SIGNS, None, None, 1),
        GuidanceCount(MONTH, "teamets eget tema", GuidanceOutcome.CLOSED, False, 1),
    ),
    askers=(POLICE,),
)


def test_who_asked_and_what_came_of_it() -> None:
    told = dict(outside(NB, REPORT))
    assert told["Spurt om å kalle TOT sammen"] == [
        "uten tjeneste: spurte 1 · kalt sammen 0 · nei 0 · ikke svart 1",
        f"{POLICE.shown_name}: spurte 3 · kalt sammen 2 · nei 1 · ikke svart 0",
        "nei fordi dette løses bedre med veiledning: 1",
    ]
    assert told["Veiledning"] == [
        f"{NB('theme.signs')}: 4, svart i tide 3",
        "teamets eget tema: 1, svart i tide 0",
    ]
    assert not dict(outside(NB, replace(REPORT, convened=(), guidance=())))


def test_it_is_for_the_coordinators_alone() -> None:
    own = report_document(Kind.REPORT, NB, REPORT, shared=False)
    shared = report_document(Kind.REPORT, NB, REPORT, shared=True)
    assert isinstance(own, Message)
    assert isinstance(shared, Message)
    assert "kalt sammen 2" in str(own.blocks)
    assert "kalt sammen" not in str(shared.blocks)
