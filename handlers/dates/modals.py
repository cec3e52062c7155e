"""Forms of placements and deadlines. Each legal date is entered by a person, seen in words, and confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.actions import parts_of
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.file import CaseFile
from bot.domain.dates import lacking, open_placements, planned_on
from bot.domain.errors import Refusal, refuse
from bot.domain.worktime import add_working_days
from bot.texts.words import Words
from bot.usecases.dates import DUE, Afterwards, PlacementReview, SetReflection
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import clip, context, section
from handlers.blocks.inputs import Choice, choices_of
from handlers.blocks.modal import Blocks, field, form, line_blocks, review_form
from handlers.blocks.people import agency_choices, day_off
from handlers.dates.messages import placed

_OPTION = 75
_DATES = "command.deadline.choice"
_LIKELY_DAYS = 5


@form("choose_date", "case", heading=_DATES, submit="modal.next")
def choose_form(words: Words, file: CaseFile, *, reader: str) -> Blocks:
    """Enter or end a placement, a reflection period, or an agency's own deadline."""
    choices = list(_choices(words, file, reader)) or refuse(Refusal.NOTHING_HERE, "own-part")
    yield field(words, "what", "field.date-what", inputs.select(choices, choices[0][0]))
    return file.case.id


def _choices(words: Words, file: CaseFile, reader: str) -> Iterator[Choice]:
    """Yield what the reader can enter, and what they can end, the first due first."""
    own = {part.id for part in parts_of(file, reader)}
    coordinates = reader in file.confirmed_coordinators()
    if own:
        yield "new:own", words("field.date-own")
    if coordinates:
        yield "new:placement", words("field.date-placement")
        yield "new:reflection", words("field.date-reflection")
        for placement in open_placements(file):
            yield f"placement:{placement.id}", words("field.date-placed", person=placement.person)
    for deadline in sorted(file.deadlines, key=lambda d: d.due_on):
        if deadline.live and (deadline.involvement_id in own if deadline.person is None else coordinates):
            yield f"deadline:{deadline.id}", clip(_ended(words, deadline), _OPTION)


def _ended(words: Words, deadline: Deadline) -> str:
    due = words.short_day(deadline.due_on)
    if deadline.person is None:
        return words("field.date-own-over", day=due, what=deadline.text)
    return words("field.date-reflection-over", day=due, person=deadline.person)


def law(words: Words, file: CaseFile) -> list[Block]:
    """The team's own words on the law, when somebody last read it, and that it has to be checked."""
    rules = file.team.rules
    own = dict(rules.placement_law).get(words.language)
    text = escape(own) if own else words("placement.law")
    return line_blocks(text, words("placement.law-read", day=words.day(rules.placement_law_read)))


@form("placement", "case; with a bar and an id, the placement that is extended", submit="modal.look-over")
def placement_form(
    words: Words, file: CaseFile, extended: Placement | None = None, *, now: datetime
) -> Blocks:
    """Enter the person and the dates of a placement. No end is proposed: that is not for the bot to say.

    If one is `extended`, only its new end is asked for.
    """
    months = words("field.placed-to.hint", months=file.team.rules.placement_months)
    yield from law(words, file)
    yield context(words("placement.police"))
    if extended is None:
        people = inputs.select(letters := _letters(file), letters[0][0])
        yield field(words, "person", "field.placed-person", people)
        yield field(words, "starts_on", "field.placed-from", inputs.day(file.team.day_of(now)))
    else:
        yield section(placed(words, extended))
    yield field(words, "ends_on", "field.placed-to", inputs.day(), hint=months)
    return file.case.id if extended is None else f"{file.case.id}|{extended.id}"


def _letters(file: CaseFile) -> list[Choice]:
    return [(letter, letter) for letter in file.open_letters]


@review_form("placement_review", "modal.placement.title", submit="modal.confirm-dates")
def placement_review(words: Words, metadata: str, review: PlacementReview) -> Blocks:
    """Confirm the dates in words, with the meetings that will be proposed and who has to cooperate."""
    command, file = review.command, review.file
    agencies = [escape(file.agencies[i.agency_id].shown_name) for i in review.parts]
    lack = [words(f"agency-kind.{kind}") for kind in lacking(file, command.person)]
    who = [words("modal.placement.agencies", agencies=words.several(agencies))] if agencies else []
    if lack:
        who.append(words("modal.placement.lacks", person=command.person, kinds=words.several(lack)))
    months = file.team.rules.placement_months
    planned = (planned_on(command.ends_on, weeks) for weeks in file.team.rules.placement_weeks)
    since = review.extended.ends_on if review.extended is not None else command.starts_on
    proposed = [f"• {words.day(at)}" for at in planned if at > since]
    start, end = words.day(command.starts_on), words.day(command.ends_on)
    yield from line_blocks(
        words("modal.placement.confirm", person=command.person, start=start, end=end),
        *day_off(words, command.ends_on),
        *([words("modal.placement.beyond", person=command.person, months=months)] if review.beyond else []),
        *who,
        words("modal.placement.proposed"),
        *proposed,
    )
    yield from law(words, file)
    return metadata


@form("end_placement", "placement", heading="press.end-placement", submit="modal.save")
def end_placement_form(words: Words, _: CaseFile, placement: Placement) -> Blocks:
    afterwards = inputs.radio(choices_of(words, "afterwards", Afterwards))
    yield section(placed(words, placement))
    yield field(words, "afterwards", "press.end-placement", afterwards)
    return placement.id


@form("own_deadline", "case", heading=_DATES, submit="modal.save")
def own_deadline_form(words: Words, file: CaseFile, *, reader: str, now: datetime) -> Blocks:
    """Set a date that only the agency's people see and are reminded of."""
    owners = agency_choices(file, parts_of(file, reader)) or refuse(Refusal.NOTHING_HERE, "own-part")
    day = inputs.day(add_working_days(file.team.day_of(now), _LIKELY_DAYS))
    yield section(words("modal.deadline.own"))
    yield field(words, "involvement", "field.action-owner", inputs.select(owners, owners[0][0]))
    yield field(words, "text", "field.deadline-text", inputs.writing(DUE), hint=True)
    yield field(words, "due_on", "field.due-on", day)
    return file.case.id


@form("reflection", "case", heading=_DATES, submit="modal.look-over")
def reflection_form(words: Words, file: CaseFile) -> Blocks:
    letters = _letters(file)
    yield section(words("modal.deadline.reflection"))
    yield field(words, "person", "field.action-persons", inputs.select(letters, letters[0][0]))
    yield field(words, "due_on", "field.due-on", inputs.day())
    return file.case.id


@review_form("reflection_review", _DATES, submit="modal.confirm-dates")
def reflection_review(words: Words, metadata: str, review: SetReflection) -> Blocks:
    due = words("modal.deadline.due", day=words.day(review.due_on))
    yield from line_blocks(due, *day_off(words, review.due_on), words("modal.deadline.check"))
    return metadata
