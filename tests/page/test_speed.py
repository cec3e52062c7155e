"""How soon one sees what another did, as a multiple of an empty NiceGUI button's round trip."""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.page.browser import BrowserWindow
from tests.page.conftest import Bot, running_demo, untested

ROUNDS = 40
WARM_UP = 5
#: The first channel of a fresh workspace.
GENERAL = "C0000000001"
FEW, MANY = 10, 1000
#: A page with one button whose press changes one label, and nothing else.
_EMPTY = """
import sys
from nicegui import ui

@ui.page("/")
def page():
    label = ui.label("0")
    ui.button("press", on_click=lambda: label.set_text(str(int(label.text) + 1)))

print("up", flush=True)
ui.run(host="127.0.0.1", port=int(sys.argv[1]), reload=False, show=False, show_welcome_message=False)
"""
#: Presses, and gives the milliseconds until the text is there; looked at before every frame and every change.
#: What has not come in 60 seconds does not come.
_MEASURE = """
([press, where, text]) => new Promise((done, lost) => {
  setTimeout(() => lost(new Error(`«${text}» does not come`)), 60000);
  const seen = () => document.querySelector(where).textContent.includes(text);
  const began = performance.now();
  const watch = new MutationObserver(() => {
    if (seen()) { watch.disconnect(); done(performance.now() - began); }
  });
  watch.observe(document.body, {subtree: true, childList: true, characterData: true});
  document.querySelector(press).click();
})
"""


def _measured(page: Page, press: str, where: str, text: str) -> float:
    return float(page.evaluate(_MEASURE, [press, where, text]))


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _reachable(port: int) -> None:
    """Return when somebody listens; the process says it is about to."""
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise


@contextmanager
def _empty_button(chromium: Any, port: int) -> Iterator[Page]:
    process = subprocess.Popen(
        [sys.executable, "-c", _EMPTY, str(port)], stdout=subprocess.PIPE, env=untested()
    )
    page = chromium.new_page()
    try:
        assert process.stdout is not None
        process.stdout.readline()
        _reachable(port)
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("button").wait_for()
        yield page
    finally:
        page.close()
        process.terminate()
        process.wait(timeout=60)


def _sent_and_seen(window: BrowserWindow, text: str) -> float:
    """One presses «send», and the other sees it: milliseconds."""
    window.as_("koordinator").column.locator(".composer textarea").fill(text)
    press = 'section[data-who="koordinator"] .composer .send'
    return _measured(window.page, press, 'section[data-who="helse"] .feed', text)


@pytest.mark.long
@pytest.mark.slow
def test_the_other_column_follows_and_a_full_room_is_not_slower(
    chromium: Any, unused_tcp_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as stack:
        page = stack.enter_context(_empty_button(chromium, unused_tcp_port))
        opened_windows = []
        for older in (FEW, MANY):
            address = stack.enter_context(running_demo("--port", "0"))
            for n in range(older):
                Bot(address).posts(GENERAL, f"eldre melding {n}")
            opened_windows.append(
                stack.enter_context(
                    BrowserWindow.opened(chromium, address, ("koordinator", "helse"), width=1500)
                )
            )
        empty: list[float] = []
        few: list[float] = []
        many: list[float] = []
        # By turns, so that whatever else the machine does is shared fairly.
        for n in range(WARM_UP + ROUNDS):
            empty.append(_measured(page, "button", "body", str(n + 1)))
            few.append(_sent_and_seen(opened_windows[0], f"melding {n}."))
            many.append(_sent_and_seen(opened_windows[1], f"melding {n}."))
    empty, few, many = empty[WARM_UP:], few[WARM_UP:], many[WARM_UP:]
    with capsys.disabled():
        print(  # noqa: T201
            f"\np95: an empty NiceGUI button {_p95(empty):.1f} ms; one column's click in the other "
            f"{_p95(few) / _p95(empty):.1f} times that; with {MANY} messages {_p95(many) / _p95(few):.2f} "
            f"times that with {FEW} (medians {statistics.median(empty):.1f}, {statistics.median(few):.1f}, "
            f"{statistics.median(many):.1f} ms)"
        )
    # The quickest of each: whatever else the machine does only adds.
    assert min(many) <= 2 * min(few)
