"""Need to know: what any message may contain, decided here by the access table, not by the renderers.

Every field of the case has a canary. Every kind of message is rendered about every subject for every reader
in many states; none may have a canary that its reader is not entitled to at that moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.case.entities import StepKind
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.domain.notifications import (
    About,
    At,
    HeldAnswer,
    Kind,
    Params,
    PersonsChange,
    PlacementChange,
    Revision,
    Undelivered,
)
from bot.domain.overview.told import lasts, subject_of, tell
from bot.texts.words import words
from handlers.overview.card import card
from handlers.overview.home import home_view
from handlers.overview.home_model import HomeModel
from handlers.overview.waiting import open_asks
from tests.every import every
from tests.handlers.cases import CASE_MESSAGES, KINDS, NOW, STARTS, ctx, messages, render, some_params
from tests.handlers.delivery.disclosed_cases import (
    ANSWER,
    CODE,
    CONTENT,
    MOMENTS,
    QUESTION,
    SHELTER,
    STATES,
    agency_name,
    duty_line,
)
from tests.handlers.reading import shown

#: Of a question of taushetsplikt that was asked again at NOW.
ANEW = At(NOW)
#: People whom the case has nothing to say to, in any state.
STRANGERS = ("shelter", "health", "stranger")
READERS = (None, "lead", "second", "police", "police2", "child", "social", "guest", *STRANGERS)


def may_hold(file: CaseFile, reader: str | None, kind: Kind | None = None) -> set[str]:
    """Return the canaries that a reader is entitled to, by their role in the case at this moment.

    The minutes and the question to the chair tell somebody in the room what is posted there anyway.
    """
    names = {agency_name(key) for key in KINDS}
    outside = {"qztitlecounsel"}
    if reader is None:
        return {*CONTENT, *names, *outside}
    if reader in file.confirmed_coordinators():
        lines = {duty_line(key) for key in KINDS}
        return {*CONTENT, *names, *outside, *lines, "qzmailcounsel", QUESTION, ANSWER}
    if reader in file.room_people() and kind in (Kind.MINUTES, Kind.QUORUM):
        return {*CONTENT, *names}
    if kind is Kind.PART_OVER and _was_in(file, reader):
        return {CODE}
    if kind is Kind.ABSENCE_TOLD:
        return {agency_name(file.agencies[c.agency_id].key) for c in file.contacts if c.person_id == reader}
    own = {
        agency_name(file.agency_of(s.involvement_id).key)
        for s in file.seats_of(reader)
        if s.involvement_id and file.open and file.reached_directly(reader, s.involvement_id)
    }
    own |= {
        agency_name(file.agency_of(file.duty(s.duty_id).involvement_id).key)
        for s in file.steps
        if s.kind is StepKind.LEADER and (s.person_id, reader) == ("police2", "police2")
    }
    if reader in file.room_people():
        asked = {QUESTION, ANSWER} if any(q.asker == reader for q in file.questions) else set()
        return {*CONTENT, *own, *asked}
    own |= {
        agency_name(file.agencies[c.agency_id].key)
        for c in file.contacts
        if c.leader and c.person_id == reader
    }
    return own


def _was_in(file: CaseFile, reader: str) -> bool:
    """Return whether they have confirmed taushetsplikt for an agency's part, and so know the code."""
    return any(s.acknowledged_at and s.involvement_id for s in file.seats if s.person_id == reader)


def _asked_at_closing(file: CaseFile, reader: str) -> set[str]:
    """Home asks those who were in the case until it closed about the case, which their message names."""
    left = (s for s in file.seats if s.person_id == reader and file.left_by_closing(s))
    return {CODE} if any(s.acknowledged_at and s.involvement_id for s in left) else set()


CANARIES = frozenset(
    {
        *(*CONTENT, *SHELTER, QUESTION, ANSWER, "qzuid", "qztoken"),
        *(
            name
            for key in KINDS
            for name in (agency_name(key), duty_line(key), f"qztitle{key}", f"qzmail{key}")
        ),
    }
)


def canaries_in(text: str) -> set[str]:
    return {canary for canary in CANARIES if canary in text}


def all_params(kind: Kind) -> tuple[Params | None, ...]:
    if kind is Kind.NOT_DELIVERED:
        return (
            Undelivered(Kind.SUMMONS, "police", "0"),
            Undelivered(Kind.ACKNOWLEDGEMENT, "shelter", ""),
            Undelivered(Kind.MEETING_MOVED, None, "0.."),
            Undelivered(Kind.CALL_LIST, "second", ""),
        )
    if kind is Kind.HELD_REPLY:
        return (
            *(HeldAnswer("counter", "declined", STARTS, NOW, sequence) for sequence in (0, 1)),
            *(HeldAnswer("text", None, None, NOW, sequence) for sequence in (0, 1)),
        )
    if kind is Kind.PERSONS_CHANGED:
        return PersonsChange("B", closed=True), PersonsChange("C"), PersonsChange("Q")
    if kind is Kind.ACKNOWLEDGEMENT:
        return None, ANEW
    if kind is Kind.PLACEMENT_TOLD:
        return PlacementChange(ended=False), PlacementChange(ended=True)
    return (Revision(0), Revision(1)) if kind.params is Revision else (some_params(kind),)


def subjects(file: CaseFile) -> list[str]:
    lists = (
        *(file.involvements, file.seats, file.meetings, file.asks, file.duties, file.steps, file.liaisons),
        *(file.invitations, file.pauses, file.polls, file.actions, file.deadlines, file.placements),
        file.questions,
    )
    return ["case", *(each.id for things in lists for each in things)]


@pytest.mark.parametrize("kind", CASE_MESSAGES)
def test_no_message_holds_what_its_reader_may_not_know(kind: Kind) -> None:
    """Strangers to the case get no message. For a locked phone see tests/texts/test_lock_screen.py."""
    made_once = False
    for state, file in STATES.items():
        about = list(product(subjects(file), all_params(kind)))
        for reader in READERS:
            for delivery, made in messages(file, kind, reader, MOMENTS, about):
                made_once = True
                where = (state, reader, delivery.notification, delivery.now)
                assert reader not in STRANGERS, where
                assert not canaries_in(shown(made)) - may_hold(file, reader, kind), where
    assert made_once, "this kind of message is never made, so nothing was seen of it"


@every("state", STATES)
def test_whoever_is_told_something_may_read_it_while_it_lasts(state: str) -> None:
    file = STATES[state]
    for kind in (k for k in CASE_MESSAGES if k.about is not About.ANYTHING):
        things = (file.case,) if kind.about is About.CASE else about(file, kind)
        for thing in things:
            for told in tell(file, kind, thing, None if kind.params is Revision else some_params(kind)):
                assert told.recipient not in STRANGERS
                assert (subject_of(file, told) is thing) is lasts(file, kind, thing)


def about(file: CaseFile, kind: Kind) -> tuple[Any, ...]:
    if kind.about is About.ASKED:
        return (*file.asks, *file.invitations)
    things: tuple[Any, ...] = getattr(file, kind.about)
    return things


@every("key", ["child", "social"])
def test_the_question_put_anew_is_among_what_is_looked_at(key: str) -> None:
    file = STATES["moved before taushetsplikt"]
    made = render(ctx(file, Kind.ACKNOWLEDGEMENT, f"seat-{key}", key, params=ANEW))
    assert made is not None
    assert "(flyttet fra " in shown(made)
    assert render(ctx(file, Kind.ACKNOWLEDGEMENT, f"seat-{key}", key)) is None


@every("state", STATES)
def test_the_card_names_no_shelter(state: str) -> None:
    for now in MOMENTS:
        made = card(ctx(STATES[state], Kind.ROOM, "case", now=now))
        assert not canaries_in(shown(made)) - may_hold(STATES[state], None)


def homes(file: CaseFile, reader: str, now: datetime) -> Iterator[str]:
    reader_words, zone = words(Language.NB), ZoneInfo("Europe/Oslo")
    teams = [file.team] if file.coordinates(reader) else []
    own = [c for c in file.contacts if c.person_id == reader]
    for contacts in ([], own):
        model = HomeModel(
            file.persons[reader], [file], teams, words=reader_words, now=now, zone=zone, contacts=contacts
        )
        yield shown(home_view(model)["blocks"])
    yield shown(open_asks(HomeModel(file.persons[reader], [file], words=reader_words, now=now)))


@every("state", STATES)
@every("reader", [r for r in READERS if r is not None])
def test_home_holds_what_its_reader_may_know(state: str, reader: str) -> None:
    file = STATES[state]
    for now in MOMENTS:
        for seen in homes(file, reader, now):
            assert not canaries_in(seen) - may_hold(file, reader) - _asked_at_closing(file, reader)
