"""The tables of persons, links and liaisons: as in `storage.tables`, one per entity."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Index, Integer, Table, Text, UniqueConstraint

from bot.domain.case.entities import Via
from bot.domain.case.links import LinkKind
from bot.domain.case.pause import PauseReason
from storage.columns import blind, fact, id_column, metadata, one, person, reference, sealed
from storage.types import Instant, Word

closed_persons = Table(
    "closed_persons",
    metadata,
    id_column(),
    reference("case_id", "cases"),
    fact("letter", Text),
    fact("closed_at", Instant),
    person("closed_by"),
    UniqueConstraint("case_id", "letter"),
)
# One half of a link. When it was made is not kept: the same time in two cases would tell what they are.
links = Table(
    "links",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    fact("kind", Word(LinkKind)),
    sealed("token"),
    blind("token"),
    Index(None, "token_ix"),
)
liaisons = Table(
    "liaisons",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    fact("until", Date),
    fact("since", Instant),
    person("named_by"),
    sealed("title"),
    reference("seat_id", "seats", nullable=True, index=True),
    fact("acknowledged_via", Word(Via), nullable=True),
    fact("ended_at", Instant, nullable=True),
)
# The entry in a liaison's calendar, with a duty to nobody.
liaison_invitations = Table(
    "liaison_invitations",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("liaison_id", "liaisons"),
    reference("meeting_id", "meetings", index=True),
    person("person_id"),
    fact("uid", Text),
    fact("invited_at", Instant),
    fact("sequence", Integer),
    fact("moved", Boolean),
    UniqueConstraint("liaison_id", "meeting_id"),
    UniqueConstraint("uid"),
)
pauses = Table(
    "standstills",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    fact("reason", Word(PauseReason)),
    fact("contact_on", Date),
    reference("involvement_id", "involvements", index=True),
    fact("since", Instant),
    person("set_by"),
    fact("ended_at", Instant, nullable=True),
    one("uq_standstills_standing", "case_id", where="ended_at IS NULL"),
)
