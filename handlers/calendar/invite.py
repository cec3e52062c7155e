"""The calendar entry of one person, as a file in their direct messages (calendar.md 11)."""

from __future__ import annotations

from datetime import datetime

from bot.calendar.invite import Invite, build_publish
from bot.domain.calendar.entry import is_refused, may_mail
from bot.domain.case.entities import Answer, Ask
from bot.domain.case.links import LiaisonInvitation
from bot.domain.notification_params import Revision
from handlers.answers.messages import own_ask
from handlers.blocks import formatting
from handlers.blocks.context import File, RenderContext
from handlers.blocks.elements import lines


def invite(ctx: RenderContext) -> File | None:
    """The meeting for the calendar of the person of an ask, or of a liaison, as of its sequence.

    An ask's stands as the summons does, but not after a forfall, nor where the calendar is told by mail. The
    entry is stamped with when the person was asked, so that it is the same file whenever it is made.
    """
    asked, asked_at = _of_ask(ctx) or _of_invitation(ctx) or (None, ctx.now)
    if asked is None or ctx.notification.params != Revision(asked.sequence):
        return None
    if (
        ctx.by_mail
        and may_mail(ctx.file, asked)
        and (isinstance(asked, Ask) or not is_refused(ctx.file, asked))
    ):
        return None
    meeting = ctx.file.meeting(asked.meeting_id)
    content = build_publish(
        Invite(
            uid=asked.uid,
            sequence=asked.sequence,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            stamped_at=asked_at,
            zone=ctx.zone,
            organizer=ctx.organizer,
            language=ctx.words.language,
            required=isinstance(asked, Ask),
        )
    )
    again = asked.asked_anew if isinstance(asked, Ask) else asked.moved
    moved = ctx.words("entry.moved") if again else None
    may_come = (
        None if isinstance(asked, Ask) else ctx.words("entry.may-come", when=formatting.when(ctx, meeting))
    )
    text = lines(may_come, ctx.words("entry.text"), moved)
    return File(f"mote-{asked.uid[:8]}.ics", content, text)


def _of_ask(ctx: RenderContext) -> tuple[Ask, datetime] | None:
    ask = own_ask(ctx)
    return (ask, ask.asked_at) if ask is not None and ask.answer is not Answer.DECLINED else None


def _of_invitation(ctx: RenderContext) -> tuple[LiaisonInvitation, datetime] | None:
    """The reader's own, while the meeting is theirs to come to."""
    asked, reader = ctx.file.asked(ctx.notification.subject), ctx.recipient
    if not isinstance(asked, LiaisonInvitation) or reader is None or asked.person_id != reader.id:
        return None
    return (asked, asked.invited_at) if ctx.file.invitation_stands(asked) else None
