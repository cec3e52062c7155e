"""A real browser, Debian's headless Chromium, with a real demo in a separate process."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from sandbox.server import BOT_TOKEN
from tests.forks import Forker
from tests.page.browser import BrowserWindow

pytest.importorskip("nicegui", reason="NiceGUI (the extra «demo») is not installed")
playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="Playwright (the extra «test») is not installed"
)

#: The headless shell takes a third of the processor time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
#: Only the page itself may be fetched.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--lang=nb-NO"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
_ADDRESS = re.compile(rb"(http://127\.0\.0\.1:\d+/)")


def untested() -> dict[str, str]:
    """Return the environment without pytest's mark: NiceGUI behaves differently under test."""
    return {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}


@cache
def _maker() -> Forker:
    """Start the process that makes demos; it ends with the tests."""
    return Forker("tests.page.demo_process", env=untested() | {"PYTHONUNBUFFERED": "1"})


@contextmanager
def running_demo(*arguments: str, pace: float = 1.0) -> Iterator[str]:
    """Run `tot demo` in a separate process; yield its address.

    `pace` is how long a step of an exercise is announced, in seconds.
    """
    with tempfile.TemporaryDirectory(prefix="tot-page-") as folder:
        output = Path(folder) / "output"
        os.mkfifo(output)
        process = _maker().fork(output, pace, *arguments)
        with output.open("rb") as told:
            said = b""
            for line in told:
                said += line
                found = _ADDRESS.search(said)
                if found:
                    break
            else:
                pytest.fail(f"tot demo said no address:\n{said.decode()}")
            # Nobody reads further output: draining keeps the pipe from filling; the demo's end closes it.
            drain = subprocess.Popen(["cat"], stdin=told, stdout=subprocess.DEVNULL)
            try:
                yield found.group(1).decode()
            finally:
                os.kill(process, signal.SIGTERM)
                drain.wait(timeout=60)


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """Yield the browser; skip with the reason if there is none.

    Per module: while Playwright is open, no test can run an event loop.
    """
    if CHROMIUM is None:
        pytest.skip("Debian's Chromium is not installed (apt-get install chromium-headless-shell)")
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Bot:
    """Posts with the bot's own token, like the bot: for messages that no exercise happens to send."""

    def __init__(self, address: str) -> None:
        self._slack = WebClient(BOT_TOKEN, base_url=f"{address}api/", timeout=60)

    def posts(self, channel: str, text: str, blocks: list[dict[str, Any]] | None = None) -> SlackResponse:
        return self._slack.chat_postMessage(channel=channel, text=text, blocks=blocks or [])

    def pins(self, user: str, blocks: list[dict[str, Any]]) -> None:
        """Post to somebody, and pin it: Slack adds a line about that."""
        posted = self.posts(user, "festet", blocks)
        self._slack.pins_add(channel=str(posted["channel"]), timestamp=str(posted["ts"]))


@pytest.fixture
def bot(demo: str) -> Bot:
    return Bot(demo)


@pytest.fixture(scope="module")
def demo(chromium: object) -> Iterator[str]:
    """Yield the address of a demo for this module's tests."""
    with running_demo("--port", "0") as address:
        yield address


Opens = Callable[..., BrowserWindow]


@pytest.fixture
def opens(chromium: object, demo: str) -> Iterator[Opens]:
    """Yield a function that opens the demo's windows; at the end each is closed and had no complaints."""
    with ExitStack() as stack:
        windows: list[BrowserWindow] = []

        def opened(*who: str, **rest: Any) -> BrowserWindow:
            windows.append(stack.enter_context(BrowserWindow.opened(chromium, demo, who, **rest)))
            return windows[-1]

        yield opened
        for window in windows:
            assert window.complaints == []
            assert window.outside == []
