"""Several times for a joint meeting: what the one asked, the coordinator and Home see of them."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.joint import closes_at
from bot.domain.language import Language
from bot.domain.notification_params import Revision
from bot.texts.words import words
from bot.usecases.joint.view import JointMeetingView
from handlers.blocks.context import Message
from handlers.joint import messages, times
from handlers.joint.modals import joint_review
from handlers.overview.home_outside import Outside, joint_meetings, joint_unanswered
from tests.every import every
from tests.handlers.cases import NOW, STARTS, base
from tests.handlers.outside import DAY, meeting_view, times_review, with_times
from tests.handlers.reading import buttons, shown

NB = words(Language.NB).read_at(NOW)
FIRST, SECOND, THIRD = (
    "tirsdag 1. desember kl. 10–11",
    "onsdag 2. desember kl. 10–11",
    "torsdag 3. desember kl. 10–11",
)


def proposed() -> JointMeetingView:
    return with_times(meeting_view(base()))


def answering(now: JointMeetingView, *days: int) -> JointMeetingView:
    """The officer has answered: the times of these days suit."""
    suits = tuple(STARTS + n * DAY for n in days)
    return replace(now, invited=tuple(replace(i, suits=suits) if i.id == "own" else i for i in now.invited))


def labels(made: Message | None) -> list[str]:
    return [label for label, _, _ in buttons(made)]


def test_each_is_asked_with_their_own_answers_beside_the_buttons() -> None:
    now = proposed()
    made = times.asked(NB, now, "police")
    assert made is not None
    assert made.answer_by == closes_at(now.meeting, now.team)
    assert labels(made) == ["Passer", "Passer", "Passer", "Ingen passer"]
    assert "Det er ingen møteplikt." in shown(made)
    answered = times.asked(NB, answering(now, 1), "police")
    assert answered is not None
    assert answered.answer_by is None
    assert labels(answered) == ["Passer", "Passer ikke likevel", "Passer"]
    assert f"*{SECOND}* · passer for deg" in shown(answered)
    assert "Ingen av tidene passer for deg." in shown(times.asked(NB, answering(now), "police"))


def test_an_invited_person_sees_neither_who_else_is_asked_nor_how_many() -> None:
    now = proposed()
    said = shown(times.asked(NB, now, "police"))
    for invitation in now.invited:
        assert now.agencies[invitation.agency_id].shown_name not in said
    assert " av " not in said.replace("Ingen av tidene", "")


@every("reader", ["lead", "social", "stranger", "shelter"])
def test_nobody_else_is_asked(reader: str) -> None:
    assert times.asked(NB, proposed(), reader) is None


def test_the_coordinator_sees_how_many_and_calls_with_one_tap() -> None:
    now = proposed()
    made = times.overview(NB, now, "lead")
    asked = len({i.agency_id for i in now.asked_times})
    for when, number in ((FIRST, 1), (SECOND, 2), (THIRD, 0)):
        assert f"{when}:* passer for {number} av {asked} tjenester" in shown(made)
    found = [(label, value) for label, action, value in buttons(made) if action == "joint_call_time"]
    at = [int((STARTS + n * DAY).timestamp()) for n in range(3)]
    assert found == [("Kall inn", f"joint|{seconds}") for seconds in at]
    best = times.best(NB, now, "lead")
    assert f"Best nå: {SECOND}, passer for 2 av {asked} tjenester." in shown(best)
    assert [value for _, _, value in buttons(best)] == [f"joint|{at[1]}"]
    nobody = replace(now, invited=tuple(replace(i, suits=()) for i in now.invited))
    assert "Ingen har sagt at noen av dem passer." in shown(times.best(NB, nobody, "lead"))
    for reader in ("police", "stranger"):
        assert times.overview(NB, now, reader) is None
        assert times.best(NB, now, reader) is None


def test_what_has_passed_is_shown_to_nobody() -> None:
    now = replace(proposed(), at=STARTS + DAY)
    for made in (
        times.asked(NB, now, "police"),
        times.overview(NB, now, "lead"),
        times.best(NB, now, "lead"),
    ):
        assert made is not None
        assert FIRST not in shown(made)
        assert SECOND not in shown(made)
    over = replace(now, at=STARTS + 3 * DAY)
    assert times.asked(NB, over, "police") is None
    assert times.overview(NB, over, "lead") is None
    assert times.best(NB, over, "lead") is None
    assert joint_unanswered(NB, Outside(joint=(over,)), "police") == []


def test_once_it_is_called_the_question_is_the_invitation_of_whoever_chose_that_time() -> None:
    now = answering(proposed(), 0)
    called = replace(now, meeting=replace(now.meeting, times=None))
    accepted = replace(
        called, invited=tuple(replace(i, comes=True) if i.id == "own" else i for i in called.invited)
    )
    assert times.asked(NB, accepted, "police") == messages.invited(NB, accepted, "police") != None  # noqa: E711
    assert "Du kommer." in shown(times.asked(NB, accepted, "police"))
    assert times.best(NB, accepted, "lead") is None
    other = replace(called, invited=tuple(replace(i, suits=None) for i in called.invited))
    assert times.asked(NB, other, "police") is None, "the others are asked in a message of its own"
    elsewhere = replace(accepted, meeting=replace(accepted.meeting, sequence=1))
    assert times.asked(NB, elsewhere, "police") is None


def test_there_is_no_calendar_file_before_a_time_is_called() -> None:
    assert messages.entry(NB, proposed(), "police", Revision(0), "a@b.example") is None
    assert messages.entry(NB, meeting_view(base()), "police", Revision(0), "a@b.example") is not None


def test_home_says_that_the_time_is_not_chosen() -> None:
    outside = Outside(joint=(proposed(),))
    (waiting,) = joint_unanswered(NB, outside, "police")
    assert "Tiden er ikke valgt ennå" in shown(Message(waiting))
    assert labels(Message(waiting))[-1] == "Ingen passer"
    answered = Outside(joint=(answering(proposed(), 0),))
    assert joint_unanswered(NB, answered, "police") == []
    assert "du har svart på tidene" in shown(Message(joint_meetings(NB, answered, "police")))
    of_lead = shown(Message(joint_meetings(NB, outside, "lead")))
    assert f"• {SECOND}: passer for 2 av" in of_lead


def test_the_list_tells_no_time_and_lets_nobody_say_that_they_come() -> None:
    now = proposed()
    listed = Message(messages.coming(NB, [now], "police"))
    assert "Tiden er ikke valgt ennå" in shown(listed)
    assert "Du er spurt hvilke tider som passer" in shown(listed)
    assert buttons(listed) == []
    uninvited = replace(now, invited=tuple(i for i in now.invited if i.id != "own"))
    listed = Message(messages.coming(NB, [uninvited], "police"))
    assert buttons(listed) == [("Spør meg også", "joint_ask_me", "joint")]


def test_the_review_has_all_times_and_whom_it_asks() -> None:
    view = joint_review(NB, "draft", times_review(base()), by_mail=True)
    said = shown(Message(view["blocks"]))
    for when in ("i morgen kl. 10–11", SECOND, THIRD):
        assert f"• {when}" in said
    assert "Disse spørres nå hvilke tider som passer" in said
    assert "Ingen kalles inn nå. Svarfristen er" in said
    assert "inviteres nå" not in said
