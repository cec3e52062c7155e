"""Needs and actions on the card and in Home: in red what is nobody's, folded, within Slack's limits."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.texts.words import words
from handlers.blocks.context import Message
from handlers.overview.card import card
from sandbox.block_kit.checks import check_message
from tests.every import every
from tests.handlers.busy_case import busy, seven_twelve_forty
from tests.handlers.cases import NOW, amend, base, ctx
from tests.handlers.overview.test_home import home, read
from tests.handlers.reading import body, buttons, shown


def made(file: CaseFile, language: Language = Language.NB) -> Message:
    return card(replace(ctx(file, Kind.ROOM, "case"), words=words(language)))


def part(text: str, file: CaseFile) -> str:
    return next(p for p in body(made(file)) if p.startswith(text))


def test_what_nobody_has_taken_comes_first_in_red_and_can_be_taken() -> None:
    paragraphs = body(made(busy(base())))
    start = paragraphs.index("*Behov: hvem har hva?*")
    assert paragraphs[start + 1 : start + 4] == [
        ":red_circle: *Et sted å bo: ingen har tatt ansvar for dette*",
        ":red_circle: *Tolk: ingen har tatt ansvar for dette*",
        ":red_circle: *Familie: ingen har tatt ansvar for dette*",
    ]
    assert paragraphs[start + 4].splitlines()[:2] == [
        "Beskyttelse: Politiet",
        "Tiltak fra barnevernet: Sosialtjenesten",
    ]
    taking = [value for label, _, value in buttons(made(busy(base()))) if label == "Vi tar ansvar"]
    assert taking == ["need-housing", "need-interpreter", "need-family"]


def test_a_released_agency_leaves_its_needs_in_red() -> None:
    left = amend(busy(base()), "part-police", ended_at=NOW)
    assert ":red_circle: *Beskyttelse: ingen har tatt ansvar for dette*" in body(made(left))


def test_actions_by_agency_the_late_ones_first_and_who_must_be_rung() -> None:
    text = part("*Tiltak:*", busy(base()))
    assert text.splitlines()[:9] == [
        "*Tiltak:* 12 åpne, 2 over fristen",
        "*Politiet*",
        "• :red_circle: ringe skolen · alle · *over fristen lør. 28. nov.*",
        "• Verge eller representant: avklare økonomien fram til helga · C · frist tor. 3. des.",
        "• Trygg retur: sende begjæring til retten · B · frist tir. 8. des.",
        "*Barneverntjenesten*",
        "• :red_circle: Et sted å bo: avklare økonomien fram til helga · B · *over fristen søn. 29. nov.*",
        "• Tolk: sende begjæring til retten · alle · frist fre. 4. des.",
        "• Familie: avtale tid · C · frist ons. 9. des.",
    ]
    assert "*Bistandsadvokaten* (må ringes)" in text
    assert "*botilbud 1* (må ringes)" in text


def test_of_many_actions_the_late_ones_stand_first_and_of_the_others_the_next() -> None:
    text = part("*Tiltak:*", seven_twelve_forty())
    assert text.splitlines()[:12] == [
        "*Tiltak:* 40 åpne, 4 over fristen",
        "*Politiet*",
        "• :red_circle: ringe skolen · alle · *over fristen lør. 28. nov.*",
        "• :red_circle: ringe skolen · alle · *over fristen søn. 29. nov.* … og 2 til",
        "*Barneverntjenesten*",
        "• :red_circle: Et sted å bo: avklare økonomien fram til helga · B · *over fristen søn. 29. nov.*"
        " … og 3 til",
        "*Politiet i Stavanger*",
        "• :red_circle: Trygg retur: avtale tid · C · *over fristen lør. 28. nov.* … og 2 til",
        "*Sosialtjenesten* (må ringes)",
        "• Tiltak fra barnevernet: sende begjæring til retten · C · frist man. 30. nov. … og 3 til",
        "*Bistandsadvokaten* (må ringes)",
        "• Helsehjelp: avtale tid · alle · frist tir. 1. des. … og 3 til",
    ]
    assert len(text.splitlines()) == 1 + 12 + 13


def test_how_they_ended_is_told_apart() -> None:
    assert "Avsluttede tiltak: 1 utført · 1 lot seg ikke gjøre · 1 ikke utført" in shown(made(busy(base())))


@every("language", Language)
def test_seven_persons_twelve_agencies_forty_actions_fit(language: Language) -> None:
    """One message, which Slack takes, and in which every agency can be found with what is most urgent."""
    file = seven_twelve_forty()
    message = made(file, language)
    assert check_message(message.blocks) == []
    assert len(message.blocks) <= 50
    assert len(json.dumps(message.blocks)) < 40_000
    for involvement in file.current():
        assert f"*{file.agency_of(involvement.id).shown_name}*" in shown(message)


def test_the_meeting_begins_with_the_open_actions() -> None:
    first = "\n*Først på dagsordenen:* de åpne tiltakene\n*Avklar før møtet:*"
    assert first in body(made(busy(base())))[1]
    assert "Først på dagsordenen" not in shown(made(base()))


def test_in_home_the_owner_sees_their_own_and_the_coordinator_what_is_nobodys() -> None:
    mine = home("police", busy(base()))
    rows = [text for text in read(mine) if text.startswith("*k7f3:*")]
    assert rows[0] == "*k7f3:* :red_circle: ringe skolen · alle · *over fristen lør. 28. nov.*"
    assert [v for label, a, v in buttons(mine) if a == "action_done"] == ["action-0", "action-5", "action-10"]
    team = "\n".join(read(home("lead", busy(base()))))
    assert (
        ":red_circle: *Ingen har tatt ansvar for:* Et sted å bo, Tolk og Familie\n"
        "12 åpne tiltak, 2 over fristen" in team
    )
    assert "ringe skolen" not in "\n".join(read(home("stranger", busy(base()))))
