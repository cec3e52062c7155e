"""Forms about related cases: links, repeats, a person split off; and liaisons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import worktime
from bot.domain.case.entities import Phase, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency
from bot.domain.links import Linked
from bot.texts.words import Words
from bot.usecases.links import TITLE, SplitOff, SplitReview
from handlers.blocks import inputs
from handlers.blocks.elements import ActionId, actions, button, context, lines, section
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form, line_blocks, review_form
from handlers.case.modals import open_case_review
from handlers.links.messages import liaison_named, links_of
from handlers.meeting.defaults import propose_first
from handlers.meeting.modals import meeting_fields
from handlers.persons import over_for_each
from handlers.slack.vocabulary import named

UNLINK = ActionId("unlink", "link")
SPLIT = ActionId("split", "case and letter")
LIAISON = ActionId("liaison", "case")
END_LIAISON = ActionId("end_liaison", "liaison")
#: Slack takes 100 options, and there are others in the list.
_MOST_CASES = 70


@form("link_menu", "case", heading="command.link.choice", submit="modal.link.submit")
def link_form(
    words: Words, file: CaseFile, linked: Sequence[Linked], others: Sequence[CaseFile], typed: str
) -> Blocks:
    """Link two cases, mark a repeat, split a person off, take in a liaison."""
    if not linked:
        yield section(words("modal.link.none"))
    for each in linked:
        cut = button(words("press.unlink"), UNLINK, each.link.id)
        yield section(lines(*links_of(words, [each])), cut)
    for liaison in file.live_liaisons():
        end = button(words("press.end-liaison"), END_LIAISON, liaison.id)
        yield section(liaison_named(words, file, liaison), end)
    yield actions(button(words("press.liaison"), LIAISON, file.case.id))
    for letter in file.open_letters if len(file.open_letters) > 1 else "":
        yield actions(button(words("press.split", person=letter), SPLIT, f"{file.case.id}|{letter}"))
    choices = [(each.case.id, _name(words, each)) for each in others[:_MOST_CASES]]
    if choices:
        likely = named(typed, dict(choices))
        yield field(words, "other", "field.link-other", inputs.select(choices, likely))
    yield context(words("modal.link.about" if others else "modal.link.no-other"))
    return file.case.id if others else None


def _name(words: Words, other: CaseFile) -> str:
    return words("modal.link.open" if other.open else "modal.link.closed", code=other.case.code)


def linked_text(words: Words, other: CaseFile) -> str:
    return words("modal.link.linked", code=other.case.code)


@form("split", "letter, and case", submit="modal.look-over")
def split_form(
    words: Words, file: CaseFile, letter: str, agencies: Sequence[Agency], there: Sequence[str], now: datetime
) -> Blocks:
    names = [(a.id, a.shown_name) for a in agencies]
    asked = inputs.selects(names, there)
    hint = words("field.split-agencies.hint")
    at = propose_first(words, file.team, "", now, 0 if file.case.phase is Phase.ACUTE else 1)
    yield section(words("modal.split.intro", person=letter))
    yield field(words, "agencies", "field.agencies", asked, hint=hint)
    yield field(words, "expected", "field.expected", inputs.selects(names), hint=True, optional=True)
    yield from meeting_fields(words, file.team, at)
    return f"{letter}|{file.case.id}"


@review_form("split_review")
def split_review(
    words: Words, metadata: str, command: SplitOff, review: SplitReview, now: datetime
) -> Blocks:
    """«Se over og send»: the new case, and what happens to this one."""
    letter = command.letter
    opening = open_case_review(words, metadata, review.opening, review.review, now)["blocks"]
    yield section(words("modal.split.new", person=letter))
    yield from opening[:-1]
    yield from line_blocks(
        words("modal.split.here", person=letter), *over_for_each(words, review.file, letter)
    )
    yield opening[-1]
    return metadata


@form("liaison", "case", submit="modal.save")
def liaison_form(words: Words, file: CaseFile, now: datetime) -> Blocks:
    """Name a liaison and their last day; without Slack their title, and how taushetsplikt was confirmed."""
    until = worktime.add_working_days(file.team.day_of(now) + timedelta(days=7), 0)
    outside = choices_of(words, "via", (v for v in Via if v is not Via.SLACK))
    title = inputs.writing(TITLE)
    yield section(words("modal.liaison.intro"))
    yield field(words, "until", "field.until", inputs.day(until), hint=True)
    yield field(words, "someone", "field.liaison", inputs.someone(), hint=True, optional=True)
    yield field(words, "title", "field.liaison-title", title, hint=True, optional=True)
    yield field(words, "via", "field.liaison-via", inputs.select(outside), optional=True)
    return file.case.id
