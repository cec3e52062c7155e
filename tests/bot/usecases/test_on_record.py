"""On record before deleted: who says so, who sees it, what waits for it, and what is left afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.access import Action, Right
from bot.domain.audit import OPERATOR, AuditEntry, Event, Logged
from bot.domain.case.entities import Attendance, Case, Involvement
from bot.domain.directory.entities import Person
from bot.domain.errors import NoLongerAsked, NotAllowed, NothingHere
from bot.domain.notifications import Kind
from bot.domain.on_record import Unrecorded, goes_on, is_on_record, lacking_record, recording_parts
from bot.domain.overview import reminder_plan
from bot.usecases.attendance.register import RegisterAttendance, register_attendance
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.lifecycle.closing import (
    CloseCase,
    DeleteUnrecorded,
    begin_erasing,
    close_case,
    delete_unrecorded,
    due_for_purge,
    forget_case,
    plan_purge,
    see_unrecorded,
)
from bot.usecases.meeting import CallMeeting, call_meeting
from bot.usecases.on_record import (
    KeepRecords,
    PutOnRecord,
    RecordMinutes,
    TakeOffRecord,
    keep_records,
    put_on_record,
    record_minutes,
    see_minutes,
    take_off_record,
)
from bot.usecases.ports import UnitOfWork
from storage.crypto.keyring import Erased, case_scope
from tests.bot.cast import DAY, HOUR, oslo
from tests.bot.usecases.town import Town
from tests.storage.test_stolen import dump

#: In the room for the police, and for nobody.
OFFICER, STRANGER = "officer", "stranger"


async def met(town: Town) -> Case:
    """Police and child welfare have confirmed and met; the social services were asked, and know nothing."""
    case = await town.open("police", "welfare", "social")
    await town.confirm(case.id, OFFICER, "caseworker")
    await held(town, case)
    return case


async def held(town: Town, case: Case) -> None:
    """The latest meeting is registered: all came but the social services, whom nobody reached."""
    meeting = await town.meeting(case.id)
    town.clock.time = max(town.clock.time, meeting.starts_at + HOUR)
    file = await town.file(case.id)
    came = {
        d.id: Attendance.NOT_REACHED
        if file.agency_of(d.involvement_id).id == "social"
        else Attendance.PRESENT
        for d in file.duties_of(meeting.id)
    }
    await town.do(register_attendance, "coordinator", RegisterAttendance(meeting.id, came))


async def part(town: Town, case: Case, agency: str) -> Involvement:
    found = (await town.file(case.id)).involvement_of_agency(agency)
    assert found is not None
    return found


async def lacking(town: Town, case: Case) -> list[str]:
    file = await town.file(case.id)
    return sorted(file.agency_of(i.id).id for i in lacking_record(file))


async def closed(town: Town) -> Case:
    case = await met(town)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    return case


async def until_due(town: Town, case: Case, more: timedelta = timedelta(0)) -> None:
    """The morning of the date of deletion, in the team's zone, and so much more."""
    day = (await town.file(case.id)).case.delete_on
    assert day is not None
    town.clock.time = oslo(f"{day} 08:00") + more


async def planned(town: Town) -> list[str]:
    """The cases that go now, by what the hourly job leaves and what is begun by it."""
    await town.run(lambda uow: plan_purge(uow, due_for_purge(uow)))
    return [i.subject for i in town.left if i.kind is Kind.PURGE]


async def logged(town: Town, case: Case) -> list[Logged]:
    entry = AuditEntry(Event.EXPORTED, OPERATOR)
    return await town.database.log.of_case(case.code, town.clock.now(), entry)


async def test_an_agency_says_so_with_the_minutes_and_takes_it_back(anywhere: Town) -> None:
    town = anywhere
    case = await met(town)
    meeting = await town.meeting(case.id)
    assert await lacking(town, case) == ["police", "welfare"]
    _, own = await town.do(record_minutes, OFFICER, RecordMinutes(meeting.id))
    assert own == [(await part(town, case, "police")).id]
    assert await lacking(town, case) == ["welfare"]
    await town.do(take_off_record, OFFICER, TakeOffRecord(own[0]))
    assert await lacking(town, case) == ["police", "welfare"]
    assert (await part(town, case, "police")).on_record is None


async def test_whoever_was_told_nothing_has_nothing_to_record(town: Town) -> None:
    case = await met(town)
    file = await town.file(case.id)
    assert sorted(file.agency_of(i.id).id for i in recording_parts(file)) == ["police", "welfare"]
    await town.do(release_agency, "coordinator", ReleaseAgency((await part(town, case, "welfare")).id))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    assert await lacking(town, case) == ["police"], "whose part was over before is not waited for"


async def test_newer_minutes_have_to_be_recorded_too(town: Town) -> None:
    case = await met(town)
    first = await town.meeting(case.id)
    await town.do(record_minutes, OFFICER, RecordMinutes(first.id))
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan()))
    assert await lacking(town, case) == ["welfare"], "a meeting that is called has no minutes"
    await held(town, case)
    assert await lacking(town, case) == ["police", "welfare"]
    with pytest.raises(NothingHere) as refused:
        await town.do(record_minutes, OFFICER, RecordMinutes(first.id))
    assert refused.value.details == {"what": "newer-minutes"}
    await town.do(record_minutes, OFFICER, RecordMinutes((await town.meeting(case.id)).id))
    assert await lacking(town, case) == ["welfare"]


async def test_an_agency_says_so_when_the_closing_is_told_and_takes_it_back(anywhere: Town) -> None:
    town = anywhere
    case = await closed(town)
    police = await part(town, case, "police")
    assert town.told(Kind.PART_OVER) == {OFFICER, "caseworker", "both"}
    await town.do(put_on_record, OFFICER, PutOnRecord(police.id))
    assert {i.kind for i in town.left} <= {Kind.ROOM, Kind.HOMES, Kind.DELETION_SOON}, "nothing new is told"
    assert await lacking(town, case) == ["welfare"]
    await town.do(take_off_record, OFFICER, TakeOffRecord(police.id))
    assert await lacking(town, case) == ["police", "welfare"]


@pytest.mark.parametrize("actor", [STRANGER, "deputy-coordinator", "both", "sergeant", "caseworker"])
async def test_nobody_says_so_for_another_agency(town: Town, actor: str) -> None:
    """Not a coordinator who has not confirmed, one who is asked, a colleague, nor another agency."""
    case = await met(town)
    police, meeting = await part(town, case, "police"), await town.meeting(case.id)
    for _ in ("open", "closed"):
        before = await town.dump()
        for use_case, command in (
            (put_on_record, PutOnRecord(police.id)),
            (take_off_record, TakeOffRecord(police.id)),
            (keep_records, KeepRecords(case.id, (police.id,))),
            (put_on_record, PutOnRecord("no-such-part")),
        ):
            with pytest.raises(NotAllowed) as refused:
                await town.do(use_case, actor, command)  # type: ignore[arg-type]
            assert str(refused.value) == "refused.not-allowed"
        if actor != "caseworker":
            with pytest.raises(NotAllowed):
                await town.do(record_minutes, actor, RecordMinutes(meeting.id))
        assert await town.dump() == before
        if (await town.file(case.id)).open:
            await town.do(close_case, "coordinator", CloseCase(case.id))


async def test_a_coordinator_records_for_others_and_takes_back(anywhere: Town) -> None:
    town = anywhere
    case = await closed(town)
    police, welfare = await part(town, case, "police"), await part(town, case, "welfare")
    await town.do(put_on_record, "caseworker", PutOnRecord(welfare.id))
    await town.do(keep_records, "coordinator", KeepRecords(case.id, (police.id,), (welfare.id,)))
    assert await lacking(town, case) == ["welfare"]
    said = [e for e in await logged(town, case) if e.event in ("put_on_record", "take_off_record")]
    assert all(e.what is not None for e in said), "of each it is told for which agency"
    social = await part(town, case, "social")
    with pytest.raises(NoLongerAsked):
        await town.do(keep_records, "coordinator", KeepRecords(case.id, (social.id,)))
    with pytest.raises(NotAllowed):
        await town.do(record_minutes, "coordinator", RecordMinutes((await town.meeting(case.id)).id))


async def test_a_coordinator_finds_the_others_behind_the_button_of_the_minutes(town: Town) -> None:
    case = await met(town)
    meeting = (await town.meeting(case.id)).id
    file, own = await town.run(lambda uow: see_minutes(uow, person(uow, "coordinator"), meeting))
    assert (file.case.id, own) == (case.id, False)
    _, own = await town.run(lambda uow: see_minutes(uow, person(uow, OFFICER), meeting))
    assert own


def person(uow: UnitOfWork, id: str) -> Person:
    found = uow.person_by_slack(f"U-{id}")
    assert found is not None
    return found


async def test_a_case_on_record_goes_on_its_date(anywhere: Town) -> None:
    town = anywhere
    case = await closed(town)
    ids = tuple([(await part(town, case, a)).id for a in ("police", "welfare")])
    await town.do(keep_records, "coordinator", KeepRecords(case.id, ids))
    file = await town.file(case.id)
    assert goes_on(file) == file.case.delete_on
    assert [i.params for i in reminder_plan.plan(file)] == [i.params for i in reminder_plan.plan(file)[:1]]
    await until_due(town, case)
    assert await planned(town) == [case.id]
    assert await town.run(lambda uow: begin_erasing(uow, case.id)) is not None


async def test_a_case_that_is_not_waits_and_goes_after_the_teams_number_of_days(anywhere: Town) -> None:
    town = anywhere
    case = await closed(town)
    for days in (0, 13):
        await until_due(town, case, days * DAY)
        assert await planned(town) == []
        assert await town.run(lambda uow: begin_erasing(uow, case.id)) is None
        assert (await town.file(case.id)).case.erasing_since is None
    await until_due(town, case, 14 * DAY)
    assert await lacking(town, case) == ["police", "welfare"]
    assert await planned(town) == [case.id]
    assert await town.run(lambda uow: begin_erasing(uow, case.id)) is not None


async def test_what_waits_goes_as_soon_as_the_last_agency_has_said_so(town: Town) -> None:
    case = await closed(town)
    await until_due(town, case, DAY)
    await town.do(put_on_record, OFFICER, PutOnRecord((await part(town, case, "police")).id))
    assert await planned(town) == []
    welfare = PutOnRecord((await part(town, case, "welfare")).id)
    await town.do(put_on_record, "caseworker", welfare)
    assert await planned(town) == [case.id]
    await town.do(take_off_record, "caseworker", TakeOffRecord(welfare.involvement_id))
    assert await town.run(lambda uow: begin_erasing(uow, case.id)) is None, "taken back before it began"
    await town.do(put_on_record, "caseworker", welfare)
    await town.run(lambda uow: begin_erasing(uow, case.id))
    with pytest.raises(NoLongerAsked):
        await town.do(take_off_record, "caseworker", TakeOffRecord(welfare.involvement_id))


@pytest.mark.parametrize("days", [0, 1, 60])
async def test_how_long_it_waits_is_the_teams(town: Town, days: int) -> None:
    await town.run(lambda uow: [uow.change(t, rules=replace(t.rules, record_days=days)) for t in uow.teams()])
    case = await closed(town)
    if days:
        await until_due(town, case, (days - 1) * DAY)
        assert await planned(town) == []
    await until_due(town, case, days * DAY)
    assert await planned(town) == [case.id]


async def test_the_coordinators_are_reminded_once_more_before_what_waits_goes(town: Town) -> None:
    """Not more often; and not if it is on record by then."""
    case = await closed(town)
    file = await town.file(case.id)
    day, last = file.case.delete_on, goes_on(file)
    assert day is not None
    assert last == day + 14 * DAY
    reminders = reminder_plan.plan(file)
    assert [(i.kind, i.recipient) for i in reminders] == [(Kind.DELETION_SOON, "coordinator")] * 2
    first, second = (i.due_at for i in reminders)
    assert first is not None
    assert second is not None
    assert file.team.day_of(first) < day < file.team.day_of(second) < last
    ids = tuple([(await part(town, case, a)).id for a in ("police", "welfare")])
    await town.do(keep_records, "coordinator", KeepRecords(case.id, ids))
    file = await town.file(case.id)
    assert [reminder_plan.still_planned(file, i) for i in reminders] == [True, False]


async def test_a_coordinator_deletes_at_once_with_a_reason_and_nobody_else(anywhere: Town) -> None:
    town = anywhere
    case = await closed(town)
    delete = DeleteUnrecorded(case.id, Unrecorded.NO_ANSWER)
    with pytest.raises(NothingHere) as early:
        await town.do(delete_unrecorded, "coordinator", delete)
    assert early.value.details == {"what": "not-waiting"}, "until its date it can be opened again"
    await until_due(town, case)
    for actor in (OFFICER, "deputy-coordinator", STRANGER):
        with pytest.raises(NotAllowed):
            await town.do(delete_unrecorded, actor, delete)
    await town.run(lambda uow: see_unrecorded(uow, person(uow, "coordinator"), case.id))
    await town.do(delete_unrecorded, "coordinator", delete)
    assert [i.subject for i in town.left if i.kind is Kind.PURGE] == [case.id]
    assert await planned(town) == [case.id], "a row that is lost is left again"
    assert await town.run(lambda uow: begin_erasing(uow, case.id)) is not None
    with pytest.raises(NothingHere):
        await town.do(delete_unrecorded, "coordinator", delete)
    await town.run(lambda uow: forget_case(uow, case.id))
    (entry,) = [e for e in await logged(town, case) if e.event == Action.DELETE_UNRECORDED]
    assert (entry.actor, entry.right, entry.what) == ("coordinator", Right.CASE_COORDINATOR, "no_answer")


async def test_after_the_purge_only_the_sealed_log_tells(
    anywhere: Town, database_url: str, tmp_path: Path
) -> None:
    town = anywhere
    case = await closed(town)
    police, welfare = await part(town, case, "police"), await part(town, case, "welfare")
    await town.do(put_on_record, OFFICER, PutOnRecord(police.id))
    await town.do(keep_records, "coordinator", KeepRecords(case.id, (welfare.id,)))
    assert police.id.encode() in dump(database_url, tmp_path), "so what is there is found"
    await until_due(town, case)
    await town.run(lambda uow: begin_erasing(uow, case.id))
    await town.run(lambda uow: forget_case(uow, case.id))
    (tmp_path / "night.db").unlink(missing_ok=True)
    left = dump(database_url, tmp_path)
    assert police.id.encode() not in left
    assert welfare.id.encode() not in left
    with pytest.raises(Erased):
        town.database.keyring.keys(case_scope(case.id), 1)
    told = [(e.event, e.actor, e.what, e.right) for e in await logged(town, case) if e.what is not None]
    assert told == [
        (Action.PUT_ON_RECORD, OFFICER, "police", Right.LEFT_AT_CLOSING),
        (Action.PUT_ON_RECORD, "coordinator", "welfare", Right.CASE_COORDINATOR),
    ]
    assert b'"police"' not in left, "which agency is sealed there too"


async def test_the_database_does_not_tell_which_agencies_have_it_on_record(anywhere: Town) -> None:
    """Nor how many: what is sealed where nothing was said is as long as what is sealed where it was."""
    town = anywhere
    case = await met(town)
    columns = ("on_record",)

    async def sealed() -> list[int]:
        rows = (await town.dump())["involvements"]
        return [len(value) for row in rows for value in row[-len(columns) :]]

    before = await sealed()
    await town.do(record_minutes, OFFICER, RecordMinutes((await town.meeting(case.id)).id))
    assert await sealed() == before
    assert len(set(before)) == 1


def test_an_unrecorded_part_of_an_old_case_lacks() -> None:
    """A row from before there was a column."""
    from tests.handlers.cases import base

    file = base()
    assert not any(is_on_record(file, i) for i in file.involvements)
