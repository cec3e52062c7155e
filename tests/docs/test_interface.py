"""docs/interface.md names everything by which others reach the bot, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from bot.domain.audit import Event
from bot.settings import HOW, Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "interface.md").read_text("utf-8")


def part(title: str) -> str:
    """The text under a heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M)
    assert found is not None, title
    return found.group(1)


def first_cells(text: str) -> list[str]:
    """The first cell of each row of a table, as code."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.M)


def test_the_log_names_are_listed() -> None:
    assert set(re.findall(r"`([a-z_]+)`", part("Audit log"))) == {event.value for event in Event}


def test_every_setting_is_listed() -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert set(first_cells(part("Settings"))) == known == set(HOW)


def test_every_event_is_listed() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text("utf-8"))
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert re.findall(r"`([^`]+)`", part("Events")) == sorted(events)


def test_every_subcommand_is_listed() -> None:
    import typer

    from bot.cli.app import app, audit, keys, partners, person

    def names(group: typer.Typer, before: str) -> set[str]:
        return {
            f"{before} {(c.name or c.callback.__name__).rstrip('_')}"
            for c in group.registered_commands
            if c.callback is not None
        }

    known = names(app, "tot") | names(partners, "tot partners")
    known |= names(keys, "tot keys") | names(audit, "tot audit") | names(person, "tot person")
    listed = re.findall(r"`(tot(?: (?:partners|keys|audit|person))? [a-z]+)", part("Command line"))
    assert set(listed) == known
