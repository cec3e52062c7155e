"""Where the keys are: never with the database; how they are moved; who restores what."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from storage.crypto.keystore import Keystore, Wrapped
from storage.crypto.master_key import new_secret
from tests.bot.cli.conftest import PARTNERS, Env, Tot, beside
from tests.databases import PostgresServer, keystore_at
from tests.storage.test_crypto import erase_case, fill


@pytest.fixture(autouse=True)
def anchors(tmp_path_factory: pytest.TempPathFactory, env: Env) -> None:
    """Keep anchors out of the working folder, their default place on PostgreSQL."""
    env(TOT_AUDIT_ANCHOR=tmp_path_factory.mktemp("anchors") / "anchors.txt")


@pytest.fixture
def url(database_url: str, env: Env) -> str:
    """Return the URL of the commands' new database, on either backend."""
    env(DATABASE_URL=database_url)
    return database_url


def own_keys(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT to_regclass('tot_keys.keys')").fetchone() != (None,)


def in_store(url: str) -> list[Wrapped]:
    with closing(keystore_at(url)) as keystore:
        return keystore.all()


def lose_store(url: str) -> None:
    with closing(keystore_at(url)) as keystore:
        assert keystore.file is not None
        for end in ("", "-wal", "-shm"):
            Path(f"{keystore.file}{end}").unlink(missing_ok=True)


def test_on_postgresql_the_keys_are_never_beside_the_lock(
    tot: Tot, postgres_database_url: str, env: Env, postgres: PostgresServer, tmp_path: Path
) -> None:
    env(DATABASE_URL=postgres_database_url)
    host, _, name = postgres_database_url.partition("?host=")
    assert name, "the server is reached by its folder"
    exports = (("keys", "export", str(tmp_path / "export")), ("backup", str(tmp_path / "backup")))
    stores = {
        postgres_database_url: "TOT_KEYSTORE is the database itself",
        f"{host}?host={name}/.": "TOT_KEYSTORE is the database itself",
        str(tmp_path / "keys.db"): "TOT_KEYSTORE is a file without «shared:» before it",
        "": "TOT_KEYSTORE is missing: a dump of the database would contain its keys",
    }
    # Restored before the patch of the test's database.
    with pytest.MonkeyPatch.context() as patch:
        for store, why in stores.items():
            patch.setenv("TOT_KEYSTORE", store)
            if not store:
                patch.delenv("TOT_KEYSTORE")
            for command in (("partners", "import", PARTNERS), *exports):
                said = tot.cannot(*command)
                assert said.startswith(why), store
                assert said.count("\n") == 1
                assert "tot keys import" in said
        patch.setenv("TOT_KEYSTORE", f"{host.rpartition('/')[0]}/none?host={name}")
        assert tot.cannot("partners", "import", PARTNERS).startswith("the key store does not work: ")
    assert not own_keys(postgres_database_url)
    assert list(tmp_path.iterdir()) == []
    with postgres.clone("template0") as elsewhere, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOT_KEYSTORE", elsewhere)
        tot.does("partners", "import", PARTNERS)
        assert own_keys(elsewhere)
        assert not own_keys(postgres_database_url)


def test_on_a_server_of_their_own_keys_are_replaced_and_of_destroyed_ones_nothing_is_left(
    tot: Tot, postgres_database_url: str, env: Env, postgres: PostgresServer
) -> None:
    env(DATABASE_URL=postgres_database_url, TOT_SECRET_KEY_NEW=str(new_secret()))
    with postgres.clone("template0") as elsewhere, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOT_KEYSTORE", elsewhere)
        tot.does("partners", "import", PARTNERS)
        assert "on the database's server: pg_dumpall" in tot("doctor").out
        with closing(Keystore(elsewhere)) as store:
            before = {row.wrapped for row in store.all()}
            tot.does("keys", "rotate")
            after = [row for row in store.all() if row.wrapped]
            assert not before & {row.wrapped for row in after}
            store.destroy([row.scope for row in after])
            assert {row.wrapped for row in store.all()} == {None}
        with psycopg.connect(elsewhere, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            file = "SELECT pg_read_binary_file(pg_relation_filepath('tot_keys.keys'))"
            (held,) = connection.execute(file).fetchone() or (b"",)
        assert after[0].scope.encode() in held, "the search sees what is there"
        assert not [row for row in after if row.wrapped and row.wrapped in held]


def test_what_was_lost_comes_back_and_what_was_erased_does_not(tot: Tot, url: str, tmp_path: Path) -> None:
    beside(url, fill)
    export, backup = tmp_path / "keys.export", tmp_path / "night.backup"
    tot.does("backup", str(backup))
    assert "Destroy older exports" in tot.does("keys", "export", str(export))
    assert export.stat().st_mode & 0o077 == 0
    assert tot("keys", "export", str(export)).code == 1, "once to a place"
    beside(url, erase_case)
    brought = tot.does("keys", "import", str(export))
    assert brought == "0 keys imported into the key store, 1 stay destroyed.\n"
    assert {row.wrapped for row in in_store(url) if row.scope == "case/case"} == {None}

    then = export.read_bytes()
    lose_store(url)
    assert tot("partners", "export", "-").code == 1
    restore = ("restore", str(backup), "--replace", "--yes")
    tot(*restore).is_refused("import its export (`tot keys import`)")
    tot.does("keys", "import", str(export))
    tot.does("partners", "export", "-")
    assert {row.wrapped for row in in_store(url) if row.scope == "case/case"} == {None}, "the database knows"
    assert "installation" in {row.scope for row in in_store(url) if row.wrapped}
    assert export.read_bytes() == then
    tot.does("audit", "verify")
    tot.does(*restore)


def test_what_is_not_ours_is_refused(
    tot: Tot, with_partners: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others, own, nothing = tmp_path / "others.export", tmp_path / "own.export", tmp_path / "nothing"
    tot.does("keys", "export", str(own))
    nothing.write_bytes(b"no keys")
    with monkeypatch.context() as other:
        other.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
        assert tot("migrate").code == tot("partners", "import", PARTNERS).code == 0
        tot.does("keys", "export", str(others))
    before = in_store(with_partners)

    def refused(file: Path, why: str) -> None:
        tot("keys", "import", str(file)).is_refused(why)

    refused(others, "the keys belong to another installation: nothing has been changed")
    refused(nothing, f"{nothing} is not a key store")
    assert in_store(with_partners) == before
    lose_store(with_partners)
    refused(others, "the keys belong to another installation")
    with monkeypatch.context() as other:
        other.setenv("TOT_SECRET_KEY", str(new_secret()))
        refused(own, "the keys are wrapped with another master key")
    with closing(sqlite3.connect(own)) as connection:
        connection.execute("UPDATE keys SET wrapped = zeroblob(60) WHERE scope LIKE 'installation'")
        connection.commit()
    refused(own, "has been changed")
    assert in_store(with_partners) == []


def test_an_export_is_not_beside_the_backups(tot: Tot, tmp_path: Path, env: Env) -> None:
    env(DATABASE_URL=f"sqlite:///{tmp_path}/tot.db")
    env(TOT_KEYS_EXPORT_DIR=tmp_path / "exports", TOT_BACKUP_DIR=tmp_path / "exports" / ".." / "exports")
    opened = "TOT_KEYS_EXPORT_DIR is the backup folder: an export of the keys opens the backups"
    assert tot("partners", "import", PARTNERS).err.startswith(opened)
