"""Mail with a calendar object, in the one form that gets buttons (docs/calendar-rules.md 6)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.calendar.invite import Invite, build, sender_name


def build_mail(
    text: str,
    *,
    sender: str,
    recipient: str,
    subject: str,
    message_name: str,
    written_at: datetime,
    name: str = "",
) -> EmailMessage:
    """Return a text mail. It has no Auto-Submitted header: servers would not deliver an answer to it.

    `message_name` is opaque, the part of the Message-ID before the @. `name` is the sender's display name:
    neutral, in the reader's language.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(name, addr_spec=sender)
    mail["To"] = recipient
    mail["Subject"] = subject
    mail["Date"] = format_datetime(written_at.astimezone(UTC))
    mail["Message-ID"] = f"<{message_name}@{sender.rpartition('@')[2]}>"
    mail.set_content(text, cte="quoted-printable")
    return mail


def build_invite_mail(invite: Invite, subject: str, text: str) -> EmailMessage:
    """Return multipart/mixed(multipart/alternative(text, calendar object with buttons), object as a file)."""
    mail = build_mail(
        text,
        sender=invite.organizer,
        recipient=invite.attendee or "",
        subject=subject,
        message_name=f"{invite.uid[:20]}.{invite.sequence}",  # as `MailedEntry.message_name`
        written_at=invite.stamped_at,
        name=sender_name(invite.language),
    )
    method, calendar = build(invite)
    mail.add_alternative(
        calendar, maintype="text", subtype="calendar", params={"method": method, "charset": "utf-8"}
    )
    mail.add_attachment(
        calendar,
        maintype="application",
        subtype="ics",
        filename="invite.ics",
        params={"name": "invite.ics"},
    )
    return mail


def address_for_answers(organizer: str, token: str) -> str:
    """Return the organizer's address with the token: `kalender+TOKEN@kommune.example`."""
    local, _, domain = organizer.rpartition("@")
    return f"{local}+{token}@{domain}"
