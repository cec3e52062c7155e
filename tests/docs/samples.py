"""One sample of each message and form, with made-up data, which `tot doctor --blocks` shows to Slack.

The program cannot make them: it has no case at hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.domain.access import Action
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.domain.worktime import OSLO
from handlers.blocks.context import Message
from handlers.overview.choices import choices_view, more_choices_view
from handlers.overview.home import home_view
from handlers.overview.home_model import HomeModel
from handlers.subjects import joined
from tests.handlers.cases import NOW, base, ctx
from tests.handlers.forms import FORMS, NB, built
from tests.lock_screen import KINDS, samples


def largest() -> dict[Kind, list[Any]]:
    """Return the blocks of the largest sample of each kind that is a message with blocks."""
    made = {kind: [m.blocks for m in samples(kind, Language.NB) if isinstance(m, Message)] for kind in KINDS}
    return {kind: max(each, key=lambda b: (len(_text(b)), _text(b))) for kind, each in made.items() if each}


def views() -> Iterator[tuple[str, Any]]:
    yield from ((name, built(name)) for name in FORMS)
    for name, made in (("choices", choices_view), ("more choices", more_choices_view)):
        yield name, made(ctx(base(), Kind.HOME, "lead", "lead"), frozenset(Action), joined().placed)
    for reader in ("lead", "police"):
        file = base()
        teams = [file.team] if file.coordinates(reader) else []
        model = HomeModel(file.persons[reader], [file], teams, words=NB, now=NOW, zone=OSLO)
        yield f"home of {reader}", home_view(model)


def written() -> str:
    """Return the file: a line for each sample, with its blocks.validate argument, name and content."""
    lines = [("message", str(kind), {"blocks": blocks}) for kind, blocks in largest().items()]
    lines += [("view", name, view) for name, view in views()]
    return "".join(f"{_text(line)}\n" for line in sorted(lines, key=lambda line: line[:2]))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
