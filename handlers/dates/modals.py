"""Forms of placements and deadlines. Each legal date is entered by a person, seen in words, and confirmed."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.actions import parts_of
from bot.domain.case.dates import Placement
from bot.domain.case.file import CaseFile
from bot.domain.dates import cooperating, lacking, open_placements, planned_on, too_long
from bot.domain.errors import Refusal, refuse
from bot.domain.worktime import add_working_days
from bot.texts.words import Words
from bot.usecases.dates import DUE, PlacementReview, SetReflection
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import VIEW_BLOCKS, ActionId, actions, button, context, lines, section
from handlers.blocks.formatting import fit
from handlers.blocks.inputs import Choice
from handlers.blocks.modal import Blocks, field, form, line_blocks, review_form
from handlers.blocks.people import agency_choices, day_off
from handlers.dates.messages import END_DEADLINE, PLACEMENT, dated, ending, placed

NEW_DEADLINE = ActionId("new_deadline", "case")
NEW_REFLECTION = ActionId("new_reflection", "case")
_DATES = "command.deadline.choice"
_LIKELY_DAYS = 5


@form("dates", "case", heading=_DATES, submit=None)
def dates_form(words: Words, file: CaseFile, *, reader: str) -> Blocks:
    """Enter or end a placement, a reflection period, or an agency's own deadline."""
    own = {part.id for part in parts_of(file, reader)}
    coordinates = reader in file.confirmed_coordinators()
    if not own and not coordinates:
        refuse(Refusal.NOTHING_HERE, "own-part")
    new = [button(words("press.new-deadline"), NEW_DEADLINE, file.case.id)] if own else []
    ended = words("press.end-deadline")
    rows = [
        [section(dated(words, d, words.day(d.due_on)), button(ended, END_DEADLINE, d.id))]
        for d in sorted(file.deadlines, key=lambda d: d.due_on)
        if d.live and (d.involvement_id in own or (d.person is not None and coordinates))
    ]
    if coordinates:
        new.append(button(words("press.new-placement"), PLACEMENT, file.case.id))
        new.append(button(words("press.new-reflection"), NEW_REFLECTION, file.case.id))
        rows += [[section(placed(words, p)), actions(*ending(words, p))] for p in open_placements(file)]
    yield from fit(words, [[[actions(*new)], *rows]], VIEW_BLOCKS)
    return file.case.id


def law(words: Words, file: CaseFile) -> list[Block]:
    """The team's own words on the law, when somebody last read it, and that it has to be checked."""
    rules = file.team.rules
    own = dict(rules.placement_law).get(words.language)
    text = escape(own) if own else words("placement.law")
    return line_blocks(text, words("placement.law-read", day=words.day(rules.placement_law_read)))


@form("placement", "case; with a bar and an id, the placement that is extended", submit="modal.look-over")
def placement_form(words: Words, file: CaseFile, extended: Placement | None, now: datetime) -> Blocks:
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
    parts = cooperating(file, command.person)
    agencies = [escape(file.agencies[i.agency_id].shown_name) for i in parts]
    lack = [words(f"agency-kind.{kind}") for kind in lacking(file, command.person)]
    who = [words("modal.placement.agencies", agencies=words.several(agencies))] if agencies else []
    if lack:
        who.append(words("modal.placement.lacks", person=command.person, kinds=words.several(lack)))
    months = file.team.rules.placement_months
    beyond = too_long(command.starts_on, command.ends_on, months)
    planned = (planned_on(command.ends_on, weeks) for weeks in file.team.rules.placement_weeks)
    since = review.extended.ends_on if review.extended is not None else command.starts_on
    proposed = [f"• {words.day(at)}" for at in planned if at > since]
    start, end = words.day(command.starts_on), words.day(command.ends_on)
    yield from line_blocks(
        words("modal.placement.confirm", person=command.person, start=start, end=end),
        *day_off(words, command.ends_on),
        *([words("modal.placement.beyond", person=command.person, months=months)] if beyond else []),
        *who,
        words("modal.placement.proposed"),
        *proposed,
    )
    yield from law(words, file)
    return metadata


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
    yield from line_blocks(due_text(words, review.due_on), words("modal.deadline.check"))
    return metadata


def due_text(words: Words, day: date) -> str:
    """The day in words, and whether offices are closed on it."""
    return lines(words("modal.deadline.due", day=words.day(day)), *day_off(words, day))
