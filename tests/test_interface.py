"""docs/interface.md names everything by which others reach the bot, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.domain.language import Language
from bot.settings import Settings
from handlers.blocks.modal import NOTICE
from handlers.subjects import joined

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "interface.md").read_text("utf-8")


def part(title: str) -> str:
    """The text under a heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M)
    assert found is not None, title
    return found.group(1)


def first_cells(text: str) -> list[str]:
    """The first cell of each row of a table, as code."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.M)


@pytest.mark.parametrize(
    ("title", "known"),
    [
        ("action_id", [b.id for b in joined().buttons]),
        ("callback_id", [*(f.id for f in joined().forms), NOTICE]),
    ],
)
def test_every_id_is_listed(title: str, known: list[str]) -> None:
    assert sorted(first_cells(part(title))) == sorted(known)


def test_every_command_is_listed_in_every_language() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|", part("Commands"), re.M)
    shown = [tuple(c.names(language)[0] for language in Language) for c in joined().commands]
    assert sorted(rows) == sorted(shown)


def test_every_setting_is_listed() -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert set(first_cells(part("Settings"))) == known


def test_every_event_is_listed() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text("utf-8"))
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert re.findall(r"`([^`]+)`", part("Events")) == sorted(events)


def test_every_subcommand_is_listed() -> None:
    import typer

    from bot.cli.app import app, audit, keys, partners

    def names(group: typer.Typer, before: str) -> set[str]:
        return {
            f"{before} {(c.name or c.callback.__name__).rstrip('_')}"
            for c in group.registered_commands
            if c.callback is not None
        }

    known = names(app, "tot") | names(partners, "tot partners")
    known |= names(keys, "tot keys") | names(audit, "tot audit")
    assert set(re.findall(r"`(tot(?: (?:partners|keys|audit))? [a-z]+)", part("Command line"))) == known
