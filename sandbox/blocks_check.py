"""Checks of blocks and views, with Slack's limits, and the ids that Slack fills in where an app gave none."""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Callable
from typing import Any

from sandbox import limits
from sandbox.check_elements import check_element
from sandbox.check_parts import Findings
from sandbox.elements import of_block
from sandbox.model import Json

_KNOWN: dict[str, frozenset[str]] = {
    "section": frozenset({"type", "block_id", "text", "fields", "accessory", "expand"}),
    "actions": frozenset({"type", "block_id", "elements"}),
    "context": frozenset({"type", "block_id", "elements"}),
    "divider": frozenset({"type", "block_id"}),
    "header": frozenset({"type", "block_id", "text"}),
    "image": frozenset({"type", "block_id", "image_url", "alt_text", "title", "slack_file"}),
    "input": frozenset({"type", "block_id", "label", "element", "dispatch_action", "hint", "optional"}),
    "markdown": frozenset({"type", "block_id", "text"}),
    "rich_text": frozenset({"type", "block_id", "elements"}),
}
_MESSAGE_ONLY = frozenset({"markdown"})
_VIEW_KEYS = frozenset(
    {
        "type",
        "title",
        "submit",
        "close",
        "blocks",
        "private_metadata",
        "callback_id",
        "clear_on_close",
        "notify_on_close",
        "external_id",
    }
)


def check_message(blocks: Any) -> list[str]:
    """What is wrong with a message's blocks, worded as Slack words it; empty if nothing is."""
    found = Findings()
    _check_blocks(blocks, "message", limits.MESSAGE_BLOCKS, "/blocks", found)
    return found.messages


def check_view(view: Any) -> list[str]:
    """What is wrong with a modal or a Home view; empty if nothing is. Its size is `view_bytes`."""
    found = Findings()
    if not isinstance(view, dict):
        found.add("/view", "must provide an object")
        return found.messages
    surface = view.get("type")
    if surface not in ("modal", "home"):
        found.add("/view/type", f"must be a valid enum value: modal, home; got {surface!r}")
        return found.messages
    found.unknown(view, "/view", _VIEW_KEYS)
    if surface == "modal":
        found.text(view.get("title"), "/view/title", limits.VIEW_TITLE, plain=True)
    for key in ("submit", "close"):
        found.optional_text(view, key, "/view", limits.VIEW_TITLE)
    if view.get("private_metadata") is not None:
        found.string(view["private_metadata"], "/view/private_metadata", limits.PRIVATE_METADATA)
    found.identifier(view, "callback_id", "/view")
    if view.get("external_id") is not None:
        found.string(view["external_id"], "/view/external_id", limits.EXTERNAL_ID)
    _check_blocks(view.get("blocks"), surface, limits.VIEW_BLOCKS, "/view/blocks", found)
    if not found.messages:
        _check_whole_view(view, found)
    return found.messages


def _check_whole_view(view: Json, found: Findings) -> None:
    blocks: list[Json] = view["blocks"]
    has_input = any(block["type"] == "input" for block in blocks)
    if view["type"] == "modal" and view.get("submit") is None and has_input:
        found.add("/view/submit", "missing required field: submit, as there are input blocks")
    if sum(1 for block in blocks for e in of_block(block) if e.get("focus_on_load")) > 1:
        found.add("/view/blocks", "focus_on_load can only be set on one element per view")


def view_bytes(view: Json) -> int:
    """The size of a view as JSON, in bytes."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks with a block_id and action_ids wherever the app gave none."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in of_block(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return blocks


def _check_blocks(blocks: Any, surface: str, most: int, at: str, found: Findings) -> None:
    seen: set[str] = set()
    # Slack lets a message have an empty list of blocks, but no view.
    least = 0 if surface == "message" else 1
    for n, block in enumerate(found.listed(blocks, at, most, least=least)):
        here = f"{at}/{n}"
        if not isinstance(block, dict):
            found.add(here, "must provide an object")
            continue
        kind = block.get("type")
        if (
            not isinstance(kind, str)
            or kind not in _KNOWN
            or (kind in _MESSAGE_ONLY and surface != "message")
        ):
            found.add(f"{here}/type", f"unsupported type: {kind}")
            continue
        found.unknown(block, here, _KNOWN[kind])
        found.identifier(block, "block_id", here)
        block_id = block.get("block_id")
        if block_id is not None:
            if block_id in seen:
                found.add(f"{here}/block_id", f"block_id already exists: {block_id}")
            seen.add(block_id)
        check = _CHECKS.get(kind)
        if check is not None:
            check(block, here, surface, found)


def _section(block: Json, at: str, surface: str, found: Findings) -> None:
    if block.get("text") is None and not block.get("fields"):
        found.add(at, "must define either `text` or `fields`")
    if block.get("text") is not None:
        found.text(block["text"], f"{at}/text", limits.SECTION_TEXT)
    if block.get("fields") is not None:
        for n, part in enumerate(found.listed(block["fields"], f"{at}/fields", limits.SECTION_FIELDS)):
            found.text(part, f"{at}/fields/{n}", limits.SECTION_FIELD)
    if block.get("accessory") is not None:
        check_element(block["accessory"], f"{at}/accessory", "section", surface, found)


def _actions(block: Json, at: str, surface: str, found: Findings) -> None:
    seen: set[str] = set()
    for n, element in enumerate(
        found.listed(block.get("elements"), f"{at}/elements", limits.ACTIONS_ELEMENTS)
    ):
        check_element(element, f"{at}/elements/{n}", "actions", surface, found)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id is not None:
            if action_id in seen:
                found.add(f"{at}/elements/{n}/action_id", f"action_id already exists: {action_id}")
            seen.add(action_id)


def _context(block: Json, at: str, surface: str, found: Findings) -> None:
    for n, part in enumerate(found.listed(block.get("elements"), f"{at}/elements", limits.CONTEXT_ELEMENTS)):
        if isinstance(part, dict) and part.get("type") == "image":
            check_element(part, f"{at}/elements/{n}", "context", surface, found)
        else:
            found.text(part, f"{at}/elements/{n}", limits.TEXT_OBJECT)


def _header(block: Json, at: str, _surface: str, found: Findings) -> None:
    found.text(block.get("text"), f"{at}/text", limits.HEADER, plain=True)


def _image(block: Json, at: str, _surface: str, found: Findings) -> None:
    if (block.get("image_url") is None) == (block.get("slack_file") is None):
        found.add(at, "must define either `image_url` or `slack_file`")
    if block.get("image_url") is not None:
        found.string(block["image_url"], f"{at}/image_url", limits.IMAGE_URL, shortest=1)
    found.string(block.get("alt_text"), f"{at}/alt_text", limits.IMAGE_ALT, shortest=1)
    found.optional_text(block, "title", at, limits.IMAGE_TITLE)


def _input(block: Json, at: str, surface: str, found: Findings) -> None:
    found.text(block.get("label"), f"{at}/label", limits.INPUT_LABEL, plain=True)
    found.optional_text(block, "hint", at, limits.INPUT_HINT)
    check_element(block.get("element"), f"{at}/element", "input", surface, found)


def _markdown(block: Json, at: str, _surface: str, found: Findings) -> None:
    found.string(block.get("text"), f"{at}/text", limits.MARKDOWN_BLOCK, shortest=1)


def _rich_text(block: Json, at: str, _surface: str, found: Findings) -> None:
    elements = block.get("elements")
    # Slack documents no most.
    for n, part in enumerate(found.listed(elements, f"{at}/elements", len(elements or []), least=0)):
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"):
            found.add(f"{at}/elements/{n}", f"unsupported type: {kind}")


_CHECKS: dict[str, Callable[[Json, str, str, Findings], None]] = {
    "section": _section,
    "actions": _actions,
    "context": _context,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
}
