"""Home's part outside cases: a person's own questions, and those that wait for a coordinator."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.joint import JointInvitation, JointMeetingView
from bot.texts.words import Words
from bot.usecases.convening import ConveningView
from bot.usecases.guidance import GuidanceView
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import actions, button, header, section
from handlers.blocks.formatting import more
from handlers.blocks.people import mention
from handlers.convening import agency, buttons
from handlers.convening import where_it_stands as where_the_request_stands
from handlers.guidance.messages import ANSWER_GUIDANCE, CLOSE_GUIDANCE, theme, where_it_stands
from handlers.joint.messages import answers, topic

#: So many of each kind; a view takes 100 blocks, and cases need most of them.
MOST = 5


@dataclass(frozen=True, slots=True)
class Outside:
    """The questions of a person, and those to the teams that they coordinate."""

    asked: tuple[GuidanceView, ...] = ()
    to_answer: tuple[GuidanceView, ...] = ()
    requests: tuple[ConveningView, ...] = ()
    to_decide: tuple[ConveningView, ...] = ()
    joint: tuple[JointMeetingView, ...] = ()


def own_questions(words: Words, outside: Outside) -> list[Block]:
    guidance = [[section(_asked(words, each))] for each in outside.asked]
    requests = [[section(_requested(words, each))] for each in outside.requests]
    return [*_part(words, "home.guidance", guidance), *_part(words, "home.requests", requests)]


def joint_meetings(words: Words, outside: Outside, reader: str) -> list[Block]:
    """Joint meetings ahead which the person coordinates, or to which their answer is known."""
    others = [each for each in outside.joint if not _unanswered(each, reader)]
    return _part(words, "home.joint", [[section(_joint(words, each, reader))] for each in others])


def joint_unanswered(words: Words, outside: Outside, reader: str) -> list[list[Block]]:
    return [
        [section(_joint(words, each, reader)), answers(words, each, invitation)]
        for each in outside.joint
        if (invitation := _unanswered(each, reader)) is not None
    ]


def _unanswered(each: JointMeetingView, reader: str) -> JointInvitation | None:
    invitation = each.invitation_of(reader)
    if invitation is None or not each.on_slack(invitation):
        return None
    return invitation if invitation.comes is None else None


def _joint(words: Words, each: JointMeetingView, reader: str) -> str:
    invitation, state = each.invitation_of(reader), "coordinator"
    if invitation is not None:
        state = {None: "unanswered", True: "confirmed", False: "joint-away"}[invitation.comes]
    when = words.by(each.meeting.starts_at, each.team.time_zone)
    return words("home.joint-item", when=when, topic=topic(words, each), state=words(f"home.state.{state}"))


def open_questions(words: Words, outside: Outside) -> list[Block]:
    requests = [
        [section(_to_decide(words, each)), actions(*buttons(words, each.convening))]
        for each in outside.to_decide
    ]
    guidance = [[section(_to_answer(words, each), _next(words, each))] for each in outside.to_answer]
    return [*_part(words, "home.to-decide", requests), *_part(words, "home.to-answer", guidance)]


def _part(words: Words, heading: str, items: list[list[Block]]) -> list[Block]:
    if not items:
        return []
    shown = [block for item in items[:MOST] for block in item]
    return [header(words(heading)), *shown, *more(words, len(items) - MOST)]


def _next(words: Words, each: GuidanceView) -> Block:
    if each.guidance.waits:
        return button(words("press.answer-guidance"), ANSWER_GUIDANCE, each.guidance.id)
    return button(words("press.close-guidance"), CLOSE_GUIDANCE, each.guidance.id)


def _requested(words: Words, each: ConveningView) -> str:
    return words(
        "home.request-item",
        agency=agency(words, each),
        when=words.when(each.convening.asked_at, each.team.time_zone),
        stands=where_the_request_stands(words, each),
    )


def _to_decide(words: Words, each: ConveningView) -> str:
    return words(
        "home.to-decide-item",
        agency=agency(words, each),
        who=mention(words, each.persons.get(each.convening.asker)),
        urgency=words(f"urgency.{each.convening.urgency}"),
    )


def _asked(words: Words, each: GuidanceView) -> str:
    guidance = each.guidance
    return words(
        "home.guidance-item",
        theme=escape(theme(words, guidance.theme)),
        when=words.when(guidance.asked_at, each.team.time_zone),
        stands=where_it_stands(words, each),
    )


def _to_answer(words: Words, each: GuidanceView) -> str:
    guidance = each.guidance
    about = escape(theme(words, guidance.theme))
    who = mention(words, each.persons.get(guidance.asker))
    if not guidance.waits:
        return words("home.answered-item", theme=about, who=who)
    due = words.within(guidance.due_at, each.team.time_zone)
    return words("home.to-answer-item", theme=about, who=who, due=due)
