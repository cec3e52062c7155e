"""The buttons that open a case: in Home, and on what may prompt one."""

from __future__ import annotations

from handlers.blocks.elements import ActionId

OPEN_CASE = ActionId("open_case", "team")
OPEN_CASE_FROM = ActionId("open_case_from", "`guidance/` or `convening/` and its id")
