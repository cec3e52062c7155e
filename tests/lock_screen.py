"""Every kind of message as a locked phone shows it, and every mail as a mail server sees it.

docs/interface.md has both. An exercise passes in everything that was sent: each call to Slack and each mail
is held to the same closed sets. tests/bot/calendar/test_invite.py has the calendar object of a mail.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Mapping

from bot.domain.notifications import Kind
from handlers.delivery.declarations import Job
from handlers.subjects import joined
from sandbox.mail.servers import MailServers
from sandbox.workspace import Workspace
from tests.stories.judges import locked_phone

#: All sentences that a locked phone may show.
SENTENCES = ("new", "reminder", "urgent", "answer-by", "calendar-file", "file")
#: Every kind of message. Work leaves none, but for the card.
KINDS = [
    kind
    for kind, declared in joined().notifications.items()
    if kind is Kind.ROOM or not isinstance(declared, Job)
]


def assert_lock_screens_neutral(workspace: Workspace) -> None:
    """Check every message, file and whisper that was sent against the closed set, as after every story."""
    assert any(call.method == "chat.postMessage" for call in workspace.calls), "nothing was sent"
    for call in workspace.calls:
        locked_phone(call)


_ADDRESS = r"[\w.+'-]+@[\w.-]+"
_BOUNDARY = r'boundary="=+\d+=="'
#: Every header allowed in the bot's mails, in any part, and its allowed content.
HEADERS: Mapping[str, str] = {
    "From": r"[a-z]+\+(doctor-)?[0-9a-f]{12,20}@[a-z.]+"
    r"|(Møtekalender|Meeting calendar) <[a-z]+\+[0-9a-f]{20}@[a-z.]+>",
    "To": _ADDRESS,
    "Subject": "(Endret: |Utgår: |Endra: )?Møte|(Changed: |Withdrawn: )?Meeting"
    "|Prøve: svar på denne e-posten|Test: please answer this e-mail",
    "Date": r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000",
    "Message-ID": r"<[0-9a-f]{20}\.r?[0-9.]+@[a-z.]+>",
    "MIME-Version": r"1\.0",
    "Content-Type": rf'multipart/(mixed|alternative); {_BOUNDARY}|text/plain; charset="utf-8"'
    r'|text/calendar; (method="(REQUEST|CANCEL)"; )?charset="utf-8"(; method="(REQUEST|CANCEL)")?'
    r'|application/ics; name="invite\.ics"',
    "Content-Transfer-Encoding": "base64|quoted-printable|7bit",
    "Content-Disposition": r'attachment; filename="invite\.ics"',
}


def assert_mails_neutral(servers: MailServers) -> None:
    """Check every mail that was sent, and the name in the bot's greeting, against the closed sets."""
    for sent in servers.sent:
        for part in email.message_from_bytes(sent.raw, policy=email.policy.default).walk():
            for name, value in part.items():
                assert re.fullmatch(HEADERS[name], value), f"{name}: {value}"
    assert servers.smtp.greetings <= {servers.address.rpartition("@")[2]}, servers.smtp.greetings
