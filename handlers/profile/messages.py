"""The select in Home by which a person chooses their language."""

from __future__ import annotations

from handlers.blocks.elements import ActionId

LANGUAGE = ActionId("language", "`nb`, `nn`, `en`")
