"""Phases: what is told, when the next meeting is proposed, and a case that waits."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.case.entities import Case, Pause, PauseReason, Phase, Rhythm
from bot.domain.errors import Invalid, NoLongerAsked, NotAllowed
from bot.domain.meeting import last_of_rhythm
from bot.domain.notifications import Kind, Notification
from bot.domain.overview import reminder_plan
from bot.domain.overview.missing import Missing, lacks
from bot.scheduler import plan_case
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, close_case, forget_case
from bot.usecases.lifecycle.phases import (
    ChangePhase,
    PauseCase,
    ResumeCase,
    change_phase,
    pause_case,
    resume_case,
)
from bot.usecases.meeting import CallMeeting, call_meeting
from tests.bot.cast import DAY, HOUR, oslo
from tests.bot.usecases.town import Town

CHRISTMAS = date(2026, 12, 21)


async def working(town: Town, rhythm: Rhythm | None = Rhythm.WEEKLY) -> Case:
    """A case in the working phase, with one meeting a day ahead."""
    case = await town.open("police", "health", "follow-up")
    await town.confirm(case.id, "officer", "both", "deputy-coordinator")
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.WORKING, rhythm))
    return case


async def test_the_change_is_told_to_the_other_coordinator(town: Town) -> None:
    await working(town)
    assert town.told(Kind.PHASE_CHANGED) == {"deputy-coordinator"}, "the form has told who changed it"


@pytest.mark.parametrize(
    ("changed", "dues"),
    [
        ("2026-11-27 15:00", ["2026-11-27 16:00"]),
        ("2026-11-27 16:30", ["2026-11-29 08:30", "2026-11-30 07:30"]),
        ("2026-11-28 10:00", ["2026-11-29 08:30", "2026-11-30 07:30"]),
        ("2026-11-29 10:00", ["2026-11-30 07:30"]),
    ],
)
async def test_a_change_of_phase_in_the_weekend_loses_no_reminder(
    town: Town, changed: str, dues: list[str]
) -> None:
    case = await town.open("police", after=oslo("2026-11-30 08:30") - town.clock.now())
    await town.confirm(case.id, "officer")
    town.clock.time = oslo(changed)
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.WORKING))
    soon = [i for i in town.left if i.kind is Kind.MEETING_SOON]
    for person, due in (("officer", dues), ("coordinator", dues[-1:])):
        assert [i.due_at for i in soon if i.recipient == person] == [oslo(each) for each in due]
    town.clock.move(HOUR / 60)
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.WORKING, Rhythm.WEEKLY))
    file = await town.file(case.id)
    assert all(reminder_plan.still_planned(file, i) for i in soon), "another rhythm changes nothing"


async def test_the_next_meeting_is_proposed_when_the_last_is_registered(town: Town) -> None:
    case = await working(town)
    assert town.told(Kind.MEETING_PROPOSED) == set()
    await town.register(case.id)
    assert town.told(Kind.MEETING_PROPOSED) == {"coordinator", "deputy-coordinator"}
    last = await town.meeting(case.id)
    await town.posted(case.id, Kind.MEETING_PROPOSED, last.id, "coordinator")
    await town.run(lambda uow: plan_case(uow, case.id))
    assert town.told(Kind.MEETING_PROPOSED) == {"deputy-coordinator"}, "to each once"
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(7 * DAY)))
    again = [i for i in town.left if i.kind is Kind.MEETING_PROPOSED]
    assert [(i.recipient, i.once) for i in again] == [("coordinator", False)], "what stands is taken away"
    assert last_of_rhythm(await town.file(case.id), town.clock.now()) is None


async def test_one_that_nobody_registers_is_over_the_working_morning_after(town: Town) -> None:
    case = await working(town)
    town.clock.time = oslo("2026-11-25 20:00")
    await town.run(lambda uow: plan_case(uow, case.id))
    assert town.told(Kind.MEETING_PROPOSED) == set()
    town.clock.time = oslo("2026-11-26 08:00")
    await town.run(lambda uow: plan_case(uow, case.id))
    assert town.told(Kind.MEETING_PROPOSED) == {"coordinator", "deputy-coordinator"}


@pytest.mark.parametrize("phase", Phase)
async def test_nothing_is_proposed_without_a_rhythm_nor_in_the_acute_phase(town: Town, phase: Phase) -> None:
    case = await working(town, None if phase is Phase.WORKING else Rhythm.WEEKLY)
    if phase is Phase.ACUTE:
        await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.ACUTE, Rhythm.WEEKLY))
    await town.register(case.id)
    assert town.told(Kind.MEETING_PROPOSED) == set()


async def waiting(town: Town) -> tuple[Case, Pause]:
    """An acute case whose meeting is over waits; follow-up makes contact."""
    case = await town.open("police", "health", "follow-up")
    await town.confirm(case.id, "officer", "both", "deputy-coordinator")
    await town.register(case.id)
    part = (await town.file(case.id)).involvement_of_agency("follow-up")
    assert part is not None
    await town.do(pause_case, "coordinator", PauseCase(case.id, PauseReason.NOT_NOW, CHRISTMAS, part.id))
    pause = (await town.file(case.id)).pause
    assert pause is not None
    return case, pause


async def planned(town: Town, case_id: str, kind: Kind) -> list[Notification]:
    file = await town.file(case_id)
    return [i for i in reminder_plan.due_after(file, town.clock.now()) if i.kind is kind]


async def test_nobody_is_nagged_until_the_day_and_then_the_owner_and_the_coordinators_are_told(
    town: Town,
) -> None:
    case, pause = await waiting(town)
    assert town.told(Kind.CASE_WAITS) == {None}
    assert town.told(Kind.RELEASE_OFFERED) == {"coordinator", "deputy-coordinator"}
    assert await planned(town, case.id, Kind.NO_MEETING_AHEAD) == []
    assert Missing.NO_MEETING not in {x.what for x in lacks(await town.file(case.id), town.clock.now())}
    due = await planned(town, case.id, Kind.CONTACT_DUE)
    assert {i.recipient for i in due} == {"coordinator", "deputy-coordinator"}
    assert {i.due_at for i in due} == {oslo("2026-12-21 08:00")}
    town.clock.time = oslo("2026-12-21 08:00")
    file = await town.file(case.id)
    assert all(reminder_plan.still_planned(file, i) for i in due)
    assert await planned(town, case.id, Kind.NO_MEETING_AHEAD)
    assert Missing.NO_MEETING in {x.what for x in lacks(await town.file(case.id), town.clock.now())}
    await town.do(resume_case, "coordinator", ResumeCase(case.id))
    file = await town.file(case.id)
    assert not any(reminder_plan.still_planned(file, i) for i in due)
    over = [(i.subject, i.recipient) for i in town.left if i.kind is Kind.CASE_GOES_ON]
    assert over == [(pause.id, None)], "the room is told"
    assert pause.ended_at is None
    with pytest.raises(NoLongerAsked):
        await town.do(resume_case, "coordinator", ResumeCase(case.id))


async def test_the_seat_holder_of_the_owner_is_reminded(town: Town) -> None:
    case, _ = await waiting(town)
    part = (await town.file(case.id)).involvement_of_agency("police")
    assert part is not None
    await town.do(pause_case, "coordinator", PauseCase(case.id, PauseReason.THINKING, CHRISTMAS, part.id))
    due = await planned(town, case.id, Kind.CONTACT_DUE)
    assert {i.recipient for i in due} == {"coordinator", "deputy-coordinator", "officer"}
    assert len((await town.file(case.id)).pauses) == 2
    await town.do(release_agency, "coordinator", ReleaseAgency(part.id))
    due = await planned(town, case.id, Kind.CONTACT_DUE)
    assert "officer" not in {i.recipient for i in due}


async def test_what_cannot_be(town: Town) -> None:
    case, pause = await waiting(town)
    for day in (date(2026, 11, 20), date(2028, 1, 3)):
        command = PauseCase(case.id, PauseReason.NOT_NOW, day, pause.involvement_id)
        with pytest.raises(Invalid):
            await town.do(pause_case, "coordinator", command)
    with pytest.raises(NoLongerAsked):
        await town.do(
            pause_case, "coordinator", PauseCase(case.id, PauseReason.NOT_NOW, CHRISTMAS, "nothing")
        )
    for actor in ("officer", "stranger"):
        with pytest.raises(NotAllowed):
            await town.do(resume_case, actor, ResumeCase(case.id))


async def test_it_ends_with_the_case_and_is_forgotten_with_it(town: Town) -> None:
    case, _ = await waiting(town)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    assert await planned(town, case.id, Kind.CONTACT_DUE) == []
    town.clock.move(40 * DAY + HOUR)
    await town.run(lambda uow: forget_case(uow, case.id))
    assert await town.database.read(lambda uow: uow.find(Pause)) == []
