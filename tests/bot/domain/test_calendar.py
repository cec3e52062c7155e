"""The mails to one calendar (RFC 5546, 2.1.4, 3.2.2, 3.2.5), and its answers, used or held."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot.domain.calendar.entry import CalendarStep, CalendarUpdate, about_to_leave, noted_trouble, step_of
from bot.domain.calendar.reply import (
    CLOCK_MARGIN,
    Doubt,
    IncomingMail,
    PartStat,
    Reply,
    Trust,
    judged,
    not_vouched,
    stale_doubt,
)
from bot.domain.case.calendar import PATIENCE, MailedEntry, Post, Trouble

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
    """Return the judgement of a mail whose only doubt can be its sender."""
    arrival = replace(MAIL, content=content, **facts)
    return judged(arrival, ENTRY, lambda _: not_vouched(arrival.trust))


def test_only_what_is_right_in_every_way_is_used() -> None:
    """Of every combination of right and wrong, exactly one is used."""
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
        ({"sequence": 3}, {}, None, Doubt.OUTDATED),
        ({"sequence": 1}, {}, None, Doubt.OUTDATED),
        # Also before the update of a move has left.
        ({}, {"ask_sequence": 0}, None, Doubt.OUTDATED),
        # A clock that runs ahead would block later answers.
        ({"stamp": NOW + CLOCK_MARGIN}, {}, None, None),
        ({"stamp": NOW + CLOCK_MARGIN + SECOND}, {}, None, Doubt.NO_ANSWER),
        # Late mails in order are all used.
        ({}, {"reply_sequence": 2, "reply_stamp": NOW - SECOND}, None, None),
        ({}, {"reply_sequence": 1, "reply_stamp": NOW + SECOND}, None, None),
        ({}, {"reply_sequence": 2, "reply_stamp": NOW}, None, Doubt.OUTDATED),
        ({}, {"reply_sequence": 2, "reply_stamp": NOW + SECOND}, None, Doubt.OUTDATED),
        # Older than the answer in Slack; a calendar's times are whole seconds.
        ({}, {}, NOW + SECOND, Doubt.OUTDATED),
        ({}, {}, NOW + SECOND / 2, None),
        ({}, {"replied_at": NOW + SECOND}, NOW + SECOND, None),
    ],
)
def test_an_answer_is_to_what_was_told_last_and_newer_than_all_before_it(
    reply: dict[str, Any], entry: dict[str, Any], answered: datetime | None, doubt: Doubt | None
) -> None:
    assert stale_doubt(replace(REPLY, **reply), replace(ENTRY, **entry), DUE, answered, NOW) is doubt


def test_an_answer_is_too_late_once_the_meeting_has_begun() -> None:
    assert stale_doubt(REPLY, ENTRY, DUE, None, STARTS) is Doubt.OUTDATED
    assert stale_doubt(REPLY, ENTRY, DUE, None, STARTS - SECOND) is None


OWED = replace(DUE, asked=0)
SENT = replace(ENTRY, ask_sequence=0, sequence=0, post=Post.SENT)


@pytest.mark.parametrize(
    ("due", "entry", "step"),
    [
        ({}, {}, None),
        ({"asked": 1}, {}, CalendarStep.UPDATE),
        ({"asked": 1}, {"post": Post.WAITING}, CalendarStep.UPDATE),
        ({}, {"post": Post.WAITING}, CalendarStep.SEND),
        ({}, {"post": Post.LEAVING}, CalendarStep.SEND),
        ({}, {"post": Post.REFUSED}, None),
        ({"belongs": False}, {}, CalendarStep.CANCEL),
        ({"belongs": False}, {"post": Post.WAITING}, CalendarStep.DROP),
        ({"belongs": False}, {"post": Post.REFUSED}, CalendarStep.DROP),
        ({"belongs": False}, {"post": Post.WAITING, "sequence": 1}, CalendarStep.CANCEL),
        ({"address": "new@etat.example"}, {}, CalendarStep.CANCEL),
        ({"belongs": False}, {"cancelled": True, "post": Post.LEAVING}, CalendarStep.SEND),
        ({"belongs": False}, {"cancelled": True}, None),
        # Held, past or registered meetings are left unchanged.
        ({"registered": True, "belongs": False}, {}, None),
        ({"starts_at": NOW, "asked": 1}, {}, None),
        ({"starts_at": NOW, "belongs": False}, {}, CalendarStep.CANCEL),
        ({"belongs": False}, {"ends_at": NOW}, None),
        ({"belongs": False}, {"cancelled": True, "post": Post.LEAVING, "ends_at": NOW}, None),
    ],
)
def test_the_step_of_an_entry(due: dict[str, Any], entry: dict[str, Any], step: CalendarStep | None) -> None:
    found = step_of([replace(SENT, **entry)], replace(OWED, **due), NOW)
    assert (found[0] if found is not None else None) is step


@pytest.mark.parametrize(
    ("due", "made"),
    [({}, True), ({"wanted": False}, False), ({"belongs": False}, False), ({"starts_at": NOW}, False)],
)
def test_a_new_entry_is_made_of_what_is_wanted_and_ahead(due: dict[str, Any], made: bool) -> None:
    cancelled = replace(SENT, cancelled=True)
    for entries in ([], [cancelled]):
        assert step_of(entries, replace(OWED, **due), NOW) == ((CalendarStep.NEW, None) if made else None)
    waiting = replace(SENT, post=Post.WAITING)
    assert step_of([cancelled, waiting], OWED, NOW) == (CalendarStep.SEND, waiting)


def test_what_may_have_left_is_raised_and_what_has_not_is_changed_in_place() -> None:
    later = replace(OWED, asked=1, starts_at=NOW + 30 * HOUR)

    def told(post: Post, step: CalendarStep = CalendarStep.UPDATE) -> MailedEntry:
        entry = replace(SENT, post=post)
        return replace(entry, **about_to_leave(entry, step, later, NOW + HOUR))

    raised = {post: told(post).sequence for post in Post}
    assert raised == {Post.WAITING: 0, Post.LEAVING: 1, Post.SENT: 1, Post.REFUSED: 0}
    assert told(Post.SENT).ask_sequence == 1
    assert told(Post.SENT, CalendarStep.CANCEL).starts_at == SENT.starts_at, "it repeats what was sent"


def test_an_outage_is_noted_after_a_while_and_another_trouble_at_once() -> None:
    assert noted_trouble(SENT, Trouble.UNREACHABLE, NOW + PATIENCE - timedelta(seconds=1)) is None
    assert noted_trouble(SENT, Trouble.UNREACHABLE, NOW + PATIENCE) is Trouble.UNREACHABLE
    assert noted_trouble(SENT, Trouble.NO_TLS, NOW) is Trouble.NO_TLS
    known = replace(SENT, trouble=Trouble.LOGIN)
    assert noted_trouble(known, Trouble.UNREACHABLE, NOW) is Trouble.LOGIN
