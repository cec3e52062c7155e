"""Requests about dates: `/tot frist`, placements and deadlines."""

from __future__ import annotations

from datetime import date

from bot.domain.access import Action
from bot.domain.case.dates import Placement
from bot.usecases import dates
from bot.usecases.authorization import enter_case, enter_lasting
from handlers.blocks.elements import lines, section
from handlers.blocks.modal import Drawing
from handlers.blocks.people import day_off
from handlers.dates import modals
from handlers.meeting.modals import call_form
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest, SubmissionRequest
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import carry_out, drawn


async def plan_meeting(request: ActionRequest) -> None:
    """Open the form that calls a planning meeting for what comes after a placement."""
    here, _ = await request.look(enter_lasting, Action.CALL_MEETING, Placement, request.value)
    words = request.words
    view = call_form(words, here.file(), now=request.now, note=words("placement.agenda"))
    view["blocks"].insert(0, section(words("placement.summoned")))
    await request.open(view)


PLACEMENT = ReviewedForm(
    dates.START_PLACEMENT,
    modals.placement_review,
    about=("case_id", "extends"),
)
REFLECTION = ReviewedForm(dates.SET_REFLECTION, modals.reflection_review)


async def own_deadline(request: SubmissionRequest) -> None:
    """Set an agency's own date, and say which day that is."""
    await carry_out(request, dates.set_own_deadline)
    day = request.fields.needed("due_on", date)
    said = request.words("modal.deadline.due", day=request.words.day(day))
    await request.done(lines(said, *day_off(request.words, day)))


_NEW: dict[str, tuple[Drawing[...], Action]] = {
    "own": (modals.own_deadline_form, Action.SEE_ACTIONS),
    "placement": (modals.placement_form, Action.KEEP_PLACEMENT),
    "reflection": (modals.reflection_form, Action.KEEP_REFLECTION),
}


async def chosen(request: SubmissionRequest) -> None:
    verb, _, what = request.fields.needed("what", str).partition(":")
    if verb == "placement":
        about = Action.KEEP_PLACEMENT, Placement, what
        await request.replace(await drawn(request, enter_lasting, modals.end_placement_form, *about))
    elif verb == "deadline":
        await request.act(dates.end_deadline, what)
        await request.done()
    elif what in _NEW:
        form, row = _NEW[what]
        await request.replace(await drawn(request, enter_case, form, row, request.metadata))
    else:
        raise Unreadable


async def placement_ended(request: SubmissionRequest) -> None:
    """Note that what comes after a placement is settled; if it is extended, ask until when."""
    afterwards = request.fields.needed("afterwards", dates.Afterwards)
    if afterwards is dates.Afterwards.EXTENDED:
        about = Action.KEEP_PLACEMENT, Placement, request.metadata
        await request.replace(await drawn(request, enter_lasting, modals.placement_form, *about))
    else:
        await request.act(dates.end_placement, request.metadata)
        await request.done()
