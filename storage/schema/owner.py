"""The table of what the owner of the workspace has answered about Slack's settings."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Table

from storage.schema.columns import id_column, metadata, plain, sealed

owner_answers = Table(
    "owner_answers",
    metadata,
    id_column(),
    plain("met", Boolean),
    plain("answered_on", Date),
    sealed("answered_by"),
)
