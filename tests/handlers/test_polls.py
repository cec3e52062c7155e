"""Several times for one meeting: what the one asked, the coordinator and the room see of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.case.entities import Answer, Phase
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from bot.texts.words import words
from handlers.blocks.context import Message
from handlers.meeting.defaults import propose_next
from handlers.meeting.modals import call_form, move_form, proposal_of
from handlers.overview.card import card
from handlers.polls.messages import on_card
from tests.every import every
from tests.handlers.cases import NOW, STARTS, WHEN, amend, base, ctx, render
from tests.handlers.delivery.disclosed_cases import with_times
from tests.handlers.reading import buttons, shown

FIRST, SECOND = (
    "torsdag 3. desember kl. 10–11",
    "fredag 4. desember kl. 10–11",
)
NB = words(Language.NB)


def labels(made: Message | None) -> list[str]:
    return [label for label, _, _ in buttons(made)]


def asked(file: CaseFile, reader: str) -> Message | None:
    made = render(ctx(file, Kind.TIMES_ASKED, "poll", reader))
    assert made is None or isinstance(made, Message)
    return made


def test_each_is_asked_with_their_own_answers_beside_the_buttons() -> None:
    file = with_times(base())
    made = asked(file, "child")
    assert made is not None
    assert made.answer_by == file.polls[0].closes_at
    assert labels(made) == ["Passer", "Med vara", "Passer", "Med vara", "Ingen passer"]
    answered = asked(file, "police")
    assert answered is not None
    assert answered.answer_by is None
    assert f"*{FIRST}* · passer for deg" in shown(answered)
    assert f"*{SECOND}* · dere kommer med vara" in shown(answered)
    assert labels(answered) == ["Med vara", "Passer ikke likevel", "Passer", "Passer ikke likevel"]
    none = replace(file, time_answers=(replace(file.time_answers[0], suits=(), with_deputy=()),))
    assert "Ingen av tidene passer for deg." in shown(asked(none, "police"))


def test_the_question_says_whether_it_is_for_a_new_meeting_and_that_the_other_stands() -> None:
    seen = shown(asked(with_times(base()), "child"))
    assert "*Hvilke tider passer for et nytt møte i sak k7f3?*" in seen
    assert f"\nMøtet {WHEN} holdes som planlagt.\n" in seen
    alone = amend(with_times(base()), "meeting", cancelled_at=NOW)
    assert "holdes som planlagt" not in shown(asked(alone, "child"))


@every("reader", ["social", "counsel", "shelter", "health", "second", "stranger", "lead"])
def test_nobody_else_is_asked(reader: str) -> None:
    """Neither one who has not confirmed, is not on Slack, shelters or is only expected, nor a coordinator."""
    assert asked(with_times(base()), reader) is None


def test_the_room_sees_whether_it_is_enough_and_which_services_are_missing() -> None:
    """And not who, nor who can with a deputy."""
    file = with_times(base())
    said = shown(card(ctx(file, Kind.ROOM, "case")))
    missing = "mangler Barneverntjenesten, Sosialtjenesten og Bistandsadvokaten"
    assert f"• {FIRST}: ikke nok tjenester ennå · {missing}" in said
    assert f"• {SECOND}: ikke nok tjenester ennå · {missing}" in said
    assert "vara" not in shown(on_card(ctx(file, Kind.ROOM, "case")))
    child = replace(file.time_answers[0], id="x", involvement_id="part-child", person_id="child")
    enough = replace(file, time_answers=(*file.time_answers, child))
    said = shown(on_card(ctx(enough, Kind.ROOM, "case")))
    assert f"{FIRST}: nok tjenester · mangler" in said
    assert f"{SECOND}: nok tjenester hvis varaene kommer · mangler" in said


def test_the_coordinator_sees_each_answer_and_calls_with_one_tap() -> None:
    file = with_times(base())
    made = render(ctx(file, Kind.TIMES_BEST, "poll", "lead"))
    said = shown(made)
    assert f"Best nå: {FIRST}, ikke nok tjenester ennå." in said
    assert "Kan: Politiet og botilbud 1" in said
    assert "Med vara: Politiet og botilbud 1" in said
    assert "Ikke svart: Barneverntjenesten, Sosialtjenesten og Bistandsadvokaten" in said
    found = [(label, value) for label, action, value in buttons(made) if action == "call_time"]
    at = [int((STARTS + timedelta(days=n)).timestamp()) for n in (2, 3)]
    assert found == [("Kall inn", f"poll|{at[0]}"), ("Kall inn", f"poll|{at[1]}")]
    moved = render(ctx(with_times(base(), moves=True), Kind.TIMES_BEST, "poll", "lead"))
    assert isinstance(moved, Message)
    assert "Flytt hit" in labels(moved)
    for reader in ("second", "police", "stranger"):
        assert render(ctx(file, Kind.TIMES_BEST, "poll", reader)) is None


def test_what_has_lapsed_stands_nowhere() -> None:
    file = with_times(base(), moves=True)
    for lapsed in (
        amend(file, "meeting", sequence=1),
        amend(file, "meeting", cancelled_at=NOW),
        amend(file, "case", closed_at=NOW),
    ):
        assert asked(lapsed, "police") is None
        assert render(ctx(lapsed, Kind.TIMES_BEST, "poll", "lead")) is None
        assert on_card(ctx(lapsed, Kind.ROOM, "case")) == []
    late = STARTS + timedelta(days=3, minutes=1)
    assert render(ctx(file, Kind.TIMES_ASKED, "poll", "police", now=late)) is None
    assert on_card(ctx(file, Kind.ROOM, "case", now=late)) == []


def test_who_promised_a_deputy_is_asked_for_one_first() -> None:
    file = amend(base(), "ask-police", with_deputy=True)
    made = render(ctx(file, Kind.SUMMONS, "ask-police", "police", params=Revision(0)))
    assert isinstance(made, Message | None)
    if made is None:  # the question of taushetsplikt has it
        made = render(ctx(file, Kind.ACKNOWLEDGEMENT, "seat-police", "police"))
    assert isinstance(made, Message)
    assert "Du svarte at dere kommer med vara. Velg hvem det blir." in shown(made)
    assert labels(made)[:2] == ["Send vara", "Jeg kommer"]
    answered = amend(file, "ask-police", answer=Answer.CONFIRMED, answered_at=NOW)
    made = render(ctx(answered, Kind.ACKNOWLEDGEMENT, "seat-police", "police"))
    assert "Velg hvem det blir" not in shown(made)


def test_in_the_acute_phase_the_forms_are_as_they_were() -> None:
    """One calls, and does not ask which time suits; nor of a meeting that has begun."""

    def fields(file: CaseFile, now: datetime = NOW) -> set[str]:
        proposal = propose_next(NB, file, "", NOW)
        meeting = file.meetings[0]
        called = call_form(NB, file, proposal, NOW)
        moved = move_form(NB, file, meeting, proposal_of(meeting, ""), now)
        both = [(n, block) for n, view in enumerate((called, moved)) for block in view["blocks"]]
        return {f"{n}:{block['block_id']}" for n, block in both if "block_id" in block}

    more = {f"{n}:{name}" for n in (0, 1) for name in ("second_time", "third_time")}
    assert not fields(base()) & more
    working = amend(base(), "case", phase=Phase.WORKING)
    assert fields(working) >= more
    assert not fields(working, STARTS) & {"1:second_time", "1:third_time"}


def test_a_time_of_tomorrow_is_told_by_its_date_since_it_is_read_later_too() -> None:
    """Decision 0109: «i morgen» is for forms."""
    file, eve = with_times(base()), STARTS + timedelta(days=1)
    for kind, reader in ((Kind.TIMES_ASKED, "child"), (Kind.TIMES_BEST, "lead")):
        made = render(ctx(file, kind, "poll", reader, now=eve))
        assert isinstance(made, Message)
        assert FIRST in shown(made)
        assert "i morgen" not in shown(made)
