"""`/tot møte`, `flytt`, `avlys`: call one more meeting, move it, call it off."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.domain.case.entities import Meeting
from bot.domain.case.file import CaseFile
from bot.usecases import meeting as meetings
from bot.usecases.authorization import enter_case
from handlers.blocks.modal import View
from handlers.meeting import defaults, modals
from handlers.polls.modals import PROPOSE
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import typed_again


async def call(request: CommandRequest) -> None:
    """Call a meeting; text after the word is read as a time."""
    here = await request.look(enter_case, Action.CALL_MEETING, request.channel)
    proposal = defaults.propose_next(request.words, here.file(), request.rest, request.now)
    await request.open(modals.call_form(request.words, here.file(), proposal, request.now))


async def move(request: CommandRequest) -> None:
    """Move a meeting, or change its note; text after the word is read as a time.

    If there are several meetings, one is chosen first.
    """
    here, ahead = await request.look(meetings.see_movable, request.channel, Action.MOVE_MEETING)
    file = here.file()
    if len(ahead) > 1:
        typed = typed_again(file.team, request.rest, request.now)
        await request.open(modals.choose_meeting(request.words, file, ahead, typed))
    else:
        await request.open(_move_form(request, file, ahead[0], request.rest))


async def meeting(request: SubmissionRequest) -> None:
    """Show the form that moves the chosen meeting."""
    meeting_id, _, typed = request.fields.needed("meeting").partition("|")
    here, chosen = await request.look(meetings.enter_move, meeting_id)
    await request.replace(_move_form(request, here.file(), chosen, typed))


def _move_form(request: Request, file: CaseFile, moved: Meeting, typed: str) -> View:
    proposal = modals.proposal_of(moved, moved.note)
    if typed:
        asked = defaults.propose(request.words, file.team, typed, request.now)
        starts_at = proposal.starts_at if asked.refused else asked.starts_at
        proposal = replace(proposal, starts_at=starts_at, refused=asked.refused)
    return modals.move_form(request.words, file, moved, proposal, request.now)


async def next_meeting(request: ActionRequest) -> None:
    """Open the form that calls the next meeting."""
    here = await request.look(enter_case, Action.CALL_MEETING, request.value)
    proposal = defaults.propose_next(request.words, here.file(), "", request.now)
    await request.open(modals.call_form(request.words, here.file(), proposal, request.now))


CALLING = ReviewedForm(
    meetings.PLAN_MEETING,
    modals.MEETING_REVIEW,
    modals.meeting_review,
    about=("case_id",),
    readers=modals.READS_MEETING,
)


#: What a form that moves a meeting is about.
_MOVED = ("meeting_id", "sequence")
MOVING = replace(CALLING, form=modals.MOVE_REVIEW, about=_MOVED)
PROPOSING = replace(PROPOSE, about=("case_id",), readers=modals.READS_MEETING)


async def call_filled_in(request: SubmissionRequest) -> None:
    """Call the meeting at the one time, or propose several."""
    await (PROPOSING if _are_several(request) else CALLING).filled_in(request)


async def move_filled_in(request: SubmissionRequest) -> None:
    """Move the meeting to the one time, or propose several."""
    proposing = replace(PROPOSING, about=_MOVED)
    await (proposing if _are_several(request) else MOVING).filled_in(request)


def _are_several(request: SubmissionRequest) -> bool:
    more = (request.fields.moment_or_none(name) for name in ("second_time", "third_time"))
    return any(more)


async def cancelled(request: SubmissionRequest) -> None:
    """Call off the chosen meeting; the form said what happens."""
    await request.act_and_close(meetings.cancel_meeting, *asked(request.fields.needed("meeting")))
