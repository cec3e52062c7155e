"""Forms of those who are asked, and of the coordinator who answers for somebody outside Slack."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.case.entities import Ask, DeclineReason, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact
from bot.texts.words import Words
from handlers.blocks import inputs
from handlers.blocks.context import Block
from handlers.blocks.elements import as_asked, section
from handlers.blocks.inputs import Choice, choices_of
from handlers.blocks.modal import CallbackId, View, field, line_blocks, modal
from handlers.blocks.people import named, numbered, span
from handlers.involvement.modals import spoken_at, whom

DECLINE = CallbackId(
    "decline",
    "ask, and which time was asked about",
    heading="modal.decline.title",
    submit="modal.decline.submit",
)
RECORD_ANSWER = CallbackId(
    "record_answer",
    "ask, and which time was asked about",
    heading="modal.record-answer.title",
    submit="modal.save",
)

DECIDES = "decides"


def decides(words: Words, ask: Ask | None = None) -> Block:
    """«Varaen kan bestemme for tjenesten»."""
    chosen = [DECIDES] if ask is not None and ask.decides else []
    tick = inputs.ticks([(DECIDES, words("field.decides"))], chosen)
    return field(words, DECIDES, "field.decides.label", tick, optional=True)


ONLY_TOLD = "told"


def _reason(words: Words, key: str, *, optional: bool = False) -> Block:
    reasons = choices_of(words, "decline", DeclineReason)
    hint = words("field.decline-reason.hint")
    return field(words, "reason", key, inputs.select(reasons), hint=hint, optional=optional)


def _deputy(words: Words, listed: list[str], choices: list[Choice], key: str, hint: str) -> list[Block]:
    return [
        *(line_blocks(words("modal.decline.deputies"), *listed) if listed else []),
        field(words, "deputy", key, inputs.select(choices), hint=words(hint), optional=True),
        decides(words),
    ]


def decline_form(
    words: Words, file: CaseFile, ask: Ask, deputies: list[Contact], names: Mapping[str, str]
) -> View:
    """Melde forfall: who comes instead, and the reason."""
    meeting = file.meeting(ask.meeting_id)
    when = span(words, meeting, file.team.time_zone)
    instead = [section(words("modal.decline.no-deputies"))]
    if deputies:
        by_name = named(words, file, deputies, names)
        instead = _deputy(words, *by_name, "field.instead", "field.deputy.hint")
    return modal(
        words,
        DECLINE,
        [
            section(words("modal.decline.intro", when=when)),
            *instead,
            _reason(words, "field.cannot-reason"),
        ],
        as_asked(ask.id, ask.sequence),
    )


def record_answer_form(words: Words, file: CaseFile, ask: Ask, deputies: list[Contact]) -> View:
    involvement_id = file.duty(ask.duty_id).involvement_id
    when = span(words, file.meeting(ask.meeting_id), file.team.time_zone)
    who = whom(words, file, involvement_id, ask.person_id)
    ways = choices_of(words, "via", (Via.PHONE, Via.IN_PERSON, Via.MAIL))
    instead = [section(words("modal.record-answer.no-deputies"))]
    if deputies:
        by_number = numbered(words, file, deputies)
        instead = _deputy(words, *by_number, "field.deputy", "field.deputy.hint-recording")
    answers = [(a, words(f"field.answer.{a}")) for a in (ONLY_TOLD, "confirmed", "declined")]
    blocks = [
        section(words("modal.record-answer.intro", who=who, when=when)),
        field(words, "via", "field.told-via", inputs.radio(ways, ask.told_via or Via.PHONE)),
        field(words, "answer", "field.answer", inputs.radio(answers)),
        spoken_at(words),
        _reason(words, "field.decline-reason", optional=True),
        *instead,
    ]
    return modal(words, RECORD_ANSWER, blocks, as_asked(ask.id, ask.sequence))
