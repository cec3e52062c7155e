"""Forms of placements and deadlines. Each legal date is entered by a person, seen in words, and confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.domain.case.dates import Afterwards, Deadline, DeadlineKind, Placement
from bot.domain.case.file import CaseFile
from bot.domain.dates import lacking, open_placements, planned_on
from bot.domain.worktime import add_working_days
from bot.texts.words import Words
from bot.usecases.actions import CheckedDate
from bot.usecases.dates import DUE, Dates, PlacementReview, SetDeadline
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import clip, context, section
from handlers.blocks.inputs import Choice, choices_of
from handlers.blocks.modal import Blocks, Sending, field, form, line_blocks, review_form
from handlers.blocks.people import agency_choices, day_off
from handlers.dates.messages import placed

NEW_PLACEMENT, NEW_REFLECTION, NEW_OWN = "new:placement", "new:reflection", "new:own"
ENDED_PLACEMENT, ENDED_DEADLINE = "placement:", "deadline:"
_OPTION = 75
_LIKELY_DAYS = 5


@form("choose_date", "case", "dates", submit="modal.next")
def choose_form(words: Words, dates: Dates) -> Blocks:
    """Enter or end a placement, a reflection period, or an agency's own deadline."""
    choices = [*_new(words, dates), *_ending(words, dates)]
    yield field(words, "what", "field.date-what", inputs.select(choices, choices[0][0]))
    return dates.file.case.id


def _new(words: Words, dates: Dates) -> Iterator[Choice]:
    if dates.parts:
        yield NEW_OWN, words("field.date-own")
    if dates.coordinates:
        yield NEW_PLACEMENT, words("field.date-placement")
        yield NEW_REFLECTION, words("field.date-reflection")


def _ending(words: Words, dates: Dates) -> Iterator[Choice]:
    if dates.coordinates:
        for placement in open_placements(dates.file):
            yield f"{ENDED_PLACEMENT}{placement.id}", words("field.date-placed", person=placement.person)
    for deadline in dates.deadlines:
        yield f"{ENDED_DEADLINE}{deadline.id}", clip(_ended(words, deadline), _OPTION)


def _ended(words: Words, deadline: Deadline) -> str:
    due = words.short_day(deadline.due_on)
    if deadline.kind is DeadlineKind.OWN:
        return words("field.date-own-over", day=due, what=deadline.text)
    return words("field.date-reflection-over", day=due, person=deadline.person)


def law(words: Words, file: CaseFile) -> list[Block]:
    """The team's own words on the law, when somebody last read it, and that it has to be checked."""
    rules = file.team.rules
    own = dict(rules.placement_law).get(words.language)
    text = escape(own) if own else words("placement.law")
    return line_blocks(text, words("placement.law-read", day=words.day(rules.placement_law_read)))


@form("placement", "case; with `.` and an id, the placement that is extended", submit="modal.look-over")
def placement_form(words: Words, file: CaseFile, today: date, extended: Placement | None = None) -> Blocks:
    """Enter the person and the dates of a placement. No end is proposed: that is not for the bot to say.

    If one is `extended`, the person is fixed, and the next placement begins on the day after it ends.
    """
    choices = [(letter, letter) for letter in file.open_letters]
    metadata = file.case.id
    if extended is not None:
        choices = [(extended.person, extended.person)]
        today = extended.ends_on + timedelta(days=1)
        metadata = f"{file.case.id}.{extended.id}"
    months = words("field.placed-to.hint", months=file.team.rules.placement_months)
    yield from law(words, file)
    yield context(words("placement.police"))
    yield field(words, "person", "field.placed-person", inputs.select(choices, choices[0][0]))
    yield field(words, "starts_on", "field.placed-from", inputs.day(today))
    yield field(words, "ends_on", "field.placed-to", inputs.day(), hint=months)
    return metadata


@review_form("placement_review", "placement", submit="modal.confirm-dates")
def placement_review(words: Words, metadata: str, review: PlacementReview) -> Blocks:
    """Confirm the dates in words, with the meetings that will be proposed and who has to cooperate."""
    command, file = review.command, review.file
    agencies = [escape(file.agencies[i.agency_id].shown_name) for i in review.parts]
    lack = [words(f"agency-kind.{kind}") for kind in lacking(file, command.person)]
    who = [words("modal.placement.agencies", agencies=words.several(agencies))] if agencies else []
    if lack:
        who.append(words("modal.placement.lacks", person=command.person, kinds=words.several(lack)))
    planned = (planned_on(command.ends_on, weeks) for weeks in file.team.rules.placement_weeks)
    proposed = [f"• {words.day(at)}" for at in planned if at > command.starts_on]
    start, end = words.day(command.starts_on), words.day(command.ends_on)
    yield from line_blocks(
        words("modal.placement.confirm", person=command.person, start=start, end=end),
        *day_off(words, review.warning, command.ends_on),
        *_beyond(words, review),
        *who,
        words("modal.placement.proposed"),
        *proposed,
    )
    yield from law(words, file)
    return metadata


def _beyond(words: Words, review: PlacementReview) -> list[str]:
    """Point out, but do not refuse, that the person's decisions together exceed the team's months."""
    if review.days_over_limit is None:
        return []
    months, person = review.file.team.rules.placement_months, review.command.person
    return [words("modal.placement.beyond", person=person, days=review.days_over_limit, months=months)]


@form("end_placement", "placement", submit="modal.save")
def end_placement_form(words: Words, _: CaseFile, placement: Placement) -> Blocks:
    afterwards = inputs.radio(choices_of(words, "afterwards", Afterwards))
    yield section(placed(words, placement))
    yield field(words, "afterwards", "field.afterwards", afterwards)
    return placement.id


@form("deadline", "case and kind", "dates", submit="modal.look-over")
def deadline_form(words: Words, dates: Dates, kind: DeadlineKind, today: date) -> Blocks:
    file = dates.file
    if kind is DeadlineKind.OWN:
        owners = agency_choices(file, dates.parts)
        yield section(words("modal.deadline.own"))
        yield field(words, "involvement", "field.action-owner", inputs.select(owners, owners[0][0]))
        yield field(words, "text", "field.deadline-text", inputs.writing(DUE), hint=True)
    else:
        letters = [(letter, letter) for letter in file.open_letters]
        yield section(words("modal.deadline.reflection"))
        yield field(words, "person", "field.reflection-person", inputs.select(letters, letters[0][0]))
    initial = add_working_days(today, _LIKELY_DAYS) if kind is DeadlineKind.OWN else None
    yield field(words, "due_on", "field.due-on", inputs.day(initial))
    submit = "modal.save" if kind is DeadlineKind.OWN else ""
    return Sending(f"{file.case.id}:{kind}", submit)


@review_form("deadline_review", "dates", submit="modal.confirm-dates")
def deadline_review(words: Words, metadata: str, review: CheckedDate[SetDeadline]) -> Blocks:
    due_on = review.command.due_on
    due = words("modal.action.due", day=words.day(due_on))
    off = day_off(words, review.warning, due_on)
    yield from line_blocks(due, *off, words("modal.deadline.check"))
    return metadata
