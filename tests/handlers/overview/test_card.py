"""The case card."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.case.entities import Answer
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind
from handlers.blocks.context import Block, Message
from handlers.overview.card import card
from tests.handlers.cases import NOW, STARTS, amend, base, ctx, with_deputy
from tests.handlers.reading import body, shown

EMERGENCY = "*En melding her er verken alarm eller bekymringsmelding. Akutt: ring 112 eller barnevernvakten.*"


def made(file: CaseFile, **more: object) -> Message:
    return card(ctx(file, Kind.ROOM, "case", **more))  # type: ignore[arg-type]


def menus(message: Message) -> list[list[tuple[str, str]]]:
    accessories: list[Block] = [b["accessory"] for b in message.blocks if "accessory" in b]
    assert {a["action_id"] for a in accessories} <= {"involvement"}
    return [[(o["text"]["text"], o["value"]) for o in a["options"]] for a in accessories]


def test_the_card_of_an_open_case() -> None:
    assert body(made(base())) == [
        "Sak k7f3",
        "*Fase:* akuttfase\n*Personer:* A, B og C\n*Ba om TOT:* Politiet\n*Koordinerer:* <@U0LEAD>",
        "*Neste møte*\ntirsdag 1. desember 2026 kl. 10:00–11:00\nRådhuset, rom 2\n"
        "*Dagsorden*\n> Hvem gjør hva de neste dagene",
        "*Tiltak:* ingen åpne",
        "*Politiet:* med i saken\nNeste møte: har ikke svart\nAnsvarlig: <@U0POLICE>\n"
        "Gjelder A og B · etterforskning · lovhjemmel",
        "*Barneverntjenesten:* med i saken\nNeste møte: har ikke svart\nAnsvarlig: <@U0CHILD>\n"
        "Gjelder A, B og C · vern og omsorg for barn · lovhjemmel",
        "*Sosialtjenesten:* spurt\nNeste møte: har ikke bekreftet taushetsplikten\nSpurt: <@U0SOCIAL>\n"
        "Gjelder A, B og C · penger til livsopphold · samtykke",
        "*Bistandsadvokaten:* skal spørres\nNeste møte: må ringes\nSkal ringes: Vakt\n"
        "Gjelder A, B og C · juridisk hjelp · samtykke",
        "*botilbud 1:* skal spørres\nNeste møte: må ringes\nNås gjennom koordinatoren\n"
        "Gjelder A, B og C · et sted å bo · samtykke",
        "*Helsetjenesten:* ventet, men ikke spurt ennå\nGjelder A, B og C · helsehjelp · samtykke",
        "*Mangler*\n"
        "• <@U0SECOND> har ikke bekreftet taushetsplikten som koordinator.\n"
        "• Bistandsadvokaten: må ringes.\n"
        "• botilbud 1: må ringes.\n"
        "• Sosialtjenesten: taushetsplikten er ikke bekreftet.\n"
        "• Politiet: har ikke svart på innkallingen.\n"
        "• Barneverntjenesten: har ikke svart på innkallingen.",
    ]


def test_it_says_what_slack_is_not_and_what_the_bot_cannot_delete() -> None:
    small = [e["text"] for b in made(base()).blocks if b["type"] == "context" for e in b["elements"]]
    assert small == [
        EMERGENCY,
        "Skriv aldri navn eller andre personopplysninger her. Hver tjeneste fører sitt eget.",
        "30 dager etter at saken er avsluttet, sletter jeg meldingene mine og arkiverer rommet. Det andre "
        "skriver her, kan jeg ikke slette.",
    ]


def test_each_agency_has_its_menu_and_an_expected_one_can_be_asked() -> None:
    found = menus(made(base()))
    assert found[0] == [("Endre …", "change:part-police"), ("Avslutt deltakelsen …", "release:part-police")]
    assert found[-1] == [
        ("Spør nå …", "ask:part-health"),
        ("Endre …", "change:part-health"),
        ("Avslutt deltakelsen …", "release:part-health"),
    ]
    assert len(found) == 6


def test_ended_agencies_share_a_line_without_a_menu() -> None:
    over = amend(amend(base(), "part-police", ended_at=NOW), "part-shelter", ended_at=NOW)
    message = made(over)
    assert len(menus(message)) == 4
    assert "*Deltakelsen er avsluttet:* Politiet og botilbud 1" in shown(message)


def test_an_agency_that_was_only_expected_is_not_said_to_have_left() -> None:
    assert "avsluttet:*" not in shown(made(amend(base(), "part-health", ended_at=NOW)))


def test_a_deputy_stands_on_the_card() -> None:
    row = body(made(with_deputy(base(), answer=Answer.CONFIRMED)))[4]
    assert row.splitlines()[1:4] == [
        "Neste møte: vara kommer",
        "Ansvarlig: <@U0POLICE>",
        "Vara: <@U0POLICE2>",
    ]


def test_without_a_next_meeting() -> None:
    message = made(base(), now=STARTS + timedelta(hours=2))
    assert "*Neste møte*\nIkke satt ennå." in body(message)
    assert "• Oppmøtet på forrige møte er ikke registrert.\n• Det er ikke satt noe nytt møte." in shown(
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
    assert body(made(file))[-1] == "*Ingenting mangler nå.*"


def test_the_card_of_a_closed_case() -> None:
    closed = amend(base(), "case", closed_at=NOW, delete_on=date(2026, 12, 30))
    for key in ("police", "health"):
        closed = amend(closed, f"part-{key}", ended_at=NOW)
    message = made(closed)
    assert body(message) == [
        "Sak k7f3 (avsluttet)",
        "*Avsluttet mandag 30. november 2026.* Onsdag 30. desember 2026 sletter jeg meldingene mine og "
        "arkiverer rommet. Det andre har skrevet her, kan jeg ikke slette.",
        "*Koordinerer:* <@U0LEAD>",
    ]
    small = [e["text"] for b in message.blocks if b["type"] == "context" for e in b["elements"]]
    assert small == ["*Deltakelsen er avsluttet:* Politiet", EMERGENCY]
    assert menus(message) == []
