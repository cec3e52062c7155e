"""Check the page, and report the findings; exit with 1 if there are any."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import async_playwright

from bot.cli.demo import keep_open
from bot.logs import set_up
from sandbox.exercises import EXERCISES
from sandbox.page.session import Session
from sandbox.settings import Settings
from tests.page.conftest import CHROMIUM, FLAGS
from tests.page.look.eyes import WIDE, Eyes
from tests.page.look.scenes import Scenes

#: These cover most kinds of messages and forms; the others take long and add a few each.
MOST = ["forste-sak", "fredag-kveld", "veiledning"]
PATIENCE = 60.0
"""Seconds."""


async def look(names: list[str], pictures: Path | None, failures: Path) -> Eyes | None:
    """Play these exercises in one demo and check them; None if told to stop (SIGTERM, Ctrl-C)."""
    ready: asyncio.Queue[Session] = asyncio.Queue()
    # Machines are shared: how soon the bot answers is measured elsewhere.
    patient = Settings(ack_seconds=PATIENCE, trigger_seconds=PATIENCE, patience=PATIENCE, reach=PATIENCE)
    with tempfile.TemporaryDirectory(prefix="tot-look-") as folder:
        demo = asyncio.create_task(
            keep_open(Path(folder), names[0], port=0, mail=True, watch=ready.put_nowait, sandbox=patient)
        )
        looking = asyncio.create_task(_look_at_all(names, ready, pictures, failures))
        # The demo gets this process's signals, and ends.
        ended, running = await asyncio.wait({demo, looking}, return_when=asyncio.FIRST_COMPLETED)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for task in ended:
            task.result()
        return looking.result() if looking in ended else None


async def _look_at_all(
    names: list[str], ready: asyncio.Queue[Session], pictures: Path | None, failures: Path
) -> Eyes:
    """Check one exercise after the other, in one browser."""
    seen: set[str] = set()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(
            locale="en-US", viewport={"width": WIDE[0], "height": WIDE[1]}, reduced_motion="reduce"
        )
        page.set_default_timeout(PATIENCE * 1000)
        eyes = Eyes(page, pictures, failures)
        told = 0
        for n, name in enumerate(names):
            session = await ready.get()
            began = time.monotonic()
            scenes = Scenes(session, eyes, seen, name)
            await scenes.play(session.runner.sandbox.page_url)
            if n == 0:
                await scenes.look_at_places()
                await scenes.look_at_welcome(session.runner.sandbox.page_url)
            _tell(eyes, told)
            told = len(eyes.found)
            _say(f"{name}: {time.monotonic() - began:.0f} s, {eyes.looks} looks, {eyes.opened} opened")
            await page.goto("about:blank")
            if n + 1 < len(names):
                session.restart_workspace(names[n + 1])
        await browser.close()
    return eyes


def _tell(eyes: Eyes, told: int) -> None:
    """Report the faults found since."""
    for what, where in list(eyes.found.items())[told:]:
        _say(f"{what}\n    {where[0]}" + (f" and {len(where) - 1} more" if len(where) > 1 else ""))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of everything")
    parser.add_argument("--failures", type=Path, default=Path("look"), help="and of what is wrong")
    parser.add_argument("--all", action="store_true", help="every exercise")
    parser.add_argument("--exercise", action="append", choices=sorted(EXERCISES), help="only this one")
    given = parser.parse_args()
    names = given.exercise or (list(EXERCISES) if given.all else MOST)
    set_up(json=False, level="ERROR")
    eyes = asyncio.run(look(names, given.pictures, given.failures))
    sys.exit(143 if eyes is None else 1 if eyes.found else 0)


if __name__ == "__main__":
    main()
