"""«Ring disse»: whom to ring, with the number, and what was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import answers
from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import Answer, DeclineReason, Via
from bot.domain.case.file import CaseFile
from bot.domain.notification_params import At
from bot.domain.notifications import Kind
from handlers.answers.calls import call_list
from handlers.blocks.context import Message
from handlers.overview.card import card
from tests.handlers.cases import ASKED, NOW, WHEN, amend, base, ctx, with_deputy
from tests.handlers.reading import body, buttons, shown

MINUTE = timedelta(minutes=1)


def calls(file: CaseFile, reader: str = "lead", at: datetime = NOW) -> Message | None:
    return call_list(ctx(file, Kind.CALL_LIST, "meeting", reader, params=At(at)))


def counsel(**ask: object) -> CaseFile:
    return amend(amend(base(), "seat-counsel", acknowledged_at=NOW), "ask-counsel", **ask)


def silent(key: str = "police", until: int = 1) -> CaseFile:
    """An agency that has not answered, so many steps on."""
    file = base()
    asked = file.ask(f"ask-{key}")
    assert asked is not None
    steps = (
        EscalationStep(f"step-{kind}", "case", asked.duty_id, asked.id, 0, kind, ASKED + m * MINUTE, key)
        for kind, m in zip(StepKind, (15, 30, 60, 90), strict=True)
    )
    return replace(file, steps=tuple(steps)[:until])


def test_taushetsplikt_first() -> None:
    made = calls(base())
    assert body(made) == [
        f"*Ring disse: sak k7f3, møtet {WHEN}*\nFå taushetsplikten bekreftet først. Registrer svaret her.",
        "*Bistandsadvokaten:* Vakt\n*E-post:* counsel@mail.example\nTaushetsplikten er ikke bekreftet.",
        "*botilbud 1:* kontaktpersonen hos botilbud 1\n*Vakttelefon:* 55 00 00 01\n"
        "Taushetsplikten er ikke bekreftet.",
    ]
    assert buttons(made) == [
        ("Registrer svar", "record_answer", "ask-counsel|0"),
        ("Registrer svar", "record_answer", "ask-shelter|0"),
    ]


def test_then_the_answer() -> None:
    made = calls(counsel())
    assert body(made)[1].endswith("Må ringes.")
    assert buttons(made)[0] == ("Registrer svar", "record_answer", "ask-counsel|0")


def test_who_was_told_another_time_by_telephone_has_to_hear_the_new_one() -> None:
    moved = amend(base(), "meeting", sequence=1, moved_from=NOW + timedelta(hours=1))
    asked = {"asked_at": NOW, "sequence": 1, "asked_anew": True}
    for key, rung in (("police", True), ("police", False)):
        made = calls(amend(moved, f"ask-{key}", **asked, ring_anew=rung))
        said = (
            "*Politiet:* <@U0POLICE>\n*Vakttelefon:* 55 00 00 63\n"
            "Må ringes. *Møtet er flyttet* fra mandag 30. november kl. 10:30. Si fra om ny tid."
        )
        assert (said in body(made)) is rung


def test_who_is_on_slack_and_silent_stands_there_with_the_number_and_what_was_done() -> None:
    made = calls(silent(until=2))
    assert body(made)[3] == (
        "*Politiet:* <@U0POLICE>\n*Vakttelefon:* 55 00 00 63\nHar ikke svart.\n"
        "Purret <@U0POLICE> 09:15. Spurte neste, <@U0POLICE>, 09:30."
    )
    assert buttons(made)[2] == ("Registrer svar", "record_answer", "ask-police|0")
    unconfirmed = calls(silent("social"))
    assert buttons(unconfirmed)[2] == ("Registrer svar", "record_answer", "ask-social|0")


def test_the_number_stands_there_alone() -> None:
    for file in (silent(until=4), base()):
        room = shown(card(ctx(file, Kind.ROOM, "case")))
        assert "55 00 00 63" not in room
        assert "55 00 00 01" not in room


def test_who_has_declined_alone_stands_there_until_somebody_comes_in_their_place() -> None:
    declined = amend(base(), "ask-police", answer=Answer.DECLINED, reason=DeclineReason.AWAY)
    made = calls(declined)
    assert body(made)[1].endswith(
        "Forfall uten vara. Grunn: borte fra jobb. Avtal med tjenesten hvem som kommer i stedet."
    )
    assert buttons(made)[0] == ("Endre svaret", "record_answer", "ask-police|0")
    for mended in (base(), with_deputy(base())):
        assert "Politiet" not in shown(calls(mended))


def test_a_deputy_who_is_silent_is_not_said_to_be_a_whole_agency_that_is() -> None:
    file = with_deputy(base())
    (deputy,) = (a for a in file.asks if a.deputy_for is not None)
    step = EscalationStep("step", "case", deputy.duty_id, deputy.id, 0, StepKind.COORDINATOR, NOW)
    said = shown(calls(replace(file, steps=(step,))))
    assert "*Politiet:* <@U0POLICE2> (vara)" in said
    assert "ngen der har bekreftet" not in said


def test_an_agency_of_which_nobody_can_be_asked_stands_there_with_its_line() -> None:
    file = amend(base(), "ask-police", withdrawn_at=NOW)
    assert body(calls(file))[-1] == (
        "*Politiet:* ingen å spørre. Finn ut hvem som kan komme, og legg inn en kontaktperson.\n"
        "*Vakttelefon:* 55 00 00 63"
    )


def test_a_list_from_before_somebody_new_has_to_be_rung_goes() -> None:
    file = silent()
    assert calls(file, at=ASKED) is None
    assert calls(file, at=ASKED + 15 * MINUTE) is not None
    assert calls(silent(until=4), at=ASKED + 15 * MINUTE) is not None, "nobody new"


def test_told_but_not_answered() -> None:
    made = calls(counsel(told_at=NOW, told_via=Via.PHONE))
    assert body(made)[1].endswith("Fikk beskjed på telefon (mandag 30. november kl. 09:30), har ikke svart.")


def test_answered_stays_on_the_list_and_can_be_changed() -> None:
    told = {"told_at": NOW, "told_via": Via.PHONE, "answered_at": NOW, "answered_by": "lead"}
    came = calls(counsel(answer=Answer.CONFIRMED, **told))
    assert body(came)[-1].endswith("Kommer.")
    assert buttons(came)[-1] == ("Endre svaret", "record_answer", "ask-counsel|0")
    all_done = amend(counsel(answer=Answer.CONFIRMED, **told), "ask-shelter", answer=Answer.CONFIRMED)
    assert body(calls(all_done))[0].startswith(f"*Ringt til møtet {WHEN} i sak k7f3*")
    declined = calls(counsel(answer=Answer.DECLINED, reason=DeclineReason.TRAVEL, **told))
    assert "Forfall uten vara. Grunn: på reise." in body(declined)[-1]


def test_a_shelter_without_a_duty_line_does_not_show_its_mail() -> None:
    made = calls(amend(base(), "agency-shelter", duty_line=None))
    assert body(made)[2].splitlines()[1] == "Vakttelefon er ikke lagt inn."


def test_only_for_a_confirmed_coordinator_and_only_when_there_is_somebody() -> None:
    assert calls(base(), "second") is None
    assert calls(base(), "police") is None
    nobody = base()
    for key in ("counsel", "shelter"):
        nobody = amend(nobody, f"ask-{key}", answer=Answer.CONFIRMED)
    for file in (nobody, amend(base(), "meeting", cancelled_at=NOW), amend(base(), "case", closed_at=NOW)):
        assert calls(file) is None


def test_a_second_step_of_the_same_minutes_names_the_list_that_is_about_to_stand() -> None:
    """Two lists stood where the second step was taken before the first one's list was posted."""
    first = silent()
    asked = first.ask("ask-social")
    assert asked is not None
    at = ASKED + 15 * MINUTE + timedelta(seconds=2)
    second = EscalationStep("second", "case", asked.duty_id, asked.id, 0, StepKind.REMINDER, at, "social")
    both = replace(first, steps=(*first.steps, second))
    (meeting,) = first.meetings
    assert [c.since for _, c in answers.calls(both, meeting)][-1] == at
    assert (
        answers.listed_at(both, meeting, ()) == answers.listed_at(first, meeting, ()) == ASKED + 15 * MINUTE
    )
