"""Forms for people who are asked, and for a coordinator who records answers given outside Slack."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.entities import Ask, DeclineReason, Duty, OnDuty, Via
from bot.domain.case.file import CaseFile
from bot.domain.deputies import possible_deputies
from bot.domain.duty_phone import has_duty_phone, others_on_phone
from bot.texts.words import Words
from bot.usecases.answers import Acknowledged, Said
from handlers.blocks import inputs
from handlers.blocks.choosing import colleague_blocks
from handlers.blocks.context import Block
from handlers.blocks.elements import VIEW_BLOCKS, as_asked, context, section, sections
from handlers.blocks.formatting import fit
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, View, field, form, line_blocks
from handlers.blocks.people import agency_names, colleagues, span
from handlers.involvement.messages import to_read_aloud
from handlers.involvement.modals import spoken_at, whom

#: In place of a list's case: the list is shown on top of a form, to which one returns after a call.
ON_TOP = "on-top"

#: The person asked answered the duty phone; otherwise a contact by id, or the function of somebody on duty.
ASKED = "asked"


def reason_field(words: Words, key: str) -> Block:
    reasons = choices_of(words, "decline", DeclineReason)
    hint = words("field.decline-reason.hint")
    return field(words, "reason", key, inputs.select(reasons), hint=hint, optional=True)


def _deputy(words: Words, file: CaseFile, ask: Ask, now: datetime, key: str, hint: str) -> list[Block]:
    found = possible_deputies(file, ask, now)
    if not found:
        return [section(words("modal.decline.no-deputies"))]
    return [
        *colleague_blocks(
            words, file, found, "deputy", key, intro="modal.decline.deputies", hint=words(hint), optional=True
        )
    ]


@form("decline", "ask, and which time was asked about", heading="press.decline", submit="modal.send")
def decline_form(words: Words, file: CaseFile, ask: Ask, *, now: datetime) -> Blocks:
    """Melde forfall: who comes instead, and the reason."""
    meeting = file.meeting(ask.meeting_id)
    when = span(words, meeting, file.team.time_zone)
    yield section(words("modal.decline.intro", when=when))
    yield from _deputy(words, file, ask, now, "field.instead", "field.deputy.hint")
    yield reason_field(words, "field.cannot-reason")
    return as_asked(ask.id, ask.sequence)


@form(
    "record_answer",
    "ask, and which time was asked about; from a list also its case, or `on-top`, and the involvement",
    heading="press.record-answer",
    submit="modal.save",
)
def record_answer_form(words: Words, file: CaseFile, ask: Ask, now: datetime, listed: str = "") -> Blocks:
    """Record one call: taushetsplikt if it is not confirmed, and the answer; one field each, none filled in.

    Likely fields come first, seldom needed ones last. `listed` is the metadata of the list from which the
    form is opened.
    """
    when = span(words, file.meeting(ask.meeting_id), file.team.time_zone)
    who = whom(words, file, ask)
    asks_first = file.awaits_confidentiality(ask)
    ways = (Via.PHONE, Via.IN_PERSON) if asks_first else (Via.PHONE, Via.IN_PERSON, Via.MAIL)
    answers = inputs.radio(choices_of(words, "field.answer", Said))
    who_answers = _who_answers(words, file, ask) if has_duty_phone(file, ask) else []
    yield section(words("modal.record-answer.intro", who=who, when=when))
    yield from who_answers
    yield from _to_acknowledge(words, file, ask) if asks_first or who_answers else []
    yield field(words, "answer", "field.answer", answers, optional=asks_first or bool(who_answers))
    yield field(words, "via", "field.told-via", inputs.radio(choices_of(words, "via", ways), Via.PHONE))
    yield spoken_at(words)
    yield reason_field(words, "field.decline-reason")
    yield from _deputy(words, file, ask, now, "field.deputy", "field.deputy.hint-recording")
    metadata = as_asked(ask.id, ask.sequence)
    return f"{metadata}|{listed}" if listed else metadata


def _who_answers(words: Words, file: CaseFile, ask: Ask) -> list[Block]:
    """Choose who answered the duty phone: the person asked, another of the list, or somebody on duty."""
    lines, contacts = colleagues(words, file, others_on_phone(file, ask))
    functions = {f: words(f"on-duty.{f}") for f in OnDuty}
    on_duty = [(f, words("field.on-phone.other", function=name)) for f, name in functions.items()]
    choices = [(ASKED, words("field.on-phone.asked")), *contacts, *on_duty]
    chosen = field(words, "on_phone", "field.on-phone", inputs.radio(choices, ASKED))
    return [*(line_blocks(words("modal.record-answer.others"), *lines) if lines else []), chosen]


def _to_acknowledge(words: Words, file: CaseFile, ask: Ask) -> list[Block]:
    """The statement to read out, what to press when somebody else is on the line, and whether they confirm.

    If the person asked has confirmed, somebody else who answers the phone still has to: then the field may be
    left empty, which Slack itself marks.
    """
    asks_first = file.awaits_confidentiality(ask)
    said = choices_of(words, "field.acknowledged", Acknowledged if asks_first else [Acknowledged.YES])
    key = "modal.record-answer.own-phone" if has_duty_phone(file, ask) else "modal.record-answer.own"
    return [
        *sections(to_read_aloud(words, file.team)),
        context(words(key)),
        field(words, "acknowledged", "field.acknowledged", inputs.radio(said), optional=not asks_first),
    ]


@form(
    "calls",
    "case, or `on-top`, and, of one agency's, the involvement",
    heading="press.record-answer",
    submit=None,
)
def calls_view(words: Words, rows: list[Block], case_id: str, involvement_id: str = "") -> Blocks:
    """Everybody who is asked to a meeting, with numbers and the button that records what they said."""
    yield from fit(words, [[[row] for row in rows]], VIEW_BLOCKS)
    return f"{case_id}|{involvement_id}"


def calls_on_top(words: Words, file: CaseFile, duties: list[Duty], rows: list[Block]) -> View:
    """Say of which agencies somebody has to be rung before a form can be sent, with the list of them."""
    names = agency_names(words, file, duties)
    return calls_view(words, [section(words("modal.calls.first", agencies=names)), *rows], ON_TOP)
