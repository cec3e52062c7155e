"""The case card."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import Answer
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import NotOurs
from bot.domain.notifications import Kind
from handlers.blocks.context import Message
from handlers.overview.card import card
from tests.every import every
from tests.handlers.busy_case import busy, of_agencies
from tests.handlers.cases import ASKED, NOW, SPAN, STARTS, amend, base, ctx, with_deputy
from tests.handlers.reading import body, buttons, shown

EMERGENCY = "*En melding her er verken alarm eller bekymringsmelding. Akutt: ring 112 eller barnevernvakten.*"


def made(file: CaseFile, **more: object) -> Message:
    return card(ctx(file, Kind.ROOM, "case", **more))  # type: ignore[arg-type]


def test_the_card_of_an_open_case() -> None:
    assert body(made(base())) == [
        "Sak k7f3",
        "*0 kommer* · 3 har ikke svart · 2 må ringes\n"
        f"*Neste møte:* {SPAN} · Rådhuset, rom 2\n"
        "*Avklar før møtet:* hvem tar med hva, og trengs tolk?\n"
        "*Dagsorden*\n> Hvem gjør hva de neste dagene",
        "*Politiet:* har ikke svart · <@U0POLICE> · for A og B\n"
        "*Barneverntjenesten:* har ikke svart · <@U0CHILD>\n"
        "*Sosialtjenesten:* har ikke bekreftet taushetsplikten · <@U0SOCIAL>\n"
        "*Bistandsadvokaten:* må ringes · Vakt\n"
        "*botilbud 1:* må ringes\n"
        "*Helsetjenesten:* ventet, men ikke spurt ennå",
        "*Fase:* akuttfase · *Ba om TOT:* Politiet · *Koordinerer:* <@U0LEAD>\n*Personer:* A, B og C",
    ]


def test_its_buttons_are_for_everybody_in_the_room() -> None:
    assert [label for label, _, _ in buttons(made(base()))] == ["Valg", "Avtal tiltak"]
    assert [label for label, _, _ in buttons(made(busy(base())))][:3] == [
        "Valg",
        "Avtal tiltak",
        "Alle tiltak",
    ]


#: Six agencies on a Friday night: what the coordinator has before them, in the worst of it.
def late_on_friday() -> CaseFile:
    file = amend(base(), "ask-police", answer=Answer.CONFIRMED, answered_at=NOW, answered_by="police")
    file = replace(
        file,
        steps=tuple(
            EscalationStep(f"{kind}-{key}", "case", f"duty-{key}", f"ask-{key}", 0, kind, NOW, "police2")
            for key in ("child", "social")
            for kind in (StepKind.REMINDER, StepKind.NEXT_CONTACT)
        ),
    )
    return amend(file, "part-health", asked_at=ASKED)


@every("file", [base(), late_on_friday()])
def test_six_agencies_have_at_most_150_words(file: CaseFile) -> None:
    assert sum(i.ended_at is None for i in file.involvements) == 6
    assert words_of(made(file)) <= 150


#: Agencies, and the most words of a card on which no more is agreed. Before the case was led from it, it had
#: 146, 185, 270 and 436.
@every(("agencies", "most"), [(1, 115), (3, 115), (6, 125), (12, 165)])
def test_words_by_the_number_of_agencies(agencies: int, most: int) -> None:
    assert most - 20 < words_of(made(of_agencies(agencies))) <= most


def words_of(message: Message) -> int:
    """All that is read, the buttons included; a mention counts as a word, a dot between two as none."""
    return len(re.findall(r"[^\s·•]+", shown(message)))


def test_the_room_is_not_told_who_was_reminded_nor_when_somebody_answered() -> None:
    row = next(line for line in body(made(late_on_friday())) if line.startswith("*Politiet:*"))
    assert row.splitlines()[:3] == [
        "*Politiet:* kommer · <@U0POLICE> · for A og B",
        "*Barneverntjenesten:* har ikke svart · <@U0CHILD>",
        "*Sosialtjenesten:* har ikke bekreftet taushetsplikten · <@U0SOCIAL>",
    ]
    assert "09:30" not in shown(made(late_on_friday()))


def test_who_said_that_the_case_is_not_theirs_is_not_named_in_the_room() -> None:
    said = {"not_ours": NotOurs.OTHER_DISTRICT, "not_ours_at": NOW, "not_ours_by": "police"}
    file = amend(amend(base(), "part-police", **said), "duty-police", withdrawn_at=NOW)
    file = amend(file, "ask-police", withdrawn_at=NOW)
    assert body(made(file))[1].startswith("*0 kommer* · 2 har ikke svart · 2 må ringes · 1 deltar ikke\n")
    assert "*Politiet:* deltar ikke · for A og B\n" in shown(made(file))
    assert "U0POLICE>" not in shown(made(file))


def test_it_says_what_slack_is_not_and_what_is_never_written() -> None:
    small = [e["text"] for b in made(base()).blocks if b["type"] == "context" for e in b["elements"]]
    assert small == [
        EMERGENCY,
        "Husk: ikke navn eller annet som kan peke ut noen. Hver tjeneste fører sitt eget.",
    ]


def test_ended_agencies_share_a_line() -> None:
    over = amend(amend(base(), "part-police", ended_at=NOW), "part-shelter", ended_at=NOW)
    message = made(over)
    assert "*Politiet:*" not in shown(message)
    assert "*Ikke lenger med:* Politiet og botilbud 1" in shown(message)


def test_an_agency_that_was_only_expected_is_not_said_to_have_left() -> None:
    assert "avsluttet:*" not in shown(made(amend(base(), "part-health", ended_at=NOW)))


def test_who_cannot_come_to_another_meeting_is_not_waited_for() -> None:
    """Of an agency that was asked to a later meeting than the next, and said no before it had confirmed."""
    no = amend(base(), "ask-social", answer=Answer.DECLINED, answered_at=NOW, answered_by="social")
    (first,) = no.meetings
    later = replace(
        first, id="later", starts_at=STARTS + timedelta(days=1), ends_at=STARTS + timedelta(days=1, hours=1)
    )
    file = replace(no, meetings=(first, later))
    file = amend(amend(file, "duty-social", meeting_id="later"), "ask-social", meeting_id="later")
    for each, said in ((file, True), (amend(file, "ask-social", answer=None), False)):
        seen = shown(made(each))
        assert ("*Sosialtjenesten:* kan ikke" in seen) is said
        assert ("*Sosialtjenesten:* spurt" in seen) is not said


def test_a_deputy_stands_on_the_card() -> None:
    file = with_deputy(base(), answer=Answer.CONFIRMED, answered_at=NOW)
    assert body(made(file))[1].startswith("*1 kommer*")
    assert body(made(file))[2].startswith("*Politiet:* vara kommer · <@U0POLICE2> · for A og B\n")


def test_a_meeting_that_has_begun_is_not_the_next_one() -> None:
    message = made(base(), now=STARTS + timedelta(minutes=1))
    assert f"*Møtet er i gang:* {SPAN} · Rådhuset, rom 2" in shown(message)
    assert "Neste møte" not in shown(message)


def test_without_a_next_meeting() -> None:
    message = made(base(), now=STARTS + timedelta(hours=2))
    assert body(message)[1] == "*Neste møte:* ikke satt ennå"
    assert "• Oppmøtet på møtet tir. 1. des. er ikke registrert.\n• Det er ikke satt noe nytt møte." in shown(
        message
    )


def test_on_the_coordinators_own_initiative() -> None:
    assert "*Ba om TOT:* koordinatoren selv" in shown(made(amend(base(), "case", asked_by=None)))


def test_nothing_missing() -> None:
    file = amend(base(), "seat-second", acknowledged_at=NOW)
    for key in ("social", "counsel", "shelter"):
        file = amend(file, f"seat-{key}", acknowledged_at=NOW)
    for key in ("police", "child", "social", "counsel", "shelter"):
        file = amend(file, f"ask-{key}", answer=Answer.CONFIRMED)
    assert body(made(file))[2] == "*Ingenting mangler nå.*"


def test_the_card_of_a_closed_case() -> None:
    closed = amend(base(), "case", closed_at=NOW, delete_on=date(2026, 12, 30))
    for key in ("police", "health"):
        closed = amend(closed, f"part-{key}", ended_at=NOW)
    message = made(closed)
    assert body(message) == [
        "Sak k7f3 (avsluttet)",
        "*Avsluttet mandag 30. november.* Tidligst onsdag 30. desember sletter jeg meldingene mine "
        "og arkiverer rommet. Det som andre har skrevet her, kan jeg ikke slette.",
        "*Koordinerer:* <@U0LEAD>",
    ]
    small = [e["text"] for b in message.blocks if b["type"] == "context" for e in b["elements"]]
    assert small == ["*Ikke lenger med:* Politiet", EMERGENCY]
    assert buttons(message) == [("Åpne saken igjen", "reopen", "case")]
    assert buttons(made(amend(closed, "case", erasing_since=NOW))) == [], "nothing brings that back"
