"""What Slack sends: read leniently where it does not matter, refused where it does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.case.entities import Phase
from bot.domain.errors import CoordinatorsOnly, Invalid
from bot.usecases.validation import MeetingPlan
from handlers.case.submissions import read_case
from handlers.meeting.defaults import from_mark, mark_of, propose, sensible
from handlers.meeting.submissions import read_meeting
from handlers.slack.payloads import (
    ActionBody,
    CommandBody,
    Fields,
    SubmissionBody,
    Unreadable,
    ViewState,
    member,
    read,
)
from handlers.slack.slow_reply import with_slow_reply
from tests.every import every
from tests.handlers.cases import NOW, STARTS, TEAM, base
from tests.handlers.forms import NB

SECONDS = int(STARTS.timestamp())


def chosen(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"text": {"text": "x"}, "value": value}}


def several(*values: str) -> dict[str, Any]:
    return {"type": "multi_static_select", "selected_options": [{"value": v} for v in values]}


def fields(**values: dict[str, Any]) -> Fields:
    return Fields(ViewState.model_validate({"values": {k: {"value": v} for k, v in values.items()}}))


CASE = {
    "phase": chosen("working"),
    "asked_by": chosen("agency-police"),
    "persons": {"type": "number_input", "value": "3"},
    "agencies": several("agency-police", "agency-child"),
    "expected": several("agency-health"),
    "starts_at": {"type": "datetimepicker", "selected_date_time": SECONDS},
    "minutes": chosen("90"),
    "place": chosen("Rådhuset, rom 2"),
    "note": {"type": "plain_text_input", "value": None},
}


def test_read_a_case() -> None:
    """All persons, and for each agency what is usual."""
    agencies = base().agencies
    command = read_case(fields(**CASE), "team", agencies)
    assert command.phase is Phase.WORKING
    assert command.persons == 3
    assert command.asked_by == "agency-police"
    assert command.meeting == MeetingPlan(
        STARTS, STARTS + timedelta(minutes=90), place="Rådhuset, rom 2", link=None, note=""
    )
    assert [(c.agency_id, c.persons, c.expected) for c in command.agencies] == [
        ("agency-police", "ABC", False),
        ("agency-child", "ABC", False),
        ("agency-health", "ABC", True),
    ]
    police = agencies["agency-police"]
    assert (command.agencies[0].reason, command.agencies[0].ground) == (
        police.usual_reason,
        police.proposed_ground,
    )


@every("persons", ["0", "27", "-1", "2.5", "", "mange", "9" * 5000, None])
def test_persons_are_1_to_26(persons: str | None) -> None:
    """Slack checks it too, but a forger does not ask Slack."""
    values = CASE | {"persons": {"type": "number_input", "value": persons}}
    with pytest.raises(Invalid) as refused:
        read_case(fields(**values), "team", base().agencies)
    assert [(p.where, p.code) for p in refused.value.problems] == [("persons", "invalid.persons-number")]


def test_an_agency_from_elsewhere_is_no_agency() -> None:
    """Another team's agency and a forged one are the same."""
    with pytest.raises(CoordinatorsOnly):
        read_case(fields(**CASE | {"agencies": several("other")}), "team", base().agencies)


@every(
    "wrong",
    [
        {"starts_at": {"selected_date_time": None}},
        {"starts_at": {"selected_date_time": 10**17}},
        {"minutes": chosen("0")},
        {"minutes": chosen("-60")},
        {"minutes": chosen("999999")},
        {"minutes": chosen("²")},
        {"minutes": {}},
    ],
)
def test_times_that_are_none(wrong: dict[str, Any]) -> None:
    """A forged time is unreadable, not an accident."""
    with pytest.raises(Unreadable):
        read_meeting(fields(**CASE | wrong))


def test_members() -> None:
    assert member(Phase, "acute") is Phase.ACUTE
    with pytest.raises(Unreadable):
        member(Phase, "ACUTE; --")


@every(
    ("model", "body"),
    [
        (CommandBody, {}),
        (CommandBody, {"user_id": 1, "channel_id": None, "trigger_id": "t"}),
        (ActionBody, {"user": {"id": "U1"}, "actions": []}),
        (ActionBody, {"user": None, "actions": [{}]}),
        (SubmissionBody, {"user": {"id": "U1"}}),
        (SubmissionBody, {"user": {"id": "U1"}, "view": {"id": "V1", "state": {"values": "x"}}}),
    ],
)
def test_unreadable(model: type[Any], body: dict[str, Any]) -> None:
    """The refusal quotes nothing of what cannot be read."""
    with pytest.raises(Unreadable) as refused:
        read(model, body)
    assert str(refused.value) == ""
    assert refused.value.__cause__ is None


def test_unknown_and_null_keys_do_not_matter() -> None:
    """Slack adds keys, and sends null for many."""
    sent = read(
        ActionBody,
        {
            "user": {"id": "U1", "name": "x"},
            "enterprise": None,
            "actions": [{"action_id": "involvement", "selected_option": {"value": "change:1", "text": {}}}],
        },
    )
    assert sent.actions[0].chosen == "change:1"


def test_a_typed_time_fills_the_form_in() -> None:
    """Understood: it is proposed. Not understood: the next working day at nine, and why."""
    assert propose(NB, TEAM, "i morgen kl 10", NOW).starts_at == STARTS
    refused = propose(NB, TEAM, "i morgen kl 10 hos oss", NOW)
    assert refused.starts_at == sensible(TEAM, NOW) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert refused.refused == (
        "Tidspunktet du skrev, er ikke brukt. Noe av det er ikke et tidspunkt (ord nr. 5 og 6)."
        " Velg tid i skjemaet."
    ) or refused.refused.startswith("Tidspunktet du skrev, er ikke brukt.")
    assert propose(NB, TEAM, "", NOW).refused == ""
    assert "x" * 50 not in propose(NB, TEAM, "x" * 10_000, NOW).refused


def test_before_a_weekend_monday_is_proposed() -> None:
    """Nobody is called in on a Saturday by default."""
    friday = datetime(2026, 12, 4, 15, tzinfo=UTC)
    assert sensible(TEAM, friday) == datetime(2026, 12, 7, 8, tzinfo=UTC)


def test_a_time_travels_with_a_choice() -> None:
    """As seconds, and a text that is no time as nothing."""
    assert from_mark(mark_of(TEAM, "i morgen kl 10", NOW)) == STARTS
    assert mark_of(TEAM, "snart", NOW) == ""
    assert from_mark("") is None
    with pytest.raises(Unreadable):
        from_mark("tull")


async def test_patience_says_so_once_and_waits() -> None:
    """Work that takes long is announced, and its result still comes."""
    said: list[str] = []
    go = asyncio.Event()

    async def work() -> str:
        await go.wait()
        return "done"

    async def still_working() -> None:
        said.append("still")
        go.set()

    assert await with_slow_reply(work(), still_working, limit=0.0) == "done"
    assert said == ["still"]


async def test_quick_work_is_not_announced() -> None:
    async def work() -> int:
        return 1

    async def still_working() -> None:
        raise AssertionError("nothing to announce")

    assert await with_slow_reply(work(), still_working, limit=60.0) == 1


async def test_errors_come_through() -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        raise CoordinatorsOnly

    async def still_working() -> None:
        return None

    with pytest.raises(CoordinatorsOnly):
        await with_slow_reply(work(), still_working, limit=0.0)
