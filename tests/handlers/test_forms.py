"""The forms: what they say, that they fit in Slack, and that nothing of anybody's becomes markup."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.case.entities import Phase
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.domain.meeting import soon
from bot.texts.words import words
from handlers.case.modals import open_case_form
from handlers.meeting.modals import Proposal
from handlers.meeting.times import in_words
from sandbox.block_kit.checks import check_view, view_bytes
from tests.every import every
from tests.handlers.cases import STARTS, amend, base, with_deputy
from tests.handlers.forms import FORMS, NB, built, fields, initial

NASTY = "<!channel> *x* <@U0EVIL> & " + "æ" * 200


def crowded() -> CaseFile:
    """A case with everything long: 26 persons, 120 agencies, names with markup."""
    file = with_deputy(base())
    police = file.agencies["agency-police"]
    more = {f"more-{n}": replace(police, id=f"more-{n}", name=f"{n} {NASTY}") for n in range(120)}
    file = replace(file, agencies={**file.agencies, **more})
    file = amend(file, "agency-police", name=NASTY)
    file = amend(file, "contact-police", title=NASTY)
    file = amend(file, "case", persons=26)
    rules = replace(file.team.rules, places=(NASTY, "Rom"), link_hosts=("meet.example",))
    return amend(file, "team", name=NASTY, rules=rules)


@every("language", Language)
@every("name", FORMS)
def test_fits_in_slack(name: str, language: Language) -> None:
    """Slack accepts every form in every language, also when everything in it is long."""
    for file in (with_deputy(base()), crowded()):
        view = built(name, file, words(language))
        assert check_view(view) == []
        assert view_bytes(view) < 250_000


@every("name", FORMS)
def test_names_become_no_markup(name: str) -> None:
    """Text from data is escaped wherever Slack reads markup."""
    view = built(name, crowded())
    for text in _mrkdwn(view["blocks"]):
        assert "<!channel>" not in text
        assert "<@U0EVIL>" not in text


@every("name", FORMS)
def test_a_shelter_is_only_its_cover_name(name: str) -> None:
    """The name and the people of a sheltering service are in no form that shows the agency."""
    text = json.dumps(built(name), ensure_ascii=False)
    assert "Krisesenteret" not in text
    assert "U0SHELTER" not in text


def _mrkdwn(part: Any) -> list[str]:
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            return [part["text"]]
        return [text for value in part.values() for text in _mrkdwn(value)]
    if isinstance(part, list):
        return [text for value in part for text in _mrkdwn(value)]
    return []


def test_a_time_after_midnight_has_its_date() -> None:
    """From Friday evening: «om 60 minutter» may be Saturday, and «i morgen» is."""
    late = datetime(2026, 12, 4, 22, 40, tzinfo=UTC)
    said = [in_words(NB, base().team, each, late)[1] for each in soon(late, base().team.time_zone)]
    assert said == [
        "Om 30 minutter, kl. 00:10 (lør. 5. des.)",
        "Om 60 minutter, kl. 00:40 (lør. 5. des.)",
        "Om 90 minutter, kl. 01:10 (lør. 5. des.)",
        "I morgen (lør. 5. des.) kl. 09:00",
    ]


def test_a_time_that_is_far_off_says_so_where_it_is_chosen() -> None:
    far = amend(base(), "meeting", starts_at=STARTS + timedelta(days=3), ends_at=STARTS + timedelta(days=4))
    options = fields(built("move", far))["starts_at"]["element"]["options"]
    assert options[2]["text"]["text"] == "Som nå: fre. 4. des. kl. 10:00, om fire dager"
    working = amend(base(), "case", phase=Phase.WORKING)
    shown = [o["text"]["text"] for o in fields(built("reopen", working))["starts_at"]["element"]["options"]]
    assert shown[0] == "Om 30 minutter, kl. 10:00", "the phase is chosen there"
    morning = STARTS - timedelta(hours=1)
    assert initial(fields(built("reopen", working))["starts_at"]) == str(int(morning.timestamp()))


def test_more_than_a_hundred_agencies_are_grouped() -> None:
    """A select holds a hundred options; groups hold the rest."""
    file = crowded()
    view = open_case_form(NB, file.team, list(file.agencies.values()), Proposal(STARTS, 60))
    element = fields(view)["agencies"]["element"]
    assert [len(g["options"]) for g in element["option_groups"]] == [100, 26]
    assert [g["label"]["text"] for g in element["option_groups"]] == ["1–100", "101–126"]
