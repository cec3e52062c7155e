"""What one engine has compiled, every other has."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.engine.interfaces import CacheStats

from storage.tables import metadata
from storage.transactions import open_transactions

CASES = metadata.tables["cases"]


async def test_a_statement_is_compiled_once_for_all_engines(database_url: str) -> None:
    def found(connection: Connection) -> CacheStats:
        context = connection.execute(select(CASES.c.id).where(CASES.c.id == "a").distinct()).context
        return CacheStats(context.cache_hit)

    opened = [open_transactions(database_url) for _ in range(2)]
    try:
        await opened[0].write(found)
        for transactions in opened:
            assert await transactions.read(found) is CacheStats.CACHE_HIT
            assert await transactions.write(found) is CacheStats.CACHE_HIT
    finally:
        for transactions in opened:
            await transactions.close()
