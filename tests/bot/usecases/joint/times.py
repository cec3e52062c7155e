"""A joint meeting at several times, in a town: proposed, tapped, called."""

from __future__ import annotations

from datetime import datetime

from bot.domain.joint import JointInvitation, JointMeeting
from bot.usecases.joint.calling import CallJoint, call_joint
from bot.usecases.joint.times import AnswerJointTime, CallJointTime, answer_joint_time, call_joint_time
from bot.usecases.joint.view import JointMeetingView, joint_meeting_view
from tests.bot.cast import DAY
from tests.bot.usecases.town import Town


async def proposed(town: Town, *days: int) -> JointMeeting:
    """The coordinator proposes a time in five days, and one so many days after it for each of `days`."""
    plan = town.plan(5 * DAY)
    second, third = [*(plan.starts_at + n * DAY for n in days or (1, 2)), None][:2]
    return await town.do(call_joint, "coordinator", CallJoint("team", "Deling", plan, None, second, third))


async def taps(
    town: Town, meeting: JointMeeting, person: str, at: datetime | None, suits: bool = True
) -> None:
    await town.do(answer_joint_time, person, AnswerJointTime(meeting.id, at, suits))


async def calls(town: Town, meeting: JointMeeting, at: datetime, actor: str = "coordinator") -> None:
    await town.do(call_joint_time, actor, CallJointTime(meeting.id, at))


async def view(town: Town, meeting: JointMeeting) -> JointMeetingView:
    now = await town.database.read(lambda uow: joint_meeting_view(uow, meeting.id))
    assert now is not None
    return now


async def own(town: Town, meeting: JointMeeting, person: str) -> JointInvitation:
    found = (await view(town, meeting)).invitation_of(person)
    assert found is not None
    return found
