"""Colleagues to choose between: numbered or by name, and marked where they have said no."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.case.entities import Answer, SeatEnd
from bot.domain.case.file import CaseFile
from handlers.answers.modals import decline_form
from tests.handlers.cases import NOW, amend, base
from tests.handlers.forms import NB, built, fields, said

NASTY = "<!channel> *x* <@U0EVIL> & " + "æ" * 200


def test_colleagues_are_numbered() -> None:
    """An option holds no mention, so each has a number in both places."""
    view = built("pass_on")
    assert "1. <@U0POLICE> (Vakt)\n2. <@U0POLICE2>" in said(view)
    options = fields(view)["colleague"]["element"]["options"]
    assert [o["text"]["text"] for o in options] == ["1. Vakt – svarte «Kan ikke»", "2. kontaktperson"]
    assert [o["value"] for o in options] == ["contact-police", "contact-police2"]


def test_who_has_no_account_is_no_line_and_one_alone_no_number() -> None:
    """«1. Vaktadvokat» stood above the field, and told nothing that the field does not."""
    alone = built("record_answer")
    assert "Kolleger som kan være vara" not in said(alone)
    assert [o["text"]["text"] for o in fields(alone)["deputy"]["element"]["options"]] == ["Vakt"]


def test_the_reason_for_not_coming_may_be_left_out_and_may_be_another() -> None:
    why = fields(built("decline"))["reason"]
    assert why["optional"] is True
    assert why["element"]["options"][-1]["text"]["text"] == "Annet"


def deputies_of(file: CaseFile, *contact_ids: str) -> list[str]:
    """The list of those whom the police can send."""
    contacts = [c for id in contact_ids for c in file.contacts if c.id == id]
    ask = next(a for a in file.asks if a.id == "ask-police")
    view = decline_form(NB, file, ask, contacts, {"police2": "Kari", "police": "Ola"})
    return [o["text"]["text"] for o in fields(view)["deputy"]["element"]["options"]]


def test_who_is_not_on_slack_stands_by_title_and_the_coordinator_rings_them() -> None:
    file = base()
    lawyer = replace(file.contacts[0], id="lawyer", person_id="counsel", title="Vaktadvokat")
    file = replace(file, contacts=(*file.contacts, lawyer))
    assert deputies_of(file, "contact-police2", "lawyer") == ["Kari", "Vaktadvokat (koordinatoren ringer)"]


def test_who_has_said_no_is_marked_in_the_list_of_deputies() -> None:
    file = base()
    said_no = "Ola (Vakt) – svarte «Kan ikke»"
    assert deputies_of(file, "contact-police", "contact-police2") == ["Ola (Vakt)", "Kari"]
    declined = amend(file, "ask-police", answer=Answer.DECLINED, answered_at=NOW)
    assert deputies_of(declined, "contact-police", "contact-police2") == [said_no, "Kari"]
    passed_on = amend(amend(file, "ask-police", withdrawn_at=NOW), "seat-police", ended_at=NOW)
    assert deputies_of(passed_on, "contact-police") == ["Ola (Vakt)"]
    passed_on = amend(passed_on, "seat-police", end=SeatEnd.PASSED_ON)
    assert deputies_of(passed_on, "contact-police") == [said_no]
    held = amend(declined, "meeting", registered_at=NOW)
    assert deputies_of(held, "contact-police") == ["Ola (Vakt)"]
