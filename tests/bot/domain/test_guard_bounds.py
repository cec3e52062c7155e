"""The guard's time grows with the length of a text alone, whatever it is made of."""

import time
from datetime import date

from bot.domain.guard import find_forbidden
from tests.every import every

TODAY = date(2026, 11, 24)
LENGTH = 4_000

HOSTILE = [
    # Digits, in a row and apart.
    *("1", "0", "1 ", "41 ", "123 ", "1...", "+47", "１", "1\u200b", "O0 ", "O"),
    # Letters, and what mails, plates and months begin with.
    *("a", "ab ", "a@", "a@a.", "-", "_", "a at ", "a at a dot ", "a(krøllalfa)", "mailto:", "AB ", "mai"),
    *("1. mai ", "1.1.", "ﷺ", " ", "\n"),
    # What is found, again and again.
    *("41234567 ", "010190 12345 ", "200012345678,", "a@b.no ", "AB12345,", "1.1.2000 "),
    # Of everything.
    *("a1@O.l 0+'-", "AB 1234 mai 1999 +47 41 2 a at b 1.1."),
]


def seconds(text: str) -> float:
    """The processor's time."""
    began = time.process_time()
    find_forbidden(text, today=TODAY)
    return time.process_time() - began


@every("piece", HOSTILE)
def test_four_times_the_length_takes_four_times_the_time(piece: str) -> None:
    """Not sixteen times, as what looks back would; at best, since others use the machine."""
    text = (piece * LENGTH)[:LENGTH]
    times = [(seconds(text), seconds(text[: LENGTH // 4])) for _ in range(2)]
    while len(times) < 12 and min(long for long, _ in times) > 8 * min(few for _, few in times):
        times.append((seconds(text), seconds(text[: LENGTH // 4])))
    assert min(long for long, _ in times) < 8 * min(few for _, few in times)


@every("at", range(1400, 2100, 47))
def test_what_lies_across_an_edge_is_found_once_and_as_what_it_is(at: int) -> None:
    filling = ("ord og\n" * LENGTH)[:at]
    text = f"{filling} 01019010046 {filling} ola@nordmann.no {filling}"
    kinds = [finding.kind.value for finding in find_forbidden(text, today=TODAY)]
    assert kinds == ["birth_number", "email"]


@every("at", range(1480, 1520, 7))
def test_no_edge_makes_a_number_of_a_longer_one(at: int) -> None:
    """An amount, a list and a long number, which pass, cut where a part of them would not."""
    for passes in ("kr 41 234 567", "kl 20.00-21.30", "9" * 9, "48, 49, 50, 51", "30.04.29 23"):
        text = ("ord og\n" * LENGTH)[:at] + f" {passes} " + "ord og\n" * 400
        assert find_forbidden(text, today=TODAY) == [], (at, passes)
