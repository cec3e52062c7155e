"""Slack accepts every message and form, however large the case: checked as the local workspace does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.access import Action
from bot.domain.case.entities import (
    Answer,
    Arrival,
    Ask,
    Attendance,
    Correction,
    DeclineReason,
    Duty,
    Seat,
    SeatRole,
)
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, AgencyKind, Contact, Person
from bot.domain.language import Language
from bot.domain.notifications import Kind, Revision
from bot.texts.words import words
from bot.usecases.directory.partners.schema import LONGEST_NAME, LONGEST_TEXT
from bot.usecases.validation import NOTE
from handlers.blocks import inputs
from handlers.blocks.context import Block, Message
from handlers.blocks.elements import bullets, clip, divider, parts
from handlers.blocks.formatting import fit
from handlers.overview.card import card as card_of
from handlers.overview.choices import choices_view, more_choices_view
from handlers.overview.home import home_view
from handlers.overview.home_model import HomeModel
from handlers.overview.waiting import open_asks, summary
from handlers.subjects import joined
from sandbox.block_kit.checks import check_message, check_view, view_bytes
from tests.every import every
from tests.handlers.cases import (
    ASKED,
    CASE_MESSAGES,
    NOW,
    STARTS,
    TEAM,
    amend,
    base,
    busy,
    ctx,
    render,
    some_params,
)

NASTY = "<!channel> *x* <@U0EVIL> & "
#: A name and a note at their maximum length, which grow when escaped.
NAME = (NASTY + "Æ&<" * LONGEST_NAME)[:LONGEST_NAME]
LONG = (NASTY + "Æ&<" * NOTE.longest)[: NOTE.longest]
AWAY = Attendance.ABSENT_WITHOUT_NOTICE


def crowded(agencies: int, *, ended: int = 0) -> CaseFile:
    """Return a case with 26 persons, this many agencies reached only by mail, and texts of maximum length."""
    rules = replace(
        TEAM.rules,
        statement=((Language.NB, (f"{LONG} " * 10)[:LONGEST_TEXT]),),
        places=(NAME, "Rom"),
        link_hosts=("meet.example",),
    )
    file = amend(base(), "team", rules=rules, name=NAME)
    file = amend(amend(file, "agency-police", name=NAME), "contact-police", title=NAME)
    file = amend(file, "case", persons=26)
    file = amend(file, "meeting", note=LONG, place=NAME, link=f"https://{'x' * 900}.example/")
    parts, seats, duties, asks, people = [], [], [], [], dict(file.persons)
    known, contacts = dict(file.agencies), list(file.contacts)
    for n in range(agencies):
        key = f"{n:03}" + "k" * 19
        known[key] = Agency(
            key, "team", key, AgencyKind.HEALTH, f"{n} {NAME}"[:LONGEST_NAME], duty_line="5" * 60
        )
        contacts.append(Contact(f"c{key}", key, key, 1, title=NAME))
        people[key] = Person(key, work_mail=f"{key}@mail.example")
        part = replace(file.involvements[0], id=f"i{key}", agency_id=key, persons=file.case.letters)
        parts.append(replace(part, ended_at=NOW if n < ended else None))
        seats.append(Seat(f"s{key}", "case", key, SeatRole.AGENCY, ASKED, f"i{key}"))
        duties.append(Duty(f"d{key}", "case", "meeting", f"i{key}", ASKED))
        asks.append(Ask(f"a{key}", "case", f"d{key}", "meeting", key, key, ASKED, 0))
    return replace(
        file,
        involvements=(*file.involvements, *parts),
        seats=(*file.seats, *seats),
        duties=(*file.duties, *duties),
        asks=(*file.asks, *asks),
        agencies=known,
        contacts=tuple(contacts),
        persons=people,
    )


def fits(made: Message) -> bool:
    assert check_message(made.blocks) == []
    is_no_markup(made.blocks)
    return True


def view_fits(view: Block) -> None:
    assert check_view(view) == []
    assert view_bytes(view) <= 250_000
    is_no_markup(view["blocks"])


def is_no_markup(part: Any) -> None:
    """Names are escaped wherever Slack reads markup, and a shelter appears only by its cover name."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            assert "<!channel" not in part["text"]
            assert "<@U0EVIL" not in part["text"]
        for value in part.values():
            is_no_markup(value)
    elif isinstance(part, list):
        for each in part:
            is_no_markup(each)
    else:
        assert "Krisesenteret" not in str(part)
        assert "U0SHELTER" not in str(part)


def test_more_than_a_hundred_choices_are_grouped() -> None:
    """A select holds a hundred options; groups hold the rest."""
    groups = inputs.selects([(str(n), f"Tjeneste {n}") for n in range(126)])["option_groups"]
    assert [(g["label"]["text"], len(g["options"])) for g in groups] == [("1–100", 100), ("101–126", 26)]


@every("language", list(Language))
@every(("agencies", "ended"), [(0, 0), (12, 0), (12, 6), (80, 0), (80, 40)])
def test_the_card_and_the_choices_fit(language: Language, agencies: int, ended: int) -> None:
    """«Valg» of a coordinator with every right, much to ring about and everything agreed."""
    file = busy(crowded(agencies, ended=ended), 40)
    closed = amend(file, "case", closed_at=NOW, delete_on=date(2026, 12, 30))
    for each in (file, closed):
        assert fits(card_of(ctx(each, Kind.ROOM, "case", language=language)))
    at = ctx(file, Kind.HOME, "lead", "lead", language=language)
    for made in (choices_view, more_choices_view):
        view_fits(made(at, frozenset(Action), joined().placed))


@given(st.lists(st.lists(st.integers(1, 4), max_size=40), max_size=8))
def test_what_fits_is_shown_and_of_the_rest_how_much_there_is(sizes: list[list[int]]) -> None:
    parts = [[[divider()] * size for size in rows] for rows in sizes]
    shown = fit(words(Language.EN), parts, 50)
    assert len(shown) <= 50
    assert shown.count(divider()) == sum(map(sum, sizes)) or "more" in str(shown)


@every("language", list(Language))
@every("kind", CASE_MESSAGES)
def test_every_message_fits(kind: Kind, language: Language) -> None:
    file = amend(crowded(60), "room", kick_refused=True)
    declined = amend(file, "ask-police", answer=Answer.DECLINED, reason=DeclineReason.OTHER_DUTY)
    subjects = ("case", "meeting", "ask-police", "ask-social", "ask-counsel", "seat-police", "seat-social")
    readers = (None, "lead", "second", "police", "social")
    for each, subject, reader in product((file, declined), subjects, readers):
        for now in (NOW, STARTS + timedelta(hours=5)):
            params = some_params(kind)
            made = render(ctx(each, kind, subject, reader, params=params, language=language, now=now))
            if isinstance(made, Message):
                assert fits(made)


def many_cases() -> list[CaseFile]:
    file = crowded(12)
    meetings = [
        replace(file.meetings[0], id=id, starts_at=STARTS + timedelta(days=days))
        for days, id in enumerate(("meeting", "m1", "m2", "m3"))
    ]
    meetings = [replace(m, ends_at=m.starts_at + timedelta(hours=1)) for m in meetings]
    return [
        replace(amend(file, "case", id=f"case{n}", code=f"c{n:03}"), meetings=tuple(meetings))
        for n in range(40)
    ]


@every("language", list(Language))
@every("reader", ["lead", "second", "police", "social", "stranger"])
def test_home_and_what_waits_fit(language: Language, reader: str) -> None:
    files = many_cases()
    zone, in_words = ZoneInfo("Europe/Oslo"), words(language)
    others = [replace(TEAM, id=f"team{n}", name=NAME) for n in range(2)]
    teams = [*others, files[0].team] if files[0].coordinates(reader) else []
    model = HomeModel(files[0].persons[reader], files, teams, words=in_words, now=NOW, zone=zone)
    view_fits(home_view(model))
    assert fits(open_asks(model))
    assert fits(summary(model))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("agencies", [0, 80])
def test_a_large_meeting_fits(language: Language, agencies: int) -> None:
    """Roll call and minutes: 20 points, everybody away, all corrected."""
    file = crowded(agencies)
    points = tuple(f"{n} {NAME}"[:LONGEST_NAME] for n in range(20))
    file = amend(file, "team", rules=replace(file.team.rules, agenda=points))
    duties = file.duties[: agencies // 2]
    came = [Arrival(f"a{d.id}", "case", "meeting", "police", STARTS, d.id) for d in duties]
    file, after = replace(file, arrivals=tuple(came)), STARTS + timedelta(hours=2)
    held = ctx(file, Kind.ROLL_CALL, "meeting", params=Revision(0), language=language, now=STARTS)
    wrong = (Attendance.PRESENT, AWAY, True, False)
    corrections = tuple(Correction(f"c{d.id}", "case", d.id, after, "lead", *wrong) for d in file.duties)
    duties = tuple(replace(d, attendance=AWAY) for d in file.duties)
    done = replace(amend(file, "meeting", registered_at=after), corrections=corrections, duties=duties)
    minutes = ctx(done, Kind.MINUTES, "meeting", language=language, now=after)
    made = [render(each) for each in (held, minutes)]
    assert [fits(each) for each in made if isinstance(each, Message)] == [True] * 2


TEXT = st.text(alphabet="ab \n", max_size=200)


@given(TEXT, st.integers(min_value=2, max_value=50))
def test_clip_is_short_enough_and_leaves_short_text_alone(text: str, most: int) -> None:
    clipped = clip(text, most)
    assert len(clipped) <= most
    assert clipped == text if len(text) <= most else clipped.endswith("…")


@given(TEXT, st.integers(min_value=2, max_value=50))
def test_parts_lose_no_letter(text: str, most: int) -> None:
    pieces = parts(text, most)
    assert all(0 < len(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_what_is_just_short_enough_stays_in_one_piece() -> None:
    assert parts("atten ord", 9) == ["atten ord"]
    assert parts("atten ord", 8) == ["atten", "ord"]


@given(st.lists(st.text(alphabet="ab", min_size=1, max_size=30)), st.integers(min_value=10, max_value=200))
def test_bullets_fit_and_tell_when_something_is_left_out(texts: list[str], most: int) -> None:
    listed = bullets(texts, most)
    assert len(listed) <= most
    assert (listed.count("• ") == len(texts)) != listed.endswith("…")
