"""What people in the crowd try outside every case; most of it by those who have no right to it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.convening import Convening, NotConvened, Urgency
from bot.domain.directory.entities import Team
from bot.domain.guidance import Guidance, Theme
from bot.domain.joint import JointMeeting
from bot.usecases.convening import AskToConvene, Decline, ask_to_convene, decline_to_convene
from bot.usecases.guidance import (
    AnswerGuidance,
    AskGuidance,
    CloseGuidance,
    answer_guidance,
    ask_guidance,
    close_guidance,
)
from bot.usecases.joint.attending import AnswerJoint, CancelJoint, answer_joint, cancel_joint
from bot.usecases.joint.calling import CallJoint, MoveJoint, call_joint, move_joint
from bot.usecases.joint.times import AnswerJointTime, CallJointTime, answer_joint_time, call_joint_time
from bot.usecases.validation import MeetingPlan
from sandbox.cast import CAST
from tests.e2e import canaries
from tests.e2e.random_people import Crowd

PEOPLE = sorted(CAST)
HOUR = timedelta(hours=1)
#: Who acts where a right is needed: mostly the coordinator, who has it.
ACTORS = st.sampled_from([*["koordinator"] * 30, *["vara-koordinator"] * 6, *PEOPLE])


class OutsideCrowd(Crowd):
    """Guidance, requests to convene, joint meetings."""

    def by(self, handle: str) -> str:
        return CAST[handle]

    def team(self) -> Team:
        return self.run(self.rehearsal.bot.database.read(lambda uow: uow.teams()[0]))

    @rule(actor=st.sampled_from(PEOPLE), answered=st.booleans(), closed=st.booleans())
    def guidance(self, actor: str, answered: bool, closed: bool) -> None:
        """Ask for guidance; a coordinator may answer and close it, and others try to."""
        theme = Theme.OTHER.value
        question = AskGuidance(self.team().id, theme, canaries.QUESTION)
        self.attempt(ask_guidance, self.by(actor), question)
        for handle in ("utenforstaende", "helse", "koordinator"):
            latest = self.pick(0, self.everything(Guidance))
            if latest is not None and answered:
                self.attempt(answer_guidance, self.by(handle), AnswerGuidance(latest.id, canaries.ANSWER))
            if latest is not None and closed:
                self.attempt(close_guidance, self.by(handle), CloseGuidance(latest.id, theme))

    @rule(actor=st.sampled_from(PEOPLE), said=st.sampled_from([None, *NotConvened]))
    def convene(self, actor: str, said: NotConvened | None) -> None:
        """Ask that TOT convenes; a coordinator may say no, and others try to."""
        asked = AskToConvene(self.team().id, None, Urgency.DAYS, canaries.REQUEST)
        self.attempt(ask_to_convene, self.by(actor), asked)
        for handle in ("utenforstaende", "helse", "koordinator"):
            latest = self.pick(0, self.everything(Convening))
            if latest is not None and said is not None:
                self.attempt(decline_to_convene, self.by(handle), Decline(latest.id, said))

    @rule(
        actor=ACTORS,
        answering=st.sampled_from(PEOPLE),
        comes=st.booleans(),
        off=st.booleans(),
        several=st.booleans(),
    )
    def joint_meeting(self, actor: str, answering: str, comes: bool, off: bool, several: bool) -> None:
        """Call a joint meeting, one at most, perhaps at several times; somebody answers; or it is off."""
        if not any(m.live for m in self.everything(JointMeeting)):
            starts_at = self.runner.sandbox.clock.now() + 30 * HOUR
            plan = MeetingPlan(starts_at, starts_at + HOUR, "Møterom Nord", note=canaries.AGENDA)
            second = starts_at + HOUR if several else None
            call = CallJoint(self.team().id, canaries.TOPIC, plan, second=second)
            self.attempt(call_joint, self.by(actor), call)
        for meeting in self.everything(JointMeeting):
            for at in meeting.times or ():
                tap = AnswerJointTime(meeting.id, at, suits=comes)
                self.attempt(answer_joint_time, self.by(answering), tap)
                self.attempt(call_joint_time, self.by(actor), CallJointTime(meeting.id, at))
            answer = AnswerJoint(meeting.id, comes, meeting.asked_sequence)
            self.attempt(answer_joint, self.by(answering), answer)
            starts_at = meeting.starts_at + (HOUR if comes else timedelta(0))
            plan = MeetingPlan(starts_at, starts_at + HOUR, "Møterom Nord", note=canaries.AGENDA)
            self.attempt(move_joint, self.by(actor), MoveJoint(meeting.id, canaries.TOPIC, plan))
            if off:
                self.attempt(cancel_joint, self.by(actor), CancelJoint(meeting.id))
