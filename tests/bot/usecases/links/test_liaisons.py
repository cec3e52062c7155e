"""A liaison from another district: until a date, with taushetsplikt of their own, without a duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.access import Right
from bot.domain.case.entities import Case, Phase, Seat, SeatEnd, SeatRole, Via
from bot.domain.case.links import Liaison, leaves_at
from bot.domain.case.rights import rights_in_case
from bot.domain.directory.entities import Agency, AgencyKind, Contact
from bot.domain.errors import Invalid, NoLongerAsked, NotAllowed
from bot.domain.links import liaison_reminders
from bot.domain.notifications import Kind, Notification
from bot.domain.overview import reminder_plan
from bot.scheduler import plan_case
from bot.usecases.involvement.acknowledgement import Acknowledge, PassOn, acknowledge, pass_on
from bot.usecases.lifecycle.closing import CloseCase, close_case, forget_case
from bot.usecases.lifecycle.phases import ChangePhase, change_phase
from bot.usecases.links.liaisons import EndLiaison, NameLiaison, end_liaison, liaison_over, name_liaison
from bot.usecases.meeting import (
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    call_meeting,
    cancel_meeting,
    move_meeting,
)
from bot.usecases.ports import UnitOfWork
from tests.bot import cast
from tests.bot.case_files import case_file, meeting
from tests.bot.cast import DAY, TEAM, oslo
from tests.bot.usecases.invariants import entitled
from tests.bot.usecases.town import Town
from tests.every import every

FRIDAY = date(2026, 12, 4)
GUEST = "guest"
MINUTE = timedelta(minutes=1)


async def with_liaison(town: Town, *, confirmed: bool = True) -> tuple[Case, Liaison]:
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    command = NameLiaison(case.id, FRIDAY, cast.slack(GUEST), "Kontakt i annet distrikt")
    liaison = await town.do(name_liaison, "coordinator", command)
    person = await town.database.read(lambda uow: uow.person_by_slack(cast.slack(GUEST)))
    assert person is not None
    if confirmed:
        await town.do(acknowledge, GUEST, Acknowledge(liaison.seat_id or ""))
    return case, liaison


async def guest_id(town: Town) -> str:
    person = await town.database.read(lambda uow: uow.person_by_slack(cast.slack(GUEST)))
    assert person is not None
    return person.id


def shelter_elsewhere(uow: UnitOfWork) -> None:
    uow.add(Agency("centre", "other", "centre", AgencyKind.CRISIS_CENTRE, "Centre", cover_name="botilbud 1"))
    uow.add(Contact("centre:stranger", "centre", "stranger", 1))


async def test_who_has_left_a_shelter_can_be_a_liaison(town: Town) -> None:
    case = await town.open("police")
    await town.run(shelter_elsewhere)
    await town.run(lambda uow: uow.change(uow.find(Contact, person_id="stranger")[0], retired=True))
    named = NameLiaison(case.id, FRIDAY, cast.slack("stranger"))
    liaison = await town.do(name_liaison, "coordinator", named)
    await town.do(acknowledge, "stranger", Acknowledge(liaison.seat_id or ""))
    assert "stranger" in (await town.file(case.id)).room_people()


async def test_a_liaison_is_let_in_after_taushetsplikt_and_has_no_duty(town: Town) -> None:
    case, liaison = await with_liaison(town, confirmed=False)
    guest = await guest_id(town)
    assert town.told(Kind.ACKNOWLEDGEMENT) == {guest}
    assert guest not in (await town.file(case.id)).room_people()
    case, liaison = await with_liaison(town)
    file = await town.file(case.id)
    assert file.room_people() == entitled(file) >= {guest, "officer"}
    assert rights_in_case(file, guest) == {Right.ANYONE, Right.LIAISON}
    assert not [a for a in file.asks if a.person_id == guest]
    soon = {i.recipient for i in town.left if i.kind is Kind.MEETING_SOON}
    assert guest in soon
    assert leaves_at(FRIDAY, TEAM) == oslo("2026-12-04 16:00")
    with pytest.raises((NoLongerAsked, NotAllowed)):
        await town.do(pass_on, GUEST, PassOn(liaison.seat_id or "", "police:sergeant"))


async def test_a_silent_liaison_is_reminded_once_and_then_the_coordinators_are_told(town: Town) -> None:
    case, liaison = await with_liaison(town, confirmed=False)
    guest = await guest_id(town)
    file = await town.file(case.id)
    (seat,) = file.seats_of(guest)
    of_silence = [i for i in town.left if i.kind in (Kind.LIAISON_UNCONFIRMED, Kind.LIAISON_SILENT)]
    assert {(i.kind, i.recipient, i.subject, i.due_at) for i in of_silence} == {
        (Kind.LIAISON_UNCONFIRMED, guest, seat.id, seat.asked_at + timedelta(minutes=30)),
        (Kind.LIAISON_SILENT, "coordinator", seat.id, seat.asked_at + timedelta(minutes=60)),
    }
    assert all(i.once and reminder_plan.still_planned(file, i) for i in of_silence)
    await town.do(acknowledge, GUEST, Acknowledge(seat.id))
    confirmed = await town.file(case.id)
    assert not any(reminder_plan.still_planned(confirmed, i) for i in of_silence)
    await town.do(end_liaison, "coordinator", EndLiaison(case.id, liaison.id))
    again = await town.do(name_liaison, "coordinator", NameLiaison(case.id, FRIDAY, cast.slack(GUEST)))
    anew = [i for i in town.left if i.kind is Kind.LIAISON_SILENT]
    assert [i.subject for i in anew] == [again.seat_id]
    await town.do(end_liaison, "coordinator", EndLiaison(case.id, again.id))
    gone = await town.file(case.id)
    assert not any(reminder_plan.still_planned(gone, i) for i in [*of_silence, *anew])


@every(
    ("phase", "named_at", "meets", "due"),
    [
        # Six and twelve hours of working time.
        (Phase.WORKING, "2026-11-26 15:00", "2026-12-14 10:00", ["2026-11-27 13:00", "2026-11-30 11:00"]),
        # Three quarters of what is left until the meeting.
        (Phase.WORKING, "2026-11-26 08:00", "2026-11-26 16:00", ["2026-11-26 11:00", "2026-11-26 14:00"]),
        # Hardly any working time is left: every hour counts.
        (Phase.WORKING, "2026-11-27 20:00", "2026-11-30 08:00", ["2026-11-28 02:00", "2026-11-28 08:00"]),
        (Phase.ACUTE, "2026-11-28 22:00", "2026-12-02 10:00", ["2026-11-28 22:30", "2026-11-28 23:00"]),
        (Phase.ACUTE, "2026-11-28 22:00", "2026-11-28 22:40", ["2026-11-28 22:15", "2026-11-28 22:30"]),
        # Nobody is told after the last day.
        (Phase.ACUTE, "2026-12-04 15:20", "2026-12-07 10:00", ["2026-12-04 15:35", "2026-12-04 15:50"]),
    ],
)
def test_half_a_window_and_a_window(phase: Phase, named_at: str, meets: str, due: list[str]) -> None:
    asked_at = oslo(named_at)
    guest = Seat("seat-guest", "case", "officer", SeatRole.LIAISON, asked_at)
    liaison = Liaison("liaison", "case", FRIDAY, asked_at, "coordinator", seat_id=guest.id)
    rules = replace(TEAM.rules, working_window=12 * 60)
    file = case_file(meeting(oslo(meets), called_at=asked_at), guest, phase=phase, rules=rules)
    told = list(liaison_reminders(replace(file, liaisons=(liaison,))))
    assert [(r.kind, r.recipient) for r in told] == [
        (Kind.LIAISON_UNCONFIRMED, "officer"),
        (Kind.LIAISON_SILENT, "coordinator"),
    ]
    assert [r.due_at for r in told] == [oslo(at) for at in due]


async def silence(town: Town, case_id: str) -> list[tuple[Kind, datetime]]:
    """The intents that upkeep plans now for the liaison who has not confirmed."""
    await town.run(lambda uow: plan_case(uow, case_id))
    kinds = (Kind.LIAISON_UNCONFIRMED, Kind.LIAISON_SILENT)
    file = await town.file(case_id)
    planned = [i for i in town.left if i.kind in kinds]
    assert all(reminder_plan.still_planned(file, i) for i in planned)
    return [(i.kind, i.due_at) for i in planned if i.due_at is not None]


async def test_a_change_of_phase_begins_the_window_anew(town: Town) -> None:
    """By the window of the acute phase it would have been over long ago, and nobody would be told."""
    town.clock.time = oslo("2026-11-23 09:00")
    case = await town.open("police", phase=Phase.WORKING, after=20 * DAY)
    name = NameLiaison(case.id, date(2026, 12, 30), cast.slack(GUEST), "Kontakt i annet distrikt")
    await town.do(name_liaison, "coordinator", name)
    town.clock.time = oslo("2026-11-24 07:00")
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.ACUTE))
    told = [(kind, due.replace(second=0)) for kind, due in await silence(town, case.id)]
    assert told == [
        (Kind.LIAISON_UNCONFIRMED, oslo("2026-11-24 07:30")),
        (Kind.LIAISON_SILENT, oslo("2026-11-24 08:00")),
    ]


@pytest.mark.parametrize("moved", [False, True])
async def test_a_meeting_at_short_notice_hastens_what_is_said_of_the_silence(town: Town, moved: bool) -> None:
    town.clock.time = oslo("2026-11-23 09:00")
    case = await town.open("police", phase=Phase.WORKING, after=20 * DAY)
    town.clock.time = oslo("2026-11-24 09:00")
    name = NameLiaison(case.id, date(2026, 12, 30), cast.slack(GUEST), "Kontakt i annet distrikt")
    await town.do(name_liaison, "coordinator", name)
    reminded, told = Kind.LIAISON_UNCONFIRMED, Kind.LIAISON_SILENT
    later = [due for _, due in await silence(town, case.id)]
    assert [due.replace(second=0) for due in later] == [oslo("2026-11-25 13:00"), oslo("2026-11-27 09:00")]
    town.clock.time = oslo("2026-11-25 11:00")
    soon = town.plan(150 * MINUTE)
    if moved:
        command = MoveMeeting((await town.meeting(case.id)).id, soon)
        meeting = await town.do(move_meeting, "coordinator", command)
    else:
        meeting = await town.do(call_meeting, "coordinator", CallMeeting(case.id, soon))
    sooner = await silence(town, case.id)
    assert [kind for kind, _ in sooner] == [reminded, told]
    assert [due.replace(second=0, microsecond=0) for _, due in sooner] == [
        oslo("2026-11-25 11:56"),
        oslo("2026-11-25 12:52"),
    ]
    await town.do(cancel_meeting, "coordinator", CancelMeeting(meeting.id))
    assert [due for _, due in await silence(town, case.id)] == later


async def test_the_day_ends_it_whoever_asks_for_it_and_how_often(town: Town) -> None:
    case, liaison = await with_liaison(town)
    guest = await guest_id(town)
    key = Notification(Kind.LIAISON_ENDS, liaison.id, case_id=case.id).key
    await town.run(lambda uow: plan_case(uow, case.id))
    (planned,) = (i for i in town.left if i.kind is Kind.LIAISON_ENDS)
    assert (planned.key, planned.due_at, planned.once) == (key, oslo("2026-12-04 16:00"), True)
    town.clock.time = oslo("2026-12-04 15:59")
    await town.run(lambda uow: liaison_over(uow, liaison.id))
    assert guest in (await town.file(case.id)).room_people()
    # It fell due by the database's clock; ours has been put back since.
    await town.run(lambda uow: liaison_over(uow, liaison.id, planned.due_at))
    assert town.told(Kind.LIAISON_LEFT) == {None, guest}
    file = await town.file(case.id)
    assert guest not in file.room_people()
    assert {s.end for s in file.seats if s.role is SeatRole.LIAISON} == {SeatEnd.UNTIL_REACHED}
    await town.run(lambda uow: liaison_over(uow, liaison.id))
    assert town.left == []
    await town.run(lambda uow: liaison_over(uow, "nothing"))


async def test_it_can_be_ended_earlier_and_begun_anew(town: Town) -> None:
    case, liaison = await with_liaison(town)
    guest = await guest_id(town)
    with pytest.raises(NotAllowed):
        await town.do(end_liaison, "officer", EndLiaison(case.id, liaison.id))
    await town.do(end_liaison, "coordinator", EndLiaison(case.id, liaison.id))
    assert guest not in (await town.file(case.id)).room_people()
    with pytest.raises(NoLongerAsked):
        await town.do(end_liaison, "coordinator", EndLiaison(case.id, liaison.id))
    command = NameLiaison(case.id, FRIDAY, cast.slack(GUEST))
    again = await town.do(name_liaison, "coordinator", command)
    assert (await town.file(case.id)).live_liaisons() == [again]
    with pytest.raises(Invalid, match="liaison-is-in"):
        await town.do(name_liaison, "coordinator", command)


async def test_one_outside_slack_is_a_title_and_is_reached_by_the_coordinator(town: Town) -> None:
    case = await town.open("police")
    named = NameLiaison(case.id, FRIDAY, title="Kontakt i annet distrikt", via=Via.PHONE)
    liaison = await town.do(name_liaison, "coordinator", named)
    file = await town.file(case.id)
    assert file.live_liaisons() == [liaison]
    assert SeatRole.LIAISON not in {s.role for s in file.seats}
    town.clock.time = oslo("2026-12-05 08:00")
    await town.run(lambda uow: liaison_over(uow, liaison.id))
    assert town.told(Kind.LIAISON_LEFT) == {None}
    assert (await town.file(case.id)).live_liaisons() == []


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (NameLiaison("", FRIDAY), "liaison-who"),
        (NameLiaison("", FRIDAY, title="Kontakt"), "liaison-via"),
        (NameLiaison("", FRIDAY, title="Kontakt", via=Via.SLACK), "liaison-via"),
        (NameLiaison("", date(2026, 11, 23), cast.slack(GUEST)), "liaison-until"),
        (NameLiaison("", date(2028, 1, 3), cast.slack(GUEST)), "liaison-until"),
        (NameLiaison("", FRIDAY, cast.slack(GUEST), "Ring 41 23 45 67"), "guard"),
        (NameLiaison("", FRIDAY, cast.slack("officer")), "liaison-is-in"),
        (NameLiaison("", FRIDAY, cast.slack("coordinator")), "liaison-is-in"),
        (NameLiaison("", FRIDAY, cast.slack("keeper")), "liaison-not-in-room"),
        (NameLiaison("", FRIDAY, cast.slack("stranger")), "liaison-not-in-room"),
    ],
)
async def test_what_cannot_be(town: Town, command: NameLiaison, problem: str) -> None:
    """The stranger is at another team's crisis centre."""
    case = await town.open("police")
    await town.run(shelter_elsewhere)
    before = await town.dump()
    with pytest.raises(Invalid, match=problem):
        await town.do(name_liaison, "coordinator", replace(command, case_id=case.id))
    assert await town.dump() == before


async def test_closing_ends_it_and_the_purge_forgets_it(town: Town) -> None:
    case, _ = await with_liaison(town)
    guest = await guest_id(town)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    assert guest in town.told(Kind.LIAISON_LEFT)
    assert (await town.file(case.id)).room_people() == {"coordinator"}
    town.clock.move(40 * DAY)
    await town.run(lambda uow: forget_case(uow, case.id))
    assert await town.database.read(lambda uow: uow.find(Liaison)) == []
