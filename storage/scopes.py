"""What has a key of its own: each case, and each thing that people ask or are called to outside them.

Its scope is a word and its id («case/<id>», «guidance/<id>»); a row that belongs to one names it as
`<word>_id`, or, where it may belong to any of those outside cases, as `item`. A purged one keeps its bare
row, so that a key that outlived it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Table, literal_column, select, union_all

from storage.outside_tables import convenings, guidances, joint_meetings
from storage.tables import cases

CASE = "case"
OWNERS: Mapping[str, Table] = {
    CASE: cases,
    "guidance": guidances,
    "convening": convenings,
    "joint": joint_meetings,
}


def scopes(connection: Connection, *, purged: bool) -> list[str]:
    """The scopes of all that has been purged, or has not."""
    rows = connection.execute(_statement(purged=purged))
    return [f"{word}/{id}" for word, id in rows.all()]


@cache
def _statement(*, purged: bool) -> CompoundSelect[Any]:
    return union_all(
        *(
            select(literal_column(f"'{word}'"), table.c.id).where(
                table.c.purged_at.is_not(None) if purged else table.c.purged_at.is_(None)
            )
            for word, table in OWNERS.items()
        )
    )


def owner(scope: str) -> tuple[Table, str] | None:
    """The table and the id of what has this scope; None for the installation's and the log's."""
    word, _, id = scope.partition("/")
    table = OWNERS.get(word)
    return None if table is None else (table, id)
