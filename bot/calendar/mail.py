"""Mail with a calendar object, in the one form that gets buttons (docs/calendar-rules.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.calendar.invite import Invite, build


@dataclass(frozen=True, slots=True)
class Envelope:
    """The header fields of a mail. `message_id` is opaque, without angle brackets.

    `name` is the sender's display name: neutral, in the reader's language.
    """

    sender: str
    recipient: str
    subject: str
    message_id: str
    written_at: datetime
    name: str = ""


def build_mail(envelope: Envelope, text: str) -> EmailMessage:
    """Return a text mail. It has no Auto-Submitted header: servers would not deliver an answer to it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(envelope.name, addr_spec=envelope.sender)
    mail["To"] = envelope.recipient
    mail["Subject"] = envelope.subject
    mail["Date"] = format_datetime(envelope.written_at.astimezone(UTC))
    mail["Message-ID"] = f"<{envelope.message_id}>"
    mail.set_content(text, cte="quoted-printable")
    return mail


def build_invite_mail(envelope: Envelope, text: str, invite: Invite) -> EmailMessage:
    """Return multipart/mixed(multipart/alternative(text, calendar object with buttons), object as a file)."""
    mail = build_mail(envelope, text)
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
