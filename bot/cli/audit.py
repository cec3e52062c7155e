"""`tot audit verify` and `tot audit export`."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime

from bot.cli.console import fail, say
from bot.cli.opening import with_database
from bot.domain.audit import OPERATOR, AuditEntry, Event, Logged
from bot.report.sheet import safe_cells
from bot.settings import load_store_settings
from storage.database import SqlDatabase


def verify_log() -> None:
    """Say how many rows stand; leave with 1 and the first broken one if not all do."""
    settings = load_store_settings()
    anchors = settings.anchor_file

    async def verify(database: SqlDatabase) -> tuple[int, str | None]:
        return await database.log.verify(anchors)

    rows, wrong = with_database(settings, verify)
    if wrong is not None:
        raise fail(f"the log is broken: {wrong}", f"{rows} row{'s' * (rows != 1)} before it stand")
    say(f"{rows} row{'s' * (rows != 1)}, all of them as they were written.")
    if not anchors.exists():
        say(f"There are no anchors yet in {anchors}: that nothing was cut off the end cannot be told.")


def export_log(code: str, *, as_json: bool) -> None:
    """Write one case's log; the export is logged too."""
    found = with_database(load_store_settings(), lambda database: _of_case(database, code))
    if as_json:
        json.dump([_row(entry) for entry in found], sys.stdout, ensure_ascii=True, indent=1)
        sys.stdout.write("\n")
        return
    writer = csv.writer(sys.stdout)
    names = [f.name for f in fields(Logged)]
    writer.writerow(names)
    writer.writerows(safe_cells([_row(entry)[name] for name in names]) for entry in found)


async def _of_case(database: SqlDatabase, code: str) -> Sequence[Logged]:
    return await database.log.of_case(code, datetime.now(UTC), AuditEntry(Event.EXPORTED, OPERATOR))


def _row(entry: Logged) -> dict[str, object]:
    return {**asdict(entry), "at": entry.at.isoformat(timespec="seconds")}
