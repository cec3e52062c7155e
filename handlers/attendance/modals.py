"""Forms for a meeting while it is held: the register and its correction, the chair, absences."""

from __future__ import annotations

from datetime import datetime

from bot.domain import attendance
from bot.domain.case.entities import Attendance, DeclineReason, Duty, Meeting, QuorumReason
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import AgendaPoint
from bot.texts.words import Words
from bot.usecases.attendance import corrections_seen
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import context, section
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form, labelled
from handlers.blocks.people import agency_choices, by_agency, span
from handlers.meeting import agenda

#: The choice for an agency that has not come yet, while the meeting is held.
NOT_YET = "not_yet"


@form("attendance", "meeting and, if its register has taken effect, how many corrections were seen")
def attendance_form(words: Words, file: CaseFile, meeting: Meeting, *, now: datetime) -> Blocks:
    """The register by agency, to fill in or correct; known attendance is filled in."""
    duties, zone = by_agency(file, file.duties_of(meeting.id)), file.team.time_zone
    seen = corrections_seen(file, meeting)
    if seen is not None:
        yield section(words("modal.attendance.correct", when=span(words, meeting, zone)))
        yield from _register(words, file, meeting, duties, {d.id: d.attendance for d in duties})
        return f"{meeting.id}|{seen}"
    likely = {d.id: attendance.likely_attendance(file, meeting, d) for d in duties}
    intro = "modal.attendance.intro" if duties else "modal.attendance.no-one"
    held = now < meeting.ends_at
    known = words("modal.attendance.known") if any(likely.values()) else ""
    yield section(f"{words(intro, when=span(words, meeting, zone))} {known}".strip())
    if duties and held:
        until = words.spoken(meeting.ends_at, zone)
        yield context(words("modal.attendance.running", until=until))
    yield from _register(words, file, meeting, duties, likely, held=held)
    came = (d.involvement_id for d in duties if likely[d.id] in attendance.CAME)
    if duties and meeting.quorum_reason is None and not attendance.enough(file, came):
        yield _why_too_few(words, held=True)
    return meeting.id


def _register(
    words: Words,
    file: CaseFile,
    meeting: Meeting,
    duties: list[Duty],
    initial: dict[str, Attendance | None],
    *,
    held: bool = False,
) -> list[Block]:
    zone, came = file.team.time_zone, attendance.first_arrivals(file, meeting)
    not_yet = [(NOT_YET, words("field.not-yet"))] if held else []
    choices = [*not_yet, *choices_of(words, "attendance", Attendance)]
    blocks: list[Block] = []
    for duty in duties:
        known = initial[duty.id]
        at = came[duty.id].at if duty.id in came else None
        hint = words("modal.attendance.arrived", at=words.clock(at, zone)) if at is not None else ""
        name = file.agency_of(duty.involvement_id).shown_name
        open_yet = held and duty.attendance is None and known in (None, Attendance.NOT_REACHED)
        chosen = NOT_YET if open_yet else known and known.value
        blocks.append(labelled(duty.id, name, inputs.select(choices, chosen), hint=hint))
    if Attendance.NOT_REACHED in initial.values():
        blocks.append(context(words("modal.attendance.not-reached")))
    if duties:
        names = agency_choices(file, duties)
        sent = [d.id for d in duties if d.written_report]
        ticks = inputs.ticks(names, sent)
        blocks.append(field(words, "reports", "field.reports", ticks, hint=True, optional=True))
    points = file.team.rules.agenda
    if points:
        choices = [(inputs.id_of(p, AgendaPoint), agenda.in_words(words, p)) for p in points]
        done = [inputs.id_of(p, AgendaPoint) for p in attendance.treated(file, meeting)]
        blocks.append(field(words, "treated", "field.treated", inputs.ticks(choices, done), optional=True))
    return blocks


def _why_too_few(words: Words, *, held: bool) -> Block:
    """Ask why the meeting goes on with too few; optional once it is `held`: they may have been enough."""
    reasons = inputs.select(choices_of(words, "quorum-reason", QuorumReason))
    hint = words("field.quorum-reason.hint") if held else ""
    label = "field.quorum-reason.held" if held else "field.quorum-reason"
    return field(words, "reason", label, reasons, hint=hint, optional=held)


@form("chair", "meeting", submit="modal.save")
def chair_form(words: Words, file: CaseFile, meeting: Meeting) -> Blocks:
    """Name who leads; anybody in the workspace can be chosen, and submission checks the choice."""
    named = file.persons.get(attendance.named_chair(file, meeting) or "")
    yield section(words("modal.chair.intro"))
    yield field(words, "chair", "field.chair", inputs.someone(named.slack_id if named else None), hint=True)
    return meeting.id


@form("go_on", "meeting")
def go_on_form(words: Words, _: CaseFile, meeting: Meeting) -> Blocks:
    yield section(words("modal.go-on.intro"))
    yield _why_too_few(words, held=False)
    return meeting.id


@form("explain_absence", "duty")
def absence_form(words: Words, file: CaseFile, duty: Duty) -> Blocks:
    """Give the reason why nobody came for an agency. The reader may be somebody who must not see the code."""
    said = duty.absence_reason and duty.absence_reason.value
    reasons = inputs.select(choices_of(words, "decline", DeclineReason), said)
    named = {
        "agency": escape(file.agency_of(duty.involvement_id).shown_name),
        "when": words.when(file.meeting(duty.meeting_id).starts_at, file.team.time_zone),
    }
    yield section(words("modal.explain-absence.intro", **named))
    yield field(words, "reason", "field.absence-reason", reasons)
    yield context(words("field.decline-reason.hint"))
    return duty.id
