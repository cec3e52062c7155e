"""Forms that change a case's phase, pause it and close it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain import worktime
from bot.domain.actions import unowned
from bot.domain.case.entities import PauseReason, Phase, Rhythm
from bot.domain.case.file import CaseFile
from bot.domain.dates import open_placements
from bot.domain.errors import Refusal, refuse
from bot.domain.guidance import awaits_answer
from bot.texts.words import Words
from bot.usecases.lifecycle import deleted_on
from handlers.actions import messages as actions_messages
from handlers.blocks import inputs
from handlers.blocks.context import escape
from handlers.blocks.elements import button, section
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form, line_blocks
from handlers.blocks.people import agency_choices, by_agency, human
from handlers.lifecycle.messages import TAKE_UP
from handlers.persons import over_for_each
from handlers.slack.vocabulary import named

WHOLE_CASE = "case"
NO_RHYTHM = "none"


@form("phase", "case", submit="modal.save", heading="command.phase.choice")
def phase_form(words: Words, file: CaseFile, typed: str) -> Blocks:
    """Choose the acute or working phase, and how often the case meets in the latter.

    It begins at the phase that was `typed`, otherwise at the one that the case is not in.
    """
    other = Phase.WORKING if file.case.phase is Phase.ACUTE else Phase.ACUTE
    initial = named(typed, {p: words(f"phase.{p}") for p in Phase}) or other
    rhythms = [(NO_RHYTHM, words("field.rhythm.none")), *choices_of(words, "rhythm", Rhythm)]
    outside = [escape(file.agency_of(i.id).shown_name) for i in file.outside_room()]
    tell = [words("modal.phase.outside", agencies=words.several(outside))] if outside else []
    rhythm = inputs.select(rhythms, file.case.rhythm or NO_RHYTHM)
    yield section(words("modal.phase.now", phase=words(f"phase.{file.case.phase}")))
    yield field(words, "phase", "field.phase", inputs.radio(choices_of(words, "phase", Phase), initial))
    yield field(words, "rhythm", "field.rhythm", rhythm, hint=True)
    yield from line_blocks(
        words("modal.phase.acute"), words("modal.phase.working"), words("modal.phase.told"), *tell
    )
    return file.case.id


@form("close", "case", heading="command.close.choice", submit="modal.end")
def close_form(words: Words, file: CaseFile, now: datetime, *, typed: str = "") -> Blocks:
    """Close the case, or close it for one person: `/tot avslutt B`.

    It shows the open items, the consequences, and the deletion date; of the persons only the one whose letter
    was `typed`, if one was.
    """
    likely = named(typed, {letter: letter for letter in file.open_letters})
    several, record_days = len(file.open_letters) > 1, file.team.rules.record_days
    open_things = list(_open_things(words, file, now)) or [words("modal.close-case.nothing-open")]
    leaving = dict.fromkeys(
        human(words, file, s.person_id, file.agency_of(s.involvement_id))
        for s in file.seats
        if s.confirmed and s.involvement_id and file.reaches(s)
    )
    if several:
        persons = [(p, words("modal.close-case.person", person=p)) for p in file.open_letters]
        choices = [(WHOLE_CASE, words("modal.close-case.whole")), *persons]
        yield field(words, "what", "field.close-what", inputs.select(choices, likely or WHOLE_CASE))
    yield from line_blocks(words("modal.close-case.open"), *open_things)
    yield from line_blocks(
        words("modal.close-case.if-whole" if several else "modal.close-case.then"),
        words("modal.close-case.leaving", who=words.several(leaving or [words("modal.no-one")])),
        words("modal.close-case.room"),
        words("modal.close-case.deleted", day=words.day(deleted_on(file, now))),
        *([words.count("modal.close-case.record", record_days)] if record_days else []),
    )
    if several:
        for_each = over_for_each(words, file, likely or file.open_letters)
        yield from line_blocks(words("modal.close-case.for-one"), *for_each)
    return file.case.id


def closed_text(words: Words, person: str | None) -> str:
    key = "modal.close-case.done" if person is None else "modal.close-case.done-person"
    return words(key, person=person or "")


def _open_things(words: Words, file: CaseFile, now: datetime) -> Iterator[str]:
    zone = file.team.time_zone
    ahead = sorted((m for m in file.meetings if m.live and m.ends_at > now), key=lambda m: m.starts_at)
    for meeting in ahead:
        yield words("modal.close-case.meeting", when=words.when(meeting.starts_at, zone))
    nobodys = [escape(actions_messages.need(words, each.need)) for each in unowned(file)]
    if nobodys:
        yield words("modal.close-case.needs", needs=words.several(nobodys))
    how_many = actions_messages.how_many(words, file, now)
    if how_many is not None:
        yield f"• {words('card.actions', how_many=how_many)}"
    for placement in open_placements(file):
        day = words.day(placement.ends_on)
        yield words("modal.close-case.placement", person=placement.person, day=day)
    questions = sum(awaits_answer(file, question) for question in file.questions)
    if questions:
        yield words.count("modal.close-case.questions", questions)


_WEEKS = timedelta(weeks=4)


@form("wait", "case", submit="modal.save", heading="command.wait.choice")
def wait_form(words: Words, file: CaseFile, now: datetime) -> Blocks:
    """Let the case wait until a day, if help is not wanted now.

    It asks for the reason and the agency that makes contact; while the case waits, a button lets it go on.
    The day is the one that is set if it is still ahead, otherwise one four weeks from now.
    """
    names = agency_choices(file, by_agency(file, file.current()))
    if not names:
        refuse(Refusal.NOTHING_HERE, "part", room=file.room.channel_id)
    pause, today = file.pause, file.team.day_of(now)
    contact_on = worktime.add_working_days(today + _WEEKS, 0)
    if pause is not None and pause.contact_on > today:
        contact_on = pause.contact_on
    likely = pause.reason if pause is not None else PauseReason.NOT_NOW
    reasons = inputs.radio(choices_of(words, "standstill", PauseReason), likely)
    owner = pause.involvement_id if pause is not None else None
    if pause is not None:
        go_on = button(words("press.take-up"), TAKE_UP, pause.id)
        yield section(words("modal.wait.waits", day=words.day(pause.contact_on)), accessory=go_on)
    else:
        yield section(words("modal.wait.intro"))
    yield field(words, "reason", "field.why", reasons)
    yield field(words, "contact_on", "field.contact-on", inputs.day(contact_on))
    yield field(words, "owner", "field.contact-owner", inputs.select(names, owner or names[0][0]))
    return file.case.id
