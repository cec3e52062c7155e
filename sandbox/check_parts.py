"""Checks of the small parts of Block Kit: texts, options, confirm dialogs."""

from __future__ import annotations

from typing import Any

from sandbox import limits
from sandbox.model import Json


class Findings:
    """What is wrong, each with a JSON pointer, worded as Slack words it."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, at: str, what: str) -> None:
        """Notes that `what` is wrong at the pointer `at`."""
        self.messages.append(f"[ERROR] {what} [json-pointer:{at}]")

    def text(self, value: Any, at: str, longest: int, *, plain: bool = False, shortest: int = 1) -> None:
        """A text object; with `plain` only plain_text is allowed."""
        if not isinstance(value, dict):
            self.add(at, "must provide an object")
            return
        kind = value.get("type")
        allowed = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if kind not in allowed:
            self.add(f"{at}/type", f"must be a valid enum value: {', '.join(allowed)}; got {kind!r}")
        if kind == "mrkdwn" and "emoji" in value:
            self.add(at, "invalid additional property: emoji")
        if kind == "plain_text" and "verbatim" in value:
            self.add(at, "invalid additional property: verbatim")
        self.string(value.get("text"), f"{at}/text", longest, shortest=shortest)

    def string(self, value: Any, at: str, longest: int, *, shortest: int = 0) -> None:
        """A string of `shortest` to `longest` characters."""
        if not isinstance(value, str):
            self.add(at, "must provide a string")
        elif len(value) > longest:
            self.add(at, f"must be less than {longest + 1} characters")
        elif len(value) < shortest:
            self.add(at, f"must be more than {shortest - 1} characters")

    def optional_text(self, owner: Json, key: str, at: str, longest: int) -> None:
        """A plain text object that may be missing."""
        if owner.get(key) is not None:
            self.text(owner[key], f"{at}/{key}", longest, plain=True)

    def identifier(self, owner: Json, key: str, at: str) -> None:
        """An action_id, block_id or callback_id that may be missing."""
        if owner.get(key) is not None:
            self.string(owner[key], f"{at}/{key}", limits.IDENTIFIER)

    def listed(self, value: Any, at: str, most: int, *, least: int = 1) -> list[Any]:
        """A list of `least` to `most` items; an empty list if it is none, so that checks can go on."""
        if not isinstance(value, list):
            self.add(at, "must provide an array")
            return []
        if len(value) > most:
            self.add(at, f"no more than {most} items allowed")
        if len(value) < least:
            self.add(at, f"no less than {least} items allowed")
        return value

    def unknown(self, owner: Json, at: str, known: frozenset[str]) -> None:
        """No property besides the known ones."""
        for key in owner:
            if key not in known:
                self.add(at, f"invalid additional property: {key}")

    def option(self, option: Any, at: str, *, mrkdwn: bool, overflow: bool = False) -> None:
        """One option of a select, overflow, radio group or checkbox group."""
        if not isinstance(option, dict):
            self.add(at, "must provide an object")
            return
        known = {"text", "value", "description"} | ({"url"} if overflow else set())
        self.unknown(option, at, frozenset(known))
        self.text(option.get("text"), f"{at}/text", limits.OPTION_TEXT, plain=not mrkdwn)
        self.string(option.get("value"), f"{at}/value", limits.OPTION_VALUE)
        if option.get("description") is not None:
            self.text(option["description"], f"{at}/description", limits.OPTION_DESCRIPTION, plain=not mrkdwn)

    def confirm(self, owner: Json, at: str) -> None:
        """A confirm dialog, if there is one."""
        confirm = owner.get("confirm")
        if confirm is None:
            return
        at = f"{at}/confirm"
        if not isinstance(confirm, dict):
            self.add(at, "must provide an object")
            return
        self.unknown(confirm, at, frozenset({"title", "text", "confirm", "deny", "style"}))
        self.text(confirm.get("title"), f"{at}/title", limits.CONFIRM_TITLE, plain=True)
        self.text(confirm.get("text"), f"{at}/text", limits.CONFIRM_TEXT)
        self.text(confirm.get("confirm"), f"{at}/confirm", limits.CONFIRM_BUTTON, plain=True)
        self.text(confirm.get("deny"), f"{at}/deny", limits.CONFIRM_BUTTON, plain=True)
        self.style(confirm, at)

    def style(self, owner: Json, at: str) -> None:
        """A button's style, if there is one."""
        if owner.get("style") is not None and owner["style"] not in ("primary", "danger"):
            self.add(f"{at}/style", "must be a valid enum value: primary, danger")
