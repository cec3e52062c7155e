"""The table of what Slack has not let the bot delete, of nothing that has a key of its own any more."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Table

from storage.schema.columns import id_column, metadata, plain, reference, sealed

leftovers = Table(
    "leftovers",
    metadata,
    id_column(),
    reference("team_id", "teams", index=True),
    plain("noted_on", Date),
    sealed("links"),
    plain("cleared", Boolean),
)
