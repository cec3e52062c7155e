"""The messages that must be true, as people read them in each language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.domain.access import Action
from bot.domain.case.entities import Attendance
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import AgencyKind, TeamRules
from bot.domain.language import Language
from bot.domain.notifications import At, Kind, Params
from bot.texts.words import words
from bot.usecases.dates import PlacementReview, StartPlacement
from bot.usecases.overview import HelpContext
from handlers.blocks.context import File, Message
from handlers.dates.modals import placement_review
from handlers.overview.requests import all_help
from handlers.subjects import joined
from tests.every import every
from tests.handlers.cases import NOW, STARTS, amend, base, ctx, render
from tests.handlers.reading import shown

ALL = list(Language)
T = TypeVar("T")


def in_each(nb: T, nn: T, en: T) -> dict[Language, T]:
    return {Language.NB: nb, Language.NN: nn, Language.EN: en}


#: The duties that override taushetsplikt, as each language names them.
DUTIES = in_each(
    ("Avvergeplikten gjelder alle", "meldeplikten dem som har den", "egen taushetsplikt"),
    ("Avverjeplikta gjeld alle", "meldeplikta dei som har ho", "eiga teieplikt"),
    ("(avvergeplikt) binds everybody", "(meldeplikt) those who have it", "own service"),
)
BEFORE = STARTS - timedelta(days=7)
LATER = STARTS + timedelta(hours=2)


def said(
    language: Language,
    file: CaseFile,
    kind: Kind,
    subject: str,
    reader: str | None = None,
    params: Params | None = None,
    now: datetime = LATER,
) -> Message | File | None:
    return render(ctx(file, kind, subject, reader, params=params, language=language, now=now))


def has_the_duties(language: Language, text: str) -> bool:
    return all(duty in text for duty in DUTIES[language])


@every("language", ALL)
def test_once_confirmed_it_says_where_the_statement_is_and_there_it_is_whole(language: Language) -> None:
    """A team's own statement hides no part of it."""
    rules = TeamRules(statement=tuple((each, "Vår egen tekst") for each in Language))
    own = replace(base(), team=replace(base().team, rules=rules))
    for file in (base(), own):
        asked = shown(said(language, file, Kind.ACKNOWLEDGEMENT, "seat-social", "social", now=NOW))
        assert has_the_duties(language, asked)
        assert ("Vår egen tekst" in asked) is (file is own)
    confirmed = amend(base(), "seat-second", acknowledged_at=NOW)
    agencys = said(language, base(), Kind.ACKNOWLEDGEMENT, "seat-police", "police", now=NOW)
    for made in (agencys, said(language, confirmed, Kind.CASE_ACKNOWLEDGEMENT, "seat-second", "second")):
        assert words(language)("acknowledgement.where") in shown(made)
        assert not has_the_duties(language, shown(made))
    everybody = frozenset(Action)
    around = HelpContext(True, True, "case", everybody, (), (base().team,))
    assert has_the_duties(language, "\n".join(all_help(words(language), joined().commands, around)))


@every("language", ALL)
def test_the_police_find_the_danger_and_the_board_decides(language: Language) -> None:
    command = StartPlacement("case", person="A", starts_on=date(2026, 12, 1), ends_on=date(2027, 5, 24))
    view = placement_review(words(language), "", PlacementReview(base(), command, None))
    law = in_each(
        ("Politiet vurderer om det er nærliggende og alvorlig fare", "Nemnda bestemmer", "§ 6-6"),
        ("Politiet vurderer om det er nærliggjande og alvorleg fare", "Nemnda avgjer", "§ 6-6"),
        ("police assess whether there is a near and serious danger", "(nemnda) decides", "§ 6-6"),
    )
    text = shown(view["blocks"])
    assert all(part in text for part in law[language])


@every("language", ALL)
def test_the_municipal_director_is_asked_about_the_municipalitys_own(language: Language) -> None:
    def offered(key: str, **changes: object) -> str:
        file = amend(amend(base(), "meeting", registered_at=LATER), f"agency-{key}", **changes)
        file = amend(file, f"duty-{key}", attendance=Attendance.ABSENT_WITHOUT_NOTICE)
        return shown(said(language, file, Kind.DIRECTOR_TEXT, f"duty-{key}", "lead", At(BEFORE)))

    assert "```" in offered("child")
    assert "```" in offered("social")
    for key in ("police", "counsel"):
        assert "```" not in offered(key)
        assert "tirsdag 24. november 2026" in offered(key) or language is not Language.NB
    assert "```" not in offered("child", municipal=False)
    assert "```" in offered("police", municipal=True)
    assert "```" not in offered("child", duty=False), "who is not bound stays away by no duty"
    assert "```" not in offered("child", kind=AgencyKind.HEALTH)
    assert "```" in offered("child", kind=AgencyKind.FOLLOW_UP)


@every("language", ALL)
def test_a_lawyer_is_a_service_and_has_no_record_system(language: Language) -> None:
    theirs = in_each(r"\betat|fagsystem", r"\betat|fagsystem", r"\bagenc|record system")
    for key, value in words(language).catalogue.items():
        if key.endswith((".names", "short", ".notice")) or key == "invalid.work-mail":
            continue
        for text in (value,) if isinstance(value, str) else value:
            free = re.sub(r"\{[^}]*\}|`[^`]*`|inter-agency|\w+@\w+\.no", "", text)
            assert not re.search(theirs[language], free, re.IGNORECASE), key


@every("language", ALL)
def test_what_a_coordinator_meets_too_sends_nobody_to_the_coordinator(language: Language) -> None:
    for key in ("refused.too-late", "refused.meeting-over"):
        assert not re.search("[ck]oordinator", words(language)(key))
