"""Fields with their own check, and what a typed text becomes before it is kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import validators
from bot.domain.errors import Invalid
from bot.usecases.validation import check_text
from tests.bot.cast import T0
from tests.every import every

HOSTS = ["teams.microsoft.com", "Whereby.com"]


@every(
    ("text", "address"),
    [
        ("vakt@bergen.kommune.no", "vakt@bergen.kommune.no"),
        (" Vakt.Exit@Politiet.NO ", "Vakt.Exit@politiet.no"),
        ("o'hara+tot@example.no", "o'hara+tot@example.no"),
        ("post@måsøy.kommune.no", "post@xn--msy-ula0h.kommune.no"),
    ],
)
def test_a_work_mail_is_made_plain(text: str, address: str) -> None:
    mail = validators.check_work_mail(text)
    assert mail.address == address
    assert not mail.private_webmail


@every("domain", ["gmail.com", "Hotmail.no", "hotmail.co.uk", "outlook.com", "online.no", "proton.me"])
def test_a_private_webmail_is_flagged_and_not_refused(domain: str) -> None:
    assert validators.check_work_mail(f"vakt@{domain}").private_webmail


@every(
    "text",
    [
        *("", "vakt", "@example.no", "vakt@", "vakt@localhost", "vakt@example", "vakt@@example.no"),
        *("vakt vakt@example.no", "Vakt <vakt@example.no>", "a@example.no,b@example.no"),
        *("a@example.no b@example.no", ".vakt@example.no", "va..kt@example.no", "vakt@-example.no"),
        *("vakt@example..no", "vakt@[127.0.0.1]", "vakt@127.0.0.1", '"vakt"@example.no', "våkt@example.no"),
        "v" * 65 + "@example.no",
        "v@" + "a" * 63 + "." + "a" * 63 + "." + "a" * 63 + "." + "a" * 63 + ".no",
    ],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(validators.MailRefused, match=r"^mail\.not-an-address$"):
        validators.check_work_mail(text)


@every("injected", ["\n", "\r\nBcc: x@example.no", "\0", "\u2028", "\u200b", "\x85"])
def test_no_mail_address_can_carry_a_header(injected: str) -> None:
    with pytest.raises(validators.MailRefused, match=r"^mail\.control-characters$"):
        validators.check_work_mail(f"vakt@example.no{injected}")


@every(
    ("text", "digits", "written"),
    [
        ("112", "112", "112"),
        ("02800", "02800", "02800"),
        ("116117", "116117", "116 117"),
        ("116 111", "116111", "116 111"),
        ("55568000", "55568000", "55 56 80 00"),
        ("+47 5556 8000", "55568000", "55 56 80 00"),
        ("0047-22.11.22.33", "22112233", "22 11 22 33"),
        ("(+47) 412 34 567", "41234567", "412 34 567"),
        ("91 23 45 67", "91234567", "912 34 567"),
        ("80033321", "80033321", "800 33 321"),
    ],
)
def test_a_duty_line_is_grouped_as_norwegians_write_it(text: str, digits: str, written: str) -> None:
    assert validators.check_duty_line(text) == written
    assert written.replace(" ", "") == digits
    assert validators.check_duty_line(written) == validators.check_duty_line(text)


@every(
    "text",
    [
        *("", "ring", "911", "1881", "1234567", "123456789", "+46701234567", "12345678", "00000"),
        *("55568000 (døgnvakt)", "٥٥٥٦٨٠٠٠"),
    ],
)
def test_what_is_no_norwegian_number_is_refused(text: str) -> None:
    with pytest.raises(validators.FieldRefused, match=r"^duty-line\.not-a-number$"):
        validators.check_duty_line(text)


@every(
    ("url", "host"),
    [
        ("https://teams.microsoft.com/l/meetup-join/19%3ameeting?context=%7b%7d", "teams.microsoft.com"),
        ("HTTPS://Teams.Microsoft.com:443/l/x", "teams.microsoft.com"),
        ("https://bergen.whereby.com/rom", "bergen.whereby.com"),
        (
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NmY1%40thread.tacv2/0?context=%7b%22Tid%22"
            "%3a%224d6f4f3a-1b2c-4d5e-8f90-123456789012%22%7d",
            "teams.microsoft.com",
        ),
        ("https://teams.microsoft.com/meet/4151086950880?p=Kx2", "teams.microsoft.com"),
        ("https://bergen.whereby.com/91234567?tlf=41234567", "bergen.whereby.com"),
    ],
)
def test_a_link_on_an_approved_host_or_below_it_passes(url: str, host: str) -> None:
    link = validators.check_meeting_link(f" {url} ", HOSTS)
    assert (link.url, link.host) == (url, host)
    assert "/" not in repr(link)


#: By the name of the refusal; the «о» in one of them is Cyrillic.
WRONG_LINKS: dict[str, tuple[str, ...]] = {
    "link.not-https": ("http://teams.microsoft.com/x",),
    "link.not-a-link": (
        *("javascript:alert(1)", "teams.microsoft.com/x", "", "https://", "https:///x"),
        *("https://teams.microsoft.com./x", "https://teams.microsoft.com:8443/x"),
        *("https://teams.microsoft.com:port/x", "https://127.0.0.1/x", "https://[::1]/x", "https://[::1/x"),
        *("https://teams.microsoft.com\\@evil.example/x", "https://teams.micrоsoft.com/x"),
        *("https://teams.microsoft.com/a b", "https://teams.microsoft.com/a\r\nb"),
        *("https://teams.microsoft.com/x|tekst>", "https://teams.microsoft.com/" + "a" * 2000),
    ),
    "link.credentials": (
        *("https://user:pass@teams.microsoft.com/x", "https://teams.microsoft.com@evil.example/x"),
        "https://@teams.microsoft.com/x",
    ),
    "link.fragment": ("https://teams.microsoft.com/x#key", "https://teams.microsoft.com/x#"),
    "link.somebody": (
        *("https://teams.microsoft.com/x?for=15108695088", "https://teams.microsoft.com/151086-95088"),
        "https://teams.microsoft.com/x?for=%31%35108695088",
        "https://teams.microsoft.com/x?for=151086+95088",
        "https://teams.microsoft.com/x?mail=kari%40example.no",
        "https://teams.microsoft.com/x?mail=kari%2540example.no",
        "https://teams.microsoft.com/x?mail=kari@example.no",
    ),
    "link.host-not-approved": (
        *("https://evil.example/teams.microsoft.com", "https://evilwhereby.com/x"),
        *("https://teams.microsoft.com.evil.example/x", "https://microsoft.com/x"),
    ),
}


@every(("url", "code"), [(url, code) for code, urls in WRONG_LINKS.items() for url in urls])
def test_every_other_link_is_refused_by_name(url: str, code: str) -> None:
    with pytest.raises(validators.LinkRefused, match=f"^{re.escape(code)}$"):
        validators.check_meeting_link(url, HOSTS)


def test_without_approved_hosts_no_link_passes() -> None:
    with pytest.raises(validators.LinkRefused, match=r"^link\.host-not-approved$"):
        validators.check_meeting_link("https://teams.microsoft.com/x", [])


def test_slack_ids_are_those_of_people() -> None:
    assert validators.check_slack_id(" U01AB2CD3EF ") == "U01AB2CD3EF"
    for text in ["", "C01AB2CD3EF", "u01ab2cd3ef", "U01", "<@U01AB2CD3EF>", "U01AB2CD3EF\n", "@vakt"]:
        with pytest.raises(validators.FieldRefused, match=r"^slack-id\.invalid$"):
            validators.check_slack_id(text)


@given(st.text())
def test_an_error_never_repeats_what_was_written(text: str) -> None:
    for check in (
        validators.check_work_mail,
        validators.check_duty_line,
        validators.check_slack_id,
        lambda t: validators.check_meeting_link(t, HOSTS),
    ):
        with pytest.raises(validators.FieldRefused) as refusal:
            check(f"x {text}")
        assert str(refusal.value) == refusal.value.code


@every(
    ("typed", "kept"),
    [
        ("Ring\n*Saken er lukket*", "Ring *Saken er lukket*"),
        ("Ring\r\nUDI", "Ring  UDI"),
        ("Ring\u2028UDI\u2029nå", "Ring UDI nå"),
        ("Ring \u202eIDU\u202c", "Ring IDU"),
        ("\u2066Ring\u2069 UDI\u200b", "Ring UDI"),
        ("Ring\x00UDI\x08", "Ring UDI"),
        ("  Ring UDI – på «dagtid» 👍🏽 ", "Ring UDI – på «dagtid» 👍🏽"),
    ],
)
def test_a_field_of_one_line_gives_one_line(typed: str, kept: str) -> None:
    assert check_text("text", typed, T0) == kept


@every(
    ("typed", "kept"),
    [
        ("Ta med:\n\n– lader", "Ta med:\n\n– lader"),
        ("Ta med:\r\nlader\rnøkkel", "Ta med:\nlader\nnøkkel"),
        ("Ta med\u2028 \u202elader\x00\n", "Ta med  lader"),
    ],
)
def test_a_field_of_several_lines_keeps_them_and_nothing_else(typed: str, kept: str) -> None:
    assert check_text("note", typed, T0, several_lines=True) == kept


@every("several_lines", [False, True])
def test_the_guard_looks_at_what_is_kept(several_lines: bool) -> None:
    for typed in ("ring 41 23\n45 67", "ring 41\u200b234567", "ring 41\u202e234567"):
        with pytest.raises(Invalid):
            check_text("text", typed, T0, several_lines=several_lines)
