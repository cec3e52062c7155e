"""Forms that call, move and call off a meeting, and their reviews."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.case.entities import Meeting
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.usecases.meeting import (
    CALL_MEETING,
    MOVE_MEETING,
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    cancel_meeting,
    enter_move,
)
from bot.usecases.polls.proposing import ProposeTimes
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import MeetingPlan
from handlers.meeting.defaults import from_mark
from handlers.meeting.modals import (
    MEETING_REVIEW,
    MOVE_REVIEW,
    meeting_review,
    move_form,
    proposal_of,
)
from handlers.polls.submissions import PROPOSE
from handlers.slack.payloads import Fields, moment
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import ReviewedForm

CALL = ReviewedForm(
    CALL_MEETING,
    lambda request, metadata, reviewed: meeting_review(
        request.words, MEETING_REVIEW, metadata, reviewed.review, request.now
    ),
)
MOVE = ReviewedForm(
    MOVE_MEETING,
    lambda request, metadata, reviewed: meeting_review(
        request.words, MOVE_REVIEW, metadata, reviewed.review, request.now
    ),
)


def read_meeting(fields: Fields) -> MeetingPlan:
    """The time and place of the form."""
    chosen = fields.option("starts_at")
    starts_at = fields.moment_or_none("other_time") or (
        fields.moment("starts_at") if chosen is None else moment(chosen)
    )
    return MeetingPlan(
        starts_at,
        starts_at + timedelta(minutes=fields.minutes("minutes")),
        place=fields.option("place"),
        link=fields.text("link") or None,
        note=fields.text("note"),
    )


async def call_filled_in(request: SubmissionRequest) -> None:
    """One time is called, several are proposed."""
    case_id, plan, chair = request.metadata, read_meeting(request.fields), request.fields.user("chair")
    more = read_more_times(request.fields)
    if any(more):
        await PROPOSE.review(request, ProposeTimes(case_id, plan, *more, chair))
    else:
        await CALL.review(request, CallMeeting(case_id, plan, chair))


async def move_filled_in(request: SubmissionRequest) -> None:
    """To one time it is moved, several are proposed."""
    meeting_id, plan, chair = request.metadata, read_meeting(request.fields), request.fields.user("chair")
    more = read_more_times(request.fields)
    if any(more):
        await PROPOSE.review(request, ProposeTimes("", plan, *more, chair, meeting_id))
    else:
        await MOVE.review(request, MoveMeeting(meeting_id, plan, chair))


def read_more_times(fields: Fields) -> tuple[datetime | None, datetime | None]:
    return fields.moment_or_none("second_time"), fields.moment_or_none("third_time")


async def cancelled(request: SubmissionRequest) -> None:
    """Call off the meeting that was chosen; what happens stood in the form."""
    meeting_id, _, _ = request.fields.needed("meeting").partition("|")
    await request.act_and_close(cancel_meeting, CancelMeeting(meeting_id))


async def meeting(request: SubmissionRequest) -> None:
    meeting_id, _, mark = request.fields.needed("meeting").partition("|")
    file, chosen = await request.look(_movable, meeting_id)
    proposal = proposal_of(chosen, chosen.note)
    proposal = replace(proposal, starts_at=from_mark(mark) or proposal.starts_at)
    await request.replace(move_form(request.words, file, chosen, proposal, request.now))


def _movable(uow: UnitOfWork, actor: Person, meeting_id: str) -> tuple[CaseFile, Meeting]:
    here, meeting = enter_move(uow, actor, meeting_id)
    return here.file, meeting
