"""Whether anything may have been changed since somebody looked, on SQLite: by this process or another one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

#: Where the writer's connection remembers what it was last told of other connections' commits.
_PLACE = "others"


class Changes:
    """Counts what this process's one writer does, and what it sees that others have done.

    Who reads the number, then the database, then has something written, and finds the number unchanged, has
    read what is still so. The number rises twice: before the commit, for whoever has looked before it, and
    after it, for whoever looked in between and read what stood until then.
    """

    def __init__(self) -> None:
        self.number = 0

    def written(self, connection: Connection, changed: bool) -> None:
        """To be called in the writer's thread at the end of every transaction, before it is committed."""
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            (others,) = driver.execute("PRAGMA data_version").fetchone()
            if connection.info.get(_PLACE) != others:
                connection.info[_PLACE] = others
                changed = True
        if changed:
            self.number += 1

    def committed(self) -> None:
        """To be called in the writer's thread when a transaction that changed something is committed."""
        self.number += 1
