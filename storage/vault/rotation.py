"""Changing keys while the bot runs: the master key, and on demand those with which fields are sealed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, text, update

from storage.mapper import MAPPERS, Mapper
from storage.outbox import notification_of, sealed_part
from storage.scopes import scopes
from storage.tables import installation, outbox
from storage.vault.keys import INSTALLATION, Erased, Vault, unwrap, wrap
from storage.vault.keystore import SUCCESSION, Keystore
from storage.vault.ring import SEALING_LOCK, Ring
from storage.vault.secret import SETTING, SecretKey, WrongSecretKey
from storage.vault.unlocking import known


def change_master(keystore: Keystore, old: SecretKey, new: SecretKey) -> int:
    """Wrap every key anew, all or none; how many. A bot that runs with the old master key goes on.

    For such a bot the new master key is left in the key store, wrapped with the old one, until a bot has
    been started with the new one.

    Raises:
        WrongSecretKey: `old` is not the master key in use.
    """
    with keystore.changing() as connection:
        rows = [r for r in keystore.for_replacing(connection) if not r.scope.startswith(SUCCESSION)]
        kept = [r for r in rows if r.wrapped is not None]
        if any(r.master != old.fingerprint for r in kept):
            raise WrongSecretKey(f"{SETTING} is not the key with which this installation's keys are wrapped")
        keystore.replace(connection, (wrap(new, r.scope, r.generation, unwrap(old, r)) for r in kept))
        keystore.put(connection, wrap(old, f"{SUCCESSION}{old.fingerprint}", 0, new.raw))
    return len(kept)


def seal_anew(connection: Connection, vault: Vault) -> int:
    """Seal every field with fresh keys, in one write transaction; how many rows.

    The old keys stay, since backups need them. The log and the ids of calendar entries stay as they are.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SEALING_LOCK})
    old = Ring(vault, connection)
    generation = old.generation + 1
    vault.create([INSTALLATION, *scopes(connection, purged=False)], generation)
    connection.execute(update(installation).values(generation=generation, known=known(vault, generation)))
    new = Ring(vault, connection, generation)
    rows = sum(_reseal(connection, mapper, old, new) for mapper in MAPPERS.values())
    rows += _reseal_outbox(connection, old, new)
    return rows


def _reseal(connection: Connection, mapper: Mapper[Any], old: Ring, new: Ring) -> int:
    if not mapper.sealed:
        return 0
    changed = 0
    for row in connection.execute(mapper.select()).all():
        entity = mapper.entity(row, old)
        try:
            values = mapper.row(entity, new, mapper.sealed)
        except Erased:
            continue
        connection.execute(update(mapper.table).where(mapper.table.c.id == entity.id).values(values))
        changed += 1
    return changed


def _reseal_outbox(connection: Connection, old: Ring, new: Ring) -> int:
    changed = 0
    for row in connection.execute(select(outbox)).all():
        try:
            values = sealed_part(notification_of(row, old), row.op_id, new)
        except Erased:
            continue
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(values))
        changed += 1
    return changed
