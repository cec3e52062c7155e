"""The tables of the directory: teams, persons, coordinators, agencies and their contacts."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Integer, Table, Text, UniqueConstraint

from bot.domain.directory.entities import AgencyKind, Ground, Hours, Reason
from bot.domain.language import Language
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    blind,
    filled,
    id_column,
    metadata,
    partial_unique,
    plain,
    reference,
    sealed,
)

teams = Table(
    "teams",
    metadata,
    id_column(),
    plain("key", Text),
    plain("name", Text),
    plain("mandate", Text),
    plain("language", EnumText(Language)),
    plain("zone", Text),
    plain("rules", Text),
    UniqueConstraint("key"),
)
persons = Table(
    "persons",
    metadata,
    id_column(),
    sealed("slack_id", nullable=True),
    sealed("work_mail", nullable=True),
    plain("language", EnumText(Language), nullable=True),
    # Who has been written to, and whose account is gone, would tell who is, or was, in a case.
    filled("dm_channel"),
    plain("home", Boolean),
    sealed("deactivated"),
    plain("language_on", Date, nullable=True),
    blind("slack_id", nullable=True),
    blind("work_mail", nullable=True),
    UniqueConstraint("slack_id_ix"),
    UniqueConstraint("work_mail_ix"),
)
coordinators = Table(
    "coordinators",
    metadata,
    id_column(),
    reference("team_id", "teams", index=True),
    reference("person_id", "persons", index=True),
    plain("since", UtcDateTime),
    plain("until", UtcDateTime, nullable=True),
    partial_unique("uq_coordinators_now", "team_id", "person_id", where="until IS NULL"),
)
agencies = Table(
    "agencies",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    plain("key", Text),
    plain("kind", EnumText(AgencyKind)),
    plain("name", Text),
    plain("core", Boolean),
    plain("cover_name", Text, nullable=True),
    plain("duty_line", Text, nullable=True),
    plain("can", Text),
    plain("usual_reason", EnumText(Reason)),
    plain("usual_ground", EnumText(Ground)),
    plain("retired", Boolean),
    plain("municipal", Boolean, nullable=True),
    plain("duty", Boolean, nullable=True),
    plain("line_confirmed", Date, nullable=True),
    UniqueConstraint("team_id", "key"),
)
contacts = Table(
    "contacts",
    metadata,
    id_column(),
    reference("agency_id", "agencies", index=True),
    reference("person_id", "persons", index=True),
    plain("position", Integer),
    plain("hours", EnumText(Hours)),
    plain("leader", Boolean),
    plain("title", Text),
    plain("retired", Boolean),
    plain("waits", Boolean),
    plain("away_from", Date, nullable=True),
    plain("away_until", Date, nullable=True),
    plain("last_reached", Date, nullable=True),
)
