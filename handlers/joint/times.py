"""Several times for a joint meeting: to each who is asked, to the coordinators; the taps."""

from __future__ import annotations

from datetime import datetime

from bot.domain.joint import (
    JointInvitation,
    TimeCount,
    best_time,
    closes_at,
    count_times,
    times_ahead,
)
from bot.texts.words import Words
from bot.usecases.joint.times import AnswerJointTime, CallJointTime, answer_joint_time, call_joint_time
from bot.usecases.joint.view import JointMeetingView
from handlers.blocks.context import Block, Message, escape
from handlers.blocks.elements import ActionId, actions, as_time, button, context, lines, quoted, section
from handlers.blocks.people import mention
from handlers.blocks.times import TIME, answer_by, time_row, window
from handlers.joint.messages import JOINT_CANCEL, deleted, invited, topic, whereabouts
from handlers.slack.payloads import proposed_time
from handlers.slack.requests import ActionRequest

JOINT_TIME_SUITS = ActionId("joint_time_suits", f"joint meeting, {TIME}")
JOINT_TIME_NOT = ActionId("joint_time_not", f"joint meeting, {TIME}")
JOINT_NO_TIME = ActionId("joint_no_time", "joint meeting")
JOINT_CALL_TIME = ActionId("joint_call_time", f"joint meeting, {TIME}")


# --- to each who is asked


def asked(words: Words, now: JointMeetingView, reader: str) -> Message | None:
    """The question which times suit; once it is called, to whoever has chosen that time the invitation."""
    invitation, meeting = now.invitation_of(reader), now.meeting
    if invitation is None or not now.on_slack(invitation):
        return None
    if meeting.settled or not meeting.live:
        stands = not meeting.settled or now.invited_by_times(invitation)
        return invited(words, now, reader) if stands else None
    if not times_ahead(meeting, now.at):
        return None
    who = mention(words, now.persons.get(meeting.called_by))
    about = {"team": escape(now.team.name), "topic": topic(words, now), "where": whereabouts(words, now)}
    closes = closes_at(meeting, now.team)
    status: str | None = None
    if invitation.suits is None:
        status = answer_by(words, closes, now.at, now.team.time_zone)
    elif not invitation.suits:
        status = words("times.own-none")
    blocks = [
        section(lines(words("joint.times-asked", who=who, **about), status)),
        *([section(quoted(meeting.agenda))] if meeting.agenda else []),
        *choices(words, now, invitation),
        context(words("joint.times-then"), words("joint.no-case", who=who)),
    ]
    return Message(blocks, closes if invitation.suits is None else None)


def choices(words: Words, now: JointMeetingView, invitation: JointInvitation) -> list[Block]:
    """Each time that lies ahead with the reader's own answer and the one that is left; nobody else's."""
    blocks: list[Block] = []
    for at in times_ahead(now.meeting, now.at):
        value, suits = as_time(now.meeting.id, at), at in (invitation.suits or ())
        press = ("press.time-not", JOINT_TIME_NOT) if suits else ("press.time-suits", JOINT_TIME_SUITS)
        own = words("times.own-suits") if suits else ""
        blocks += time_row(span(words, now, at), own, button(words(press[0]), press[1], value))
    if invitation.suits is None:
        blocks.append(actions(button(words("press.no-time"), JOINT_NO_TIME, now.meeting.id)))
    return blocks


def span(words: Words, now: JointMeetingView, at: datetime) -> str:
    return words.span(at, now.meeting.ends_from(at), now.team.time_zone)


# --- to the coordinators


def overview(words: Words, now: JointMeetingView, reader: str) -> Message | None:
    """How many agencies each time suits, and the tap that calls it; not which agencies."""
    counts = _counts(now)
    if reader not in now.coordinators or not counts:
        return None
    meeting, best = now.meeting, best_time(counts)
    about = {"team": escape(now.team.name), "topic": topic(words, now), "where": whereabouts(words, now)}
    until = window(words, closes_at(meeting, now.team), now.at, now.team.time_zone)
    return Message(
        [
            section(lines(words("joint.times-head", **about), until)),
            *([section(quoted(meeting.agenda))] if meeting.agenda else []),
            *(
                section(
                    f"*{span(words, now, each.at)}:* {_said(words, each)}",
                    accessory=_call(words, now, each, primary=each is best),
                )
                for each in counts
            ),
            actions(button(words("press.withdraw-times"), JOINT_CANCEL, meeting.id)),
            context(words("times.one-tap"), deleted(words, now)),
        ]
    )


def best(words: Words, now: JointMeetingView, reader: str) -> Message | None:
    """Once, when the window is over or everybody has answered: which time is best."""
    counts = _counts(now)
    if reader not in now.coordinators or not counts:
        return None
    found = best_time(counts)
    if found is None:
        return Message([section(words("joint.times-none-best", topic=topic(words, now)))])
    when, said = span(words, now, found.at), _said(words, found)
    told = words("joint.times-best", topic=topic(words, now), when=when, count=said)
    return Message([section(told, accessory=_call(words, now, found, primary=True))])


def in_short(words: Words, now: JointMeetingView) -> list[str]:
    """The same for Home: a line for each time."""
    return [f"• {span(words, now, each.at)}: {_said(words, each)}" for each in _counts(now)]


def _counts(now: JointMeetingView) -> list[TimeCount]:
    return count_times(times_ahead(now.meeting, now.at), now.asked_times)


def _said(words: Words, count: TimeCount) -> str:
    return words.count("joint.time-count", count.asked, suits=count.suits)


def _call(words: Words, now: JointMeetingView, count: TimeCount, *, primary: bool) -> Block:
    value = as_time(now.meeting.id, count.at)
    return button(words("press.call-time"), JOINT_CALL_TIME, value, primary=primary)


# --- the taps


async def suits(request: ActionRequest) -> None:
    """Say that a time suits."""
    await request.act(answer_joint_time, AnswerJointTime(*proposed_time(request.value), suits=True))


async def does_not(request: ActionRequest) -> None:
    """Say that a time does not suit after all."""
    await request.act(answer_joint_time, AnswerJointTime(*proposed_time(request.value)))


async def none_suits(request: ActionRequest) -> None:
    """Say that none of the times suits."""
    await request.act(answer_joint_time, AnswerJointTime(request.value))


async def call(request: ActionRequest) -> None:
    """Call the joint meeting at one of the times: whoever has said that it suits has signed up by that."""
    await request.act(call_joint_time, CallJointTime(*proposed_time(request.value)))
