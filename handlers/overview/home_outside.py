"""Home's part outside cases: joint meetings, and the questions that wait for a coordinator."""

from __future__ import annotations

from bot.domain.joint import JointInvitation, JointMeetingView
from bot.texts.words import Words
from bot.usecases.guidance import GuidanceView
from handlers import convening
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import actions, button, section
from handlers.blocks.formatting import Part, titled
from handlers.guidance import messages as guidance
from handlers.joint.messages import answers
from handlers.overview.home_model import HomeModel


def joint_meetings(model: HomeModel) -> Part:
    """The coming joint meetings, except those that wait for the person's answer."""
    others = [each for each in model.joint if not _unanswered(each, model.person.id)]
    return titled(model.words("yearly.joint"), [[section(_joint(model, each))] for each in others])


def joint_unanswered(model: HomeModel) -> list[list[Block]]:
    return [
        [section(_joint(model, each)), answers(model.words, each, invitation)]
        for each in model.joint
        if each.meeting.starts_at > each.at and (invitation := _unanswered(each, model.person.id)) is not None
    ]


def _unanswered(each: JointMeetingView, reader: str) -> JointInvitation | None:
    invitation = each.invitation_on_slack(reader)
    return invitation if invitation is not None and invitation.comes is None else None


def _joint(model: HomeModel, each: JointMeetingView) -> str:
    words, invitation, state = model.words, each.invitation_on_slack(model.person.id), "coordinator"
    if invitation is not None:
        state = {None: "unanswered", True: "confirmed", False: "declined"}[invitation.comes]
    when = words.by(each.meeting.starts_at, each.team.time_zone)
    topic = escape(each.meeting.topic)
    return f"*{when}* · {topic} · {words(f'home.state.{state}')}"


def open_questions(model: HomeModel) -> list[Part]:
    """The open requests and questions to the teams that the person coordinates."""
    words = model.words
    requests = [
        [
            section(words("home.to-decide-item", **convening.about(words, each))),
            actions(*convening.buttons(words, each.asked)),
        ]
        for each in model.requests
    ]
    to_answer = [[_to_answer(words, each)] for each in model.guidance]
    return [titled(words("home.to-decide"), requests), titled(words("home.to-answer"), to_answer)]


def _to_answer(words: Words, each: GuidanceView) -> Block:
    asked, facts = each.asked, guidance.about(words, each)
    if not asked.waits:
        press = button(words("press.close-guidance"), guidance.CLOSE_GUIDANCE, asked.id)
        return section(words("home.answered-item", **facts), press)
    facts["due"] = words.within(asked.due_at, each.team.time_zone)
    press = button(words("press.answer-guidance"), guidance.ANSWER_GUIDANCE, asked.id)
    return section(words("home.to-answer-item", **facts), press)
