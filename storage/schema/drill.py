"""The tables of drills, each with a key of its own."""

from __future__ import annotations

from sqlalchemy import Date, Table, UniqueConstraint

from storage.schema.columns import (
    UtcDateTime,
    blind,
    id_column,
    metadata,
    partial_unique,
    person,
    plain,
    reference,
    sealed,
)

drills = Table(
    "drills",
    metadata,
    id_column(),
    reference("team_id", "teams", index=True),
    plain("begun_at", UtcDateTime),
    plain("delete_on", Date, nullable=True),
    # Empty, and sealed all the same, where nobody began it: the row makes the key of all that is of it.
    person("begun_by"),
    plain("purged_at", UtcDateTime, nullable=True),
    plain("erasing_since", UtcDateTime, nullable=True),
    partial_unique("uq_drills_standing", "team_id", where="purged_at IS NULL"),
)
drill_asks = Table(
    "drill_asks",
    metadata,
    id_column(),
    reference("drill_id", "drills", index=True),
    person("person_id"),
    plain("reached_on", Date, nullable=True),
    sealed("token", nullable=True),
    plain("mailed_on", Date, nullable=True),
    blind("token", nullable=True),
    UniqueConstraint("token_ix"),
)
