"""blocks.validate: no token, one of three arguments, and where in it what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox import Sandbox, limits
from tests.sandbox.kit import Api, modal, refused, section

BROKEN = section("x" * 3001)
TOO_LONG = "must be less than 3001 characters"


@pytest.fixture
def anybody(sandbox: Sandbox) -> Api:
    """A client without a token."""
    return Api(base_url=sandbox.api_url, retry_handlers=[])


@pytest.mark.parametrize(
    "given",
    [
        {"blocks": [section("hei")]},
        {"message": {"blocks": [section("hei")]}},
        {"view": modal(section("hei"))},
    ],
)
async def test_what_is_right_is_taken_and_posted_nowhere(
    sandbox: Sandbox, anybody: Api, given: dict[str, Any]
) -> None:
    for arguments in (given, {name: json.dumps(value) for name, value in given.items()}):
        assert (await anybody.api_call("blocks.validate", json=arguments))["ok"]
    assert not any(channel.messages for channel in sandbox.workspace.channels.values())


@pytest.mark.parametrize(
    ("given", "code", "message", "pointer"),
    [
        ({"blocks": [BROKEN]}, "invalid_blocks", TOO_LONG, "/0/text/text"),
        ({"message": {"blocks": [BROKEN]}}, "invalid_message", TOO_LONG, "/blocks/0/text/text"),
        (
            {"message": {"blocks": [], "text": "x"}},
            "invalid_message",
            "invalid additional property: text",
            "",
        ),
        ({"view": modal(BROKEN)}, "invalid_view", TOO_LONG, "/blocks/0/text/text"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(
    anybody: Api, given: dict[str, Any], code: str, message: str, pointer: str
) -> None:
    body = await refused(anybody.api_call("blocks.validate", json=given), code)
    assert body["errors"] == [{"code": "failed_constraint", "message": message, "pointer": pointer}]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"blocks": [section("x")], "view": modal(section("x"))},
        {"blocks": "[" + " " * limits.VALIDATED + "]"},
        {"blocks": "no JSON"},
    ],
)
async def test_other_than_one_of_them_is_refused(anybody: Api, given: dict[str, Any]) -> None:
    await refused(anybody.api_call("blocks.validate", json=given), "invalid_arguments")


async def test_nothing_else_is_open_without_a_token(anybody: Api) -> None:
    await refused(anybody.auth_test(), "not_authed")
