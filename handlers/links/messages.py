"""Links between cases as a coordinator sees them, and messages to and about liaisons."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.case.entities import Seat
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, LinkKind
from bot.domain.links import Linked
from bot.domain.notifications import Kind
from bot.texts.words import Words
from bot.usecases.links import liaison_over
from bot.usecases.ports import Claim
from handlers.blocks import formatting
from handlers.blocks.context import Message, RenderContext, escape
from handlers.blocks.elements import lines, section
from handlers.delivery.declarations import CaseMessage, Job
from handlers.delivery.services import DeliveryServices
from handlers.involvement.messages import may_be_asked, question


def links_of(words: Words, linked: Sequence[Linked]) -> list[str]:
    """Return one line for each kind of link that the case has to others."""
    by_kind = {k: [f"*{escape(x.other.case.code)}*" for x in linked if x.link.kind is k] for k in LinkKind}
    return [
        words.count(f"link.{kind}", len(codes), cases=words.several(codes))
        for kind, codes in by_kind.items()
        if codes
    ]


def liaison_lines(ctx: RenderContext) -> str:
    """On the card: each liaison, until when, and how they are reached."""
    return lines(*(_line(ctx.words, ctx.file, liaison) for liaison in ctx.file.live_liaisons()))


def _line(words: Words, file: CaseFile, liaison: Liaison) -> str:
    seat = file.seat(liaison.seat_id)
    if seat is None:
        how = words("liaison.by-coordinator")
    elif not seat.confirmed:
        how = words("duty.awaits_confidentiality")
    else:
        how = formatting.mention(file, seat.person_id) or words("person.unknown")
    return words("liaison.card", day=words.day(liaison.until), how=how)


def liaison_named(words: Words, file: CaseFile, liaison: Liaison) -> str:
    """For the coordinators: the liaison by mention and title, and until when."""
    seat = file.seat(liaison.seat_id)
    mentioned = formatting.mention(file, seat.person_id) if seat is not None else None
    name = " ".join(part for part in (mentioned, escape(liaison.title)) if part)
    return words("liaison.named", who=name or words("person.unknown"), day=words.day(liaison.until))


def liaison_unconfirmed(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a liaison who has not confirmed taushetsplikt: the question again."""
    return Message(question(ctx, seat)) if may_be_asked(ctx, seat) and not seat.confirmed else None


def liaison_silent(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a coordinator: a liaison has not confirmed taushetsplikt."""
    waiting = (x for x in ctx.file.live_liaisons() if x.seat_id == seat.id and not seat.confirmed)
    liaison = next(waiting, None)
    if liaison is None:
        return None
    named = liaison_named(ctx.words, ctx.file, liaison)
    return Message([section(ctx.words("liaison.silent", code=formatting.code(ctx), liaison=named))])


def liaison_left(ctx: RenderContext, liaison: Liaison) -> Message | None:
    """To the room and to the liaison: only that the liaison's time is over."""
    file, words = ctx.file, ctx.words
    if liaison in file.live_liaisons():
        return None
    if ctx.recipient is None:
        return Message([section(words("liaison.left"))]) if file.open else None
    text = words("liaison.over", team=formatting.team(ctx), coordinator=formatting.opener(ctx))
    return Message([section(lines(text, _calendar(ctx, liaison)))])


def _calendar(ctx: RenderContext, liaison: Liaison) -> str | None:
    """Return how meetings that are no longer theirs leave their calendar; None if there are none."""
    file, seat = ctx.file, ctx.file.seat(liaison.seat_id)
    left = liaison.ended_at or (seat.ended_at if seat is not None else None)
    ahead = [i for i in file.invitations if i.liaison_id == liaison.id]
    if left is None or not any(file.meeting(i.meeting_id).ends_at > left for i in ahead):
        return None
    mailed = formatting.told_by_mail(file, ctx.reader.id)
    return ctx.words("entry.by-mail" if mailed else "entry.by-hand")


async def end_liaison(services: DeliveryServices, claim: Claim) -> None:
    due = claim.notification
    await services.database.write(lambda uow: liaison_over(uow, due.subject, due.due_at))


NOTIFICATIONS = (
    Job(Kind.LIAISON_ENDS, end_liaison),
    CaseMessage(Kind.LIAISON_UNCONFIRMED, liaison_unconfirmed),
    CaseMessage(Kind.LIAISON_SILENT, liaison_silent),
    CaseMessage(Kind.LIAISON_LEFT, liaison_left),
)
