"""Mail servers, from the addresses in the settings, and their TLS contexts: TLS is always used."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: Scheme → (STARTTLS or TLS at once, port).
Schemes = Mapping[str, tuple[bool, int]]
SMTP: Schemes = {"smtp": (True, 587), "smtps": (False, 465)}
IMAP: Schemes = {"imap": (True, 143), "imaps": (False, 993)}


@dataclass(frozen=True, slots=True)
class MailServer:
    """One server. With `starttls` the connection begins unencrypted and is encrypted at once."""

    host: str
    port: int
    starttls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def mail_server(url: str, schemes: Schemes) -> MailServer:
    """Parse `scheme://[USER:PASSWORD@]HOST[:PORT]`, with `%` escapes in user and password.

    Raise ValueError for any other address.
    """
    parts = urlsplit(url)
    host = parts.hostname
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in schemes or not host or more or (user is None) != (password is None):
        raise ValueError("not the address of a mail server")
    starttls, usual = schemes[parts.scheme]
    return MailServer(host, parts.port or usual, starttls, user, password)


def tls_context(ca: Path | None) -> ssl.SSLContext:
    """Return a context that trusts the machine's authorities and, if given, those in `ca`."""
    context = ssl.create_default_context()
    if ca is not None:
        context.load_verify_locations(ca)
    return context
