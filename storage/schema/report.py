"""The tables of the counts that are kept when cases are gone."""

from __future__ import annotations

from sqlalchemy import Date, Integer, Table, UniqueConstraint

from bot.domain.case.duty import Measure
from bot.domain.report.yearly import YearMeasure
from storage.schema.columns import EnumText, id_column, metadata, plain, reference

# Of no case: what is left when cases are gone.
counts = Table(
    "counts",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    reference("agency_id", "agencies", index=True),
    plain("month", Date),
    plain("measure", EnumText(Measure)),
    plain("number", Integer),
    UniqueConstraint("team_id", "agency_id", "month", "measure"),
)
yearly_counts = Table(
    "yearly_counts",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    plain("year", Integer),
    plain("measure", EnumText(YearMeasure)),
    plain("number", Integer),
    UniqueConstraint("team_id", "year", "measure"),
)
