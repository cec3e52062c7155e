"""Opening a case, involving agencies, calling and moving meetings, changing the phase."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.answers import DutyState, duty_state
from bot.domain.case.entities import Answer, DeclineReason, Phase, SeatRole
from bot.domain.case.file import Standing
from bot.domain.directory.entities import Contact, Ground, Person, Reason
from bot.domain.errors import CoordinatorsOnly, Invalid, NoLongerAsked, NotAllowed
from bot.domain.notification_params import ChainStep
from bot.domain.notifications import Kind
from bot.usecases.case import OPEN_CASE, OpenCase, Review, open_case, review_case
from bot.usecases.involvement.agencies import (
    ChangeInvolvement,
    InviteAgency,
    ReleaseAgency,
    change_involvement,
    invite_agency,
    release_agency,
    review_invitation,
)
from bot.usecases.lifecycle.phases import ChangePhase, change_phase
from bot.usecases.meeting import (
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    call_meeting,
    cancel_meeting,
    move_meeting,
    review_meeting,
)
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import Send, keep_draft, send_draft
from bot.usecases.room.accounts import account_changed
from bot.usecases.validation import Warn
from tests.bot import cast
from tests.bot.cast import DAY, HOUR, choice, oslo
from tests.bot.usecases.town import REMINDERS, Town


def opening(town: Town, **facts: Any) -> OpenCase:
    whole = OpenCase("team", Phase.ACUTE, 2, (choice("police"), choice("health", persons="AB")), town.plan())
    return replace(whole, **facts)


async def test_opening_leaves_a_room_one_question_an_agency_and_no_summons_yet(town: Town) -> None:
    case = await town.open("police", "counsel", "shelter", choice("health", expected=True), "deserted")
    file = await town.file(case.id)
    assert file.room_people() == {"coordinator"}
    assert file.confirmed_coordinators() == ["coordinator"]
    assert {i.agency_id: file.standing(i) for i in file.involvements} == {
        **dict.fromkeys(["police", "counsel", "shelter", "deserted"], Standing.ASKED),
        "health": Standing.EXPECTED,
    }
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"officer"}
    assert town.told(Kind.CASE_ACKNOWLEDGEMENT) == {"deputy-coordinator"}
    assert town.told(Kind.CALL_LIST) == {"coordinator"}
    assert not town.told(Kind.SUMMONS) | town.told(Kind.INVITE)
    assert [i.subject for i in town.left if i.kind is Kind.ROOM] == [case.id]
    states = {file.agency_of(d.involvement_id).id: duty_state(file, d) for d in file.duties}
    assert states == {
        "police": DutyState.AWAITS_CONFIDENTIALITY,
        "counsel": DutyState.MUST_BE_CALLED,
        "shelter": DutyState.MUST_BE_CALLED,
        "deserted": DutyState.NOBODY_ASKED,
    }
    assert {i.recipient for i in town.left if i.kind in REMINDERS} == {"coordinator"}
    assert {i.subject for i in town.left if i.kind is Kind.ESCALATION} == {a.id for a in file.asks}


async def test_who_is_reviewed_is_who_is_asked(town: Town) -> None:
    town.clock.time = oslo("2026-11-27 20:00")
    command = opening(town, agencies=tuple(map(choice, ("welfare", "emergency", "counsel", "deserted"))))
    before = await town.dump()
    review = await town.do(review_case, "coordinator", command)
    assert await town.dump() == before
    told = [(t.person.id if t.person else None, t.within_hours, t.by_coordinator) for t in review.told]
    assert told == [
        ("caseworker", False, False),
        ("night-watch", True, False),
        ("lawyer", True, True),
        (None, False, True),
    ]
    case = await town.do(open_case, "coordinator", command)
    seated = {s.person_id for s in (await town.file(case.id)).seats if s.role is SeatRole.AGENCY}
    assert seated == {"caseworker", "night-watch", "lawyer"}


async def test_what_is_sent_is_reviewed_once_and_asks_those_of_that_review(town: Town) -> None:
    reviews: list[Review] = []

    def noted(uow: UnitOfWork, actor: Person, command: OpenCase) -> Review:
        reviews.append(review_case(uow, actor, command))
        return reviews[-1]

    step = replace(OPEN_CASE, review=noted)
    draft = await town.do(
        lambda uow, actor, it: keep_draft(uow, actor, step, "form", it), "coordinator", opening(town)
    )
    sending = Send(draft.draft_id, draft.seen)
    await town.do(lambda uow, actor, it: send_draft(uow, actor, step, it), "coordinator", sending)
    kept, sent = reviews
    assert kept == sent
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"officer", "both"}


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"agencies": ()}, {"agencies"}),
        ({"agencies": (choice("police", expected=True),)}, {"agencies"}),
        ({"agencies": (choice("police"), choice("police", expected=True))}, {"expected"}),
        ({"persons": 0}, {"persons"}),
        ({"persons": 27}, {"persons"}),
        ({"agencies": (choice("police", persons="C"),)}, {"agencies"}),
        ({"agencies": (choice("police", persons=""),)}, {"agencies"}),
    ],
)
async def test_what_cannot_stand_is_said_by_field(town: Town, facts: Any, where: set[str]) -> None:
    before = await town.dump()
    with pytest.raises(Invalid) as refused:
        await town.do(open_case, "coordinator", opening(town, **facts))
    assert {p.where for p in refused.value.problems} == where
    assert await town.dump() == before


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"starts_at": oslo("2026-11-24 09:00")}, {"invalid.past"}),
        ({"starts_at": oslo("2028-11-24 09:00")}, {"invalid.too-far"}),
        ({"ends_at": oslo("2026-11-24 09:00")}, {"invalid.ends-before"}),
        (
            {"starts_at": oslo("2027-10-31 02:30"), "ends_at": oslo("2027-10-31 05:00")},
            {"invalid.clock-change"},
        ),
        ({"place": None}, {"invalid.nowhere"}),
        ({"place": "Hjemme hos meg"}, {"invalid.place"}),
        ({"link": "https://elsewhere.example/1"}, {"invalid.link.host-not-approved"}),
        ({"note": "Ring 912 34 567"}, {"guard.phone"}),
        ({"note": "x" * 301, "place": "?"}, {"invalid.too-long", "invalid.place"}),
    ],
)
async def test_a_meeting_that_cannot_stand(town: Town, facts: Any, codes: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        await town.do(open_case, "coordinator", opening(town, meeting=replace(town.plan(), **facts)))
    assert {p.code for p in refused.value.problems} == codes


@pytest.mark.parametrize("actor", ["officer", "stranger", "other-coordinator", "unheard-of"])
async def test_only_the_teams_coordinators_open_a_case(town: Town, actor: str) -> None:
    for team_id in ("team", "no such team"):
        with pytest.raises(CoordinatorsOnly):
            await town.do(open_case, actor, opening(town, team_id=team_id))


async def test_an_agency_of_another_team_is_as_one_that_does_not_exist(town: Town) -> None:
    for agency_id in ("elsewhere", "no such agency"):
        with pytest.raises(NotAllowed):
            await town.do(open_case, "coordinator", opening(town, agencies=(choice(agency_id),)))
        with pytest.raises(NotAllowed):
            await town.do(open_case, "coordinator", opening(town, asked_by=agency_id))


async def test_one_more_agency_is_asked_and_summoned_to_what_lies_ahead(town: Town) -> None:
    case = await town.open("police", after=3 * HOUR)
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(2 * DAY)))
    town.clock.move(4 * HOUR)
    before = await town.dump()
    _, told = await town.do(review_invitation, "coordinator", InviteAgency(case.id, choice("health")))
    assert await town.dump() == before
    await town.do(invite_agency, "coordinator", InviteAgency(case.id, choice("health")))
    assert told is not None
    assert told.person is not None
    assert told.person.id == "both"
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"both"}, "and nobody who was asked before is told again"
    file = await town.file(case.id)
    assert [a.meeting_id for a in file.asks if a.person_id == "both"] == [file.meetings[1].id]
    with pytest.raises(Invalid):
        await town.do(invite_agency, "coordinator", InviteAgency(case.id, choice("health")))


async def test_an_expected_agency_becomes_asked(town: Town) -> None:
    case = await town.open("police", choice("health", expected=True))
    await town.do(invite_agency, "coordinator", InviteAgency(case.id, choice("health", expected=True)))
    file = await town.file(case.id)
    part = file.involvement_of_agency("health")
    assert part is not None
    assert file.standing(part) is Standing.EXPECTED
    assert not town.told(Kind.ACKNOWLEDGEMENT)
    await town.do(invite_agency, "coordinator", InviteAgency(case.id, choice("health")))
    file = await town.file(case.id)
    assert file.standing(file.involvement(part.id)) is Standing.ASKED
    assert len(file.involvements) == 2
    assert len([d for d in file.duties if d.involvement_id == part.id]) == 1


async def test_an_agency_whose_only_person_is_gone_can_be_asked_again(town: Town) -> None:
    case = await town.open("police", "deserted", after=4 * DAY)
    await town.confirm(case.id, "officer")
    await town.sends_sergeant(case.id)
    await town.answer(case.id, "sergeant", Answer.CONFIRMED)
    await town.run(lambda uow: account_changed(uow, cast.slack("officer"), deactivated=True))
    file = await town.file(case.id)
    (duty,) = [d for d in file.duties if file.agency_of(d.involvement_id).id == "police"]
    assert duty_state(file, duty) is DutyState.DEPUTY_CONFIRMED, "the deputy still comes"
    await town.run(lambda uow: uow.add(Contact("new", "deserted", "stranger", 1)))
    await town.do(invite_agency, "coordinator", InviteAgency(case.id, choice("deserted")))
    file = await town.file(case.id)
    assert len([d for d in file.duties if file.agency_of(d.involvement_id).id == "deserted"]) == 1
    ask = await town.ask(case.id, "stranger")
    assert ask.live
    assert ask.deputy_for is None
    police = file.involvement_of_agency("police")
    assert police in list(file.current())
    assert police is not None
    lead = file.lead(police.id)
    assert lead is not None, "the next contact has been asked already"
    assert (lead.person_id, lead.confirmed) == ("sergeant", True)


async def test_an_agency_that_left_may_come_back_with_a_new_part(town: Town) -> None:
    case = await town.open("police", "health", after=4 * DAY)
    await town.confirm(case.id, "officer")
    await town.sends_sergeant(case.id)
    first = (await town.file(case.id)).involvement_of_agency("police")
    assert first is not None
    await town.do(release_agency, "coordinator", ReleaseAgency(first.id))
    await town.do(invite_agency, "coordinator", InviteAgency(case.id, choice("police")))
    file = await town.file(case.id)
    second = file.involvement_of_agency("police")
    assert second is not None
    assert second.id != first.id
    assert file.standing(second) is Standing.ASKED
    assert file.room_people() == {"coordinator"}, "taushetsplikt is confirmed anew"
    await town.confirm(case.id, "officer")
    await town.answer(
        case.id, "officer", Answer.DECLINED, reason=DeclineReason.COURT, deputy="police:sergeant"
    )
    assert len((await town.file(case.id)).seats_of("sergeant")) == 1


async def test_the_part_of_an_agency_can_be_changed_while_it_lasts(town: Town) -> None:
    case = await town.open("police", persons=2)
    part = (await town.file(case.id)).involvements[0]
    command = ChangeInvolvement(part.id, "BA", Reason.HOUSING, Ground.LEGAL)
    await town.do(change_involvement, "coordinator", command)
    changed = (await town.file(case.id)).involvement(part.id)
    assert (changed.persons, changed.reason, changed.ground) == ("AB", Reason.HOUSING, Ground.LEGAL)
    reminders = {Kind.ROOM, Kind.ROLL_CALL, Kind.MEETING_TURNS, Kind.QUORUM, Kind.ESCALATION} | REMINDERS
    assert {i.kind for i in town.left} <= reminders
    for persons in ("", "C", "AA"):
        with pytest.raises(Invalid):
            await town.do(change_involvement, "coordinator", replace(command, persons=persons))
    await town.do(release_agency, "coordinator", ReleaseAgency(part.id))
    with pytest.raises(NoLongerAsked):
        await town.do(change_involvement, "coordinator", command)


async def test_a_later_meeting_asks_the_seat_holder_and_not_whoever_is_on_call(town: Town) -> None:
    town.clock.time = oslo("2026-11-24 10:00")
    case = await town.open("welfare")
    await town.confirm(case.id, "caseworker")
    town.clock.time = oslo("2026-11-27 20:00")
    review = await town.do(review_meeting, "coordinator", CallMeeting(case.id, town.plan(DAY)))
    assert [p for _, p in review.people] == ["caseworker"]
    assert review.warnings == (Warn.WEEKEND,)
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(DAY)))
    assert town.told(Kind.SUMMONS) == {"caseworker"}


@pytest.mark.parametrize(
    ("starts_at", "warned"),
    [
        ("2026-11-26 10:00", ()),
        ("2026-11-28 10:00", (Warn.WEEKEND,)),
        ("2026-12-24 10:00", (Warn.HOLIDAY,)),
        ("2026-11-26 06:30", (Warn.NIGHT,)),
        ("2026-11-26 21:00", ()),
        ("2026-11-26 21:15", (Warn.NIGHT,)),
        ("2026-11-25 12:30", (Warn.OVERLAP,)),
        ("2026-11-25 11:00", ()),
        ("2026-11-25 13:00", ()),
    ],
)
async def test_what_is_pointed_out_before(town: Town, starts_at: str, warned: tuple[Warn, ...]) -> None:
    case = await town.open("police", after=20 * DAY, phase=Phase.WORKING)
    held = replace(town.plan(), starts_at=oslo("2026-11-25 12:00"), ends_at=oslo("2026-11-25 13:00"))
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, held))
    plan = replace(held, starts_at=oslo(starts_at), ends_at=oslo(starts_at) + HOUR)
    other = await town.open("police", after=20 * DAY, phase=Phase.WORKING)
    for case_id in (case.id, other.id):
        review = await town.do(review_meeting, "coordinator", CallMeeting(case_id, plan))
        assert review.warnings == warned
    acute = await town.open("police", after=20 * DAY)
    review = await town.do(review_meeting, "coordinator", CallMeeting(acute.id, plan))
    assert review.warnings == tuple(w for w in warned if w is not Warn.NIGHT), "whoever calls now knows that"


@pytest.mark.parametrize(("minutes", "soon"), [(20, True), (24, True), (26, False), (60, False)])
async def test_a_time_closer_than_people_can_come_is_pointed_out(
    town: Town, minutes: int, soon: bool
) -> None:
    case = await town.open("police", after=20 * DAY)
    plan = town.plan(timedelta(minutes=minutes))
    review = await town.do(review_meeting, "coordinator", CallMeeting(case.id, plan))
    assert (Warn.SOON in review.warnings) is soon


async def test_another_note_asks_nobody_again(town: Town) -> None:
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    await town.answer(case.id, "officer", Answer.CONFIRMED)
    held = await town.meeting(case.id)
    plan = replace(town.plan(), starts_at=held.starts_at, ends_at=held.ends_at, note="Ta med kaffe")
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, plan))
    moved = await town.meeting(case.id)
    assert (moved.note, moved.sequence) == ("Ta med kaffe", 0)
    assert (await town.ask(case.id, "officer")).answer is Answer.CONFIRMED
    assert not town.told(Kind.SUMMONS) | town.told(Kind.MEETING_MOVED)
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, replace(plan, place="Utekontakten")))
    assert (await town.meeting(case.id)).sequence == 1
    assert (await town.ask(case.id, "officer")).answer is None


async def test_a_cancelled_meeting_asks_nothing_and_ends_deputies_seats(town: Town) -> None:
    case = await town.open("police", "counsel", after=4 * DAY)
    await town.confirm(case.id, "officer")
    await town.sends_sergeant(case.id)
    held = await town.meeting(case.id)
    await town.do(cancel_meeting, "coordinator", CancelMeeting(held.id))
    file = await town.file(case.id)
    assert not [a for a in file.asks if a.live]
    assert file.duties_of(held.id) == []
    assert file.room_people() == {"coordinator", "officer"}
    assert town.told(Kind.MEETING_CANCELLED) == {None, "officer", "sergeant"}
    assert not [i for i in town.left if i.kind in REMINDERS - {Kind.NO_MEETING_AHEAD}]
    assert town.told(Kind.NO_MEETING_AHEAD) == {"coordinator"}
    for again in (
        (cancel_meeting, CancelMeeting(held.id)),
        (move_meeting, MoveMeeting(held.id, town.plan())),
    ):
        with pytest.raises(NoLongerAsked):
            await town.do(again[0], "coordinator", again[1])  # type: ignore[arg-type]


async def test_a_change_of_phase_measures_windows_anew(town: Town) -> None:
    case = await town.open("police", after=4 * DAY)
    asked = await town.ask(case.id, "officer")
    town.clock.move(HOUR / 2)
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.WORKING))
    assert (await town.ask(case.id, "officer")).window_ends_at == asked.asked_at + DAY
    assert town.told(Kind.PHASE_CHANGED) == set()
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.WORKING))
    assert town.left == []
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.ACUTE))
    half_day = oslo("2026-11-24 16:00")
    assert (await town.ask(case.id, "officer")).window_ends_at == half_day == asked.window_ends_at


async def test_a_window_that_the_new_phase_would_have_ended_is_measured_from_now(town: Town) -> None:
    case = await town.open("police", "health", after=2 * HOUR, phase=Phase.WORKING)
    town.clock.move(HOUR * 3 / 2)
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.ACUTE))
    ask, held = await town.ask(case.id, "officer"), await town.meeting(case.id)
    assert ask.window_ends_at == held.starts_at
    overdue = [i for i in town.left if i.kind is Kind.ESCALATION]
    assert {i.params_as(ChainStep).step for i in overdue} == {"reminder"}
    assert all(i.due_at is not None and i.due_at < town.clock.now() for i in overdue)
