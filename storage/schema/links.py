"""The tables of links between cases, and of liaisons."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Index, Integer, Table, UniqueConstraint

from bot.domain.case.entities import Via
from bot.domain.case.links import LinkKind
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    blind,
    id_column,
    metadata,
    person,
    plain,
    reference,
    sealed,
)

# One half of a link. When it was made is not kept: the same time in two cases would tell what they are.
links = Table(
    "links",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    plain("kind", EnumText(LinkKind)),
    sealed("token"),
    blind("token"),
    Index(None, "token_ix"),
)
liaisons = Table(
    "liaisons",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    plain("until", Date),
    plain("since", UtcDateTime),
    person("named_by"),
    sealed("title"),
    reference("seat_id", "seats", nullable=True, index=True),
    plain("acknowledged_via", EnumText(Via), nullable=True),
    plain("ended_at", UtcDateTime, nullable=True),
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
    sealed("uid"),
    plain("invited_at", UtcDateTime),
    plain("sequence", Integer),
    plain("moved", Boolean),
    UniqueConstraint("liaison_id", "meeting_id"),
)
