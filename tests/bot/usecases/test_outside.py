"""What lies outside cases, on both databases: who may, what is refused, and that it is forgotten wholly."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.case.entities import Phase
from bot.domain.convening import Convening, NotConvened, Urgency
from bot.domain.directory.entities import Person
from bot.domain.errors import AlreadyClosed, Invalid, NotAllowed, NotYetBegun, TooLate, TooManyAsked
from bot.domain.guidance import Guidance, GuidanceOutcome, Theme
from bot.domain.joint import JointInvitation, JointMeeting
from bot.domain.notifications import Kind
from bot.domain.outside import MOST_OPEN
from bot.domain.report.figures import ConvenedCount
from bot.usecases.case import OpenCase, open_case
from bot.usecases.convening import AskToConvene, Decline, ask_to_convene, decline_to_convene
from bot.usecases.guidance import (
    AnswerGuidance,
    AskGuidance,
    CloseGuidance,
    InviteToTalk,
    answer_guidance,
    ask_guidance,
    close_guidance,
    invite_to_talk,
)
from bot.usecases.joint.attending import (
    AnswerJoint,
    CancelJoint,
    RegisterJoint,
    answer_joint,
    cancel_joint,
    register_joint,
)
from bot.usecases.joint.calling import CallJoint, call_joint, proposed_themes
from bot.usecases.outside import forget_item, plan_forgetting
from bot.usecases.ports import Posted, UnitOfWork
from bot.usecases.report import count_convened
from storage.crypto.keyring import Erased
from storage.database import SqlDatabase
from tests.bot import cast
from tests.bot.cast import DAY, HOUR, T0
from tests.bot.usecases.town import StillClock, Town
from tests.databases import open_database

ASKED = AskGuidance("team", Theme.MINORS.value, "Hva gjør vi nå?")
CLOSED = Theme.SIGNS.value


async def kept(town: Town, guidance: Guidance) -> Guidance:
    found = await town.database.read(lambda uow: uow.get(Guidance, guidance.id))
    assert found is not None
    return found


async def stand(town: Town) -> None:
    """Have every message that was left stand in direct messages."""
    notifications = [
        i for i in town.left if i.recipient is not None and i.item is not None and i.due_at is None
    ]

    def remember(uow: UnitOfWork) -> None:
        for n, notification in enumerate(notifications):
            uow.add(
                Posted(
                    *(
                        f"posted{n}:{notification.key}",
                        notification.key,
                        notification.kind,
                        notification.subject,
                        "op",
                        "D1",
                        "1.1",
                    ),
                    *("digest", uow.now, None, notification.recipient, None, notification.item),
                    params=notification.params,
                )
            )

    await town.database.write(remember)


async def test_anyone_asks_and_the_coordinators_are_told(town: Town) -> None:
    guidance = await town.do(ask_guidance, "stranger", ASKED)
    assert town.told(Kind.GUIDANCE_ASKED) == {"coordinator", "deputy-coordinator"}
    assert town.told(Kind.GUIDANCE_STANDS) == {guidance.asker}
    assert {i.item for i in town.left if i.kind is not Kind.HOME} == {guidance.item}
    waits = [i for i in town.left if i.kind is Kind.GUIDANCE_WAITS]
    assert sorted({i.due_at for i in waits if i.due_at}) == [T0 + DAY + sec(1), T0 + 2 * DAY + sec(1)]
    assert guidance.due_at == T0 + 2 * DAY + sec(1)


def sec(n: int) -> timedelta:
    return timedelta(seconds=n)


@pytest.mark.parametrize("actor", ["stranger", "officer", "nobody-at-all"])
async def test_only_its_coordinators_answer_and_unknown_is_as_forbidden(town: Town, actor: str) -> None:
    guidance = await town.do(ask_guidance, "stranger", ASKED)
    before = await town.dump()
    for id in (guidance.id, "no-such-guidance"):
        with pytest.raises(NotAllowed) as refused:
            await town.do(answer_guidance, actor, AnswerGuidance(id, "svar"))
        assert str(refused.value) == "refused.not-allowed"
        with pytest.raises(NotAllowed):
            await town.do(close_guidance, actor, CloseGuidance(id, CLOSED))
        with pytest.raises(NotAllowed):
            await town.do(invite_to_talk, actor, InviteToTalk(id, T0 + DAY))
    assert await town.dump() == before


async def test_so_many_of_one_person_wait_however_many_forms_were_opened_before(town: Town) -> None:
    convene = AskToConvene("team", None, Urgency.TODAY)
    first, *_ = [await town.do(ask_guidance, "stranger", ASKED) for _ in range(MOST_OPEN)]
    for _ in range(MOST_OPEN):
        await town.do(ask_to_convene, "stranger", convene)
    before = await town.dump()
    for asking in (town.do(ask_guidance, "stranger", ASKED), town.do(ask_to_convene, "stranger", convene)):
        with pytest.raises(TooManyAsked) as told:
            await asking
        assert told.value.number == MOST_OPEN
    assert await town.dump() == before
    await town.do(answer_guidance, "coordinator", AnswerGuidance(first.id, "svar"))
    await town.do(ask_guidance, "stranger", ASKED)


async def test_the_promise_is_counted_as_kept_or_not(town: Town) -> None:
    first = await town.do(ask_guidance, "stranger", ASKED)
    second = await town.do(ask_guidance, "stranger", ASKED)
    await town.do(answer_guidance, "coordinator", AnswerGuidance(first.id, "svar"))
    town.clock.move(3 * DAY)
    await town.do(answer_guidance, "coordinator", AnswerGuidance(first.id, "bedre svar"))
    await town.do(invite_to_talk, "coordinator", InviteToTalk(second.id, town.clock.now() + DAY))
    assert (await kept(town, first)).in_time is True
    assert (await kept(town, second)).in_time is False


async def test_what_is_closed_is_closed(town: Town) -> None:
    guidance = await town.do(ask_guidance, "stranger", ASKED)
    await town.do(close_guidance, "coordinator", CloseGuidance(guidance.id, CLOSED))
    assert (await kept(town, guidance)).outcome is GuidanceOutcome.CLOSED
    told = [i.params for i in town.left if i.kind is Kind.GUIDANCE_ANSWER and i.recipient == "stranger"]
    assert told == [None], "it was closed without an answer"
    for attempt in (
        town.do(answer_guidance, "coordinator", AnswerGuidance(guidance.id, "svar")),
        town.do(close_guidance, "deputy-coordinator", CloseGuidance(guidance.id, CLOSED)),
    ):
        with pytest.raises(AlreadyClosed):
            await attempt


async def test_only_a_theme_of_the_team(town: Town) -> None:
    with pytest.raises(Invalid):
        await town.do(ask_guidance, "stranger", AskGuidance("team", "Ola Nordmann", "Hei"))
    guidance = await town.do(ask_guidance, "stranger", ASKED)
    with pytest.raises(Invalid):
        await town.do(close_guidance, "coordinator", CloseGuidance(guidance.id, "Ola Nordmann"))


async def test_what_is_left_is_the_theme_and_the_month(anywhere: Town) -> None:
    town = anywhere
    guidance = await town.do(ask_guidance, "stranger", ASKED)
    await town.do(answer_guidance, "coordinator", AnswerGuidance(guidance.id, "svar"))
    await town.do(close_guidance, "coordinator", CloseGuidance(guidance.id, CLOSED))
    await stand(town)
    assert await town.database.read(lambda uow: uow.find(Posted, person_id="coordinator"))
    await town.run(lambda uow: uow.lock_item(guidance.item))
    town.clock.move(29 * DAY)
    await town.each_team(plan_forgetting)
    assert town.left == []
    town.clock.move(DAY)
    await town.each_team(plan_forgetting)
    assert [(i.kind, i.item) for i in town.left] == [(Kind.FORGET, guidance.item)]
    await town.run(lambda uow: forget_item(uow, guidance.item))
    left = await kept(town, guidance)
    assert (left.theme, left.outcome, left.in_time) == (CLOSED, GuidanceOutcome.ANSWERED, True)
    assert (left.asked_at.day, left.asked_at.hour) == (1, 0)
    assert (left.asker, left.text, left.answer, left.answered_by) == ("", "", None, None)
    assert await town.database.read(lambda uow: uow.find(Posted)) == []
    with pytest.raises(Erased):
        town.database.keyring.keys(guidance.item, 1)
    assert (await town.database.log.verify())[1] is None
    await town.each_team(plan_forgetting)
    assert town.left == []


async def test_an_old_copy_that_comes_back_is_forgotten_too(sqlite_database_url: str, tmp_path: Path) -> None:
    clock = StillClock()
    path = Path(sqlite_database_url.removeprefix("sqlite:///"))
    database: SqlDatabase = open_database(sqlite_database_url, clock)
    town = await Town(database, clock).settle_in()
    guidance = await town.do(ask_guidance, "stranger", ASKED)
    await stand(town)
    await town.do(close_guidance, "coordinator", CloseGuidance(guidance.id, CLOSED))
    await database._transactions.write(lambda c: None)
    database._transactions.scrub()
    shutil.copy(path, tmp_path / "old.db")
    await town.run(lambda uow: forget_item(uow, guidance.item))
    await database.close()
    shutil.copy(tmp_path / "old.db", path)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    restored = open_database(sqlite_database_url, clock)
    await restored.finish_erasing()
    (left,) = await restored.read(lambda uow: uow.find(Guidance))
    assert left.purged_at is not None
    assert (left.asker, left.text) == ("", "")
    assert await restored.read(lambda uow: uow.find(Posted)) == []
    await restored.close()


async def test_who_asked_and_what_came_of_it_is_counted_also_afterwards(anywhere: Town) -> None:
    town = anywhere
    yes = await town.do(ask_to_convene, "nurse", AskToConvene("team", None, Urgency.TODAY))
    no = await town.do(ask_to_convene, "stranger", AskToConvene("team", "police", Urgency.WEEKS, "kort"))
    await town.do(ask_to_convene, "stranger", AskToConvene("team", "police", Urgency.WEEKS))
    case = OpenCase("team", Phase.ACUTE, 1, (cast.choice("police"),), town.plan(), None, yes.item)
    await town.do(open_case, "coordinator", case)
    await town.do(decline_to_convene, "coordinator", Decline(no.id, NotConvened.GUIDANCE))

    def counted(uow: UnitOfWork) -> list[ConvenedCount]:
        return count_convened(uow, cast.TEAM)

    month = date(2026, 11, 1)
    expected = {
        ConvenedCount(month, None, True, None, 1),
        ConvenedCount(month, "police", False, NotConvened.GUIDANCE, 1),
        ConvenedCount(month, "police", None, None, 1),
    }
    assert set(await town.database.read(counted)) == expected
    town.clock.move(40 * DAY)
    await town.run(lambda uow: forget_item(uow, yes.item))
    await town.run(lambda uow: forget_item(uow, no.item))
    assert set(await town.database.read(counted)) == expected
    left = await town.database.read(lambda uow: uow.find(Convening))
    assert {(c.asker, c.note, c.decided_by) for c in left if c.purged_at is not None} == {("", "", None)}


async def test_an_agency_of_somebody_else_is_refused(town: Town) -> None:
    with pytest.raises(Invalid):
        await town.do(ask_to_convene, "officer", AskToConvene("team", "health", Urgency.DAYS))
    with pytest.raises(Invalid):
        await town.do(ask_to_convene, "stranger", AskToConvene("team", "no-such-agency", Urgency.DAYS))


async def test_a_case_of_another_team_decides_nothing(town: Town) -> None:
    asked = await town.do(ask_to_convene, "stranger", AskToConvene("other", None, Urgency.DAYS))
    case = OpenCase("team", Phase.ACUTE, 1, (cast.choice("police"),), town.plan(), None, asked.item)
    await town.do(open_case, "coordinator", case)
    found = await town.database.read(lambda uow: uow.get(Convening, asked.id))
    assert found is not None
    assert found.open


@pytest.mark.parametrize("actor", ["stranger", "officer"])
async def test_only_a_coordinator_declines(town: Town, actor: str) -> None:
    asked = await town.do(ask_to_convene, "stranger", AskToConvene("team", None, Urgency.DAYS))
    for id in (asked.id, "no-such-request"):
        with pytest.raises(NotAllowed):
            await town.do(decline_to_convene, actor, Decline(id, NotConvened.GUIDANCE))


async def called(town: Town) -> JointMeeting:
    return await town.do(call_joint, "coordinator", CallJoint("team", "Deling", town.plan(50 * HOUR)))


async def test_everyone_is_invited_once_and_the_bot_writes_to_those_it_may(town: Town) -> None:
    meeting = await called(town)
    invited = await town.database.read(lambda uow: uow.find(JointInvitation, joint_id=meeting.id))
    people = [i.person_id for i in invited]
    assert len(people) == len(set(people))
    assert "coordinator" not in people
    told = town.told(Kind.JOINT_INVITED)
    assert told == town.told(Kind.JOINT_ENTRY)
    assert None not in told
    assert told < set(people)
    untold = await town.database.read(lambda uow: uow.find(Person, id=sorted(set(people) - set(told))))
    of_shelter = {i.person_id for i in invited if i.agency_id == "shelter"}
    assert of_shelter
    assert {p.id for p in untold if p.slack_id is not None} == of_shelter


@pytest.mark.parametrize("actor", ["stranger", "nobody-at-all", "coordinator"])
async def test_only_who_is_invited_signs_up(town: Town, actor: str) -> None:
    meeting = await called(town)
    before = await town.dump()
    for id in (meeting.id, "no-such-meeting"):
        with pytest.raises(NotAllowed):
            await town.do(answer_joint, actor, AnswerJoint(id, comes=True, asked=0))
    assert await town.dump() == before


async def test_too_late_to_sign_up_and_too_early_to_register(town: Town) -> None:
    meeting = await called(town)
    with pytest.raises(NotYetBegun):
        await town.do(register_joint, "coordinator", RegisterJoint(meeting.id, []))
    town.clock.time = meeting.starts_at
    with pytest.raises(TooLate):
        await town.do(answer_joint, "officer", AnswerJoint(meeting.id, comes=True, asked=0))
    with pytest.raises(Invalid):
        await town.do(register_joint, "coordinator", RegisterJoint(meeting.id, ["no-such-invitation"]))
    with pytest.raises(NotAllowed):
        await town.do(register_joint, "officer", RegisterJoint(meeting.id, []))
    await town.do(register_joint, "deputy-coordinator", RegisterJoint(meeting.id, []))
    with pytest.raises(AlreadyClosed):
        await town.do(cancel_joint, "coordinator", CancelJoint(meeting.id))


async def test_of_a_joint_meeting_the_number_stays(anywhere: Town) -> None:
    town = anywhere
    meeting = await called(town)
    await stand(town)
    invited = await town.database.read(lambda uow: uow.find(JointInvitation, joint_id=meeting.id))
    town.clock.time = meeting.ends_at
    came = [i.id for i in invited[:2]]
    await town.do(register_joint, "coordinator", RegisterJoint(meeting.id, came))
    town.clock.move(31 * DAY)
    await town.each_team(plan_forgetting)
    assert [(i.kind, i.item) for i in town.left] == [(Kind.FORGET, meeting.item)]
    await town.run(lambda uow: forget_item(uow, meeting.item))
    left = await town.database.read(lambda uow: uow.get(JointMeeting, meeting.id))
    assert left is not None
    assert (left.number_came, left.topic, left.agenda, left.called_by, left.place) == (2, "", "", "", None)
    assert await town.database.read(lambda uow: uow.find(JointInvitation)) == []
    assert await town.database.read(lambda uow: uow.find(Posted)) == []
    with pytest.raises(Erased):
        town.database.keyring.keys(meeting.item, 1)


async def test_new_keys_change_nothing_that_is_seen(anywhere: Town) -> None:
    town = anywhere
    guidance = await town.do(ask_guidance, "stranger", ASKED)
    await stand(town)
    gone = await town.do(ask_guidance, "stranger", ASKED)
    await town.do(close_guidance, "coordinator", CloseGuidance(gone.id, CLOSED))
    await town.run(lambda uow: forget_item(uow, gone.item))
    before = await kept(town, guidance)
    await town.database.seal_anew()
    assert await kept(town, guidance) == before
    assert before.text == ASKED.text

    def posted(uow: UnitOfWork) -> list[Posted]:
        return uow.find(Posted, person_id="coordinator")

    assert {p.item for p in await town.database.read(posted)} == {guidance.item}
    await town.do(answer_guidance, "coordinator", AnswerGuidance(guidance.id, "svar"))
    await town.do(close_guidance, "coordinator", CloseGuidance(guidance.id, CLOSED))
    await town.run(lambda uow: forget_item(uow, guidance.item))
    with pytest.raises(Erased):
        town.database.keyring.keys(guidance.item, 2)


async def test_the_team_has_themes_of_its_own(town: Town) -> None:
    own = replace(cast.RULES, themes=("Tegn", "Deling"), guidance_days=1)
    await town.database.write(lambda uow: uow.change(cast.TEAM, rules=own))
    with pytest.raises(Invalid):
        await town.do(ask_guidance, "stranger", ASKED)
    guidance = await town.do(ask_guidance, "stranger", AskGuidance("team", "Deling", "Hva?"))
    assert guidance.due_at == town.clock.now() + DAY
    await town.do(close_guidance, "coordinator", CloseGuidance(guidance.id, "Tegn"))
    team = replace(cast.TEAM, rules=own)
    assert await town.database.read(lambda uow: proposed_themes(uow, team)) == [("Tegn", 1)]
