"""The form in which a duty report is ordered."""

from __future__ import annotations

from datetime import date

from bot.domain.directory.entities import Team
from bot.domain.report.figures import month_after, this_year
from bot.texts.words import Words
from bot.usecases.report import MOST_MONTHS, OWN, SHARED
from handlers.blocks.context import Block
from handlers.blocks.elements import section
from handlers.blocks.modal import CallbackId, View, field, modal, radio, select

REPORT = CallbackId("report", "team, or nothing when it is chosen in the form")


def report_form(words: Words, teams: list[Team], today: date) -> View:
    """The months, who it is for, and the team where there are several. `today` is the teams' day."""
    alone = teams[0].id if len(teams) == 1 else ""
    usual = this_year(today)
    months = [(f"{m:%Y-%m}", words.month(m)) for m in _months(today)]
    uses = [(use, words(f"report-for.{use}")) for use in (OWN, SHARED)]
    return modal(
        words,
        REPORT,
        "modal.report.title",
        [
            section(words("modal.report.intro")),
            *([] if alone else [_team(words, teams)]),
            field("first", words("field.report.first"), select(months, f"{usual.first:%Y-%m}")),
            field("last", words("field.report.last"), select(months, f"{usual.last:%Y-%m}")),
            field("for", words("field.report.for"), radio(uses, OWN), hint=words("field.report.for.hint")),
        ],
        submit="modal.report.submit",
        metadata=alone,
    )


def _team(words: Words, teams: list[Team]) -> Block:
    choices = [(t.id, t.name) for t in teams]
    return field("team", words("field.team"), radio(choices[:10], choices[0][0]))


def _months(today: date) -> list[date]:
    """The newest first."""
    return [month_after(today, -n) for n in range(MOST_MONTHS)]
