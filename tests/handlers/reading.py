"""Reading built blocks as a reader does."""

from __future__ import annotations

from typing import Any

from handlers.blocks.context import Block, File, Message


def shown(made: Message | File | list[Block] | None) -> str:
    """Return all that a reader can see, including the file's content."""
    if made is None:
        return ""
    if isinstance(made, File):
        return "\n".join((made.name, made.content.decode()))
    blocks = made.blocks if isinstance(made, Message) else made
    return "\n".join(texts_of(blocks))


def texts_of(node: Any) -> list[str]:
    """Return every text in blocks, in order."""
    if isinstance(node, list):
        return [text for each in node for text in texts_of(each)]
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            return [node["text"]]
        return [text for each in node.values() for text in texts_of(each)]
    return []
