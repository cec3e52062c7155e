"""Whether anything may have been changed since somebody looked, on SQLite: by this process or another one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

#: Where the writer's connection keeps what it was last told of other connections' commits.
_PLACE = "others"


class Changes:
    """Counts what this process's one writer does, and what it sees that others have done.

    Who reads the number, then the database, then has something written, and finds the number unchanged, has
    read what was still so when it was written. Both methods are for the writer's thread: what is committed
    before a transaction is counted before anybody hears that the transaction is over.
    """

    def __init__(self) -> None:
        self.number = 0

    def look_at_others(self, connection: Connection) -> bool:
        """To be called in every transaction that writes; whether another process has committed since."""
        driver: Any = connection.connection.driver_connection
        (others,) = driver.execute("PRAGMA data_version").fetchone()
        before = connection.info.get(_PLACE)
        if before == others:
            return False
        connection.info[_PLACE] = others
        self.number += 1
        return before is not None

    def committed(self) -> None:
        """To be called when a transaction that changed or asked for something has been committed."""
        self.number += 1
