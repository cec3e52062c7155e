"""Every kind of entity that is stored: in a document, in a ledger, or in a table of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.usecases.ports import Posted
from storage.documents.aggregates import KINDS
from storage.kinds import Kind
from storage.mapper import MAPPERS

STORED: Mapping[type[Any], Kind[Any]] = {**MAPPERS, **KINDS, Posted: Kind(Posted, "posted_at")}
