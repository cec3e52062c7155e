"""Requests about dates: `/tot frist`, placements and deadlines."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.domain.case.dates import Afterwards, DeadlineKind, Placement
from bot.usecases import dates
from bot.usecases.authorization import enter_case, enter_lasting
from handlers.blocks.elements import section
from handlers.dates import modals
from handlers.meeting.defaults import propose
from handlers.meeting.modals import call_form
from handlers.slack.payloads import Unreadable, member
from handlers.slack.requests import ActionRequest, SubmissionRequest
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import FormOpener


async def plan_meeting(request: ActionRequest) -> None:
    """Open the form that calls a planning meeting for what comes after a placement."""
    here, _ = await request.look(enter_lasting, Action.CALL_MEETING, Placement, request.value)
    words, team = request.words, here.file().team
    proposal = propose(words, team, "", request.now)
    view = call_form(words, here.file(), replace(proposal, note=words("placement.agenda")), request.now)
    view["blocks"].insert(0, section(words("placement.summoned")))
    await request.open(view)


async def _set(request: SubmissionRequest, command: dates.SetDeadline, _: object) -> None:
    words = request.words
    await request.done(words("modal.deadline.set", day=words.day(command.due_on)))


PLACEMENT = ReviewedForm(
    dates.START_PLACEMENT,
    modals.placement_review.id,
    modals.placement_review,
    about=("case_id", "extends"),
    between=".",
)
#: An agency's own deadline is set at once unless offices are closed that day; a reflection period is not.
DEADLINE = ReviewedForm(
    dates.SET_DEADLINE,
    modals.deadline_review.id,
    modals.deadline_review,
    between=":",
    doubtful=lambda found: found.command.kind is DeadlineKind.REFLECTION or found.warning is not None,
    at_once=_set,
)


async def chosen(request: SubmissionRequest) -> None:
    what = request.fields.needed("what")
    if what == modals.NEW_PLACEMENT:
        here = await request.look(enter_case, Action.KEEP_PLACEMENT, request.metadata)
        await request.replace(
            modals.placement_form(request.words, here.file(), here.file().team.day_of(request.now))
        )
    elif what in (modals.NEW_OWN, modals.NEW_REFLECTION):
        kind = DeadlineKind.OWN if what == modals.NEW_OWN else DeadlineKind.REFLECTION
        found = await request.look(dates.see_new_date, request.metadata, kind)
        day = found.file.team.day_of(request.now)
        await request.replace(modals.deadline_form(request.words, found, kind, day))
    elif what.startswith(modals.ENDED_PLACEMENT):
        opening = FormOpener(Placement, modals.end_placement_form, Action.KEEP_PLACEMENT)
        await request.replace(await opening.view(request, what.removeprefix(modals.ENDED_PLACEMENT)))
    elif what.startswith(modals.ENDED_DEADLINE):
        await request.act_and_close(dates.end_deadline, what.removeprefix(modals.ENDED_DEADLINE))
    else:
        raise Unreadable


async def placement_ended(request: SubmissionRequest) -> None:
    """Record what comes after a placement; if it is extended, ask for the next decision's dates first."""
    afterwards = member(Afterwards, request.fields.needed("afterwards"))
    if afterwards is Afterwards.EXTENDED:
        here, placement = await request.look(
            enter_lasting, Action.KEEP_PLACEMENT, Placement, request.metadata
        )
        day = here.file().team.day_of(request.now)
        await request.replace(modals.placement_form(request.words, here.file(), day, placement))
        return
    await request.act_and_close(dates.end_placement, request.metadata, afterwards=afterwards)
