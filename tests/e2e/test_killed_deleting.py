"""The bot is killed while it deletes a case, and the command line while it writes a backup."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial
from pathlib import Path

from bot.domain.case.entities import Case
from storage.backup import restore
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import Keystore, keystore_url
from storage.crypto.master_key import read_secret
from tests.databases import SECRET_KEY, keystore_of, sqlite_first
from tests.e2e import kit
from tests.e2e.killable_bot import killable_stage
from tests.e2e.test_killed import StepKiller
from tests.forks import Tot

#: Seconds between the backup's first file and its kill.
MOMENTS = (0.0, 0.002, 0.01)


@sqlite_first
async def test_a_deletion_is_finished_wherever_the_bot_was_killed(database_url: str, tmp_path: Path) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        hangman = StepKiller(runner, mortal)
        await runner.until_idle()
        room = await kit.open_case(runner, "Politiet")
        await kit.confirm(runner, "politi-exit")
        await kit.submit_form(runner, "koordinator", "/tot lukk", room)
        before = hangman.at("hang_before", "chat.delete")
        runner.sandbox.clock.move_to(runner.day(46))
        await mortal.clock_moved()
        await hangman.kill(before)
        await hangman.kill_again(("hang_after", "chat.delete", None))
        await hangman.kill_again(("hang_before", "conversations.archive", None))
        await hangman.kill_again(("hang_after", "conversations.archive", None))
        await hangman.recover()
        (case,) = await mortal.database.read(lambda uow: uow.find(Case))
        assert case.purged_at is not None
        # Another process destroys the key as soon as that is committed.
        keys = mortal.database.keyring.keystore
        await kit.until(lambda: all(row.wrapped is None for row in keys.all(f"case/{case.id}")))
        channel = runner.sandbox.workspace.channel_named(room)
        assert channel is not None
        assert channel.archived
        bot = runner.sandbox.workspace.bot.id
        assert [m for m in channel.messages.values() if m.user == bot and not m.subtype] == []
        assert (await mortal.database.log.verify())[1] is None


@sqlite_first
async def test_a_backup_is_whole_or_is_not(database_url: str, tmp_path: Path) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await kit.open_case(runner, "Politiet", "Barneverntjenesten")
        whole = []
        for number, moment in enumerate((*MOMENTS, None)):
            path = tmp_path / f"{number}.backup"
            process = Tot(
                *("backup", str(path)),
                environment={
                    **os.environ,
                    "DATABASE_URL": database_url,
                    "TOT_SECRET_KEY": SECRET_KEY,
                    "TOT_AUDIT_ANCHOR": os.devnull,
                },
            )
            if moment is not None:
                async with asyncio.timeout(kit.IN_TIME):
                    while not [*tmp_path.glob(".*")] and process.returncode is None:  # noqa: ASYNC110, ASYNC240
                        await asyncio.sleep(0.001)
                await asyncio.sleep(moment)
                if process.returncode is None:
                    process.send_signal(signal.SIGKILL)
            await process.wait()
            if path.exists():
                whole.append(path)
        assert whole[-1].name == "3.backup"
        await mortal.kill()
        assert (await mortal.database.log.verify())[1] is None
        await mortal.database.close()
        for path in whole:
            keyring = Keyring(
                Keystore(keystore_url(database_url, keystore_of(database_url))), read_secret(SECRET_KEY)
            )
            await asyncio.to_thread(partial(restore, database_url, keyring, path, replace=True))
            keyring.close()
