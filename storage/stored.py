"""Every kind of entity that is stored: in a document or in a ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.usecases.ports import Posted
from storage.documents.aggregates import KINDS
from storage.kinds import Kind
from storage.ledgers.ledger import POSTED

STORED: Mapping[type[Any], Kind[Any]] = {**KINDS, Posted: POSTED}
