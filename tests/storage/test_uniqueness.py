"""Of things that may exist only once the second is refused, and what only looks like one is not."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.case.entities import Ask, Duty, Involvement, Room, Seat, SeatRole
from bot.domain.directory.entities import Coordinator, Ground, Person, Reason
from bot.domain.errors import Overtaken
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase
from tests.storage import entities as some
from tests.storage.entities import HOUR, T0

_ASK = Ask("x", "case", "duty", "meeting", "nurse", "uid-3", T0, T0 + HOUR, 2)
_AGENCY_SEAT = Seat("x", "case", "officer", SeatRole.AGENCY, T0, "inv1")
_COORDINATOR_SEAT = Seat("x", "case", "leader", SeatRole.COORDINATOR, T0)
_DEPUTY_SEAT = Seat("x", "case", "nurse", SeatRole.DEPUTY, T0, "inv1", "meeting")
_INVOLVEMENT = Involvement("x", "case", "police", "A", Reason.HEALTH, Ground.CONSENT)
_CASE = replace(some.CASE, id="case2", code="mmmm")
_MEETING = replace(some.MEETING, id="meeting2")
REFUSED: dict[str, tuple[object, ...]] = {
    "an id": (replace(some.DRAFT, data="again"),),
    "a team's key": (replace(some.TEAM, id="x"),),
    "a Slack id": (Person("x", slack_id="U2"),),
    "a work mail": (Person("x", work_mail="nurse@health.example"),),
    "a coordinator now": (Coordinator("x", "team", "leader", T0 + HOUR),),
    "an agency's key in the team": (replace(some.POLICE, id="x"),),
    "a code": (replace(some.CASE, id="x"),),
    "a case's room": (Room("x", "case"),),
    "a channel": (_CASE, Room("x", "case2", channel_id="C1")),
    "an agency's part": (_INVOLVEMENT,),
    "a coordinator's seat": (_COORDINATOR_SEAT,),
    "an agency's seat": (_AGENCY_SEAT,),
    "a deputy's seat for a meeting": (_DEPUTY_SEAT, replace(_DEPUTY_SEAT, id="y")),
    "a duty": (Duty("x", "case", "meeting", "inv1", T0),),
    "a principal's ask": (_ASK,),
    "a posted message": (replace(some.POSTED, id="x"),),
}
#: What only looks the same.
ACCEPTED: tuple[object, ...] = (
    *(Person("x"), Person("y"), Coordinator("x", "team", "leader", T0 - HOUR, until=T0)),
    *(_CASE, replace(_CASE, id="case3", code="nnnn"), Room("x", "case2"), Room("y", "case3"), _MEETING),
    *(replace(_INVOLVEMENT, ended_at=T0), replace(_AGENCY_SEAT, ended_at=T0)),
    *(replace(_COORDINATOR_SEAT, id="y", ended_at=T0), replace(_DEPUTY_SEAT, id="there")),
    replace(_DEPUTY_SEAT, id="at-another", meeting_id="meeting2"),
    replace(_AGENCY_SEAT, id="of-another", involvement_id="inv2"),
    *(Duty("x", "case", "meeting", "inv1", T0, withdrawn_at=T0), replace(_ASK, withdrawn_at=T0)),
    *(replace(_ASK, id=id, deputy_for="ask") for id in ("deputy", "another")),
    # The calendar entry of a moved meeting.
    replace(_ASK, id="moved", uid="uid-1", withdrawn_at=T0),
)


async def test_there_is_only_one(filled: SqlDatabase) -> None:
    for *before, second in REFUSED.values():
        await filled.write(lambda uow, before=before: uow.add(*before))  # type: ignore[misc]
        with pytest.raises(Overtaken):
            await filled.write(lambda uow, second=second: uow.add(second))  # type: ignore[misc]
        for entity in before:
            await filled.write(lambda uow, entity=entity: uow.remove(entity))  # type: ignore[misc]
    with pytest.raises(Overtaken):
        await filled.write(lambda uow: uow.change(some.OFFICER, slack_id="U1"))


async def test_what_only_looks_the_same_is_accepted(filled: SqlDatabase) -> None:
    for entity in ACCEPTED:
        await filled.write(lambda uow, entity=entity: uow.add(entity))  # type: ignore[misc]


async def test_of_two_at_once_one_is_overtaken(filled: SqlDatabase) -> None:
    replaced = await filled.read(lambda uow: uow.get(Ask, "ask"))
    assert replaced is not None

    def pass_on(person_id: str) -> object:
        def work(uow: UnitOfWork) -> None:
            uow.change(replaced, withdrawn_at=T0)
            uow.add(replace(_ASK, id=f"to-{person_id}", person_id=person_id, uid=person_id))

        return filled.write(work)

    outcomes = await asyncio.gather(*map(pass_on, ("nurse", "leader")), return_exceptions=True)  # type: ignore[call-overload]
    assert sorted(map(repr, outcomes)) == ["None", "Overtaken('refused.overtaken')"]
