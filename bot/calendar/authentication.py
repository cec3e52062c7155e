"""The verdict of our own mail server on a mail's sender: Authentication-Results (RFC 8601).

Anybody can write such a header into a mail. A header counts if it names our server, which removes headers
under its name that came from outside (RFC 8601, 5). Domains are aligned when they are the same or one is a
subdomain of the other: to compare organizational domains would take the public suffix list (RFC 7489, 3.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from bot.domain.calendar.reply import Trust

HEADER = "authentication-results"
#: In characters. A longer header is malformed: the time to find the tokens below grows with its length.
LONGEST = 20_000
_TOKENS = re.compile(
    r"""(?P<space>\s+)
      | "(?P<quoted>(?:[^"\\]|\\.)*)"
      | (?P<open>\()
      | (?P<end>;)
      | (?P<word>[^\s;()"\\]+)""",
    re.VERBOSE | re.DOTALL,
)
#: Comments nest (RFC 5322, 3.2.2).
_IN_COMMENT = re.compile(r"[^()\\]+|\\.|(?P<open>\()|(?P<close>\))", re.DOTALL)
_RESULT = re.compile(r"([a-z][a-z0-9-]*)(?:/\d+)?=([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z][a-z0-9-]*(?:\.[a-z][a-z0-9_-]*)?)=(.*)", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9._/-]*=", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]+")


class Malformed(ValueError):
    """A header breaks the grammar (RFC 8601, 2.2)."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one method, with its properties («header.from» → domain)."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def domain(self, name: str) -> str | None:
        """Return the domain of a property; None unless the property occurs once and holds a domain."""
        found = [value for key, value in self.properties if key == name]
        domain = found[0].rpartition("@")[2].lower().removesuffix(".") if len(found) == 1 else ""
        return domain if _DOMAIN.fullmatch(domain) else None


#: The results of one header.
Verdict = tuple[Result, ...]


def trust_in(mail: Message, authserv_id: str | None, sender: str | None) -> Trust:
    """Return whether our own server vouches for the domain of `sender`."""
    if authserv_id is None:
        return Trust.UNCHECKED
    domain = (sender or "").rpartition("@")[2]
    try:
        top, others = _own(mail, authserv_id.lower())
        vouched = bool(domain) and _agree(top) and others <= _all(top) and _pass(_all(top), domain)
    except Malformed:
        vouched = False
    return Trust.VOUCHED if vouched else Trust.DISOWNED


def authserv_ids(head: bytes) -> list[str]:
    """Return the names of the servers whose results a mail's header carries, topmost first."""
    values = BytesHeaderParser().parsebytes(head).get_all(HEADER, [])
    return [name for name in dict.fromkeys(_name_in(str(value)) for value in values) if name is not None]


def parse(value: str) -> Verdict:
    """Return the results in a header's value. Raise Malformed if it cannot be parsed."""
    if len(value) > LONGEST:
        raise Malformed
    rest = list(_id_of(value)[1])
    if [[word.lower() for word in part] for part in rest] == [["none"]]:
        return ()
    return tuple(_result(part) for part in rest)


def _own(mail: Message, authserv_id: str) -> tuple[Sequence[Verdict], frozenset[Result]]:
    """Return our server's headers on top of the mail, and the results of those further down.

    The server writes its headers together: what is below the next Received came with the mail.
    """
    top: list[Verdict] = []
    others: set[Result] = set()
    below = False
    for name, value in mail.items():
        if name.lower() == "received":
            below = bool(top)
        elif name.lower() == HEADER and _name_in(str(value)) == authserv_id:
            verdict = parse(str(value))
            if below:
                others.update(verdict)
            else:
                top.append(verdict)
    return top, frozenset(others)


def _name_in(value: str) -> str | None:
    try:
        return _id_of(value)[0]
    except Malformed:
        return None


def _all(verdicts: Sequence[Verdict]) -> frozenset[Result]:
    return frozenset(result for verdict in verdicts for result in verdict)


def _agree(verdicts: Sequence[Verdict]) -> bool:
    """Return whether each method that occurs in two headers has the same results in both."""
    said: dict[str, set[Result]] = {}
    for verdict in verdicts:
        for method in {r.method for r in verdict}:
            results = {r for r in verdict if r.method == method}
            if said.setdefault(method, results) != results:
                return False
    return True


def _pass(results: frozenset[Result], domain: str) -> bool:
    dmarc = [r for r in results if r.method == "dmarc"]
    if dmarc:
        return len(dmarc) == 1 and dmarc[0].result == "pass" and dmarc[0].domain("header.from") == domain
    spf = [r for r in results if r.method == "spf"]
    if len(spf) == 1 and spf[0].result == "pass" and _aligned(spf[0].domain("smtp.mailfrom"), domain):
        return True
    signed = (r.domain("header.d") for r in results if (r.method, r.result) == ("dkim", "pass"))
    return any(_aligned(each, domain) for each in signed)


def _aligned(one: str | None, other: str) -> bool:
    if one is None or not _DOMAIN.fullmatch(other):
        return False
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _id_of(value: str) -> tuple[str, Iterator[list[str]]]:
    """Return the authserv-id in lower case, and an iterator over the parts after it."""
    parts = _parts(value)
    first = next(parts, None)
    # A version may follow it.
    if not first or len(first) > 2 or "=" in first[0] or (len(first) == 2 and not first[1].isdigit()):
        raise Malformed
    return first[0].lower(), parts


def _result(part: list[str]) -> Result:
    said = _RESULT.fullmatch(part[0]) if part else None
    properties = [_PROPERTY.fullmatch(each) for each in part[1:]]
    if said is None or None in properties:
        raise Malformed
    pairs = tuple((each[1].lower(), each[2]) for each in properties if each is not None)
    return Result(said[1].lower(), said[2].lower(), pairs)


def _parts(value: str) -> Iterator[list[str]]:
    """Yield the words between semicolons, without comments. A quoted string joins the word before it.

    White space around the «=» of a name is left out.
    """
    words: list[str] = []
    joined = False
    for kind, text in _tokens(value):
        if kind == "end":
            yield words
            words, joined = [], False
        elif kind == "space":
            joined = False
        elif words and (joined or text.startswith("=") or _NAME.fullmatch(words[-1])):
            words[-1] += text
            joined = True
        else:
            words.append(text)
            joined = True
    if words:  # some servers end with a semicolon
        yield words


def _tokens(value: str) -> Iterator[tuple[str, str]]:
    at = depth = 0
    while at < len(value):
        found = (_IN_COMMENT if depth else _TOKENS).match(value, at)
        if found is None:
            raise Malformed
        at, kind = found.end(), found.lastgroup or ""
        if kind == "open" or depth:
            depth += {"open": 1, "close": -1}.get(kind, 0)
            yield "space", " "
        elif kind == "quoted":
            yield kind, re.sub(r"\\(.)", r"\1", found["quoted"], flags=re.DOTALL)
        else:
            yield kind, found[0]
    if depth:
        raise Malformed
