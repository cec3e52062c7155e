"""Forms about what a case belongs together with: links, repeats, a person split off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.case.entities import Via
from bot.domain.case.file import CaseFile
from bot.domain.case.links import LinkKind
from bot.domain.directory.entities import Agency
from bot.domain.links import Linked
from bot.texts.words import Words
from bot.usecases.links.liaisons import LONGEST_TITLE
from bot.usecases.links.split import SplitReview
from handlers.blocks.elements import context, section
from handlers.blocks.modal import (
    REVIEWED,
    CallbackId,
    Choice,
    View,
    choices_of,
    day,
    field,
    line_blocks,
    modal,
    select,
    selects,
    someone,
    writing,
)
from handlers.case import open_case_review
from handlers.links.messages import liaison_named, links_of
from handlers.meeting.modals import Proposal, meeting_fields
from handlers.persons import over_for_one

LINK_MENU = CallbackId("link_menu", "case")
LINK = CallbackId("link", "kind of link, and case")
LIAISON = CallbackId("liaison", "case")
SPLIT = CallbackId("split", "letter, and case")
SPLIT_REVIEW = CallbackId("split_review", REVIEWED)


def link_menu(words: Words, file: CaseFile, linked: Sequence[Linked], likely: str | None = None) -> View:
    """The menu, and the links of the case now."""
    choices = [*menu_choices(words, file), *_undoing(words, file, linked)]
    liaisons = [liaison_named(words, file, each) for each in file.live_liaisons()]
    return modal(
        words,
        LINK_MENU,
        "modal.link.title",
        [
            *line_blocks(*(links_of(words, linked) or [words("modal.link.none")]), *liaisons),
            field("what", words("field.link-what"), select(choices, likely)),
            context(words("modal.link.only-coordinators")),
        ],
        submit="modal.next",
        metadata=file.case.id,
    )


def menu_choices(words: Words, file: CaseFile) -> list[Choice]:
    """Return the choices that begin something, as `verb` or `verb:letter`."""
    choices = [(f"{kind}", words(f"modal.link.do-{kind}")) for kind in LinkKind]
    if len(file.open_letters) > 1:
        choices += [(f"split:{p}", words("modal.link.do-split", person=p)) for p in file.open_letters]
    return [*choices, ("liaison", words("modal.link.do-liaison"))]


def _undoing(words: Words, file: CaseFile, linked: Sequence[Linked]) -> list[Choice]:
    links = [
        (f"cut:{each.link.id}", words(f"modal.link.undo-{each.link.kind}", code=each.other.case.code))
        for each in linked
    ]
    liaisons = [
        (f"end:{each.id}", words("modal.link.undo-liaison", day=words.day(each.until)))
        for each in file.live_liaisons()
    ]
    return [*links, *liaisons]


def link_form(words: Words, file: CaseFile, kind: LinkKind, candidates: Sequence[CaseFile]) -> View:
    """The choice of a case, by its code; only those that the reader coordinates."""
    codes = [(f.case.id, f.case.code) for f in candidates]
    return modal(
        words,
        LINK,
        "modal.link.title",
        [
            section(words(f"modal.link.about-{kind}")),
            field(
                "other", words("field.other-case"), select(codes, codes[0][0] if len(codes) == 1 else None)
            ),
            context(words("modal.link.only-coordinators")),
        ],
        submit="modal.save",
        metadata=f"{kind}|{file.case.id}",
    )


def split_form(
    words: Words, file: CaseFile, letter: str, agencies: Sequence[Agency], there: Sequence[str], at: Proposal
) -> View:
    """The agencies of the new case, and its first meeting."""
    names = [(a.id, a.shown_name) for a in agencies]
    return modal(
        words,
        SPLIT,
        "modal.split.title",
        [
            section(words("modal.split.intro", person=letter)),
            field(
                "agencies",
                words("field.agencies"),
                selects(names, there),
                hint=words("field.split-agencies.hint"),
            ),
            field(
                "expected",
                words("field.expected"),
                selects(names),
                hint=words("field.expected.hint"),
                optional=True,
            ),
            *meeting_fields(words, file.team, at),
        ],
        submit="modal.look-over",
        metadata=f"{letter}|{file.case.id}",
    )


def split_review(words: Words, metadata: str, letter: str, split: SplitReview) -> View:
    """«Se over og send»: the new case, and what becomes of this one."""
    view = open_case_review(words, metadata, split.opening, split.review)
    here = line_blocks(words("modal.split.here", person=letter), over_for_one(words, split.file, letter))
    blocks = [
        section(words("modal.split.new", person=letter)),
        *view["blocks"][:-1],
        *here,
        view["blocks"][-1],
    ]
    return view | {"callback_id": str(SPLIT_REVIEW), "blocks": blocks}


def liaison_form(words: Words, file: CaseFile, until: date) -> View:
    """The person and the last day; without Slack the title, and how taushetsplikt was confirmed."""
    outside = choices_of(words, "via", (v for v in Via if v is not Via.SLACK))
    return modal(
        words,
        LIAISON,
        "modal.liaison.title",
        [
            section(words("modal.liaison.intro")),
            field("until", words("field.until"), day(until), hint=words("field.until.hint")),
            field(
                "someone",
                words("field.liaison"),
                someone(),
                hint=words("field.liaison.hint"),
                optional=True,
            ),
            field(
                "title",
                words("field.liaison-title"),
                writing(longest=LONGEST_TITLE),
                hint=words("field.liaison-title.hint"),
                optional=True,
            ),
            field("via", words("field.liaison-via"), select(outside), optional=True),
        ],
        submit="modal.save",
        metadata=file.case.id,
    )
