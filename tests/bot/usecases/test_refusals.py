"""Who may not, and what is not there: the same answer, and nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from bot.domain.access import Action
from bot.domain.case.entities import Answer, DeclineReason, Phase, QuorumReason, Via
from bot.domain.directory.entities import Ground, NotOurs, Reason
from bot.domain.errors import ChairsOnly, CoordinatorsOnly, InTheRoomOnly, NotAllowed
from bot.usecases.answers import (
    AnswerSummons,
    RecordAnswer,
    answer_summons,
    record_answer,
    see_call,
    see_deputies,
)
from bot.usecases.attendance.register import (
    CorrectAttendance,
    RegisterAttendance,
    correct_attendance,
    register_attendance,
    see_attendance,
    see_meeting_attendance,
)
from bot.usecases.attendance.roll_call import (
    ContinueMeeting,
    NameChair,
    PutOnTime,
    RecordArrivals,
    TickPoint,
    continue_meeting,
    name_chair,
    put_on_time,
    record_arrivals,
    tick_point,
)
from bot.usecases.authorization import get_or_make_person
from bot.usecases.directory.coordinators import Appoint, Relieve, appoint, relieve, see_coordinators
from bot.usecases.involvement.acknowledgement import (
    Acknowledge,
    PassOn,
    RecordAcknowledgement,
    acknowledge,
    pass_on,
    record_acknowledgement,
    see_colleagues,
    see_recordable,
)
from bot.usecases.involvement.agencies import (
    ChangeInvolvement,
    InviteAgency,
    ReleaseAgency,
    change_involvement,
    invite_agency,
    release_agency,
    review_invitation,
    see_invitable,
    see_releasable,
)
from bot.usecases.involvement.not_ours import AskAgain, SayNotOurs, ask_again, say_not_ours, see_not_ours
from bot.usecases.lifecycle.closing import CloseCase, close_case, see_closing
from bot.usecases.lifecycle.phases import ChangePhase, change_phase, see_phase
from bot.usecases.meeting import (
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    call_meeting,
    cancel_meeting,
    move_meeting,
    see_callable,
    see_movable,
)
from bot.usecases.room.membership import AnswerLeft, answer_left
from tests.bot import cast
from tests.bot.usecases.town import Town

UNKNOWN = "nothing-of-this-id"


@dataclass(frozen=True, slots=True)
class Things:
    """The ids to act upon: an open case's, or of nothing at all."""

    case: str = UNKNOWN
    seat: str = UNKNOWN
    lawyers_seat: str = UNKNOWN
    ask: str = UNKNOWN
    lawyers_ask: str = UNKNOWN
    meeting: str = UNKNOWN
    part: str = UNKNOWN


Make = Callable[[Town, Things], tuple[Callable[..., Any], Any]]
#: For the coordinator who has confirmed, alone.
COORDINATORS: dict[str, Make] = {
    "record a confirmation": lambda town, of: (
        record_acknowledgement,
        RecordAcknowledgement(of.lawyers_seat, Via.PHONE),
    ),
    "see a confirmation to record": lambda town, of: (see_recordable, of.lawyers_seat),
    "record an answer": lambda town, of: (record_answer, RecordAnswer(of.lawyers_ask, Via.PHONE)),
    "see a call": lambda town, of: (partial(see_call, sequence=0), of.lawyers_ask),
    "change a part": lambda town, of: (
        change_involvement,
        ChangeInvolvement(of.part, "A", Reason.HOUSING, Ground.LEGAL),
    ),
    "change the phase": lambda town, of: (change_phase, ChangePhase(of.case, Phase.WORKING)),
    "close": lambda town, of: (close_case, CloseCase(of.case)),
    "review an invitation": lambda town, of: (
        review_invitation,
        InviteAgency(of.case, cast.choice("health")),
    ),
    "invite": lambda town, of: (invite_agency, InviteAgency(of.case, cast.choice("health"))),
    "call a meeting": lambda town, of: (call_meeting, CallMeeting(of.case, town.plan())),
    "move": lambda town, of: (move_meeting, MoveMeeting(of.meeting, town.plan())),
    "cancel": lambda town, of: (cancel_meeting, CancelMeeting(of.meeting)),
    "name the chair": lambda town, of: (name_chair, NameChair(of.meeting, cast.slack("officer"))),
    "ask again": lambda town, of: (ask_again, AskAgain(of.part)),
    "release": lambda town, of: (release_agency, ReleaseAgency(of.part)),
}
#: For whoever leads the meeting: the coordinator, or who was named.
CHAIRS: dict[str, Make] = {
    "register": lambda town, of: (register_attendance, RegisterAttendance(of.meeting, {})),
    "see whom to register": lambda town, of: (see_meeting_attendance, of.meeting),
    "correct": lambda town, of: (correct_attendance, CorrectAttendance(of.meeting, 0, {})),
    "put on time": lambda town, of: (put_on_time, PutOnTime(of.meeting, "x")),
    "record arrivals": lambda town, of: (record_arrivals, RecordArrivals(of.meeting, ("x",), cast.T0)),
    "tick": lambda town, of: (tick_point, TickPoint(of.meeting, "health", treated=True)),
    "go on": lambda town, of: (continue_meeting, ContinueMeeting(of.meeting, QuorumReason.CANNOT_WAIT)),
}
#: For the one whose seat or question it is, alone: the officer.
OWN: dict[str, Make] = {
    "confirm": lambda town, of: (acknowledge, Acknowledge(of.seat)),
    "see colleagues": lambda town, of: (see_colleagues, of.seat),
    "pass on": lambda town, of: (pass_on, PassOn(of.seat, "police:sergeant")),
    "see why not": lambda town, of: (see_not_ours, of.seat),
    "say that it is not theirs": lambda town, of: (
        say_not_ours,
        SayNotOurs(of.seat, NotOurs.NOT_OUR_TASK),
    ),
    "answer": lambda town, of: (answer_summons, AnswerSummons(of.ask, Answer.CONFIRMED)),
    "decline": lambda town, of: (
        answer_summons,
        AnswerSummons(of.ask, Answer.DECLINED, DeclineReason.COURT, "police:sergeant"),
    ),
    "see deputies": lambda town, of: (partial(see_deputies, sequence=0), of.ask),
    "leave": lambda town, of: (answer_left, AnswerLeft(of.seat, stays=False)),
}


async def things(town: Town) -> Things:
    case = await town.open("police", "counsel")
    file = await town.file(case.id)
    part = file.involvement_of_agency("police")
    assert part is not None
    return Things(
        case=case.id,
        seat=(await town.seat(case.id, "officer")).id,
        lawyers_seat=(await town.seat(case.id, "lawyer")).id,
        ask=(await town.ask(case.id, "officer")).id,
        lawyers_ask=(await town.ask(case.id, "lawyer")).id,
        meeting=file.meetings[0].id,
        part=part.id,
    )


async def refused(town: Town, actor: str, make: Make, of: Things) -> str:
    """The refusal, after which everything is as it was."""
    before = await town.dump()
    use_case, command = make(town, of)
    with pytest.raises(NotAllowed) as refusal:
        await town.do(use_case, actor, command)
    assert await town.dump() == before
    assert town.left == []
    return repr(refusal.value) + repr(refusal.value.details)


@pytest.mark.parametrize("what", COORDINATORS)
async def test_what_is_the_coordinators_is_nobody_elses(town: Town, what: str) -> None:
    of = await things(town)
    await town.confirm(of.case, "officer")
    answers = {
        await refused(town, actor, COORDINATORS[what], each)
        for actor in ("officer", "stranger", "unheard-of", "other-coordinator", "deputy-coordinator")
        for each in (of, Things())
    }
    answers.add(await refused(town, "coordinator", COORDINATORS[what], Things()))
    assert answers == {"NotAllowed('refused.not-allowed'){}"}


@pytest.mark.parametrize("what", CHAIRS)
async def test_only_those_in_the_room_learn_that_it_is_for_the_chair(town: Town, what: str) -> None:
    of = await things(town)
    await town.confirm(of.case, "officer")
    outside = ("stranger", "unheard-of", "other-coordinator", "deputy-coordinator", "sergeant")
    answers = {await refused(town, actor, CHAIRS[what], each) for actor in outside for each in (of, Things())}
    answers.add(await refused(town, "officer", CHAIRS[what], Things()))
    assert answers == {"NotAllowed('refused.not-allowed'){}"}
    assert await refused(town, "officer", CHAIRS[what], of) == "ChairsOnly('refused.chairs-only'){}"


@pytest.mark.parametrize("what", OWN)
async def test_what_is_a_persons_own_is_nobody_elses_not_even_the_coordinators(town: Town, what: str) -> None:
    of = await things(town)
    answers = {
        await refused(town, actor, OWN[what], each)
        for actor in ("coordinator", "sergeant", "chief", "stranger", "unheard-of", "other-coordinator")
        for each in (of, Things())
    }
    answers.add(await refused(town, "officer", OWN[what], Things()))
    assert answers == {"NotAllowed('refused.not-allowed'){}"}


@pytest.mark.parametrize("make", [appoint, relieve])
async def test_coordinators_are_kept_by_coordinators_of_that_team(town: Town, make: Any) -> None:
    before = await town.dump()
    for actor, team_id in (("officer", "team"), ("other-coordinator", "team"), ("coordinator", UNKNOWN)):
        command = Appoint(team_id, "U-new") if make is appoint else Relieve(team_id, "coordinator")
        with pytest.raises(CoordinatorsOnly):
            await town.do(make, actor, command)
    with pytest.raises(CoordinatorsOnly):
        await town.run(lambda uow: see_coordinators(uow, get_or_make_person(uow, cast.slack("officer"))))
    assert await town.dump() == before


IN_ROOM: dict[str, Any] = {
    "invite": see_invitable,
    "release": see_releasable,
    "call": see_callable,
    "phase": see_phase,
    "close": see_closing,
    "attendance": see_attendance,
    "move": lambda uow, actor, channel: see_movable(uow, actor, channel, Action.MOVE_MEETING),
}


@pytest.mark.parametrize("what", IN_ROOM)
async def test_a_command_about_a_case_is_for_its_coordinator_in_its_room(town: Town, what: str) -> None:
    of = await things(town)
    await town.confirm(of.case, "officer")
    file = await town.file(of.case)
    await town.run(lambda uow: uow.change(file.room, channel_id="C1"))
    for channel in ("C1", "C2"):
        for actor in ("officer", "stranger", "unheard-of"):
            inside = (what, actor, channel) == ("attendance", "officer", "C1")
            with pytest.raises(ChairsOnly if inside else CoordinatorsOnly):
                await town.do(IN_ROOM[what], actor, channel)
        for actor in ("other-coordinator", "deputy-coordinator"):
            with pytest.raises(InTheRoomOnly):
                await town.do(IN_ROOM[what], actor, channel)
    with pytest.raises(InTheRoomOnly):
        await town.do(IN_ROOM[what], "coordinator", "C2")
    if what == "attendance":
        town.clock.time = file.meetings[0].starts_at
    await town.do(IN_ROOM[what], "coordinator", "C1")
