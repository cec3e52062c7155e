"""The forms that link cases and split a person off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain import worktime
from bot.domain.access import Action
from bot.domain.case.entities import Via
from bot.domain.case.links import LinkKind
from bot.domain.directory.entities import Agency, Person
from bot.domain.errors import CoordinatorsOnly, NothingHere
from bot.domain.reminders import today
from bot.texts.words import Words
from bot.usecases.authorization import enter_case
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.links.liaisons import EndLiaison, NameLiaison, end_liaison, name_liaison, see_liaison_form
from bot.usecases.links.links import LinkCases, UnlinkCases, link_cases, see_candidates, unlink_cases
from bot.usecases.links.split import SPLITTING, SplitOff, SplitReview, see_splittable
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import Reviewed
from handlers.blocks.modal import View
from handlers.links.modals import liaison_form, link_form, split_form, split_review
from handlers.meeting.defaults import propose
from handlers.meeting.submissions import read_meeting
from handlers.slack.chosen_people import check_chosen
from handlers.slack.payloads import member
from handlers.slack.requests import Submitted
from handlers.slack.review import review, send


async def chosen(submitted: Submitted) -> None:
    """What to do: the form for it comes in place of the menu; undoing a link is done at once."""
    verb, _, what = submitted.fields.needed("what").partition(":")
    case_id = submitted.metadata
    if verb == "cut":
        await submitted.act(unlink_cases, UnlinkCases(case_id, what))
        await submitted.done()
    elif verb == "end":
        await submitted.act(end_liaison, EndLiaison(case_id, what))
        await submitted.done()
    elif verb == "liaison":
        await _liaison(submitted, case_id)
    elif verb == "split":
        await _split(submitted, case_id, what)
    else:
        await _link(submitted, case_id, member(LinkKind, verb))


async def _link(submitted: Submitted, case_id: str, kind: LinkKind) -> None:
    here, candidates = await submitted.look(lambda uow, actor: see_candidates(uow, actor, case_id, kind))
    if not candidates:
        raise NothingHere(what=f"link-{kind}")
    await submitted.replace(link_form(submitted.words, here.file, kind, candidates[:100]))


async def _split(submitted: Submitted, case_id: str, letter: str) -> None:
    here, agencies, there = await submitted.look(
        lambda uow, actor: see_splittable(uow, actor, case_id, letter)
    )
    at = propose(submitted.words, here.file.team, "", submitted.services.clock.now())
    await submitted.replace(split_form(submitted.words, here.file, letter, agencies, there, at))


async def _liaison(submitted: Submitted, case_id: str) -> None:
    here = await submitted.look(lambda uow, actor: see_liaison_form(uow, actor, case_id))
    day = today(here.file, submitted.services.clock.now())
    week_on = worktime.add_working_days(day + timedelta(days=7), 0)
    await submitted.replace(liaison_form(submitted.words, here.file, week_on))


async def liaison(submitted: Submitted) -> None:
    """Name a liaison: a human of this workspace, or somebody whom the coordinator reaches."""
    fields = submitted.fields
    await submitted.look(lambda uow, actor: see_liaison_form(uow, actor, submitted.metadata))
    slack_id = fields.user("someone")
    if slack_id is not None:
        await check_chosen(submitted, "someone", slack_id)
    command = NameLiaison(
        submitted.metadata,
        fields.needed_day("until"),
        slack_id,
        fields.text("title"),
        fields.choice("via", Via),
    )
    await submitted.act(name_liaison, command)
    await submitted.done()


async def linked(submitted: Submitted) -> None:
    """The other case has been chosen."""
    kind, _, case_id = submitted.metadata.partition("|")
    command = LinkCases(case_id, submitted.fields.needed("other"), member(LinkKind, kind))
    await submitted.act(link_cases, command)
    await submitted.done()


async def split_filled_in(submitted: Submitted) -> None:
    """Check what is filled in, and show whom it would tell."""
    fields = submitted.fields
    letter, _, case_id = submitted.metadata.partition("|")
    agencies = await submitted.look(lambda uow, actor: _agencies(uow, actor, case_id))
    wanted = [(id, False) for id in fields.options("agencies")]
    wanted += [(id, True) for id in fields.options("expected")]
    if any(id not in agencies for id, _ in wanted):
        raise CoordinatorsOnly
    choices = tuple(_usual(agencies[id], expected) for id, expected in wanted)
    await review(submitted, SPLITTING, SplitOff(case_id, letter, choices, read_meeting(fields)), _shown)


def _agencies(uow: UnitOfWork, actor: Person, case_id: str) -> Mapping[str, Agency]:
    return {a.id: a for a in uow.agencies(enter_case(uow, actor, Action.SPLIT_OFF, case_id).file.team.id)}


def _usual(agency: Agency, expected: bool) -> AgencyChoice:
    return AgencyChoice(agency.id, "A", agency.usual_reason, agency.usual_ground, expected)


async def split_sent(submitted: Submitted) -> None:
    """«Send»."""
    await send(submitted, SPLITTING, _shown)


def _shown(words: Words, metadata: str, reviewed: Reviewed[SplitOff, SplitReview]) -> View:
    return split_review(words, metadata, reviewed.command.letter, reviewed.review)
