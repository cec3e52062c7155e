"""How soon one sees what another did: no later in a room that is full."""

from __future__ import annotations

from contextlib import ExitStack
from statistics import median

import pytest

from tests.page.browser import BrowserWindow
from tests.page.conftest import Bot, running_demo

ROUNDS = 20
WARM_UP = 5
#: The first channel of a fresh workspace.
GENERAL = "C0000000001"
FEW, MANY = 10, 1000
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


def _sent_and_seen(window: BrowserWindow, text: str) -> float:
    """One presses «send», and the other sees it: milliseconds."""
    window.as_("koordinator").column.locator(".composer textarea").fill(text)
    press = 'section[data-who="koordinator"] .composer .send'
    seen = 'section[data-who="helse"] .feed'
    return float(window.page.evaluate(_MEASURE, [press, seen, text]))


@pytest.mark.long
@pytest.mark.slow  # a thousand messages are posted
def test_the_other_column_follows_and_a_full_room_is_not_slower(chromium: object) -> None:
    with ExitStack() as stack:
        windows = []
        for older in (FEW, MANY):
            address = stack.enter_context(running_demo("--port", "0"))
            for n in range(older):
                Bot(address).posts(GENERAL, f"eldre melding {n}")
            both = BrowserWindow.opened(chromium, address, ("koordinator", "helse"), width=1500)
            windows.append(stack.enter_context(both))
        # By turns, so that whatever else the machine does is shared fairly.
        took = [[_sent_and_seen(window, f"melding {n}.") for window in windows] for n in range(ROUNDS)]
    # One against the other in each turn: whatever else the machine does, it does to both.
    assert median(many / few for few, many in took[WARM_UP:]) <= 2
