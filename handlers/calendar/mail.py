"""Mail about a case's meetings: the entry in a person's calendar, and the plea to ring."""

from __future__ import annotations

from email.message import EmailMessage
from functools import partial
from zoneinfo import ZoneInfo

from bot.calendar.invite import Invite
from bot.calendar.mail import build_mail
from bot.domain.calendar.entry import entries_of, mail_alone
from bot.domain.case.entities import Answer, Ask
from bot.domain.case.file import CaseFile
from bot.domain.notification_params import MailReply
from bot.domain.notifications import Notification
from bot.texts.words import Words, words
from bot.usecases.calendar.delivery import (
    OutgoingInvite,
    invite_kept,
    invite_refused,
    invite_sent,
    next_invite,
)
from bot.usecases.ports import Claim, UnitOfWork
from handlers.delivery.mail import MailDelivery, MailHandlers, place_of
from handlers.delivery.services import DeliveryServices


async def mail_invites(services: DeliveryServices, claim: Claim) -> None:
    """Tell the calendar of the person of an ask or an invitation whatever it has not been told.

    Without a mail server nothing is wanted.
    """
    if services.mail is None:
        return
    case_id, asked_id = claim.notification.case_id or "", claim.notification.subject
    following = partial(next_invite, case_id=case_id, asked_id=asked_id)
    await services.mail.reconcile(MailHandlers(following, _invite, invite_sent, invite_kept, invite_refused))


def _invite(mails: MailDelivery, outgoing: OutgoingInvite) -> EmailMessage:
    file, ask, entry = outgoing.file, outgoing.ask, outgoing.entry
    meeting = file.meeting(ask.meeting_id)
    reader = _words(file, ask.person_id)
    alone = mail_alone(file, ask)
    invite = Invite(
        uid=entry.uid,
        sequence=entry.sequence,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        stamped_at=entry.stamped_at,
        zone=ZoneInfo(file.team.zone),
        organizer=mails.address(entry),
        language=reader.language,
        place=place_of(meeting) if alone and not entry.cancelled else None,
        cancelled=entry.cancelled,
        attendee=entry.address,
        on_slack=not alone,
        counted=mails.counted,
        required=isinstance(ask, Ask),
        asked=isinstance(ask, Ask),
    )
    kind = "withdrawn" if entry.cancelled else "moved" if entry.sequence > 0 else "invited"
    if not invite.asked and not entry.cancelled:
        kind = f"{kind}-unasked"
    return mails.invite(reader, entry, invite, reader(f"mail.{kind}"))


async def ask_to_ring(services: DeliveryServices, claim: Claim) -> None:
    """Ask somebody who has declined by mail to ring, never why."""
    mails = services.mail
    if mails is None:
        return
    mail = await services.database.read(lambda uow: _call(uow, mails, claim.notification))
    if mail is not None:
        await mails.send(mail)


def _call(uow: UnitOfWork, mails: MailDelivery, notification: Notification) -> EmailMessage | None:
    file = uow.case_file(notification.case_id or "")
    ask = file.ask(notification.subject) if file is not None else None
    if file is None or ask is None or not file.open or not ask.live:
        return None
    entry = next((e for e in entries_of(file, ask) if not e.cancelled), None)
    if entry is None or ask.answer is not Answer.DECLINED or ask.reason is not None:
        return None
    reader = _words(file, ask.person_id)
    reply = notification.params_as(MailReply)
    envelope = mails.envelope(entry, reader("mail.call-subject"), f"r{reply.key}")
    return build_mail(envelope, f"{reader('mail.call')}\n")


def _words(file: CaseFile, person_id: str) -> Words:
    return words(file.persons[person_id].language or file.team.language)
