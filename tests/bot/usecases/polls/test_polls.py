"""Several times for one meeting: asked as one question, and called with one tap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.answers import DutyState, standing_of
from bot.domain.case.entities import Answer, DeclineReason, Phase, Via
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll
from bot.domain.errors import Invalid, NoLongerAsked, NotAllowed, TimesGone
from bot.domain.notifications import Kind
from bot.domain.polls import asked_in_slack, best_time, time_standing, time_standings
from bot.scheduler import plan_case
from bot.usecases.deputies.hand_over import HandOver, hand_over
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from bot.usecases.involvement.agencies import InviteAgency, ReleaseAgency, invite_agency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.meeting import (
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    call_meeting,
    cancel_meeting,
    move_meeting,
)
from bot.usecases.polls.answers import AnswerTime, RecordTimes, answer_time, record_times
from bot.usecases.polls.calling import CallTime, call_time
from bot.usecases.polls.proposing import (
    ProposeTimes,
    WithdrawTimes,
    propose_times,
    review_times,
    withdraw_times,
)
from tests.bot import cast
from tests.bot.cast import DAY, HOUR
from tests.bot.usecases.polls.times import DEPUTY, NOT, calls, got, propose, shown, taps, working
from tests.bot.usecases.town import Town

AGENCIES = ("police", "welfare", "social")
PEOPLE = ("officer", "caseworker", "both")


def state(file: CaseFile, agency_id: str) -> DutyState:
    part = file.involvement_of_agency(agency_id)
    assert part is not None
    return standing_of(file, part, file.meetings[-1]).state


def answers(file: CaseFile, person_id: str) -> list[Answer | None]:
    return [a.answer for a in file.asks if a.person_id == person_id and a.live]


async def test_nothing_is_called_and_nobody_is_summoned_before_a_time_is_called(anywhere: Town) -> None:
    case_id = await working(anywhere, *AGENCIES, confirmed=PEOPLE)
    before = await anywhere.file(case_id)
    poll = await propose(anywhere, case_id, 1, 2)
    await taps(anywhere, poll, "officer", poll.starts[0])
    kinds = {i.kind for i in anywhere.left}
    assert not kinds & {Kind.SUMMONS, Kind.INVITE, Kind.MAIL_INVITE, Kind.UNANSWERED}
    file = await anywhere.file(case_id)
    assert (file.meetings, file.duties, file.asks) == (before.meetings, before.duties, before.asks)
    assert file.polls == (poll,)
    assert [a.suits for a in file.time_answers] == [(poll.starts[0],)]


async def test_who_has_not_confirmed_is_told_nothing_until_they_have(town: Town) -> None:
    case_id = await working(town, *AGENCIES, "counsel", confirmed=["officer"])
    poll = await propose(town, case_id)
    assert town.told(Kind.TIMES_ASKED) == {"officer"}
    with pytest.raises(NotAllowed):
        await taps(town, poll, "caseworker", poll.starts[0])
    await town.confirm(case_id, "caseworker")
    assert town.told(Kind.TIMES_ASKED) == {"officer", "caseworker"}
    await taps(town, poll, "caseworker", poll.starts[0])
    # The lawyer is not on Slack: nobody writes to them.
    seat = await town.seat(case_id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    assert town.told(Kind.TIMES_ASKED) == {"officer", "caseworker"}


async def test_the_review_names_who_is_asked_who_later_and_for_whom_one_has_to_ask(town: Town) -> None:
    case_id = await working(town, *AGENCIES, "shelter", confirmed=["officer"])
    seat = await town.seat(case_id, "keeper")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    plan = town.plan(5 * DAY)
    command = ProposeTimes(case_id, plan, plan.starts_at + DAY)
    review = await town.do(review_times, "coordinator", command)
    assert [person for _, person in review.people] == ["officer"]
    of = (await town.file(case_id)).agency_of
    assert {of(part.id).id for part in review.ring} == {"shelter"}
    assert {of(part.id).id for part in review.later} == {"welfare", "social"}
    assert not review.replaces
    await town.do(propose_times, "coordinator", command)
    assert (await town.do(review_times, "coordinator", command)).replaces


async def test_each_time_shows_its_quorum_and_who_is_missing(town: Town) -> None:
    """«torsdag 10: mangler barnevern»."""
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    poll = await propose(town, case_id)
    first, second = poll.starts
    for person in ("officer", "both"):
        await taps(town, poll, person, first)
    await taps(town, poll, "caseworker", second)
    await taps(town, poll, "officer", second)
    await taps(town, poll, "both", second, DEPUTY)
    file = await town.file(case_id)

    def named(parts: Any) -> set[str]:
        return {file.agency_of(part.id).id for part in parts}

    at_first, at_second = time_standings(file, poll, town.clock.now())
    assert (named(at_first.missing), named(at_first.cannot)) == ({"welfare"}, {"welfare"})
    assert at_first.lack is not None
    assert (at_first.lack.agencies, at_first.lack.groups) == (1, ())
    assert (at_second.missing, named(at_second.with_deputy)) == ((), {"social"})
    assert (at_second.lack is not None, at_second.lack_at_best) == (True, None)
    assert best_time([at_first, at_second]) == at_second
    await taps(town, poll, "caseworker", first)
    file = await town.file(case_id)
    assert time_standing(file, poll, first).lack is None
    assert best_time(time_standings(file, poll, town.clock.now())) == time_standing(file, poll, first)


async def test_one_tap_calls_it_and_what_was_answered_is_the_answer(anywhere: Town) -> None:
    case_id = await working(anywhere, *AGENCIES, "counsel", confirmed=PEOPLE)
    poll = await propose(anywhere, case_id, 1, 2)
    first, second, _ = poll.starts
    await taps(anywhere, poll, "officer", second)
    await taps(anywhere, poll, "caseworker", first)
    await taps(anywhere, poll, "both", second, DEPUTY)
    expected = shown(await anywhere.file(case_id), poll, second)
    meeting = await calls(anywhere, poll, second)
    file = await anywhere.file(case_id)
    assert got(file, poll, meeting) == expected
    assert (meeting.starts_at, meeting.place) == (second, poll.place)
    assert (file.polls, file.time_answers) == ((), ())
    assert state(file, "police") is DutyState.CONFIRMED
    # Another time suited; a deputy is still to be named; nothing was said: they are asked as usual.
    assert answers(file, "caseworker")[-1] is None
    assert answers(file, "both")[-1] is None
    (promised,) = [a for a in file.asks if a.meeting_id == meeting.id and a.with_deputy]
    assert promised.person_id == "both"
    assert len(file.duties_of(meeting.id)) == len(AGENCIES) + 1
    assert {"officer", "caseworker", "both"} <= anywhere.told(Kind.SUMMONS)
    assert anywhere.told(Kind.INVITE) == anywhere.told(Kind.SUMMONS)
    chains = {i.subject for i in anywhere.left if i.kind is Kind.ESCALATION}
    of_meeting = {a.id: a.person_id for a in file.asks if a.meeting_id == meeting.id}
    assert {of_meeting[ask] for ask in chains & of_meeting.keys()} == {"caseworker", "both", "lawyer"}


async def test_a_move_to_one_of_several_times_asks_the_deputy_who_comes(town: Town) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    await town.sends_sergeant(case_id)
    await town.answer(case_id, "sergeant", Answer.CONFIRMED)
    held = await town.meeting(case_id)
    poll = await propose(town, case_id, meeting_id=held.id)
    assert town.told(Kind.TIMES_ASKED) == {"sergeant", "caseworker", "both"}
    with pytest.raises(NotAllowed):
        await taps(town, poll, "officer", poll.starts[0])
    for person in ("sergeant", "caseworker", "both"):
        await taps(town, poll, person, poll.starts[0])
    expected = shown(await town.file(case_id), poll, poll.starts[0])
    moved = await calls(town, poll, poll.starts[0])
    file = await town.file(case_id)
    assert (moved.id, moved.sequence, moved.starts_at) == (held.id, 1, poll.starts[0])
    assert got(file, poll, moved) == expected
    assert len(expected[0]) == 3
    assert state(file, "police") is DutyState.DEPUTY_CONFIRMED
    assert file.polls == ()


async def test_a_seat_that_goes_to_somebody_else_takes_no_answer_with_it(town: Town) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    poll = await propose(town, case_id)
    for person in PEOPLE:
        await taps(town, poll, person, poll.starts[0])
    seat = await town.seat(case_id, "officer")
    await town.do(hand_over, "officer", HandOver(seat.id, "police:detective"))
    await town.confirm(case_id, "detective")
    file = await town.file(case_id)
    police = file.involvement_of_agency("police")
    assert police in time_standing(file, poll, poll.starts[0]).silent
    assert asked_in_slack(file, poll, "detective") == [police]
    with pytest.raises(NotAllowed):
        await taps(town, poll, "officer", poll.starts[1])
    await calls(town, poll, poll.starts[0])
    file = await town.file(case_id)
    assert answers(file, "detective")[-1] is None
    assert answers(file, "both")[-1] is Answer.CONFIRMED


async def test_an_agency_that_comes_later_is_asked_and_one_that_leaves_counts_no_more(town: Town) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    poll = await propose(town, case_id)
    for person in PEOPLE:
        await taps(town, poll, person, poll.starts[0])
    assert time_standing(await town.file(case_id), poll, poll.starts[0]).lack is None
    await town.do(invite_agency, "coordinator", InviteAgency(case_id, cast.choice("follow-up")))
    await town.confirm(case_id, "deputy-coordinator")
    assert "deputy-coordinator" in town.told(Kind.TIMES_ASKED)
    file = await town.file(case_id)
    welfare = file.involvement_of_agency("welfare")
    assert welfare is not None
    await town.do(release_agency, "coordinator", ReleaseAgency(welfare.id))
    found = time_standing(await town.file(case_id), poll, poll.starts[0])
    assert [part.agency_id for part in found.silent] == ["follow-up"]
    assert found.lack is not None


async def test_what_an_agency_said_by_telephone_counts_like_a_tap(town: Town) -> None:
    case_id = await working(town, "police", "counsel", confirmed=["officer"])
    poll = await propose(town, case_id)
    counsel = (await town.file(case_id)).involvement_of_agency("counsel")
    assert counsel is not None
    record = RecordTimes(poll.id, counsel.id, Via.PHONE, poll.starts[:1], poll.starts[1:])
    with pytest.raises(NoLongerAsked):  # taushetsplikt first
        await town.do(record_times, "coordinator", record)
    seat = await town.seat(case_id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    await town.do(record_times, "coordinator", record)
    with pytest.raises(NoLongerAsked):
        await town.do(record_times, "coordinator", replace(record, suits=(poll.closes_at,)))
    await calls(town, poll, poll.starts[0])
    ask = await town.ask(case_id, "lawyer")
    assert (ask.answer, ask.told_via, ask.answered_by) == (Answer.CONFIRMED, Via.PHONE, "coordinator")


async def test_an_answer_can_be_changed_until_the_call(town: Town) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    poll = await propose(town, case_id)
    first, second = poll.starts
    await taps(town, poll, "officer", first)
    await taps(town, poll, "officer", second, DEPUTY)
    await taps(town, poll, "officer", first, NOT)
    (answer,) = (await town.file(case_id)).time_answers
    assert (answer.suits, answer.with_deputy) == ((), (second,))
    await taps(town, poll, "officer", None)
    (answer,) = (await town.file(case_id)).time_answers
    assert (answer.suits, answer.with_deputy) == ((), ())


async def test_who_has_the_case_is_told_once_which_is_best(town: Town) -> None:
    case_id = await working(town, "police", "welfare", confirmed=["officer", "caseworker"])
    poll = await propose(town, case_id)
    (told,) = (i for i in town.left if i.kind is Kind.TIMES_BEST)
    assert (told.recipient, told.due_at) == ("coordinator", poll.closes_at)
    assert poll.proposed_at < poll.closes_at < poll.starts[0]
    await taps(town, poll, "officer", poll.starts[0])
    (told,) = (i for i in town.left if i.kind is Kind.TIMES_BEST)
    assert told.due_at == poll.closes_at
    await taps(town, poll, "caseworker", None)
    (now,) = (i for i in town.left if i.kind is Kind.TIMES_BEST)
    assert (now.due_at, now.key) == (None, told.key)


@pytest.mark.parametrize("by", ["call", "move", "cancel", "close", "withdraw", "propose", "passed"])
async def test_the_times_and_the_answers_go_when_they_are_of_use_no_more(town: Town, by: str) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    held = await town.meeting(case_id)
    of_move = held.id if by in ("move", "cancel") else None
    poll = await propose(town, case_id, meeting_id=of_move)
    await taps(town, poll, "officer", poll.starts[0])
    await town.posted(case_id, Kind.TIMES_ASKED, poll.id, "officer")
    if by == "call":
        await town.do(call_meeting, "coordinator", CallMeeting(case_id, town.plan(6 * DAY)))
    elif by == "move":
        await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(6 * DAY)))
    elif by == "cancel":
        await town.do(cancel_meeting, "coordinator", CancelMeeting(held.id))
    elif by == "close":
        await town.do(close_case, "coordinator", CloseCase(case_id))
    elif by == "withdraw":
        await town.do(withdraw_times, "coordinator", WithdrawTimes(poll.id))
    elif by == "propose":
        await propose(town, case_id, first=9 * DAY)
    else:
        town.clock.time = poll.starts[-1] + HOUR
        await town.run(lambda uow: plan_case(uow, case_id))
    file = await town.file(case_id)
    assert [p.id for p in file.polls] != [poll.id]
    assert file.time_answers == ()
    # What stands of them is taken away.
    assert poll.id in {i.subject for i in town.left if i.kind is Kind.TIMES_ASKED}
    summoned = by not in ("cancel", "close", "passed")
    with pytest.raises(TimesGone if summoned else (NotAllowed, NoLongerAsked)):
        await taps(town, poll, "officer", poll.starts[0])


async def test_a_call_leaves_the_times_for_moving_another_meeting(town: Town) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    poll = await propose(town, case_id, meeting_id=(await town.meeting(case_id)).id)
    await town.do(call_meeting, "coordinator", CallMeeting(case_id, town.plan(9 * DAY)))
    assert (await town.file(case_id)).polls == (poll,)


async def test_a_promised_deputy_is_forgotten_by_a_move(town: Town) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    poll = await propose(town, case_id)
    await taps(town, poll, "officer", poll.starts[0], DEPUTY)
    meeting = await calls(town, poll, poll.starts[0])
    await town.do(move_meeting, "coordinator", MoveMeeting(meeting.id, town.plan(8 * DAY)))
    assert (await town.ask(case_id, "officer")).with_deputy is None
    ask = await town.ask(case_id, "officer")
    await town.answer(case_id, "officer", Answer.DECLINED, reason=DeclineReason.COURT)
    assert ask.meeting_id == meeting.id


@pytest.mark.parametrize(
    ("second", "third", "field"),
    [(0, None, "second_time"), (1, 1, "third_time"), (-6, None, "second_time"), (400, None, "second_time")],
)
async def test_times_that_cannot_be_are_refused_at_their_field(
    town: Town, second: int, third: int | None, field: str
) -> None:
    case_id = await working(town, *AGENCIES)
    plan = town.plan(5 * DAY)
    more = None if third is None else plan.starts_at + third * DAY
    with pytest.raises(Invalid) as refusal:
        await town.do(
            review_times, "coordinator", ProposeTimes(case_id, plan, plan.starts_at + second * DAY, more)
        )
    assert [problem.where for problem in refusal.value.problems] == [field]


async def test_the_time_that_a_meeting_has_is_none_to_move_it_to(town: Town) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    held = await town.meeting(case_id)
    as_now = replace(town.plan(), starts_at=held.starts_at, ends_at=held.ends_at)
    later = held.starts_at + DAY
    alone = ProposeTimes(case_id, as_now, later, meeting_id=held.id)
    with pytest.raises(Invalid) as refusal:
        await town.do(review_times, "coordinator", alone)
    assert [problem.where for problem in refusal.value.problems] == ["third_time"]
    poll = await town.do(propose_times, "coordinator", replace(alone, third=later + DAY))
    assert poll.starts == (later, later + DAY)
    town.clock.time = held.starts_at
    with pytest.raises(NoLongerAsked):
        await town.do(review_times, "coordinator", replace(alone, third=later + DAY))


async def test_none_but_their_own_may(town: Town) -> None:
    """Coordinators who have confirmed propose, call, record and take back; each answers for themself."""
    case_id = await working(town, *AGENCIES, confirmed=["officer"])
    poll = await propose(town, case_id)
    plan, part = town.plan(5 * DAY), (await town.file(case_id)).involvements[0]
    before = await town.dump()
    of_coordinators: list[tuple[Any, object]] = [
        (propose_times, ProposeTimes(case_id, plan, plan.starts_at + DAY)),
        (withdraw_times, WithdrawTimes(poll.id)),
        (record_times, RecordTimes(poll.id, part.id, Via.PHONE)),
        (call_time, CallTime(poll.id, poll.starts[0])),
    ]
    others = ("officer", "caseworker", "stranger", "other-coordinator", "deputy-coordinator")
    for use_case, command in of_coordinators:
        for actor in others:
            with pytest.raises(NotAllowed):
                await town.do(use_case, actor, command)
    for actor in ("coordinator", "sergeant", *others[1:]):
        with pytest.raises(NotAllowed):
            await town.do(answer_time, actor, AnswerTime(poll.id, poll.starts[0]))
    for actor, refusal in (("caseworker", NotAllowed), ("officer", TimesGone)):
        with pytest.raises(refusal):
            await town.do(answer_time, actor, AnswerTime("nothing-of-this-id"))
    with pytest.raises(NoLongerAsked):
        await taps(town, poll, "officer", poll.closes_at)
    assert await town.dump() == before


async def test_what_was_meant_for_the_acute_phase_is_asked_well_before_the_first_time(town: Town) -> None:
    case = await town.open(*AGENCIES, phase=Phase.ACUTE)
    poll: TimePoll = await propose(town, case.id, first=HOUR)
    assert poll.closes_at < poll.starts[0]
