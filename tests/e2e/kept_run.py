"""The run of an exercise that is kept as a page."""

from __future__ import annotations

import re

from sandbox.exercises.runner import ExerciseRunner
from sandbox.page.run_page import as_html
from sandbox.page.words import Words
from tests.e2e import kit


def friday_evening_is_kept(runner: ExerciseRunner) -> None:
    """Assert that the page shows each person what they saw, and that it fetches nothing."""
    kept = as_html(runner, "Fredag kveld", Words("nb"))
    code = kit.the_room(runner).removeprefix("rom-")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}"' in kept
    assert not re.search(r"<script|<link|<iframe|<[^>]*\son\w+=", kept)
    assert not re.search(r"<[^>]*\s(?:src|srcset|data)=", kept)
    assert "Fire minutter, og de kommer." in kept
    assert code in seen_by("koordinator", kept)
    assert code in seen_by("barnevernvakt", kept)
    assert seen_by("utenforstående", kept) == ""
    asked = seen_by("sosialtjenesten", kept)
    assert "TOT Bergen" in asked
    assert code not in asked


def seen_by(name: str, kept: str) -> str:
    """Return the text shown when the person of this name is chosen: each item says who sees it."""
    (key,) = re.findall(rf'id="w-(p\d+)"> {name}<', kept)
    _, *parts = re.split(r'<\w+(?: open)? class="of ([^"]*)">', kept)
    shown = (text for whose, text in zip(parts[::2], parts[1::2], strict=True) if key in whose.split())
    return re.sub("<[^>]*>", "", "\n".join(shown))
