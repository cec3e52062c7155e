"""Forms of those who are asked, and of the coordinator who answers for somebody outside Slack."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.case import Ask, DeclineReason, Seat, Via
from bot.domain.case_file import CaseFile
from bot.domain.directory import Contact
from bot.texts import Words
from handlers.blocks.modals.deputies import decides
from handlers.blocks.modals.parts import View, aside, choices_of, field, lines, modal, radio, says, select
from handlers.blocks.modals.told import human, mention, numbered, span
from handlers.blocks.scene import Block, escape
from handlers.ids import ViewId, as_asked

ONLY_TOLD = "told"


def _reason(words: Words, *, optional: bool = False) -> Block:
    reasons = choices_of(words, "decline", DeclineReason)
    hint = words("field.decline-reason.hint")
    return field("reason", words("field.decline-reason"), select(reasons), hint=hint, optional=optional)


def _deputy(words: Words, file: CaseFile, deputies: list[Contact], *, recording: bool = False) -> list[Block]:
    if not deputies:
        return [says(words("modal.record-answer.no-deputies" if recording else "modal.decline.no-deputies"))]
    names, choices = numbered(words, file, deputies)
    return [
        *lines(words("modal.decline.deputies"), *names),
        field(
            "deputy",
            words("field.deputy"),
            select(choices),
            hint=words("field.deputy.hint-recording" if recording else "field.deputy.hint"),
            optional=True,
        ),
        decides(words),
    ]


def decline_form(words: Words, file: CaseFile, ask: Ask, deputies: list[Contact]) -> View:
    """Melde forfall: the reason, and who comes instead."""
    meeting = file.meeting(ask.meeting_id)
    when = span(words, meeting, ZoneInfo(file.team.zone))
    return modal(
        words,
        ViewId.DECLINE,
        "modal.decline.title",
        [says(words("modal.decline.intro", when=when)), _reason(words), *_deputy(words, file, deputies)],
        submit="modal.decline.submit",
        metadata=as_asked(ask.id, ask.sequence),
    )


def pass_on_form(words: Words, file: CaseFile, seat_id: str, colleagues: list[Contact]) -> View:
    """To which colleague the question goes."""
    names, choices = numbered(words, file, colleagues)
    return modal(
        words,
        ViewId.PASS_ON,
        "modal.pass-on.title",
        [
            says(words("modal.pass-on.intro")),
            *lines(*names),
            field("colleague", words("field.colleague"), select(choices)),
        ],
        submit="modal.pass-on.submit",
        metadata=seat_id,
    )


def record_acknowledgement_form(words: Words, file: CaseFile, seat: Seat) -> View:
    """How somebody outside Slack confirmed taushetsplikt."""
    ways = choices_of(words, "via", (Via.PHONE, Via.IN_PERSON))
    return modal(
        words,
        ViewId.RECORD_ACKNOWLEDGEMENT,
        "modal.record-ack.title",
        [
            says(
                words("modal.record-ack.intro", who=_whom(words, file, seat.involvement_id, seat.person_id))
            ),
            field("via", words("field.via"), radio(ways, Via.PHONE)),
            aside(words("modal.record-ack.own-rule")),
        ],
        submit="modal.save",
        metadata=seat.id,
    )


def record_answer_form(words: Words, file: CaseFile, ask: Ask, deputies: list[Contact]) -> View:
    """How somebody outside Slack was told, and what they answered."""
    involvement_id = file.duty(ask.duty_id).involvement_id
    when = span(words, file.meeting(ask.meeting_id), ZoneInfo(file.team.zone))
    who = _whom(words, file, involvement_id, ask.person_id)
    ways = choices_of(words, "via", (Via.PHONE, Via.IN_PERSON, Via.MAIL))
    answers = [(a, words(f"field.answer.{a}")) for a in (ONLY_TOLD, "confirmed", "declined")]
    return modal(
        words,
        ViewId.RECORD_ANSWER,
        "modal.record-answer.title",
        [
            says(words("modal.record-answer.intro", who=who, when=when)),
            field("via", words("field.told-via"), radio(ways, ask.told_via or Via.PHONE)),
            field("answer", words("field.answer"), radio(answers)),
            _reason(words, optional=True),
            *_deputy(words, file, deputies, recording=True),
        ],
        submit="modal.save",
        metadata=as_asked(ask.id, ask.sequence),
    )


def _whom(words: Words, file: CaseFile, involvement_id: str | None, person_id: str) -> str:
    """The agency, and the human unless the agency has a cover name."""
    if involvement_id is None:
        return mention(words, file.persons.get(person_id))
    agency = file.agency_of(involvement_id)
    name = escape(agency.shown_name)
    return name if agency.reached_by_coordinator else f"{name} ({human(words, file, person_id, agency)})"
