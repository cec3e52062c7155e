"""The mails to one calendar, in which order, with which SEQUENCE (RFC 5546, 2.1.4, 3.2.2, 3.2.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.calendar.entry import CalendarStep, CalendarUpdate, about_to_leave, noted_trouble, step_of
from bot.domain.case.calendar import PATIENCE, MailedEntry, Post, Trouble

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUE = CalendarUpdate(True, "kari@etat.example", 0, NOW + 24 * HOUR, NOW + 25 * HOUR, registered=False)
SENT = MailedEntry(
    *("entry", "kari@etat.example", "uid", "token", NOW, DUE.starts_at, DUE.ends_at, NOW, 0), post=Post.SENT
)


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
        # What is held, over or registered is left alone.
        ({"registered": True, "belongs": False}, {}, None),
        ({"starts_at": NOW, "asked": 1}, {}, None),
        ({"starts_at": NOW, "belongs": False}, {}, CalendarStep.CANCEL),
        ({"belongs": False}, {"ends_at": NOW}, None),
        ({"belongs": False}, {"cancelled": True, "post": Post.LEAVING, "ends_at": NOW}, None),
    ],
)
def test_the_next_step_of_an_entry(
    due: dict[str, Any], entry: dict[str, Any], step: CalendarStep | None
) -> None:
    found = step_of([replace(SENT, **entry)], replace(DUE, **due), NOW)
    assert (found[0] if found is not None else None) is step


@pytest.mark.parametrize(
    ("due", "made"),
    [({}, True), ({"wanted": False}, False), ({"belongs": False}, False), ({"starts_at": NOW}, False)],
)
def test_a_new_entry_is_made_of_what_is_wanted_and_ahead(due: dict[str, Any], made: bool) -> None:
    cancelled = replace(SENT, cancelled=True)
    for entries in ([], [cancelled]):
        assert step_of(entries, replace(DUE, **due), NOW) == ((CalendarStep.NEW, None) if made else None)
    waiting = replace(SENT, post=Post.WAITING)
    assert step_of([cancelled, waiting], DUE, NOW) == (CalendarStep.SEND, waiting)


def test_what_may_have_left_is_raised_and_what_has_not_is_changed_in_place() -> None:
    later = replace(DUE, asked=1, starts_at=NOW + 30 * HOUR)

    def told(post: Post, step: CalendarStep = CalendarStep.UPDATE, **how: bool) -> MailedEntry:
        entry = replace(SENT, post=post, tentative=True)
        return replace(entry, **about_to_leave(entry, step, later, NOW + HOUR, **how))

    raised = {post: told(post).sequence for post in Post}
    assert raised == {Post.WAITING: 0, Post.LEAVING: 1, Post.SENT: 1, Post.REFUSED: 0}
    update = told(Post.SENT)
    assert (update.starts_at, update.ask_sequence, update.stamped_at) == (later.starts_at, 1, NOW + HOUR)
    assert (update.post, update.tentative, update.cancelled) == (Post.LEAVING, False, False)
    assert told(Post.SENT, asks_again=False).tentative
    # A cancellation is of what was told; the same once more is the same, with its stamp.
    assert told(Post.SENT, CalendarStep.CANCEL).starts_at == SENT.starts_at
    assert told(Post.SENT, CalendarStep.CANCEL).cancelled
    assert told(Post.LEAVING, CalendarStep.SEND) == replace(SENT, post=Post.LEAVING, tentative=True)


def test_an_outage_is_noted_after_a_while_and_another_trouble_at_once() -> None:
    assert noted_trouble(SENT, Trouble.UNREACHABLE, NOW + PATIENCE - timedelta(seconds=1)) is None
    assert noted_trouble(SENT, Trouble.UNREACHABLE, NOW + PATIENCE) is Trouble.UNREACHABLE
    assert noted_trouble(SENT, Trouble.NO_TLS, NOW) is Trouble.NO_TLS
    known = replace(SENT, trouble=Trouble.LOGIN)
    assert noted_trouble(known, Trouble.UNREACHABLE, NOW) is Trouble.LOGIN
