"""The table of the entries that people were sent for their calendars."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Integer, Table, UniqueConstraint

from bot.domain.case.calendar import Post, Trouble
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    blind,
    id_column,
    metadata,
    partial_unique,
    plain,
    reference,
    sealed,
)


def entry_columns() -> list[Column[Any]]:
    """Return what is kept of an entry in somebody's calendar: new columns for each table."""
    return [
        id_column(),
        sealed("address"),
        sealed("uid"),
        sealed("token"),
        plain("made_at", UtcDateTime),
        plain("starts_at", UtcDateTime),
        plain("ends_at", UtcDateTime),
        plain("stamped_at", UtcDateTime),
        plain("ask_sequence", Integer),
        plain("sequence", Integer),
        plain("cancelled", Boolean),
        plain("post", EnumText(Post)),
        plain("trouble", EnumText(Trouble), nullable=True),
        plain("reply_sequence", Integer, nullable=True),
        plain("reply_stamp", UtcDateTime, nullable=True),
        plain("replied_at", UtcDateTime, nullable=True),
        plain("tentative", Boolean),
        sealed("held", nullable=True),
    ]


calendar_entries = Table(
    "calendar_entries",
    metadata,
    *entry_columns(),
    reference("case_id", "cases", index=True),
    reference("ask_id", "asks", nullable=True, index=True),
    reference("invitation_id", "liaison_invitations", nullable=True, index=True),
    # Looked for by what a mail says, in every case.
    blind("uid", nullable=True),
    blind("token", nullable=True),
    UniqueConstraint("uid_ix"),
    UniqueConstraint("token_ix"),
    partial_unique("uq_calendar_entries_standing", "ask_id", where="NOT cancelled"),
    partial_unique("uq_calendar_entries_invited", "invitation_id", where="NOT cancelled"),
)
