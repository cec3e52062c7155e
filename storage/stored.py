"""Every kind of entity that is stored, in a document or in a table of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage.documents.aggregates import KINDS
from storage.kinds import Kind
from storage.mapper import MAPPERS

STORED: Mapping[type[Any], Kind[Any]] = {**MAPPERS, **KINDS}
