"""Calendar entries of a case: the file in direct messages, the mail, and answers that lack something."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from functools import partial
from zoneinfo import ZoneInfo

from bot.calendar.invite import Invite, PartStat
from bot.domain.answers import still_asked
from bot.domain.calendar.entry import entries_of, is_tentative, mail_alone, may_mail, stuck
from bot.domain.calendar.reply import Doubt, newest_held
from bot.domain.case.calendar import Asked
from bot.domain.case.entities import Answer, Ask, Case
from bot.domain.case.file import CaseFile
from bot.domain.case.links import LiaisonInvitation
from bot.domain.notifications import HeldAnswer, Kind, Notification
from bot.texts.words import Words, words
from bot.usecases.calendar import OutgoingInvite, invite_concluded, next_invite
from bot.usecases.ports import Claim, UnitOfWork, UpToDate
from handlers.answers.calls import line_of, record
from handlers.answers.messages import CONFIRM, DECLINE, answering
from handlers.blocks import formatting
from handlers.blocks.context import File, Message, RenderContext, calendar_file
from handlers.blocks.elements import actions, as_asked, bullets, button, lines, section
from handlers.delivery.declarations import CaseMessage, Job
from handlers.delivery.mail import MailDelivery, place_of
from handlers.delivery.services import DeliveryServices
from handlers.slack.declarations import Subject

#: The participation status that a calendar is told for each answer.
_STANDS: Mapping[Answer | None, PartStat] = {
    Answer.CONFIRMED: "ACCEPTED",
    Answer.DECLINED: "DECLINED",
    None: "NEEDS-ACTION",
}


def calendar_answer(ctx: RenderContext, ask: Ask) -> Message | None:
    """To the person asked: a forfall without a reason or a deputy, or «maybe». Deleted once settled."""
    meeting = ctx.file.meeting(ask.meeting_id)
    if meeting.starts_at <= ctx.now:
        return None
    named = {"code": formatting.code(ctx), "when": formatting.when(ctx, meeting)}
    if is_tentative(ctx.file, ask):
        text = ctx.words("calendar-answer.tentative", **named)
        return Message([section(text), *answering(ctx, ask, meeting)[1:]])
    replaced = any(deputy.answer is not Answer.DECLINED for deputy in ctx.file.deputies_of(ask))
    if ask.answer is not Answer.DECLINED or ask.reason is not None or replaced:
        return None
    agency = ctx.agency(ctx.file.agency_of_ask(ask))
    asked = as_asked(ask.id, ask.sequence)
    mends = actions(
        button(ctx.words("press.give-reason"), DECLINE, asked, primary=True),
        button(ctx.words("press.come-anyway"), CONFIRM, asked),
    )
    text = ctx.words("calendar-answer.declined", agency=agency, **named)
    return Message([section(text), mends])


def held_reply(ctx: RenderContext, ask: Asked) -> Message | None:
    """To a coordinator: what came by mail, what it proposes, and why it was not used.

    Deleted when the meeting moves, since the answer was about another time.
    """
    file = ctx.file
    held = newest_held(entries_of(file, ask), ctx.notification.params_as(HeldAnswer))
    meeting = file.meeting(ask.meeting_id)
    if held.sequence != meeting.sequence:
        return None
    words = ctx.words
    title = words(
        "held.title-bounced" if held.doubt == Doubt.BOUNCED else "held.title",
        person=_with_agency(ctx, ask),
        code=formatting.code(ctx),
        when=formatting.when(ctx, meeting),
    )
    said = section(lines(title, *why_held(words, held, ctx.zone)))
    if not isinstance(ask, Ask):
        # A liaison is asked no question, so nothing is lacking.
        return Message([said])
    line = line_of(ctx, file.agency_of_ask(ask), ask.person_id)
    blocks = [said, section(lines(words(f"held.what-now{held_kind(held)}"), line))]
    recording = record(ctx, ask) if still_asked(file, ask) else None
    if recording is not None and not file.reaches(ask):
        blocks.append(actions(recording))
    return Message(blocks)


def held_kind(held: HeldAnswer) -> str:
    """Return the suffix of the text keys for a mail that bounced or could not be read."""
    return f"-{held.doubt}" if held.doubt in (Doubt.BOUNCED, Doubt.UNREADABLE) else ""


def _with_agency(ctx: RenderContext, asked: Asked) -> str:
    if isinstance(asked, Ask):
        return formatting.contact_and_agency(ctx, asked.person_id, ctx.file.agency_of_ask(asked))
    person = formatting.mention(ctx.file, asked.person_id) or ctx.words("person.unknown")
    return ctx.words("person.of-agency", person=person, agency=ctx.words("liaison.role"))


def why_held(words: Words, held: HeldAnswer, zone: ZoneInfo) -> list[str]:
    """Return why an answer was not used, the answer it proposes, and the other time it proposes."""
    why = [words(f"held.why-{held.doubt}")]
    if held.answer is not None:
        why.append(words(f"held.proposed-{held.answer}"))
    if held.start is not None:
        why.append(words("held.proposed-start", when=words.when(held.start, zone)))
    return why


def mail_waits(ctx: RenderContext, _: Case) -> Message | None:
    """To a coordinator: invites that cannot be mailed until an operator helps.

    Deleted when they are sent, or come too late.
    """
    waiting = list(stuck(ctx.file, ctx.now))
    if not waiting:
        return None
    why = dict.fromkeys(ctx.words(f"waits.trouble-{entry.trouble}") for entry, _ in waiting)
    people = dict.fromkeys(_with_agency(ctx, ask) for _, ask in waiting)
    text = lines(ctx.words("waits.title", code=formatting.code(ctx)), *why)
    return Message([section(text), section(bullets(list(people)))])


def invite(ctx: RenderContext, asked: Asked) -> File | None:
    """The calendar file of the meeting, for a person who is asked or a liaison, at their sequence number.

    It is stamped with the time at which they were asked, so that the file is identical whenever it is made.
    """
    if not _gets_file(ctx, asked):
        return None
    meeting = ctx.file.meeting(asked.meeting_id)
    stamped_at = asked.asked_at if isinstance(asked, Ask) else asked.invited_at
    when = (meeting.starts_at, meeting.ends_at, stamped_at, ctx.zone)
    to = (ctx.organizer, ctx.words.language)
    return calendar_file(Invite(asked.uid, asked.sequence, *when, *to, asked=isinstance(asked, Ask)))


def may_come(ctx: RenderContext, asked: LiaisonInvitation) -> Message | None:
    """To a liaison who gets a calendar file: the meeting that the file is for."""
    if not _gets_file(ctx, asked):
        return None
    said = ctx.words("entry.may-come", when=formatting.when(ctx, ctx.file.meeting(asked.meeting_id)))
    return Message([section(lines(said, ctx.words("entry.moved") if asked.moved else None))])


def _gets_file(ctx: RenderContext, asked: Asked) -> bool:
    """Return True if no mail tells their calendar; False after a forfall (docs/calendar-rules.md 11)."""
    if isinstance(asked, Ask) and asked.answer is Answer.DECLINED:
        return False
    return not (ctx.by_mail and may_mail(ctx.file, asked))


def _unless_mailed(services: DeliveryServices, uow: UnitOfWork, of: Notification) -> UpToDate | None:
    return UpToDate.UP_TO_DATE if services.mail is None else None


async def mail_invites(services: DeliveryServices, claim: Claim) -> None:
    """Mail a person's calendar what it has not yet been told about an ask or a liaison's invitation.

    Do nothing without a mail server.
    """
    if services.mail is None:
        return
    case_id, asked_id = claim.notification.case_id or "", claim.notification.subject
    following = partial(next_invite, case_id=case_id, asked_id=asked_id)
    await services.mail.reconcile(following, _invite, invite_concluded)


def _invite(mails: MailDelivery, outgoing: OutgoingInvite) -> EmailMessage:
    file, ask = outgoing.about
    alone, answer = mail_alone(file, ask), ask.answer if isinstance(ask, Ask) else None
    confirmed = "-confirmed" if answer is Answer.CONFIRMED else ""
    return mails.invite(
        _words(file, ask.person_id),
        outgoing.entry,
        file.team,
        place=place_of(file.meeting(ask.meeting_id)) if alone else None,
        on_slack=not alone,
        asked=isinstance(ask, Ask),
        answered=_STANDS[answer],
        ending=confirmed if isinstance(ask, Ask) else "-unasked",
    )


def _words(file: CaseFile, person_id: str) -> Words:
    return words(file.persons[person_id].language or file.team.language)


CALENDAR = Subject(
    notifications=(
        CaseMessage(Kind.INVITE, invite),
        CaseMessage(Kind.MAY_COME, may_come),
        Job(Kind.MAIL_INVITE, mail_invites, _unless_mailed),
        CaseMessage(Kind.CALENDAR_ANSWER, calendar_answer),
        CaseMessage(Kind.HELD_REPLY, held_reply),
        CaseMessage(Kind.MAIL_WAITS, mail_waits),
    ),
)
