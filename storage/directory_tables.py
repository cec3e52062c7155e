"""The tables of who there is: as in `storage.tables`, one per entity."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Integer, Table, Text, UniqueConstraint

from bot.domain.directory.entities import AgencyKind, Ground, Hours, Reason
from bot.domain.language import Language
from storage.columns import blind, fact, id_column, metadata, one, reference, sealed
from storage.types import Instant, Word

teams = Table(
    "teams",
    metadata,
    id_column(),
    fact("key", Text),
    fact("name", Text),
    fact("mandate", Text),
    fact("language", Word(Language)),
    fact("zone", Text),
    fact("rules", Text),
    UniqueConstraint("key"),
)
persons = Table(
    "persons",
    metadata,
    id_column(),
    sealed("slack_id", nullable=True),
    sealed("work_mail", nullable=True),
    fact("language", Word(Language), nullable=True),
    sealed("dm_channel", nullable=True),
    fact("home", Boolean),
    fact("deactivated", Boolean),
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
    fact("since", Instant),
    fact("until", Instant, nullable=True),
    one("uq_coordinators_now", "team_id", "person_id", where="until IS NULL"),
)
agencies = Table(
    "agencies",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    fact("key", Text),
    fact("kind", Word(AgencyKind)),
    fact("name", Text),
    fact("core", Boolean),
    fact("cover_name", Text, nullable=True),
    fact("duty_line", Text, nullable=True),
    fact("can", Text),
    fact("usual_reason", Word(Reason)),
    fact("usual_ground", Word(Ground)),
    fact("retired", Boolean),
    UniqueConstraint("team_id", "key"),
)
contacts = Table(
    "contacts",
    metadata,
    id_column(),
    reference("agency_id", "agencies", index=True),
    reference("person_id", "persons", index=True),
    fact("position", Integer),
    fact("hours", Word(Hours)),
    fact("leader", Boolean),
    fact("title", Text),
    fact("retired", Boolean),
    fact("waits", Boolean),
    fact("away_from", Date, nullable=True),
    fact("away_until", Date, nullable=True),
)
