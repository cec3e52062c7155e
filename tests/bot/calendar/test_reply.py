"""Reading replies: every mail of the corpus, and randomly damaged mails."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.reply import read_arrival
from bot.domain.calendar.reply import Reply
from handlers.mail.reader import checked
from tests.bot.calendar.corpus import BOT, CORPUS, SECRET, SERVER, Case
from tests.every import every


@every("case", CORPUS)
def test_each_mail_is_what_it_is_and_nothing_that_was_written_is_kept(case: Case) -> None:
    found = read_arrival(case.raw, BOT, None, SERVER)
    assert found == case.arrival
    assert not any(word in repr(found) for word in SECRET.split())


SMALL = [case for case in CORPUS if len(case.raw) < 20_000]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SMALL), st.randoms(use_true_random=False), st.integers(1, 12))
def test_no_exception_escapes_from_a_spoilt_mail(case: Case, chance: random.Random, spoils: int) -> None:
    raw = bytearray(case.raw)
    for _ in range(spoils):
        at = chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randrange(1, 60)]
            case 2:
                raw[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20)))
            case 3:
                end = at + chance.randrange(1, 200)
                raw[at:at] = raw[at:end]
        if not raw:
            raw.extend(b"x")
    # A damaged mail that still has everything an answer needs may be read as one.
    arrival = read_arrival(bytes(raw), BOT)
    if isinstance(arrival.content, Reply):
        assert arrival.content.attendee == arrival.sender
        assert arrival.content.stamp.utcoffset() is not None


def test_an_answer_with_an_instant_that_no_zone_holds_is_refused() -> None:
    content = b'{"doubt": "counter", "answer": null, "start": "9999-12-31T23:59:59Z", "uid": null}'
    with pytest.raises(ValueError, match="a year"):
        checked(b'{"token": null, "sender": null, "trust": "vouched", "content": ' + content + b"}")
