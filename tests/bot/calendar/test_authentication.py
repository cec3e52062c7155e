"""Authentication-Results: the grammar of RFC 8601, and whose verdict counts."""

from __future__ import annotations

import contextlib
import email

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.authentication import Malformed, Result, authserv_ids, parse, trust_in
from bot.domain.calendar.reply import Trust
from tests.every import every

SERVER = "mx.kommune.example"
KARI = "kari@etat.example"
PASS = "dmarc=pass header.from=etat.example"

#: Headers as servers write them, and their verdict.
REAL = {
    "Gmail": (
        "mx.google.com;\r\n       dkim=pass header.i=@etat.example header.s=s1 header.b=AbC/d+E=;\r\n"
        "       spf=pass (google.com: domain of kari@etat.example designates 192.0.2.1 as permitted sender)"
        " smtp.mailfrom=kari@etat.example;\r\n       dmarc=pass (p=REJECT sp=NONE dis=NONE)"
        " header.from=etat.example",
        ["dkim=pass", "spf=pass", "dmarc=pass"],
    ),
    "Rspamd": (
        "mx.kommune.example;\r\n\tdkim=pass header.d=etat.example header.s=s1 header.b=Ab12;\r\n"
        '\tdmarc=pass (policy=reject) header.from=etat.example;\r\n\tspf=pass (mx: "x" (y)) '
        "smtp.mailfrom=k@x.no",
        ["dkim=pass", "dmarc=pass", "spf=pass"],
    ),
    "OpenDKIM": (
        "mx.kommune.example (amavisd-new);\r\n\tdkim=pass (2048-bit key; unprotected) header.d=x.no "
        "header.i=@x.no "
        'header.a=rsa-sha256 header.b="a/b="',
        ["dkim=pass"],
    ),
    "OpenDMARC": ("OpenDMARC; dmarc=none (p=none dis=none) header.from=x.no", ["dmarc=none"]),
    "nothing checked": ("mx.kommune.example 1; none", []),
    "Exchange Online, which names nobody": (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x.no; dkim=pass header.d=x.no;dmarc=pass action=none"
        " header.from=x.no;compauth=pass reason=100",
        None,
    ),
}


@pytest.mark.parametrize(("value", "said"), REAL.values(), ids=REAL)
def test_headers_as_they_are_written(value: str, said: list[str] | None) -> None:
    if said is None:
        with pytest.raises(Malformed):
            parse(value)
    else:
        assert [f"{r.method}={r.result}" for r in parse(value)] == said


def headers(*values: str) -> bytes:
    lines = [v if v.startswith("Received:") else f"Authentication-Results: {v}" for v in values]
    return "\r\n".join([*lines, f"From: {KARI}", "", ""]).encode()


def trust(*values: str) -> Trust:
    return trust_in(email.message_from_bytes(headers(*values)), SERVER, KARI)


@every(
    "values",
    [
        (f"{SERVER}; dmarc=fail header.from=etat.example", f"{SERVER}; {PASS}"),
        (f"{SERVER}; spf=none", "Received: x", f"{SERVER}; {PASS}"),
        (f"{SERVER}; {PASS}", "Received: x", f"{SERVER}; dmarc=fail header.from=etat.example"),
        (f"{SERVER}; {PASS}", f"{SERVER}; ((("),
        (f"mx2.{SERVER}; {PASS}",),
        (f"{SERVER}.evil.example; {PASS}",),
        (f'"{SERVER} "; {PASS}',),
        (f"{SERVER}; {PASS} header.from=evil.example",),
        (f"{SERVER}; arc=pass; x-dmarc=pass header.from=etat.example",),
        (f"{SERVER}; " + "x=y " * 20_000 + PASS,),
    ],
)
def test_what_is_doubtful_is_not_vouched_for(values: tuple[str, ...]) -> None:
    """A server that leaves in a forged header with its own name is recognised by the header's position."""
    assert trust(*values) is Trust.DISOWNED


def test_what_is_said_twice_alike_still_counts() -> None:
    assert trust(f"{SERVER}; {PASS}", "Received: x", f"{SERVER}; {PASS}") is Trust.VOUCHED
    assert trust(f"mx.evil.example; {PASS}", f"{SERVER.upper()} 1; {PASS}") is Trust.VOUCHED
    assert trust(f'"{SERVER}"; {PASS}') is Trust.VOUCHED
    unnamed = trust_in(email.message_from_bytes(headers(f"{SERVER}; {PASS}")), None, KARI)
    assert unnamed is Trust.UNCHECKED, "without a name nobody's word counts"
    found = authserv_ids(headers(f"{SERVER}; none", "spf=pass", "B.example 1; none", f"{SERVER}; x=y"))
    assert found == [SERVER, "b.example"], "whose word a mail carries"


def test_comments_quotes_and_space_are_read_as_the_grammar_has_them() -> None:
    value = (
        f"{SERVER} (a (b) \\) ; dmarc=pass) 1 ;\r\n\tDKIM/1 = Pass (c) "
        'header.d="a;()\\"\\\\ =b"(d)header.b = x/y+z= ; spf=none;'
    )
    properties = (("header.d", 'a;()"\\ =b'), ("header.b", "x/y+z="))
    assert parse(value) == (Result("dkim", "pass", properties), Result("spf", "none"))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.text('a=;.() "\\dmrcps', max_size=200))
def test_nothing_but_malformed_is_raised_and_nothing_else_is_believed(value: str) -> None:
    with contextlib.suppress(Malformed):
        parse(value)
    line = " ".join(value.split())
    refused = f"{SERVER}; dmarc=fail header.from=etat.example"
    assert trust(refused, line) is not Trust.VOUCHED
    assert trust(f"{SERVER}; spf=fail smtp.mailfrom={line}") is not Trust.VOUCHED or "dmarc" in line
