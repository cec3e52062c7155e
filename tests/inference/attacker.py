"""A thief who has only the database, and knows this program and its people: which person is in which case?

The input is raw rows, with what the files reveal about them (SQLite's rowid; PostgreSQL's xmin: which rows
were written together), and no key. All rows are treated alike, so that a new table or column is covered too:
a row is *of a person* if a value in it is a person's id, or a pseudonym (any bytes in two rows) that occurs
with only one person; *of a case* likewise, or if it refers to such a row. Rows written together (an instant,
a transaction, a place in an insertion) belong together; a seal's length may reveal its content's.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]
Rows = dict[str, list[Row]]
#: A person and a case.
Pair = tuple[str, str]
#: A row, by table and number; what is known of the rows; values in several of them.
Place = tuple[str, int]
Known = dict[Place, set[str]]
#: Header sizes of SQLite's log, and of each page in it.
_WAL_HEAD, _WAL_FRAME = 32, 24
#: A score above this counts as evidence.
_SOMETHING = 0.2
#: Times this close count as simultaneous.
SOON = timedelta(seconds=2)
#: Tables that say nothing of anybody.
_PUBLIC = frozenset(("installation", "alembic_version"))


def take(url: str) -> None:
    """Copy the files of SQLite's database at `url` while a bot has them open: closing it tidies up."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        for end in ("", "-wal"):
            if (part := path.with_name(path.name + end)).exists():
                shutil.copy(part, _copy_of(path).with_name(f"{_copy_of(path).name}{end}"))


def _copy_of(path: Path) -> Path:
    return path.with_name(f"taken-{path.name}")


def stolen(url: str) -> Rows:
    """Return all raw rows of the database at `url`, and what the files say of each."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        copy = _copy_of(path)
        return _of_sqlite(copy if copy.exists() else path)
    told = 'SELECT xmin::text::bigint AS "@xmin", ctid::text AS "@ctid", * FROM'
    with psycopg.connect(url.replace("+psycopg", ""), row_factory=dict_row) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = sorted(row["tablename"] for row in tables)
        return {name: connection.execute(f'{told} "{name}"').fetchall() for name in names}


def _of_sqlite(path: Path) -> Rows:
    written = written_together(path)
    with closing(sqlite3.connect(path)) as connection:
        rows = _rows_of(connection)
    for name, those in rows.items():
        for row in those:
            if (commit := written.get((name, _place(row)))) is not None:
                row["@commit"] = commit
    return rows


def _rows_of(connection: sqlite3.Connection) -> Rows:
    connection.row_factory = sqlite3.Row
    tables = connection.execute(
        "SELECT name, CASE wr WHEN 1 THEN '*' ELSE 'rowid AS \"@rowid\", *' END FROM pragma_table_list"
        " WHERE type = 'table' AND schema = 'main' AND name != 'sqlite_schema' ORDER BY name"
    )
    return {
        name: [dict(row) for row in connection.execute(f'SELECT {columns} FROM "{name}"')]  # noqa: S608
        for name, columns in tables.fetchall()
    }


def written_together(path: Path) -> dict[tuple[str, object], int]:
    """Return the commit that wrote each row's present state, by table and place, from SQLite's log (-wal).

    It holds whole pages, one commit after the other (https://sqlite.org/fileformat2.html#walformat).
    """
    log = path.with_name(f"{path.name}-wal")
    pages = log.read_bytes() if log.exists() else b""
    if len(pages) < _WAL_HEAD:
        return {}
    size, salt = int.from_bytes(pages[8:12]), pages[16:24]
    state = bytearray(path.read_bytes())
    written: dict[tuple[str, object], int] = {}
    before: dict[tuple[str, object], tuple[Any, ...]] | None = None
    for commit, at in enumerate(range(_WAL_HEAD, len(pages) - size, size + _WAL_FRAME)):
        head = pages[at : at + _WAL_FRAME]
        if head[8:16] != salt:
            break  # left from before the log was restarted
        place = (int.from_bytes(head[:4]) - 1) * size
        state.extend(bytes(max(0, place + size - len(state))))
        state[place : place + size] = pages[at + _WAL_FRAME : at + _WAL_FRAME + size]
        if not int.from_bytes(head[4:8]):
            continue  # the transaction continues
        now = _state_of(bytes(state))
        written.update({key: commit for key, row in now.items() if before and before.get(key) != row})
        before = now
    return written


def _state_of(state: bytes) -> dict[tuple[str, object], tuple[Any, ...]]:
    """Return every row of a database file, by table and place."""
    with closing(sqlite3.connect(":memory:")) as connection:
        # The 1 means that there is no log.
        connection.deserialize(state[:18] + b"\x01\x01" + state[20:])
        rows = _rows_of(connection)
    return {(name, _place(row)): tuple(row.values()) for name, those in rows.items() for row in those}


def _place(row: Row) -> object:
    """Return a row's identity: its rowid, or, without one, its key."""
    return row.get("@rowid") or row.get("scope") or (row["kind"], row["id"])


@dataclass
class Attack:
    """The findings on a stolen database. `people` are the ids of all contacts, which no row reveals."""

    rows: Rows
    people: list[str]
    #: Person, case → the evidence for the pair.
    score: defaultdict[Pair, float] = field(default_factory=lambda: defaultdict(float))
    #: Each kind of evidence for a pair, and its count: for the report.
    why: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.persons = set(self.people)
        self.cases = {row["id"] for row in self.rows["documents"] if row["kind"] == "case"}
        self._placed: dict[Place, Row] = {
            (table, number): row
            for table, rows in self.rows.items()
            if table not in _PUBLIC
            for number, row in enumerate(rows)
        }
        self._case_of_id = self._owners()
        self._join()

    def named(self, truth: set[Pair]) -> set[Pair]:
        """Return the true pairs for which there is more than a guess."""
        return {pair for pair in truth if self.score[pair] > _SOMETHING}

    def _owners(self) -> dict[str, str]:
        """Return the case of every row that has one, by the row's id."""
        owners = {case_id: case_id for case_id in self.cases}
        for _ in range(3):
            for row in self._placed.values():
                if not isinstance(row.get("id"), str):
                    continue
                found = {owners[v] for v in _texts(row) if v in owners}
                if len(found) == 1:
                    owners[row["id"]] = found.pop()
        return owners

    def _join(self) -> None:
        of_person: Known = {}
        of_case: Known = {}
        for place, row in self._placed.items():
            texts = set(_texts(row))
            of_person[place] = texts & self.persons
            of_case[place] = {self._case_of_id[v] for v in texts if v in self._case_of_id}
        pseudonyms = _pseudonyms(self._placed)
        for _, places, known in product(range(2), pseudonyms, (of_person, of_case)):
            tied = set().union(*(known[p] for p in places))
            if len(tied) == 1:
                for place in places:
                    known[place] |= tied
        self._together(of_person, of_case)

    def _together(self, of_person: Known, of_case: Known) -> None:
        people: dict[object, set[tuple[str, str]]] = defaultdict(set)
        cases: dict[object, set[str]] = defaultdict(set)
        for (table, number), row in self._placed.items():
            persons, its_cases = of_person[table, number], of_case[table, number]
            for mark in [*_marks(row), *_neighbours(table, row)]:
                people[mark].update((person, table) for person in persons)
                cases[mark] |= its_cases
            for person, case_id in product(persons, its_cases):
                self._say(person, case_id, 3.0, f"{table}: beside the case")
        for mark, named in people.items():
            there = cases.get(mark, set())
            kind = "instant" if isinstance(mark, datetime) else mark[0]  # type: ignore[index]
            for (person, table), case_id in product(named, there):
                self._say(person, case_id, 1 / len(there), f"{table}: the same {kind}")
        # Instants close to each other also count as together.
        instants = [mark for mark in cases if isinstance(mark, datetime) and cases[mark]]
        for mark, at in product((mark for mark in people if isinstance(mark, datetime)), instants):
            if mark != at and abs(mark - at) <= SOON:
                for (person, table), case_id in product(people[mark], cases[at]):
                    self._say(person, case_id, 1 / len(cases[at]), f"{table}: soon before or after")

    def _say(self, person: str, case_id: str, share: float, why: str) -> None:
        self.score[person, case_id] += share
        self.why[why] += 1


def _texts(row: Row) -> Iterator[str]:
    return (v for v in row.values() if isinstance(v, str))


def _pseudonyms(placed: Mapping[Place, Row]) -> list[list[Place]]:
    """Return the places where several rows have the same bytes: something has the same name in them."""
    found: defaultdict[bytes, list[Place]] = defaultdict(list)
    for place, row in placed.items():
        for value in row.values():
            if isinstance(value, bytes | memoryview) and len(value) >= 8:
                found[bytes(value)].append(place)
    return [places for places in found.values() if len(places) >= 2]


def _marks(row: Row) -> Iterator[object]:
    """Yield when a row was written or changed, by its own values, and in which transaction."""
    for name, value in row.items():
        if (at := _instant(value)) is not None:
            yield at
        elif name in ("@xmin", "@commit"):
            yield (name, value)


def _neighbours(table: str, row: Row) -> Iterator[object]:
    """Yield neighbours of a log row: rows are numbered as written, so neighbours belong together."""
    number = row.get("number") if table == "audit" else None
    if isinstance(number, int):
        yield from (("place", table, number + step) for step in (-1, 0, 1))


def _instant(value: object) -> datetime | None:
    """Return an exact moment: no date or round time (a meeting's start), which many things share."""
    if isinstance(value, str) and len(value) >= 19 and value[4] == "-" and value[10] in " T":
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or type(value) is date or not value.microsecond:
        return None
    return value.replace(tzinfo=None)
