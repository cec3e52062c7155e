"""Forms about related cases: links, repeats, a person split off; and liaisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.domain.case.entities import Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency
from bot.domain.links import Linked
from bot.texts.words import Words
from bot.usecases.links import TITLE, SplitOff, SplitReview
from handlers.blocks import inputs
from handlers.blocks.elements import context, section
from handlers.blocks.inputs import Choice, choices_of
from handlers.blocks.modal import Blocks, field, form, line_blocks, review_form
from handlers.case.modals import open_case_review
from handlers.links.messages import liaison_named, links_of
from handlers.meeting.defaults import Proposal
from handlers.meeting.modals import meeting_fields
from handlers.persons import over_for_each
from handlers.slack.vocabulary import named

#: Slack takes 100 options, and there are others in the list.
_MOST_CASES = 70


@form("link_menu", "case", "link", submit="modal.next")
def link_menu(
    words: Words, file: CaseFile, linked: Sequence[Linked], others: Sequence[CaseFile], typed: str
) -> Blocks:
    """Link two cases, mark a repeat, split a person off, take in a liaison."""
    choices = [*_new(words, file, others), *_undoing(words, file, linked)]
    liaisons = [liaison_named(words, file, each) for each in file.live_liaisons()]
    yield from line_blocks(*(links_of(words, linked) or [words("modal.link.none")]), *liaisons)
    yield field(words, "what", "field.link-what", inputs.select(choices, named(typed, dict(choices))))
    yield context(words("modal.link.about" if others else "modal.link.no-other"))
    return file.case.id


def _new(words: Words, file: CaseFile, others: Sequence[CaseFile]) -> Iterator[Choice]:
    """Yield the choices that start something, as `verb:id` or `verb:letter`."""
    for each in others[:_MOST_CASES]:
        said = "modal.link.do-link" if each.open else "modal.link.do-repeat"
        yield f"link:{each.case.id}", words(said, code=each.case.code)
    if len(file.open_letters) > 1:
        for letter in file.open_letters:
            yield f"split:{letter}", words("modal.link.do-split", person=letter)
    yield "liaison", words("modal.link.do-liaison")


def _undoing(words: Words, file: CaseFile, linked: Sequence[Linked]) -> Iterator[Choice]:
    for link in linked:
        yield f"cut:{link.link.id}", words("modal.link.undo", code=link.other.case.code)
    for liaison in file.live_liaisons():
        yield f"end:{liaison.id}", words("modal.link.undo-liaison", day=words.day(liaison.until))


@form("split", "letter, and case", submit="modal.look-over")
def split_form(
    words: Words, file: CaseFile, letter: str, agencies: Sequence[Agency], there: Sequence[str], at: Proposal
) -> Blocks:
    names = [(a.id, a.shown_name) for a in agencies]
    asked = inputs.selects(names, there)
    hint = words("field.split-agencies.hint")
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
def liaison_form(words: Words, file: CaseFile, until: date) -> Blocks:
    """Name a liaison and their last day; without Slack their title, and how taushetsplikt was confirmed."""
    outside = choices_of(words, "via", (v for v in Via if v is not Via.SLACK))
    title = inputs.writing(TITLE)
    yield section(words("modal.liaison.intro"))
    yield field(words, "until", "field.until", inputs.day(until), hint=True)
    yield field(words, "someone", "field.liaison", inputs.someone(), hint=True, optional=True)
    yield field(words, "title", "field.liaison-title", title, hint=True, optional=True)
    yield field(words, "via", "field.liaison-via", inputs.select(outside), optional=True)
    return file.case.id
