"""Hand-over of one mail to the mail server: encrypted and verified, or not at all.

Failures raise the errors of `handlers.delivery.mail`.
"""

from __future__ import annotations

import contextlib
import re
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from bot.domain.case.calendar import Trouble
from bot.domain.errors import causes
from bot.mail_server import MailServer
from bot.usecases.ports import Clock
from handlers.delivery.calls import OutcomeUnknown, Undelivered
from handlers.delivery.mail import AddressRefused, MailTrouble

#: Seconds for the server to answer each command. A delivery has 45 altogether.
TIME_OUT = 10.0
#: Seconds for QUIT; the server has already taken the mail.
QUIT_TIMEOUT = 2.0
#: How long no mail is tried after the server could not be used at all.
RETRY_AFTER = timedelta(seconds=30)
#: Answers of servers that do not relay for us, also without the enhanced code 5.7.x (RFC 3463).
_RELAY = re.compile(r"^5\.7\.\d+|relay|not permitted|authentication required|access denied", re.IGNORECASE)


class Smtp:
    """One mail server. Each mail has its own connection: mails are few, and no connection goes stale."""

    def __init__(self, server: MailServer, context: ssl.SSLContext, clock: Clock) -> None:
        self._server = server
        self._context = context
        self._clock = clock
        self._out_of_order: tuple[datetime, Trouble] | None = None

    async def send(self, mail: EmailMessage) -> None:
        """Hand over a mail, with From and To as its envelope, so that bounces come back to the token.

        Raises:
            OutcomeUnknown, MailTrouble, AddressRefused.
        """
        if self._out_of_order is not None and self._clock.now() < self._out_of_order[0]:
            raise MailTrouble(self._out_of_order[1])
        sender, recipient = parseaddr(str(mail["From"]))[1], str(mail["To"])
        client = self._client(sender.rpartition("@")[2])
        try:
            await self._open(client)
            await _hand_over(client, sender, recipient, mail.as_bytes())
            with contextlib.suppress(SMTPException, OSError):
                await client.quit(timeout=QUIT_TIMEOUT)
        finally:
            client.close()

    async def check(self) -> None:
        """Connect and log in, and send nothing.

        Raises:
            MailTrouble.
        """
        client = self._client("localhost")
        try:
            await self._open(client)
        finally:
            client.close()

    def _client(self, name: str) -> SMTP:
        """Return a client that greets the server as `name`, which keeps this machine's name private."""
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=not self._server.starttls,
            start_tls=self._server.starttls,
            tls_context=self._context,
            local_hostname=name,
            timeout=TIME_OUT,
        )

    async def _open(self, client: SMTP) -> None:
        try:
            await client.connect()
            if self._server.user is not None:
                await client.login(self._server.user, self._server.password or "")
        except (SMTPException, OSError, ValueError) as error:
            trouble = _trouble_of(error)
            self._out_of_order = (self._clock.now() + RETRY_AFTER, trouble)
            raise MailTrouble(trouble) from error
        self._out_of_order = None


async def _hand_over(client: SMTP, sender: str, recipient: str, content: bytes) -> None:
    try:
        await client.sendmail(sender, [recipient], content)
    except SMTPRecipientsRefused as error:
        raise _refusal(error.recipients[0]) from error
    except SMTPSenderRefused as error:
        raise MailTrouble(Trouble.RELAY if error.code >= 500 else Trouble.UNREACHABLE) from error
    except (SMTPServerDisconnected, SMTPTimeoutError, ConnectionError) as error:
        raise OutcomeUnknown(type(error).__name__) from error
    except SMTPResponseException as error:
        raise _refusal(error) from error


def _refusal(error: SMTPRecipientRefused | SMTPResponseException) -> Undelivered:
    """Return the error for an answer to RCPT or DATA: retry, wait for an operator, or give up."""
    if error.code < 500:
        return MailTrouble(Trouble.UNREACHABLE)
    if _RELAY.search(error.message):
        return MailTrouble(Trouble.RELAY)
    return AddressRefused(str(error.code))


def _trouble_of(error: BaseException) -> Trouble:
    found = list(causes(error))
    if any(isinstance(c, ssl.SSLCertVerificationError) for c in found):
        return Trouble.CERTIFICATE
    if any(isinstance(c, ssl.SSLError) for c in found):
        return Trouble.NO_TLS
    if isinstance(error, SMTPResponseException):
        if error.code in (530, 534, 535, 538):
            return Trouble.LOGIN
        return Trouble.RELAY if error.code >= 500 else Trouble.UNREACHABLE
    if isinstance(error, OSError):
        return Trouble.UNREACHABLE
    return Trouble.LOGIN if "AUTH" in str(error) else Trouble.NO_TLS
