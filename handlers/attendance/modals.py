"""Forms for a meeting while it is held: the register and its correction, the chair, absences."""

from __future__ import annotations

from datetime import datetime

from bot.domain import attendance
from bot.domain.answers import CAME
from bot.domain.case.entities import Attendance, DeclineReason, Duty, Meeting, QuorumReason
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import AgendaPoint
from bot.texts.words import Words
from handlers.blocks import inputs
from handlers.blocks.context import escape
from handlers.blocks.elements import as_asked, context, section
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form, labelled
from handlers.blocks.people import agency_choices, by_agency, span
from handlers.meeting import agenda

#: The choice for an agency that has not come yet, while the meeting is held.
NOT_YET = "not_yet"


@form(
    "attendance",
    "meeting, and how often its register has taken effect or been corrected",
    heading="command.attendance.choice",
    submit="modal.save",
)
def attendance_form(words: Words, file: CaseFile, meeting: Meeting, *, now: datetime) -> Blocks:
    """The register by agency, to fill in or correct; known attendance is filled in."""
    duties, zone = by_agency(file, file.duties_of(meeting.id)), file.team.time_zone
    likely = {d.id: attendance.likely_attendance(file, meeting, d) for d in duties}
    held = meeting.live and now < meeting.ends_at
    intro = "intro" if duties else "no-one"
    key = f"modal.attendance.{intro if meeting.live else 'correct'}"
    yield section(words(key, when=span(words, meeting, zone)))
    if duties and held:
        yield context(words("modal.attendance.running", until=words.spoken(meeting.ends_at, zone)))
    choices = choices_of(words, "attendance", Attendance)
    if held:
        choices = [(NOT_YET, words("field.not-yet")), *choices]
    for duty in duties:
        known_as, tapped = likely[duty.id], attendance.first_arrival(file, duty)
        hint = words("modal.attendance.arrived", at=words.clock(tapped.at, zone)) if tapped else ""
        name = file.agency_of(duty.involvement_id).shown_name
        open_yet = held and duty.attendance is None and known_as in (None, Attendance.NOT_REACHED)
        chosen = NOT_YET if open_yet else known_as and known_as.value
        yield labelled(duty.id, name, inputs.select(choices, chosen), hint=hint)
    if Attendance.NOT_REACHED in likely.values():
        yield context(words("modal.attendance.not-reached"))
    if duties:
        ticks = inputs.ticks(agency_choices(file, duties), [d.id for d in duties if d.written_report])
        yield field(words, "reports", "field.reports", ticks, hint=True, optional=True)
    if points := file.team.rules.agenda:
        listed = [(inputs.id_of(p, AgendaPoint), agenda.in_words(words, p)) for p in points]
        done = [inputs.id_of(p, AgendaPoint) for p in attendance.treated(file, meeting)]
        yield field(words, "treated", "field.treated", inputs.ticks(listed, done), optional=True)
    came = (d.involvement_id for d in duties if likely[d.id] in CAME)
    if duties and meeting.quorum_reason is None and not attendance.enough(file, came):
        reasons = inputs.select(choices_of(words, "quorum-reason", QuorumReason))
        yield field(words, "reason", "field.quorum-reason", reasons, hint=True, optional=True)
    return as_asked(meeting.id, attendance.version_of(file, meeting))


@form("chair", "meeting", heading="field.chair", submit="modal.save")
def chair_form(words: Words, file: CaseFile, meeting: Meeting) -> Blocks:
    """Name who leads; anybody in the workspace can be chosen, and submission checks the choice."""
    named = file.persons.get(attendance.named_chair(file, meeting) or "")
    yield section(words("modal.chair.intro"))
    yield field(words, "chair", "field.chair", inputs.someone(named.slack_id if named else None), hint=True)
    return meeting.id


@form("explain_absence", "duty", heading="press.explain", submit="modal.send")
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
