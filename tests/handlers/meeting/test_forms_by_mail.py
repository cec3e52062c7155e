"""Forms to those who get mail: nobody is told to ring whom a mail reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.case.calendar import CalendarEntry, Post, Trouble
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.texts.words import words
from handlers.blocks.people import in_agency
from handlers.meeting.modals import cancel_form
from tests.every import every
from tests.handlers.cases import NOW, STARTS, amend, base
from tests.handlers.reading import shown

NB = words(Language.NB)


def mailed(**facts: Any) -> CaseFile:
    """The counsel has confirmed by phone, and was sent an invite."""
    entry = CalendarEntry(
        *("entry", "counsel@mail.example", "uid", "token", NOW, STARTS, STARTS, NOW, 0),
        post=Post.SENT,
        case_id="case",
        ask_id="ask-counsel",
    )
    return replace(amend(base(), "seat-counsel", acknowledged_at=NOW), entries=(replace(entry, **facts),))


def asked(file: CaseFile) -> str:
    return in_agency(NB, file, file.agencies["agency-counsel"], "counsel")


def test_a_mail_goes_and_a_call_only_where_it_is_urgent() -> None:
    assert asked(mailed()) == "• Bistandsadvokaten: Vakt. Får e-post. Ring hvis det haster."
    said = shown(cancel_form(NB, mailed(), list(mailed().meetings))["blocks"])
    assert "   Bistandsadvokaten får e-post. Ring hvis det haster." in said
    assert "Du må selv si fra til botilbud 1." in said


@every("facts", [{"post": Post.REFUSED}, {"trouble": Trouble.LOGIN}])
def test_who_gets_no_mail_has_to_be_rung(facts: dict[str, Any]) -> None:
    for file in (mailed(**facts), replace(mailed(), entries=())):
        assert asked(file) == "• Bistandsadvokaten: Vakt. Nås ikke her i Slack: du må ringe."
        said = shown(cancel_form(NB, file, list(file.meetings))["blocks"])
        assert "Du må selv si fra til Bistandsadvokaten og botilbud 1." in said
