"""Answers from calendars, used or held: by who sent them, to where, about what, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot.domain.calendar.entry import CalendarUpdate
from bot.domain.calendar.reply import (
    CLOCK_MARGIN,
    MOST_HELD,
    Bounced,
    Doubt,
    HeldReply,
    Ignored,
    IncomingMail,
    PartStat,
    Reply,
    Trust,
    held_answer,
    is_surely_theirs,
    judged,
    newest_held,
    not_of_now,
    not_vouched,
    with_held,
)
from bot.domain.case.calendar import MailedEntry
from bot.domain.notification_params import HeldAnswer

NOW = datetime(2026, 12, 1, 8, 5, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
STARTS = NOW + 24 * HOUR
ENTRY = MailedEntry(
    *("entry", "kari@etat.example", "uid-of-the-first-entry", "token", NOW, STARTS, STARTS + HOUR, NOW, 1, 2)
)
DUE = CalendarUpdate(True, ENTRY.address, 1, STARTS, STARTS + HOUR, registered=False)
REPLY = Reply(ENTRY.uid, 2, NOW, ENTRY.address, PartStat.ACCEPTED)
MAIL = IncomingMail(ENTRY.token, ENTRY.address, REPLY, Trust.VOUCHED)


def told(content: Any, **facts: Any) -> Any:
    """Return what is made of a mail, of which nothing else is doubtful than who sent it."""
    arrival = replace(MAIL, content=content, **facts)
    return judged(arrival, ENTRY, lambda _: not_vouched(arrival.trust))


def test_only_what_is_right_in_every_way_is_used() -> None:
    """Every combination of right and wrong; one of them is used."""
    every = product(
        (ENTRY.token, "another", None),
        (ENTRY.uid, "another"),
        (ENTRY.address, "other@etat.example", "mallory@evil.example"),
        (ENTRY.address, "other@etat.example", None),
        Trust,
    )

    def is_used(token: str | None, uid: str, attendee: str, sender: str | None, trust: Trust) -> bool:
        reply = replace(REPLY, uid=uid, attendee=attendee)
        return isinstance(told(reply, token=token, sender=sender, trust=trust), Reply)

    used = [each for each in every if is_used(*each)]
    assert used == [(ENTRY.token, ENTRY.uid, ENTRY.address, ENTRY.address, Trust.VOUCHED)]


@pytest.mark.parametrize(
    ("reply", "entry", "answered", "doubt"),
    [
        ({}, {}, None, None),
        ({"sequence": 3}, {}, None, Doubt.UNKNOWN_SEQUENCE),
        ({"sequence": 1}, {}, None, Doubt.STALE),
        # Before the update of a move has left, too.
        ({}, {"ask_sequence": 0}, None, Doubt.STALE),
        # A clock that runs ahead would block later answers.
        ({"stamp": NOW + CLOCK_MARGIN}, {}, None, None),
        ({"stamp": NOW + CLOCK_MARGIN + SECOND}, {}, None, Doubt.BROKEN),
        # Mails that come late but in order are all used.
        ({}, {"reply_sequence": 2, "reply_stamp": NOW - SECOND}, None, None),
        ({}, {"reply_sequence": 1, "reply_stamp": NOW + SECOND}, None, None),
        ({}, {"reply_sequence": 2, "reply_stamp": NOW}, None, Doubt.REPLAYED),
        ({}, {"reply_sequence": 2, "reply_stamp": NOW + SECOND}, None, Doubt.STALE),
        # Older than what was said in Slack; a calendar tells whole seconds.
        ({}, {}, NOW + SECOND, Doubt.STALE),
        ({}, {}, NOW + SECOND / 2, None),
        ({}, {"replied_at": NOW + SECOND}, NOW + SECOND, None),
    ],
)
def test_an_answer_is_to_what_was_told_last_and_newer_than_all_before_it(
    reply: dict[str, Any], entry: dict[str, Any], answered: datetime | None, doubt: Doubt | None
) -> None:
    assert not_of_now(replace(REPLY, **reply), replace(ENTRY, **entry), DUE, answered, NOW) is doubt


def test_an_answer_is_too_late_once_the_meeting_has_begun() -> None:
    assert not_of_now(REPLY, ENTRY, DUE, None, STARTS) is Doubt.TOO_LATE
    assert not_of_now(REPLY, ENTRY, DUE, None, STARTS - SECOND) is None


def test_a_proposal_in_their_name_is_not_shown_as_theirs() -> None:
    counter = HeldReply(Doubt.COUNTER, None, STARTS)
    assert told(counter) == counter
    assert told(counter, sender="other@etat.example") == replace(counter, start=None)
    assert told(counter, trust=Trust.DISOWNED) == HeldReply(Doubt.FORGED)
    assert told(counter, trust=Trust.UNCHECKED) == HeldReply(Doubt.UNCHECKED)
    text = HeldReply(Doubt.TEXT)
    assert told(text, trust=Trust.DISOWNED) == text


def test_a_bounce_is_of_ours_or_of_no_mail_that_it_names() -> None:
    for name, ours in ((None, True), (ENTRY.message_name, True), ("another", False)):
        found = told(Bounced(name), sender="mailer-daemon@x.example")
        assert found == (HeldReply(Doubt.BOUNCED) if ours else Ignored())
    assert told(Ignored()) == Ignored()


def test_of_each_hour_the_newest_is_kept_and_no_more_than_are_of_use() -> None:
    kept: tuple[HeldAnswer, ...] = ()
    for hours in range(2 * MOST_HELD):
        for doubt in (Doubt.TEXT, Doubt.COUNTER):
            kept = with_held(kept, held_answer(HeldReply(doubt, None, STARTS), 0, NOW + hours * HOUR))
    assert len(kept) == MOST_HELD
    assert {held.doubt for held in kept} == {Doubt.COUNTER}
    first = held_answer(HeldReply(Doubt.TEXT), 0, NOW + (2 * MOST_HELD - 1) * HOUR)
    assert newest_held([replace(ENTRY, held=kept)], first) == kept[-1]
    gone = held_answer(HeldReply(Doubt.TEXT), 0, NOW)
    assert newest_held([replace(ENTRY, held=kept)], gone) == gone


def test_what_somebody_else_can_have_written_hides_nothing_of_theirs() -> None:
    def held(doubt: Doubt, start: datetime | None = None) -> bool:
        return is_surely_theirs(held_answer(HeldReply(doubt, None, start), 0, NOW))

    assert held(Doubt.STALE)
    assert held(Doubt.COUNTER, STARTS)
    assert not held(Doubt.COUNTER)
    assert not held(Doubt.FORGED)
