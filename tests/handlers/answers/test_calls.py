"""The list of those who must be rung."""

from __future__ import annotations

from bot.domain.case.entities import Answer, DeclineReason, Via
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind
from handlers.answers.messages import call_list
from handlers.blocks.context import Message
from tests.handlers.cases import NOW, amend, base, ctx
from tests.handlers.reading import body, buttons


def calls(file: CaseFile, reader: str = "lead") -> Message | None:
    return call_list(ctx(file, Kind.CALL_LIST, "meeting", reader))


def counsel(**ask: object) -> CaseFile:
    return amend(amend(base(), "seat-counsel", acknowledged_at=NOW), "ask-counsel", **ask)


def test_taushetsplikt_first() -> None:
    made = calls(base())
    assert body(made) == [
        "*Disse må nås utenom Slack: sak k7f3, møtet tirsdag 1. desember 2026 kl. 10:00*\n"
        "Taushetsplikten skal være bekreftet før du sier noe om saken. Har de fått innkallingen på e-post, "
        "står det under navnet; ellers gir du den på telefon. Registrer svaret her.",
        "*Bistandsadvokaten:* Vakt\n*E-post:* counsel@mail.example\nTaushetsplikten er ikke bekreftet.",
        "*botilbud 1:* kontaktpersonen hos botilbud 1\n*Vakttelefon:* 55 00 00 01\n"
        "Taushetsplikten er ikke bekreftet.",
    ]
    assert buttons(made) == [
        ("Før inn bekreftelsen", "record_acknowledgement", "seat-counsel"),
        ("Før inn bekreftelsen", "record_acknowledgement", "seat-shelter"),
    ]


def test_then_the_answer() -> None:
    made = calls(counsel())
    assert body(made)[1].endswith("Må ringes.")
    assert buttons(made)[0] == ("Registrer svar", "record_answer", "ask-counsel|0")


def test_told_but_not_answered() -> None:
    made = calls(counsel(told_at=NOW, told_via=Via.PHONE))
    assert body(made)[1].endswith(
        "Fikk beskjed på telefon (mandag 30. november 2026 kl. 09:30), har ikke svart."
    )


def test_answered_stays_on_the_list_and_can_be_changed() -> None:
    told = {"told_at": NOW, "told_via": Via.PHONE, "answered_at": NOW, "answered_by": "lead"}
    came = calls(counsel(answer=Answer.CONFIRMED, **told))
    assert body(came)[1].endswith("Kommer.")
    assert buttons(came)[0] == ("Endre svaret", "record_answer", "ask-counsel|0")
    declined = calls(counsel(answer=Answer.DECLINED, reason=DeclineReason.TRAVEL, **told))
    assert body(declined)[1].endswith("Forfall. Grunn: på reise.")


def test_a_shelter_without_a_duty_line_does_not_show_its_mail() -> None:
    made = calls(amend(base(), "agency-shelter", duty_line=None))
    assert body(made)[2].splitlines()[1] == "Vakttelefon er ikke lagt inn."


def test_only_for_a_confirmed_coordinator_and_only_when_there_is_somebody() -> None:
    assert calls(base(), "second") is None
    assert calls(base(), "police") is None
    nobody = amend(amend(base(), "ask-counsel", withdrawn_at=NOW), "ask-shelter", withdrawn_at=NOW)
    for file in (nobody, amend(base(), "meeting", cancelled_at=NOW), amend(base(), "case", closed_at=NOW)):
        assert calls(file) is None
