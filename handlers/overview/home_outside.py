"""Home's part outside cases: a person's own questions, and those that wait for a coordinator."""

from __future__ import annotations

from bot.domain.joint import JointInvitation, JointMeetingView
from bot.texts.words import Words
from bot.usecases.guidance import GuidanceView
from handlers import convening
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import actions, button, section
from handlers.blocks.formatting import titled
from handlers.guidance import messages as guidance
from handlers.joint.messages import answers
from handlers.overview.home_model import HomeModel

#: The most items of each kind; a view takes 100 blocks, and cases need most of them.
MOST = 5


def own_questions(model: HomeModel) -> list[Block]:
    """The person's own questions and requests that wait for an answer, the newest first."""
    words, outside, reader = model.words, model.outside, model.person.id
    own = [each for each in reversed(outside.guidance) if each.asked.asker == reader and each.asked.waits]
    asked = (words("home.guidance-item", **guidance.about(words, each)) for each in own)
    theirs = [each for each in reversed(outside.requests) if each.asked.asker == reader]
    requests = (words("home.request-item", **convening.about(words, each)) for each in theirs)
    return [
        *_part(words, "home.guidance", [[section(text)] for text in asked]),
        *_part(words, "home.requests", [[section(text)] for text in requests]),
    ]


def joint_meetings(model: HomeModel) -> list[Block]:
    """The coming joint meetings, except those that wait for the person's answer."""
    others = [each for each in model.outside.joint if not _unanswered(each, model.person.id)]
    return _part(model.words, "home.joint", [[section(_joint(model, each))] for each in others])


def joint_unanswered(model: HomeModel) -> list[list[Block]]:
    return [
        [section(_joint(model, each)), answers(model.words, each, invitation)]
        for each in model.outside.joint
        if each.meeting.starts_at > each.at and (invitation := _unanswered(each, model.person.id)) is not None
    ]


def _unanswered(each: JointMeetingView, reader: str) -> JointInvitation | None:
    invitation = each.invitation_on_slack(reader)
    return invitation if invitation is not None and invitation.comes is None else None


def _joint(model: HomeModel, each: JointMeetingView) -> str:
    words, invitation, state = model.words, each.invitation_on_slack(model.person.id), "coordinator"
    if invitation is not None:
        state = {None: "unanswered", True: "confirmed", False: "joint-away"}[invitation.comes]
    when = words.by(each.meeting.starts_at, each.team.time_zone)
    topic = escape(each.meeting.topic)
    return words("home.joint-item", when=when, topic=topic, state=words(f"home.state.{state}"))


def open_questions(model: HomeModel) -> list[Block]:
    """The open requests and questions to the teams that the person coordinates."""
    words, outside, reader = model.words, model.outside, model.person.id
    requests = [
        [
            section(words("home.to-decide-item", **convening.about(words, each))),
            actions(*convening.buttons(words, each.asked)),
        ]
        for each in outside.requests
        if reader in each.coordinators
    ]
    to_answer = [[_to_answer(words, each)] for each in outside.guidance if reader in each.coordinators]
    return [*_part(words, "home.to-decide", requests), *_part(words, "home.to-answer", to_answer)]


def _to_answer(words: Words, each: GuidanceView) -> Block:
    asked, facts = each.asked, guidance.about(words, each)
    if not asked.waits:
        press = button(words("press.close-guidance"), guidance.CLOSE_GUIDANCE, asked.id)
        return section(words("home.answered-item", **facts), press)
    facts["due"] = words.within(asked.due_at, each.team.time_zone)
    press = button(words("press.answer-guidance"), guidance.ANSWER_GUIDANCE, asked.id)
    return section(words("home.to-answer-item", **facts), press)


def _part(words: Words, heading: str, items: list[list[Block]]) -> list[Block]:
    shown = [block for item in items[:MOST] for block in item]
    return titled(words, words(heading), shown, len(items) - MOST)
