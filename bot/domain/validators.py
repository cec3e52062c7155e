"""Checks of the fields that people fill in about colleagues and meetings.

The refused text is never part of the error: `code` names the text to show.
"""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from bot.domain.errors import CodedError
from bot.domain.guard import names_somebody


class FieldRefused(CodedError):
    """A field's text cannot be used; `code` names the text that says why and what would do."""


# --- work mail ---

_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+)*")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9\-]{0,61}[a-z0-9])")


def check_work_mail(text: str) -> str:
    """Return one plain address, stripped of blanks, its domain in lower case and ASCII (IDNA).

    Raises FieldRefused unless it is one plain address without name, comment or list. The length limits are
    those of RFC 5321 (64, 254).
    """
    local, _, domain = text.strip(" ").rpartition("@")
    host = _ascii_host(domain)
    address = f"{local}@{host}"
    # No line breaks and the like: they could inject a header into a mail.
    is_plain = text.isprintable() and _LOCAL_PART.fullmatch(local) and _HOST.fullmatch(host)
    if not is_plain or len(local) > 64 or len(address) > 254:
        raise FieldRefused("mail.not-an-address")
    return address


def _ascii_host(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise FieldRefused("mail.not-an-address") from None


# --- duty line ---

_PHONE_PUNCTUATION = re.compile(r"[ \u00a0.\-()/]")
_EMERGENCY = frozenset({"110", "112", "113"})


def check_duty_line(text: str) -> str:
    """Check a Norwegian number, with or without +47, or a short one: 112, 02800, 116 117, 116 111.

    Return it in groups as Norwegians write it: eight digits as 3-2-3 for a mobile or freephone number (4, 8,
    9), otherwise as 2-2-2-2 (Språkrådet's rules for telephone numbers). Raises FieldRefused.
    """
    digits = _PHONE_PUNCTUATION.sub("", text)
    digits = re.sub(r"^(?:\+|00)47", "", digits)
    if not re.fullmatch(r"[0-9]+", digits):
        raise FieldRefused("duty-line.not-a-number")
    if digits in _EMERGENCY or re.fullmatch(r"0[2-9][0-9]{3}", digits):
        return digits
    if re.fullmatch(r"116[0-9]{3}", digits):
        return f"{digits[:3]} {digits[3:]}"
    if re.fullmatch(r"[489][0-9]{7}", digits):
        return f"{digits[:3]} {digits[3:5]} {digits[5:]}"
    if re.fullmatch(r"[23567][0-9]{7}", digits):
        return " ".join(digits[at : at + 2] for at in range(0, 8, 2))
    raise FieldRefused("duty-line.not-a-number")


# --- meeting link ---


def check_meeting_link(text: str, approved_hosts: Collection[str]) -> str:
    """Check a meeting link on one of the team's approved hosts, or on a host below one of them.

    Raises FieldRefused for blanks, control characters, backslashes, an unusual port or host, credentials, an
    identity number, a mail address, or a part after «#», where meeting tools put keys that nobody needs to
    open the meeting. The query is kept: Teams and Zoom need it.
    """
    url = text.strip(" ")
    if len(url) > 2000 or not url.isascii() or re.search(r"[\x00-\x20\x7f\\<>|\"]", url):
        raise FieldRefused("link.not-a-link")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FieldRefused("link.not-a-link") from None
    if parts.scheme != "https":
        raise FieldRefused("link.not-https" if parts.scheme and parts.netloc else "link.not-a-link")
    if "@" in parts.netloc:
        raise FieldRefused("link.credentials")
    if "#" in url:
        raise FieldRefused("link.fragment")
    host = (parts.hostname or "").lower()
    if port not in {None, 443} or not _HOST.fullmatch(host):
        raise FieldRefused("link.not-a-link")
    if not any(
        host == approved or host.endswith(f".{approved}") for approved in map(str.lower, approved_hosts)
    ):
        raise FieldRefused("link.host-not-approved")
    if names_somebody(f"{parts.path}?{parts.query}"):
        raise FieldRefused("link.somebody")
    return url


# --- Slack ids ---


def check_slack_id(text: str) -> str:
    """Strip and check a person's id. Raises FieldRefused."""
    slack_id = text.strip(" ")
    if not re.fullmatch(r"[UW][A-Z0-9]{4,20}", slack_id):
        raise FieldRefused("slack-id.invalid")
    return slack_id


#: The team's name as a whole word; «toten» is a municipality.
_TOT = re.compile(r"(?<![a-zæøå])tot(bot|team)?(?![a-zæøå])", re.IGNORECASE)


def names_tot(text: str) -> bool:
    """Return whether an address or a name mentions TOT."""
    return _TOT.search(text) is not None
