"""`/tot møte`, `flytt`, `avlys`: call one more meeting, move it, call it off."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.domain.case.entities import Meeting
from bot.domain.meeting import proposed_time
from bot.usecases import meeting as meetings
from bot.usecases.authorization import enter, enter_case, enter_room
from handlers.meeting import defaults, modals
from handlers.polls.modals import PROPOSE
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.review import ReviewedForm


async def call(request: CommandRequest) -> None:
    """Call a meeting; text after the word is read as a time."""
    here = await request.look(enter_room, Action.CALL_MEETING, request.channel)
    proposal = defaults.propose_next(request.words, here.file(), request.rest, request.now)
    await request.open(modals.call_form(request.words, here.file(), proposal, request.now))


async def move(request: CommandRequest) -> None:
    """Move a meeting, or change its note; text after the word is read as a time.

    If there are several meetings, one is chosen first.
    """
    here, ahead = await request.look(meetings.see_movable, request.channel, Action.MOVE_MEETING)
    file, now = here.file(), request.now
    if len(ahead) > 1:
        await request.open(
            modals.choose_meeting(
                request.words, file, ahead, defaults.timestamp_of(file.team, request.rest, now)
            )
        )
        return
    proposal = modals.proposal_of(ahead[0], ahead[0].note)
    if request.rest:
        asked = defaults.propose(request.words, file.team, request.rest, now)
        starts_at = proposal.starts_at if asked.refused else asked.starts_at
        proposal = defaults.at_time(request.words, file.team, proposal, starts_at, now)
        proposal = replace(proposal, refused=asked.refused)
    await request.open(modals.move_form(request.words, file, ahead[0], proposal, now))


async def next_meeting(request: ActionRequest) -> None:
    """Open the form that calls the next meeting."""
    here = await request.look(enter_case, Action.CALL_MEETING, request.value)
    proposal = defaults.propose_next(request.words, here.file(), "", request.now)
    await request.open(modals.call_form(request.words, here.file(), proposal, request.now))


async def proposed_meeting(request: ActionRequest) -> None:
    """Open the form that calls the next meeting, at the time the rhythm proposes and the last one's place."""
    here, last = await request.look(enter, Action.CALL_MEETING, Meeting, request.value)
    now, was = request.now, modals.proposal_of(last, last.note)
    at = proposed_time(here.file(), last, now) or defaults.working_morning(here.file().team, now)
    proposal = modals.Proposal(at, was.minutes, place=was.place, link=was.link)
    proposal = defaults.at_time(request.words, here.file().team, proposal, at, now)
    await request.open(modals.call_form(request.words, here.file(), proposal, request.now))


CALLING = ReviewedForm(
    meetings.PLAN_MEETING,
    modals.MEETING_REVIEW,
    modals.meeting_review,
    about=("case_id",),
    readers=modals.READS_MEETING,
)


async def _moved(request: SubmissionRequest, _: meetings.PlanMeeting, sent: meetings.MeetingReview) -> None:
    """Say the new time, and how many are asked again; a changed note needs no receipt."""
    await request.done(modals.moved_text(request.words, sent) if sent.asks_again else None)


#: What a form that moves a meeting is about.
_MOVED = ("meeting_id", "sequence")
MOVING = replace(CALLING, command=meetings.MOVE_MEETING, form=modals.MOVE_REVIEW, about=_MOVED, sent=_moved)
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


async def meeting(request: SubmissionRequest) -> None:
    meeting_id, _, mark = request.fields.needed("meeting").partition("|")
    here, chosen = await request.look(meetings.enter_move, meeting_id)
    proposal = modals.proposal_of(chosen, chosen.note)
    proposal = replace(proposal, starts_at=defaults.from_timestamp(mark) or proposal.starts_at)
    await request.replace(modals.move_form(request.words, here.file(), chosen, proposal, request.now))
