"""The summons in the place of the question: where it stands, and that it stands in one place alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.answers import first_summons
from bot.domain.case.entities import Answer, SeatEnd, Via
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.domain.notification_params import At, Revision
from bot.domain.notifications import Kind
from bot.texts.words import words
from handlers.answers.messages import acknowledgement, summons
from handlers.blocks.context import Message
from tests.every import every
from tests.handlers.cases import ASKED, NOW, amend, base, ctx, with_deputy
from tests.handlers.reading import body, buttons, shown, small

TITLE = "Kommer du på møtet i sak k7f3?"
DONE = "*Du bekreftet taushetsplikten for denne saken*"


def question(file: CaseFile, at: datetime | None = None) -> Message | None:
    params = At(at) if at is not None else None
    return acknowledgement(ctx(file, Kind.ACKNOWLEDGEMENT, "seat-police", "police", params=params))


def own_message(file: CaseFile, ask: str = "ask-police") -> Message | None:
    found = file.ask(ask)
    assert found is not None
    return summons(ctx(file, Kind.SUMMONS, ask, "police", params=Revision(found.sequence)))


def test_whoever_has_confirmed_finds_the_summons_where_they_tapped() -> None:
    asked = question(amend(base(), "seat-police", acknowledged_at=None, acknowledged_via=None))
    assert [name for _, name, _ in buttons(asked)] == ["acknowledge", "send_on", "not_ours"]
    made = question(base())
    assert body(made)[0].startswith(f"*{TITLE}*")
    assert [name for _, name, _ in buttons(made)] == ["confirm", "decline", "not_ours"], (
        "two acts, two buttons"
    )
    assert "Avvergeplikten gjelder alle" in small(asked)[0], "whole where it is confirmed"
    below = small(made)[-1]
    assert below.splitlines()[-1] == words(Language.NB)("acknowledgement.where")
    assert len(below.splitlines()) == 2
    for each in (asked, made):
        assert isinstance(each, Message)
        assert [b["type"] for b in each.blocks[:2]] == ["section", "actions"], (
            "the buttons are where they were"
        )
    assert own_message(base()) is None


def test_the_answer_is_shown_and_changed_there() -> None:
    answered = amend(base(), "ask-police", answer=Answer.CONFIRMED, answered_at=NOW, answered_by="police")
    made = question(answered)
    assert "Du kommer på møtet" in shown(made)
    assert [name for _, name, _ in buttons(made)] == ["decline"]


def two_meetings() -> CaseFile:
    """The police are asked about a second meeting, a day after the first."""
    file = base()
    meeting, ask, duty = file.meeting("meeting"), file.ask("ask-police"), file.duty("duty-police")
    assert ask is not None
    day = timedelta(days=1)
    later = replace(meeting, id="second", starts_at=meeting.starts_at + day, ends_at=meeting.ends_at + day)
    return replace(
        file,
        meetings=(*file.meetings, later),
        duties=(*file.duties, replace(duty, id="duty-second", meeting_id="second")),
        asks=(*file.asks, replace(ask, id="ask-second", duty_id="duty-second", meeting_id="second")),
    )


CONFIRMED_BY_PHONE = amend(base(), "seat-police", acknowledged_via=Via.PHONE, acknowledged_by="lead")
HISTORIES = {
    "confirmed here": base(),
    "confirmed by phone": CONFIRMED_BY_PHONE,
    "asked later": amend(base(), "ask-police", asked_at=NOW),
    "moved": amend(base(), "ask-police", asked_at=NOW, asked_anew=True, sequence=1),
    "moved before it was confirmed": amend(
        base(), "ask-police", asked_at=ASKED + timedelta(minutes=1), asked_anew=True, sequence=1
    ),
    "two meetings": two_meetings(),
    "two meetings, the first moved": amend(two_meetings(), "ask-police", asked_at=NOW, sequence=1),
    "two meetings, the first withdrawn": amend(two_meetings(), "ask-police", withdrawn_at=NOW),
}


@every("history", HISTORIES)
def test_each_summons_stands_in_one_place_alone(history: str) -> None:
    file = HISTORIES[history]
    for ask in file.asks:
        if ask.person_id == "police":
            in_question = f"{ask.id}|{ask.sequence}" in [value for _, _, value in buttons(question(file))]
            assert in_question + (own_message(file, ask.id) is not None) == ask.live, (history, ask.id)


def test_what_rings_a_phone_is_a_message_of_its_own() -> None:
    for history in ("confirmed by phone", "asked later", "moved"):
        assert TITLE in shown(own_message(HISTORIES[history])), history
        assert TITLE not in shown(question(HISTORIES[history])), history
    assert TITLE in shown(question(HISTORIES["moved before it was confirmed"]))


def test_of_two_meetings_the_earlier_stands_in_the_question() -> None:
    seat = two_meetings().seat("seat-police")
    assert seat is not None
    found = first_summons(two_meetings(), seat)
    assert found is not None
    assert found.id == "ask-police"


def test_a_deputys_seat_shows_its_own_meeting() -> None:
    file = with_deputy(base(), confirmed=True)
    made = acknowledgement(ctx(file, Kind.ACKNOWLEDGEMENT, "seat-deputy", "police2"))
    assert body(made)[0].startswith("*Kommer du som vara på møtet i sak k7f3?*")


def test_without_a_meeting_ahead_only_what_was_confirmed_is_left() -> None:
    over = amend(base(), "meeting", registered_at=NOW)
    assert TITLE not in shown(question(over))
    assert shown(question(over)).endswith("Hele teksten: `/tot hjelp`.")


def test_whose_seat_is_over_sees_nothing_of_the_meeting() -> None:
    gone = amend(base(), "seat-police", ended_at=NOW, end=SeatEnd.COLLEAGUE_ANSWERED)
    assert TITLE not in shown(question(gone))
    assert own_message(gone) is None
