"""Call the meeting at one of several times: what was answered about it becomes the answer to the call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.access import Action
from bot.domain.case.entities import Answer, Meeting
from bot.domain.case.polls import TimeAnswer, TimePoll, TimeReply
from bot.domain.directory.entities import Person
from bot.domain.errors import NoLongerAsked
from bot.domain.polls import answers_for, parts
from bot.usecases.answers import give_answer
from bot.usecases.authorization import CaseContext, enter_case, get_or_refuse
from bot.usecases.meeting import (
    CallMeeting,
    MoveMeeting,
    call_meeting,
    enter_move,
    move_meeting,
    remove_polls,
    review_meeting,
    review_move,
)
from bot.usecases.polls.proposing import still_standing
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import MeetingPlan


def call_time(uow: UnitOfWork, actor: Person, poll_id: str, at: datetime) -> Meeting:
    """Call the meeting at one of the times, or move it there: what was answered about it counts.

    Everybody is asked as at every call. Of them who has said that this very time suits, and is the one asked,
    has answered by it; a deputy who was promised has still to be named.
    """
    poll = get_or_refuse(uow, actor, TimePoll, poll_id)
    here = (
        enter_case(uow, actor, Action.CALL_MEETING, poll.case_id)
        if poll.meeting_id is None
        else enter_move(uow, actor, poll.meeting_id)[0]
    )
    file = here.file
    poll = still_standing(file, poll)
    if at not in poll.starts:
        raise NoLongerAsked
    answers = [answer for part in parts(file, poll) for answer in answers_for(file, poll, part)]
    plan = plan_at(poll, at)
    if poll.meeting_id is None:
        call = CallMeeting(poll.case_id, plan)
        review = replace(review_meeting(uow, actor, call), chair=poll.chair)
        meeting = call_meeting(uow, actor, call, review)
    else:
        move = MoveMeeting(poll.meeting_id, plan)
        review = review_move(uow, actor, move)
        meeting = move_meeting(uow, actor, move, replace(review, chair=poll.chair or review.chair))
        remove_polls(uow, file, [poll])
    _answer_asks(here, meeting, answers, at)
    return meeting


def plan_at(poll: TimePoll, at: datetime) -> MeetingPlan:
    return MeetingPlan(at, at + timedelta(minutes=poll.minutes), poll.place, poll.link, poll.note)


def _answer_asks(here: CaseContext, meeting: Meeting, answers: Iterable[TimeAnswer], at: datetime) -> None:
    """Answer for those who have said that this time suits; an agency's own come before its deputies."""
    uow, file = here.uow, here.file
    said = {(a.involvement_id, a.person_id): a for a in answers}
    asks = [ask for duty in file.duties_of(meeting.id) for ask in file.asks_of(duty.id)]
    for each in sorted(asks, key=lambda ask: ask.deputy_for is not None):
        ask = here.file.ask(each.id)
        answer = said.get((file.duty(each.duty_id).involvement_id, each.person_id))
        if ask is None or answer is None or not ask.open:
            continue
        reply = answer.reply(at)
        if reply is TimeReply.WITH_DEPUTY:
            uow.change(ask, with_deputy=True)
        elif reply is TimeReply.SUITS:
            if answer.via is not None:
                ask = uow.change(ask, told_at=answer.answered_at, told_via=answer.via)
            give_answer(here, ask, Answer.CONFIRMED, None, None)
            confirmed = here.file.ask(ask.id)
            if confirmed is not None:
                uow.change(confirmed, answered_by=answer.answered_by)
