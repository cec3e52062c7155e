"""Forms that open a case, with all fields or with few taps, and the review of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.case.entities import Phase, letters
from bot.domain.case.file import CaseFile
from bot.domain.convening import Urgency
from bot.domain.directory.entities import Agency, Ground, Team, TeamRules
from bot.domain.errors import Invalid, Problem
from bot.domain.meeting import USUAL_MINUTES
from bot.texts.words import Words
from bot.usecases.case import MOST_PERSONS, CaseForm, OpenCase, Review
from bot.usecases.involvement.summons import AskPreview
from handlers.blocks import inputs
from handlers.blocks.choosing import asked_blocks
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import ActionId, actions, button, context, section
from handlers.blocks.inputs import Choice, choices_of
from handlers.blocks.modal import Blocks, View, field, form, line_blocks, notice, review_form
from handlers.blocks.people import sent_to
from handlers.meeting.defaults import Proposal, propose_first
from handlers.meeting.modals import meeting_fields, plan_at, where_fields
from handlers.meeting.times import seconds, usual
from handlers.slack.payloads import Fields

OPEN_CASE_BUTTON = ActionId("open_case", "team and perhaps a time, parted by a bar")
ACUTE_BUTTON = ActionId("acute", "team, with a bar")
ASK_OTHER = ActionId("ask_other", "draft and agency")
OPEN_CASE_FROM = ActionId("open_case_from", "`guidance/` or `convening/` and its id")
CASE_MORE = ActionId("case_more", "as the form's private_metadata")


OWN_INITIATIVE = "own"


@form(
    "open_case",
    "team; with `|guidance/` or `|convening/` and an id, what prompted it",
    heading="command.case.choice",
    submit="modal.look-over",
)
def open_case_form(
    words: Words, shown: CaseForm, proposal: Proposal, now: datetime, *, acute: bool = False
) -> Blocks:
    """Open a case, involve its agencies and call the first meeting: all fields.

    From the form of an acute case it goes on with that form's fields, as they are filled in.
    """
    team, all_of_team = shown.team, (*shown.on_call, *shown.others)
    names = [(told.agency.id, told.agency.shown_name) for told in all_of_team]
    phase = Phase.WORKING if shown.urgency is Urgency.WEEKS else Phase.ACUTE
    asked_by = [(OWN_INITIATIVE, words("field.asked-by.own")), *names]
    times = usual(words, team, proposal.starts_at, now) if acute else ()
    yield section(words("modal.open-case.intro", team=escape(team.name)))
    yield field(words, "phase", "field.phase", inputs.radio(choices_of(words, "phase", Phase), phase))
    yield field(
        words, "asked_by", "field.asked-by", inputs.select(asked_by, shown.asked_by or OWN_INITIATIVE)
    )
    yield field(words, "persons", "field.persons", inputs.number(1, 1, MOST_PERSONS), hint=True)
    if acute:
        yield from _who_takes_calls(words, shown)
    else:
        yield field(words, "agencies", "field.agencies", inputs.selects(names), hint=True)
    yield field(words, "expected", "field.expected", inputs.selects(names), hint=True, optional=True)
    yield from meeting_fields(words, team, proposal, times)
    return _metadata(shown)


@form("acute", open_case_form.id.metadata, submit="modal.look-over", heading="command.acute.choice")
def acute_form(words: Words, shown: CaseForm, proposal: Proposal, now: datetime) -> Blocks:
    """The same with few taps: whom to ask, and when. Only the agency that asked is ticked."""
    team = shown.team
    times = inputs.radio(usual(words, team, proposal.starts_at, now), seconds(proposal.starts_at))
    yield section(words("modal.acute.intro", team=escape(team.name)))
    yield from _who_takes_calls(words, shown)
    yield field(words, "starts_at", "field.starts-at", times)
    # A team with one usual place is not asked for it.
    if team.rules.video_room or len(team.rules.places) == 1:
        yield context(words("modal.acute.room", where=escape(proposal.link or proposal.place or "")))
    else:
        yield from where_fields(words, team, proposal.place, proposal.link)
    yield actions(button(words("press.more"), CASE_MORE, _metadata(shown)))
    return _metadata(shown)


def _metadata(shown: CaseForm) -> str:
    return shown.team.id if shown.item is None else f"{shown.team.id}|{shown.item}"


def _who_takes_calls(words: Words, shown: CaseForm) -> Iterator[Block]:
    """Yield the agencies with somebody on call, a tap each, and the others."""
    ticked = [shown.asked_by] if shown.asked_by is not None else []
    if shown.on_call:
        on_call = inputs.ticks([_who(words, told) for told in shown.on_call], ticked)
        hint = words("field.acute.hint")
        yield field(words, "agencies", "field.agencies", on_call, hint=hint, optional=True)
    if shown.others:
        others = inputs.selects([_who(words, told) for told in shown.others], ticked)
        yield field(words, "others", "field.acute-others", others, hint=True, optional=True)


def _who(words: Words, told: AskPreview) -> Choice:
    """An agency and who would be asked, by title: an option holds no mention."""
    name = told.agency.shown_name
    if told.agency.reached_by_coordinator or told.contact is None:
        return told.agency.id, words("modal.acute.by-you", agency=name)
    who = told.contact.title or words("modal.contact")
    key = "modal.acute.by-you-who" if told.by_coordinator else "modal.acute.on-call"
    return told.agency.id, words(key, agency=name, who=who)


def propose_acute(words: Words, team: Team, now: datetime) -> Proposal:
    """Propose a meeting soon, in the team's video room or else at its first place."""
    place, link = _usual_where(team.rules)
    return replace(propose_first(words, team, "", now), place=place, link=link)


def _usual_where(rules: TeamRules) -> tuple[str | None, str]:
    place = rules.places[0] if not rules.video_room and rules.places else None
    return place, rules.video_room


def read_case(fields: Fields, shown: CaseForm) -> OpenCase:
    """Return the command from the form; what the form of an acute case does not ask is as usual."""
    persons, asked_by = 1, shown.asked_by
    if "persons" in fields:
        persons, chosen = fields.needed("persons", int), fields.needed("asked_by", str)
        if not 1 <= persons <= MOST_PERSONS:
            raise Invalid(Problem("persons", "invalid.more-persons", {"most": str(MOST_PERSONS)}))
        asked_by = None if chosen == OWN_INITIATIVE else chosen
    minutes = fields.minutes("minutes") if "minutes" in fields else USUAL_MINUTES
    place, link = fields.option("place"), fields.text("link")
    if not ("place" in fields or "link" in fields):
        place, link = _usual_where(shown.team.rules)
    return OpenCase(
        team_id=shown.team.id,
        phase=fields.get("phase", Phase) or Phase.ACUTE,
        persons=persons,
        agencies=(*fields.options("agencies"), *fields.options("others")),
        expected=fields.options("expected"),
        meeting=plan_at(fields, minutes, place, link),
        asked_by=asked_by,
        item=shown.item,
    )


@review_form("open_case_review")
def open_case_review(words: Words, metadata: str, command: OpenCase, review: Review, now: datetime) -> Blocks:
    """«Se over og send»: the humans who will be told now."""
    yield from line_blocks(
        words("modal.review.case", phase=words(f"phase.{command.phase}")),
        words("modal.review.persons", letters=words.several(letters(command.persons))),
    )
    yield from asked_blocks(words, review, now, ASK_OTHER, metadata)
    yield from _grounds(words, [told.agency for told in review.told])
    yield section(words("modal.review.nothing-yet"))
    return metadata


def _grounds(words: Words, agencies: list[Agency]) -> Iterator[Block]:
    """List each proposed ground once, with its agencies and their reasons."""
    grounds: dict[str, list[str]] = {}
    for agency in agencies:
        told = f"{escape(agency.shown_name)} ({words(f'reason.{agency.usual_reason}')})"
        grounds.setdefault(_ground(words, agency), []).append(told)
    each = (f"{words.several(told)}: {ground}" for ground, told in grounds.items())
    yield from line_blocks(words("modal.review.grounds-proposed"), *each) if grounds else ()


def opened_notice(words: Words, file: CaseFile, channel_id: str = "") -> View:
    """The receipt after opening a case: how many are asked, whom to ring, the way to the room."""
    way = (
        words("modal.opened.room", room=f"<#{channel_id}>") if channel_id else words("acknowledgement.opens")
    )
    return notice(words, sent_to(words, file), way, heading="modal.opened.title", clears=True)


def _ground(words: Words, agency: Agency) -> str:
    """The agency's usual ground; consent has to be asked for."""
    usual = words(f"ground.{agency.usual_ground}")
    return words("modal.review.not-settled", usual=usual) if agency.usual_ground is Ground.CONSENT else usual
