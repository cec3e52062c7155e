"""Escalation when nobody of an agency answers: take the next step, let its leader say who comes."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.answers import head
from bot.domain.case.entities import EscalationStep
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact, Person
from bot.domain.notifications import Kind
from bot.texts.words import Words
from bot.usecases.escalation import about_to_be_asked, escalate, name_attendee, see_who_can_come
from bot.usecases.ports import Claim, UnitOfWork
from handlers.blocks import formatting
from handlers.blocks.choosing import colleague_blocks
from handlers.blocks.context import Message, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, section
from handlers.blocks.modal import Blocks, form
from handlers.blocks.people import span
from handlers.delivery.declarations import CaseMessage, Job
from handlers.delivery.muted import muted_until
from handlers.delivery.services import DeliveryServices
from handlers.slack.declarations import Subject, Verb


@form("name_attendee", "step", heading="field.attendee", submit="modal.ask")
def name_attendee_form(words: Words, file: CaseFile, step: EscalationStep, contacts: list[Contact]) -> Blocks:
    """Choose one of the agency's contacts. The form tells the time, and nothing about the case."""
    duty = file.duty(step.duty_id)
    when = span(words, file.meeting(duty.meeting_id), file.team.time_zone)
    agency = escape(file.agency_of(duty.involvement_id).shown_name)
    yield section(words("modal.name-attendee.intro", agency=agency, when=when))
    yield from colleague_blocks(words, file, contacts, "attendee", "field.attendee")
    return step.id


NAME_ATTENDEE = ActionId("name_attendee", "step")


def leader_asked(ctx: RenderContext, step: EscalationStep) -> Message | None:
    """To an agency's leader, who says who comes: the role, the time, the coordinator.

    It has no case code, no other agency, no place and no link.
    """
    file, duty = ctx.file, ctx.file.duty(step.duty_id)
    agency = file.agency_of(duty.involvement_id)
    if not file.leads_agency(ctx.reader.id, agency.id):
        return None
    named = {"team": formatting.team(ctx), "agency": ctx.agency(agency)}
    if step.answered_at is not None or head(file, duty) is None:
        key = "escalation.leader-thanks" if step.answered_at is not None else "escalation.leader-over"
        return Message([section(ctx.words(key, **named))])
    meeting = file.meeting(duty.meeting_id)
    if meeting.starts_at <= ctx.now:
        return None
    coordinator = formatting.coordinator(ctx)
    blocks = [
        section(ctx.words("escalation.leader-ask", coordinator=coordinator, **named)),
        section(formatting.time_alone(ctx, meeting)),
        section(ctx.words("escalation.leader-then")),
        actions(button(ctx.words("press.name-attendee"), NAME_ATTENDEE, step.id, primary=True)),
    ]
    return Message(blocks)


async def take_steps(services: DeliveryServices, claim: Claim) -> None:
    """Take the step that has fallen due, if nobody has answered.

    People about to be asked who are muted in Slack are passed over: at most the next contact and the leader.
    """
    due = claim.notification
    known: set[str] = set()
    muted: frozenset[str] = frozenset()

    def asked_next(uow: UnitOfWork) -> list[Person]:
        return [p for p in about_to_be_asked(uow, due.subject, due.due_at, muted) if p.id not in known]

    while new := await services.database.read(asked_next):
        known |= {person.id for person in new}
        by_slack = {person.slack_id: person.id for person in new if person.slack_id is not None}
        until = await muted_until(services.client, by_slack, services.clock.now())
        # Where Slack does not tell, the person counts as not muted.
        muted |= {by_slack[slack_id] for slack_id, ends in until.items() if ends is not None}
    await services.database.write(lambda uow: escalate(uow, due.subject, due.due_at, muted))


NOTIFICATIONS = (
    Job(Kind.ESCALATION, take_steps),
    CaseMessage(Kind.LEADER_ASKED, leader_asked),
)


ESCALATION = Subject(
    verbs=(Verb(Action.NAME_ATTENDEE, name_attendee_form, name_attendee, see_who_can_come, NAME_ATTENDEE),),
    notifications=NOTIFICATIONS,
)
