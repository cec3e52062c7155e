"""A meeting while it is held, and its register: roll call, quorum, absences."""

from __future__ import annotations

from bot.domain import attendance
from bot.domain.answers import is_there
from bot.domain.attendance import leaders_to_tell
from bot.domain.case.entities import Arrival, Attendance, Duty, Meeting
from bot.domain.notifications import At
from bot.usecases.attendance import meeting_over
from bot.usecases.ports import Claim, UnitOfWork
from handlers.answers.calls import line_of
from handlers.answers.messages import ARRIVE, arrival
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext
from handlers.blocks.elements import ActionId, actions, bullets, button, clip, lines, section
from handlers.blocks.people import agency_names, by_agency
from handlers.blocks.quorum import least
from handlers.delivery.services import DeliveryServices
from handlers.involvement.messages import CHOICES
from handlers.meeting.messages import POSTPONE, next_meeting

ATTENDANCE = ActionId("attendance", "meeting")
CHAIR = ActionId("chair", "meeting")
EXPLAIN_ABSENCE = ActionId("explain_absence", "duty")


async def turn(services: DeliveryServices, claim: Claim) -> None:
    """Update the messages about a meeting as it begins and as it ends.

    A register that has been filled in takes effect at the end.
    """
    due = claim.notification
    case_id = due.case_id or ""

    def follow(uow: UnitOfWork) -> None:
        meeting_over(uow, due.subject, due.due_at)
        uow.case_changed(case_id)

    await services.database.write(follow)


def roll_call(ctx: RenderContext, meeting: Meeting) -> Message | None:
    """To the room, from the meeting's start to its end."""
    if not meeting.starts_at <= ctx.now < meeting.ends_at:
        return None
    words = ctx.words
    chair = formatting.mention_or_coordinator(ctx, attendance.chair_of(ctx.file, meeting))
    until = words.spoken(meeting.ends_at, ctx.zone)
    head = lines(words("roll-call.title"), words("roll-call.chair", until=until, person=chair))
    state = lines(*(each(ctx, meeting) for each in (_present, _absent, _enough, _filled_in)))
    # The buttons of the meeting's leaders are in their «Valg».
    presses = actions(
        button(words("press.arrive"), ARRIVE, meeting.id, primary=True),
        button(words("press.choices"), CHOICES, ctx.file.case.id),
    )
    return Message([section(head), section(state), presses])


def _present(ctx: RenderContext, meeting: Meeting) -> str:
    """Those who have tapped, with the time, and the agencies that whoever leads has entered."""
    file = ctx.file
    tapped = attendance.arrivals_of(file, meeting)
    of_tapped = {a.duty_id for a in tapped}
    entered = (d for d in by_agency(file, file.duties_of(meeting.id)) if d.id not in of_tapped)
    said = [
        *(_arrival(ctx, a) for a in tapped),
        *(ctx.agency(file.agency_of(d.involvement_id)) for d in entered if is_there(file, d)),
    ]
    if not said:
        return ctx.words("roll-call.nobody-yet")
    return ctx.words("roll-call.present", lines=bullets(said, most=2700))


def _arrival(ctx: RenderContext, arrival: Arrival) -> str:
    words, file = ctx.words, ctx.file
    at = words.clock(arrival.at, ctx.zone)
    if arrival.duty_id is None:
        person = formatting.mention(file, arrival.person_id) or words("person.unknown")
        return words("roll-call.arrival", who=person, at=at)
    agency = file.agency_of(file.duty(arrival.duty_id).involvement_id)
    mentioned = formatting.mention(file, arrival.person_id) if not agency.reached_by_coordinator else None
    name = ctx.agency(agency)
    who = f"{name} ({mentioned})" if mentioned else name
    return words("roll-call.arrival", who=who, at=at)


def _absent(ctx: RenderContext, meeting: Meeting) -> str:
    absent = agency_names(ctx.words, ctx.file, attendance.absent_duties(ctx.file, meeting))
    if not absent:
        return ctx.words("roll-call.all-there" if ctx.file.duties_of(meeting.id) else "roll-call.no-duty")
    return ctx.words("roll-call.absent", agencies=clip(absent, 1000))


def _enough(ctx: RenderContext, meeting: Meeting) -> str | None:
    words, file = ctx.words, ctx.file
    if not file.duties_of(meeting.id):
        return None
    if meeting.quorum_reason is not None:
        return words("roll-call.goes-on", reason=words(f"quorum-reason.{meeting.quorum_reason}"))
    if not attendance.too_few(file, meeting):
        return words("roll-call.enough") if attendance.absent_duties(file, meeting) else None
    asks = attendance.asks_chair(file, meeting, ctx.now)
    return least(words, file.team.rules.quorum) if asks else None


def _filled_in(ctx: RenderContext, meeting: Meeting) -> str | None:
    if not ctx.file.filled_in(meeting):
        return None
    return ctx.words("roll-call.filled-in", until=ctx.words.spoken(meeting.ends_at, ctx.zone))


def to_lead(ctx: RenderContext) -> str | None:
    """Return the id of the meeting that is on or comes next."""
    meeting = ctx.file.next_meeting(ctx.now)
    return meeting.id if meeting is not None else None


def to_arrive(ctx: RenderContext) -> str | None:
    """Return the id of the meeting that has begun, unless the reader is recorded as present."""
    meeting = ctx.file.next_meeting(ctx.now)
    if meeting is None or meeting.starts_at > ctx.now or ctx.recipient is None:
        return None
    return meeting.id if arrival(ctx, meeting) is None else None


def quorum(ctx: RenderContext, meeting: Meeting) -> Message | None:
    """To the chair, while too few are there: enter others, or why they go on, or set a new date."""
    file, words = ctx.file, ctx.words
    if not attendance.asks_chair(file, meeting, ctx.now):
        return None
    absent = agency_names(words, file, attendance.absent_duties(file, meeting))
    text = lines(
        words("quorum.title", code=formatting.code(ctx), when=words.by(meeting.starts_at, ctx.zone)),
        least(words, file.team.rules.quorum),
        words("quorum.not-here", agencies=absent) if absent else None,
        words("quorum.ask"),
    )
    blocks = [
        section(text),
        actions(
            button(words("command.attendance.choice"), ATTENDANCE, meeting.id, primary=True),
            button(words("press.postpone"), POSTPONE, meeting.id),
        ),
    ]
    return Message(blocks)


def register(ctx: RenderContext, meeting: Meeting) -> Message | None:
    """To a coordinator as the meeting ends: register who came, and call the next meeting."""
    if meeting.ends_at > ctx.now:
        return None
    text = ctx.words("reminder.register", code=formatting.code(ctx), when=formatting.when(ctx, meeting))
    press = button(ctx.words("press.attendance"), ATTENDANCE, meeting.id, primary=True)
    return Message([section(text), actions(press, next_meeting(ctx))])


def _corrected(ctx: RenderContext, duty: Duty) -> Message | None:
    """To somebody who was told that nobody came: the register now says otherwise. None for others."""
    if not ctx.stands or duty.attendance is None:
        return None
    how = ctx.words(f"attendance.{duty.attendance}")
    return Message([section(ctx.words("absence.corrected", how=how, **_named(ctx, duty)))])


def _named(ctx: RenderContext, duty: Duty) -> dict[str, str]:
    agency = ctx.file.agency_of(duty.involvement_id)
    return {
        "team": formatting.team(ctx),
        "agency": ctx.agency(agency),
        "when": formatting.when(ctx, ctx.file.meeting(duty.meeting_id)),
        "coordinator": formatting.coordinator(ctx),
        "duty": ctx.words("absence.duty" if agency.bound_to_attend else "absence.invited"),
    }


def absence_reason(ctx: RenderContext, duty: Duty) -> Message | None:
    """To the agency's lead in the case: why did nobody come?"""
    if duty.attendance is not Attendance.ABSENT_WITHOUT_NOTICE:
        return _corrected(ctx, duty)
    return Message(why_nobody_came(ctx, duty))


def why_nobody_came(ctx: RenderContext, duty: Duty) -> list[Block]:
    """The question, or the reason that was given; the caller has checked who is asked."""
    words, reason = ctx.words, duty.absence_reason
    reason_line = (
        words("absence.reason", reason=words(f"decline.{reason}")) if reason else words("absence.why")
    )
    leader_line = words("absence.leader-told") if leaders_to_tell(ctx.file, duty) else None
    text = lines(words("absence.asked", **_named(ctx, duty)), leader_line, reason_line)
    return [section(text), _explain(ctx, duty)]


def _explain(ctx: RenderContext, duty: Duty) -> Block:
    given = duty.absence_reason is not None
    label = ctx.words("press.change-reason" if given else "press.explain")
    return actions(button(label, EXPLAIN_ABSENCE, duty.id, primary=not given))


def absence_told(ctx: RenderContext, duty: Duty) -> Message | None:
    """To a leader of the agency: nobody came."""
    if duty.attendance is not Attendance.ABSENT_WITHOUT_NOTICE:
        return _corrected(ctx, duty)
    return Message([section(ctx.words("absence.told", **_named(ctx, duty)))])


def absence(ctx: RenderContext, duty: Duty) -> Message | None:
    """To a coordinator: who is asked for the reason, or has to be, and what they said."""
    if duty.attendance is not Attendance.ABSENT_WITHOUT_NOTICE:
        return None
    words, file = ctx.words, ctx.file
    lead, asked = file.lead(duty.involvement_id), attendance.asked_why(file, duty)
    agency = file.agency_of(duty.involvement_id)
    if duty.absence_reason is not None:
        state = words("absence.reason", reason=words(f"decline.{duty.absence_reason}"))
    elif asked is not None:
        state = words("absence.lead-asked", person=formatting.contact(ctx, asked, agency))
    else:
        state = lines(words("absence.you-ask"), line_of(ctx, agency, lead.person_id if lead else None))
    named = _named(ctx, duty) | {"code": formatting.code(ctx)}
    told = words("absence.leader-told" if leaders_to_tell(file, duty) else "absence.tell-leader")
    blocks = [section(lines(words("absence.coordinator", **named), state, told))]
    if asked is None or duty.absence_reason is not None:
        blocks.append(_explain(ctx, duty))
    return Message(blocks)


def director_text(ctx: RenderContext, duty: Duty) -> Message | None:
    """To a coordinator: a text for the municipal director, ready to copy.

    The notification's parameter is the start of the earlier meeting that the agency also missed. The director
    leads the municipality's services; for others the coordinator is told to turn to their own management.
    Deleted when this absence turns out to be none.
    """
    words, file, earlier = ctx.words, ctx.file, ctx.notification.params_as(At).at
    if duty.attendance is not Attendance.ABSENT_WITHOUT_NOTICE:
        return None
    before = earlier.astimezone(ctx.zone).date()
    last = file.meeting(duty.meeting_id).starts_at.astimezone(ctx.zone).date()
    named = _named(ctx, duty) | {"first": words.full_date(before), "second": words.full_date(last)}
    agency = file.agency_of(duty.involvement_id)
    if not (agency.led_by_municipality and agency.bound_to_attend):
        return Message([section(words("director.others", **named))])
    text = words("director.text", **named).replace("`", "'")
    offered = words("director.offered", agency=named["agency"])
    return Message([section(offered), section(f"```\n{text}\n```")])
