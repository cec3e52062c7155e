"""«Ikke vår sak» as it is read: the coordinator gets the reason, the room that the service takes no part."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.language import Language
from bot.domain.notification_params import At
from bot.domain.notifications import Kind
from handlers.overview.card import card
from tests.every import every
from tests.handlers.cases import NOW, WHEN, amend, ctx, render
from tests.handlers.delivery.disclosed_cases import STATES
from tests.handlers.reading import buttons, shown

SAID = STATES["not the case of social"]
TOLD = At(NOW)


def test_the_coordinator_gets_the_reason_the_number_and_two_buttons() -> None:
    made = render(ctx(SAID, Kind.NOT_OURS, "part-social", "lead", params=TOLD))
    assert made is not None
    assert shown(made).startswith(
        "*qzagencysocial: ikke vår sak* (qzcode)\n<@U0SOCIAL> har svart: et annet distrikt eller kontor."
    )
    assert "*Vakttelefon:* qzlinesocial" in shown(made)
    assert buttons(made) == [
        ("Godta", "accept_not_ours", "part-social"),
        ("Spør igjen", "ask_again", "part-social"),
    ]


@every("reader", ["second", "police", "social", None])
def test_nobody_else_gets_it(reader: str | None) -> None:
    assert render(ctx(SAID, Kind.NOT_OURS, "part-social", reader, params=TOLD)) is None


def test_it_goes_once_it_is_settled() -> None:
    for settled in (
        amend(SAID, "part-social", ended_at=NOW),
        amend(SAID, "part-social", not_ours=None, not_ours_at=None, not_ours_by=None),
        amend(SAID, "part-social", not_ours_at=NOW + timedelta(minutes=1)),
    ):
        assert render(ctx(settled, Kind.NOT_OURS, "part-social", "lead", params=TOLD)) is None


def test_the_room_sees_that_the_service_takes_no_part_and_not_why() -> None:
    read = shown(card(ctx(SAID, Kind.ROOM, "case")))
    assert "*qzagencysocial:* deltar ikke" in read
    assert "distrikt" not in read


def test_whoever_said_so_reads_that_they_need_do_nothing_more() -> None:
    made = render(ctx(SAID, Kind.ACKNOWLEDGEMENT, "seat-social", "social"))
    assert made is not None
    assert "har svart: ikke vår sak*" in shown(made)
    assert f"Gjelder bare forespørselen om møtet {WHEN}." in shown(made)
    assert "qzcode" not in shown(made)
    confirmed = render(
        ctx(amend(SAID, "seat-social", acknowledged_at=NOW), Kind.ACKNOWLEDGEMENT, "seat-social", "social")
    )
    assert "Gjelder bare sak qzcode." in shown(confirmed)
    assert "Gjelder bare forespørselen" not in shown(confirmed)
    assert [(label, action) for label, action, _ in buttons(made)] == [
        ("Angre – det er vår sak", "take_back_not_ours")
    ]


def test_in_three_languages() -> None:
    for language, said in (
        (Language.NB, "ikke vår sak"),
        (Language.NN, "ikkje vår sak"),
        (Language.EN, "not our case"),
    ):
        made = render(ctx(SAID, Kind.NOT_OURS, "part-social", "lead", language=language, params=TOLD))
        assert made is not None
        assert said in shown(made)
