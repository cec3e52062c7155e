"""What has happened, said once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.entities import Answer, DeclineReason, Phase, SeatEnd
from bot.domain.case.file import CaseFile
from bot.domain.notification_params import Move, Params, Undelivered
from bot.domain.notifications import Kind
from handlers.blocks.context import File, Message
from tests.every import every
from tests.handlers import cases
from tests.handlers.cases import NOW, SPAN, STARTS, WHEN, amend, base, ctx, with_deputy
from tests.handlers.reading import body, buttons, shown


def render(
    file: CaseFile, kind: Kind, subject: str, reader: str | None = None, params: Params | None = None
) -> Message | File | None:
    return cases.render(ctx(file, kind, subject, reader, params=params))


DECLINED = amend(base(), "ask-police", answer=Answer.DECLINED, reason=DeclineReason.AWAY)
RELEASED = amend(
    amend(amend(base(), "part-police", ended_at=NOW), "seat-police", ended_at=NOW, end=SeatEnd.PART_OVER),
    "ask-police",
    withdrawn_at=NOW,
)
CANCELLED = amend(base(), "meeting", cancelled_at=NOW)
DELETED = date(2026, 12, 30)
CLOSED = amend(base(), "case", closed_at=NOW, delete_on=DELETED)


def test_part_over_is_a_thank_you_that_says_which_case_and_nothing_else_of_it() -> None:
    made = render(RELEASED, Kind.PART_OVER, "part-police", "police")
    assert body(made) == [
        "*Dere er ferdige i sak k7f3 i TOT Bergen.* Takk for at du var med.\n"
        "Du ser ikke lenger saksrommet, og meldingene mine om saken er fjernet her. Ligger det møter i "
        "kalenderen din, må du slette dem selv.\n"
        "Taushetsplikten gjelder fortsatt. Andre saker du er med i, går som før.\n"
        "Lurer du på noe, spør <@U0LEAD>."
    ]
    handed = amend(amend(RELEASED, "part-police", ended_at=None), "seat-police", end=SeatEnd.HANDED_OVER)
    assert body(render(handed, Kind.PART_OVER, "part-police", "police"))[0].startswith(
        "*Du er ute av sak k7f3 i TOT Bergen.* Takk"
    )
    closed = amend(
        amend(RELEASED, "seat-police", end=SeatEnd.CASE_CLOSED), "case", closed_at=NOW, delete_on=DELETED
    )
    assert body(render(closed, Kind.PART_OVER, "part-police", "police"))[0].startswith(
        "*Sak k7f3 i TOT Bergen er avsluttet.* Takk for at du var med.\n"
    )
    assert render(base(), Kind.PART_OVER, "part-police", "police") is None
    assert render(RELEASED, Kind.PART_OVER, "part-police", "child") is None


def test_a_deputy_reads_that_their_part_in_the_meeting_is_over() -> None:
    file = amend(with_deputy(base(), confirmed=True, answer=Answer.CONFIRMED), "meeting", registered_at=NOW)
    gone = amend(file, "seat-deputy", ended_at=NOW, end=SeatEnd.MEETING_REGISTERED)
    made = render(gone, Kind.PART_OVER, "part-police", "police2")
    assert body(made)[0].startswith(f"*Du var vara på møtet i TOT Bergen {WHEN}. Delen din er ferdig.* Takk")
    for other in (
        amend(gone, "ask-deputy", answer=None),
        amend(gone, "seat-deputy", end=SeatEnd.PART_OVER),
    ):
        assert body(render(other, Kind.PART_OVER, "part-police", "police2"))[0].startswith(
            "*Du er ute av sak k7f3"
        )


def test_part_over_says_nothing_of_calendars_when_no_meeting_was_ahead() -> None:
    entry = CalendarEntry(
        *("entry", "police@mail.example", "uid", "token", NOW, STARTS, STARTS, NOW, 0),
        case_id="case",
        ask_id="ask-police",
    )
    mailed = replace(RELEASED, entries=(entry,))
    assert "Kalenderen din får beskjed på e-post." in shown(
        render(mailed, Kind.PART_OVER, "part-police", "police")
    )
    held = amend(mailed, "meeting", starts_at=NOW - timedelta(days=1), registered_at=NOW - timedelta(hours=1))
    for file in (held, amend(mailed, "ask-police", withdrawn_at=NOW - timedelta(days=1))):
        made = body(render(file, Kind.PART_OVER, "part-police", "police"))
        assert "fjernet her.\nTaushetsplikten gjelder fortsatt." in made[0]


def test_part_over_for_somebody_who_had_only_been_asked() -> None:
    asked = amend(RELEASED, "seat-police", acknowledged_at=None)
    assert body(render(asked, Kind.PART_OVER, "part-police", "police")) == [
        "*Forespørselen fra TOT Bergen er trukket tilbake.* Du trenger ikke å svare. "
        "Taushetsplikten gjelder også at du ble spurt.\nLurer du på noe, spør <@U0LEAD>."
    ]


def test_part_over_does_not_claim_that_access_is_over_when_it_is_not() -> None:
    child = base().seat("seat-child")
    assert child is not None
    other = replace(child, id="seat-both", person_id="police")
    file = replace(RELEASED, seats=(*RELEASED.seats, other))
    assert "Du har fortsatt tilgang i en annen." in shown(
        render(file, Kind.PART_OVER, "part-police", "police")
    )


def test_another_coordinator_hears_of_a_move_until_the_next() -> None:
    moved = amend(base(), "meeting", sequence=1, moved_from=STARTS - timedelta(days=1))
    assert body(render(moved, Kind.MEETING_MOVED, "meeting", "lead", Move(1))) == [
        "*Sak k7f3*\n*Møtet er flyttet* fra mandag 30. november kl. 10.\n"
        f"*Når:* {SPAN}\n*Hvor:* Rådhuset, rom 2\nAlle er spurt på nytt."
    ]
    again, off = amend(moved, "meeting", sequence=2), amend(moved, "meeting", cancelled_at=NOW)
    for file in (again, off, amend(moved, "case", closed_at=NOW)):
        assert render(file, Kind.MEETING_MOVED, "meeting", "lead", Move(1)) is None
    for reader in (None, "police"):
        assert render(moved, Kind.MEETING_MOVED, "meeting", reader, Move(1)) is None


def test_what_told_of_deputies_who_were_let_go_by_a_move_is_taken_away() -> None:
    moved = amend(base(), "meeting", sequence=1, starts_at=STARTS + timedelta(days=1))
    for reader, move in (("police2", Move(1, STARTS)), ("lead", Move(1, STARTS, "ask-counsel"))):
        assert render(moved, Kind.MEETING_MOVED, "meeting", reader, move) is None


def test_meeting_cancelled_to_the_room_and_to_those_entitled() -> None:
    assert body(render(CANCELLED, Kind.MEETING_CANCELLED, "meeting")) == [
        f"*Møtet {WHEN} er avlyst.* Ingen trenger å møte.\n"
        "Ligger det i kalenderen din, slett det selv. Det kan ikke jeg gjøre."
    ]
    own = render(CANCELLED, Kind.MEETING_CANCELLED, "meeting", "police")
    assert body(own)[0].startswith(f"*Møtet i sak k7f3 {WHEN} er avlyst.* Du trenger ikke å møte.")
    assert render(base(), Kind.MEETING_CANCELLED, "meeting") is None
    assert render(CANCELLED, Kind.MEETING_CANCELLED, "meeting", "social") is None
    left = amend(CANCELLED, "seat-police", ended_at=NOW, end=SeatEnd.PART_OVER)
    assert render(left, Kind.MEETING_CANCELLED, "meeting", "police") is None
    assert (
        render(amend(CANCELLED, "case", closed_at=NOW), Kind.MEETING_CANCELLED, "meeting", "police") is None
    )


def test_a_deputy_whose_seat_ended_with_the_meeting_learns_the_time_alone() -> None:
    file = amend(with_deputy(CANCELLED, confirmed=True), "seat-deputy", ended_at=NOW, end=SeatEnd.NOT_NEEDED)
    seen = shown(render(file, Kind.MEETING_CANCELLED, "meeting", "police2"))
    assert f"*Møtet {WHEN} er avlyst.* Du trenger ikke å møte som vara." in seen
    assert "k7f3" not in seen


def test_phase_changed() -> None:
    working = amend(base(), "case", phase=Phase.WORKING)
    assert render(working, Kind.PHASE_CHANGED, "case") is None, "the card says what it means"
    assert render(working, Kind.PHASE_CHANGED, "case", "lead") is None, "not who has not confirmed"
    for seat in ("seat-counsel", "seat-shelter"):
        working = amend(working, seat, acknowledged_at=NOW)
    assert body(render(working, Kind.PHASE_CHANGED, "case", "lead")) == [
        "*Sak k7f3 er i arbeidsfasen.* Si fra til Bistandsadvokaten og botilbud 1, som ikke leser rommet."
    ]
    assert render(working, Kind.PHASE_CHANGED, "case", "police") is None


def test_a_forfall_in_the_calendar_is_asked_about_until_a_deputy_is_named() -> None:
    asked = render(amend(DECLINED, "ask-police", reason=None), Kind.CALENDAR_ANSWER, "ask-police", "police")
    assert "hvem kan være vara for Politiet?" in shown(asked)
    named = amend(with_deputy(base()), "ask-police", reason=None)
    assert render(named, Kind.CALENDAR_ANSWER, "ask-police", "police") is None, "the reason is their own"


def test_case_closed_shows_the_deletion_date() -> None:
    assert body(render(CLOSED, Kind.CASE_CLOSED, "case")) == [
        "*Saken er avsluttet.* Alle andre enn koordinatorene er tatt ut av rommet.\n"
        "Tidligst onsdag 30. desember sletter jeg meldingene mine og arkiverer rommet. Det som andre har "
        "skrevet her, må den som styrer Slack, slette."
    ]
    assert render(base(), Kind.CASE_CLOSED, "case") is None
    assert render(CLOSED, Kind.CASE_CLOSED, "case", "police") is None


def test_before_the_deletion_a_coordinator_learns_what_goes_only_by_hand() -> None:
    recorded = amend(amend(CLOSED, "part-police", on_record="case"), "part-child", on_record="case")
    assert body(render(recorded, Kind.DELETION_SOON, "case", "lead")) == [
        "*Sak k7f3 slettes onsdag 30. desember.* Jeg sletter meldingene mine. Det som andre har skrevet i "
        "saksrommet, må den som styrer Slack, slette før det.\n*Saksrom:* <#C0ROOM>"
    ]
    assert render(CLOSED, Kind.DELETION_SOON, "case", "police") is None
    assert render(base(), Kind.DELETION_SOON, "case", "lead") is None


def test_at_the_end_a_coordinator_learns_whom_nobody_else_tells() -> None:
    closed = CLOSED
    for seat in ("police", "child", "social", "counsel", "shelter"):
        closed = amend(closed, f"seat-{seat}", ended_at=NOW, end=SeatEnd.CASE_CLOSED)
    assert render(closed, Kind.CASE_CLOSED, "case", "lead") is None, "who has not confirmed knows nothing"
    for seat in ("seat-counsel", "seat-shelter"):
        closed = amend(closed, seat, acknowledged_at=NOW)
    assert body(render(closed, Kind.CASE_CLOSED, "case", "lead"))[:1] == [
        "*Sak k7f3 er avsluttet.* Disse leser ikke saksrommet, og må få vite det av deg: "
        "Bistandsadvokaten og botilbud 1."
    ]
    released = amend(closed, "seat-counsel", end=SeatEnd.PART_OVER)
    assert "Bistandsadvokaten" not in shown(render(released, Kind.CASE_CLOSED, "case", "lead"))
    assert render(closed, Kind.CASE_CLOSED, "case", "police") is None


def test_intruder_is_loud_and_for_coordinators_alone() -> None:
    made = render(base(), Kind.INTRUDER, "case", "lead")
    assert body(made)[0].startswith(":rotating_light: *Noen uten tilgang kom inn i saksrommet for k7f3*\n")
    assert "<#C0ROOM>" in shown(made)
    assert render(base(), Kind.INTRUDER, "case", "second") is None
    assert render(base(), Kind.INTRUDER, "case", "police") is None


def test_kick_refused_stands_while_they_are_there() -> None:
    refused = amend(base(), "room", kick_refused=True)
    assert body(render(refused, Kind.KICK_REFUSED, "case")) == [
        ":rotating_light: *Ikke skriv her.* Noen uten tilgang er i rommet, og Slack nekter meg å ta dem "
        "ut.\nKoordinatoren må ta dem ut for hånd eller arkivere rommet."
    ]
    assert "Ta dem ut for hånd nå. Går ikke det, arkiver rommet." in shown(
        render(refused, Kind.KICK_REFUSED, "case", "lead")
    )
    assert render(refused, Kind.KICK_REFUSED, "case", "police") is None
    assert render(base(), Kind.KICK_REFUSED, "case") is None


def test_seat_left_asks_until_it_is_answered() -> None:
    made = render(base(), Kind.SEAT_LEFT, "seat-police", "police")
    assert buttons(made) == [
        ("Nei, ta meg inn igjen", "left_stays", "seat-police"),
        ("Ja, jeg er ferdig", "left_over", "seat-police"),
    ]
    back = amend(base(), "room", members=("lead", "police"))
    for file in (back, RELEASED, amend(base(), "case", closed_at=NOW)):
        assert render(file, Kind.SEAT_LEFT, "seat-police", "police") is None


@every(
    ("subject", "lost", "text"),
    [
        (
            "ask-police",
            Undelivered(Kind.SUMMONS, "police", "0"),
            ":warning: *Innkallingen kom ikke fram*\nDet var til <@U0POLICE> (Politiet) i sak k7f3. Slack "
            "ville ikke levere. Ta kontakt på en annen måte.\n*Vakttelefon:* 55 00 00 63",
        ),
        (
            "seat-social",
            Undelivered(Kind.ACKNOWLEDGEMENT, "social", ""),
            ":warning: *Spørsmålet om taushetsplikt kom ikke fram*\nDet var til <@U0SOCIAL> "
            "(Sosialtjenesten) i sak k7f3. Slack ville ikke levere. Ta kontakt på en annen måte.\n"
            "Vakttelefon er ikke lagt inn.",
        ),
        (
            "meeting",
            Undelivered(Kind.MEETING_MOVED, None, "1.."),
            ":warning: *En melding til saksrommet for k7f3 kom ikke fram*\nSlack ville ikke levere. Se på "
            "rommet, og si fra der selv.",
        ),
        (
            "meeting",
            Undelivered(Kind.MEETING_SOON, "police", "before24.1796"),
            ":warning: *En påminnelse kom ikke fram*\nDet var til <@U0POLICE> i sak k7f3. Slack ville ikke "
            "levere.",
        ),
    ],
)
def test_not_delivered_says_what_and_to_whom(subject: str, lost: Undelivered, text: str) -> None:
    assert body(render(base(), Kind.NOT_DELIVERED, subject, "lead", params=lost)) == [text]
    assert render(base(), Kind.NOT_DELIVERED, subject, "second", params=lost) is None
