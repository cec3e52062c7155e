"""Related cases, a person split off, liaisons: `/tot koble` and its forms."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import worktime
from bot.domain.access import Action
from bot.domain.case.entities import Phase
from bot.usecases.authorization import enter_case
from bot.usecases.links import (
    SPLIT_OFF,
    SplitOff,
    end_liaison,
    link_cases,
    name_liaison,
    see_linkable,
    see_splittable,
    unlink_cases,
)
from handlers.case.modals import read_agencies
from handlers.links import messages, modals
from handlers.links.modals import liaison_form, split_form, split_review
from handlers.meeting.defaults import propose_first
from handlers.meeting.modals import read_meeting
from handlers.slack.chosen_people import check_chosen
from handlers.slack.declarations import Subject, Verb
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import carry_out
from handlers.slack.vocabulary import Group


async def chosen(request: SubmissionRequest) -> None:
    verb, _, what = request.fields.needed("what", str).partition(":")
    case_id = request.metadata
    if verb in ("cut", "end"):
        await request.act(unlink_cases if verb == "cut" else end_liaison, case_id, what)
        await request.done()
    elif verb == "liaison":
        await _liaison(request, case_id)
    elif verb == "split":
        await _split(request, case_id, what)
    elif verb == "link":
        other = await request.act(link_cases, case_id, what)
        await request.done(request.words("modal.link.linked", code=other.case.code))
    else:
        raise Unreadable


async def _split(request: SubmissionRequest, case_id: str, letter: str) -> None:
    here, agencies, there = await request.look(see_splittable, case_id, letter)
    days = 0 if here.file().case.phase is Phase.ACUTE else 1
    at = propose_first(request.words, here.file().team, "", request.now, days)
    await request.replace(split_form(request.words, here.file(), letter, agencies, there, at))


async def _liaison(request: SubmissionRequest, case_id: str) -> None:
    here = await request.look(enter_case, Action.NAME_LIAISON, case_id)
    week_on = worktime.add_working_days(here.file().team.day_of(request.now) + timedelta(days=7), 0)
    await request.replace(liaison_form(request.words, here.file(), week_on))


async def liaison(request: SubmissionRequest) -> None:
    """Name a liaison: a person in this workspace, or one that the coordinator reaches."""
    await request.look(enter_case, Action.NAME_LIAISON, request.metadata)
    await check_chosen(request, "someone")
    await carry_out(request, name_liaison)
    await request.done()


async def _read_split(request: SubmissionRequest) -> SplitOff:
    """Return the command from the form; reasons and grounds come from the directory, not from fields."""
    letter, _, case_id = request.metadata.partition("|")
    _, agencies, _ = await request.look(see_splittable, case_id, letter)
    chosen_agencies = read_agencies(request.fields, {a.id: a for a in agencies}, "A")
    return SplitOff(letter, case_id, agencies=chosen_agencies, meeting=read_meeting(request.fields))


SPLITTING = ReviewedForm(SPLIT_OFF, split_review, read=_read_split)

LINKS = Subject(
    verbs=(
        Verb(
            Action.LINK_CASES,
            modals.link_menu,
            chosen,
            see_linkable,
            word="link",
            submit=(
                Action.LINK_CASES,
                Action.UNLINK_CASES,
                Action.NAME_LIAISON,
                Action.END_LIAISON,
                Action.SPLIT_OFF,
            ),
        ),
        Verb(Action.NAME_LIAISON, modals.liaison_form, liaison),
        Verb(Action.SPLIT_OFF, modals.split_form, SPLITTING),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.CASE,
)
