"""A sandbox, a plain client and a little bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox import Person, Sandbox, Settings
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.slack import Api, manifest, room


@pytest.fixture
def settings() -> Settings:
    """Return Slack's real-time rules, shortened where a test would have to wait."""
    return Settings(ack_seconds=20.0, retry_delays=(0.0, 0.05), reach=20.0, patience=60.0)


@pytest.fixture
async def sandbox(settings: Settings) -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest(), settings=settings) as sandbox:
        yield sandbox


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return Api(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[LittleBot]:
    async with LittleBot(sandbox) as little:
        yield little


@pytest.fixture
def udi(sandbox: Sandbox) -> Person:
    return sandbox.person("udi")


@pytest.fixture
async def rom(sandbox: Sandbox, api: Api) -> str:
    """The id of a private room with @udi."""
    return await room(sandbox, api, "udi")
