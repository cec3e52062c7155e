"""The question of taushetsplikt, in each of its states."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.case.entities import Answer, Phase, SeatEnd, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact, TeamRules
from bot.domain.language import Language
from bot.domain.notification_params import At
from bot.domain.notifications import Kind
from bot.texts.words import words
from handlers.blocks.context import File, Message, RenderContext
from handlers.involvement.messages import acknowledgement, case_acknowledgement
from tests.every import every
from tests.handlers.cases import ASKED, NOW, STARTS, WHEN, amend, base, ctx, render, with_deputy
from tests.handlers.reading import body, buttons, shown, small

STATEMENT = (
    "*Taushetsplikten*\n"
    "Alt om saken er taushetsbelagt: at den finnes, hvem den gjelder, hvem som er med, og det som blir sagt. "
    "Det gjelder også overfor kolleger, og etter at du er ferdig. Skriv aldri personopplysninger i Slack.\n"
    "Tjenestens egen taushetsplikt gjelder i tillegg. "
    "Avvergeplikten gjelder alle, meldeplikten dem som har den."
)


def ask_social(file: CaseFile, language: Language = Language.NB, now: datetime = NOW) -> RenderContext:
    return ctx(file, Kind.ACKNOWLEDGEMENT, "seat-social", "social", language=language, now=now)


def test_asks_with_when_who_and_what_it_means() -> None:
    made = acknowledgement(ask_social(base(), now=ASKED))
    assert made is not None
    assert made.answer_by is None
    assert body(made) == [
        f"*Møte {WHEN}, fysisk*\n"
        "<@U0LEAD> trenger Sosialtjenesten i en sak i TOT Bergen.\n"
        "Svar så snart du kan.\n"
        "Alt er taushetsbelagt, også at saken finnes.",
    ]
    assert small(made)[0] == STATEMENT
    assert buttons(made) == [
        ("Jeg bekrefter taushetsplikten", "acknowledge", "seat-social"),
        ("Kan ikke", "send_on", "seat-social"),
        ("Ikke vår sak", "not_ours", "seat-social"),
    ]
    assert made.blocks[-1]["elements"][0]["text"] == (
        "Når du bekrefter, kommer innkallingen hit, og rommet åpner seg."
    )


@every(
    ("phase", "starts", "said"),
    [
        (Phase.ACUTE, STARTS, f"Møte {WHEN}"),
        (Phase.ACUTE, NOW + timedelta(minutes=45), "Akutt: møte i dag kl. 10:15"),
        (Phase.WORKING, NOW + timedelta(minutes=45), "Møte i dag kl. 10:15"),
    ],
)
@every(
    ("place", "link", "how"),
    [
        ("Rådhuset", None, "fysisk"),
        (None, "https://video.example/rom", "på video"),
        ("Rådhuset", "https://video.example/rom", "på video eller fysisk"),
    ],
)
def test_the_first_line_says_when_and_how_and_nothing_of_what(
    phase: Phase, starts: datetime, said: str, place: str | None, link: str | None, how: str
) -> None:
    file = amend(base(), "meeting", starts_at=starts, ends_at=starts + timedelta(hours=1))
    file = amend(amend(file, "meeting", place=place, link=link), "case", phase=phase)
    made = acknowledgement(ask_social(file))
    assert body(made)[0].split("\n")[0] == f"*{said}, {how}*"
    assert "Rådhuset" not in shown(made)
    assert "video.example" not in shown(made)


def test_a_no_without_confirming_is_shown_and_can_be_taken_back() -> None:
    file = amend(base(), "ask-social", answer=Answer.DECLINED, answered_at=NOW, answered_by="social")
    made = acknowledgement(ask_social(file))
    assert body(made)[0].split("\n")[:2] == [
        f"*Møte {WHEN}, fysisk*",
        "*Du har svart at du ikke kan.* <@U0LEAD> har fått beskjed. Taushetsplikten gjelder også at du ble "
        "spurt.",
    ]
    assert STATEMENT in small(made)
    confirm = ("Jeg bekrefter taushetsplikten", "acknowledge", "seat-social")
    assert buttons(made) == [confirm], "there is no colleague to send it to"
    colleague = Contact("c-social2", "agency-social", "police2", position=2)
    made = acknowledgement(ask_social(replace(file, contacts=(*file.contacts, colleague))))
    assert buttons(made) == [confirm, ("Send til en kollega", "send_on", "seat-social")]


@every("language", list(Language))
@every("asked", ["contact", "deputy", "moved", "overdue"])
def test_few_words_stand_before_the_statement(asked: str, language: Language) -> None:
    """Read on a phone in three seconds: who asks for what, when, and until when to answer."""
    file = with_deputy(base())
    if asked == "moved":
        file = amend(file, "ask-social", asked_anew=True)
        file = amend(file, "meeting", moved_from=STARTS + timedelta(days=1))
    if asked == "overdue":
        file = amend(file, "ask-social", window_ends_at=NOW)
    seat, reader = ("seat-deputy", "police2") if asked == "deputy" else ("seat-social", "social")
    now = NOW if asked == "overdue" else ASKED
    made = acknowledgement(ctx(file, Kind.ACKNOWLEDGEMENT, seat, reader, language=language, now=now))
    assert made is not None
    (first,), (statement, *_) = body(made), small(made)
    assert statement.startswith(words(language)("acknowledgement.statement-title"))
    assert len(first.split()) <= 40, first
    assert [block["type"] for block in made.blocks] == ["section", "actions", "context", "context"]


@every("language", list(Language))
def test_the_teams_own_statement_in_the_readers_language_or_the_default(language: Language) -> None:
    own = replace(TeamRules(), statement=((Language.NN, "Vår eiga <fråsegn>"),))
    seen = shown(acknowledgement(ask_social(amend(base(), "team", rules=own), language)))
    assert ("Vår eiga &lt;fråsegn&gt;" in seen) == (language is Language.NN)


def test_a_statement_of_any_length_is_whole() -> None:
    long = " ".join(str(n) for n in range(1500))
    own = replace(TeamRules(), statement=((Language.NB, long),))
    seen = small(acknowledgement(ask_social(amend(base(), "team", rules=own))))
    assert " ".join(seen).count("1499") == 1
    assert long in " ".join(seen)


def test_without_a_meeting_it_says_so() -> None:
    never = replace(base(), meetings=(), duties=(), asks=())
    said = body(acknowledgement(ask_social(never)))[0]
    assert said.startswith("*Akutt: kan du være med?*\n")
    assert "\nDet er ikke kalt inn til noe møte ennå.\n" in said
    missed = amend(base(), "meeting", cancelled_at=NOW)
    said = body(acknowledgement(ask_social(missed)))[0]
    assert f"\n*Møtet {WHEN} er avlyst.*\nDet er ikke satt noe nytt møte.\n" in said
    held = amend(base(), "meeting", registered_at=NOW)
    assert "\nDet er ikke satt noe nytt møte.\n" in body(acknowledgement(ask_social(held)))[0]
    assert "avlyst" not in shown(acknowledgement(ask_social(held)))


SPARED = (
    f"*Du trenger ikke å være vara i møtet i TOT Bergen {WHEN}.* Takk for at du var klar til å "
    "stille. Ligger møtet i kalenderen din, så slett det. Taushetsplikten gjelder fortsatt."
)
LET_GO = {"ended_at": NOW, "end": SeatEnd.NOT_NEEDED}


def let_go(file: CaseFile, *, confirmed: bool = False, **ask: Any) -> Message | File | None:
    """The question to the police's deputy, whose seat is over."""
    asked = with_deputy(file, confirmed=confirmed, withdrawn_at=NOW, **ask)
    over = amend(asked, "seat-deputy", **LET_GO)
    return acknowledgement(ctx(over, Kind.ACKNOWLEDGEMENT, "seat-deputy", "police2"))


def test_who_is_not_needed_any_more_reads_why() -> None:
    off = amend(base(), "meeting", cancelled_at=NOW)
    confidential = "Taushetsplikten gjelder også at du ble spurt."
    assert body(let_go(off)) == [
        f"*Møtet i TOT Bergen {WHEN} er avlyst.* Du trenger ikke å svare. {confidential}"
    ]
    assert let_go(off, confirmed=True) is None, "a message of its own says so"
    moved = amend(base(), "meeting", sequence=1)
    assert body(let_go(moved)) == [
        "*Møtet i TOT Bergen som du ble spurt om, er flyttet.* Tjenesten din blir spurt på nytt, så du "
        f"trenger ikke å svare her. {confidential}"
    ]
    for confirmed in (False, True):
        assert body(let_go(base(), confirmed=confirmed)) == [SPARED]
    assert let_go(base(), answer=Answer.DECLINED, answered_at=NOW) is None
    for gone in (
        amend(base(), "meeting", registered_at=NOW),
        amend(base(), "part-police", ended_at=NOW),
    ):
        assert let_go(gone) is None


def test_a_deputy_who_had_said_yes_is_told_by_a_message_of_its_own_and_of_no_move_after_it() -> None:
    assert let_go(base(), confirmed=True, answer=Answer.CONFIRMED, answered_at=NOW) is None
    comes = with_deputy(base(), confirmed=True, answer=Answer.CONFIRMED, answered_at=NOW, withdrawn_at=NOW)
    over = amend(comes, "seat-deputy", **LET_GO)
    later = {"sequence": 1, "starts_at": STARTS + timedelta(days=1), "moved_from": STARTS}
    anew = {"sequence": 1, "asked_at": NOW + timedelta(hours=1)}
    moved = amend(amend(over, "meeting", **later), "ask-police", **anew)
    for file in (over, moved):
        assert body(render(ctx(file, Kind.PART_OVER, "part-police", "police2"))) == [SPARED]
    silent = amend(moved, "ask-deputy", answer=None, answered_at=None)
    asked = render(ctx(silent, Kind.ACKNOWLEDGEMENT, "seat-deputy", "police2"))
    assert body(asked) == [SPARED], "they were let go before it was moved"


def test_an_overdue_answer_is_still_asked_for_and_no_deadline_gets_later() -> None:
    for minutes in (15, 40, 90):
        later = ask_social(base(), now=ASKED + timedelta(minutes=minutes))
        assert "\nSvar så snart du kan.\n" in body(acknowledgement(later))[0]


def test_the_link_comes_only_after_confirming() -> None:
    file = amend(base(), "meeting", place=None, link="https://video.example/rom")
    seen = acknowledgement(ask_social(file))
    assert "Hvor" not in shown(seen)
    assert "video.example" not in shown(seen)


def test_a_deputy_is_told_that_it_is_for_one_meeting_and_for_whom() -> None:
    made = acknowledgement(
        ctx(with_deputy(base()), Kind.ACKNOWLEDGEMENT, "seat-deputy", "police2", now=ASKED)
    )
    assert body(made)[0] == (
        f"*Møte {WHEN}, fysisk*\n"
        "<@U0LEAD> spør om du kan være vara for Politiet i ett møte i TOT Bergen.\n"
        "Svar så snart du kan.\n"
        "Alt er taushetsbelagt, også at saken finnes."
    )


def test_confirmed_it_shows_the_room_and_where_the_statement_is() -> None:
    made = acknowledgement(ctx(base(), Kind.ACKNOWLEDGEMENT, "seat-police", "police"))
    assert body(made) == [
        "Du bekreftet taushetsplikten for denne saken mandag 30. november kl. 09:05.\n*Saksrom:* <#C0ROOM>",
    ]
    assert small(made) == [words(Language.NB)("acknowledgement.where")]
    assert buttons(made) == []


def test_confirmed_before_the_room_is_there() -> None:
    file = amend(base(), "room", channel_id=None)
    made = acknowledgement(ctx(file, Kind.ACKNOWLEDGEMENT, "seat-police", "police"))
    assert body(made)[0].endswith("Saksrommet åpner seg for deg om et øyeblikk.")


def passed_on(file: CaseFile) -> CaseFile:
    file = amend(file, "ask-social", withdrawn_at=NOW)
    return amend(file, "seat-social", ended_at=NOW, end=SeatEnd.PASSED_ON)


def test_passed_on_it_says_nothing_of_the_case_but_which_request_it_is_of() -> None:
    thanks = (
        "Takk for svaret. En kollega er spurt, og du trenger ikke gjøre noe mer. "
        "Taushetsplikten gjelder også at du ble spurt."
    )
    made = acknowledgement(ask_social(passed_on(base())))
    assert isinstance(made, Message)
    of_which = f"Gjelder bare forespørselen om møtet {WHEN}."
    assert (body(made), buttons(made)) == ([f"{thanks}\n{of_which}"], [])


def test_whoever_has_passed_it_on_learns_no_time_that_is_new() -> None:
    moved = amend(passed_on(base()), "meeting", starts_at=STARTS + timedelta(hours=2), sequence=1)
    said = body(acknowledgement(ask_social(moved)))[0]
    assert said.endswith("\nGjelder bare denne ene forespørselen.")
    assert "kl. 12" not in said


@pytest.mark.parametrize(
    "file",
    [
        amend(base(), "seat-social", ended_at=NOW, end=SeatEnd.NOT_NEEDED),
        amend(base(), "part-social", ended_at=NOW),
        amend(base(), "case", closed_at=NOW),
        amend(base(), "social", deactivated=True),
        amend(amend(base(), "seat-social", ended_at=NOW, end=SeatEnd.PASSED_ON), "case", closed_at=NOW),
    ],
    ids=["seat ended", "part over", "case closed", "deactivated", "passed on and closed"],
)
def test_it_goes_when_nobody_is_asked_any_more(file: CaseFile) -> None:
    assert acknowledgement(ask_social(file)) is None


def test_a_shelter_is_never_written_to() -> None:
    assert acknowledgement(ctx(base(), Kind.ACKNOWLEDGEMENT, "seat-shelter", "shelter")) is None


def test_another_coordinator_confirms_with_one_tap_and_sees_no_code_before() -> None:
    file = base()
    asked = case_acknowledgement(ctx(file, Kind.CASE_ACKNOWLEDGEMENT, "seat-second", "second"))
    assert buttons(asked) == [("Jeg bekrefter taushetsplikten", "acknowledge", "seat-second")]
    assert "<@U0LEAD> opprettet den mandag 30. november kl. 9, og du" in shown(asked)
    assert "k7f3" not in shown(asked)
    assert STATEMENT in small(asked)
    confirmed = amend(file, "seat-second", acknowledged_at=NOW)
    done = case_acknowledgement(ctx(confirmed, Kind.CASE_ACKNOWLEDGEMENT, "seat-second", "second"))
    assert body(done) == [
        "Du bekreftet taushetsplikten for sak k7f3 mandag 30. november kl. 09:30.\n*Saksrom:* <#C0ROOM>",
        "*<@U0LEAD> har saken.*",
    ]
    assert small(done) == [words(Language.NB)("acknowledgement.where")]
    assert buttons(done) == [("Jeg tar over", "take_case", "case")]
    for gone in (amend(confirmed, "c2", until=NOW), amend(confirmed, "case", closed_at=NOW)):
        assert case_acknowledgement(ctx(gone, Kind.CASE_ACKNOWLEDGEMENT, "seat-second", "second")) is None


def test_a_moved_meeting_is_asked_about_by_a_message_of_its_own() -> None:
    again = ASKED + timedelta(minutes=20)
    file = amend(base(), "ask-social", asked_at=again, asked_anew=True, sequence=1)
    file = amend(file, "meeting", moved_from=STARTS - timedelta(days=1))
    made = acknowledgement(ctx(file, Kind.ACKNOWLEDGEMENT, "seat-social", "social", params=At(again)))
    assert body(made)[0].startswith(
        "*Ny tid: i morgen 1. desember kl. 10, fysisk* (flyttet fra mandag 30. november kl. 10)\n"
    )
    assert acknowledgement(ctx(file, Kind.ACKNOWLEDGEMENT, "seat-social", "social")) is None
    assert "Ny tid" not in shown(acknowledgement(ask_social(base())))
    confirmed = amend(file, "seat-social", acknowledged_at=ASKED)
    assert acknowledgement(ask_social(confirmed)) is None, "it is asked in a message of its own"


def test_whoever_is_recorded_reads_who_recorded_it_and_to_whom_to_object() -> None:
    recorded = {"acknowledged_at": NOW, "acknowledged_via": Via.PHONE, "acknowledged_by": "lead"}
    file = amend(base(), "seat-social", **recorded)
    said = shown(acknowledgement(ctx(file, Kind.ACKNOWLEDGEMENT, "seat-social", "social")))
    assert "<@U0LEAD> har registrert at du bekreftet taushetsplikten for denne saken mandag" in said
    assert "Stemmer det ikke, si fra til <@U0LEAD> med en gang." in said
    assert "Du bekreftet" not in said
