"""Forms about related cases: links, repeats, a person split off; and liaisons."""

from __future__ import annotations

from collections.abc import Sequence
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
from handlers.blocks.modal import Blocks, View, field, form, line_blocks, review_form
from handlers.case.modals import open_case_review
from handlers.links.messages import liaison_named, links_of
from handlers.meeting.defaults import Proposal
from handlers.meeting.modals import meeting_fields
from handlers.persons import over_for_each

SPLIT_REVIEW = review_form("split_review")


@form("link_menu", "case", "link", submit="modal.next")
def link_menu(words: Words, file: CaseFile, linked: Sequence[Linked], likely: str | None = None) -> Blocks:
    choices = [*menu_choices(words, file), *_undoing(words, file, linked)]
    liaisons = [liaison_named(words, file, each) for each in file.live_liaisons()]
    yield from line_blocks(*(links_of(words, linked) or [words("modal.link.none")]), *liaisons)
    yield field(words, "what", "field.link-what", inputs.select(choices, likely))
    yield context(words("modal.link.only-coordinators"))
    return file.case.id


def menu_choices(words: Words, file: CaseFile) -> list[Choice]:
    """Return the choices that start something, as `verb` or `verb:letter`."""
    choices = [("link", words("modal.link.do-link"))]
    if len(file.open_letters) > 1:
        choices += [(f"split:{p}", words("modal.link.do-split", person=p)) for p in file.open_letters]
    return [*choices, ("liaison", words("modal.link.do-liaison"))]


def _undoing(words: Words, file: CaseFile, linked: Sequence[Linked]) -> list[Choice]:
    links = [(f"cut:{each.link.id}", words("modal.link.undo", code=each.other.case.code)) for each in linked]
    liaisons = [
        (f"end:{each.id}", words("modal.link.undo-liaison", day=words.day(each.until)))
        for each in file.live_liaisons()
    ]
    return [*links, *liaisons]


@form("link", "case", submit="modal.save")
def link_form(words: Words, file: CaseFile, candidates: Sequence[CaseFile]) -> Blocks:
    """Choose a case by its code, among those that the reader coordinates."""
    codes = [
        (f.case.id, f.case.code if f.open else words("modal.link.closed", code=f.case.code))
        for f in candidates
    ]
    cases = inputs.select(codes, codes[0][0] if len(codes) == 1 else None)
    yield section(words("modal.link.about"))
    yield field(words, "other", "field.other-case", cases)
    yield context(words("modal.link.only-coordinators"))
    return file.case.id


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


def split_review(words: Words, metadata: str, command: SplitOff, review: SplitReview, now: datetime) -> View:
    """«Se over og send»: the new case, and what happens to this one."""
    letter = command.letter
    view = open_case_review(words, metadata, review.opening, review.review, now)
    here = line_blocks(words("modal.split.here", person=letter), *over_for_each(words, review.file, letter))
    *opening, nothing_yet = view["blocks"]
    blocks = [section(words("modal.split.new", person=letter)), *opening, *here, nothing_yet]
    return view | {"callback_id": str(SPLIT_REVIEW), "blocks": blocks}


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
