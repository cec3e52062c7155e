"""«Spør en annen»: the choice of whom to ask for an agency, in a review and in forms that replace it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact
from bot.texts.words import Words
from bot.usecases.case import Review
from bot.usecases.involvement.summons import TITLE, AskPreview
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import ActionId, button, section
from handlers.blocks.modal import CallbackId, View, field, line_blocks, modal
from handlers.blocks.people import colleagues, mention, numbered, warned, when_and_where, will_be_told
from handlers.blocks.quorum import never_enough

#: The option for a person who is in no list.
UNLISTED = "unlisted"


def other_form(id: str) -> CallbackId:
    """Return the id of a form that chooses another person of an agency."""
    return CallbackId(
        id, "draft and agency", heading="modal.ask-other.title", submit="modal.look-over", close="modal.back"
    )


def asked_blocks(
    words: Words,
    review: Review,
    now: datetime,
    press: ActionId,
    metadata: str,
    heading: str = "modal.review.told",
) -> Iterator[Block]:
    """Yield what the review of a first meeting shows: when, where and what to think of, then the people.

    They are those who are asked now, the coordinators who are, and who is expected.
    """
    zone = review.team.time_zone
    yield from line_blocks(words("modal.review.meeting"), *when_and_where(words, review.meeting, zone, now))
    yield from line_blocks(*warned(words, review.warnings))
    kinds = (told.agency.kind for told in review.told)
    yield from line_blocks(*never_enough(words, review.team.rules.quorum, kinds))
    yield from told_blocks(words, review.told, press, metadata, heading)
    lists = {
        "modal.review.coordinators": [mention(words, person) for person in review.coordinators],
        "modal.review.expected": [escape(agency.shown_name) for agency in review.expected],
    }
    for key, listed in lists.items():
        yield from line_blocks(words(key), *(f"• {each}" for each in listed)) if listed else ()


def told_blocks(
    words: Words,
    told: Sequence[AskPreview],
    press: ActionId,
    metadata: str,
    heading: str = "modal.review.told",
) -> Iterator[Block]:
    """Yield each agency with the person who will now be told, and a button that chooses another person.

    Below them, under a heading of their own, those whom the coordinator has to ring. `metadata` is the
    review's.
    """
    draft_id = metadata.partition(".")[0]
    for key, reached in ((heading, True), ("modal.review.to-ring", False)):
        found = [each for each in told if each.reached is reached]
        yield from line_blocks(words(key)) if found else []
        for each in found:
            ask_other = button(words("press.ask-other"), press, f"{draft_id}|{each.agency.id}")
            yield section(will_be_told(words, each), accessory=ask_other if each.can_choose else None)


def colleague_blocks(
    words: Words,
    file: CaseFile,
    contacts: Sequence[Contact],
    name: str,
    key: str,
    *,
    intro: str = "",
    likely: Contact | None = None,
    hint: str | bool = False,
    optional: bool = False,
) -> Iterator[Block]:
    """Yield a field that chooses one of an agency's people, below the lines that name them.

    `intro` is the key of what stands above these lines, `likely` the one who is proposed.
    """
    listed, choices = colleagues(words, file, contacts)
    if listed:
        yield from line_blocks(*([words(intro)] if intro else []), *listed)
    chosen = inputs.select(choices, likely.id if likely is not None else None)
    yield field(words, name, key, chosen, hint=hint, optional=optional)


def choose_form(words: Words, id: CallbackId, metadata: str, told: AskPreview) -> View:
    """List all of an agency who could be asked, with the proposed person chosen, and «somebody else»."""
    lines, choices = numbered(words, told.people)
    choices.append((UNLISTED, words("field.ask-other.unlisted")))
    now = told.contact.id if told.contact is not None and told.unlisted is None else UNLISTED
    blocks = [
        *line_blocks(words("modal.ask-other.intro", agency=escape(told.agency.shown_name)), *lines),
        field(words, "who", "field.ask-other", inputs.radio(choices, now)),
    ]
    return modal(words, id, blocks, metadata)


def unlisted_form(words: Words, id: CallbackId, metadata: str, told: AskPreview) -> View:
    """Return the form for a person who is in no list; they are asked for this case only."""
    before = told.unlisted
    title = inputs.writing(TITLE, before.title if before is not None else "")
    account = inputs.someone(before.slack_id if before is not None else None)
    line = inputs.line(before.line if before is not None else "", 30)
    blocks = [
        section(words("modal.ask-other.unlisted", agency=escape(told.agency.shown_name))),
        field(words, "title", "field.contact.name", title, hint=words("field.contact.name-hint")),
        field(words, "account", "field.ask-other.account", account, optional=True),
        field(words, "work_mail", "field.contact.mail", inputs.mail(), optional=True),
        field(words, "line", "field.ask-other.line", line, optional=True),
    ]
    return modal(words, id, blocks, metadata)
