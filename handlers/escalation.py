"""Nobody of an agency answers: the steps taken, its leader says who comes, the coordinators are told."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.answers import head, principals, steps_of, unasked
from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import Ask, Duty
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact
from bot.domain.errors import NobodyToAsk
from bot.domain.notifications import Kind
from bot.texts.words import Words
from bot.usecases.escalation import NameAttendee, escalate, name_attendee, see_who_can_come
from bot.usecases.ports import Claim
from handlers.answers.messages import how_to_reach, record
from handlers.blocks import formatting, inputs
from handlers.blocks.context import Message, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.blocks.modal import CallbackId, View, field, line_blocks, modal
from handlers.blocks.people import numbered, span
from handlers.delivery.declarations import CaseMessage, Job
from handlers.delivery.services import DeliveryServices
from handlers.slack.declarations import Button, Form, Subject
from handlers.slack.requests import ActionRequest, SubmissionRequest

NAME_ATTENDEE_FORM = CallbackId(
    "name_attendee", "step", heading="modal.name-attendee.title", submit="modal.name-attendee.submit"
)


def name_attendee_form(words: Words, file: CaseFile, step: EscalationStep, contacts: list[Contact]) -> View:
    """The choice among the agency's contacts. It tells when, and nothing of the case."""
    duty = file.duty(step.duty_id)
    when = span(words, file.meeting(duty.meeting_id), file.team.time_zone)
    agency = escape(file.agency_of(duty.involvement_id).shown_name)
    names, choices = numbered(words, file, contacts)
    blocks = [
        section(words("modal.name-attendee.intro", agency=agency, when=when)),
        *line_blocks(*names),
        field(words, "attendee", "field.attendee", inputs.select(choices)),
    ]
    return modal(words, NAME_ATTENDEE_FORM, blocks, step.id)


NAME_ATTENDEE = ActionId("name_attendee", "step")


def steps_taken(ctx: RenderContext, duty: Duty) -> str | None:
    """«Påminnet 18:20 · neste kontakt spurt 18:35»; None before the first step.

    A day is named where it is another than the one before; the first only if it is not today.
    """
    taken = steps_of(ctx.file, duty.id)
    if not taken:
        return None
    days = [at.astimezone(ctx.zone).date() for at in (ctx.now, *(step.taken_at for step in taken))]
    listed = " · ".join(
        _taken(ctx, step, same_day=day == before)
        for step, before, day in zip(taken, days, days[1:], strict=False)
    )
    return listed[:1].upper() + listed[1:]


def _taken(ctx: RenderContext, step: EscalationStep, *, same_day: bool) -> str:
    has_nobody = step.person_id is None and step.kind is not StepKind.COORDINATOR
    at, zone = step.taken_at, ctx.zone
    clock = ctx.words.clock(at, zone) if same_day else ctx.words.short(at, zone)
    ask = ctx.file.ask(step.ask_id)
    alone = step.kind is StepKind.COORDINATOR and ask is not None and unasked(ctx.file, ask)
    how = "-nobody" if has_nobody else "-alone" if alone else ""
    said = ctx.words(f"escalation.{step.kind}{how}", at=clock)
    if step.answered_at is None:
        return said
    return f"{said} · {ctx.words('escalation.leader-answered')}"


def leader_asked(ctx: RenderContext) -> Message | None:
    """To an agency's leader, who says who comes: the role, when, the coordinator. Subject: the step.

    No code, no other agency, neither place nor link.
    """
    step, reader = _step(ctx), ctx.recipient
    if step is None or reader is None or step.person_id != reader.id:
        return None
    file = ctx.file
    duty = file.duty(step.duty_id)
    agency = file.agency_of(duty.involvement_id)
    if not file.leads_agency(reader.id, agency.id) or not file.reached_directly(
        reader.id, duty.involvement_id
    ):
        return None
    named = {"team": formatting.team(ctx), "agency": ctx.agency(agency)}
    if step.answered_at is not None or head(file, duty) is None:
        key = "escalation.leader-thanks" if step.answered_at is not None else "escalation.leader-over"
        thanks = ctx.words(key, **named)
        return Message([section(thanks)])
    meeting = file.meeting(duty.meeting_id)
    if meeting.starts_at <= ctx.now:
        return None
    coordinator = formatting.coordinator(ctx)
    return Message(
        [
            section(ctx.words("escalation.leader-ask", coordinator=coordinator, **named)),
            section(formatting.time_alone(ctx, meeting)),
            section(ctx.words("escalation.leader-then")),
            actions(button(ctx.words("press.name-attendee"), NAME_ATTENDEE, step.id, primary=True)),
        ],
    )


def chain_exhausted(ctx: RenderContext) -> Message | None:
    """To a coordinator: nobody of an agency answers, and the line to ring. Goes when somebody does.

    Where nobody has been asked either, since nobody has rung, that is what it says. Subject: the step.
    """
    step = _step(ctx)
    if step is None or not formatting.for_coordinator(ctx):
        return None
    file = ctx.file
    duty = file.duty(step.duty_id)
    meeting, asks = file.meeting(duty.meeting_id), _silent(ctx, duty, step)
    if not asks or meeting.ends_at <= ctx.now:
        return None
    agency = file.agency_of(duty.involvement_id)
    name = ctx.agency(agency)
    when = formatting.when(ctx, meeting)
    what = "not-rung" if unasked(file, asks[0]) else "exhausted"
    text = ctx.words(f"escalation.{what}", agency=name, code=formatting.code(ctx), when=when)
    asked = ctx.words.several(dict.fromkeys(formatting.asked_one(ctx, a) for a in asks))
    by_hand = record(ctx, asks[0]) if not _reached(ctx, asks[0]) else None
    blocks = [
        section(lines(text, ctx.words(f"escalation.{what}-asked", people=asked), steps_taken(ctx, duty))),
        section(lines(_what_to_do(ctx, asks), how_to_reach(ctx, asks[0]))),
    ]
    if by_hand is not None:
        blocks.append(actions(by_hand))
    return Message(blocks)


def _what_to_do(ctx: RenderContext, asks: list[Ask]) -> str:
    if not _reached(ctx, asks[0]):
        return ctx.words("escalation.exhausted-record")
    waits = all(ctx.file.awaits_confidentiality(a) for a in asks)
    return ctx.words("escalation.exhausted-confirm" if waits else "escalation.exhausted-ring")


def _reached(ctx: RenderContext, ask: Ask) -> bool:
    return ctx.file.reached_directly(ask.person_id, ctx.file.duty(ask.duty_id).involvement_id)


def _silent(ctx: RenderContext, duty: Duty, step: EscalationStep) -> list[Ask]:
    """The unanswered asks: the chain's own, and those that it made."""
    file = ctx.file
    asked = file.ask(step.ask_id)
    if asked is None or not asked.open:
        return []
    if asked.deputy_for is not None:
        return [asked]
    return principals(file, duty.id) if head(file, duty) == asked else []


def _step(ctx: RenderContext) -> EscalationStep | None:
    """The step that the notification is about, while the meeting stands for which it was taken."""
    file = ctx.file
    step = next((s for s in file.steps if s.id == ctx.notification.subject), None)
    if step is None or not file.open:
        return None
    duty = file.duty(step.duty_id)
    meeting = file.meeting(duty.meeting_id)
    stands = (
        duty.withdrawn_at is None
        and meeting.live
        and step.sequence == meeting.sequence
        and file.involvement(duty.involvement_id).ended_at is None
    )
    return step if stands else None


async def take_steps(services: DeliveryServices, claim: Claim) -> None:
    """Take the step that has fallen due, if nobody has answered."""
    await services.database.write(lambda uow: escalate(uow, claim.notification.subject))


NOTIFICATIONS = (
    Job(Kind.ESCALATION, take_steps),
    CaseMessage(Kind.LEADER_ASKED, leader_asked),
    CaseMessage(Kind.CHAIN_EXHAUSTED, chain_exhausted),
)


async def open_attendee_form(request: ActionRequest) -> None:
    """Open the form in which an agency's leader says who comes."""
    file, step, contacts = await request.look(see_who_can_come, request.value)
    if not contacts:
        raise NobodyToAsk
    await request.open(name_attendee_form(request.words, file, step, contacts))


async def attendee(request: SubmissionRequest) -> None:
    command = NameAttendee(request.metadata, request.fields.needed("attendee"))
    await request.act_and_close(name_attendee, command)


ESCALATION = Subject(
    "escalation",
    buttons=(Button(NAME_ATTENDEE, Action.NAME_ATTENDEE, open_attendee_form),),
    forms=(Form(NAME_ATTENDEE_FORM, Action.NAME_ATTENDEE, attendee),),
    notifications=NOTIFICATIONS,
)
