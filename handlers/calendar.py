"""Calendar entries of a case: the file in direct messages, the mail, and answers that lack something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from bot.calendar.invite import Invite, PartStat, description_of
from bot.calendar.mail import build_invite_mail
from bot.domain.answers import still_asked
from bot.domain.calendar.entry import entries_of, is_tentative, may_mail, stuck
from bot.domain.calendar.reply import Doubt, newest_held
from bot.domain.case.calendar import Asked
from bot.domain.case.entities import Answer, Ask, Case, Meeting
from bot.domain.case.links import LiaisonInvitation
from bot.domain.joint import JointMeeting
from bot.domain.notifications import HeldAnswer, Kind, Notification
from bot.texts.words import Words
from bot.texts.words import words as to_words
from bot.usecases.calendar import Outgoing, invite_concluded, next_invite
from bot.usecases.ports import Claim, UnitOfWork, UpToDate
from handlers.answers.calls import line_of, record
from handlers.answers.messages import CONFIRM, DECLINE, answering
from handlers.blocks import formatting
from handlers.blocks.context import Block, File, Message, RenderContext, calendar_file
from handlers.blocks.elements import actions, as_asked, bullets, button, lines, section
from handlers.delivery.declarations import CaseMessage, Job
from handlers.delivery.mail import Conclude, MailDelivery, signed
from handlers.delivery.services import DeliveryServices
from handlers.slack.declarations import Subject

#: The participation status that a calendar is told for an answer, and the suffix of the mail's text keys.
_STANDS: Mapping[Answer | None, tuple[PartStat, str]] = {
    Answer.CONFIRMED: ("ACCEPTED", "-confirmed"),
    Answer.DECLINED: ("DECLINED", "-unasked"),
    None: ("NEEDS-ACTION", ""),
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
    if not isinstance(ask, Ask):
        # A liaison is asked no question, so nothing is lacking.
        return Message([why_held(words, title, held, ctx.zone)])
    line = line_of(ctx, file.agency_of_ask(ask), ask.person_id)
    blocks = [why_held(words, title, held, ctx.zone), what_now(words, held, line)]
    recording = record(ctx, ask) if still_asked(file, ask) else None
    if recording is not None and not file.reaches(ask):
        blocks.append(actions(recording))
    return Message(blocks)


def what_now(words: Words, held: HeldAnswer, line: str | None) -> Block:
    """What to do about an answer that was not used, with the person's number."""
    kind = f"-{held.doubt}" if held.doubt in (Doubt.BOUNCED, Doubt.UNREADABLE) else ""
    return section(lines(words(f"held.what-now{kind}"), line))


def _with_agency(ctx: RenderContext, asked: Asked) -> str:
    if isinstance(asked, Ask):
        return formatting.contact_and_agency(ctx, asked.person_id, ctx.file.agency_of_ask(asked))
    person = formatting.mention(ctx.file, asked.person_id) or ctx.words("person.unknown")
    return f"{person} ({ctx.words('liaison.role')})"


def why_held(words: Words, title: str, held: HeldAnswer, zone: ZoneInfo) -> Block:
    """Why an answer was not used, the answer it proposes, and the other time it proposes."""
    why = [title, words(f"held.why-{held.doubt}")]
    if held.answer is not None:
        why.append(words(f"held.proposed-{held.answer}"))
    if held.start is not None:
        why.append(words("held.proposed-start", when=words.when(held.start, zone)))
    return section(lines(*why))


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


def mails(
    following: Callable[[UnitOfWork, Notification], Outgoing[Any] | None], conclude: Conclude[Any]
) -> Callable[[DeliveryServices, Claim], Awaitable[None]]:
    """Return the job that mails a person's calendar what it has not been told; nothing without a server."""

    async def run(services: DeliveryServices, claim: Claim) -> None:
        if services.mail is not None:
            of = claim.notification
            await services.mail.reconcile(lambda uow: following(uow, of), write_invite, conclude)

    return run


def write_invite(mails: MailDelivery, outgoing: Outgoing[Any]) -> EmailMessage:
    """The mail for a meeting of a case, or a joint one: in the same words, since it cannot be taken back."""
    item, entry, words = outgoing.item, outgoing.entry, to_words(outgoing.item.language)
    answered, ending = _STANDS[item.answer] if item.is_asked else ("NEEDS-ACTION", "-unasked")
    kind = "withdrawn" if entry.cancelled else "moved" if entry.sequence > 0 else "invited"
    invite = Invite(
        uid=entry.uid,
        sequence=entry.sequence,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        stamped_at=entry.stamped_at,
        zone=item.team.time_zone,
        organizer=mails.address(entry),
        language=words.language,
        place=_place(item.meeting) if item.alone and not entry.cancelled else None,
        cancelled=entry.cancelled,
        attendee=entry.address,
        on_slack=not item.alone,
        counted=mails.counted,
        asked=item.is_asked,
        answered=answered,
    )
    subject = "mail.subject" if kind == "invited" else f"mail.subject-{kind}"
    said = words(f"mail.{kind}" if entry.cancelled else f"mail.{kind}{ending}")
    return build_invite_mail(
        invite, words(subject), signed(words, item.team.rules, _text(words, invite, said))
    )


def _place(meeting: Meeting | JointMeeting) -> str | None:
    return ", ".join(where for where in (meeting.place, meeting.link) if where) or None


def _text(words: Words, invite: Invite, said: str) -> str:
    """Return the mail's text, for clients without a calendar; `said` is its first line."""
    when = words.full_span(invite.starts_at, invite.ends_at, invite.zone)
    text = [said, "", words("mail.when", when=when)]
    if invite.place is not None:
        text.append(words("mail.where", where=invite.place))
    if not invite.cancelled:
        asked = invite.counted and invite.asked
        how = "mail.answer-otherwise" if invite.answered == "ACCEPTED" else "mail.answer"
        text.extend(["", *([words(how)] if asked else []), description_of(invite)])
    return "\n".join(text)


CALENDAR = Subject(
    notifications=(
        CaseMessage(Kind.INVITE, invite),
        CaseMessage(Kind.MAY_COME, may_come),
        Job(Kind.MAIL_INVITE, mails(next_invite, invite_concluded), _unless_mailed),
        CaseMessage(Kind.CALENDAR_ANSWER, calendar_answer),
        CaseMessage(Kind.HELD_REPLY, held_reply),
        CaseMessage(Kind.MAIL_WAITS, mail_waits),
    ),
)
